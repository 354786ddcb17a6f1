//! The table of operators: a row each with name, class, arity, and which types of elements it takes to which.
use numbra_abi::DType;
use std::{collections::HashMap, sync::LazyLock};

/// Operator, by its row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Operator(pub u16);

/// What kind of operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Element by element, broadcast; all operands have the type of the result unless the row says otherwise
    Element,
    /// Puts elements together: axis, operand
    Reduce,
    /// Puts the elements so far together: axis, operand
    Scan,
    /// Other indices for the same elements
    View,
    /// Product of matrices and its kin
    Matrix,
    /// Of Python's special methods, on tuples, ranges and arrays
    Special,
}

/// Types of elements that an operator takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// All
    Any,
    /// Integers, floats, complex numbers
    Numeric,
    /// Integers and floats
    Real,
    /// Integers
    Integer,
    /// Integers and booleans
    Bits,
    /// Floats
    Float,
    /// Complex numbers
    Complex,
    /// Booleans
    Bool,
}

impl Domain {
    /// Whether the type is among them.
    pub fn has(self, dtype: DType) -> bool {
        use DType::*;
        let (integer, float, complex) = (is_integer(dtype), matches!(dtype, Float32 | Float64), matches!(dtype, Complex64 | Complex128));
        match self {
            Domain::Any => true,
            Domain::Numeric => integer || float || complex,
            Domain::Real => integer || float,
            Domain::Integer => integer,
            Domain::Bits => integer || dtype == Bool,
            Domain::Float => float,
            Domain::Complex => complex,
            Domain::Bool => dtype == Bool,
        }
    }
}

/// Whether a type is one of integers.
pub fn is_integer(dtype: DType) -> bool {
    use DType::*;
    matches!(dtype, Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 | UInt64)
}

/// What type the elements of the result have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// That of the operands, which have one type
    Same,
    /// bool, of operands of one type
    Bool,
    /// That of the parts of complex operands; that of any others
    Part,
    /// The complex type whose parts the operands are
    Whole,
    /// int64 (positions, lengths)
    Position,
    /// What the facts function of the class says
    Own,
}

impl Gives {
    /// The type of what an operator gives for operands of a type; none where the operator has its own rule.
    pub fn of(self, operand: DType) -> Option<DType> {
        Some(match (self, operand) {
            (Gives::Own, _) => return None,
            (Gives::Bool, _) => DType::Bool,
            (Gives::Position, _) => DType::Int64,
            (Gives::Part, d) => d.part(),
            (Gives::Whole, DType::Float32) => DType::Complex64,
            (Gives::Whole, _) => DType::Complex128,
            (Gives::Same, d) => d,
        })
    }
}

/// What is known of an operator.
#[derive(Debug)]
pub struct Row {
    /// Name in terms
    pub name: &'static str,
    /// Kind
    pub class: Class,
    /// Operands, attributes among them; none where any number goes
    pub arity: Option<usize>,
    /// Types of elements it takes
    pub domain: Domain,
    /// Type of elements it gives
    pub gives: Gives,
    /// How Python would write it: an infix operator, or else a call of this name
    pub python: &'static str,
}

impl Operator {
    /// Its row.
    pub fn row(self) -> &'static Row {
        &ROWS[self.0 as usize]
    }

    /// By its name in terms.
    pub fn named(name: &str) -> Option<Operator> {
        // Thousands are asked for when the rules are read.
        static NAMES: LazyLock<HashMap<&'static str, Operator>> = LazyLock::new(|| Operator::all().map(|o| (o.row().name, o)).collect());
        NAMES.get(name).copied()
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Operator> {
        (0..ROWS.len()).map(|k| Operator(k as u16))
    }

    /// Its class.
    pub fn class(self) -> Class {
        self.row().class
    }
}

