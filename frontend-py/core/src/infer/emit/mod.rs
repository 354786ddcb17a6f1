//! Builds the typed function of an instance: blocks that are reached, ops as decided, conversions where branches and returns need them.
pub(super) mod build;
pub(super) mod companions;
pub(super) mod forward;
pub(super) mod liveness;

use build::Builder;
use forward::forwarded;
use liveness::{needed, successors};
use super::{engine::{Engine, Instance}, expr::Expr, source::{Op, OpKind, Source}, val::Val};
use melior::{
    Context,
    dialect::cf,
    ir::{Attribute, Block, BlockLike, BlockRef, Location, Operation, Region, RegionLike, Type, Value,
        attribute::{StringAttribute, TypeAttribute},
        operation::OperationMutLike,
        r#type::FunctionType,
    },
};
use numbra_dialects::py::{Ty, ods::py as ods};

/// An internal failure, in words.
pub type Failure = String;

/// The typed function of an instance.
pub fn function<'c>(context: &'c Context, engine: &Engine<'c>, index: usize) -> Result<Operation<'c>, Failure> {
    let instance = &engine.instances[index];
    let source = &engine.functions[instance.function];
    let region = Region::new();
    let result = instance.frame.result.ty();
    let forwarded = forwarded(source, instance);
    let source = forwarded.as_ref().unwrap_or(source);
    {
        let needed = needed(source, instance);
        let order = reverse_postorder(source, instance);
        let mut emitter = Emitter { source, instance, result: &result, blocks: vec![None; source.blocks.len()], needed, builder: Builder::new(context, engine, source, instance) };
        for &b in &order {
            let arguments: Vec<(Type, Location)> =
                emitter.kept(b).map(|v| (instance.frame.vals[v].ty().to_mlir(context), source.definitions[v].1)).collect();
            let block = region.append_block(Block::new(&arguments));
            for (i, v) in emitter.kept(b).collect::<Vec<_>>().into_iter().enumerate() {
                emitter.builder.values[v] = Some(block.argument(i).map_err(|e| e.to_string())?.into());
            }
            emitter.blocks[b] = Some(block);
        }
        for &b in &order {
            emitter.block(b)?;
        }
    }
    let inputs: Vec<Type> = instance.arguments.iter().map(|t| t.to_mlir(context)).collect();
    let signature = FunctionType::new(context, &inputs, &[result.to_mlir(context)]);
    let mut builder = ods::FuncOperation::builder(context, source.location)
        .body(region)
        .sym_name(StringAttribute::new(context, &instance.symbol))
        .function_type(TypeAttribute::new(signature.into()))
        .arg_names(source.arg_names_attribute);
    if let Some(name) = source.py_name {
        builder = builder.py_name(name);
    }
    if let Some(options) = source.options {
        builder = builder.options(options);
    }
    if !instance.entry {
        builder = builder.sym_visibility(StringAttribute::new(context, "private"));
    }
    let mut op: Operation = builder.build().into();
    if instance.entry || instance.addressed {
        op.set_attribute("py.entry", Attribute::unit(context));
    }
    Ok(op)
}

/// Definitions come before uses in this order.
fn reverse_postorder(source: &Source, instance: &Instance) -> Vec<usize> {
    let mut order = vec![];
    let mut seen = vec![false; source.blocks.len()];
    seen[0] = true;
    let mut stack = vec![(0, successors(source, instance, 0))];
    while let Some((b, rest)) = stack.last_mut() {
        // Taken from the back, so that the first successor comes first in the result.
        match rest.pop() {
            Some((next, _)) if !std::mem::replace(&mut seen[next], true) => stack.push((next, successors(source, instance, next))),
            Some(_) => {}
            None => {
                order.push(*b);
                stack.pop();
            }
        }
    }
    order.reverse();
    order
}

struct Emitter<'c, 'e> {
    source: &'e Source<'c>,
    instance: &'e Instance,
    result: &'e Ty,
    blocks: Vec<Option<BlockRef<'c, 'e>>>,
    needed: Vec<bool>,
    builder: Builder<'c, 'e>,
}

