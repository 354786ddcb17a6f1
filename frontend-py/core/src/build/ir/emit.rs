//! Writes a finished function as `py.func`: the only place that builds ops.
use super::{Body, FALSE, Inst, Op, TRUE, Terminator, Val, attributes, ssa::{self, Solved, checks_nothing, narrows_nothing}};
use crate::{refusal, source::Unit};
use melior::{
    Context,
    dialect::cf,
    ir::{
        Attribute, Block, BlockLike, BlockRef, Location, Operation, Region, RegionLike, Type, Value,
        attribute::{ArrayAttribute, BoolAttribute, FlatSymbolRefAttribute, IntegerAttribute, StringAttribute, TypeAttribute}, operation::OperationMutLike, r#type::{FunctionType, IntegerType},
    },
};
use numbra_dialects::py::{Ty, ods::py as ods};
use ruff_text_size::TextRange;

/// Head of a function.
pub struct Head<'c, 'a> {
    pub symbol: &'a str,
    pub name: &'a str,
    pub file: &'a str,
    /// Place of the function's name
    pub range: TextRange,
    /// Place of each parameter
    pub parameters: &'a [TextRange],
    pub defaults: Vec<Attribute<'c>>,
    /// How many parameters take positions only
    pub positional_only: usize,
    /// How many parameters, before `*args` and `**kwargs`, take keywords only
    pub keyword_only: usize,
    /// Parameters whose values make versions of their own
    pub statics: Vec<usize>,
    /// How many of the first parameters are captured values
    pub captures: usize,
    /// Whether there are `*args` and `**kwargs`, which are the last parameters
    pub variadic: [bool; 2],
    pub options: Option<Attribute<'c>>,
}

struct Emitter<'c, 'r, 'a> {
    context: &'c Context,
    unit: &'a Unit,
    file: &'a str,
    any: Type<'c>,
    solved: &'a Solved,
    values: Vec<Option<Value<'c, 'r>>>,
}

/// Writes the function.
/// `None` means that a value is used where it is not defined: an error of this crate.
pub fn emit<'c>(context: &'c Context, unit: &Unit, head: Head<'c, '_>, body: &mut Body) -> Option<Operation<'c>> {
    let any = Ty::Any.to_mlir(context);
    let solved = ssa::solve(body);
    let region = Region::new();
    {
        let emitter = Emitter { context, unit, file: head.file, any, solved: &solved, values: vec![None; body.value_count as usize] };
        emitter.run(&region, body, &head)?;
    }
    let location = unit.span(head.file, head.range).location(context);
    let inputs = vec![any; body.parameters];
    let string = |s: &str| StringAttribute::new(context, s);
    let names: Vec<Attribute> = body.locals[..body.parameters].iter().map(|n| string(n).into()).collect();
    let mut builder = ods::FuncOperation::builder(context, location)
        .body(region)
        .sym_name(string(head.symbol))
        .function_type(TypeAttribute::new(FunctionType::new(context, &inputs, &[any]).into()))
        .arg_names(ArrayAttribute::new(context, &names))
        .py_name(string(head.name));
    if !head.defaults.is_empty() {
        builder = builder.defaults(ArrayAttribute::new(context, &head.defaults));
    }
    if let Some(options) = head.options {
        builder = builder.options(options);
    }
    let mut op: Operation = builder.build().into();
    for (name, count) in [("py.positional_only", head.positional_only), ("py.keyword_only", head.keyword_only), ("py.captures", head.captures)] {
        if count > 0 {
            op.set_attribute(name, IntegerAttribute::new(IntegerType::new(context, 64).into(), count as i64).into());
        }
    }
    if !head.statics.is_empty() {
        let index = |i: &usize| IntegerAttribute::new(IntegerType::new(context, 64).into(), *i as i64).into();
        let statics: Vec<Attribute> = head.statics.iter().map(index).collect();
        op.set_attribute("py.static", ArrayAttribute::new(context, &statics).into());
    }
    for (name, _) in ["py.variable_positional", "py.variable_keywords"].into_iter().zip(head.variadic).filter(|v| v.1) {
        op.set_attribute(name, Attribute::unit(context));
    }
    Some(op)
}

