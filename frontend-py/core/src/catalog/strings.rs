//! Strings: their methods, the builtin functions that make them of other values, and `hash`.
use super::{Arg, Call, Row, row};
use crate::infer::{
    arithmetic,
    comparison::truth,
    expr::{Expr, Typing, computed, folded, scalar},
    objects::{formatting, lists::{from_iterable, list_of}, strings::{constant, is_string, string}},
    problem::Problem,
    val::Val,
};
use numbra_abi::{DType, dtype::Kind, text::{SEARCHES, TESTS}};
use numbra_dialects::{Code, py::{BinaryKind, CompareKind, Ty}};

pub(super) const ROWS: &[Row] = &[
    row("builtins.ascii", "obj, /", "", shown),
    row("builtins.chr", "i, /", "str.chr", chr),
    row("builtins.format", "value, format_spec=None, /", "str.format", format),
    row("builtins.hash", "obj, /", "", hash),
    row("builtins.ord", "c, /", "str.ord", ord),
    row("builtins.repr", "obj, /", "", shown),
    row("builtins.str", "object=None", "", shown),
    row("str.capitalize", "self, /", "str.capitalize", map),
    row("str.casefold", "self, /", "str.casefold", map),
    row("str.center", "self, width, fillchar=None, /", "str.justify", justify),
    row("str.count", "self, sub, start=None, end=None, /", "str.search", search),
    row("str.endswith", "self, suffix, start=None, end=None, /", "str.starts", starts),
    row("str.find", "self, sub, start=None, end=None, /", "str.search", search),
    row("str.index", "self, sub, start=None, end=None, /", "str.search", search),
    row("str.isalnum", "self, /", "str.test", test),
    row("str.isalpha", "self, /", "str.test", test),
    row("str.isascii", "self, /", "str.test", test),
    row("str.isdecimal", "self, /", "str.test", test),
    row("str.isdigit", "self, /", "str.test", test),
    row("str.isidentifier", "self, /", "str.test", test),
    row("str.islower", "self, /", "str.test", test),
    row("str.isnumeric", "self, /", "str.test", test),
    row("str.isprintable", "self, /", "str.test", test),
    row("str.isspace", "self, /", "str.test", test),
    row("str.istitle", "self, /", "str.test", test),
    row("str.isupper", "self, /", "str.test", test),
    row("str.join", "self, iterable, /", "str.join", join),
    row("str.ljust", "self, width, fillchar=None, /", "str.justify", justify),
    row("str.lower", "self, /", "str.lower", map),
    row("str.lstrip", "self, chars=None, /", "str.strip", strip),
    row("str.partition", "self, sep, /", "str.partition", partition),
    row("str.removeprefix", "self, prefix, /", "str.trim", trim),
    row("str.removesuffix", "self, suffix, /", "str.trim", trim),
    row("str.replace", "self, old, new, count=None, /", "str.replace", replace),
    row("str.rfind", "self, sub, start=None, end=None, /", "str.search", search),
    row("str.rindex", "self, sub, start=None, end=None, /", "str.search", search),
    row("str.rjust", "self, width, fillchar=None, /", "str.justify", justify),
    row("str.rpartition", "self, sep, /", "str.partition", partition),
    row("str.rsplit", "self, /, sep=None, maxsplit=None", "str.split", split),
    row("str.rstrip", "self, chars=None, /", "str.strip", strip),
    row("str.split", "self, /, sep=None, maxsplit=None", "str.split", split),
    row("str.splitlines", "self, /, keepends=None", "str.splitlines", splitlines),
    row("str.startswith", "self, prefix, start=None, end=None, /", "str.starts", starts),
    row("str.strip", "self, chars=None, /", "str.strip", strip),
    row("str.swapcase", "self, /", "str.swapcase", map),
    row("str.title", "self, /", "str.title", map),
    row("str.upper", "self, /", "str.upper", map),
    row("str.zfill", "self, width, /", "str.zfill", zfill),
];

/// The name of the method or function.
fn name(call: &Call) -> &'static str {
    call.row.path.split_once('.').map_or(call.row.path, |p| p.1)
}

/// A string argument.
fn text(call: &Call, i: usize) -> Result<Expr, Box<Problem>> {
    let arg = call.arg(i)?;
    if is_string(&arg.val) { Ok(string(arg.expr.clone())) } else { Err(call.refuse(arg, "a string")) }
}

