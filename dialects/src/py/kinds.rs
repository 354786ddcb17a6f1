//! Operator kinds, and the attributes that carry them.
use crate::ffi;
use melior::{Context, ir::{Attribute, AttributeLike}};

macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident $family:literal: $($case:ident $symbol:literal,)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        #[repr(u32)]
        pub enum $name { $($case),* }

        impl $name {
            /// All kinds, in the order of the attribute's values.
            pub const ALL: &[$name] = &[$($name::$case),*];

            /// The operator as Python spells it.
            pub fn symbol(self) -> &'static str {
                match self { $($name::$case => $symbol),* }
            }

            /// The attribute.
            pub fn attribute(self, context: &Context) -> Attribute<'_> {
                // SAFETY: every value of the enum is a case of the attribute, so the result is not null.
                unsafe { Attribute::from_raw(ffi::nbPyKindAttrGet(context.to_raw(), $family, self as u32)) }
            }

            /// Reads the attribute.
            pub fn of(attribute: Attribute) -> Option<$name> {
                // SAFETY: the attribute is alive; others than ours yield -1.
                let value = unsafe { ffi::nbPyKindAttrValue(attribute.to_raw()) };
                $name::ALL.get(usize::try_from(value).ok()?).copied()
            }
        }
    };
}

kinds! {
    /// Unary operators.
    UnaryKind 0: Neg "-", Pos "+", Invert "~", Not "not",
}
kinds! {
    /// Binary operators.
    BinaryKind 1: Add "+", Sub "-", Mul "*", TrueDiv "/", FloorDiv "//", Mod "%", Pow "**", LShift "<<", RShift ">>", And "&", Or "|", Xor "^", MatMul "@",
}
kinds! {
    /// Comparisons.
    CompareKind 2: Lt "<", Le "<=", Eq "==", Ne "!=", Gt ">", Ge ">=", Is "is", IsNot "is not", In "in", NotIn "not in",
}
