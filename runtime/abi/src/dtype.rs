//! Element types: the scalars that arrays hold and functions compute with, in NumPy's order.
use crate::{record::RecordId, unit::Unit};

/// Kind of a scalar type, ordered as numeric promotion climbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `bool`
    Bool,
    /// Signed integer
    Int,
    /// Unsigned integer
    UInt,
    /// IEEE 754 binary float
    Float,
    /// Pair of floats
    Complex,
    /// Point in time, a count of a unit
    DateTime,
    /// Length of time, a count of a unit
    TimeDelta,
    /// Fields side by side
    Record,
}

/// A scalar type. Those without a parameter stand in the order of [`ROWS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum DType {
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Float32,
    Float64,
    Complex64,
    Complex128,
    DateTime(Unit),
    TimeDelta(Unit),
    Record(RecordId),
}

/// What is known of one scalar type.
#[derive(Debug)]
pub struct Row {
    /// The type
    pub dtype: DType,
    /// NumPy's and numbra's name
    pub name: &'static str,
    /// Short name in signature strings (`'f8(i8)'`)
    pub short: &'static str,
    /// Kind
    pub kind: Kind,
    /// Size in bytes; alignment is the same, but that of the parts for complex types
    pub size: usize,
    /// NumPy's type numbers for this layout on a 64-bit machine (`long` and `longlong` are one)
    pub type_nums: &'static [i32],
}

macro_rules! rows {
    ($($dtype:ident $name:literal $short:literal $kind:ident $size:literal $nums:expr;)*) => {
        /// All scalar types without a parameter, in the order of [`DType`].
        pub const ROWS: &[Row] = &[$(Row { dtype: DType::$dtype, name: $name, short: $short, kind: Kind::$kind, size: $size, type_nums: &$nums }),*];
    };
}

rows! {
    Bool       "bool"       "b1"  Bool    1  [0];
    Int8       "int8"       "i1"  Int     1  [1];
    Int16      "int16"      "i2"  Int     2  [3];
    Int32      "int32"      "i4"  Int     4  [5];
    Int64      "int64"      "i8"  Int     8  [7, 9];
    UInt8      "uint8"      "u1"  UInt    1  [2];
    UInt16     "uint16"     "u2"  UInt    2  [4];
    UInt32     "uint32"     "u4"  UInt    4  [6];
    UInt64     "uint64"     "u8"  UInt    8  [8, 10];
    Float32    "float32"    "f4"  Float   4  [11];
    Float64    "float64"    "f8"  Float   8  [12];
    Complex64  "complex64"  "c8"  Complex 8  [14];
    Complex128 "complex128" "c16" Complex 16 [15];
}

macro_rules! time_rows {
    ($($unit:ident $suffix:literal),*) => {
        /// `datetime64` by unit, in the order of [`Unit`].
        const DATETIMES: &[Row] = &[$(Row { dtype: DType::DateTime(Unit::$unit), name: concat!("datetime64", $suffix), short: concat!("M8", $suffix), kind: Kind::DateTime, size: 8, type_nums: &[21] }),*];
        /// `timedelta64` by unit, in the order of [`Unit`].
        const TIMEDELTAS: &[Row] = &[$(Row { dtype: DType::TimeDelta(Unit::$unit), name: concat!("timedelta64", $suffix), short: concat!("m8", $suffix), kind: Kind::TimeDelta, size: 8, type_nums: &[22] }),*];
    };
}

time_rows! {
    Year "[Y]", Month "[M]", Week "[W]", Day "[D]", Hour "[h]", Minute "[m]", Second "[s]", Milli "[ms]", Micro "[us]", Nano "[ns]", Pico "[ps]", Femto "[fs]", Atto "[as]",
    Generic ""
}

