//! What to do instead of calling a library object that is not supported.
use super::catalogue;
use crate::suggest::nearest;

/// Advice by path, or by the module that a path begins with, which ends in a dot; sorted, so that what is particular comes before its module.
const INSTEAD: &[(&str, &str)] = &[
    ("builtins.dict", "use arrays for keys and values"),
    ("builtins.eval", "write the expression in the function"),
    ("builtins.exec", "write the statements in the function"),
    ("builtins.frozenset", "use a sorted array, or an array of bool"),
    ("builtins.getattr", "name the attribute by a constant string"),
    ("builtins.globals", "globals are constants in compiled code: name them one by one"),
    ("builtins.id", "compare objects with `is`"),
    ("builtins.input", "read in the calling Python code, and pass what was read"),
    ("builtins.locals", "name the variables one by one"),
    ("builtins.object", "use tuples or arrays for the data"),
    ("builtins.open", "read the file in the calling Python code, and pass what was read"),
    ("builtins.set", "use a sorted array, or an array of bool"),
    ("builtins.setattr", "name the attribute by a constant string"),
    ("builtins.vars", "name the attributes one by one"),
    ("numpy.random.", "draw the numbers in the calling Python code, and pass the array"),
    ("random.", "draw the numbers in the calling Python code, and pass an array of them"),
    ("time.", "take the time in the calling Python code, before and after the call"),
];

/// The advice: a name that was probably meant, what serves the same purpose, or that Python can do it.
pub fn instead(path: &str) -> String {
    let (module, name) = path.rsplit_once('.').unwrap_or(("", path));
    let names = catalogue().filter_map(|r| r.path.rsplit_once('.').filter(|(m, _)| *m == module).map(|(_, n)| n));
    let advice = INSTEAD.iter().find(|(p, _)| *p == path || (p.ends_with('.') && path.starts_with(p)));
    match (advice, nearest(name, names)) {
        (Some((_, advice)), _) => (*advice).into(),
        (None, Some(near)) => format!("did you mean `{module}.{near}`?"),
        (None, None) => "call it in the calling Python code, and pass what it returns".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_sorted_and_for_what_is_not_supported() {
        assert!(INSTEAD.windows(2).all(|w| w[0].0 < w[1].0));
        assert!(INSTEAD.iter().all(|(path, _)| crate::catalog::lookup(path).is_none()));
    }

    #[test]
    fn misspelt_names_and_whole_modules_have_their_own_advice() {
        assert_eq!(instead("math.sqrtt"), "did you mean `math.sqrt`?");
        assert_eq!(instead("numpy.random.rand"), "draw the numbers in the calling Python code, and pass the array");
        assert_eq!(instead("os.getcwd"), "call it in the calling Python code, and pass what it returns");
    }
}
