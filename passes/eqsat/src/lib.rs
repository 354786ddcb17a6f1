//! Equality saturation of array expressions and special methods.
//!
//! Expressions are terms over numbers, arrays, tuples and ranges; they come from typed `py` and go back there by the pass `eqsat-rewrite`, but nothing here knows MLIR, so that rules
//! can be tested against an interpreter in milliseconds. All equal forms that the rules find are kept side by side in an e-graph; the cheapest one is taken out of it.
//!
//! - [`language`]: terms; [`operators`]: the table of operators; [`text`], [`infix`]: terms as text
//! - [`facts`]: what is known of a term: type, shape, memory order, value; [`infer`]: how it follows from the operands; [`scalar`], [`floats`], [`complex`]: what operators mean on elements
//! - [`rules`]: rule files, conditions, application, and the check of rules by [`interpret`]
//! - [`graph`], [`saturate`]: the e-graph and the rounds over it; [`weights`], [`cost`], [`extract`]: the cheapest form; [`explain`]: the steps to it
//! - [`problem`]: the way in and out
pub mod complex;
pub mod cost;
pub mod explain;
pub mod extract;
pub mod facts;
pub mod flags;
pub mod floats;
pub mod graph;
pub mod infer;
pub mod infix;
pub mod interpret;
pub mod language;
pub mod operators;
pub mod problem;
pub mod rules;
pub mod saturate;
pub mod scalar;
pub mod text;
pub mod weights;

pub use cost::Cost;
pub use explain::Step;
pub use facts::{Dim, Facts, Kind, Order};
pub use flags::FastMath;
pub use language::{Attribute, Node, Number};
pub use operators::Operator;
pub use problem::{Limits, Problem, Settings, Solution, rewrite, rewrite_to};
pub use rules::{Rule, RuleError, Rules};
pub use saturate::Statistics;
