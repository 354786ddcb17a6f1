//! Builtin exception classes that compiled code raises.

macro_rules! kinds {
    ($($kind:ident)*) => {
        /// A builtin exception class; the discriminant is what compiled code passes to the runtime.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        #[repr(i32)]
        pub enum ExceptionKind { $($kind),* }

        /// All classes, in the order of their discriminants.
        pub const KINDS: &[ExceptionKind] = &[$(ExceptionKind::$kind),*];

        impl ExceptionKind {
            /// Python's name of the class.
            pub fn name(self) -> &'static str {
                match self { $(ExceptionKind::$kind => stringify!($kind)),* }
            }
        }
    };
}

kinds! {
    Exception ArithmeticError AssertionError AttributeError BufferError EOFError FloatingPointError ImportError IndexError KeyError
    LookupError MemoryError NameError NotImplementedError OSError OverflowError RecursionError ReferenceError RuntimeError
    StopIteration SystemError TypeError UnboundLocalError UnicodeError ValueError ZeroDivisionError TimeoutError Warning
    UserWarning RuntimeWarning DeprecationWarning
}

impl ExceptionKind {
    /// By Python's name.
    pub fn from_name(name: &str) -> Option<ExceptionKind> {
        KINDS.iter().copied().find(|k| k.name() == name)
    }
}
