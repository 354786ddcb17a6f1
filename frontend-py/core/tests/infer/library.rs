//! Library functions, methods and attributes.
use super::{function, has, helps, refuses, typed};
use numbra_dialects::Code;

/// `return path(args...)` over parameters `x y z` of these types.
fn call_of(path: &str, parameters: &str, types: &str) -> String {
    let names: Vec<String> = parameters.split(' ').map(|p| format!("%{p}")).collect();
    let anys = vec!["!a"; names.len()].join(", ");
    function(parameters, types, &format!("%f = py.entity \"{path}\" : !a\n%r = py.call %f({}) : (!a, {anys}) -> !a\npy.return %r : !a", names.join(", ")))
}


#[test]
fn library_functions() {
    let array = "!py.array<si32, 2, \"C\">";
    for (path, parameters, types, parts) in [
        ("math.sqrt", "x", "si64", &["si64 to f64", "py.builtin \"math.sqrt\"", "(f64) -> f64"][..]),
        ("math.floor", "x", "f64", &["py.builtin \"math.floor\"", "f64 to si64"]),
        ("numpy.sqrt", "x", "f32", &["(f32) -> f32"]),
        ("numpy.arcsin", "x", "f64", &["py.builtin \"math.asin\""]),
        ("numpy.exp", "x", "complex<f64>", &["py.builtin \"complex.exp\""]),
        ("numpy.minimum", "x y", "si32, si64", &["py.builtin \"numpy.minimum\"", "(si64, si64) -> si64"]),
        ("builtins.len", "x", array, &["py.builtin \"len\""]),
        ("builtins.abs", "x", "complex<f32>", &["py.builtin \"abs\"", "-> f32"]),
        ("builtins.min", "x y z", "si64, f64, si64", &["py.builtin \"min\"", "py.builtin \"min\"", "-> f64"]),
        ("builtins.max", "x", "!py.array<f64, 1, \"A\">", &["py.builtin \"array.max\""]),
        ("builtins.round", "x", "f64", &["py.builtin \"round\"", "f64 to si64"]),
        ("builtins.round", "x y", "f64, si64", &["py.builtin \"round.digits\"", "-> f64"]),
        ("builtins.divmod", "x y", "si64, f64", &["py.builtin \"divmod\"", "-> tuple<f64, f64>"]),
        ("builtins.pow", "x y z", "si64, si64, si64", &["py.builtin \"pow.mod\""]),
        ("builtins.sum", "x", "!py.array<f64, 1, \"C\">", &["py.builtin \"sum\"", "-> f64"]),
        ("builtins.sum", "x", "tuple<si64, f64>", &["py.binary add", "-> f64"]),
        ("builtins.int", "x", "f64", &["f64 to si64"]),
        ("builtins.bool", "x", "f64", &["py.truth"]),
        ("builtins.complex", "x y", "f64, si64", &["py.builtin \"complex.make\""]),
        ("numpy.float32", "x", "si64", &["si64 to f32"]),
        ("numpy.sum", "x", array, &["py.builtin \"array.reduce\"", "kind = \"sum\"", "-> si64"]),
        ("numpy.mean", "x", array, &["-> f64"]),
        ("numpy.zeros", "x", "si32", &["si32 to si64", "tuple<si64>", "py.builtin \"numpy.zeros\"", "!py.array<f64, 1, \"C\">"]),
        ("numpy.zeros", "x", "tuple<si64, si64>", &["py.builtin \"numpy.zeros\"", "!py.array<f64, 2, \"C\">"]),
        ("numpy.zeros_like", "x", array, &["py.getattr %arg0[\"shape\"]", "py.builtin \"numpy.zeros\"", "!py.array<si32, 2, \"C\">"]),
        ("numpy.full", "x y", "si64, f32", &["py.builtin \"numpy.full\"", "!py.array<f32, 1, \"C\">"]),
        ("numpy.arange", "x", "si64", &["py.builtin \"numpy.arange\"", "!py.array<si64, 1, \"C\">"]),
        ("math.hypot", "x y z", "f64, f64, f64", &["math.hypot", "math.hypot"]),
        ("math.isclose", "x y", "f64, f64", &["py.compare le", "-> i1"]),
        ("math.lcm", "x y", "si64, si64", &["math.gcd", "py.binary floordiv"]),
        ("numpy.power", "x y", "f32, f32", &["py.binary pow"]),
        ("numpy.isnan", "x", "f32", &["math.isnan"]),
    ] {
        has(&typed(&call_of(path, parameters, types)), parts);
    }
}

