//! The stages of a compilation, as users name them.

/// A stage whose text can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Name, as in `inspect_ir(stage=...)`
    pub name: &'static str,
    /// What its text shows
    pub description: &'static str,
}

/// All stages, in order.
pub const STAGES: &[Stage] = &[
    Stage { name: "untyped", description: "`py` dialect as read from the source, all values `!py.any`" },
    Stage { name: "typed", description: "`py` dialect after type inference" },
    Stage { name: "rewritten", description: "typed `py` with array expressions in their cheapest equal form" },
    Stage { name: "fused", description: "typed `py` with array expressions as single passes over memory" },
    Stage { name: "std", description: "arith, math, cf, func and llvm dialects" },
    Stage { name: "llvm", description: "llvm dialect" },
    Stage { name: "llvmir", description: "LLVM IR after optimisation" },
    Stage { name: "asm", description: "assembly for this machine" },
];
