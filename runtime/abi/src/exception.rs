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
    UserWarning RuntimeWarning DeprecationWarning NamedException
}

/// What precedes the path of an exception class of the program.
pub const PROGRAM: &str = "exception:";

/// Exception classes of NumPy that compiled code raises, by path.
pub const NUMPY: &[&str] = &["numpy.exceptions.AxisError", "numpy.linalg.LinAlgError"];

/// The class that raises an exception by its name: those that are not builtin are raised as [`ExceptionKind::NamedException`], with their path as
/// first argument.
pub fn raised_as(path: &str) -> Option<(ExceptionKind, Option<&str>)> {
    if path.starts_with(PROGRAM) || NUMPY.contains(&path) {
        return Some((ExceptionKind::NamedException, Some(path)));
    }
    ExceptionKind::from_name(path).filter(|k| *k != ExceptionKind::NamedException).map(|k| (k, None))
}

impl ExceptionKind {
    /// By Python's name.
    pub fn from_name(name: &str) -> Option<ExceptionKind> {
        KINDS.iter().copied().find(|k| k.name() == name)
    }
}
