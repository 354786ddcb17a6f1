//! Dates as text, as NumPy reads them: ISO 8601 from a year alone to fractions of a second. The unit is the finest that the text names, unless one is given.
use numbra_abi::unit::{NAT, Unit, convert_date, days_of};

// Units of a fraction of a second, by how many groups of three digits it has.
const FRACTIONS: [Unit; 7] = [Unit::Second, Unit::Milli, Unit::Micro, Unit::Nano, Unit::Pico, Unit::Femto, Unit::Atto];

/// A date taken apart; what the text leaves out has its first value.
struct Fields {
    year: i64,
    month: i64,
    day: i64,
    hour: i128,
    minute: i128,
    second: i128,
    /// Attoseconds
    fraction: i128,
    unit: Unit,
}

/// The value and unit of a date, or why the text is none.
pub fn parse(text: &str, unit: Option<Unit>) -> Result<(i64, Unit), String> {
    let text = text.trim();
    if text.is_empty() || text.eq_ignore_ascii_case("nat") {
        return Ok((NAT, unit.unwrap_or(Unit::Generic)));
    }
    if matches!(text, "now" | "today") {
        return Err(format!("`{text}` is not a constant"));
    }
    let fields = read(text).ok_or_else(|| format!("{text:?} is not a date"))?;
    let unit = unit.filter(|u| *u != Unit::Generic).unwrap_or(fields.unit);
    let value = count(&fields, unit).ok_or_else(|| format!("{text:?} does not fit 64 bits in the unit `{}`", unit.name()))?;
    Ok((value, unit))
}

fn count(f: &Fields, unit: Unit) -> Option<i64> {
    let days = days_of(f.year, f.month, f.day);
    if unit.is_calendar() {
        return Some(if unit == Unit::Year { f.year.checked_sub(1970)? } else { f.year.checked_sub(1970)?.checked_mul(12)?.checked_add(f.month - 1)? });
    }
    if unit == Unit::Week {
        return Some(convert_date(i64::try_from(days).ok()?, Unit::Day, Unit::Week));
    }
    let day = i64::try_from(days).ok()?;
    let parts = [(Unit::Hour, 24, f.hour), (Unit::Minute, 60, f.minute), (Unit::Second, 60, f.second)];
    let mut value = i128::from(day);
    for (finer, factor, part) in parts {
        if unit >= finer {
            value = value.checked_mul(factor)?.checked_add(part)?;
        }
    }
    let mut rest = f.fraction;
    let mut scale = 1_000_000_000_000_000i128;
    for finer in &FRACTIONS[1..] {
        if unit >= *finer {
            value = value.checked_mul(1000)?.checked_add(rest / scale)?;
            rest %= scale;
            scale = (scale / 1000).max(1);
        }
    }
    i64::try_from(value).ok().filter(|v| *v != NAT)
}

// Two digits up to a limit.
fn two(text: &str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
    (text.len() == 2).then(|| digits(text)).flatten().filter(|n| range.contains(n))
}

fn digits(text: &str) -> Option<i64> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn read(text: &str) -> Option<Fields> {
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let (negative, date) = match date.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, date.strip_prefix('+').unwrap_or(date)),
    };
    let mut parts = date.split('-');
    let year = parts.next().filter(|y| y.len() >= 4).and_then(digits)?;
    let mut f = Fields { year: if negative { -year } else { year }, month: 1, day: 1, hour: 0, minute: 0, second: 0, fraction: 0, unit: Unit::Year };
    if let Some(month) = parts.next() {
        f.month = two(month, 1..=12)?;
        f.unit = Unit::Month;
    }
    if let Some(day) = parts.next() {
        f.day = two(day, 1..=31)?;
        f.unit = Unit::Day;
        let (year, month) = if f.month == 12 { (f.year + 1, 1) } else { (f.year, f.month + 1) };
        if i128::from(f.day) > days_of(year, month, 1) - days_of(f.year, f.month, 1) {
            return None;
        }
    }
    if parts.next().is_some() {
        return None;
    }
    match time {
        Some(time) if f.unit == Unit::Day => clock(&mut f, time)?,
        Some(_) => return None,
        None => {}
    }
    Some(f)
}

fn clock(f: &mut Fields, text: &str) -> Option<()> {
    let (text, fraction) = match text.split_once('.') {
        Some((text, fraction)) => (text, Some(fraction)),
        None => (text, None),
    };
    let mut parts = text.split(':');
    f.hour = two(parts.next()?, 0..=23)?.into();
    f.unit = Unit::Hour;
    if let Some(minute) = parts.next() {
        f.minute = two(minute, 0..=59)?.into();
        f.unit = Unit::Minute;
    }
    if let Some(second) = parts.next() {
        f.second = two(second, 0..=59)?.into();
        f.unit = Unit::Second;
    }
    if parts.next().is_some() {
        return None;
    }
    if let Some(fraction) = fraction {
        if f.unit != Unit::Second || !(1..=18).contains(&fraction.len()) {
            return None;
        }
        f.unit = FRACTIONS[fraction.len().div_ceil(3)];
        f.fraction = digits(&format!("{fraction:0<18}"))?.into();
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_the_unit_that_they_name() {
        for (text, want) in [
            ("1970", (0, Unit::Year)), ("1969-12", (-1, Unit::Month)), ("2000-03-01", (11_017, Unit::Day)), ("1970-01-01T01", (1, Unit::Hour)),
            ("1970-01-01 00:01", (1, Unit::Minute)), ("1969-12-31T23:59:59", (-1, Unit::Second)), ("1970-01-01T00:00:00.5", (500, Unit::Milli)),
            ("1970-01-01T00:00:00.000001000", (1000, Unit::Nano)), ("NaT", (NAT, Unit::Generic)), ("", (NAT, Unit::Generic)),
        ] {
            assert_eq!(parse(text, None), Ok(want), "{text}");
        }
        assert_eq!(parse("2020-05-05T07:00", Some(Unit::Year)), Ok((50, Unit::Year)));
        assert_eq!(parse("1969-12-31", Some(Unit::Week)), Ok((-1, Unit::Week)));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["20", "2020-13", "2021-02-29", "2020-01-01T25", "2020-01T05", "2020-01-01T00:00:00.", "today", "x", "2020-01-01T00:00Z"] {
            assert!(parse(text, None).is_err(), "{text}");
        }
        assert!(parse("3000", Some(Unit::Nano)).is_err());
    }
}
