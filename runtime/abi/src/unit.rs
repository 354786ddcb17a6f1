//! Units of `datetime64` and `timedelta64`, and the calendar that connects years and months with the units of fixed length.
//!
//! A value is a count of its unit since 1970 (`datetime64`) or a length in it (`timedelta64`); the smallest `i64` is NaT, "not a time".

/// NaT: the value of no date and no length.
pub const NAT: i64 = i64::MIN;

/// A unit, from coarse to fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Unit {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Milli,
    Micro,
    Nano,
    Pico,
    Femto,
    Atto,
    /// None given: it takes that of the other operand
    Generic,
}

/// All units: the unit, NumPy's name, NumPy's number, and how many of the next finer one make it up (0 where that is not fixed).
const ROWS: [(Unit, &str, i32, u64); 14] = [
    (Unit::Year, "Y", 0, 12), (Unit::Month, "M", 1, 0), (Unit::Week, "W", 2, 7), (Unit::Day, "D", 4, 24), (Unit::Hour, "h", 5, 60),
    (Unit::Minute, "m", 6, 60), (Unit::Second, "s", 7, 1000), (Unit::Milli, "ms", 8, 1000), (Unit::Micro, "us", 9, 1000), (Unit::Nano, "ns", 10, 1000),
    (Unit::Pico, "ps", 11, 1000), (Unit::Femto, "fs", 12, 1000), (Unit::Atto, "as", 13, 0), (Unit::Generic, "generic", 14, 0),
];

/// How a count in one unit becomes a count in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// Times a number
    Multiply(i64),
    /// Divided by a number, rounded down
    Divide(i64),
    /// By the calendar; only dates have that
    Calendar,
}

impl Unit {
    /// All units, from coarse to fine.
    pub fn all() -> impl Iterator<Item = Unit> {
        ROWS.iter().map(|r| r.0)
    }

    /// NumPy's name.
    pub fn name(self) -> &'static str {
        ROWS[self as usize].1
    }

    /// NumPy's number.
    pub fn code(self) -> i32 {
        ROWS[self as usize].2
    }

    /// By NumPy's name.
    pub fn from_name(name: &str) -> Option<Unit> {
        ROWS.iter().find(|r| r.1 == name).map(|r| r.0)
    }

    /// By NumPy's number.
    pub fn from_code(code: i32) -> Option<Unit> {
        ROWS.iter().find(|r| r.2 == code).map(|r| r.0)
    }

    /// By position.
    pub fn from_index(index: i64) -> Option<Unit> {
        usize::try_from(index).ok().and_then(|i| ROWS.get(i)).map(|r| r.0)
    }

    /// Whether its length depends on the date.
    pub fn is_calendar(self) -> bool {
        self <= Unit::Month
    }

    /// How many of a finer unit make up this one; `None` where that is not fixed or too large for NumPy's arithmetic.
    pub fn factor(self, finer: Unit) -> Option<i64> {
        let mut factor = 1u64;
        for row in &ROWS[self as usize..finer as usize] {
            factor = factor.checked_mul(row.3).filter(|f| (1..1 << 56).contains(f))?;
        }
        i64::try_from(factor).ok()
    }

    /// The conversion to another unit; `None` where the numbers are too large.
    pub fn conversion(self, to: Unit) -> Option<Conversion> {
        if self == to || self == Unit::Generic || to == Unit::Generic {
            return Some(Conversion::Multiply(1));
        }
        if self.is_calendar() != to.is_calendar() {
            // NumPy asks for the days' factor here too.
            let fine = if self.is_calendar() { to } else { self };
            return (fine <= Unit::Day || Unit::Day.factor(fine).is_some()).then_some(Conversion::Calendar);
        }
        if self < to { self.factor(to).map(Conversion::Multiply) } else { to.factor(self).map(Conversion::Divide) }
    }

    /// The unit in which two meet: the finer one. `None` where a length in years or months meets one in days or less, and where numbers are too large.
    /// `strict` says of each operand whether it is a length.
    pub fn common(self, other: Unit, strict: (bool, bool)) -> Option<Unit> {
        let (a, b) = (self, other);
        if a == Unit::Generic || b == Unit::Generic {
            return Some(if a == Unit::Generic { b } else { a });
        }
        if a.is_calendar() != b.is_calendar() {
            let fixed_length = if a.is_calendar() { strict.0 } else { strict.1 };
            if fixed_length {
                return None;
            }
        }
        let finer = a.max(b);
        (a.conversion(finer).is_some() && b.conversion(finer).is_some()).then_some(finer)
    }
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
pub fn days_of(year: i64, month: i64, day: i64) -> i128 {
    // Years that begin in March have their leap day at the end.
    let (year, month, day) = (i128::from(year) - i128::from(month <= 2), i128::from(month), i128::from(day));
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year and month (from 1) of a day since 1970-01-01.
pub fn month_of(days: i64) -> (i64, i64) {
    let days = i128::from(days) + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    ((year + era * 400 + i128::from(month <= 2)) as i64, month as i64)
}

/// A date in another unit: rounded down, NaT stays. What leaves 64 bits wraps.
pub fn convert_date(value: i64, from: Unit, to: Unit) -> i64 {
    if value == NAT {
        return NAT;
    }
    match from.conversion(to) {
        Some(Conversion::Multiply(n)) => value.wrapping_mul(n),
        Some(Conversion::Divide(n)) => value.div_euclid(n),
        None => NAT,
        Some(Conversion::Calendar) if from.is_calendar() => {
            let (year, month) = if from == Unit::Year { (value, 0) } else { (value.div_euclid(12), value.rem_euclid(12)) };
            let days = days_of(year.wrapping_add(1970), month + 1, 1);
            match to {
                Unit::Week => days.div_euclid(7) as i64,
                _ => (days as i64).wrapping_mul(Unit::Day.factor(to).unwrap_or(1)),
            }
        }
        Some(Conversion::Calendar) => {
            let days = match from {
                Unit::Week => value.wrapping_mul(7),
                _ => value.div_euclid(Unit::Day.factor(from).unwrap_or(1)),
            };
            let (year, month) = month_of(days);
            if to == Unit::Year { year - 1970 } else { (year - 1970) * 12 + month - 1 }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_goes_both_ways() {
        assert_eq!(days_of(1970, 1, 1), 0);
        assert_eq!(days_of(2000, 3, 1), 11_017);
        assert_eq!(days_of(1969, 12, 31), -1);
        for days in (-1_000_000..1_000_000).step_by(97) {
            let (year, month) = month_of(days);
            let first = days_of(year, month, 1);
            assert!((0..31).contains(&(i128::from(days) - first)), "{days}: {year}-{month}");
        }
    }

    #[test]
    fn conversions_are_those_of_numpy() {
        assert_eq!(Unit::Day.conversion(Unit::Second), Some(Conversion::Multiply(86_400)));
        assert_eq!(Unit::Nano.conversion(Unit::Milli), Some(Conversion::Divide(1_000_000)));
        assert_eq!(Unit::Week.conversion(Unit::Atto), None);
        assert_eq!(Unit::Year.common(Unit::Day, (true, true)), None);
        assert_eq!(Unit::Year.common(Unit::Day, (false, false)), Some(Unit::Day));
        assert_eq!(Unit::Generic.common(Unit::Nano, (true, true)), Some(Unit::Nano));
        assert_eq!(convert_date(50, Unit::Year, Unit::Day), 18_262);
        assert_eq!(convert_date(-1, Unit::Second, Unit::Month), -1);
        assert_eq!(convert_date(NAT, Unit::Year, Unit::Day), NAT);
    }
}
