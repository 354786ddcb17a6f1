//! Random terms of several roots: what comes out of all rules together has the same value in every bit, or raises where the terms did, and never costs more.
use egg::Id;
use numbra_abi::DType;
use numbra_eqsat::{
    Attribute, Dim, Facts, FastMath, Limits, Node, Number, Operator, Order, Problem, Settings,
    infix::Infix,
    interpret::{self, Array, Fault, Grouping, Value},
    operators::*,
    problem, rewrite,
    rules::random::{Random, Tame},
};

const TERMS: usize = 1500;

/// Operators whose results change little when their operands do.
const SMOOTH: &[Operator] = &[ADD, SUB, MUL, NEG, ABS, MINIMUM, MAXIMUM, SQUARE, SIN, COS, ARCTAN, TANH, SUM, MEAN, MIN, MAX, CUMSUM, SLICE, INDEX, PERMUTE, FLIP, EXPAND, MATMUL, OUTER, TRACE, TRUEDIV, SQRT, EXP];

/// A problem and values for its leaves; a smooth one has tame floats only.
fn draw(random: &mut Random, smooth: bool) -> Option<(Problem, Vec<Value>)> {
    let mut p = Problem::default();
    let mut values = vec![];
    let dtype = if smooth { DType::Float64 } else { random.of(&[DType::Float64, DType::Int32, DType::Float32, DType::UInt8, DType::Complex128]) };
    let (n, m) = (random.of(&[0usize, 1, 2, 3, 4]), random.of(&[1usize, 2, 3]));
    let known = random.chance(40);
    let mut first = [None; 2];
    for k in 0..4u32 {
        let names: &[usize] = [&[][..], &[0], &[0], &[1, 0], &[0, 0]][random.below(5)];
        let lengths: Vec<usize> = names.iter().map(|k| [n, m][*k]).collect();
        let of = if !smooth && random.chance(15) { DType::Bool } else { dtype };
        // A length has the name of the first axis that has it.
        let dims = names.iter().enumerate().map(|(axis, name)| if known { Dim::Known([n, m][*name] as i64) } else { *first[*name].get_or_insert(Dim::Of(k, axis as u8)) }).collect();
        let data = (0..lengths.iter().product()).map(|_| random.element(of, if smooth { Tame::Tame } else { Tame::Wild })).collect::<Option<_>>()?;
        values.push(Value::Array(Array { dtype: of, dims: lengths, data }));
        p.leaves.push(Facts::array(of, dims, Order::C));
        p.add(Node::Leaf(k));
    }
    let pool: Vec<Operator> = Operator::all().filter(|o| !matches!(*o, CALL | CHAIN | INV | SOLVE | POW | BROADCAST | RESHAPE | RANGE | GETITEM | ARRAY | ITEM | TUPLE)).filter(|o| !smooth || SMOOTH.contains(o)).collect();
    for _ in 0..12 + random.below(14) {
        let operator = random.of(&pool);
        let mut children = vec![];
        for place in 0..operator.row().arity? {
            let attribute = place == 0 && (matches!(operator.class(), Class::Reduce | Class::Scan) || matches!(operator, SLICE | INDEX | FLIP | EXPAND | CONCATENATE | DIM));
            let position = matches!((operator, place), (SLICE, 1..4) | (INDEX, 1));
            let node = match operator {
                CAST if place == 0 => Some(Node::Attribute(Attribute::DType(random.of(&[dtype, DType::Float64, DType::Int32])))),
                PERMUTE if place == 0 => Some(Node::Attribute(Attribute::Permutation(vec![1, 0]))),
                _ if attribute => Some(Node::Attribute(if random.chance(40) { Attribute::All } else { Attribute::Axis(random.below(2) as u8) })),
                SLICE if position && random.chance(50) => Some(Node::Attribute(Attribute::All)),
                _ if position => Number::integer(DType::Int64, random.of(&[0, 1, -1, 2, -2])).map(Node::Number),
                _ if random.chance(15) => Number::integer(dtype, random.of(&[0, 1, 2, 4, -1])).map(Node::Number),
                _ => None,
            };
            children.push(match node {
                Some(node) => p.add(node),
                // Later terms more often, so that trees grow.
                None => Id::from(if random.chance(60) { p.terms.len() - 1 - random.below(p.terms.len().min(6)) } else { random.below(p.terms.len()) }),
            });
        }
        p.terms.push(Node::apply(operator, &children));
        if p.facts().last()?.dtype().is_none() {
            p.terms.pop();
        }
    }
    let facts = p.facts();
    let arrays: Vec<usize> = (4..p.terms.len()).filter(|k| facts[*k].dtype().is_some() && matches!(p.terms[*k], Node::Apply(..))).collect();
    (!arrays.is_empty()).then_some(())?;
    for _ in 0..1 + random.below(3) {
        p.roots.push(Id::from(random.of(&arrays[arrays.len().saturating_sub(4)..])));
    }
    Some((p, values))
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => a.dtype == b.dtype && a.dims == b.dims && a.data.iter().zip(&b.data).all(|(x, y)| x.same(*y)),
        _ => false,
    }
}

