//! Dates and lengths of time as text, as NumPy shows them.
use numbra_abi::{DType, unit::{NAT, Unit, days_of, month_of}};

/// What a number of units is called, by unit.
const NAMES: [&str; 14] = [
    "years", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds", "nanoseconds", "picoseconds", "femtoseconds", "attoseconds",
    "generic time units",
];

/// What `str` shows.
pub fn text(d: DType, value: i64) -> String {
    match d {
        _ if value == NAT => "NaT".into(),
        DType::DateTime(unit) => date(unit, value),
        _ => format!("{value} {}", d.unit().map_or("", |unit| NAMES[unit as usize])),
    }
}

/// What `repr` shows: a call that makes the value. The unit is there where the text of a date does not tell it.
pub fn repr(d: DType, unit: Unit, value: i64) -> String {
    let is_date = matches!(d, DType::DateTime(_));
    let shown = if is_date || value == NAT { format!("'{}'", text(d, value)) } else { value.to_string() };
    let told = if is_date { value != NAT && unit != Unit::Hour } else { unit == Unit::Generic };
    let class = if is_date { "datetime64" } else { "timedelta64" };
    if told { format!("np.{class}({shown})") } else { format!("np.{class}({shown},'{}')", unit.name()) }
}

// Year, month, day, and what the unit counts below them.
fn date(unit: Unit, value: i64) -> String {
    if unit == Unit::Year {
        return format!("{:04}", value.wrapping_add(1970));
    }
    if unit == Unit::Month {
        return format!("{:04}-{:02}", value.div_euclid(12) + 1970, value.rem_euclid(12) + 1);
    }
    let a_day = units_of_a_day(unit);
    let (days, rest) = match unit {
        Unit::Week => (value.wrapping_mul(7), 0),
        _ => (i128::from(value).div_euclid(a_day) as i64, i128::from(value).rem_euclid(a_day)),
    };
    let (year, month) = month_of(days);
    let day = i128::from(days) - days_of(year, month, 1) + 1;
    let mut out = format!("{year:04}-{month:02}-{day:02}");
    // The fraction of the day in each of these units, most significant first.
    for (finer, mark, parts) in [(Unit::Hour, 'T', 24), (Unit::Minute, ':', 60), (Unit::Second, ':', 60)] {
        if unit >= finer {
            out.push_str(&format!("{mark}{:02}", rest * units_of_a_day(finer) / a_day % parts));
        }
    }
    if unit > Unit::Second {
        let a_second = a_day / 86_400;
        out.push_str(&format!(".{:0digits$}", rest % a_second, digits = a_second.ilog10() as usize));
    }
    out
}

// How many of a unit make up a day; one of what is no shorter.
fn units_of_a_day(unit: Unit) -> i128 {
    match unit {
        Unit::Hour => 24,
        Unit::Minute => 1440,
        _ if unit >= Unit::Second => 86_400 * 1000i128.pow(unit as u32 - Unit::Second as u32),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_numpys() {
        let cases = [
            (Unit::Year, -800_000, "-798030"), (Unit::Month, -5, "1969-08"), (Unit::Week, 5, "1970-02-05"), (Unit::Day, -800_000, "-221-09-04"), (Unit::Hour, -5, "1969-12-31T19"),
            (Unit::Minute, -800_000, "1968-06-24T10:40"), (Unit::Second, 12_345_678_901, "2361-03-21T19:15:01"), (Unit::Milli, -5, "1969-12-31T23:59:59.995"),
            (Unit::Nano, i64::MAX, "2262-04-11T23:47:16.854775807"), (Unit::Atto, -i64::MAX, "1969-12-31T23:59:50.776627963145224193"), (Unit::Day, NAT, "NaT"),
        ];
        for (unit, value, wanted) in cases {
            assert_eq!(text(DType::DateTime(unit), value), wanted);
        }
    }

    #[test]
    fn units_are_told_where_the_text_does_not() {
        let date = |unit, value| repr(DType::DateTime(unit), unit, value);
        let length = |unit, value| repr(DType::TimeDelta(unit), unit, value);
        assert_eq!(date(Unit::Day, 5), "np.datetime64('1970-01-06')");
        assert_eq!(date(Unit::Hour, 5), "np.datetime64('1970-01-01T05','h')");
        assert_eq!(date(Unit::Year, NAT), "np.datetime64('NaT','Y')");
        assert_eq!(length(Unit::Second, 3), "np.timedelta64(3,'s')");
        assert_eq!(length(Unit::Generic, 3), "np.timedelta64(3)");
        assert_eq!(length(Unit::Milli, NAT), "np.timedelta64('NaT','ms')");
        assert_eq!(text(DType::TimeDelta(Unit::Milli), 1), "1 milliseconds");
    }
}
