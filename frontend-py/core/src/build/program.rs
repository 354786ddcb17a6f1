//! A program that grows: functions that inference comes to need, because the program's overloads name them, are built while it runs.
use super::{Built, definition, load_dialects, passed, specialize, symbols::Symbols, with_functions};
use crate::{host::{FunctionId, Host, function_of}, infer::source::Source};
use melior::{Context, ir::{BlockLike, Location, Module, Operation, operation::OperationLike}};
use numbra_dialects::{Diagnostic, py::Ty};
use std::collections::HashMap;

/// What is built of a program, and the host that knows the rest.
pub struct Program<'c, 'h> {
    context: &'c Context,
    host: &'h dyn Host,
    symbols: Symbols<'h>,
}

impl<'c, 'h> Program<'c, 'h> {
    /// Nothing is built yet.
    pub fn new(context: &'c Context, host: &'h dyn Host) -> Self {
        load_dialects(context);
        Program { context, host, symbols: Symbols::new(host) }
    }

    /// What the program knows beyond its text.
    pub fn host(&self) -> &'h dyn Host {
        self.host
    }

    /// Which of the host's functions has a symbol.
    pub fn id(&self, symbol: &str) -> Option<FunctionId> {
        self.symbols.id(symbol)
    }

    /// Makes a module with some functions and all that they reference and that was not built before. Returns it with the symbols of the functions.
    pub fn build(&mut self, roots: &[FunctionId]) -> Result<(Module<'c>, Vec<String>), Vec<Diagnostic>> {
        let module = Module::new(Location::unknown(self.context));
        let mut diagnostics = vec![];
        let mut names = vec![];
        for root in roots {
            match self.symbols.of(*root) {
                Ok(name) => names.push(name),
                Err(error) => diagnostics.push(*error),
            }
        }
        let mut built: Vec<Operation<'c>> = vec![];
        while let Some((key, source, symbol)) = self.symbols.next() {
            match definition::build(self.context, self.host, &mut self.symbols, key, &source, &symbol) {
                Ok(ops) => built.extend(ops),
                Err(errors) => diagnostics.extend(errors),
            }
        }
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        built.into_iter().for_each(|op| _ = module.body().append_operation(op));
        Ok((module, names))
    }

    /// The host's functions that are in the program, by symbol.
    pub fn ids(&self) -> HashMap<String, FunctionId> {
        self.symbols.ids()
    }

    /// As [`Program::build`], with the functions that are among the arguments of the first.
    pub fn build_for(&mut self, root: FunctionId, arguments: &[Ty]) -> Result<Built<'c>, Vec<Diagnostic>> {
        let mut roots = vec![root];
        arguments.iter().for_each(|t| passed(t, &mut roots));
        let (mut module, _) = self.build(&roots)?;
        specialize::enumerations(self.context, &mut module, self.host, arguments);
        let functions = self.ids();
        let symbols: HashMap<FunctionId, &String> = functions.iter().map(|(symbol, id)| (*id, symbol)).collect();
        let symbol = |text: &str| Some(Ty::Function(symbols.get(&function_of(text)?)?.as_str().into()));
        Ok(Built { module, arguments: arguments.iter().map(|t| with_functions(t, &symbol)).collect() })
    }

    /// A function of the host by its symbol, and those that had to be built for it.
    pub fn function(&mut self, id: FunctionId) -> Result<(String, Vec<Source<'c>>), Vec<Diagnostic>> {
        let (module, names) = self.build(&[id])?;
        let mut sources = vec![];
        let mut next = module.body().first_operation();
        while let Some(op) = next {
            next = op.next_in_block();
            sources.push(Source::read(op).map_err(|d| vec![d])?);
        }
        Ok((names.into_iter().next().unwrap_or_default(), sources))
    }
}
