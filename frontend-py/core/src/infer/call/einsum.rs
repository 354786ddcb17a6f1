//! `numbra.intrinsics.einsum_axes(subscripts, *ranks)`: what the constant subscripts of `np.einsum` say, as numbers that the library's loops are made of. Axes with one letter
//! are one axis of the result; they are numbered, those of the result first and in its order, and those that are summed over behind them.
use super::Arguments;
use crate::infer::{engine::Engine, expr::{Typed, folded}, problem::Problem, source::Op, val::Val};
use numbra_dialects::{Code, py::Ty};
use std::collections::BTreeMap;

/// An axis by its letter, or one that an ellipsis stands for, by its place from the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Axis {
    Hidden(std::cmp::Reverse<usize>),
    Letter(char),
}

const ELLIPSIS: &str = "...";

/// `(number of axes of the result, number of all axes, numbers of the axes of each operand)`
pub fn axes(engine: &mut Engine, instance: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let mut given = arguments.iter().map(|a| &a.1.val);
    let text = match given.next() {
        Some(Val::Of(Ty::Literal(text))) => text.to_string(),
        _ => return Err(Problem::new(Code::NB0201, "`numpy.einsum` takes its subscripts as a constant string")),
    };
    let ranks: Vec<usize> = given.filter_map(|v| if let Val::Int(n) = v { usize::try_from(*n).ok() } else { None }).collect();
    match plan(&text, &ranks) {
        Ok((result, operands)) => {
            let number = |n: usize| Val::Int(n as i64);
            let count = operands.iter().flatten().map(|n| n + 1).max().unwrap_or(0).max(result);
            let operands = operands.iter().map(|o| Val::Tuple(o.iter().map(|n| number(*n)).collect()));
            folded(Val::Tuple([number(result), number(count)].into_iter().chain(operands).collect())).map(Some)
        }
        Err(why) => {
            engine.refuse_arguments(instance, format!("einsum: {why}"));
            Ok(None)
        }
    }
}

/// How many axes the result has, and the numbers of the axes of each operand.
fn plan(text: &str, ranks: &[usize]) -> Result<(usize, Vec<Vec<usize>>), String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (inputs, output) = match text.split_once("->") {
        Some((inputs, output)) => (inputs, Some(output)),
        None => (text.as_str(), None),
    };
    let inputs: Vec<&str> = inputs.split(',').collect();
    if inputs.len() != ranks.len() {
        return Err(format!("the subscripts name {} operands, but {} are given", inputs.len(), ranks.len()));
    }
    let operands = inputs.iter().zip(ranks).map(|(s, rank)| operand(s, *rank)).collect::<Result<Vec<_>, _>>()?;
    let mut uses: BTreeMap<Axis, usize> = BTreeMap::new();
    for axis in operands.iter().flatten() {
        *uses.entry(*axis).or_default() += 1;
    }
    let hidden: Vec<Axis> = uses.keys().copied().filter(|a| matches!(a, Axis::Hidden(_))).collect();
    let result: Vec<Axis> = match output {
        None => hidden.iter().copied().chain(uses.iter().filter(|(a, n)| matches!(a, Axis::Letter(_)) && **n == 1).map(|(a, _)| *a)).collect(),
        Some(output) => {
            let (before, after) = output.split_once(ELLIPSIS).unwrap_or((output, ""));
            if !hidden.is_empty() && !output.contains(ELLIPSIS) {
                return Err("the result has no ellipsis, but operands have axes for one".into());
            }
            let letters = |s: &str| s.chars().map(letter).collect::<Result<Vec<_>, _>>();
            letters(before)?.into_iter().chain(hidden).chain(letters(after)?).collect()
        }
    };
    for (i, axis) in result.iter().enumerate() {
        match axis {
            Axis::Letter(c) if !uses.contains_key(axis) => return Err(format!("the subscript '{c}' of the result is in no operand")),
            Axis::Letter(c) if result[..i].contains(axis) => return Err(format!("the subscript '{c}' is more than once in the result")),
            _ => {}
        }
    }
    let mut all = result.clone();
    all.extend(uses.keys().copied().filter(|a| !result.contains(a)));
    let number = |axis: &Axis| all.iter().position(|a| a == axis).unwrap_or(0);
    Ok((result.len(), operands.iter().map(|o| o.iter().map(number).collect()).collect()))
}

/// The axes of an operand.
fn operand(subscripts: &str, rank: usize) -> Result<Vec<Axis>, String> {
    let (before, after) = subscripts.split_once(ELLIPSIS).unwrap_or((subscripts, ""));
    let named = before.chars().count() + after.chars().count();
    if named > rank || (named < rank && !subscripts.contains(ELLIPSIS)) {
        return Err(format!("an operand has {rank} axes, but the subscripts '{subscripts}'"));
    }
    let hidden = (0..rank - named).rev().map(|i| Ok(Axis::Hidden(std::cmp::Reverse(i))));
    before.chars().map(letter).chain(hidden).chain(after.chars().map(letter)).collect()
}

fn letter(c: char) -> Result<Axis, String> {
    if c.is_ascii_alphabetic() { Ok(Axis::Letter(c)) } else { Err(format!("'{c}' is no subscript: letters, '...', ',' and '->' are")) }
}

#[cfg(test)]
mod tests {
    use super::plan;

    #[test]
    fn axes_are_numbered_from_the_result() {
        assert_eq!(plan("ij,jk->ik", &[2, 2]), Ok((2, vec![vec![0, 2], vec![2, 1]])));
        assert_eq!(plan("ba", &[2]), Ok((2, vec![vec![1, 0]])));
        assert_eq!(plan("ii", &[2]), Ok((0, vec![vec![0, 0]])));
        assert_eq!(plan("...i,i...", &[3, 2]), Ok((2, vec![vec![0, 1, 2], vec![2, 1]])));
        assert_eq!(plan(" i , -> i ", &[1, 0]), Ok((1, vec![vec![0], vec![]])));
        for (wrong, ranks) in [("ij->k", &[2][..]), ("ij->ii", &[2]), ("i,j", &[1]), ("i", &[2]), ("i1", &[2]), ("...->", &[1]), ("i...j", &[1])] {
            assert!(plan(wrong, ranks).is_err(), "{wrong}");
        }
    }
}
