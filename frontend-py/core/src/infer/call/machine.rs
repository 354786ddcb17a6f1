//! `numbra.machine`: operations of the machine on scalars and memory, of which a program's intrinsics are made.
//!
//! The table says what each takes and gives; nothing is converted, so that an intrinsic computes what it says. Memory is not checked: addresses are integers.
use super::Arguments;
use crate::infer::{expr::{Expr, Typed, computed, scalar}, problem::Problem, val::{Val, fits}};
use crate::catalog::{Arg, types::dtype_named};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::{Code, py::Ty};

/// What the operands of an operation are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Integers of one type
    Integers(usize),
    /// Floats of one type
    Floats(usize),
    /// A bool, and two scalars of one type
    Choice,
    /// A scalar and a type, of which the operation converts the one to the other
    Conversion,
    /// An address and a type
    Address,
    /// A scalar and an address
    Store,
    /// The address of a function of C, a type or None, and scalars
    Function,
}

/// What an operation gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A scalar of the operands' type
    Same,
    /// A bool
    Bool,
    /// A scalar of the type that is the second argument
    Named,
    /// Nothing
    None,
}

/// An operation: its builtin in the typed stage, what it takes and gives.
type Row = (&'static str, Takes, Gives);

use {Gives::{Bool, Named, Same}, Takes::{Conversion, Floats, Integers}};

const ROWS: &[Row] = &[
    ("machine.add", Integers(2), Same), ("machine.and", Integers(2), Same), ("machine.ashr", Integers(2), Same), ("machine.bitcast", Conversion, Named),
    ("machine.bitreverse", Integers(1), Same), ("machine.bswap", Integers(1), Same), ("machine.call", Takes::Function, Named), ("machine.ctlz", Integers(1), Same),
    ("machine.ctpop", Integers(1), Same), ("machine.cttz", Integers(1), Same), ("machine.fadd", Floats(2), Same), ("machine.fcmp_oeq", Floats(2), Bool),
    ("machine.fcmp_oge", Floats(2), Bool), ("machine.fcmp_ogt", Floats(2), Bool), ("machine.fcmp_ole", Floats(2), Bool), ("machine.fcmp_olt", Floats(2), Bool),
    ("machine.fcmp_one", Floats(2), Bool), ("machine.fcmp_ord", Floats(2), Bool), ("machine.fcmp_ueq", Floats(2), Bool), ("machine.fcmp_uge", Floats(2), Bool),
    ("machine.fcmp_ugt", Floats(2), Bool), ("machine.fcmp_ule", Floats(2), Bool), ("machine.fcmp_ult", Floats(2), Bool), ("machine.fcmp_une", Floats(2), Bool),
    ("machine.fcmp_uno", Floats(2), Bool), ("machine.fdiv", Floats(2), Same), ("machine.fma", Floats(3), Same), ("machine.fmul", Floats(2), Same),
    ("machine.fneg", Floats(1), Same), ("machine.fpext", Conversion, Named), ("machine.fptosi", Conversion, Named), ("machine.fptoui", Conversion, Named),
    ("machine.fptrunc", Conversion, Named), ("machine.frem", Floats(2), Same), ("machine.fsub", Floats(2), Same), ("machine.icmp_eq", Integers(2), Bool),
    ("machine.icmp_ne", Integers(2), Bool), ("machine.icmp_sge", Integers(2), Bool), ("machine.icmp_sgt", Integers(2), Bool), ("machine.icmp_sle", Integers(2), Bool),
    ("machine.icmp_slt", Integers(2), Bool), ("machine.icmp_uge", Integers(2), Bool), ("machine.icmp_ugt", Integers(2), Bool), ("machine.icmp_ule", Integers(2), Bool),
    ("machine.icmp_ult", Integers(2), Bool), ("machine.load", Takes::Address, Named), ("machine.lshr", Integers(2), Same), ("machine.mul", Integers(2), Same),
    ("machine.or", Integers(2), Same), ("machine.sdiv", Integers(2), Same), ("machine.select", Takes::Choice, Same), ("machine.sext", Conversion, Named),
    ("machine.shl", Integers(2), Same), ("machine.sitofp", Conversion, Named), ("machine.srem", Integers(2), Same), ("machine.store", Takes::Store, Gives::None),
    ("machine.sub", Integers(2), Same), ("machine.trunc", Conversion, Named), ("machine.udiv", Integers(2), Same), ("machine.uitofp", Conversion, Named),
    ("machine.urem", Integers(2), Same), ("machine.xor", Integers(2), Same), ("machine.zext", Conversion, Named),
];

/// The operation that a path names.
pub fn row(path: &str) -> Option<&'static Row> {
    let name = path.strip_prefix("numbra.")?;
    ROWS.binary_search_by(|r| r.0.cmp(name)).ok().map(|i| &ROWS[i])
}

