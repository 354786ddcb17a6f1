//! Symbols of the functions of a module, and which of them are still to be built.
use super::managers::Part;
use crate::host::{FunctionId, FunctionSource, Host};
use indexmap::IndexMap;
use numbra_dialects::Diagnostic;
use std::{collections::{HashMap, HashSet}, sync::Arc};

/// A function with its symbol, or why its source cannot be had.
type Entry = Result<(Arc<FunctionSource>, String), Box<Diagnostic>>;

/// Every function met so far, in the order of meeting.
pub struct Symbols<'h> {
    host: &'h dyn Host,
    known: IndexMap<(FunctionId, Part), Entry>,
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
        self.part(id, Part::Whole)
    }

    /// The symbol of a part of a function.
    pub fn part(&mut self, id: FunctionId, part: Part) -> Result<String, Box<Diagnostic>> {
        if let Some(known) = self.known.get(&(id, part)) {
            return known.as_ref().map(|(_, s)| s.clone()).map_err(Clone::clone);
        }
        let entry = self.host.source(id).map_err(Box::new).map(|source| {
            let symbol = unique(&mut self.taken, &format!("{}{}", source.qualname, part.suffix()));
            (Arc::new(source), symbol)
        });
        let result = entry.as_ref().map(|(_, s)| s.clone()).map_err(Clone::clone);
        self.known.insert((id, part), entry);
        result
    }

    /// The function of a symbol, unless it is nested in another one.
    pub fn id(&self, symbol: &str) -> Option<FunctionId> {
        self.known.iter().find(|(key, entry)| key.1 == Part::Whole && entry.as_ref().is_ok_and(|(_, s)| s == symbol)).map(|(key, _)| key.0)
    }

    /// A symbol of its own for a nested function.
    pub fn nested(&mut self, name: &str) -> String {
        unique(&mut self.taken, name)
    }

    /// The functions by symbol.
    pub fn ids(&self) -> HashMap<String, FunctionId> {
        self.known.iter().filter(|(key, _)| key.1 == Part::Whole).filter_map(|(key, entry)| Some((entry.as_ref().ok()?.1.clone(), key.0))).collect()
    }

    /// The next function to build.
    pub fn next(&mut self) -> Option<((FunctionId, Part), Arc<FunctionSource>, String)> {
        while let Some((key, entry)) = self.known.get_index(self.built) {
            self.built += 1;
            if let Ok((source, symbol)) = entry {
                return Some((*key, source.clone(), symbol.clone()));
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
