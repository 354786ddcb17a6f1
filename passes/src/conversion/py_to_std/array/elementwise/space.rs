//! Operands that were broadcast to one shape, and views of parts of them.
use crate::conversion::py_to_std::{build::{V, Vs}, cx::{Cx, Res}, flatten::Arr};
use melior::{dialect::arith::CmpiPredicate, ir::{OperationRef, Value, operation::OperationLike}};
use numbra_abi::ExceptionKind;
use numbra_dialects::py::{Layout, Ty};
use smallvec::smallvec;

/// What a function of elements gets.
#[derive(Clone)]
pub enum Operand<'c, 'a> {
    /// Elements of an array, whose shape and strides are those of the space: 0 on axes that are broadcast
    Array(Arr<'c, 'a>),
    /// The same each time
    Value(Vs<'c, 'a>),
}

/// How arrays go along the innermost axis.
#[derive(Clone, Copy)]
pub enum Steps {
    /// Each by an element
    Contiguous,
    /// Each by an element, or not at all
    Unit,
    /// Any
    Any,
    /// Any, where another loop was chosen for nearly all there is: the code is kept small
    Rare,
}

/// What loops go over.
#[derive(Clone)]
pub struct Space<'c, 'a> {
    /// What the function gets
    pub operands: Vec<Operand<'c, 'a>>,
    /// The array that is written: as many axes as the space, of one element and stride 0 where it stays
    pub out: Option<Arr<'c, 'a>>,
    /// Lengths of the axes
    pub shape: Vs<'c, 'a>,
    /// How the last axis is walked along
    pub steps: Steps,
    /// Whether all arrays have one layout, in which they are rows of memory where they have one shape
    pub regular: bool,
    /// Whether no array is stretched, but on axes where that is known when the program is compiled; nothing where that is sure
    pub one_shape: Option<V<'c, 'a>>,
    /// The strides of the arrays where none is stretched
    pub plain: Vec<Vs<'c, 'a>>,
    /// Of the array that is written, where its size matters
    pub size: Option<Size<'c, 'a>>,
}

/// What is known of the memory of an array that is written.
#[derive(Clone, Copy)]
pub struct Size<'c, 'a> {
    /// Whether it is larger than caches
    pub large: V<'c, 'a>,
    /// Bytes from the start of a cache line, any one, to the first element
    pub before: V<'c, 'a>,
}

impl<'c: 'a, 'a> Size<'c, 'a> {
    /// The same from an element on that lies so many steps further.
    pub fn from(self, cx: &mut Cx<'_, 'c, 'a>, steps: V<'c, 'a>, step: V<'c, 'a>) -> Self {
        let bytes = cx.b.mul_nsw(steps, step);
        Self { before: cx.b.add_nsw(self.before, bytes), ..self }
    }
}

/// The operands of an op from position `from` on.
pub fn operands<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>, from: usize) -> Res<Vec<Operand<'c, 'a>>> {
    op.operands().skip(from).collect::<Vec<Value>>().into_iter().map(|v| {
        Ok(match cx.ty(v)? {
            Ty::Array(_) => Operand::Array(cx.array(v)?),
            _ => Operand::Value(cx.get(v)?),
        })
    }).collect()
}

/// The arrays among operands.
pub fn arrays<'k, 'c, 'a>(operands: &'k [Operand<'c, 'a>]) -> impl Iterator<Item = &'k Arr<'c, 'a>> {
    operands.iter().filter_map(|o| match o {
        Operand::Array(a) => Some(a),
        Operand::Value(_) => None,
    })
}

