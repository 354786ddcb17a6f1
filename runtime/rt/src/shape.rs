//! Descriptors read: what the slots of a value mean, and the operations that follow from it: which slots own memory, and the order of two values.
use crate::list::List;
use crate::memory::{Header, release};
use crate::strings::Str;
use numbra_abi::{DType, descriptor, dtype::Kind};
use std::cmp::Ordering;

/// The meaning of a value's slots.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Nothing
    None,
    /// A scalar; complex numbers take two slots
    Scalar(DType),
    /// Owner, data, length and width
    Str,
    /// The list's header; shape of an element
    List(Box<Shape>),
    /// Owner, data, sizes, strides: rank and dtype
    Array(usize, DType),
    /// Parts one after the other
    Tuple(Vec<Shape>),
    /// A tag, then the parts of all members
    Union(Vec<Shape>),
    /// Start, stop, step
    Range(DType),
}

impl Shape {
    /// Reads a descriptor; what is malformed counts as `None`.
    ///
    /// # Safety
    /// `text` leads to a whole descriptor.
    pub unsafe fn read(text: *const u8) -> Shape {
        let mut at = text;
        // SAFETY: promised by the caller.
        unsafe { Shape::next(&mut at) }
    }

    /// # Safety
    /// As for [`Shape::read`].
    pub(crate) unsafe fn next(at: &mut *const u8) -> Shape {
        // SAFETY: a descriptor is a prefix form: each letter says what follows it.
        unsafe {
            let dtype = |at: &mut *const u8| {
                let d = descriptor::scalar_of(*at).unwrap_or(DType::Int64);
                *at = at.add(descriptor::scalar_length(d));
                d
            };
            if descriptor::scalar_of(*at).is_some() {
                return Shape::Scalar(dtype(at));
            }
            let letter = **at;
            *at = at.add(1);
            match letter as char {
                descriptor::STR => Shape::Str,
                descriptor::LIST => Shape::List(Box::new(Shape::next(at))),
                descriptor::ARRAY => {
                    let rank = usize::from((**at).wrapping_sub(b'0'));
                    *at = at.add(1);
                    Shape::Array(rank, dtype(at))
                }
                descriptor::RANGE => Shape::Range(dtype(at)),
                c @ (descriptor::TUPLE | descriptor::UNION) => {
                    let mut parts = vec![];
                    while **at as char != descriptor::CLOSE {
                        parts.push(Shape::next(at));
                    }
                    *at = at.add(1);
                    if c == descriptor::TUPLE { Shape::Tuple(parts) } else { Shape::Union(parts) }
                }
                _ => Shape::None,
            }
        }
    }

    /// How many slots a value takes.
    pub fn slots(&self) -> usize {
        match self {
            Shape::None => 0,
            Shape::Scalar(d) => 1 + usize::from(d.is_complex()),
            Shape::Str | Shape::Range(_) => 3,
            Shape::List(_) => 1,
            Shape::Array(rank, _) => 2 + 2 * rank,
            Shape::Tuple(parts) => parts.iter().map(Shape::slots).sum(),
            Shape::Union(members) => 1 + members.iter().map(Shape::slots).sum::<usize>(),
        }
    }

    /// What a union is at the moment, and its slots.
    ///
    /// # Safety
    /// The slots are those of a live value of this shape.
    pub unsafe fn member(&self, slots: *const u64) -> Option<(&Shape, *const u64)> {
        let Shape::Union(members) = self else { return None };
        // SAFETY: promised by the caller; the members lie one after the other behind the tag.
        unsafe {
            let tag = (*slots as usize).min(members.len().saturating_sub(1));
            let before: usize = members[..tag].iter().map(Shape::slots).sum();
            members.get(tag).map(|m| (m, slots.add(1 + before)))
        }
    }

