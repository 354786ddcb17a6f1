//! Which machine values a Python value is made of, by type: the table of docs/internals/contracts.md, section "Machine form".
use super::build::{Types, V, Vs};
use melior::ir::Type;
use numbra_dialects::py::{ArrayTy, Ty};
use smallvec::SmallVec;

/// The machine types of a value of this type, added to `out`.
pub fn flatten<'c>(t: &Types<'c>, ty: &Ty, out: &mut Vec<Type<'c>>) {
    match ty {
        Ty::Scalar(d) if d.is_complex() => out.extend([t.scalar(*d); 2]),
        Ty::Scalar(d) => out.push(t.scalar(*d)),
        Ty::Tuple(_) | Ty::Zip(_) | Ty::Slice(_) | Ty::Closure(..) | Ty::Struct(_) => ty.parts().unwrap_or_default().iter().for_each(|p| flatten(t, p, out)),
        Ty::Union(members) => {
            out.push(t.i64);
            members.iter().for_each(|m| flatten(t, m, out));
        }
        Ty::List(_) => out.push(t.ptr),
        Ty::Record(_) => out.extend([t.ptr; 2]),
        Ty::Callable(_) => out.extend([t.ptr, t.i64]),
        Ty::Str => out.extend([t.ptr, t.ptr, t.i64]),
        Ty::Array(a) => {
            out.extend([t.ptr; 2]);
            out.extend(std::iter::repeat_n(t.i64, 2 * a.rank));
        }
        Ty::Range(d) => out.extend([t.scalar(*d); 3]),
        Ty::Enumerate(inner) => {
            flatten(t, inner, out);
            out.push(t.i64);
        }
        Ty::Iterator(inner) => {
            flatten(t, inner, out);
            out.extend(std::iter::repeat_n(t.ptr, states(inner)));
        }
        Ty::Any | Ty::None | Ty::Literal(_) | Ty::Ellipsis | Ty::Entity(_) | Ty::Function(_) | Ty::Exception(_) => {}
    }
}

/// The machine types of a value of this type.
pub fn flattened<'c>(t: &Types<'c>, ty: &Ty) -> Vec<Type<'c>> {
    let mut out = vec![];
    flatten(t, ty, &mut out);
    out
}

/// How many machine values a value of this type has.
pub fn count(ty: &Ty) -> usize {
    match ty {
        Ty::Scalar(d) => 1 + usize::from(d.is_complex()),
        Ty::Array(a) => 2 + 2 * a.rank,
        Ty::Range(_) | Ty::Str => 3,
        Ty::List(_) => 1,
        Ty::Record(_) | Ty::Callable(_) => 2,
        Ty::Union(members) => 1 + members.iter().map(count).sum::<usize>(),
        Ty::Enumerate(inner) => count(inner) + 1,
        Ty::Iterator(inner) => count(inner) + states(inner),
        other => other.parts().unwrap_or_default().iter().map(count).sum(),
    }
}

/// How many stack slots an iterator over this type has: its position, as many as it has independent parts.
pub fn states(ty: &Ty) -> usize {
    match ty {
        Ty::Range(_) => 2,
        Ty::Enumerate(inner) => states(inner) + 1,
        Ty::Zip(parts) => parts.iter().map(states).sum(),
        // It has its own.
        Ty::Iterator(_) => 0,
        _ => 1,
    }
}

/// Whether a value of this type refers to memory that is counted.
pub fn managed(ty: &Ty) -> bool {
    match ty {
        Ty::Array(_) | Ty::List(_) | Ty::Str | Ty::Record(_) => true,
        Ty::Union(members) => members.iter().any(managed),
        Ty::Enumerate(inner) | Ty::Iterator(inner) => managed(inner),
        other => other.parts().unwrap_or_default().iter().any(managed),
    }
}

/// Whether the elements that iteration over this type gives have references of their own: those of lists, which may change meanwhile.
pub fn owned_elements(iterable: &Ty) -> bool {
    match iterable {
        Ty::List(e) => managed(e),
        Ty::Enumerate(inner) | Ty::Iterator(inner) => owned_elements(inner),
        Ty::Zip(parts) => parts.iter().any(owned_elements),
        _ => false,
    }
}

/// The positions of the owners of memory among a value's machine values.
pub fn owners(ty: &Ty, base: usize, out: &mut Vec<usize>) {
    match ty {
        Ty::Array(_) | Ty::List(_) | Ty::Str | Ty::Record(_) => out.push(base),
        Ty::Enumerate(inner) | Ty::Iterator(inner) => owners(inner, base, out),
        other => {
            let (parts, mut at) = match other {
                Ty::Union(members) => (&members[..], base + 1),
                other => (other.parts().unwrap_or_default(), base),
            };
            for p in parts {
                owners(p, at, out);
                at += count(p);
            }
        }
    }
}

/// The machine values of part `index` of a tuple or zip.
pub fn part<'v, 'c, 'a>(parts: &[Ty], values: &'v [V<'c, 'a>], index: usize) -> &'v [V<'c, 'a>] {
    let start: usize = parts[..index].iter().map(count).sum();
    &values[start..start + count(&parts[index])]
}

/// An array taken apart.
#[derive(Clone)]
#[allow(missing_docs)]
pub struct Arr<'c, 'a> {
    pub ty: ArrayTy,
    pub owner: V<'c, 'a>,
    pub data: V<'c, 'a>,
    pub shape: Vs<'c, 'a>,
    /// In bytes
    pub strides: Vs<'c, 'a>,
}

impl<'c, 'a> Arr<'c, 'a> {
    /// From the machine values of a value of this type.
    pub fn new(ty: ArrayTy, v: &[V<'c, 'a>]) -> Self {
        Self { ty, owner: v[0], data: v[1], shape: SmallVec::from_slice(&v[2..2 + ty.rank]), strides: SmallVec::from_slice(&v[2 + ty.rank..2 + 2 * ty.rank]) }
    }
    /// The machine values.
    pub fn values(&self) -> Vs<'c, 'a> {
        [self.owner, self.data].into_iter().chain(self.shape.iter().copied()).chain(self.strides.iter().copied()).collect()
    }
}
