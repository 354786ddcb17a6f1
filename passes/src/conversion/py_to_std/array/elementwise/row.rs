//! The rows of a space: what its last axis goes through, for each position on the others.
use super::{Function, Operand, Space, space::{Size, Steps}};
use crate::conversion::py_to_std::{build::{V, Vs}, cx::{Cx, Res}};
use super::super::{items::{element_type, load_element}, nest::{self, Copies}};
use numbra_abi::DType;

/// With more arrays than these that go in steps known at run time only, copies of a loop's body gain nothing: registers are short.
const FEW_STEPS: usize = 1;

/// So many elements are filled at once: they fit into the first cache together with those of other arrays.
pub const FILLED: i64 = 1024;
/// More elements than any row has; numbers of them can be added up.
const UNDIVIDED: i64 = 1 << 61;

/// An operand at one row.
#[derive(Clone)]
enum Source<'c, 'a> {
    Value(Vs<'c, 'a>),
    /// Start; each step is an element
    Unit(DType, V<'c, 'a>),
    /// Start, step in bytes
    Strided(DType, V<'c, 'a>, V<'c, 'a>),
    /// Start, step in bytes: that of an element, or 0 in a filled piece of memory, which is read like any other from position 0 of each part of the row
    Filled(DType, V<'c, 'a>, V<'c, 'a>),
}

/// One row of a space.
#[derive(Clone)]
pub struct Row<'c, 'a> {
    /// How many elements it has
    pub n: V<'c, 'a>,
    /// What loops over it may become
    pub copies: Copies,
    sources: Vec<Source<'c, 'a>>,
    // How many elements can be read from filled memory before its start is due again; nothing where no array may be filled.
    most: Option<V<'c, 'a>>,
    // Start, and step in bytes if that is not an element.
    target: Option<(DType, V<'c, 'a>, Option<V<'c, 'a>>)>,
    /// Of an array that is written in steps of an element, where its size matters
    pub size: Option<Size<'c, 'a>>,
}

impl<'c: 'a, 'a> Row<'c, 'a> {
    /// A space of one axis.
    pub fn new(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>) -> Self {
        let mut filled = Fills::default();
        let sources: Vec<Source> = space.operands.iter().map(|operand| match operand {
            Operand::Value(v) => Source::Value(v.clone()),
            Operand::Array(a) => {
                let (d, stride) = (a.ty.dtype, a.strides[0]);
                match (space.steps, cx.b.known(stride)) {
                    (_, Some(s)) if s == d.size() as i64 => Source::Unit(d, a.data),
                    (Steps::Unit, None) => filled.add(cx, d, a.data, stride),
                    (Steps::Contiguous, None) => Source::Unit(d, a.data),
                    _ => Source::Strided(d, a.data, stride),
                }
            }
        }).collect();
        let most = filled.fill(cx, space.shape[0]);
        let target = space.out.as_ref().map(|out| {
            let (d, stride) = (out.ty.dtype, out.strides[0]);
            let any = matches!(space.steps, Steps::Any | Steps::Rare) && cx.b.known(stride) != Some(d.size() as i64);
            (d, out.data, any.then_some(stride))
        });
        let steps = sources.iter().filter(|s| matches!(s, Source::Strided(_, _, stride) if cx.b.known(*stride).is_none())).count();
        let many = steps + usize::from(matches!(&target, Some((_, _, Some(_))))) > FEW_STEPS;
        let copies = match space.steps {
            Steps::Rare => Copies::Scalar,
            _ if many => Copies::Rolled,
            _ => Copies::Free,
        };
        let size = space.size.filter(|_| matches!(space.steps, Steps::Contiguous | Steps::Unit) && matches!(target, Some((_, _, None))));
        Self { n: space.shape[0], copies, sources, most, target, size }
    }

    /// Whether all arrays go in steps of an element.
    pub fn by_elements(&self) -> bool {
        !self.sources.iter().any(|s| matches!(s, Source::Strided(..))) && !matches!(self.target, Some((_, _, Some(_))))
    }

    /// Whether the array that it names besides its operands goes in steps of an element.
    pub fn writes_by_elements(&self) -> bool {
        matches!(self.target, Some((_, _, None)))
    }

    /// So many elements from a position on; of filled memory there have to be as many.
    pub fn part(&self, cx: &mut Cx<'_, 'c, 'a>, first: V<'c, 'a>, count: V<'c, 'a>) -> Self {
        let mut part = Self { n: count, ..self.clone() };
        if cx.b.known(first) == Some(0) {
            return part;
        }
        for source in &mut part.sources {
            match source {
                Source::Value(_) => {}
                Source::Unit(d, start) => *start = moved(cx, *d, *start, first),
                Source::Strided(_, start, step) | Source::Filled(_, start, step) => {
                    let bytes = cx.b.mul_nsw(first, *step);
                    *start = cx.b.offset(*start, bytes);
                }
            }
        }
        if let (Some(size), Some((d, ..))) = (&mut part.size, part.target) {
            let step = cx.b.i64(d.size() as i64);
            *size = size.from(cx, first, step);
        }
        if let Some((d, start, step)) = &mut part.target {
            *start = match step {
                None => moved(cx, *d, *start, first),
                Some(step) => {
                    let bytes = cx.b.mul_nsw(first, *step);
                    cx.b.offset(*start, bytes)
                }
            };
        }
        part
    }

    /// Runs `body` for parts that follow each other, from their first position on, with values that are carried from one to the next: one part, unless memory is filled.
    pub fn in_parts<'m>(
        &self, cx: &mut Cx<'m, 'c, 'a>, start: &[V<'c, 'a>], body: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, &Self, V<'c, 'a>, Vs<'c, 'a>) -> Res<Vs<'c, 'a>>,
    ) -> Res<Vs<'c, 'a>> {
        let Some(most) = self.most else {
            let zero = cx.b.i64(0);
            return body(cx, self, zero, start.into());
        };
        nest::pieces_of_size(cx, self.n, most, start, &mut |cx, first, count, carried| {
            let part = self.part(cx, first, count);
            body(cx, &part, first, carried)
        })
    }

    /// What the function makes of the elements at a position.
    pub fn element(&self, cx: &mut Cx<'_, 'c, 'a>, function: &Function<'c>, i: V<'c, 'a>) -> Vs<'c, 'a> {
        let mut values = Vs::new();
        for source in &self.sources {
            match source {
                Source::Value(v) => values.extend(v.iter().copied()),
                Source::Unit(d, start) | Source::Filled(d, start, _) => {
                    let t = element_type(cx, *d);
                    let address = cx.b.at(*start, i, t);
                    values.extend(load_element(cx, *d, address));
                }
                Source::Strided(d, start, stride) => {
                    let bytes = cx.b.mul_nsw(i, *stride);
                    let address = cx.b.offset(*start, bytes);
                    values.extend(load_element(cx, *d, address));
                }
            }
        }
        function.call(cx, values)
    }

    /// Rounds the address that is written to: a number that has all bits but the lowest ones.
    pub fn round_target(&mut self, cx: &mut Cx<'_, 'c, 'a>, mask: i64) {
        if let Some((_, start, _)) = &mut self.target {
            let (mask, ptr) = (cx.b.i64(mask), cx.b.t.ptr);
            *start = cx.b.intrinsic("llvm.ptrmask", &[*start, mask], ptr);
        }
    }

    /// Type and address of the element at a position in the array that is written.
    pub fn target(&self, cx: &mut Cx<'_, 'c, 'a>, i: V<'c, 'a>) -> Res<(DType, V<'c, 'a>)> {
        let Some((d, start, stride)) = self.target else { return cx.invalid("a loop that writes without an array to write to") };
        Ok((d, match stride {
            None => {
                let t = element_type(cx, d);
                cx.b.at(start, i, t)
            }
            Some(stride) => {
                let bytes = cx.b.mul_nsw(i, stride);
                cx.b.offset(start, bytes)
            }
        }))
    }
}

