//! Exponentials, logarithms and hyperbolic functions within one unit in the last place, the error function within one and a half, as straight-line code.
//!
//! There are no branches, tables or calls, so that a loop around them becomes vector code of any width that keeps everything in registers, and a single call gives the same
//! bits as the loop. A module has one internal function for each that it uses; it is always inlined. Products and sums are fused ([`Real::fma`]), on which the error bounds
//! rest; processors without such an instruction compute the same by a call for each.
//!
//! Polynomials are minimax approximations by Remez's algorithm, in the weights named beside them; range reductions and compensated sums follow Muller et al., *Handbook of
//! Floating-Point Arithmetic*, and Cody and Waite. Errors were measured against 80-bit results: `frontend-py/tests/test_elementary.py`.
mod error;
mod exponential;
mod hyperbolic;
mod logarithm;
mod power;
mod precision;
mod real;

use super::super::{build::Builder, flags::FastMath, module::ModuleCx};
use melior::{
    dialect::{llvm, llvm::attributes::{Linkage, linkage}, ods},
    ir::{Attribute, BlockLike, Operation, attribute::{ArrayAttribute, StringAttribute, TypeAttribute}, operation::OperationMutLike},
};
pub use power::MOST as MOST_EXPONENT;
use precision::{DOUBLE, SINGLE};
use real::{Real, Scope};

/// Code of a function of one float.
type Kernel = for<'s, 'c, 'a> fn(Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a>;

/// Functions by C's name for them.
const KERNELS: &[(&str, Kernel)] = &[
    ("exp", exponential::exp), ("exp2", exponential::exp2), ("expm1", exponential::expm1),
    ("log", logarithm::log), ("log2", logarithm::log2), ("log10", logarithm::log10), ("log1p", logarithm::log1p),
    ("sinh", hyperbolic::sinh), ("cosh", hyperbolic::cosh), ("tanh", hyperbolic::tanh), ("erf", error::erf),
];

/// How the names of these functions start: the back end takes wide vectors where it meets them.
const PREFIX: &str = "elementary.";

/// Whether there is a function of this name here.
pub fn has(name: &str) -> bool {
    KERNELS.iter().any(|k| k.0 == name)
}

impl<'c: 'a, 'a> ModuleCx<'c, 'a> {
    /// Defines a function, once, for `float` where `single`, or else `double`. Returns its symbol; nothing where there is no such function here.
    pub fn elementary(&mut self, name: &str, single: bool) -> Option<String> {
        let kernel = KERNELS.iter().find(|k| k.0 == name)?.1;
        Some(self.define(name, single, kernel))
    }

    /// The same for the power with an exponent of at most [`MOST_EXPONENT`] and at least 2, without its sign.
    pub fn integer_power(&mut self, n: i64, single: bool) -> String {
        self.define(&format!("pow.{n}"), single, |x| power::power(x, n))
    }

    fn define(&mut self, name: &str, single: bool, kernel: impl for<'s> Fn(Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a>) -> String {
        let symbol = format!("{PREFIX}{name}{}", if single { "f" } else { "" });
        if !self.declared.insert(symbol.clone()) {
            return symbol;
        }
        let ty = if single { self.t.f32 } else { self.t.f64 };
        let mut builder = Builder::new(self.context, &[ty], self.loc, FastMath::default());
        let body = builder.new_block(&[]);
        let entry = builder.first();
        let argument = builder.arguments(entry)[0];
        builder.block = body;
        let scope = Scope::new(builder, if single { &SINGLE } else { &DOUBLE }, ty);
        let result = kernel(scope.real(argument)).value();
        let mut builder = scope.finish();
        builder.push(llvm::r#return(Some(result), self.loc));
        // Constants stand in the first block: it is complete only now.
        builder.block = entry;
        builder.br(body, &[]);
        let flags = ["alwaysinline", "nounwind", "willreturn"].map(|f| -> Attribute { StringAttribute::new(self.context, f).into() });
        let mut op: Operation = ods::llvm::LLVMFuncOperation::builder(self.context, self.loc).sym_name(StringAttribute::new(self.context, &symbol))
            .function_type(TypeAttribute::new(llvm::r#type::function(ty, &[ty], false))).linkage(linkage(self.context, Linkage::Internal)).body(builder.finish()).build().into();
        op.set_attribute("passthrough", ArrayAttribute::new(self.context, &flags).into());
        if let Some(none) = self.no_memory {
            op.set_attribute("memory_effects", none);
        }
        self.body.append_operation(op);
        symbol
    }
}
