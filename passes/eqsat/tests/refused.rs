//! Rules that are wrong, and rule files with mistakes: each is refused with what is wrong and where.
use numbra_eqsat::Rules;

fn refusal(text: &str) -> String {
    match Rules::parse(text, "mine.rules") {
        Ok(_) => panic!("taken: {text}"),
        Err(errors) => errors.iter().map(|e| e.to_string()).collect::<Vec<_>>().join("\n"),
    }
}

#[test]
fn wrong_rules_are_found() {
    let wrong = [
        "(add ?x 0) => ?x\n    exact\n    example x: float64[n]",
        "(sub ?x ?x) => 0\n    exact\n    example x: float64",
        "(mul ?x 0) => 0\n    exact\n    example x: float64",
        "(add (add ?x ?y) ?z) => (add ?x (add ?y ?z))\n    exact\n    example x: float64[n], y: float64[n], z: float64[n]",
        "(neg (sub ?x ?y)) => (sub ?y ?x)\n    exact\n    example x: float64[n], y: float64[n]",
        "(floordiv (mul ?x ?y) ?y) => ?x\n    exact\n    example x: int64, y: int64",
        "(abs ?x) => ?x\n    exact\n    example x: int64[n]",
        "(not (lt ?x ?y)) => (ge ?x ?y)\n    exact\n    example x: float64[n], y: float64[n]",
        "(sqrt (mul ?x ?x)) => ?x\n    needs reassoc afn\n    example x: float64[n]",
        "(sum #0 ?x) => (sum #1 ?x)\n    exact\n    example x: int64[n,n]",
        "(flip #0 (add ?x ?y)) => (add (flip #0 ?x) ?y)\n    exact\n    example x: int64[n], y: int64[n]",
        "(max #0 ?x) => (neg (min #0 ?x))\n    exact\n    errors same\n    example x: float64[3]",
        "(sub ?x ?x) => 0\n    needs reassoc\n    example x: float64",
        "(eq ?x ?x) => true\n    needs reassoc\n    example x: float64",
        "(sub (add ?x ?y) ?y) => ?x\n    needs reassoc nsz\n    example x: float64[n], y: float64[n]",
        "(index #0 ?i (add ?x ?y)) => (add (index #0 ?i ?x) (index #0 ?i ?y))\n    exact\n    errors same\n    example x: int64[n], y: int64[n], i: 0:int64",
    ];
    for rule in wrong {
        let reason = refusal(&format!("wrong: {rule}\n"));
        assert!(reason.starts_with("mine.rules:1:1: `wrong` does not hold"), "{rule}\n{reason}");
    }
}

#[test]
fn errors_have_their_place() {
    let cases = [
        ("a: (add ?x 1) -> ?x\n    exact", "1:15: `=>` or `<=>` is expected here"),
        ("a: (ad ?x 1) => ?x\n    exact", "1:5: there is no operator `ad`; `add` is one"),
        ("a: (add ?x) => ?x\n    exact", "1:5: `add` takes 2 operands, not 1"),
        ("\na: (add ?x 1) => ?y\n    exact", "2:18: `?y` is not on the left side"),
        ("a: (add ?x 1) => ?x", "1:1: the rule says neither `exact`"),
        ("a: (add ?x 1) => ?x\n    needs fast", "2:11: `fast` is no fast-math flag"),
        ("a: (add ?x 1) => ?x\n    when huge(?x)\n    exact", "2:10: there is no condition `huge`"),
        ("a: (add ?x 1) => ?x\n    when float(?x), float(?z)\n    exact", "2:21: `?z` is not on the left side"),
        ("a: (add ?x 1) => ?x\n    exactly", "2:5: `exactly` is none of"),
        ("a: (add ?x 1 => ?x\n    exact", "`)` is missing"),
        ("a: (add ?x word) => ?x\n    exact", "1:12: `word` is no variable, number or attribute"),
        ("a: (neg ?x) => ?x\n    exact", "has no example"),
        ("a: (truediv ?x 1) => ?x\n    exact\n    example x: int64[n]\n\na: (neg (neg ?x)) => ?x\n    exact\n    example x: int64", "5:1: the name `a` is taken by the rule of line 1"),
    ];
    for (text, expected) in cases {
        let reason = refusal(text);
        assert!(reason.contains(expected), "{text}\n{reason}\nexpected: {expected}");
    }
}
