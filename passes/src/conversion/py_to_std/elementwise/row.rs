//! The rows of a space: what its last axis goes through, for each position on the others.
use super::{Function, Operand, Space, space::Steps};
use super::super::{build::{V, Vs}, cx::{Cx, Res}, items::{element_type, load_element}, nest::{self, Copies}};
use numbra_abi::DType;

/// With more arrays than these that go in steps known at run time only, copies of a loop's body gain nothing: registers are short.
const FEW_STEPS: usize = 2;

/// An operand at one row.
#[derive(Clone)]
enum Source<'c, 'a> {
    Value(Vs<'c, 'a>),
    /// Start; each step is an element
    Unit(DType, V<'c, 'a>),
    /// Start, step in bytes
    Strided(DType, V<'c, 'a>, V<'c, 'a>),
    /// Start, whether the array stays where it is, and the element there: every load has a fixed stride, which vector code needs
    Either(DType, V<'c, 'a>, V<'c, 'a>, Vs<'c, 'a>),
}

/// One row of a space.
#[derive(Clone)]
pub struct Row<'c, 'a> {
    /// How many elements it has
    pub n: V<'c, 'a>,
    /// What loops over it may become
    pub copies: Copies,
    sources: Vec<Source<'c, 'a>>,
    // Start, and step in bytes if that is not an element.
    target: Option<(DType, V<'c, 'a>, Option<V<'c, 'a>>)>,
}

impl<'c: 'a, 'a> Row<'c, 'a> {
    /// A space of one axis; of one that broadcasts along it the first element is read, which must be there.
    pub fn new(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>) -> Self {
        let moving = match space.steps {
            Steps::Unit { first_moving } => {
                // Arrays that stay are read from a row of another one, and the value that was read before the loop is taken instead.
                let starts: Vs = space.arrays().map(|a| a.data).collect();
                let mut p = starts[0];
                for (k, start) in starts.iter().enumerate().skip(1) {
                    let number = cx.b.i64(k as i64);
                    let is_this = cx.b.eq(first_moving, number);
                    p = cx.b.select(is_this, *start, p);
                }
                Some(p)
            }
            _ => None,
        };
        let zero = cx.b.i64(0);
        let sources: Vec<Source> = space.operands.iter().map(|operand| match operand {
            Operand::Value(v) => Source::Value(v.clone()),
            Operand::Array(a) => {
                let (d, stride) = (a.ty.dtype, a.strides[0]);
                let is_unit = cx.b.known(stride) == Some(d.size() as i64);
                match (space.steps, moving) {
                    (Steps::Unit { .. }, Some(moving)) if !is_unit => {
                        let stays = cx.b.eq(stride, zero);
                        let first = load_element(cx, d, a.data);
                        Source::Either(d, cx.b.select(stays, moving, a.data), stays, first)
                    }
                    (Steps::Contiguous, _) if cx.b.known(stride) == Some(0) => Source::Strided(d, a.data, stride),
                    (Steps::Any, _) if !is_unit => Source::Strided(d, a.data, stride),
                    _ => Source::Unit(d, a.data),
                }
            }
        }).collect();
        let target = space.out.as_ref().map(|out| {
            let (d, stride) = (out.ty.dtype, out.strides[0]);
            let any = matches!(space.steps, Steps::Any) && cx.b.known(stride) != Some(d.size() as i64);
            (d, out.data, any.then_some(stride))
        });
        let steps = sources.iter().filter(|s| matches!(s, Source::Strided(_, _, stride) if cx.b.known(*stride).is_none())).count();
        let many = steps + usize::from(matches!(&target, Some((_, _, Some(_))))) > FEW_STEPS;
        let copies = if many { Copies::Rolled } else { Copies::Free };
        Self { n: space.shape[0], copies, sources, target }
    }

    /// What the function makes of the elements at a position.
    pub fn element(&self, cx: &mut Cx<'_, 'c, 'a>, function: &Function<'c>, i: V<'c, 'a>) -> Vs<'c, 'a> {
        let mut values = Vs::new();
        for source in &self.sources {
            match source {
                Source::Value(v) => values.extend(v.iter().copied()),
                Source::Unit(d, start) => {
                    let t = element_type(cx, *d);
                    let address = cx.b.at(*start, i, t);
                    values.extend(load_element(cx, *d, address));
                }
                Source::Strided(d, start, stride) => {
                    let bytes = cx.b.mul_nsw(i, *stride);
                    let address = cx.b.offset(*start, bytes);
                    values.extend(load_element(cx, *d, address));
                }
                Source::Either(d, start, stays, first) => {
                    let t = element_type(cx, *d);
                    let address = cx.b.at(*start, i, t);
                    for (loaded, first) in load_element(cx, *d, address).into_iter().zip(first) {
                        values.push(cx.b.select(*stays, *first, loaded));
                    }
                }
            }
        }
        function.call(cx, values)
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
    if !matches!(space.steps, Steps::Unit { .. }) {
        let row = Row::new(cx, space);
        return body(cx, &row, start.into());
    }
    // Nothing may be read of rows without elements.
    use melior::ir::ValueLike;
    let (inside, next) = (cx.b.new_block(&[]), cx.b.new_block(&start.iter().map(|v| v.r#type()).collect::<Vec<_>>()));
    let zero = cx.b.i64(0);
    let some = cx.b.slt(zero, space.shape[0]);
    cx.b.cond_br(some, (inside, &[]), (next, start));
    cx.b.block = inside;
    let row = Row::new(cx, space);
    let values = body(cx, &row, start.into())?;
    cx.b.br(next, &values);
    cx.b.block = next;
    Ok(cx.b.arguments(next))
}
