//! Types as Python data: what `numbra.types` and the extension exchange. A code is a tuple that starts with its kind:
//! `("record", layout, readonly)`, `("none",)`, `("str", name)`, `("scalar", name)`, `("array", dtype, rank, layout, readonly)`, `("tuple", (code, ...))`, `("list", code)`,
//! `("union", (code, ...))`, `("callable", (code, ...), code)`, `("compiled", function, text)`, `("library", path, text)`, `("range", dtype, text)`, `("ellipsis", text)`, `("slice", (code, ...), text)`, `("struct", path, (name, ...), (code, ...), text)`, `("other", text)`.
//! What is known of arguments of overloads has further codes, see `host::overloads`.
use numbra_abi::DType;
use numbra_dialects::py::{ArrayTy, CallableTy, Layout, RecordTy, StructTy, Ty};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyTuple};
use std::sync::Arc;

/// The code of a type.
pub fn to_code<'py>(py: Python<'py>, t: &Ty) -> PyResult<Bound<'py, PyTuple>> {
    match t {
        Ty::None => ("none",).into_pyobject(py),
        Ty::Scalar(d) => ("scalar", d.name()).into_pyobject(py),
        Ty::Record(r) => ("record", DType::Record(r.id).name(), r.readonly).into_pyobject(py),
        Ty::Array(a) => {
            let layout = match a.layout {
                Layout::C => "C",
                Layout::F => "F",
                Layout::A => "A",
            };
            ("array", a.dtype.name(), a.rank, layout, a.readonly).into_pyobject(py)
        }
        Ty::Tuple(elements) => {
            let codes = elements.iter().map(|e| to_code(py, e)).collect::<PyResult<Vec<_>>>()?;
            ("tuple", PyTuple::new(py, codes)?).into_pyobject(py)
        }
        Ty::Union(members) => {
            let codes = members.iter().map(|e| to_code(py, e)).collect::<PyResult<Vec<_>>>()?;
            ("union", PyTuple::new(py, codes)?).into_pyobject(py)
        }
        Ty::Callable(s) => {
            let codes = s.arguments.iter().map(|e| to_code(py, e)).collect::<PyResult<Vec<_>>>()?;
            ("callable", PyTuple::new(py, codes)?, to_code(py, &s.result)?).into_pyobject(py)
        }
        Ty::Str | Ty::Literal(_) => ("str", "unicode_type").into_pyobject(py),
        Ty::Range(d) => ("range", d.name(), t.to_string()).into_pyobject(py),
        Ty::Ellipsis => ("ellipsis", t.to_string()).into_pyobject(py),
        Ty::Slice(parts) => {
            let codes = parts.iter().map(|e| to_code(py, e)).collect::<PyResult<Vec<_>>>()?;
            ("slice", PyTuple::new(py, codes)?, t.to_string()).into_pyobject(py)
        }
        Ty::Struct(s) => {
            let codes = s.types.iter().map(|e| to_code(py, e)).collect::<PyResult<Vec<_>>>()?;
            let names = PyTuple::new(py, s.names.iter().map(|n| &**n))?;
            ("struct", &*s.path, names, PyTuple::new(py, codes)?, t.to_string()).into_pyobject(py)
        }
        Ty::List(element) => ("list", to_code(py, element)?).into_pyobject(py),
        Ty::Function(function) => ("compiled", &**function, t.to_string()).into_pyobject(py),
        Ty::Entity(path) => ("library", &**path, t.to_string()).into_pyobject(py),
        other => ("other", other.to_string()).into_pyobject(py),
    }
}

/// The type of a code.
pub fn from_code(code: &Bound<'_, PyAny>) -> PyResult<Ty> {
    let wrong = || PyValueError::new_err(format!("not the code of a type: {code}"));
    let code = code.cast::<PyTuple>().map_err(|_| wrong())?;
    let kind: String = code.get_item(0)?.extract()?;
    let dtype = |i: usize| -> PyResult<DType> { DType::from_name(&code.get_item(i)?.extract::<String>()?).ok_or_else(wrong) };
    Ok(match kind.as_str() {
        "none" => Ty::None,
        "scalar" => Ty::Scalar(dtype(1)?),
        "array" => {
            let layout = match code.get_item(3)?.extract::<String>()?.as_str() {
                "C" => Layout::C,
                "F" => Layout::F,
                "A" => Layout::A,
                _ => return Err(wrong()),
            };
            Ty::Array(ArrayTy { dtype: dtype(1)?, rank: code.get_item(2)?.extract()?, layout, readonly: code.get_item(4)?.extract()? })
        }
        "record" => match dtype(1)? {
            DType::Record(id) => Ty::Record(RecordTy { id, readonly: code.get_item(2)?.extract()? }),
            _ => return Err(wrong()),
        },
        "callable" => Ty::Callable(Arc::new(CallableTy { arguments: from_codes(&code.get_item(1)?)?.into(), result: from_code(&code.get_item(2)?)? })),
        "compiled" => Ty::Function(code.get_item(1)?.extract::<String>()?.into()),
        "library" => Ty::Entity(code.get_item(1)?.extract::<String>()?.into()),
        "str" => Ty::Str,
        "list" => Ty::List(std::sync::Arc::new(from_code(&code.get_item(1)?)?)),
        "tuple" => Ty::tuple(from_codes(&code.get_item(1)?)?),
        "range" => Ty::Range(dtype(1)?),
        "ellipsis" => Ty::Ellipsis,
        "slice" => Ty::Slice(<[Ty; 3]>::try_from(from_codes(&code.get_item(1)?)?).map_err(|_| wrong())?.into()),
        "struct" => {
            let names: Vec<String> = code.get_item(2)?.extract()?;
            let types = from_codes(&code.get_item(3)?)?.into();
            let path: String = code.get_item(1)?.extract()?;
            Ty::Struct(Arc::new(StructTy { path: path.into(), names: names.into_iter().map(Into::into).collect(), types }))
        }
        "union" => Ty::Union(from_codes(&code.get_item(1)?)?.into()),
        _ => return Err(wrong()),
    })
}

/// The types of a sequence of codes.
pub fn from_codes(codes: &Bound<'_, PyAny>) -> PyResult<Vec<Ty>> {
    codes.try_iter()?.map(|c| from_code(&c?)).collect()
}