impl<'c: 'a, 'a> Space<'c, 'a> {
    /// The operands broadcast to one shape, or to that of a target. ValueError where they do not fit.
    pub fn new(cx: &mut Cx<'_, 'c, 'a>, mut operands: Vec<Operand<'c, 'a>>, target: Option<&[V<'c, 'a>]>) -> Self {
        let rank = arrays(&operands).map(|a| a.ty.rank).chain(target.map(<[_]>::len)).max().unwrap_or(0);
        let layout = arrays(&operands).next().map_or(Layout::C, |a| a.ty.layout);
        let regular = layout != Layout::A && arrays(&operands).all(|a| a.ty.rank == rank && a.ty.layout == layout);
        let Broadcast { shape, one_shape, plain, stretched } = broadcast(cx, &mut operands, rank, target);
        let mut space = Space { operands, out: None, shape, steps: Steps::Any, regular: regular && !stretched, one_shape, plain, size: None };
        if rank == 0 {
            // One element is a row of one.
            let one = cx.b.i64(1);
            space.shape = smallvec![one];
            for a in space.arrays_mut() {
                (a.shape, a.strides) = (smallvec![one], smallvec![cx.b.i64(a.ty.dtype.size() as i64)]);
            }
        }
        space
    }

    /// Says which array is written. Memory can be walked through as one row only if that has the layout of the others.
    pub fn write_to(&mut self, out: Arr<'c, 'a>) {
        self.regular &= out.ty.layout != Layout::A && self.arrays().all(|a| a.ty.layout == out.ty.layout);
        self.out = Some(out);
    }

    /// How many axes there are.
    pub fn rank(&self) -> usize {
        self.shape.len()
    }

    /// The arrays among the operands.
    pub fn arrays(&self) -> impl Iterator<Item = &Arr<'c, 'a>> {
        arrays(&self.operands)
    }

    fn arrays_mut(&mut self) -> impl Iterator<Item = &mut Arr<'c, 'a>> {
        self.operands.iter_mut().filter_map(|o| match o {
            Operand::Array(a) => Some(a),
            Operand::Value(_) => None,
        })
    }

    // The same with all arrays changed, that which is written too.
    fn map_arrays(&self, mut f: impl FnMut(Arr<'c, 'a>) -> Arr<'c, 'a>) -> Self {
        let mut all = self.clone();
        for a in all.arrays_mut() {
            *a = f(a.clone());
        }
        all.out = all.out.map(f);
        all
    }

    /// Whether all arrays are in Fortran order, so that the axes are better taken in the opposite order.
    pub fn is_fortran(&self) -> bool {
        self.regular && self.rank() > 1 && self.arrays().all(|a| a.ty.layout == Layout::F)
    }

    /// The axes in the opposite order.
    pub fn transposed(&self) -> Self {
        let mut all = self.map_arrays(|mut a| {
            a.ty.layout = match a.ty.layout {
                Layout::C => Layout::F,
                Layout::F => Layout::C,
                Layout::A => Layout::A,
            };
            a.shape.reverse();
            a.strides.reverse();
            a
        });
        all.shape.reverse();
        all.plain.iter_mut().for_each(|strides| strides.reverse());
        all
    }

    /// The same where no array is stretched.
    pub fn unstretched(&self) -> Option<Self> {
        let mut all = self.clone();
        if !self.has_plain() {
            return None;
        }
        for (a, strides) in all.arrays_mut().zip(&self.plain) {
            a.strides.clone_from(strides);
        }
        Some(all)
    }

    /// What there is to go through where no array is stretched, if all are known then to go in steps of an element on the last axis, or to stay.
    pub fn contiguous(&self, cx: &Cx<'_, 'c, 'a>) -> Option<Self> {
        let last = self.rank() - 1;
        let all = Self { steps: Steps::Contiguous, ..self.unstretched()? };
        let known = |a: &Arr<'c, 'a>| matches!(cx.b.known(a.strides[last]), Some(s) if s == 0 || s == a.ty.dtype.size() as i64);
        (all.arrays().all(known) && all.out.as_ref().is_none_or(known)).then_some(all)
    }

    // Whether it is known how arrays go where none is stretched.
    fn has_plain(&self) -> bool {
        self.plain.len() == self.arrays().count() && self.plain.iter().all(|strides| strides.len() == self.rank())
    }

    /// Whether all operands are known to go in steps of an element on the last axis, or to stay where they are: because of their types, or because they are stretched.
    pub fn moves_by_elements_or_stays(&self, cx: &Cx<'_, 'c, 'a>) -> bool {
        let last = self.rank() - 1;
        self.has_plain() && self.arrays().zip(&self.plain).all(|(a, plain)| matches!(cx.b.known(plain[last]), Some(s) if s == 0 || s == a.ty.dtype.size() as i64))
    }

    /// The part at one position of an axis, which is gone then.
    pub fn fixed(&self, cx: &mut Cx<'_, 'c, 'a>, axis: usize, at: V<'c, 'a>) -> Self {
        let mut part = self.map_arrays(|mut a| {
            let bytes = cx.b.mul_nsw(at, a.strides[axis]);
            a.data = cx.b.offset(a.data, bytes);
            a.shape.remove(axis);
            a.strides.remove(axis);
            a
        });
        part.size = self.size_from(cx, axis, at);
        part.shape.remove(axis);
        for strides in &mut part.plain {
            strides.remove(axis);
        }
        part
    }

    /// The part between two positions of an axis.
    pub fn part(&self, cx: &mut Cx<'_, 'c, 'a>, axis: usize, first: V<'c, 'a>, count: V<'c, 'a>) -> Self {
        let mut part = self.map_arrays(|mut a| {
            let bytes = cx.b.mul_nsw(first, a.strides[axis]);
            a.data = cx.b.offset(a.data, bytes);
            a.shape[axis] = count;
            a
        });
        part.size = self.size_from(cx, axis, first);
        part.shape[axis] = count;
        part
    }

    /// Has the array that another space has at one place be at another: this space is a part of that one.
    pub fn relocate(&mut self, whole: &Self, from: V<'c, 'a>, to: V<'c, 'a>) {
        for (own, other) in self.operands.iter_mut().zip(&whole.operands) {
            if let (Operand::Array(own), Operand::Array(other)) = (own, other) && other.data == from {
                own.data = to;
            }
        }
        if let (Some(own), Some(other)) = (&mut self.out, &whole.out) && other.data == from {
            own.data = to;
        }
    }

    fn size_from(&self, cx: &mut Cx<'_, 'c, 'a>, axis: usize, at: V<'c, 'a>) -> Option<Size<'c, 'a>> {
        let step = self.out.as_ref()?.strides[axis];
        self.size.map(|size| size.from(cx, at, step))
    }

    /// Regular arrays in C order as they are, but where they have one shape all elements lie on the last axis; with an axis that must remain, on the last ones before, at and behind it.
    /// The other axes have one element then.
    pub fn joined(&self, cx: &mut Cx<'_, 'c, 'a>, one_shape: V<'c, 'a>, split: Option<usize>) -> Self {
        let mut all = self.clone();
        all.steps = Steps::Unit;
        let one = cx.b.i64(1);
        for group in groups(self.rank(), split) {
            let last = group.end - 1;
            if group.len() == 1 {
                continue;
            }
            let total = self.shape[group.clone()].iter().fold(one, |n, m| cx.b.mul_nsw(n, *m));
            for axis in group {
                all.shape[axis] = cx.b.select(one_shape, if axis == last { total } else { one }, self.shape[axis]);
            }
            if last + 1 == self.rank() {
                continue;
            }
            // An axis of one element may have any step.
            all = all.map_arrays(|mut a| {
                if cx.b.known(a.strides[last]) != Some(0) {
                    let item = cx.b.i64(a.ty.dtype.size() as i64);
                    let step = a.shape[last + 1..].iter().fold(item, |n, m| cx.b.mul_nsw(n, *m));
                    a.strides[last] = cx.b.select(one_shape, step, a.strides[last]);
                }
                a
            });
        }
        all
    }

    /// Arrays of one shape in C order with fewer axes: one, or those before an axis, that axis, and those behind it.
    pub fn collapsed(&self, cx: &mut Cx<'_, 'c, 'a>, split: Option<usize>) -> Self {
        let groups = groups(self.rank(), split);
        let one = cx.b.i64(1);
        let lengths = |cx: &mut Cx<'_, 'c, 'a>, shape: &[V<'c, 'a>]| -> Vs<'c, 'a> {
            groups.iter().map(|g| shape[g.clone()].iter().fold(one, |n, m| cx.b.mul_nsw(n, *m))).collect()
        };
        let zero = cx.b.i64(0);
        let mut all = self.map_arrays(|mut a| {
            let stays: Vec<bool> = groups.iter().map(|g| g.len() == 1 && cx.b.known(a.strides[g.start]) == Some(0)).collect();
            a.shape = lengths(cx, &a.shape);
            let mut stride = cx.b.i64(a.ty.dtype.size() as i64);
            let mut strides = Vs::new();
            for (n, stays) in a.shape.iter().zip(stays).rev() {
                strides.push(if stays { zero } else { stride });
                stride = cx.b.mul_nsw(stride, *n);
            }
            strides.reverse();
            a.strides = strides;
            a
        });
        all.shape = lengths(cx, &self.shape);
        all.steps = Steps::Contiguous;
        all
    }
}

