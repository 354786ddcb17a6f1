//! The registry that a tool fills before it starts: explicit tables, handed over in `main`, instead of constructors that run before it.
use numbra_dialects::registry::{PassDescription, register_pass, register_pipeline};

/// A named pipeline. Its text is what a user can print, edit and run.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Pipeline {
    pub name: &'static str,
    pub description: &'static str,
    /// Pass list inside `builtin.module(...)`
    pub text: &'static str,
}

/// Passes and pipelines, in the order of their names.
#[derive(Default)]
pub struct Registry {
    passes: Vec<PassDescription>,
    pipelines: Vec<Pipeline>,
}

impl Registry {
    /// Adds a pass; of two with one name the later one counts.
    pub fn add(&mut self, pass: PassDescription) -> &mut Self {
        self.passes.retain(|p| p.argument != pass.argument);
        self.passes.push(pass);
        self
    }

    /// Adds a table of passes.
    pub fn add_all(&mut self, passes: &[PassDescription]) -> &mut Self {
        for pass in passes {
            self.add(*pass);
        }
        self
    }

    /// Adds named pipelines.
    pub fn add_pipelines(&mut self, pipelines: &[Pipeline]) -> &mut Self {
        self.pipelines.extend_from_slice(pipelines);
        self
    }

    /// The pipelines.
    pub fn pipelines(&self) -> &[Pipeline] {
        &self.pipelines
    }

    /// The passes.
    pub fn passes(&self) -> &[PassDescription] {
        &self.passes
    }

    /// Registers everything with MLIR; to be called once in a process.
    pub fn install(mut self) {
        self.passes.sort_by_key(|p| p.argument);
        for pass in self.passes {
            register_pass(pass);
        }
        for p in self.pipelines {
            register_pipeline(p.name, p.description, p.text);
        }
    }
}
