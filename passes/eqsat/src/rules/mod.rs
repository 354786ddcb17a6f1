//! Rules: which term may stand for which other, on what condition, and what permission it needs.
//!
//! They are text, one file per family under `rules/`; files of users have the same form:
//! ```text
//! factor: (add (mul ?a ?b) (mul ?a ?c)) => (mul ?a (add ?b ?c))
//!     needs reassoc
//!     when float(?a)
//!     example a: float64[n], b: float64[n], c: float64
//! ```
//! `<=>` makes two rules. `for f in add sub` makes a rule for each operator with it in the place of `f`. A number on the left matches a constant of any type with that value; on the
//! right it has the type of the whole. `?v = name(...)` among the conditions computes a term for the right side. A rule is `exact` if it holds for all values of the types that it applies
//! to, or `needs` fast-math flags. `complex` says that it holds for complex numbers too. `errors same` says that both sides raise for the same operands, `drops ?x` that the shape of an operand that vanishes does not matter.
pub mod apply;
pub mod check;
pub mod condition;
pub mod parse;
pub mod random;
pub mod sample;
pub mod template;
pub mod vocabulary;

use crate::{flags::FastMath, language::Node, operators::Operator, text::Sexp};
use condition::Condition;
use egg::{Pattern, PatternAst, Var};
use std::{borrow::Cow, sync::{Arc, LazyLock}};
use template::Template;

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Name, unique
    pub name: String,
    /// File that it is from: the family
    pub family: String,
    /// Line in that file
    pub line: usize,
    /// Left side as it is written
    pub left_text: String,
    /// Right side as it is written
    pub right_text: String,
    /// Conditions as they are written
    pub condition_text: String,
    /// Left side
    pub left: Pattern<Node>,
    /// Right side
    pub right: PatternAst<Node>,
    /// Numbers on the left, by the variables that stand for them
    pub left_numbers: Vec<(Var, f64)>,
    /// Numbers on the right, by the variables that stand for them
    pub right_numbers: Vec<(Var, f64)>,
    /// Conditions in their order
    pub conditions: Vec<Condition>,
    /// Flags that it needs; none: it is exact
    pub needs: FastMath,
    /// Whether both sides raise for the same operands
    pub same_errors: bool,
    /// Whether it holds for complex numbers too
    pub complex: bool,
    /// Variables that may vanish whatever their shape
    pub drops: Vec<Var>,
    /// Terms for the variables of the left side
    pub example: Vec<(Var, Sexp)>,
    /// What follows from the patterns
    pub shape: Shape,
}

/// What follows from a rule's patterns.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// Operators of the left side, as a set of bits
    pub operators: Set,
    /// Variables of the left side that are not on the right
    pub vanishing: Vec<Var>,
    /// Whether both sides have only element-wise operators, so that they raise where their variables do not broadcast, and only there
    pub element_wise: bool,
    /// Whether it does not matter what the elements are
    pub any_elements: bool,
}

/// Set of operators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Set(u128);

impl Set {
    /// Puts one in.
    pub fn insert(&mut self, operator: Operator) {
        self.0 |= 1 << operator.0;
    }

    /// Whether one is here.
    pub fn contains(self, operator: Operator) -> bool {
        self.0 >> operator.0 & 1 == 1
    }

    /// Both together.
    pub fn with(self, other: Set) -> Set {
        Set(self.0 | other.0)
    }

    /// Whether all of the other are here.
    pub fn has(self, other: Set) -> bool {
        self.0 & other.0 == other.0
    }
}

/// What is wrong with a rule, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleError {
    /// File
    pub file: String,
    /// Line, from 1
    pub line: usize,
    /// Column, from 1
    pub column: usize,
    /// What is wrong, and what would work
    pub reason: String,
}

impl std::fmt::Display for RuleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.reason)
    }
}

/// Rules, in the order in which they are tried.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    templates: Vec<Arc<Template>>,
}

macro_rules! families {
    ($($name:literal)*) => {
        /// The families that come with the crate, with their text.
        const FAMILIES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../rules/", $name, ".rules")))),*];
    };
}

families! { "float_identities" "integers" "masks" "views" "maps" "broadcasts" "reductions" "scans" "matrices" "special" "complex" "fast_math" }

impl Rules {
    /// Those that come with the crate.
    pub fn builtin() -> &'static Rules {
        static BUILTIN: LazyLock<Rules> =
            LazyLock::new(|| Rules { templates: FAMILIES.iter().flat_map(|(family, text)| template::templates(text, family, Cow::Borrowed)).map(Arc::new).collect() });
        &BUILTIN
    }

    /// Families by name, with their text.
    pub fn families() -> &'static [(&'static str, &'static str)] {
        FAMILIES
    }

    /// Those of a text. What it says to be exact is tried on random operands.
    pub fn parse(text: &str, file: &str) -> Result<Rules, Vec<RuleError>> {
        let rules = parse::file(text, file)?;
        let refused: Vec<RuleError> = rules.iter().filter_map(|r| check::refusal(r).map(|reason| RuleError { file: file.into(), line: r.line, column: 1, reason })).collect();
        if refused.is_empty() { Ok(Rules { templates: template::templates(text, file, |line| Cow::Owned(line.into())).into_iter().map(Arc::new).collect() }) } else { Err(refused) }
    }

    /// Both, these first.
    pub fn with(&self, other: &Rules) -> Rules {
        Rules { templates: self.templates.iter().chain(&other.templates).cloned().collect() }
    }

    /// Those with none of these operators: what cannot be expressed outside is not worth finding.
    pub fn without(&self, operators: &[Operator]) -> Rules {
        Rules { templates: self.templates.iter().filter(|t| !operators.iter().any(|o| t.uses(*o))).cloned().collect() }
    }

    /// Those whose left side has only operators of a set.
    pub fn within(&self, here: Set) -> Vec<&Rule> {
        let mut found = vec![];
        self.templates.iter().for_each(|t| t.within(here, &mut found));
        found
    }

    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.templates.iter().flat_map(|t| t.rules())
    }
}