/// All operations: name, number of arguments, and whether the result has the operands' type (`same`), is a bool (`bool`), or has a type that is named.
pub fn operations() -> impl Iterator<Item = (&'static str, usize, &'static str)> {
    ROWS.iter().map(|(path, takes, gives)| {
        let count = match takes {
            Integers(n) | Floats(n) => *n,
            Takes::Choice => 3,
            Conversion | Takes::Address | Takes::Store | Takes::Function => 2,
        };
        let gives = match gives {
            Same => "same",
            Bool => "bool",
            Named => "named",
            Gives::None => "none",
        };
        (path.strip_prefix("machine.").unwrap_or(path), count, gives)
    })
}

fn wrong(row: &Row, arg: &Arg, wanted: &str) -> Box<Problem> {
    Problem::new(Code::NB0201, format!("`numbra.{}` takes {wanted}, not {}", row.0, arg.val.describe())).at(arg.position)
}

/// The types of operands, which must be one; a constant has the type of the others, if it fits.
fn one_type(row: &Row, args: &[Arg], wanted: &str, is: fn(DType) -> bool) -> Result<DType, Box<Problem>> {
    let typed = args.iter().find(|a| !a.val.is_number_literal()).or(args.first());
    let d = typed.and_then(|a| a.val.dtype()).filter(|d| is(*d));
    let Some(d) = d else { return Err(args.first().map_or_else(|| Problem::new(Code::NB0207, format!("`numbra.{}` misses an argument", row.0)), |a| wrong(row, typed.unwrap_or(a), wanted))) };
    for a in args {
        let same = a.val.dtype() == Some(d) || match a.val {
            Val::Int(i) => d.is_float() || fits(i, d),
            _ => false,
        };
        if !same {
            return Err(wrong(row, a, &format!("{wanted} of one type, here {}", d.name())));
        }
    }
    Ok(d)
}

fn is_real(d: DType) -> bool {
    d.is_number() && !d.is_complex()
}

/// Whether an operation converts one type to the other.
fn converts(name: &str, from: DType, to: DType) -> bool {
    let (f, t) = (from.kind(), to.kind());
    let (i, o) = (matches!(f, Kind::Int | Kind::UInt), matches!(t, Kind::Int | Kind::UInt));
    match name {
        "machine.bitcast" => from.size() == to.size() && (i || f == Kind::Float) && (o || t == Kind::Float),
        "machine.trunc" => i && (t == Kind::Bool || (o && to.bits() < from.bits())),
        "machine.zext" => o && (f == Kind::Bool || (i && to.bits() > from.bits())),
        "machine.sext" => i && o && to.bits() > from.bits(),
        "machine.fptrunc" => from == DType::Float64 && to == DType::Float32,
        "machine.fpext" => from == DType::Float32 && to == DType::Float64,
        "machine.sitofp" | "machine.uitofp" => i && t == Kind::Float,
        "machine.fptosi" | "machine.fptoui" => f == Kind::Float && o,
        _ => false,
    }
}

