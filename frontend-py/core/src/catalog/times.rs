//! `numpy.datetime64` and `numpy.timedelta64`: made from integers, constant text and each other; `isnat`; conversions of times.
use super::{Arg, Call, Row, date_text, row, types::dtype_argument};
use crate::infer::{expr::{Expr, Typing, scalar}, objects::times::{constant, converted, nat}, problem::Problem, val::Val};
use numbra_abi::{DType, unit::{NAT, Unit}};
use numbra_dialects::{Code, py::Ty};

pub(super) const ROWS: &[Row] = &[
    row("numpy.datetime64", "value=None, unit=None, /", "", datetime),
    row("numpy.isnat", "x, /", "timedelta.isnat", isnat),
    row("numpy.timedelta64", "value=0, unit=None, /", "", timedelta),
];

/// The unit argument.
fn unit(call: &Call) -> Result<Option<Unit>, Box<Problem>> {
    let Some(arg) = call.optional(1) else { return Ok(None) };
    match &arg.val {
        Val::Of(Ty::Literal(name)) => Unit::from_name(name).map(Some).ok_or_else(|| {
            let problem = Problem::new(Code::NB0201, format!("`{name}` is not a unit of time that compiled code has")).at(arg.position);
            problem.help("the units are Y, M, W, D, h, m, s, ms, us, ns, ps, fs and as, without a number in front")
        }),
        _ => Err(call.refuse(arg, "a unit as constant string")),
    }
}

fn made(arg: &Arg, d: DType) -> Typing {
    match &arg.val {
        Val::Int(i) => scalar(d, constant(*i, d)),
        v => scalar(d, converted(v, arg.expr.clone(), d).map_err(|p| p.at(arg.position))?),
    }
}

fn datetime(call: &Call) -> Typing {
    let unit = unit(call)?;
    let Some(arg) = call.optional(0) else {
        let d = DType::DateTime(unit.unwrap_or(Unit::Generic));
        return scalar(d, nat(d));
    };
    if let Val::Of(Ty::Literal(text)) = &arg.val {
        let (value, unit) = date_text::parse(text, unit).map_err(|why| Problem::new(Code::NB0201, why).at(arg.position).help("write `2020-01-31`, `2020-01-31T12:30` or the like"))?;
        return scalar(DType::DateTime(unit), constant(value, DType::DateTime(unit)));
    }
    match (arg.val.time(), unit) {
        (Some(DType::DateTime(own)), unit) => made(arg, DType::DateTime(unit.unwrap_or(own))),
        (None, Some(unit)) if arg.val.dtype().is_some() => made(arg, DType::DateTime(unit)),
        (None, None) if arg.val.dtype().is_some() => Err(Problem::new(Code::NB0201, "a date from an integer needs a unit").at(arg.position).help("write `np.datetime64(x, 'D')`")),
        _ => Err(call.refuse(arg, "a date, an integer or a constant string")),
    }
}

fn timedelta(call: &Call) -> Typing {
    let unit = unit(call)?;
    let d = DType::TimeDelta(unit.unwrap_or(Unit::Generic));
    let Some(arg) = call.args.first().and_then(Option::as_ref) else { return scalar(d, constant(0, d)) };
    match &arg.val {
        Val::Of(Ty::Literal(text)) => {
            let text = text.trim();
            let value = if text.is_empty() || text.eq_ignore_ascii_case("nat") { Some(NAT) } else { text.parse().ok() };
            match value {
                Some(value) => scalar(d, constant(value, d)),
                None => Err(call.refuse(arg, "an integer, `NaT` or a length of time")),
            }
        }
        v => match v.time() {
            Some(DType::TimeDelta(own)) => made(arg, DType::TimeDelta(unit.unwrap_or(own))),
            _ => made(arg, d),
        },
    }
}

fn isnat(call: &Call) -> Typing {
    let arg = call.arg(0)?;
    match arg.val.time() {
        Some(_) => scalar(DType::Bool, call.builtin(vec![arg.expr.clone()], Ty::BOOL)),
        None => Err(call.refuse(arg, "a date or a length of time")),
    }
}

/// `x.astype(dtype)`
pub(super) fn astype(call: &Call) -> Typing {
    let (arg, d) = (call.arg(0)?, dtype_argument(call, call.arg(1)?)?);
    let Some(own) = arg.val.time() else { return Err(call.refuse(arg, "a date or a length of time")) };
    match d {
        DType::DateTime(Unit::Generic) | DType::TimeDelta(Unit::Generic) => scalar(own, arg.expr.clone()),
        DType::DateTime(_) | DType::TimeDelta(_) => scalar(d, converted(&arg.val, arg.expr.clone(), d)?),
        d if d.is_complex() => Err(call.refuse(call.arg(1)?, "a real type or a type of times")),
        d => scalar(d, Expr::Cast(Box::new(arg.expr.clone()), Ty::Scalar(DType::Int64)).to(d)),
    }
}