impl<'c, 'e> Emitter<'c, 'e> {
    /// Block arguments that exist at run time; parameters all do.
    fn kept(&self, b: usize) -> impl Iterator<Item = usize> + use<'_, 'c, 'e> {
        self.source.blocks[b].arguments.iter().copied().filter(move |&v| b == 0 || self.needed[v])
    }

    fn target(&self, b: usize) -> Result<BlockRef<'c, 'e>, Failure> {
        self.blocks[b].ok_or_else(|| "branch to a block that is not reached".to_string())
    }

    fn block(&mut self, b: usize) -> Result<(), Failure> {
        let block = self.target(b)?;
        self.builder.block = Some(block);
        let source = self.source;
        let decisions = &self.instance.decisions[b];
        for (op, decision) in source.blocks[b].ops.iter().zip(decisions) {
            self.op(b, op, decision)?;
        }
        if let Some(op) = source.blocks[b].ops.get(decisions.len()) {
            self.stop(op)?;
        }
        Ok(())
    }

    fn op(&mut self, b: usize, op: &'e Op<'c>, decision: &'e [Option<Expr>]) -> Result<(), Failure> {
        self.builder.op = Some(op);
        let context = self.builder.context;
        let vals = &self.instance.frame.vals;
        match &op.kind {
            OpKind::Return => {
                let value = self.builder.value(op.operands[0], self.result)?;
                self.builder.push(ods::r#return(context, value, op.location));
            }
            OpKind::Raise => {
                if let Some(Some(e)) = decision.first() {
                    let value = self.builder.expr(e)?.0;
                    self.builder.push(ods::raise(context, value, op.location));
                }
            }
            OpKind::Br(_) | OpKind::CondBr(..) => self.branch(b, op)?,
            OpKind::CheckBound(name) => {
                if vals[op.operands[0]] != Val::Bool(true) {
                    let flag = self.builder.value(op.operands[0], &Ty::BOOL)?;
                    self.builder.push(ods::check_bound(context, flag, StringAttribute::new(context, name), op.location));
                }
            }
            OpKind::Next => {
                if let [valid, element] = op.results[..]
                    && decision.iter().all(Option::is_some)
                {
                    let iterator = self.builder.value(op.operands[0], &vals[op.operands[0]].ty())?;
                    let types = [Ty::BOOL.to_mlir(context), vals[element].ty().to_mlir(context)];
                    let op = self.builder.push(ods::next(context, types[0], types[1], iterator, op.location)).ok_or("no block")?;
                    for (v, i) in [(valid, 0), (element, 1)] {
                        self.builder.values[v] = Some(op.result(i).map_err(|e| e.to_string())?.into());
                    }
                }
            }
            _ => {
                // One call for all results that are its parts.
                self.builder.share(decision.first().and_then(Option::as_ref))?;
                for (i, e) in decision.iter().enumerate() {
                    let Some(e) = e else { continue };
                    let result = op.results.get(i);
                    if e.is_pure() && !result.is_some_and(|&v| self.needed[v]) {
                        continue;
                    }
                    let (value, _) = self.builder.expr(e)?;
                    if let Some(&v) = result {
                        self.builder.values[v] = Some(value);
                    }
                }
            }
        }
        Ok(())
    }

    fn branch(&mut self, b: usize, op: &'e Op<'c>) -> Result<(), Failure> {
        let context = self.builder.context;
        let mut targets = vec![];
        for (target, operands) in successors(self.source, self.instance, b) {
            let mut passed: Vec<Value> = vec![];
            for (&argument, &operand) in self.source.blocks[target].arguments.iter().zip(operands) {
                if self.needed[argument] {
                    passed.push(self.builder.value(operand, &self.instance.frame.vals[argument].ty())?);
                }
            }
            targets.push((self.target(target)?, passed));
        }
        match &targets[..] {
            [(target, passed)] => self.builder.push(cf::br(target, passed, op.location)),
            [(on_true, first), (on_false, second)] => {
                let condition = self.builder.value(op.operands[0], &Ty::BOOL)?;
                self.builder.push(cf::cond_br(context, condition, on_true, on_false, first, second, op.location))
            }
            _ => return Err("branch without target".into()),
        };
        Ok(())
    }

    /// Ends a block whose op does not let control pass.
    fn stop(&mut self, op: &'e Op<'c>) -> Result<(), Failure> {
        self.builder.op = Some(op);
        let (kind, message) = match &op.kind {
            OpKind::CheckBound(name) => ("UnboundLocalError", format!("cannot access local variable '{name}' where it is not associated with a value")),
            _ => ("SystemError", "code that cannot be reached was reached".to_string()),
        };
        let exception = Expr::Exception(kind.into(), vec![Expr::constant(Val::string(&message))]);
        let value = self.builder.expr(&exception)?.0;
        self.builder.push(ods::raise(self.builder.context, value, op.location));
        Ok(())
    }
}