/// Types an operation.
pub fn typed(row: &'static Row, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let (path, takes, gives) = *row;
    let args: Vec<Arg> = arguments.iter().map(|a| a.1.clone()).collect();
    let count = match takes {
        Integers(n) | Floats(n) => n..=n,
        Takes::Choice => 3..=3,
        Takes::Function => 2..=usize::MAX,
        _ => 2..=2,
    };
    if !count.contains(&args.len()) || arguments.iter().any(|a| a.0.is_some()) {
        return Err(Problem::new(Code::NB0207, format!("`numbra.{path}` takes {} arguments by position, but {} are given", count.start(), args.len())));
    }
    let to = |a: &Arg, d: DType| a.expr.clone().to(d);
    let named = |a: &Arg| dtype_named(&a.val).filter(|d| is_real(*d)).ok_or_else(|| wrong(row, a, "a scalar type"));
    let address = |a: &Arg| if a.val.dtype() == Some(DType::Int64) || a.val.dtype() == Some(DType::UInt64) { Ok(to(a, DType::Int64)) } else { Err(wrong(row, a, "an address, which is an int64 or uint64")) };
    let (operands, own): (Vec<Expr>, Option<DType>) = match takes {
        Integers(_) | Floats(_) => {
            let d = if matches!(takes, Integers(_)) { one_type(row, &args, "integers", DType::is_integer)? } else { one_type(row, &args, "floats", DType::is_float)? };
            (args.iter().map(|a| to(a, d)).collect(), Some(d))
        }
        Takes::Choice => {
            if args[0].val.dtype() != Some(DType::Bool) {
                return Err(wrong(row, &args[0], "a bool"));
            }
            let d = one_type(row, &args[1..], "scalars", is_real)?;
            (vec![to(&args[0], DType::Bool), to(&args[1], d), to(&args[2], d)], Some(d))
        }
        Conversion => {
            let d = named(&args[1])?;
            let from = args[0].val.dtype().filter(|from| converts(path, *from, d));
            let from = from.ok_or_else(|| wrong(row, &args[0], &format!("what it converts to {}", d.name())))?;
            (vec![to(&args[0], from)], Some(d))
        }
        Takes::Address => (vec![address(&args[0])?], Some(named(&args[1])?)),
        Takes::Store => {
            let d = args[0].val.dtype().filter(|d| is_real(*d)).ok_or_else(|| wrong(row, &args[0], "a scalar"))?;
            (vec![to(&args[0], d), address(&args[1])?], None)
        }
        Takes::Function => return function(row, &args, address(&args[0])?).map(Some),
    };
    match (gives, own) {
        (Bool, _) => scalar(DType::Bool, Expr::builtin(path, operands, Ty::BOOL)).map(Some),
        (Same | Named, Some(d)) => scalar(d, Expr::builtin(path, operands, Ty::Scalar(d))).map(Some),
        _ => computed(Ty::None, Expr::builtin(path, operands, Ty::None)).map(Some),
    }
}

/// A call of a function of C.
fn function(row: &'static Row, args: &[Arg], address: Expr) -> Result<Typed, Box<Problem>> {
    let result = match &args[1].val {
        Val::Of(Ty::None) => Ty::None,
        v => Ty::Scalar(dtype_named(v).filter(|d| is_real(*d)).ok_or_else(|| wrong(row, &args[1], "a scalar type or None as result"))?),
    };
    let mut operands = vec![address];
    for a in &args[2..] {
        let d = a.val.dtype().filter(|d| is_real(*d)).ok_or_else(|| wrong(row, a, "scalars"))?;
        operands.push(a.expr.clone().to(d));
    }
    computed(result.clone(), Expr::builtin(row.0, operands, result))
}

#[cfg(test)]
mod tests {
    #[test]
    fn rows_are_sorted() {
        assert!(super::ROWS.windows(2).all(|w| w[0].0 < w[1].0));
    }
}
