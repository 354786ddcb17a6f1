//! Records and structured arrays: fields by attribute, by constant name and by constant position; what can be assigned to them. In the typed stage every
//! access to a field is a subscript with its name.
use super::{attribute::dtype_entity, times};
use crate::infer::{expr::{Expr, Typing, computed, folded}, problem::Problem, val::Val};
use crate::suggest::nearest;
use numbra_abi::{DType, RecordId, record::Field};
use numbra_dialects::{Code, py::{ArrayTy, Layout, RecordTy, Ty}};

/// What has fields: a record, or an array of records.
#[derive(Clone, Copy)]
enum Holder {
    One(RecordTy),
    Many(ArrayTy, RecordId),
}

impl Holder {
    fn of(v: &Val) -> Option<Holder> {
        match v {
            Val::Of(Ty::Record(r)) => Some(Holder::One(*r)),
            Val::Of(Ty::Array(a)) => match a.dtype {
                DType::Record(id) => Some(Holder::Many(*a, id)),
                _ => None,
            },
            _ => None,
        }
    }

    fn id(self) -> RecordId {
        match self {
            Holder::One(r) => r.id,
            Holder::Many(_, id) => id,
        }
    }

    fn readonly(self) -> bool {
        match self {
            Holder::One(r) => r.readonly,
            Holder::Many(a, _) => a.readonly,
        }
    }

    /// The type of a field: a value, a reference, or a view. A view has any strides, as it steps over the other fields.
    fn field(self, f: &Field) -> Ty {
        let outer = if let Holder::Many(a, _) = self { a.rank } else { 0 };
        let view = ArrayTy { dtype: f.dtype, rank: outer + f.shape.len(), layout: Layout::A, readonly: self.readonly() };
        match self {
            Holder::One(_) if f.shape.is_empty() => view.element(),
            _ => Ty::Array(view),
        }
    }
}

/// The name that a constant subscript means.
fn name_of(holder: Holder, index: &Val) -> Option<Result<&'static Field, Box<Problem>>> {
    let record = holder.id().record();
    match index {
        Val::Of(Ty::Literal(name)) => Some(record.field(name).ok_or_else(|| missing(holder, name).at(1))),
        Val::Int(i) if matches!(holder, Holder::One(_)) => {
            let at = if *i < 0 { i + record.fields.len() as i64 } else { *i };
            let found = usize::try_from(at).ok().and_then(|at| record.fields.get(at));
            Some(found.ok_or_else(|| Problem::new(Code::NB0204, format!("field {i} is out of range: there are {}", record.fields.len())).at(1)))
        }
        _ => None,
    }
}

fn missing(holder: Holder, name: &str) -> Box<Problem> {
    let record = holder.id().record();
    let names: Vec<_> = record.names().collect();
    let problem = Problem::new(Code::NB0203, format!("the record has no field `{name}`: it has {}", names.join(", ")));
    problem.did_you_mean(nearest(name, names.iter().copied()))
}

fn access(f: &Field, t: Ty) -> Expr {
    let name = Val::string(f.name);
    Expr::GetItem(Box::new(Expr::Arg(0)), Box::new(Expr::constant(name)), t)
}

/// The field of a record that a subscript or attribute means, where it is one string: its name, what it holds (`U`: text, `S`: bytes), and its size in bytes.
pub fn string(v: &Val, index: &Val) -> Option<(&'static str, &'static str, usize)> {
    let holder = Holder::of(v).filter(|h| matches!(h, Holder::One(_)))?;
    let f = name_of(holder, index)?.ok().filter(|f| f.shape.is_empty())?;
    let DType::Record(id) = f.dtype else { return None };
    let dtype = id.record().strings?;
    // In the byte order of this machine.
    let kind = ["U", "S"].into_iter().find(|k| dtype.trim_start_matches(['<', '|', '=']).starts_with(k))?;
    Some((f.name, kind, id.record().size()))
}

/// The memory of a string in a record: a row of bytes.
pub fn string_place(v: &Val, e: &Expr, index: &Val) -> Option<Typing> {
    let (name, _, size) = string(v, index)?;
    let Val::Of(Ty::Record(r)) = v else { return None };
    let DType::Record(id) = r.id.record().field(name)?.dtype else { return None };
    let place = Expr::GetItem(Box::new(e.clone()), Box::new(Expr::constant(Val::string(name))), Ty::Record(RecordTy { id, readonly: r.readonly }));
    let shape = Expr::Tuple(vec![Expr::constant(Val::Int(size as i64))], Ty::tuple([Ty::INT]));
    let t = Ty::Array(ArrayTy { dtype: DType::UInt8, rank: 1, layout: Layout::C, readonly: r.readonly });
    Some(computed(t.clone(), Expr::builtin("array.view", vec![place, Expr::constant(Val::Int(0)), shape], t)))
}