impl<'c, 'r> Emitter<'c, 'r, '_> {
    fn run(mut self, region: &'r Region<'c>, body: &Body, head: &Head) -> Option<()> {
        let here = self.location(head.range);
        let mut blocks: Vec<Option<BlockRef<'c, 'r>>> = vec![None; body.blocks.len()];
        for id in &body.order {
            if self.solved.predecessors[id.0 as usize].is_none() || self.passed(body, *id).is_some() {
                continue;
            }
            let phis = &self.solved.arguments[id.0 as usize];
            let mut arguments: Vec<(Type, Location)> = phis.iter().map(|i| (self.any, self.location(body.phis[*i as usize].range))).collect();
            if *id == super::ENTRY {
                arguments = head.parameters.iter().map(|r| (self.any, self.location(*r))).collect();
            }
            let block = region.append_block(Block::new(&arguments));
            let values = phis.iter().map(|i| body.phis[*i as usize].value);
            let values: Vec<Val> = if *id == super::ENTRY { (0..body.parameters).map(|i| body.parameter(i)).collect() } else { values.collect() };
            for (i, value) in values.into_iter().enumerate() {
                self.values[value.0 as usize] = block.argument(i).ok().map(Into::into);
            }
            blocks[id.0 as usize] = Some(block);
        }
        if let Some(entry) = blocks[super::ENTRY.0 as usize] {
            self.beginning(entry, body, here);
        }
        for id in &body.order {
            let Some(block) = blocks[id.0 as usize] else { continue };
            let content = &body.blocks[id.0 as usize];
            for inst in &content.insts {
                if !checks_nothing(&inst.op, self.solved) && !narrows_nothing(inst, self.solved) {
                    self.inst(block, inst)?;
                }
            }
            if let Some((terminator, range)) = content.terminator {
                self.terminator(block, body, id.0, terminator, range, &blocks)?;
            }
        }
        Some(())
    }

    /// Where a block leads that would only have narrowed a variable that is not read: branches pass it.
    fn passed(&self, body: &Body, block: super::BlockId) -> Option<super::BlockId> {
        let content = &body.blocks[block.0 as usize];
        match content.terminator {
            Some((Terminator::Br(next), _)) if !content.insts.is_empty() && content.insts.iter().all(|i| narrows_nothing(i, self.solved)) => Some(next),
            _ => None,
        }
    }

    fn location(&self, range: TextRange) -> Location<'c> {
        self.unit.span(self.file, range).location(self.context)
    }

    fn value(&self, value: Val) -> Option<Value<'c, 'r>> {
        // Blocks stand in the order in which they were begun, which is after everything that dominates them.
        self.values[self.solved.resolve(value).0 as usize]
    }

    fn list(&self, values: &[Val]) -> Option<Vec<Value<'c, 'r>>> {
        values.iter().map(|v| self.value(*v)).collect()
    }

    /// Values that every function begins with, as far as they are needed.
    fn beginning(&mut self, entry: BlockRef<'c, 'r>, body: &Body, here: Location<'c>) {
        for i in 0..self.solved.needed.len() {
            if !self.solved.needed[i] {
                continue;
            }
            let value = Val(i as u32);
            let op: Operation = if value == TRUE || value == FALSE {
                let content = attributes::literal(self.context, &super::Literal::Bool(value == TRUE));
                ods::constant(self.context, self.any, content, here).into()
            } else {
                ods::unbound(self.context, self.any, StringAttribute::new(self.context, &body.locals[i - 2]), here).into()
            };
            let op = entry.append_operation(op);
            self.values[i] = op.result(0).ok().map(Into::into);
        }
    }

    fn inst(&mut self, block: BlockRef<'c, 'r>, inst: &Inst) -> Option<()> {
        let (c, any, at) = (self.context, self.any, self.location(inst.range));
        let string = |s: &str| StringAttribute::new(c, s);
        let op: Operation = match &inst.op {
            Op::Constant(literal) => ods::constant(c, any, attributes::literal(c, literal), at).into(),
            Op::Refused(d) => ods::constant(c, any, refusal::attribute(c, d), d.span.as_ref().map_or(at, |s| s.location(c))).into(),
            Op::Ellipsis => ods::ellipsis(c, any, at).into(),
            Op::Entity(path) => ods::entity(c, any, string(path), at).into(),
            Op::Class(class) => {
                let mut op: Operation = ods::entity(c, any, string(&class.path), at).into();
                let fields: Vec<Attribute> = class.fields.iter().map(|f| string(f).into()).collect();
                op.set_attribute("py.fields", ArrayAttribute::new(c, &fields).into());
                let defaults: Vec<Attribute> = class.defaults.iter().map(|d| attributes::default(c, d, &mut |_| None)).collect();
                if !defaults.is_empty() {
                    op.set_attribute("py.defaults", ArrayAttribute::new(c, &defaults).into());
                }
                if let Some(members) = attributes::members(c, class) {
                    op.set_attribute("py.members", ArrayAttribute::new(c, &members).into());
                }
                op
            }
            Op::Function(symbol) => ods::function(c, any, FlatSymbolRefAttribute::new(c, symbol), at).into(),
            Op::Unbound(name) => ods::unbound(c, any, string(name), at).into(),
            Op::CheckBound(flag, name) => ods::check_bound(c, self.value(*flag)?, string(name), at).into(),
            Op::Closure(symbol, captures) => ods::closure(c, any, &self.list(captures)?, FlatSymbolRefAttribute::new(c, symbol), at).into(),
            Op::List(elements) => ods::list(c, any, &self.list(elements)?, at).into(),
            Op::Star(v) => ods::star(c, any, self.value(*v)?, at).into(),
            Op::Tuple(elements) => ods::tuple(c, any, &self.list(elements)?, at).into(),
            Op::Narrow(v, condition, expected) => ods::narrow(c, any, self.value(*v)?, self.value(*condition)?, BoolAttribute::new(c, *expected).into(), at).into(),
            Op::Unpack(v, n, starred) => {
                let mut op: Operation = ods::unpack(c, &vec![any; *n], self.value(*v)?, at).into();
                if let Some(i) = starred {
                    op.set_attribute("starred", IntegerAttribute::new(IntegerType::new(c, 64).into(), *i as i64).into());
                }
                op
            }
            Op::Slice([a, b, s]) => ods::slice(c, any, self.value(*a)?, self.value(*b)?, self.value(*s)?, at).into(),
            Op::Unary(kind, v) => ods::unary(c, any, self.value(*v)?, kind.attribute(c), at).into(),
            Op::Binary { kind, lhs, rhs, inplace } => {
                let builder = ods::BinaryOperation::builder(c, at).result(any).lhs(self.value(*lhs)?).rhs(self.value(*rhs)?).kind(kind.attribute(c));
                let builder = if *inplace { builder.inplace(Attribute::unit(c)) } else { builder };
                builder.build().into()
            }
            Op::Compare(kind, lhs, rhs) => ods::compare(c, any, self.value(*lhs)?, self.value(*rhs)?, kind.attribute(c), at).into(),
            Op::Truth(v) => ods::truth(c, Ty::BOOL.to_mlir(c), self.value(*v)?, at).into(),
            Op::GetAttr(v, name) => ods::getattr(c, any, self.value(*v)?, string(name), at).into(),
            Op::GetItem(v, index) => ods::getitem(c, any, self.value(*v)?, self.value(*index)?, at).into(),
            Op::SetAttr(v, new, name) => ods::setattr(c, self.value(*v)?, self.value(*new)?, string(name), at).into(),
            Op::SetItem(v, index, new) => ods::setitem(c, self.value(*v)?, self.value(*index)?, self.value(*new)?, at).into(),
            Op::Call { callee, arguments, keywords } => {
                let arguments = self.list(arguments)?;
                let mut builder = ods::CallOperation::builder(c, at).result(any).callee(self.value(*callee)?).arguments(&arguments);
                if !keywords.is_empty() {
                    let names: Vec<Attribute> = keywords.iter().map(|k| string(k).into()).collect();
                    builder = builder.keywords(ArrayAttribute::new(c, &names));
                }
                builder.build().into()
            }
            Op::Iter(v) => ods::iter(c, any, self.value(*v)?, at).into(),
            Op::Next(v) => ods::next(c, Ty::BOOL.to_mlir(c), any, self.value(*v)?, at).into(),
        };
        let op = block.append_operation(op);
        for i in 0..inst.op.results() {
            self.values[(inst.result.0 + i) as usize] = op.result(i as usize).ok().map(Into::into);
        }
        Some(())
    }

    fn terminator(&self, block: BlockRef<'c, 'r>, body: &Body, from: u32, terminator: Terminator, range: TextRange, blocks: &[Option<BlockRef<'c, 'r>>]) -> Option<()> {
        let (c, at) = (self.context, self.location(range));
        let target = |mut to: super::BlockId| {
            let mut from = from;
            while let Some(next) = self.passed(body, to) {
                (from, to) = (to.0, next);
            }
            let position = self.solved.predecessors[to.0 as usize].as_ref()?.iter().position(|b| *b == from)?;
            let phis = self.solved.arguments[to.0 as usize].iter().map(|i| &body.phis[*i as usize]);
            let operands = phis.map(|phi| self.value(*phi.operands.get(position)?)).collect::<Option<Vec<_>>>()?;
            Some((blocks[to.0 as usize]?, operands))
        };
        let op: Operation = match terminator {
            Terminator::Br(to) => {
                let (to, operands) = target(to)?;
                cf::br(&to, &operands, at)
            }
            Terminator::CondBr(condition, yes, no) => {
                let ((yes, a), (no, b)) = (target(yes)?, target(no)?);
                cf::cond_br(c, self.value(condition)?, &yes, &no, &a, &b, at)
            }
            Terminator::Return(v) => ods::r#return(c, self.value(v)?, at).into(),
            Terminator::Raise(v) => ods::raise(c, self.value(v)?, at).into(),
        };
        block.append_operation(op);
        Some(())
    }
}
