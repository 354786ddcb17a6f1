//! Declarations of runtime functions, made from their one table when they are first called.
use super::{build::V, cx::Cx, module::ModuleCx};
use melior::{
    dialect::{llvm, ods},
    ir::{Attribute, BlockLike, Operation, Region, Type, attribute::{ArrayAttribute, StringAttribute, TypeAttribute}, operation::OperationMutLike},
};
use numbra_abi::symbols::{CType, Effect, Symbol};

impl<'c: 'a, 'a> ModuleCx<'c, 'a> {
    fn c_type(&self, t: CType) -> Type<'c> {
        match t {
            CType::Void => llvm::r#type::void(self.context),
            CType::I32 => self.t.i32,
            CType::I64 => self.t.i64,
            CType::F64 => self.t.f64,
            CType::Ptr => self.t.ptr,
            CType::Pair => llvm::r#type::r#struct(self.context, &[self.t.f64, self.t.f64], false),
        }
    }

    /// Declares an external function once.
    pub fn declare(&mut self, name: &str, arguments: &[Type<'c>], result: Type<'c>, variadic: bool, passthrough: &[Attribute<'c>], pure_: bool) {
        if !self.declared.insert(name.to_string()) {
            return;
        }
        let ty = llvm::r#type::function(result, arguments, variadic);
        let mut op: Operation<'c> = ods::llvm::LLVMFuncOperation::builder(self.context, self.loc)
            .sym_name(StringAttribute::new(self.context, name)).function_type(TypeAttribute::new(ty)).body(Region::new()).build().into();
        if !passthrough.is_empty() {
            op.set_attribute("passthrough", ArrayAttribute::new(self.context, passthrough).into());
        }
        if let (true, Some(none)) = (pure_, self.no_memory) {
            op.set_attribute("memory_effects", none);
        }
        self.body.append_operation(op);
    }

    /// Declares a runtime function; false when the table has none of this name.
    pub fn declare_runtime(&mut self, name: &str) -> Option<(&'static Symbol, Type<'c>)> {
        let symbol = Symbol::from_name(name)?;
        let result = self.c_type(symbol.result);
        if !self.declared.contains(name) {
            let arguments: Vec<_> = symbol.arguments.iter().map(|a| self.c_type(*a)).collect();
            let flags: &[&str] = match symbol.effect {
                Effect::Pure => &["nounwind", "willreturn"],
                Effect::Writes | Effect::Allocates => &["nounwind", "willreturn"],
                Effect::Raises => &[],
                Effect::Throws => &["noreturn", "cold"],
                Effect::Personality => &[],
            };
            let flags: Vec<Attribute> = flags.iter().map(|f| StringAttribute::new(self.context, f).into()).collect();
            self.declare(name, &arguments, result, symbol.effect == Effect::Personality, &flags, symbol.effect == Effect::Pure);
        }
        Some((symbol, result))
    }
}

impl<'c: 'a, 'a> Cx<'_, 'c, 'a> {
    /// Calls a runtime function; its result if it has one.
    pub fn runtime(&mut self, name: &str, arguments: &[V<'c, 'a>]) -> Option<V<'c, 'a>> {
        let Some((symbol, result)) = self.module.declare_runtime(name) else { unreachable!("runtime function {name} is not in the table") };
        self.facts.throws |= symbol.effect.unwinds();
        self.facts.allocates |= symbol.effect == Effect::Allocates;
        self.b.call(name, arguments, (symbol.result != CType::Void).then_some(result))
    }

    /// Calls a runtime function that has a result.
    pub fn runtime_value(&mut self, name: &str, arguments: &[V<'c, 'a>]) -> V<'c, 'a> {
        match self.runtime(name, arguments) {
            Some(v) => v,
            None => unreachable!("runtime function {name} has no result"),
        }
    }
}