/// Other strings are memory that is copied with the record.
fn is_readable(f: &Field) -> Result<(), Box<Problem>> {
    match f.dtype {
        DType::Record(id) if let Some(dtype) = id.record().strings => {
            let problem = Problem::new(Code::NB0203, format!("the field `{}` holds strings (`{dtype}`), of which compiled code reads and writes single ones only", f.name)).at(0);
            Err(problem.help("take one record, as in `a[i][\"name\"]`; records are copied with their strings"))
        }
        _ => Ok(()),
    }
}

fn read(holder: Holder, f: &Field) -> Typing {
    is_readable(f)?;
    let t = holder.field(f);
    computed(t.clone(), access(f, t))
}

/// `object.name`, where the object has such a field.
pub fn attribute(v: &Val, name: &str) -> Option<Typing> {
    let holder = Holder::of(v)?;
    match holder.id().record().field(name) {
        Some(f) => Some(read(holder, f)),
        None if name == "dtype" && matches!(holder, Holder::One(_)) => Some(folded(dtype_entity(DType::Record(holder.id())))),
        None => matches!(holder, Holder::One(_)).then(|| Err(missing(holder, name))),
    }
}

/// `object["name"]`
pub fn getitem(v: &Val, index: &Val) -> Option<Typing> {
    let holder = Holder::of(v)?;
    match name_of(holder, index) {
        Some(found) => Some(found.and_then(|f| read(holder, f))),
        None => matches!(holder, Holder::One(_)).then(|| {
            let problem = Problem::new(Code::NB0204, format!("{} is not the name of a field", index.describe())).at(1);
            Err(problem.help("the fields of a record have several types, so the name must be a constant"))
        }),
    }
}

/// `object.name = value`; the value is this operand.
pub fn setattr(v: &Val, name: &str, value: &Val, operand: usize) -> Option<Typing> {
    let holder = Holder::of(v)?;
    Some(match holder.id().record().field(name) {
        Some(f) => write(holder, f, v, value, operand),
        None => Err(missing(holder, name)),
    })
}

/// `object["name"] = value`; the value is operand 2.
pub fn setitem(v: &Val, index: &Val, value: &Val) -> Option<Typing> {
    let holder = Holder::of(v)?;
    match name_of(holder, index) {
        Some(found) => Some(found.and_then(|f| write(holder, f, v, value, 2))),
        None => matches!(holder, Holder::One(_)).then(|| Err(Problem::new(Code::NB0204, format!("{} is not the name of a field", index.describe())).at(1))),
    }
}

fn write(holder: Holder, f: &Field, object: &Val, value: &Val, operand: usize) -> Typing {
    if holder.readonly() {
        let problem = Problem::new(Code::NB0209, format!("{} is read-only", object.describe())).at(0);
        return Err(problem.help("work on a copy of the array: `a = a.copy()`"));
    }
    is_readable(f)?;
    let t = holder.field(f);
    let refuse = || Problem::new(Code::NB0204, format!("{} cannot be stored in the field `{}`, which is {}", value.describe(), f.name, f.dtype.name())).at(operand);
    let new = match (&t, value) {
        (Ty::Array(a), Val::Of(Ty::Array(b))) if a.dtype == b.dtype && b.rank <= a.rank => Expr::Arg(operand),
        (_, v) => stored(v, Expr::Arg(operand), f.dtype).ok_or_else(refuse)?,
    };
    let (target, index) = match t {
        Ty::Array(_) => (access(f, t), Val::Of(Ty::Ellipsis)),
        _ => (Expr::Arg(0), Val::string(f.name)),
    };
    computed(Ty::None, Expr::SetItem(Box::new(target), Box::new(Expr::constant(index)), Box::new(new)))
}

/// A value as element of this type, if it can be one.
pub fn stored(v: &Val, e: Expr, d: DType) -> Option<Expr> {
    match (d, v) {
        (DType::Record(id), Val::Of(Ty::Record(r))) => (r.id == id).then_some(e),
        _ if d.unit().is_some() => times::converted(v, e, d).ok(),
        _ => v.dtype().filter(|from| d.is_number() && (d.is_complex() || !from.is_complex())).map(|_| e.to(d)),
    }
}