#[test]
fn values_stay() {
    let (mut changed, mut compared) = (0, 0);
    for seed in 0..TERMS as u64 {
        let mut random = Random::new(seed);
        let Some((p, values)) = draw(&mut random, false) else { continue };
        let limits = Limits { time: std::time::Duration::from_secs(5), ..Limits::default() };
        let s = rewrite(&p, &Settings { limits, ..Settings::builtin(FastMath::NONE) });
        assert!(s.after <= s.before && (s.changed || s.after == s.before));
        changed += s.changed as usize;
        let text = |terms: &[Node], root: Id| Infix { terms, root, names: &[] }.to_string();
        let (before, after) = (interpret::all(&p.terms, &values, Grouping::Sequential), interpret::all(&s.terms, &values, Grouping::Sequential));
        let facts = problem::facts(&s.terms, &p.leaves);
        // Errors of all roots together: which one comes first is for who emits them.
        let raises = |outcomes: &[interpret::Outcome], roots: &[Id]| roots.iter().any(|r| matches!(outcomes[usize::from(*r)], Err(Fault::Raise)));
        let open = |outcomes: &[interpret::Outcome], roots: &[Id]| roots.iter().any(|r| matches!(outcomes[usize::from(*r)], Err(Fault::Unspecified)));
        if open(&before, &p.roots) || open(&after, &s.roots) {
            continue;
        }
        assert_eq!(raises(&before, &p.roots), raises(&after, &s.roots), "seed {seed}: {:?} and {:?}", p.roots.iter().map(|r| text(&p.terms, *r)).collect::<Vec<_>>(), s.roots.iter().map(|r| text(&s.terms, *r)).collect::<Vec<_>>());
        for (old, new) in p.roots.iter().zip(&s.roots) {
            let (Ok(a), Ok(b)) = (&before[usize::from(*old)], &after[usize::from(*new)]) else { continue };
            compared += 1;
            assert!(same(a, b), "seed {seed}: {} and {} are {a:?} and {b:?}, leaves {values:?}, rules {:?}", text(&p.terms, *old), text(&s.terms, *new), s.rules);
            assert_eq!(facts[usize::from(*new)].dtype(), p.facts()[usize::from(*old)].dtype());
        }
    }
    assert!(changed > TERMS / 4 && compared > TERMS / 2, "{changed} changed, {compared} compared");
}

#[test]
fn facts_hold() {
    let mut checked = 0;
    for seed in 0..TERMS as u64 {
        let mut random = Random::new(seed);
        let Some((p, values)) = draw(&mut random, false) else { continue };
        let length = |leaf: u32, axis: u8| if let Value::Array(a) = &values[leaf as usize] { a.dims[axis as usize] as i64 } else { -1 };
        for (k, (facts, outcome)) in p.facts().iter().zip(interpret::all(&p.terms, &values, Grouping::Sequential)).enumerate() {
            let text = || format!("seed {seed}: {}", Infix { terms: &p.terms, root: Id::from(k), names: &[] });
            match outcome {
                Ok(Value::Array(a)) => {
                    checked += 1;
                    assert_eq!(facts.dtype(), Some(a.dtype), "{}", text());
                    let dims = facts.dims().unwrap_or_default();
                    assert_eq!(dims.len(), a.dims.len(), "{}", text());
                    for (dim, n) in dims.iter().zip(&a.dims) {
                        let said = match dim {
                            Dim::Known(n) => *n,
                            Dim::Of(leaf, axis) => length(*leaf, *axis),
                            Dim::Less(leaf, axis, less) => (length(*leaf, *axis) - *less as i64).max(0),
                            Dim::Product(leaf, count) => (0..*count).map(|axis| length(*leaf, axis)).product(),
                            Dim::Unknown => continue,
                        };
                        assert_eq!(said, *n as i64, "{}: {dims:?} and {:?}", text(), a.dims);
                    }
                    if let Some(value) = facts.value.and_then(|v| v.scalar()) {
                        assert!(a.data.iter().all(|e| e.same(value)), "{}: {value:?} and {:?}", text(), a.data);
                    }
                }
                Err(Fault::Raise) => assert!(facts.may_raise, "{} raises", text()),
                _ => {}
            }
        }
    }
    assert!(checked > TERMS * 5, "{checked}");
}

#[test]
fn values_stay_near_with_all_flags() {
    let (mut changed, mut compared, mut far) = (0, 0, vec![]);
    for seed in 0..TERMS as u64 {
        let mut random = Random::new(seed);
        let Some((p, values)) = draw(&mut random, true) else { continue };
        let limits = Limits { time: std::time::Duration::from_secs(5), ..Limits::default() };
        let s = rewrite(&p, &Settings { limits, ..Settings::builtin(FastMath::ALL) });
        assert!(s.after <= s.before);
        changed += s.changed as usize;
        let (before, after) = (interpret::all(&p.terms, &values, Grouping::Sequential), interpret::all(&s.terms, &values, Grouping::Sequential));
        // How large the numbers are on the way says how far apart two correct results may be.
        let scale = before.iter().chain(&after).flatten().filter_map(|v| if let Value::Array(a) = v { Some(a) } else { None }).flat_map(|a| &a.data).map(|e| e.to_f64().abs()).fold(1.0, f64::max);
        if !scale.is_finite() || scale > 1e4 || before.iter().chain(&after).flatten().any(|v| matches!(v, Value::Array(a) if a.data.iter().any(|e| e.to_f64().is_nan()))) {
            continue;
        }
        for (old, new) in p.roots.iter().zip(&s.roots) {
            let (Ok(Value::Array(a)), Ok(Value::Array(b))) = (&before[usize::from(*old)], &after[usize::from(*new)]) else { continue };
            compared += 1;
            let near = a.dims == b.dims && a.data.iter().zip(&b.data).all(|(x, y)| (x.to_f64() - y.to_f64()).abs() <= 1e-7 * scale);
            if !near {
                let text = |terms: &[Node], root: Id| Infix { terms, root, names: &[] }.to_string();
                far.push(format!("seed {seed}: {} and {} are {a:?} and {b:?}", text(&p.terms, *old), text(&s.terms, *new)));
            }
        }
    }
    assert!(far.is_empty(), "{} of {compared}:\n{}", far.len(), far.join("\n"));
    assert!(changed > TERMS / 4 && compared > TERMS / 4, "{changed} changed, {compared} compared");
}
