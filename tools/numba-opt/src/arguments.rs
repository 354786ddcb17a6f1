//! The few options of our own; everything else is mlir-opt's and passes through untouched.

/// Command line, split.
#[derive(Default)]
pub struct Arguments {
    /// The call to run (`--run`)
    pub run: Option<String>,
    /// The call to make typed versions for (`--specialize`)
    pub specialize: Option<String>,
    /// Print the table of pipelines (`--print-pipelines`)
    pub print_pipelines: bool,
    /// A `.py` input
    pub python: Option<String>,
    /// All that mlir-opt gets, program name first
    pub rest: Vec<String>,
}

impl Arguments {
    /// Splits the arguments, the program name first.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut found = Arguments::default();
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let dashes = argument.len() - argument.trim_start_matches('-').len();
            let (name, value) = match argument.trim_start_matches('-').split_once('=') {
                Some((name, value)) => (name, Some(value.to_string())),
                None => (argument.trim_start_matches('-'), None),
            };
            let mut call = || match value.clone().or_else(|| arguments.next()) {
                Some(text) => Ok(Some(text)),
                None => Err(format!("--{name} needs a call, as in --{name} 'f(1, 2.5)'")),
            };
            match (dashes, name) {
                (1 | 2, "run") => found.run = call()?,
                (1 | 2, "specialize") => found.specialize = call()?,
                (1 | 2, "print-pipelines") => found.print_pipelines = true,
                // The only option of mlir-opt whose value is commonly a word of its own; it may end in anything.
                (1, "o") if value.is_none() => {
                    found.rest.push(argument);
                    found.rest.extend(arguments.next());
                }
                (0, _) if argument.ends_with(".py") => match &found.python {
                    Some(other) => return Err(format!("one input at a time, not both {other} and {argument}")),
                    None => found.python = Some(argument),
                },
                _ => found.rest.push(argument),
            }
        }
        match (&found.run, &found.specialize, &found.python, found.input()) {
            (Some(_), Some(_), ..) => Err("--run makes the typed version that it needs: leave out --specialize".to_string()),
            (_, _, Some(python), Some(other)) => Err(format!("one input at a time, not both {python} and {other}")),
            _ => Ok(found),
        }
    }

    /// The arguments for mlir-opt with this input file.
    pub fn with_input(mut self, path: &str) -> Vec<String> {
        self.rest.push(path.to_string());
        self.rest
    }

    /// The input that is not Python: the first positional argument.
    pub fn input(&self) -> Option<&str> {
        let positional = |i: &usize| (!self.rest[*i].starts_with('-') || self.rest[*i] == "-") && self.rest[i - 1] != "-o";
        (1..self.rest.len()).find(positional).map(|i| self.rest[i].as_str())
    }

    /// The arguments without the input, to put another one in its place.
    pub fn without_input(mut self) -> Self {
        if let Some(at) = self.input().and_then(|input| self.rest.iter().skip(1).position(|a| a == input)) {
            self.rest.remove(at + 1);
        }
        self
    }

    /// The passes named on the command line as the text of a pipeline, for `--run`. Nothing else may be there but the input.
    pub fn passes(&self) -> Result<Option<String>, String> {
        let mut found = vec![];
        for argument in self.rest.iter().skip(1).filter(|a| a.starts_with('-') && a.as_str() != "-") {
            let text = argument.trim_start_matches('-');
            found.push(match text.split_once('=') {
                Some(("pass-pipeline", pipeline)) => inner(pipeline)?.to_string(),
                Some((name, options)) => format!("{name}{{{options}}}"),
                None => text.to_string(),
            });
        }
        Ok((!found.is_empty()).then(|| found.join(",")))
    }
}

fn inner(pipeline: &str) -> Result<&str, String> {
    let text = pipeline.trim().strip_prefix("builtin.module(").and_then(|t| t.strip_suffix(')'));
    text.ok_or_else(|| format!("--pass-pipeline: expected builtin.module(...), not {pipeline:?}"))
}
