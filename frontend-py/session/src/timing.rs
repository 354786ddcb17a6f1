//! Where compile time goes. With `NUMBRA_TIME=1` in the environment each compilation prints a table of its stages to standard error: CPU time (on a busy
//! machine the clock on the wall says little) and how much there was to do. `NUMBRA_TIME=llvm` adds LLVM's own report, pass by pass.
use numbra_backend_api::Timings;
use numbra_backend_cpu::thread_seconds;
use std::{fmt::Write, sync::OnceLock};

/// The environment variable.
const VARIABLE: &str = "NUMBRA_TIME";

#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Nothing,
    Stages,
    Llvm,
}

fn wanted() -> Wanted {
    static WANTED: OnceLock<Wanted> = OnceLock::new();
    *WANTED.get_or_init(|| match std::env::var(VARIABLE).as_deref() {
        Err(_) | Ok("" | "0") => Wanted::Nothing,
        Ok("llvm") => Wanted::Llvm,
        Ok(_) => Wanted::Stages,
    })
}

/// A stage that is done: its name, seconds, and what it worked on.
struct Row(String, f64, String);

/// The stages of one compilation. Costs nothing where nobody asked.
pub struct Timer {
    wanted: Wanted,
    last: f64,
    rows: Vec<Row>,
}

impl Timer {
    /// Starts now.
    pub fn new() -> Self {
        let wanted = wanted();
        Self { wanted, last: if wanted == Wanted::Nothing { 0.0 } else { thread_seconds() }, rows: vec![] }
    }

    /// Whether somebody asked.
    pub fn is_on(&self) -> bool {
        self.wanted != Wanted::Nothing
    }

    /// Whether LLVM's passes are wanted one by one.
    pub fn llvm(&self) -> bool {
        self.wanted == Wanted::Llvm
    }

    /// The work since the last call belongs to this stage.
    pub fn lap(&mut self, stage: &str, note: &dyn Fn() -> String) {
        if self.is_on() {
            let now = thread_seconds();
            self.rows.push(Row(stage.to_string(), now - self.last, note()));
            self.last = thread_seconds();
        }
    }

    /// The back end's stages, which it has timed itself.
    pub fn back_end(&mut self, t: &Timings) {
        if self.is_on() {
            self.rows.push(Row("to LLVM IR".into(), t.translate, format!("{} instructions", t.instructions[0])));
            self.rows.push(Row("LLVM passes".into(), t.optimize, format!("{} instructions left", t.instructions[1])));
            self.rows.push(Row("code generation".into(), t.generate, String::new()));
            self.last = thread_seconds();
        }
    }

    /// The table, of the function with this name.
    pub fn table(&self, name: &str) -> String {
        let total: f64 = self.rows.iter().map(|r| r.1).sum();
        let mut text = format!("numbra: compiling {name} took {:.3} ms of CPU time\n", 1e3 * total);
        for Row(stage, seconds, note) in &self.rows {
            let share = if total > 0.0 { 100.0 * seconds / total } else { 0.0 };
            let line = format!("{:>10.3} ms {share:>4.0} %  {stage:<24} {note}", 1e3 * seconds);
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }

    /// Prints the table where it was asked for.
    pub fn print(&self, name: &str) {
        if self.is_on() {
            eprint!("{}", self.table(name));
        }
    }
}

/// The passes of a pipeline, which are separated by commas outside of braces and parentheses.
pub fn passes(pipeline: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (vec![], 0, 0);
    for (i, c) in pipeline.char_indices() {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&pipeline[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&pipeline[start..]);
    parts.retain(|p| !p.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipelines_split_at_the_top() {
        assert_eq!(passes("a,b{x=1,y=2},func(c,d)"), ["a", "b{x=1,y=2}", "func(c,d)"]);
        assert!(passes("").is_empty());
    }

    #[test]
    fn the_table_has_shares() {
        let timer = Timer { wanted: Wanted::Stages, last: 0.0, rows: vec![Row("a".into(), 0.003, "2 things".into()), Row("b".into(), 0.001, String::new())] };
        assert_eq!(timer.table("f"), "numbra: compiling f took 4.000 ms of CPU time\n     3.000 ms   75 %  a                        2 things\n     1.000 ms   25 %  b\n");
    }
}
