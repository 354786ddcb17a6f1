//! How long rewriting takes, the first time and again, for expressions of different sizes; or, for terms given as arguments, what comes of them with all flags and without.
use egg::RecExpr;
use numbra_eqsat::{Dim, Facts, FastMath, Node, Order, Problem, Settings, infix::Infix, rewrite, text};
use std::{io::Write, time::Instant};

fn problem(root: &str) -> Option<Problem> {
    let mut terms = RecExpr::<Node>::default();
    let sexp = text::read(root, (1, 1)).ok()?.0;
    let id = text::term(&sexp, &mut terms, &mut |w| w.strip_prefix('v')?.parse().ok().map(Node::Leaf)).ok()?;
    let dims = |k: u32| vec![Dim::Of(if k < 4 { 0 } else { k }, 0)];
    let leaves = (0..6).map(|k| Facts::array(numbra_abi::DType::Float64, dims(k), Order::C)).collect();
    Some(Problem { terms: terms.iter().cloned().collect(), roots: vec![id], leaves })
}

fn main() -> std::io::Result<()> {
    let small = "(add (mul v0 v1) (mul v0 v2))".to_string();
    let polynomial = (0..10).fold("1:float64".to_string(), |p, k| format!("(add (mul {p} v0) {k}.5:float64)"));
    let powers = (1..8).fold("v1".to_string(), |p, k| format!("(add {p} (mul v{} {}))", k % 4, (1..k % 4 + 1).fold("v0".to_string(), |q, _| format!("(mul {q} v0)"))));
    let d1 = "(truediv (add (log (truediv v0 v1)) (mul (add 0.05:float64 (mul 0.5:float64 (mul v2 v2))) v3)) (mul v2 (sqrt v3)))";
    let cdf = |x: &str| format!("(mul 0.5:float64 (add 1:float64 (erf (truediv {x} 1.4142135623730951:float64))))");
    let d2 = format!("(sub {d1} (mul v2 (sqrt v3)))");
    let black_scholes = format!("(sub (mul v0 {}) (mul (mul v1 (exp (neg (mul 0.05:float64 v3)))) {}))", cdf(d1), cdf(&d2));
    let chain = |n: usize| (0..n).fold("v0".to_string(), |s, k| format!("(add (mul {s} v{}) {k}.5:float64)", k % 4));
    let softmax = "(truediv (exp (sub v0 (max #all v0))) (sum #all (exp (sub v0 (max #all v0)))))".to_string();
    let mut out = std::io::stdout();
    let given: Vec<String> = std::env::args().skip(1).collect();
    for root in &given {
        let Some(p) = problem(root) else {
            writeln!(out, "{root}: no term of v0 to v5")?;
            continue;
        };
        for flags in [FastMath::NONE, FastMath::ALL] {
            let s = rewrite(&p, &Settings { explain: true, ..Settings::builtin(flags) });
            writeln!(out, "{flags}: {:.0} -> {:.0}\n    {}", s.before, s.after, Infix { terms: &s.terms, root: s.roots[0], names: &[] })?;
            for step in &s.explanation {
                writeln!(out, "        {}: {}", step.rule, step.after)?;
            }
        }
    }
    if !given.is_empty() {
        return Ok(());
    }
    for (name, root) in [("small", small), ("polynomial", polynomial), ("powers", powers), ("black-scholes", black_scholes), ("softmax", softmax), ("chain-400", chain(400)), ("chain-1500", chain(1500))] {
        for flags in [FastMath::NONE, FastMath::ALL] {
            let Some(p) = problem(&root) else { continue };
            let settings = Settings::builtin(flags);
            let start = Instant::now();
            let s = rewrite(&p, &settings);
            let first = start.elapsed();
            let mut times: Vec<_> = (0..15).map(|_| { let t = Instant::now(); rewrite(&p, &settings); t.elapsed() }).collect();
            times.sort();
            let again = times[0];
            writeln!(out, "{name:14} {flags:45} {:3} terms: first {first:10.1?} again {again:10.1?} cost {:.0} -> {:.0} {:?}", p.terms.len(), s.before, s.after, s.statistics)?;
        }
    }
    Ok(())
}
