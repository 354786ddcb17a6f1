//! Which op is it: one lookup by name, then a `match` that the compiler checks for completeness.
use melior::ir::operation::OperationLike;

macro_rules! ops {
    ($($op:ident $name:literal,)*) => {
        /// The ops that appear in function bodies of the `py` stages.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        pub enum PyOp { $($op,)* Other }

        impl PyOp {
            /// Classifies an op.
            pub fn of<'c: 'a, 'a>(op: &impl OperationLike<'c, 'a>) -> PyOp {
                match op.name().as_string_ref().as_str().unwrap_or_default() {
                    $($name => PyOp::$op,)*
                    _ => PyOp::Other,
                }
            }
        }
    };
}

ops! {
    Func "py.func", Return "py.return", Raise "py.raise", Constant "py.constant", Ellipsis "py.ellipsis", Entity "py.entity",
    FunctionRef "py.function", Closure "py.closure", Unbound "py.unbound", CheckBound "py.check_bound", Tuple "py.tuple", List "py.list", Star "py.star", Narrow "py.narrow", Unpack "py.unpack", Slice "py.slice",
    Unary "py.unary", Binary "py.binary", Compare "py.compare", Truth "py.truth", GetAttr "py.getattr", GetItem "py.getitem",
    SetItem "py.setitem", SetAttr "py.setattr", Call "py.call", Iter "py.iter", Next "py.next", Cast "py.cast", Invoke "py.invoke", Builtin "py.builtin",
    Exception "py.exception", Retain "py.retain", Release "py.release", Br "cf.br", CondBr "cf.cond_br",
}
