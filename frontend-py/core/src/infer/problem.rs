//! What a typing rule refuses, before the place is known: code, message, which operand is to blame, advice.
use numbra_dialects::Code;

/// A refusal. The engine adds the place, and where the operands got their types.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Stable code
    pub code: Code,
    /// What is wrong
    pub message: String,
    /// Operand to blame, by position; all of them if none is given
    pub operand: Option<usize>,
    /// What to do instead
    pub help: Option<String>,
}

impl Problem {
    /// A refusal.
    pub fn new(code: Code, message: impl Into<String>) -> Box<Problem> {
        Box::new(Problem { code, message: message.into(), operand: None, help: None })
    }

    /// Blames one operand.
    pub fn at(mut self: Box<Self>, operand: usize) -> Box<Problem> {
        self.operand = Some(operand);
        self
    }

    /// Adds advice.
    pub fn help(mut self: Box<Self>, text: impl Into<String>) -> Box<Problem> {
        self.help = Some(text.into());
        self
    }
}

/// `; did you mean ...` advice: the candidate nearest to `name`, if one is near.
pub fn nearest<'n>(name: &str, candidates: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    candidates.map(|c| (distance(name, c), c)).min_by_key(|(d, _)| *d).filter(|(d, c)| *d <= (name.len().max(c.len()) / 3).max(1)).map(|(_, c)| c)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &cb) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(ca != cb)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_near() {
        let names = ["sqrt", "square", "sin"];
        assert_eq!(nearest("sqr", names.into_iter()), Some("sqrt"));
        assert_eq!(nearest("frobnicate", names.into_iter()), None);
    }
}