macro_rules! operators {
    ($($id:ident $name:literal $class:ident $arity:tt $domain:ident $gives:ident $python:literal;)*) => {
        /// All operators.
        pub const ROWS: &[Row] = &[$(Row { name: $name, class: Class::$class, arity: operators!(@ $arity), domain: Domain::$domain, gives: Gives::$gives, python: $python }),*];
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Place { $($id),* }
        $(#[doc = concat!("`", $name, "`")] pub const $id: Operator = Operator(Place::$id as u16);)*
    };
    (@ any) => { None };
    (@ $n:literal) => { Some($n) };
}

operators! {
    ADD "add" Element 2 Numeric Same "+";
    SUB "sub" Element 2 Numeric Same "-";
    MUL "mul" Element 2 Numeric Same "*";
    TRUEDIV "truediv" Element 2 Float Same "/";
    FLOORDIV "floordiv" Element 2 Real Same "//";
    MOD "mod" Element 2 Real Same "%";
    POW "pow" Element 2 Real Same "**";
    NEG "neg" Element 1 Numeric Same "-";
    ABS "abs" Element 1 Numeric Part "abs";
    CONJ "conj" Element 1 Complex Same "np.conj";
    REAL "real" Element 1 Complex Part "np.real";
    IMAG "imag" Element 1 Complex Part "np.imag";
    COMPLEX "complex" Element 2 Float Whole "complex";
    NOT "not" Element 1 Bool Same "~";
    INVERT "invert" Element 1 Integer Same "~";
    AND "and" Element 2 Bits Same "&";
    OR "or" Element 2 Bits Same "|";
    XOR "xor" Element 2 Bits Same "^";
    SHL "shl" Element 2 Integer Same "<<";
    SHR "shr" Element 2 Integer Same ">>";
    EQ "eq" Element 2 Any Bool "==";
    NE "ne" Element 2 Any Bool "!=";
    LT "lt" Element 2 Any Bool "<";
    LE "le" Element 2 Any Bool "<=";
    GT "gt" Element 2 Any Bool ">";
    GE "ge" Element 2 Any Bool ">=";
    MINIMUM "minimum" Element 2 Real Same "np.minimum";
    MAXIMUM "maximum" Element 2 Real Same "np.maximum";
    FMIN "fmin" Element 2 Real Same "np.fmin";
    FMAX "fmax" Element 2 Real Same "np.fmax";
    SQRT "sqrt" Element 1 Float Same "np.sqrt";
    SQUARE "square" Element 1 Numeric Same "np.square";
    RECIPROCAL "reciprocal" Element 1 Float Same "np.reciprocal";
    EXP "exp" Element 1 Float Same "np.exp";
    EXP2 "exp2" Element 1 Float Same "np.exp2";
    EXPM1 "expm1" Element 1 Float Same "np.expm1";
    LOG "log" Element 1 Float Same "np.log";
    LOG2 "log2" Element 1 Float Same "np.log2";
    LOG10 "log10" Element 1 Float Same "np.log10";
    LOG1P "log1p" Element 1 Float Same "np.log1p";
    CBRT "cbrt" Element 1 Float Same "np.cbrt";
    SIN "sin" Element 1 Float Same "np.sin";
    COS "cos" Element 1 Float Same "np.cos";
    TAN "tan" Element 1 Float Same "np.tan";
    ARCSIN "arcsin" Element 1 Float Same "np.arcsin";
    ARCCOS "arccos" Element 1 Float Same "np.arccos";
    ARCTAN "arctan" Element 1 Float Same "np.arctan";
    SINH "sinh" Element 1 Float Same "np.sinh";
    COSH "cosh" Element 1 Float Same "np.cosh";
    TANH "tanh" Element 1 Float Same "np.tanh";
    ARCSINH "arcsinh" Element 1 Float Same "np.arcsinh";
    ARCCOSH "arccosh" Element 1 Float Same "np.arccosh";
    ARCTANH "arctanh" Element 1 Float Same "np.arctanh";
    ERF "erf" Element 1 Float Same "math.erf";
    ERFC "erfc" Element 1 Float Same "math.erfc";
    FLOOR "floor" Element 1 Float Same "np.floor";
    CEIL "ceil" Element 1 Float Same "np.ceil";
    TRUNC "trunc" Element 1 Float Same "np.trunc";
    RINT "rint" Element 1 Float Same "np.rint";
    SIGN "sign" Element 1 Real Same "np.sign";
    ISNAN "isnan" Element 1 Float Bool "np.isnan";
    ISINF "isinf" Element 1 Float Bool "np.isinf";
    ISFINITE "isfinite" Element 1 Float Bool "np.isfinite";
    SIGNBIT "signbit" Element 1 Float Bool "np.signbit";
    HYPOT "hypot" Element 2 Float Same "np.hypot";
    ARCTAN2 "arctan2" Element 2 Float Same "np.arctan2";
    COPYSIGN "copysign" Element 2 Float Same "np.copysign";
    FMA "fma" Element 3 Float Same "fma";
    WHERE "where" Element 3 Any Own "np.where";
    CAST "cast" Element 2 Any Own "astype";
    CALL "call" Element any Any Own "";
    FIRST "first" Element 2 Any Own "";
    FITTED "fitted" Element 2 Any Own "";
    SUM "sum" Reduce 2 Numeric Same "np.sum";
    PROD "prod" Reduce 2 Numeric Same "np.prod";
    MIN "min" Reduce 2 Real Same "np.min";
    MAX "max" Reduce 2 Real Same "np.max";
    ANY "any" Reduce 2 Bool Same "np.any";
    ALL "all" Reduce 2 Bool Same "np.all";
    ARGMIN "argmin" Reduce 2 Real Position "np.argmin";
    ARGMAX "argmax" Reduce 2 Real Position "np.argmax";
    MEAN "mean" Reduce 2 Float Same "np.mean";
    CUMSUM "cumsum" Scan 2 Numeric Same "np.cumsum";
    CUMPROD "cumprod" Scan 2 Numeric Same "np.cumprod";
    RUNNING_MIN "running_min" Scan 2 Real Same "np.minimum.accumulate";
    RUNNING_MAX "running_max" Scan 2 Real Same "np.maximum.accumulate";
    SLICE "slice" View 5 Any Own "";
    INDEX "index" View 3 Any Own "";
    PERMUTE "permute" View 2 Any Own "np.transpose";
    FLIP "flip" View 2 Any Own "np.flip";
    EXPAND "expand" View 2 Any Own "np.expand_dims";
    RESHAPE "reshape" View 2 Any Own "np.reshape";
    RAVEL "ravel" View 1 Any Own "np.ravel";
    BROADCAST "broadcast" View 2 Any Own "np.broadcast_to";
    SPREAD "spread" View 2 Any Own "";
    CONCATENATE "concatenate" View 3 Any Own "np.concatenate";
    DIAG "diag" View 1 Any Own "np.diag";
    MATMUL "matmul" Matrix 2 Numeric Own "@";
    DOT "dot" Matrix 2 Numeric Own "np.dot";
    CHAIN "chain" Matrix any Numeric Own "np.linalg.multi_dot";
    OUTER "outer" Matrix 2 Numeric Own "np.outer";
    TRACE "trace" Matrix 1 Numeric Own "np.trace";
    TRACE_OF_PRODUCT "trace_of_product" Matrix 2 Numeric Own "";
    COMPRESS "compress" Matrix 2 Any Own "";
    INV "inv" Matrix 1 Float Own "np.linalg.inv";
    SOLVE "solve" Matrix 2 Float Own "np.linalg.solve";
    TUPLE "tuple" Special any Any Own "";
    ITEM "item" Special 2 Any Own "";
    SIZE "size" Special 1 Any Position "np.size";
    LEN "len" Special 1 Any Position "len";
    DIM "dim" Special 2 Any Position "";
    RANGE "range" Special 3 Integer Own "range";
    CONTAINS "contains" Special 2 Any Own "";
    GETITEM "getitem" Special 2 Any Own "";
    ARRAY "array" Special 1 Any Own "np.array";
}
