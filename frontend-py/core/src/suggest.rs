//! The name that was probably meant.
use strsim::{jaro_winkler, osa_distance};

/// The candidate nearest to a name, if any is near enough: one edit (a letter more, less, other, or two swapped) in three letters, so that `x` does not
/// suggest `y`. Case counts nothing; of candidates that are equally near, the one that begins like the name and has its letters wins.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = name.chars().count() / 3;
    let lower = name.to_lowercase();
    let near = candidates.filter(|c| *c != name).filter_map(|c| {
        let other = c.to_lowercase();
        let edits = osa_distance(&lower, &other);
        (edits <= limit).then(|| (edits, -jaro_winkler(&lower, &other), c))
    });
    near.min_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal)).map(|(.., c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        assert_eq!(nearest("lenght", ["length", "width"].into_iter()), Some("length"));
        assert_eq!(nearest("Sqrt", ["sqrt"].into_iter()), Some("sqrt"));
        assert_eq!(nearest("ragne", ["range", "round"].into_iter()), Some("range"));
        assert_eq!(nearest("x", ["total", "y"].into_iter()), None);
        assert_eq!(nearest("frobnicate", ["sqrt", "square"].into_iter()), None);
    }

    #[test]
    fn a_letter_too_many_or_too_few_is_likelier_than_another_one() {
        assert_eq!(nearest("sinn", ["sign", "sinc", "sin", "sinh"].into_iter()), Some("sin"));
        assert_eq!(nearest("mat", ["map", "max", "math"].into_iter()), Some("math"));
    }
}
