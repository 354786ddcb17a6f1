//! The name that was probably meant.

/// The candidate nearest to a name, if any is near enough: one edit in three characters, so that `x` does not suggest `y`.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = name.chars().count() / 3;
    let best = candidates.filter(|c| *c != name).map(|c| (distance(name, c), c)).min()?;
    (best.0 <= limit).then_some(best.1)
}

/// Number of insertions, deletions, replacements and swaps of neighbours (each pair once); case alone counts nothing.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    if a.len().abs_diff(b.len()) > 8 {
        return usize::MAX;
    }
    let mut rows: [Vec<usize>; 3] = [vec![0; b.len() + 1], (0..=b.len()).collect(), vec![0; b.len() + 1]];
    for i in 1..=a.len() {
        rows[2][0] = i;
        for j in 1..=b.len() {
            let replaced = rows[1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            rows[2][j] = replaced.min(rows[1][j] + 1).min(rows[2][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                rows[2][j] = rows[2][j].min(rows[0][j - 2] + 1);
            }
        }
        rows.rotate_left(1);
    }
    rows[1][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        assert_eq!(nearest("lenght", ["length", "width"].into_iter()), Some("length"));
        assert_eq!(nearest("Sqrt", ["sqrt"].into_iter()), Some("sqrt"));
        assert_eq!(nearest("x", ["total", "value"].into_iter()), None);
        assert_eq!(nearest("ragne", ["range", "round"].into_iter()), Some("range"));
    }
}
