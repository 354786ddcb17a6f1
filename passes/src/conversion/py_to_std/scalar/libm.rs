//! Functions of the C library that are pure on floats.
//!
//! They stay calls, not LLVM intrinsics: the back end knows vector functions for them and replaces them in loops.
use super::super::module::ModuleCx;
use numbra_abi::symbols::Effect;

impl<'c: 'a, 'a> ModuleCx<'c, 'a> {
    /// Declares a function; `single` is its float version, whose name ends in `f`. Returns the symbol.
    pub fn declare_libm(&mut self, name: &str, arguments: usize, single: bool) -> String {
        let symbol = if single { format!("{name}f") } else { name.to_string() };
        if !self.declared.contains(&symbol) {
            let ty = if single { self.t.f32 } else { self.t.f64 };
            self.declare(&symbol, &vec![ty; arguments], ty, Effect::Pure);
        }
        symbol
    }
}
