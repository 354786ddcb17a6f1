//! What a reduction makes of two elements, what it starts with, and in which type.
use super::Function;
use crate::conversion::py_to_std::{build::{V, Vs}, cx::{Cx, Res}, scalar::{cast, compare, scalars, times}};
use melior::{dialect::{arith, ods::arith as ods}, ir::{OperationRef, attribute::StringAttribute, operation::{OperationLike, OperationMutLike}}};
use numbra_abi::{DType, dtype};
use smallvec::smallvec;

/// The reductions.
#[derive(Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Sum,
    Mean,
    Prod,
    Min,
    Max,
    Any,
    All,
    ArgMin,
    ArgMax,
    /// Of distances to the mean, added up
    Squares,
}

const NAMES: &[(&str, Kind)] = &[
    ("sum", Kind::Sum), ("mean", Kind::Mean), ("prod", Kind::Prod), ("min", Kind::Min), ("max", Kind::Max), ("any", Kind::Any), ("all", Kind::All), ("argmin", Kind::ArgMin),
    ("argmax", Kind::ArgMax), ("squares", Kind::Squares),
];

impl Kind {
    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(n, _)| *n == name).map(|(_, k)| *k)
    }
    /// That which an op names.
    pub fn of(op: OperationRef) -> Option<Self> {
        Self::named(StringAttribute::try_from(op.attribute("kind").ok()?).ok()?.value())
    }
    /// Whether it gives the position of an element.
    pub fn is_position(self) -> bool {
        matches!(self, Self::ArgMin | Self::ArgMax)
    }
    /// Whether larger elements win.
    pub fn is_larger(self) -> bool {
        matches!(self, Self::Max | Self::ArgMax)
    }
    /// What is wrong with no elements, if anything is.
    pub fn without_elements(self) -> Option<&'static str> {
        match self {
            Self::Min => Some("zero-size array to reduction operation minimum which has no identity"),
            Self::Max => Some("zero-size array to reduction operation maximum which has no identity"),
            Self::ArgMin => Some("attempt to get argmin of an empty sequence"),
            Self::ArgMax => Some("attempt to get argmax of an empty sequence"),
            _ => None,
        }
    }
}

/// A reduction of what a function gives.
pub struct Reduction<'k, 'c> {
    /// Which one was asked for
    pub asked: Kind,
    /// Which one it is: extrema of bools are found as soon as one decides
    pub kind: Kind,
    /// What makes the elements
    pub function: &'k Function<'c>,
    /// The type in which elements are put together
    pub dtype: DType,
}

impl<'k, 'c: 'a, 'a> Reduction<'k, 'c> {
    /// Of this kind, with elements of this type as its result.
    pub fn new(cx: &Cx<'_, 'c, 'a>, function: &'k Function<'c>, kind: Kind, result: DType) -> Res<Self> {
        let dtype = match kind {
            Kind::Sum | Kind::Prod | Kind::Mean | Kind::Squares => result,
            Kind::Any | Kind::All => DType::Bool,
            _ => function.dtype,
        };
        let fits = match kind {
            Kind::Mean => result.is_float() || result.is_complex(),
            Kind::Squares => result.is_float() && function.dtype.is_number() && !function.dtype.is_complex(),
            Kind::Sum => result.is_number() || result.unit().is_some(),
            Kind::Prod => result.is_number(),
            Kind::Any | Kind::All => result == DType::Bool,
            Kind::Min | Kind::Max => result == dtype && !dtype.is_complex(),
            Kind::ArgMin | Kind::ArgMax => result == DType::Int64 && !dtype.is_complex(),
        };
        if fits && !function.dtype.is_record() { Ok(Self { asked: kind, kind: of_bools(kind, dtype), function, dtype }) } else { cx.unsupported(format!("this reduction of {} to {}", function.dtype.name(), result.name())) }
    }

    /// That of an op which gives elements of this type.
    pub fn named(cx: &Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>, function: &'k Function<'c>, result: DType) -> Res<Option<Self>> {
        Kind::of(op).map(|kind| Self::new(cx, function, kind, result)).transpose()
    }

    /// What changes nothing where it comes first: of floats also not the sign of a zero.
    pub fn identity_of_scan(&self, cx: &mut Cx<'_, 'c, 'a>) -> Vs<'c, 'a> {
        if !self.rounds() {
            return self.identity(cx);
        }
        let t = cx.b.t.scalar(self.dtype);
        let zero = cx.b.float(t, -0.0);
        std::iter::repeat_n(zero, 1 + usize::from(self.dtype.is_complex())).collect()
    }

    /// Whether rounding errors add up.
    pub fn rounds(&self) -> bool {
        matches!(self.kind, Kind::Sum | Kind::Mean) && (self.dtype.is_float() || self.dtype.is_complex())
    }

    /// Whether a few elements are better looked at one after the other than by what vector code needs around it: sums that carry errors, and positions but for floats, whose
    /// comparisons are longer chains than that.
    pub fn prefers_short(&self) -> bool {
        self.rounds() || (self.kind.is_position() && !self.dtype.is_float())
    }

    /// An element in the type in which it is put together with others.
    pub fn prepared(&self, cx: &mut Cx<'_, 'c, 'a>, v: &[V<'c, 'a>]) -> Vs<'c, 'a> {
        cast::scalar(cx, self.function.dtype, self.dtype, v)
    }

