//! Vector variants of the C library's math functions: which SLEEF functions (at most 1 ULP off) stand for which scalar call, by instruction set.
//!
//! A declaration of `exp` lists its variants in the attribute `vector-function-abi-variant`, in the vector function ABI's mangling; LLVM's loop vectoriser takes
//! them from there. Only what the target can run is listed.
use super::module::ModuleCx;
use melior::ir::{Attribute, Type, attribute::{ArrayAttribute, StringAttribute}};

/// Instruction sets, each including the ones before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Features {
    /// No vector functions
    #[default]
    None,
    Sse4,
    Avx2,
    Avx512,
}

impl Features {
    /// From the option's text: `native`, `none`, or a list of LLVM's target features (`+avx2,+avx512f`).
    pub fn parse(text: &str) -> Features {
        match text {
            "native" => Features::native(),
            "none" | "" => Features::None,
            list => {
                let has = |name: &str| list.split(',').any(|f| f.trim().strip_prefix('+').unwrap_or(f.trim()) == name);
                if has("avx512f") {
                    Features::Avx512
                } else if has("avx2") && has("fma") {
                    Features::Avx2
                } else if has("sse4.1") {
                    Features::Sse4
                } else {
                    Features::None
                }
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    fn native() -> Features {
        if is_x86_feature_detected!("avx512f") {
            Features::Avx512
        } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            Features::Avx2
        } else if is_x86_feature_detected!("sse4.1") {
            Features::Sse4
        } else {
            Features::None
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    fn native() -> Features {
        Features::None
    }
}

// Instruction set, letter of the vector ABI, lanes of double, suffix of SLEEF's name.
const SETS: &[(Features, char, usize, &str)] = &[(Features::Sse4, 'b', 2, "sse4"), (Features::Avx2, 'd', 4, "avx2"), (Features::Avx512, 'e', 8, "avx512f")];

// C function, number of arguments, SLEEF's accuracy for double and for float.
const FUNCTIONS: &[(&str, usize, &str, &str)] = &[
    ("acos", 1, "u10", "u10"), ("acosh", 1, "u10", "u10"), ("asin", 1, "u10", "u10"), ("asinh", 1, "u10", "u10"), ("atan", 1, "u10", "u10"),
    ("atan2", 2, "u10", "u10"), ("atanh", 1, "u10", "u10"), ("cbrt", 1, "u10", "u10"), ("cos", 1, "u10", "u10"), ("cosh", 1, "u10", "u10"),
    ("erf", 1, "u10", "u10"), ("erfc", 1, "u15", "u15"), ("exp", 1, "u10", "u10"), ("exp2", 1, "u10", "u10"), ("expm1", 1, "u10", "u10"),
    ("hypot", 2, "u05", "u05"), ("log", 1, "u10", "u10"), ("log10", 1, "u10", "u10"), ("log1p", 1, "u10", "u10"), ("log2", 1, "u10", "u10"),
    ("pow", 2, "u10", "u10"), ("sin", 1, "u10", "u10"), ("sinh", 1, "u10", "u10"), ("tan", 1, "u10", "u10"), ("tanh", 1, "u10", "u10"),
];

impl<'c: 'a, 'a> ModuleCx<'c, 'a> {
    /// Declares a function of the C library that is pure on floats; `single` is its float version, whose name ends in `f`. Returns the symbol.
    pub fn declare_libm(&mut self, name: &str, arguments: usize, single: bool) -> String {
        let symbol = if single { format!("{name}f") } else { name.to_string() };
        if self.declared.contains(&symbol) {
            return symbol;
        }
        let ty: Type = if single { self.t.f32 } else { self.t.f64 };
        let text = |s: &str| -> Attribute { StringAttribute::new(self.context, s).into() };
        let mut attributes = vec![text("nounwind"), text("willreturn")];
        let mut variants = vec![];
        if let Some((_, count, double_accuracy, single_accuracy)) = FUNCTIONS.iter().find(|f| f.0 == name && f.1 == arguments) {
            for (set, letter, doubles, suffix) in SETS.iter().filter(|s| s.0 <= self.features) {
                let (lanes, kind, accuracy) = if single { (doubles * 2, 'f', single_accuracy) } else { (*doubles, 'd', double_accuracy) };
                let _ = set;
                let vector = format!("Sleef_{name}{kind}{lanes}_{accuracy}{suffix}");
                variants.push((format!("_ZGV{letter}N{lanes}{}_{symbol}({vector})", "v".repeat(*count)), vector, lanes));
            }
        }
        if !variants.is_empty() {
            let list = variants.iter().map(|v| v.0.as_str()).collect::<Vec<_>>().join(",");
            attributes.push(ArrayAttribute::new(self.context, &[text("vector-function-abi-variant"), text(&list)]).into());
        }
        self.declare(&symbol, &vec![ty; arguments], ty, false, &attributes, true);
        for (_, vector, lanes) in variants {
            let ty = Type::vector(&[lanes as u64], ty);
            let flags = ["nounwind", "willreturn"].map(|f| StringAttribute::new(self.context, f).into());
            self.declare(&vector, &vec![ty; arguments], ty, false, &flags, true);
            self.keep.push(vector);
        }
        symbol
    }
}