/// A string argument that may be None.
fn optional_text(call: &Call, i: usize) -> Result<Expr, Box<Problem>> {
    if call.optional(i).is_some() { text(call, i) } else { Ok(Expr::constant(Val::NONE)) }
}

/// An integer argument, or what stands for it.
fn integer(call: &Call, i: usize, default: i64) -> Result<Expr, Box<Problem>> {
    if call.optional(i).is_some() { Ok(call.integer(i)?.1.to(DType::Int64)) } else { Ok(int(default)) }
}

fn int(i: i64) -> Expr {
    Expr::constant(Val::Int(i))
}

fn flag(b: bool) -> Expr {
    Expr::constant(Val::Bool(b))
}

fn made(call: &Call, args: Vec<Expr>) -> Typing {
    computed(Ty::Str, call.builtin(args, Ty::Str))
}

fn position(table: &[&str], name: &str) -> Expr {
    int(table.iter().position(|n| *n == name).map_or(-1, |i| i as i64))
}

fn shown(call: &Call) -> Typing {
    let Some(arg) = call.args.first().and_then(Option::as_ref) else { return folded(Val::string("")) };
    formatting::converted(arg, match name(call) {
        "ascii" => "a",
        "repr" => "r",
        _ => "s",
    })
}

fn format(call: &Call) -> Typing {
    formatting::formatted("", &[(formatting::Shown { arg: call.arg(0)?, conversion: "", spec: call.optional(1) }, "")])
}

fn chr(call: &Call) -> Typing {
    if let Val::Int(i) = call.arg(0)?.val
        && let Some(c) = u32::try_from(i).ok().and_then(char::from_u32)
    {
        return folded(Val::string(&c.to_string()));
    }
    made(call, vec![call.integer(0)?.1.to(DType::Int64)])
}

fn ord(call: &Call) -> Typing {
    let mut chars = constant(&call.arg(0)?.val).unwrap_or_default().chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return folded(Val::Int(i64::from(c as u32)));
    }
    scalar(DType::Int64, call.builtin(vec![text(call, 0)?], Ty::INT))
}

fn hashed(call: &Call, arg: &Arg, v: &Val, e: Expr) -> Result<Expr, Box<Problem>> {
    let (path, e) = match v {
        Val::Tuple(parts) => {
            let lanes = parts.iter().zip(arithmetic::elements(&e, parts)).map(|(v, e)| hashed(call, arg, v, e)).collect::<Result<Vec<_>, _>>()?;
            return Ok(Expr::builtin("hash.tuple", lanes, Ty::INT));
        }
        v if is_string(v) => ("hash.str", string(e)),
        v if let Some(d) = v.dtype().filter(|d| d.is_complex()) => {
            let part = |name| {
                let part = Expr::GetAttr(Box::new(e.clone()), name, Ty::Scalar(d.part()));
                Expr::builtin("hash.float", vec![part.to(DType::Float64)], Ty::INT)
            };
            let imaginary = Expr::binary(BinaryKind::Mul, part("imag"), Expr::constant(Val::Int(1_000_003)), DType::Int64);
            let sum = Expr::binary(BinaryKind::Add, part("real"), imaginary, DType::Int64);
            // -1 stands for an error in CPython, and becomes -2.
            let error = Expr::compare(CompareKind::Eq, sum.clone(), Expr::constant(Val::Int(-1)));
            return Ok(Expr::binary(BinaryKind::Sub, sum, error.to(DType::Int64), DType::Int64));
        }
        v => match v.dtype() {
            Some(DType::UInt64) => ("hash.uint", e),
            Some(d) if d.kind() == Kind::Float => ("hash.float", e.to(DType::Float64)),
            Some(d) if !d.is_complex() => ("hash.int", e.to(DType::Int64)),
            _ => return Err(call.refuse(arg, "numbers, strings, and tuples of them")),
        },
    };
    Ok(Expr::builtin(path, vec![e], Ty::INT))
}

fn hash(call: &Call) -> Typing {
    let arg = call.arg(0)?;
    scalar(DType::Int64, hashed(call, arg, &arg.val, arg.expr.clone())?)
}

fn map(call: &Call) -> Typing {
    made(call, vec![text(call, 0)?])
}

