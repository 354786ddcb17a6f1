//! Builtin exception classes that compiled code raises.

macro_rules! kinds {
    ($($kind:ident)*) => {
        /// A builtin exception class; the discriminant is what compiled code passes to the runtime.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        #[repr(i32)]
        pub enum ExceptionKind { $($kind),* }

        /// All classes, in the order of their names and discriminants.
        pub const KINDS: &[ExceptionKind] = &[$(ExceptionKind::$kind),*];

        impl ExceptionKind {
            /// Python's name of the class.
            pub fn name(self) -> &'static str {
                match self { $(ExceptionKind::$kind => stringify!($kind)),* }
            }

            /// The dotted path of the class.
            pub const fn path(self) -> &'static str {
                match self { $(ExceptionKind::$kind => concat!("builtins.", stringify!($kind))),* }
            }
        }
    };
}

kinds! {
    ArithmeticError AssertionError AttributeError BufferError DeprecationWarning EOFError Exception FloatingPointError HandledException ImportError
    IndexError KeyError LookupError MemoryError NameError NamedException NotImplementedError OSError OverflowError RecursionError ReferenceError
    RuntimeError RuntimeWarning StopIteration SystemError TimeoutError TypeError UnboundLocalError UnicodeError UserWarning ValueError
    Warning ZeroDivisionError
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

/// What a `raise` alone says where the calling code handles no exception, as a RuntimeError.
pub const NOTHING_HANDLED: &str = "No active exception to reraise";

impl ExceptionKind {
    /// Whether it is a class of Python's: [`ExceptionKind::NamedException`] stands for all that are known by name, and [`ExceptionKind::HandledException`]
    /// for whatever the code that called compiled code is handling.
    pub const fn is_builtin(self) -> bool {
        !matches!(self, ExceptionKind::NamedException | ExceptionKind::HandledException)
    }

    /// By Python's name.
    pub fn from_name(name: &str) -> Option<ExceptionKind> {
        KINDS.iter().copied().find(|k| k.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_in_the_order_of_their_names() {
        assert!(KINDS.windows(2).all(|w| w[0].name() < w[1].name() && w[0].path() < w[1].path()));
        assert_eq!(ExceptionKind::from_name("KeyError").map(ExceptionKind::path), Some("builtins.KeyError"));
    }
}
