//! Symbols of the functions of a module, and which of them are still to be built.
use crate::host::{FunctionId, FunctionSource, Host};
use indexmap::IndexMap;
use numbra_dialects::Diagnostic;
use std::{collections::{HashMap, HashSet}, sync::Arc};

/// A function with its symbol, or why its source cannot be had.
type Entry = Result<(Arc<FunctionSource>, String), Box<Diagnostic>>;

/// Every function met so far, in the order of meeting.
pub struct Symbols<'h> {
    host: &'h dyn Host,
    known: IndexMap<FunctionId, Entry>,
    taken: HashSet<String>,
    built: usize,
}

impl<'h> Symbols<'h> {
    /// No functions yet.
    pub fn new(host: &'h dyn Host) -> Self {
        Self { host, known: IndexMap::new(), taken: HashSet::new(), built: 0 }
    }

    /// The symbol of a function; one met for the first time will be built too.
    pub fn of(&mut self, id: FunctionId) -> Result<String, Box<Diagnostic>> {
        if let Some(known) = self.known.get(&id) {
            return known.as_ref().map(|(_, s)| s.clone()).map_err(Clone::clone);
        }
        let entry = self.host.source(id).map_err(Box::new).map(|source| {
            let symbol = unique(&mut self.taken, &source.qualname);
            (Arc::new(source), symbol)
        });
        let result = entry.as_ref().map(|(_, s)| s.clone()).map_err(Clone::clone);
        self.known.insert(id, entry);
        result
    }

    /// The function of a symbol, unless it is nested in another one.
    pub fn id(&self, symbol: &str) -> Option<FunctionId> {
        self.known.iter().find(|(_, entry)| entry.as_ref().is_ok_and(|(_, s)| s == symbol)).map(|(id, _)| *id)
    }

    /// A symbol of its own for a nested function.
    pub fn nested(&mut self, name: &str) -> String {
        unique(&mut self.taken, name)
    }

    /// The functions by symbol.
    pub fn ids(&self) -> HashMap<String, FunctionId> {
        self.known.iter().filter_map(|(id, entry)| Some((entry.as_ref().ok()?.1.clone(), *id))).collect()
    }

    /// The next function to build.
    pub fn next(&mut self) -> Option<(FunctionId, Arc<FunctionSource>, String)> {
        while let Some((id, entry)) = self.known.get_index(self.built) {
            self.built += 1;
            if let Ok((source, symbol)) = entry {
                return Some((*id, source.clone(), symbol.clone()));
            }
        }
        None
    }
}

fn unique(taken: &mut HashSet<String>, name: &str) -> String {
    let mut symbol = name.to_string();
    let mut number = 1;
    while !taken.insert(symbol.clone()) {
        symbol = format!("{name}.{number}");
        number += 1;
    }
    symbol
}
