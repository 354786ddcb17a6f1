//! The few options of our own; everything else is mlir-opt's and passes through untouched.

/// Command line, split.
pub struct Arguments {
    /// The call to run (`--run`)
    pub run: Option<String>,
    /// A `.py` input
    pub python: Option<String>,
    /// All that mlir-opt gets, program name first
    pub rest: Vec<String>,
}

impl Arguments {
    /// Splits the arguments, the program name first.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut found = Arguments { run: None, python: None, rest: vec![] };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            if let Some(call) = argument.strip_prefix("--run=").or_else(|| argument.strip_prefix("-run=")) {
                found.run = Some(call.to_string());
            } else if argument == "--run" {
                found.run = Some(arguments.next().ok_or("--run needs a call, as in --run 'f(1, 2.5)'")?);
            } else if argument.ends_with(".py") && !argument.starts_with('-') {
                found.python = Some(argument);
            } else {
                found.rest.push(argument);
            }
        }
        Ok(found)
    }

    /// The arguments for mlir-opt with this input file.
    pub fn with_input(mut self, path: &str) -> Vec<String> {
        self.rest.push(path.to_string());
        self.rest
    }

    /// The input that is not Python: the first positional argument.
    pub fn input(&self) -> Option<&str> {
        self.rest.iter().skip(1).find(|a| !a.starts_with('-') || a.as_str() == "-").map(String::as_str)
    }
}