fn test(call: &Call) -> Typing {
    scalar(DType::Bool, call.builtin(vec![text(call, 0)?, position(TESTS, name(call))], Ty::BOOL))
}

fn search(call: &Call) -> Typing {
    let args = vec![text(call, 0)?, text(call, 1)?, integer(call, 2, 0)?, integer(call, 3, i64::MAX)?, position(SEARCHES, name(call))];
    scalar(DType::Int64, call.builtin(args, Ty::INT))
}

fn starts(call: &Call) -> Typing {
    let one = |prefix: Expr| Ok::<Expr, Box<Problem>>(call.builtin(vec![text(call, 0)?, prefix, integer(call, 2, 0)?, integer(call, 3, i64::MAX)?, flag(name(call) == "endswith")], Ty::BOOL));
    let arg = call.arg(1)?;
    let Val::Tuple(parts) = &arg.val else { return scalar(DType::Bool, one(text(call, 1)?)?) };
    if !parts.iter().all(is_string) {
        return Err(call.refuse(arg, "a string or a tuple of strings"));
    }
    let mut all: Option<Expr> = None;
    for prefix in arithmetic::elements(&arg.expr, parts) {
        let this = one(string(prefix))?;
        all = Some(all.map_or(this.clone(), |l| Expr::binary(BinaryKind::Or, l, this, DType::Bool)));
    }
    all.map_or_else(|| folded(Val::Bool(false)), |e| scalar(DType::Bool, e))
}

/// Both sides, the left or the right one: bits 1 and 2.
fn strip(call: &Call) -> Typing {
    let sides = match name(call) {
        "lstrip" => 1,
        "rstrip" => 2,
        _ => 3,
    };
    made(call, vec![text(call, 0)?, optional_text(call, 1)?, int(sides)])
}

fn trim(call: &Call) -> Typing {
    made(call, vec![text(call, 0)?, text(call, 1)?, flag(name(call) == "removesuffix")])
}

fn replace(call: &Call) -> Typing {
    made(call, vec![text(call, 0)?, text(call, 1)?, text(call, 2)?, integer(call, 3, -1)?])
}

fn justify(call: &Call) -> Typing {
    let sides = match name(call) {
        "rjust" => 1,
        "ljust" => 2,
        _ => 3,
    };
    let fill = if call.optional(2).is_some() { text(call, 2)? } else { string(Expr::constant(Val::string(" "))) };
    made(call, vec![text(call, 0)?, call.integer(1)?.1.to(DType::Int64), fill, int(if sides == 3 { 0 } else { sides })])
}

fn zfill(call: &Call) -> Typing {
    made(call, vec![text(call, 0)?, call.integer(1)?.1.to(DType::Int64)])
}

fn partition(call: &Call) -> Typing {
    let t = Ty::tuple([Ty::Str, Ty::Str, Ty::Str]);
    computed(t.clone(), call.builtin(vec![text(call, 0)?, text(call, 1)?, flag(name(call) == "rpartition")], t))
}

fn split(call: &Call) -> Typing {
    let t = list_of(Ty::Str);
    computed(t.clone(), call.builtin(vec![text(call, 0)?, optional_text(call, 1)?, integer(call, 2, -1)?, flag(name(call) == "rsplit")], t))
}

fn splitlines(call: &Call) -> Typing {
    let keep = match call.optional(1) {
        Some(arg) => truth(&arg.val, arg.expr.clone()).map_err(|p| p.at(arg.position))?.whole(),
        None => flag(false),
    };
    let t = list_of(Ty::Str);
    computed(t.clone(), call.builtin(vec![text(call, 0)?, keep], t))
}

fn join(call: &Call) -> Typing {
    let arg = call.arg(1)?;
    let strings = list_of(Ty::Str);
    let list = match &arg.val {
        Val::Of(Ty::List(e)) if matches!(**e, Ty::Any | Ty::Str) => arg.expr.clone().cast(&strings),
        v => match from_iterable(v, arg.expr.clone(), &Ty::Any) {
            Ok((Ty::Str, e)) => e,
            // Nothing can be in it.
            Ok((Ty::Any | Ty::None, _)) => Expr::builtin("list.new", vec![], strings),
            _ => return Err(Problem::new(Code::NB0201, format!("`str.join` takes strings, not {}", arg.val.describe())).at(arg.position)),
        },
    };
    made(call, vec![text(call, 0)?, list])
}
