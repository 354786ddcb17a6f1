//! Whole terms in, whole terms out.
use egg::RecExpr;
use numbra_eqsat::{Dim, Facts, FastMath, Limits, Node, Order, Problem, Settings, Solution, infix::Infix, rewrite, text};

/// A problem of terms, whose leaves are given by name and type: `("x", "float64[n]")`.
fn problem(leaves: &[(&str, &str)], roots: &[&str]) -> Problem {
    let mut problem = Problem::default();
    let mut lengths: Vec<(String, Dim)> = vec![];
    for (k, (_, ty)) in leaves.iter().enumerate() {
        let (name, dims) = ty.split_once('[').map_or((*ty, ""), |(n, d)| (n, d.trim_end_matches(']')));
        let dims = dims.split(',').filter(|d| !d.is_empty()).enumerate();
        let dims = dims
            .map(|(axis, d)| match d.parse() {
                Ok(n) => Dim::Known(n),
                Err(_) => match lengths.iter().find(|(n, _)| n == d) {
                    Some((_, dim)) => *dim,
                    None => {
                        lengths.push((d.into(), Dim::Of(k as u32, axis as u8)));
                        Dim::Of(k as u32, axis as u8)
                    }
                },
            })
            .collect();
        problem.leaves.push(Facts::array(text::dtype(name).unwrap(), dims, Order::C));
    }
    let mut terms = RecExpr::<Node>::default();
    for root in roots {
        let sexp = text::read(root, (1, 1)).unwrap().0;
        let id = text::term(&sexp, &mut terms, &mut |word| leaves.iter().position(|(n, _)| *n == word).map(|k| Node::Leaf(k as u32))).unwrap();
        problem.roots.push(id);
    }
    problem.terms = terms.iter().cloned().collect();
    problem
}

fn solve(leaves: &[(&str, &str)], roots: &[&str], flags: FastMath) -> (Vec<String>, Solution) {
    let problem = problem(leaves, roots);
    let solution = rewrite(&problem, &Settings { explain: true, ..Settings::builtin(flags) });
    let names: Vec<String> = leaves.iter().map(|l| l.0.to_string()).collect();
    assert!(solution.after <= solution.before);
    (solution.roots.iter().map(|r| Infix { terms: &solution.terms, root: *r, names: &names }.to_string()).collect(), solution)
}

fn one(leaves: &[(&str, &str)], root: &str, flags: FastMath) -> String {
    solve(leaves, &[root], flags).0.remove(0)
}

const X: &[(&str, &str)] = &[("x", "float64[n]"), ("y", "float64[n]"), ("z", "float64[m]")];

#[test]
fn identities() {
    assert_eq!(one(X, "(mul (neg (neg x)) 1:float64)", FastMath::NONE), "x");
    assert_eq!(one(X, "(add x 0:float64)", FastMath::NONE), "x + 0.0");
    assert_eq!(one(X, "(add 0:float64 x)", FastMath::ALL), "x");
}

#[test]
fn the_same_each_time() {
    let p = problem(X, &["(mul (add (mul x y) (mul x x)) (sub y (mul x 1:float64)))"]);
    let settings = Settings { limits: Limits::default(), ..Settings::builtin(FastMath::ALL) };
    let first = rewrite(&p, &settings);
    for _ in 0..3 {
        let again = rewrite(&p, &settings);
        assert_eq!((&again.terms, &again.roots, again.after), (&first.terms, &first.roots, first.after));
        assert_eq!(again.rules, first.rules);
    }
}

#[test]
fn steps_are_told() {
    let (_, solution) = solve(X, &["(truediv (mul x 1:float64) 1:float64)"], FastMath::NONE);
    let steps: Vec<String> = solution.explanation.iter().map(|s| format!("{}: {} -> {}", s.rule, s.before, s.after)).collect();
    assert_eq!(steps, ["div-one: v0 * 1.0 / 1.0 -> v0 * 1.0", "mul-one: v0 * 1.0 -> v0"]);
}