/// Runs `body` for every row, with values that are carried from one to the next.
pub fn each_row<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, space: &Space<'c, 'a>, start: &[V<'c, 'a>], body: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, &Row<'c, 'a>, Vs<'c, 'a>) -> Res<Vs<'c, 'a>>,
) -> Res<Vs<'c, 'a>> {
    if space.rank() > 1 {
        return nest::count_loop(cx, space.shape[0], start, &mut |cx, i, carried| {
            let part = space.fixed(cx, 0, i);
            each_row(cx, &part, &carried, body)
        });
    }
    let row = Row::new(cx, space);
    body(cx, &row, start.into())
}

// The address so many elements on.
fn moved<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, start: V<'c, 'a>, by: V<'c, 'a>) -> V<'c, 'a> {
    let t = element_type(cx, d);
    cx.b.at(start, by, t)
}

/// Memory that is filled with the element of each array that stays where it is, so that one loop of vector code reads arrays that move and arrays that stay.
#[derive(Default)]
struct Fills<'c, 'a> {
    // Memory, element, whether it is wanted.
    rows: Vec<(DType, V<'c, 'a>, V<'c, 'a>, V<'c, 'a>)>,
}

impl<'c: 'a, 'a> Fills<'c, 'a> {
    // An array that goes in steps of an element, or not at all.
    fn add(&mut self, cx: &mut Cx<'_, 'c, 'a>, d: DType, start: V<'c, 'a>, stride: V<'c, 'a>) -> Source<'c, 'a> {
        let (zero, t) = (cx.b.i64(0), element_type(cx, d));
        let memory = cx.b.slot(t, FILLED);
        let stays = cx.b.eq(stride, zero);
        self.rows.push((d, memory, start, stays));
        Source::Filled(d, cx.b.select(stays, memory, start), stride)
    }

    // Fills what is wanted for a row of so many elements; into how long parts the row has to be divided.
    fn fill(self, cx: &mut Cx<'_, 'c, 'a>, n: V<'c, 'a>) -> Option<V<'c, 'a>> {
        let any = self.rows.iter().map(|row| row.3).reduce(|a, b| cx.b.or(a, b))?;
        let (inside, next) = (cx.b.new_block(&[]), cx.b.new_block(&[]));
        let none = cx.b.not(any);
        cx.b.likely(none, (next, &[]), (inside, &[]));
        cx.b.block = inside;
        let (zero, most, whole) = (cx.b.i64(0), cx.b.i64(FILLED), cx.b.i64(UNDIVIDED));
        let some = cx.b.smin(n, most);
        for (d, memory, start, stays) in self.rows {
            let (count, size) = (cx.b.select(stays, some, zero), cx.b.i64(d.size() as i64));
            cx.runtime("nb_fill", &[memory, start, count, size]);
        }
        cx.b.br(next, &[]);
        cx.b.block = next;
        Some(cx.b.select(any, most, whole))
    }
}