#[test]
fn library_functions_refuse() {
    let d = refuses(&call_of("numpy.sqroot", "x", "f64"), Code::NB0103, "`numpy.sqroot` is not supported");
    assert!(helps(&d, "did you mean"), "{d:?}");
    refuses(&call_of("math.sqrt", "x y", "f64, f64"), Code::NB0207, "at most 1 argument");
    refuses(&call_of("math.atan2", "x", "f64"), Code::NB0207, "misses its argument `x`");
    let d = refuses(&call_of("numpy.sqrt", "x", "!py.array<f64, 1, \"C\">"), Code::NB0201, "takes a number, not array");
    assert!(helps(&d, "for each element"));
    refuses(&call_of("builtins.int", "x", "complex<f64>"), Code::NB0201, "real number");
    refuses(&call_of("builtins.len", "x", "si64"), Code::NB0201, "not int64");
    refuses(&call_of("builtins.range", "x", "f64"), Code::NB0201, "integers");
    let keyword = function("x", "f64", "%f = py.entity \"numpy.zeros\" : !a\n%r = py.call %f(%x, %x) {keywords = [\"dtyp\"]} : (!a, !a, !a) -> !a\npy.return %r : !a");
    assert!(helps(&refuses(&keyword, Code::NB0207, "no keyword argument `dtyp`"), "`dtype`"));
}

#[test]
fn dtype_arguments() {
    let zeros = |dtype: &str| typed(&function("n", "si64", &format!("%d = {dtype}\n%f = py.entity \"numpy.zeros\" : !a\n%r = py.call %f(%n, %d) {{keywords = [\"dtype\"]}} : (!a, !a, !a) -> !a\npy.return %r : !a")));
    has(&zeros("py.entity \"numpy.float32\" : !a"), &["!py.array<f32, 1, \"C\">"]);
    has(&zeros("py.entity \"builtins.int\" : !a"), &["!py.array<si64, 1, \"C\">"]);
    has(&zeros("py.constant \"u1\" -> !a"), &["!py.array<ui8, 1, \"C\">"]);
    let like = function("x", "!py.array<si16, 1, \"C\">", "%d = py.getattr %x[\"dtype\"] : (!a) -> !a\n%s = py.getattr %x[\"size\"] : (!a) -> !a\n%f = py.entity \"numpy.empty\" : !a\n%r = py.call %f(%s, %d) : (!a, !a, !a) -> !a\npy.return %r : !a");
    let printed = typed(&like);
    has(&printed, &["!py.array<si16, 1, \"C\">"]);
    assert!(!printed.contains("dtype") && !printed.contains("py.entity"), "{printed}");
}

#[test]
fn attributes_and_methods() {
    let attribute = |t: &str, name: &str| function("x", t, &format!("%r = py.getattr %x[\"{name}\"] : (!a) -> !a\npy.return %r : !a"));
    let array = "!py.array<f32, 2, \"C\">";
    has(&typed(&attribute(array, "shape")), &["-> tuple<si64, si64>"]);
    has(&typed(&attribute(array, "T")), &["-> !py.array<f32, 2, \"F\">"]);
    has(&typed(&attribute(array, "ndim")), &["py.constant 2 : si64"]);
    has(&typed(&attribute("complex<f64>", "imag")), &["py.getattr", "-> f64"]);
    let d = refuses(&attribute(array, "shap"), Code::NB0203, "no attribute `shap`");
    assert!(helps(&d, "`shape`"));
    let method = |t: &str, name: &str| function("x", t, &format!("%m = py.getattr %x[\"{name}\"] : (!a) -> !a\n%r = py.call %m() : (!a) -> !a\npy.return %r : !a"));
    has(&typed(&method(array, "sum")), &["py.builtin \"array.reduce\"(%arg0)", "-> f32"]);
    has(&typed(&method(array, "copy")), &["py.builtin \"array.copy\"(%arg0)"]);
    has(&typed(&method("complex<f64>", "conjugate")), &["complex.conj"]);
    let fill = function("x", "!py.array<f32, 2, \"C\", true>", "%m = py.getattr %x[\"fill\"] : (!a) -> !a\n%c = py.constant 1 : i64 -> !a\n%r = py.call %m(%c) : (!a, !a) -> !a\npy.return %r : !a");
    refuses(&fill, Code::NB0209, "read-only");
}

#[test]
fn the_catalogue_is_sorted_and_unique() {
    let paths: Vec<&str> = numbra_frontend_core::catalog::catalogue().map(|r| r.path).collect();
    let mut unique = paths.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), paths.len());
    assert!(paths.len() > 200, "{}", paths.len());
}