impl DType {
    /// The row of this type.
    pub fn row(self) -> &'static Row {
        match self {
            DType::DateTime(unit) => &DATETIMES[unit as usize],
            DType::TimeDelta(unit) => &TIMEDELTAS[unit as usize],
            DType::Record(id) => id.row(),
            plain => &ROWS[plain.index().unwrap_or(0)],
        }
    }

    /// Its place in [`ROWS`]; `None` for a type with a parameter.
    pub fn index(self) -> Option<usize> {
        use DType::*;
        Some(match self {
            Bool => 0,
            Int8 => 1,
            Int16 => 2,
            Int32 => 3,
            Int64 => 4,
            UInt8 => 5,
            UInt16 => 6,
            UInt32 => 7,
            UInt64 => 8,
            Float32 => 9,
            Float64 => 10,
            Complex64 => 11,
            Complex128 => 12,
            DateTime(_) | TimeDelta(_) | Record(_) => return None,
        })
    }

    /// Whether it is bool, an integer, a float or complex.
    pub fn is_number(self) -> bool {
        self.index().is_some()
    }

    /// Whether it is a record.
    pub fn is_record(self) -> bool {
        self.kind() == Kind::Record
    }

    /// The unit of a `datetime64` or `timedelta64`.
    pub fn unit(self) -> Option<Unit> {
        match self {
            DType::DateTime(unit) | DType::TimeDelta(unit) => Some(unit),
            _ => None,
        }
    }

    /// NumPy's name.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Kind of the type.
    pub fn kind(self) -> Kind {
        self.row().kind
    }

    /// Size in bytes.
    pub fn size(self) -> usize {
        self.row().size
    }

    /// Size in bits (1 for bool, whose memory is a byte).
    pub fn bits(self) -> usize {
        if self == DType::Bool { 1 } else { self.size() * 8 }
    }

    /// Whether it is an integer type; bool is not.
    pub fn is_integer(self) -> bool {
        matches!(self.kind(), Kind::Int | Kind::UInt)
    }

    /// Whether it is a signed integer type, or counts a unit of time in one.
    pub fn is_signed(self) -> bool {
        matches!(self.kind(), Kind::Int | Kind::DateTime | Kind::TimeDelta)
    }

    /// Whether it is a float type.
    pub fn is_float(self) -> bool {
        self.kind() == Kind::Float
    }

    /// Whether it is a complex type.
    pub fn is_complex(self) -> bool {
        self.kind() == Kind::Complex
    }

    /// The type of the real and imaginary part of a complex type; other types are their own.
    pub fn part(self) -> DType {
        match self {
            DType::Complex64 => DType::Float32,
            DType::Complex128 => DType::Float64,
            other => other,
        }
    }

    /// By NumPy's or the short name.
    pub fn from_name(name: &str) -> Option<DType> {
        let row = ROWS.iter().chain(DATETIMES).chain(TIMEDELTAS).find(|r| r.name == name || r.short == name).map(|r| r.dtype);
        row.or_else(|| name.starts_with("Record(").then(|| RecordId::parse(name)).flatten().map(DType::Record))
    }

    /// By NumPy's type number.
    pub fn from_type_num(num: i32) -> Option<DType> {
        ROWS.iter().find(|r| r.type_nums.contains(&num)).map(|r| r.dtype)
    }

    /// By kind and size in bytes.
    pub fn from_kind(kind: Kind, size: usize) -> Option<DType> {
        ROWS.iter().find(|r| r.kind == kind && r.size == size).map(|r| r.dtype)
    }

    /// NumPy's `promote_types`: the smallest type that both convert to safely.
    ///
    /// `int64` with `uint64` is `float64`, as in NumPy; callers that want another answer ask before.
    ///
    /// Numbers only: times meet in a unit, which is [`Unit::common`]'s business.
    pub fn promote(self, other: DType) -> DType {
        use Kind::*;
        let (a, b) = if self.kind() <= other.kind() { (self, other) } else { (other, self) };
        let float = |size: usize| if size > 4 { DType::Float64 } else { DType::Float32 };
        match (a.kind(), b.kind()) {
            (x, y) if x == y => if a.size() >= b.size() { a } else { b },
            (Bool, _) => b,
            (Int, UInt) if a.size() > b.size() => a,
            (Int, UInt) => DType::from_kind(Int, b.size() * 2).unwrap_or(DType::Float64),
            // An integer of up to 16 bits fits float32 exactly.
            (Int | UInt, Float) => if a.size() <= 2 { b } else { DType::Float64 },
            (Int | UInt, Complex) => if a.size() <= 2 { b } else { DType::Complex128 },
            (Float, Complex) => if float(a.size()) == DType::Float64 { DType::Complex128 } else { b },
            _ => b,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_enum() {
        for (i, row) in ROWS.iter().enumerate() {
            assert_eq!(row.dtype.index(), Some(i));
        }
    }

    #[test]
    fn times_are_found_by_name() {
        for unit in Unit::all() {
            for d in [DType::DateTime(unit), DType::TimeDelta(unit)] {
                assert_eq!((d.row().dtype, DType::from_name(d.name()), DType::from_name(d.row().short)), (d, Some(d), Some(d)));
                assert!(d.unit() == Some(unit) && (unit == Unit::Generic || d.name().ends_with(&format!("[{}]", unit.name()))), "{}", d.name());
            }
        }
    }

    #[test]
    fn promotion_follows_numpy() {
        use DType::*;
        for (a, b, want) in [
            (Int8, UInt8, Int16), (Int64, UInt64, Float64), (UInt32, Int32, Int64), (Int32, Float32, Float64), (Int16, Float32, Float32),
            (Bool, UInt8, UInt8), (Float64, Complex64, Complex128), (Int32, Complex64, Complex128), (UInt8, Int64, Int64), (Float32, Float64, Float64),
        ] {
            assert_eq!(a.promote(b), want, "{a:?} {b:?}");
            assert_eq!(b.promote(a), want, "{b:?} {a:?}");
        }
    }
}