// The axes that become one where memory is contiguous: all, or those before an axis that must remain, that axis, and those behind it.
fn groups(rank: usize, split: Option<usize>) -> Vec<std::ops::Range<usize>> {
    match split {
        None => vec![0..rank],
        Some(k) => [0..k, k..k + 1, k + 1..rank].into_iter().filter(|g| !g.is_empty()).collect(),
    }
}

// What operands broadcast to.
struct Broadcast<'c, 'a> {
    shape: Vs<'c, 'a>,
    one_shape: Option<V<'c, 'a>>,
    // Strides of the arrays where none is stretched, but those that are sure to be.
    plain: Vec<Vs<'c, 'a>>,
    // Whether an array is sure to be stretched.
    stretched: bool,
}

// The shape to which the operands broadcast, and whether they all have it; gives them that shape.
fn broadcast<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, operands: &mut [Operand<'c, 'a>], rank: usize, target: Option<&[V<'c, 'a>]>) -> Broadcast<'c, 'a> {
    let (zero, one) = (cx.b.i64(0), cx.b.i64(1));
    let mut lengths: Vec<Option<V>> = vec![None; rank];
    let (mut wrong, mut one_shape): (Option<V>, Option<V>) = (None, None);
    // What the target has is fixed: axes in front of it have one element, and it is not stretched itself.
    let before = target.map_or(0, |t| rank - t.len());
    for (at, n) in target.into_iter().flatten().enumerate() {
        lengths[at + before] = Some(*n);
    }
    if target.is_some() {
        lengths[..before].fill(Some(one));
    }
    let single = |cx: &Cx<'_, 'c, 'a>, n: V<'c, 'a>| cx.b.known(n) == Some(1);
    for array in arrays(operands) {
        for (axis, n) in array.shape.iter().enumerate() {
            let at = axis + rank - array.ty.rank;
            let Some(m) = lengths[at].filter(|m| m != n) else {
                lengths[at].get_or_insert(*n);
                continue;
            };
            if single(cx, *n) {
                continue;
            }
            if target.is_none() && single(cx, m) {
                lengths[at] = Some(*n);
                continue;
            }
            let (same, n_single) = (cx.b.eq(m, *n), cx.b.eq(*n, one));
            let mut fits = cx.b.or(same, n_single);
            if target.is_none() {
                let m_single = cx.b.eq(m, one);
                fits = cx.b.or(fits, m_single);
                // A length that is known stays so, whichever operand has it: sums are grouped by it.
                lengths[at] = Some(if cx.b.known(*n).is_some() { *n } else { cx.b.select(m_single, *n, m) });
            }
            let misfit = cx.b.not(fits);
            wrong = Some(wrong.map_or(misfit, |w| cx.b.or(w, misfit)));
            one_shape = Some(one_shape.map_or(same, |s| cx.b.and(s, same)));
        }
    }
    if let Some(wrong) = wrong {
        let message = if target.is_some() { "could not broadcast the assigned array to the shape of the target" } else { "operands could not be broadcast together" };
        cx.raise_if(wrong, ExceptionKind::ValueError, message);
    }
    let shape: Vs = lengths.into_iter().map(|n| n.unwrap_or(one)).collect();
    let (mut plain, mut stretched) = (vec![], false);
    for operand in operands {
        let Operand::Array(array) = operand else { continue };
        let missing = rank - array.ty.rank;
        let mut unstretched: Vs = std::iter::repeat_n(zero, missing).collect();
        let mut strides = unstretched.clone();
        for (axis, (n, stride)) in array.shape.iter().zip(&array.strides).enumerate() {
            let whole = shape[axis + missing];
            let (own, other) = if *n == whole {
                (*stride, *stride)
            } else if single(cx, *n) {
                stretched = true;
                (zero, zero)
            } else {
                let stays = cx.b.cmp(CmpiPredicate::Ne, *n, whole);
                (*stride, cx.b.select(stays, zero, *stride))
            };
            unstretched.push(own);
            strides.push(other);
        }
        (array.shape, array.strides) = (shape.clone(), strides);
        plain.push(unstretched);
    }
    Broadcast { shape, one_shape, plain, stretched }
}
