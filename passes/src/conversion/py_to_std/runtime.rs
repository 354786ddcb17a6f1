//! Declarations of runtime functions, made from their one table when they are first called.
use super::{build::V, cx::Cx, module::ModuleCx};
use melior::{
    dialect::{llvm, ods},
    ir::{Attribute, BlockLike, Identifier, Operation, Region, Type, attribute::{ArrayAttribute, DictionaryAttribute, StringAttribute, TypeAttribute}, operation::OperationMutLike},
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

    /// Declares an external function once, with what the optimiser may assume of it.
    pub fn declare(&mut self, name: &str, arguments: &[Type<'c>], result: Type<'c>, effect: Effect) {
        if !self.declared.insert(name.to_string()) {
            return;
        }
        let context = self.context;
        let ty = llvm::r#type::function(result, arguments, effect == Effect::Personality);
        let mut op: Operation<'c> = ods::llvm::LLVMFuncOperation::builder(context, self.loc)
            .sym_name(StringAttribute::new(context, name)).function_type(TypeAttribute::new(ty)).body(Region::new()).build().into();
        let flags: &[&str] = match effect {
            Effect::Pure | Effect::Writes | Effect::Allocates => &["nounwind", "willreturn"],
            Effect::Raises | Effect::Personality => &[],
            Effect::Throws => &["noreturn", "cold"],
        };
        if !flags.is_empty() {
            let flags: Vec<Attribute> = flags.iter().map(|f| StringAttribute::new(context, f).into()).collect();
            op.set_attribute("passthrough", ArrayAttribute::new(context, &flags).into());
        }
        if let (Effect::Pure, Some(none)) = (effect, self.no_memory) {
            op.set_attribute("memory_effects", none);
        }
        if effect == Effect::Allocates {
            let noalias = DictionaryAttribute::new(context, &[(Identifier::new(context, "llvm.noalias"), Attribute::unit(context))]);
            op.set_attribute("res_attrs", ArrayAttribute::new(context, &[noalias.into()]).into());
        }
        self.body.append_operation(op);
    }

    /// Declares a runtime function; nothing when the table has none of this name.
    pub fn declare_runtime(&mut self, name: &str) -> Option<(&'static Symbol, Type<'c>)> {
        let symbol = Symbol::from_name(name)?;
        let result = self.c_type(symbol.result);
        if !self.declared.contains(name) {
            let arguments: Vec<_> = symbol.arguments.iter().map(|a| self.c_type(*a)).collect();
            self.declare(name, &arguments, result, symbol.effect);
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