    /// What changes nothing: where there are elements, for extrema.
    pub fn identity(&self, cx: &mut Cx<'_, 'c, 'a>) -> Vs<'c, 'a> {
        let (d, t) = (self.dtype, cx.b.t.scalar(self.dtype));
        let first = match self.kind {
            Kind::Sum | Kind::Mean | Kind::Any | Kind::Squares => cx.b.number(t, 0),
            Kind::Prod | Kind::All => cx.b.number(t, 1),
            Kind::Min | Kind::Max | Kind::ArgMin | Kind::ArgMax => {
                let larger = self.kind.is_larger();
                let bits = d.bits();
                match d.kind() {
                    dtype::Kind::Float => cx.b.float(t, if larger { f64::NEG_INFINITY } else { f64::INFINITY }),
                    dtype::Kind::Bool => cx.b.bool(!larger),
                    dtype::Kind::UInt => cx.b.int(t, if larger { 0 } else { -1 }),
                    dtype::Kind::Int => cx.b.int(t, if larger { i64::MIN >> (64 - bits) } else { i64::MAX >> (64 - bits) }),
                    // The smallest count is NaT.
                    _ => cx.b.int(t, if larger { i64::MIN + 1 } else { i64::MAX }),
                }
            }
        };
        if d.is_complex() { smallvec![first, cx.b.number(t, 0)] } else { smallvec![first] }
    }

    /// Two elements put together. Where `regrouped`, the order of several is free: that is what lets sums be vectorised.
    pub fn together(&self, cx: &mut Cx<'_, 'c, 'a>, a: &[V<'c, 'a>], b: &[V<'c, 'a>], regrouped: bool) -> Res<Vs<'c, 'a>> {
        let d = self.dtype;
        Ok(match self.kind {
            Kind::Sum | Kind::Mean if regrouped && self.rounds() => a.iter().zip(b).map(|(x, y)| self::regrouped(cx, *x, *y)).collect(),
            Kind::Sum | Kind::Mean => add(cx, d, a, b),
            Kind::Prod if d.is_complex() => {
                let (re, im) = (cx.b.fmul(a[0], b[0]), cx.b.fmul(a[1], b[1]));
                let (cross, other) = (cx.b.fmul(a[0], b[1]), cx.b.fmul(a[1], b[0]));
                smallvec![cx.b.fsub(re, im), cx.b.fadd(cross, other)]
            }
            Kind::Prod => smallvec![if d.is_float() { cx.b.fmul(a[0], b[0]) } else { cx.b.mul(a[0], b[0]) }],
            Kind::Squares => return cx.invalid("squared distances of two elements alone"),
            Kind::Any => smallvec![cx.b.or(a[0], b[0])],
            Kind::All => smallvec![cx.b.and(a[0], b[0])],
            Kind::ArgMax if d == DType::Bool => smallvec![cx.b.or(a[0], b[0])],
            Kind::ArgMin if d == DType::Bool => smallvec![cx.b.and(a[0], b[0])],
            Kind::Min | Kind::Max | Kind::ArgMin | Kind::ArgMax => {
                let larger = self.kind.is_larger();
                smallvec![if d.is_float() { nan_extremum(cx, larger, a[0], b[0]) } else { scalars::extremum(cx, d, larger, a[0], b[0])? }]
            }
        })
    }

    /// Whether an element comes before what was found so far: it is smaller (larger), or the first NaN or NaT.
    pub fn is_better(&self, cx: &mut Cx<'_, 'c, 'a>, new: V<'c, 'a>, old: V<'c, 'a>) -> Res<V<'c, 'a>> {
        use numbra_dialects::py::CompareKind::{Gt, Lt};
        let better = compare::scalars(cx, if self.kind.is_larger() { Gt } else { Lt }, self.dtype, &[new], &[old])?;
        if self.dtype.is_float() {
            let (new, old) = (cx.b.fcmp(arith::CmpfPredicate::Uno, new, new), cx.b.fcmp(arith::CmpfPredicate::Ord, old, old));
            let first_nan = cx.b.and(new, old);
            return Ok(cx.b.or(better, first_nan));
        }
        if self.dtype.unit().is_some() {
            let (new, old) = (times::is_nat(cx, new), times::is_nat(cx, old));
            let (keep, none) = (cx.b.not(old), cx.b.bool(false));
            let first_nat = cx.b.select(new, keep, none);
            return Ok(cx.b.or(better, first_nat));
        }
        Ok(better)
    }
}

/// a + b, of floats, in a sum of which the order is free
pub fn regrouped<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
    let mut op = arith::addf(a, b, cx.b.loc);
    if let Some(flags) = cx.b.fast.reassoc {
        op.set_attribute("fastmath", flags);
    }
    cx.b.value(op)
}

fn of_bools(kind: Kind, dtype: DType) -> Kind {
    match kind {
        Kind::Min if dtype == DType::Bool => Kind::All,
        Kind::Max if dtype == DType::Bool => Kind::Any,
        kind => kind,
    }
}

/// a + b, of any scalar type
pub fn add<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, a: &[V<'c, 'a>], b: &[V<'c, 'a>]) -> Vs<'c, 'a> {
    let float = d.is_float() || d.is_complex();
    if d.unit().is_some() {
        return smallvec![times::sum(cx, a[0], b[0])];
    }
    a.iter().zip(b).map(|(x, y)| if float { cx.b.fadd(*x, *y) } else { cx.b.add(*x, *y) }).collect()
}

/// NaN wins; which of two zeros does is left open, as in NumPy: that lets it be vectorised.
pub fn nan_extremum<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, larger: bool, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
    let (context, loc) = (cx.b.context, cx.b.loc);
    let mut op: melior::ir::Operation = if larger { ods::maximumf(context, a, b, loc).into() } else { ods::minimumf(context, a, b, loc).into() };
    if let Some(flags) = cx.b.fast.nsz {
        op.set_attribute("fastmath", flags);
    }
    cx.b.value(op)
}
