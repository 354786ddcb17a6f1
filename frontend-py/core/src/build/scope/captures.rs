//! What each nested function captures: the variables of functions around it that it, or a function in it, reads.
//!
//! A name that is only ever bound to one nested function is not captured as a value: whoever reads it in another function makes the function
//! again from its captures, which it therefore captures too. So functions can refer to themselves and to each other.
use super::{Key, ScopeId, Tree};
use indexmap::IndexSet;

/// Fills in the captures of all functions.
pub fn find(tree: &mut Tree) {
    let count = tree.scopes.len();
    let mut captures: Vec<IndexSet<Key>> = vec![IndexSet::new(); count];
    let mut functions: Vec<IndexSet<ScopeId>> = vec![IndexSet::new(); count];
    for (i, scope) in tree.scopes.iter().enumerate() {
        captures[i].extend(scope.defaults.iter().filter(|d| !d.literal).map(|d| Key::Default(i, d.parameter)));
        let assigned = scope.outer.keys().filter(|n| scope.nonlocal.contains(**n));
        for name in scope.loads.iter().chain(assigned) {
            let Some(owner) = tree.resolve(i, name) else { continue };
            let mut function = scope.function;
            // Every function between the read and the owner passes it on.
            while function != tree.scopes[owner].function {
                match tree.only_function(owner, name) {
                    Some(nested) => _ = functions[function].insert(nested),
                    None => _ = captures[function].insert(Key::Name(owner, name)),
                }
                let Some(parent) = tree.scopes[function].parent else { break };
                function = tree.scopes[parent].function;
            }
        }
    }
    loop {
        let mut grown = false;
        for function in 0..count {
            for nested in &functions[function] {
                let needed: Vec<Key> = captures[*nested].iter().copied().filter(|k| !within(tree, function, tree.owner(*k))).collect();
                for key in needed {
                    grown |= captures[function].insert(key);
                }
            }
        }
        if !grown {
            break;
        }
    }
    for (scope, keys) in tree.scopes.iter_mut().zip(captures) {
        scope.captures = keys.into_iter().collect();
    }
}

/// Whether a scope is a function or lies in it.
fn within(tree: &Tree, function: ScopeId, mut scope: ScopeId) -> bool {
    loop {
        if scope == function {
            return true;
        }
        match tree.scopes[scope].parent {
            Some(parent) => scope = parent,
            None => return false,
        }
    }
}