    /// The name of the Python class of such values.
    pub fn python_name(&self) -> &'static str {
        match self {
            Shape::Scalar(d) => match d.kind() {
                Kind::Bool => "bool",
                Kind::Float => "float",
                Kind::Complex => "complex",
                Kind::DateTime => "numpy.datetime64",
                Kind::TimeDelta => "numpy.timedelta64",
                _ => "int",
            },
            Shape::Str => "str",
            Shape::List(_) => "list",
            Shape::Array(..) => "numpy.ndarray",
            Shape::Tuple(_) => "tuple",
            Shape::Range(_) => "range",
            Shape::None | Shape::Union(_) => "NoneType",
        }
    }

    /// The slots that own memory.
    pub fn owners(&self, base: usize, out: &mut Vec<usize>) {
        match self {
            Shape::Str | Shape::List(_) | Shape::Array(..) => out.push(base),
            Shape::Tuple(parts) | Shape::Union(parts) => {
                let mut at = base + usize::from(matches!(self, Shape::Union(_)));
                for p in parts {
                    p.owners(at, out);
                    at += p.slots();
                }
            }
            Shape::None | Shape::Scalar(_) | Shape::Range(_) => {}
        }
    }

    /// The order of two values, as Python has it. NaN comes after all numbers, so that sorting has a total order.
    ///
    /// # Safety
    /// Both lead to the slots of a live value of this shape.
    pub unsafe fn order(&self, a: *const u64, b: *const u64) -> Ordering {
        // SAFETY: promised by the caller.
        unsafe {
            match self {
                Shape::Scalar(d) => scalar_order(*d, *a, *b),
                Shape::Tuple(parts) => {
                    let mut at = 0;
                    for p in parts {
                        match p.order(a.add(at), b.add(at)) {
                            Ordering::Equal => at += p.slots(),
                            other => return other,
                        }
                    }
                    Ordering::Equal
                }
                Shape::Str => (*a.cast::<Str>()).text().order((*b.cast::<Str>()).text()),
                Shape::List(element) => {
                    let (x, y) = (&*(*a as *const List), &*(*b as *const List));
                    for i in 0..x.len.min(y.len) {
                        match element.order(x.element(i), y.element(i)) {
                            Ordering::Equal => {}
                            other => return other,
                        }
                    }
                    x.len.cmp(&y.len)
                }
                Shape::None | Shape::Array(..) | Shape::Union(_) | Shape::Range(_) => Ordering::Equal,
            }
        }
    }
}

/// The float in a slot.
pub fn float(d: DType, word: u64) -> f64 {
    if d.part() == DType::Float32 { f64::from(f32::from_bits(word as u32)) } else { f64::from_bits(word) }
}

/// The integer in a slot; a bool is its low byte.
pub fn integer(d: DType, word: u64) -> i128 {
    let unused = 64 - d.size() as u32 * 8;
    match d.kind() {
        Kind::Bool => i128::from(word as u8 != 0),
        Kind::Int | Kind::DateTime | Kind::TimeDelta => i128::from(((word << unused) as i64) >> unused),
        _ => i128::from((word << unused) >> unused),
    }
}

fn scalar_order(d: DType, a: u64, b: u64) -> Ordering {
    match d.kind() {
        Kind::Float => {
            let (x, y) = (float(d, a), float(d, b));
            x.partial_cmp(&y).unwrap_or_else(|| x.is_nan().cmp(&y.is_nan()))
        }
        Kind::Complex => Ordering::Equal,
        _ => integer(d, a).cmp(&integer(d, b)),
    }
}

/// Takes one more reference for each owner among the slots.
///
/// # Safety
/// The slots at `owners` hold live headers, or null for what a union is not.
pub unsafe fn retain_all(owners: &[usize], slots: *const u64) {
    for at in owners {
        // SAFETY: promised by the caller.
        unsafe {
            let header = *slots.add(*at) as *mut Header;
            if !header.is_null() {
                (*header).count += 1;
            }
        }
    }
}

/// Gives up one reference for each owner among the slots.
///
/// # Safety
/// The slots at `owners` hold null or live headers, of each of which the caller owns a reference.
pub unsafe fn release_all(owners: &[usize], slots: *const u64) {
    for at in owners {
        // SAFETY: promised by the caller.
        unsafe {
            let header = *slots.add(*at) as *mut Header;
            if !header.is_null() {
                release(header);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Shape {
        // SAFETY: the tests pass whole descriptors.
        unsafe { Shape::read(text.as_ptr()) }
    }

    #[test]
    fn descriptors_are_read() {
        let (int, float) = (descriptor::scalar(DType::Int64), descriptor::scalar(DType::Float64));
        assert_eq!(read(&format!("({int}S)")), Shape::Tuple(vec![Shape::Scalar(DType::Int64), Shape::Str]));
        assert_eq!(read(&format!("[A2{float}")), Shape::List(Box::new(Shape::Array(2, DType::Float64))));
        let mut owners = vec![];
        let shape = read(&format!("({int}A1{float}[{int}UNS))"));
        shape.owners(0, &mut owners);
        assert_eq!((shape.slots(), owners), (1 + 4 + 1 + 4, vec![1, 5, 7]));
    }

    #[test]
    fn order_is_pythons() {
        let shape = Shape::Tuple(vec![Shape::Scalar(DType::Int8), Shape::Scalar(DType::Float64)]);
        let value = |i: i64, x: f64| [i as u64, x.to_bits()];
        // SAFETY: the arrays have the slots of the shape.
        let order = |a: [u64; 2], b: [u64; 2]| unsafe { shape.order(a.as_ptr(), b.as_ptr()) };
        assert_eq!(order(value(-1, 2.0), value(1, 1.0)), Ordering::Less);
        assert_eq!(order(value(1, 2.0), value(1, 1.0)), Ordering::Greater);
        assert_eq!(order(value(1, f64::NAN), value(1, 1.0)), Ordering::Greater);
        assert_eq!(order(value(1, f64::NAN), value(1, f64::NAN)), Ordering::Equal);
    }
}
