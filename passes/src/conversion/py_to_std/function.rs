//! One `py.func` to one `func.func`: blocks in reverse post-order, each op routed to its family, loops in versions where the plan says so.
use super::{
    *, array::{attributes, items}, build::{Builder, Types, Vs}, container::{iterate, tuples}, cx::{Binding, Cx, Facts, Res, Version}, flags::Options,
    flatten::{count, flattened}, loops::bounds::Plan, module::ModuleCx, scalar::{arithmetic, cast, compare},
};
use crate::{add_entries, cfg::{self, Cfg, key}, functions, remarks::Kind};
use melior::{
    dialect::func,
    ir::{
        Attribute, BlockRef, Identifier, Operation, OperationRef, Type, Value,
        attribute::{ArrayAttribute, StringAttribute, TypeAttribute}, operation::{OperationLike, OperationMutLike}, r#type::FunctionType,
    },
};
use numbra_dialects::{Code, Diagnostic, Span, py::{PyOp, Ty}};
use std::{collections::{HashMap, HashSet}, rc::Rc};

/// What symbols of functions of the library in Python begin with. They use the threads of the program that they are compiled for.
const LIBRARY: &str = "numbra.lib.";

/// A converted function.
#[allow(missing_docs)]
pub struct Converted<'c> {
    pub symbol: String,
    pub op: Operation<'c>,
    /// The body, where `op` only calls it
    pub inner: Option<Operation<'c>>,
    pub arguments: Vec<Type<'c>>,
    pub results: Vec<Type<'c>>,
    pub facts: Facts,
    pub entry: bool,
    pub inline: String,
}

fn error(op: OperationRef, message: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(Code::NB0900, Span::of(op.location()), message))
}

/// Converts a function; the result is not in the module yet.
pub fn convert<'c: 'a, 'a>(module: &mut ModuleCx<'c, 'a>, source: OperationRef<'c, 'a>) -> Res<Converted<'c>> {
    let context = module.context;
    let text = |name: &str| source.attribute(name).ok().and_then(|a| StringAttribute::try_from(a).ok()).map(|s| s.value().to_string());
    let symbol = text("sym_name").ok_or_else(|| error(source, "function without a name"))?;
    let name = text("py_name").unwrap_or_else(|| symbol.split('(').next().unwrap_or(&symbol).to_string());
    let ty = source.attribute("function_type").ok().and_then(|a| TypeAttribute::try_from(a).ok()).and_then(|t| FunctionType::try_from(t.value()).ok())
        .ok_or_else(|| error(source, "function without a type"))?;
    let entry = functions::body_of(source).ok_or_else(|| error(source, "function without a body"))?;
    let mut options = Options::of(source);
    options.parallel |= module.parallel && symbol.starts_with(LIBRARY);
    let t = Types::new(context);
    let machine = |ty: Type<'c>| Ty::from_mlir(ty).filter(|t| *t != Ty::Any).map(|ty| flattened(&t, &ty)).ok_or_else(|| error(source, "untyped function"));
    let mut arguments = vec![];
    for i in 0..ty.input_count() {
        arguments.extend(machine(ty.input(i).map_err(|_| error(source, "bad type"))?)?);
    }
    let results = machine(ty.result(0).map_err(|_| error(source, "a typed function has one result"))?)?;

    let index = Cfg::new(entry);
    let plan = Plan::new(&index);
    let fast = module.fast_math(&options.fastmath);
    let recursive = module.recursive.contains(&symbol);
    let mut parameters = arguments.clone();
    if recursive {
        parameters.push(t.i64);
    }
    let builder = Builder::new(context, &parameters, source.location(), fast);
    let inline = options.inline.clone();
    let mut cx = Cx::new(builder, module, &index, options, name, plan);
    cx.emit_function()?;
    let facts = std::mem::take(&mut cx.facts);
    let region = cx.b.finish();

    let linkage = melior::dialect::llvm::attributes::linkage(context, melior::dialect::llvm::attributes::Linkage::Internal);
    let attributes: Vec<(Identifier, Attribute)> = vec![
        (Identifier::new(context, "sym_visibility"), StringAttribute::new(context, "private").into()),
        (Identifier::new(context, "llvm.linkage"), linkage),
    ];
    let function = |symbol: &str, parameters: &[Type<'c>], region| {
        let ty = TypeAttribute::new(FunctionType::new(context, parameters, &results).into());
        func::func(context, StringAttribute::new(context, symbol), ty, region, &attributes, source.location())
    };
    let (op, inner) = if recursive {
        let outer = recursion::outer(module, &symbol, &arguments, &results, source.location());
        (function(&symbol, &arguments, outer), Some(function(&recursion::body_symbol(&symbol), &parameters, region)))
    } else {
        (function(&symbol, &arguments, region), None)
    };
    Ok(Converted { symbol, op, inner, arguments, results, facts, entry: source.has_attribute("py.entry"), inline })
}

impl<'c> Converted<'c> {
    /// Writes what is known of the function on it, once all functions are known.
    pub fn finish(&mut self, context: &'c melior::Context) {
        let mut flags = vec![];
        if !self.facts.throws {
            flags.push("nounwind");
        }
        match self.inline.as_str() {
            "always" => flags.push("alwaysinline"),
            // The entry writes new arrays to memory, and reads its arguments from memory: there the optimiser does not know any more that they are apart.
            _ if self.inline == "never" || (self.entry && self.facts.allocates) => flags.push("noinline"),
            _ => {}
        }
        if !flags.is_empty() {
            let list: Vec<Attribute> = flags.iter().map(|f| StringAttribute::new(context, f).into()).collect();
            // The body of a recursive function cannot always be inlined.
            let body = self.inner.as_mut().filter(|_| self.inline != "always").unwrap_or(&mut self.op);
            body.set_attribute("passthrough", ArrayAttribute::new(context, &list).into());
        }
    }

    /// Leaves for `llvm-add-entries` what it has to know, and declares the runtime functions that the entry will call.
    pub fn ask_for_entry<'a>(&mut self, module: &mut ModuleCx<'c, 'a>) {
        for (needed, name) in [(self.facts.throws, "nb_personality"), (self.facts.throws, "nb_catch"), (self.facts.allocates, "nb_enter"), (self.facts.allocates, "nb_leave")] {
            if needed {
                module.declare_runtime(name);
            }
        }
        let ty = FunctionType::new(module.context, &self.arguments, &self.results);
        self.op.set_attribute(add_entries::ATTRIBUTE, add_entries::attribute(module.context, ty, self.facts.throws, self.facts.allocates));
    }
}

impl<'c: 'a, 'a> Cx<'_, 'c, 'a> {
    fn emit_function(&mut self) -> Res<()> {
        let children = self.plan.children(None);
        self.versions.push(Version { parent: None, blocks: None, children, covered: Rc::default() });
        // The parameters are those of the Python entry block.
        let first = self.b.first();
        let values = self.b.arguments(first);
        let mut at = 0;
        for v in self.block_arguments(0) {
            let n = count(&self.ty(v)?);
            let list = values.iter().skip(at).take(n).copied().collect::<Vs>();
            at += n;
            self.env.insert((0, key(v)), Binding::Values(list));
        }
        let start = self.b.new_block(&[]);
        self.starts.insert((0, 0), start);
        // Constants and stack slots are still added to the first block: it is closed at the end.
        let mut code = start;
        if let Some(limit) = values.get(at).copied() {
            code = self.b.new_block(&[]);
            self.b.block = code;
            self.check_stack(limit);
            self.b.br(start, &[]);
        }
        self.emit_version(0)?;
        self.b.block = first;
        self.b.br(code, &[]);
        Ok(())
    }

    fn block_arguments(&self, block: usize) -> Vec<Value<'c, 'a>> {
        functions::arguments(self.cfg.blocks[block].block)
    }

    fn emit_version(&mut self, version: usize) -> Res<()> {
        for block in 0..self.cfg.blocks.len() {
            let v = &self.versions[version];
            if v.blocks.as_ref().is_some_and(|b| !b.contains(&block)) {
                continue;
            }
            match v.children.get(&block).copied() {
                Some(l) if self.plan.header(l) == block => self.emit_versioned(version, l)?,
                Some(_) => {}
                None => {
                    self.version = version;
                    self.emit_block(block)?;
                }
            }
        }
        Ok(())
    }

    fn emit_versioned(&mut self, parent: usize, l: usize) -> Res<()> {
        self.version = parent;
        let header = self.plan.header(l);
        let dispatch = self.block_of(parent, header, true)?;
        let blocks = self.plan.blocks(l);
        for value in self.escaping(&blocks) {
            let ty = self.ty(value)?;
            let slots = flattened(&self.b.t.clone(), &ty).into_iter().map(|t| (self.b.slot(t, 1), t)).collect();
            self.env.insert((parent, key(value)), Binding::Slots(slots));
        }
        self.b.block = dispatch;
        let condition = self.versioning_condition(l)?;
        let mut covered = (*self.versions[parent].covered).clone();
        covered.extend(self.plan.covered(l));
        if let Some(next) = self.plan.loops[l].next.filter(|_| self.module.parallel) {
            self.module.remark(Kind::Hoisted, next.location(), "indices are checked once, in front of the loop");
        }
        let fast = self.versions.len();
        let children = self.plan.children(Some(l));
        self.versions.push(Version { parent: Some(parent), blocks: Some(blocks.clone()), children, covered: Rc::new(covered) });
        let fast_header = self.block_of(fast, header, false)?;
        let arguments = self.b.arguments(dispatch);
        let Some(condition) = condition else {
            self.b.block = dispatch;
            self.b.br(fast_header, &arguments);
            return self.emit_version(fast);
        };
        let slow = self.versions.len();
        let covered = self.versions[parent].covered.clone();
        self.versions.push(Version { parent: Some(parent), blocks: Some(blocks), children: HashMap::new(), covered });
        let slow_header = self.block_of(slow, header, false)?;
        self.b.cond_br(condition, (fast_header, &arguments), (slow_header, &arguments));
        self.emit_version(fast)?;
        self.emit_version(slow)
    }

    // Values defined in these blocks and used elsewhere.
    fn escaping(&self, blocks: &HashSet<usize>) -> Vec<Value<'c, 'a>> {
        let mut order: Vec<_> = blocks.iter().copied().collect();
        order.sort_unstable();
        let mut found = vec![];
        for b in order {
            let results = self.cfg.blocks[b].ops.iter().flat_map(|op| op.results().map(Value::from));
            found.extend(self.block_arguments(b).into_iter().chain(results).filter(|v| self.cfg.uses(*v).iter().any(|u| !blocks.contains(u))));
        }
        found
    }

    // The machine block of a block in a version; with `dispatch`, the one before a versioned loop.
    fn block_of(&mut self, version: usize, block: usize, dispatch: bool) -> Res<BlockRef<'c, 'a>> {
        let map = if dispatch { &self.dispatches } else { &self.starts };
        if let Some(b) = map.get(&(version, block)) {
            return Ok(*b);
        }
        let arguments = self.block_arguments(block);
        let mut types = vec![];
        let mut counts = vec![];
        for v in &arguments {
            let ty = self.ty(*v)?;
            let list = flattened(&self.b.t, &ty);
            counts.push(list.len());
            types.extend(list);
        }
        if let Some(iterator) = self.carried.get(&block).copied() {
            let Ty::Iterator(iterable) = self.ty(iterator)? else { return self.invalid("iterator expected") };
            types.extend(iterate::state_types(self, &iterable));
        }
        let new = self.b.new_block(&types);
        if dispatch {
            self.dispatches.insert((version, block), new);
            return Ok(new);
        }
        self.starts.insert((version, block), new);
        let mut values = self.b.arguments(new).into_iter();
        for (v, n) in arguments.into_iter().zip(counts) {
            let list: Vs = values.by_ref().take(n).collect();
            self.env.insert((version, key(v)), Binding::Values(list));
        }
        Ok(new)
    }

    /// The machine block that a branch to a Python block goes to.
    pub fn target(&mut self, block: BlockRef<'c, 'a>) -> Res<BlockRef<'c, 'a>> {
        let Some(number) = self.cfg.number(block) else { return self.invalid("branch to an unknown block") };
        let mut version = self.version;
        while self.versions[version].blocks.as_ref().is_some_and(|b| !b.contains(&number)) {
            match self.versions[version].parent {
                Some(p) => version = p,
                None => return self.invalid("branch to an unknown block"),
            }
        }
        let dispatch = self.versions[version].children.contains_key(&number);
        self.block_of(version, number, dispatch)
    }

    fn emit_block(&mut self, block: usize) -> Res<()> {
        self.b.block = self.block_of(self.version, block, false)?;
        if self.version != 0 {
            for v in self.block_arguments(block) {
                if let Some(Binding::Values(list)) = self.env.get(&(self.version, key(v))) {
                    let list = list.clone();
                    self.spill(v, &list);
                }
            }
        }
        let cfg = self.cfg;
        for op in &cfg.blocks[block].ops {
            self.b.loc = op.location();
            self.lower(*op)?;
        }
        Ok(())
    }

    fn lower(&mut self, op: OperationRef<'c, 'a>) -> Res<()> {
        match PyOp::of(&op) {
            PyOp::Constant => constants::constant(self, op),
            PyOp::Unbound => constants::unbound(self, op),
            PyOp::Ellipsis | PyOp::Entity | PyOp::FunctionRef | PyOp::Exception => Ok(()),
            PyOp::CheckBound => raise::check_bound(self, op),
            PyOp::Raise => raise::raise(self, op),
            PyOp::Tuple | PyOp::Closure => tuples::tuple(self, op),
            PyOp::Unpack => tuples::unpack(self, op),
            PyOp::Slice => tuples::tuple(self, op),
            PyOp::Unary => arithmetic::unary(self, op),
            PyOp::Binary => arithmetic::binary(self, op),
            PyOp::Compare => compare::compare(self, op),
            PyOp::Truth => compare::truth(self, op),
            PyOp::Cast => cast::cast(self, op),
            PyOp::GetAttr => attributes::getattr(self, op),
            PyOp::GetItem => items::getitem(self, op),
            PyOp::SetItem => items::setitem(self, op),
            PyOp::Iter => iterate::iter(self, op),
            PyOp::Next => iterate::next(self, op),
            PyOp::Invoke => calls::invoke(self, op),
            PyOp::Builtin => builtins::builtin(self, op),
            PyOp::Retain => memory::retain(self, op),
            PyOp::Release => memory::release(self, op),
            PyOp::Br | PyOp::CondBr => self.branch(op),
            PyOp::Return => {
                let value = self.operand(op, 0)?;
                let values = self.get(value)?;
                let loc = self.b.loc;
                self.b.push(func::r#return(&values, loc));
                Ok(())
            }
            PyOp::Func | PyOp::Call | PyOp::List | PyOp::Star | PyOp::Narrow | PyOp::SetAttr | PyOp::Other => {
                let name = op.name();
                self.invalid(format!("op {} in a typed function", name.as_string_ref().as_str().unwrap_or_default()))
            }
        }
    }

    /// The state of the iterator in the machine block of a loop's header.
    pub fn header_state(&mut self, header: usize, n: usize) -> Vs<'c, 'a> {
        let block = self.starts[&(self.version, header)];
        let arguments = self.b.arguments(block);
        arguments[arguments.len() - n..].into()
    }

    // What a branch from block `from` passes on: the values, and to the header of a loop the state of its iterator.
    fn passed(&mut self, from: usize, (target, values): &cfg::Edge<'c, 'a>) -> Res<Vs<'c, 'a>> {
        let mut out = self.get_all(values)?;
        let Some(header) = self.cfg.number(*target) else { return Ok(out) };
        let Some(iterator) = self.carried.get(&header).copied() else { return Ok(out) };
        if self.cfg.dominates(header, from) {
            let versions = std::iter::successors(Some(self.version), |v| self.versions[*v].parent);
            match versions.into_iter().find_map(|v| self.following.get(&(v, header))) {
                Some(state) => out.extend(state.iter().copied()),
                None => return self.invalid("a loop goes on before its header"),
            }
        } else {
            let Ty::Iterator(iterable) = self.ty(iterator)? else { return self.invalid("iterator expected") };
            out.extend(self.get(iterator)?.drain(count(&iterable)..));
        }
        Ok(out)
    }

    fn branch(&mut self, op: OperationRef<'c, 'a>) -> Res<()> {
        let Some(from) = op.block().and_then(|b| self.cfg.number(b)) else { return self.invalid("branch in an unknown block") };
        let edges = cfg::edges(op);
        let pending = self.pending.take();
        if let [edge] = edges.as_slice() {
            let values = self.passed(from, edge)?;
            let target = self.target(edge.0)?;
            self.b.br(target, &values);
            return Ok(());
        }
        let [yes_edge, no_edge] = edges.as_slice() else { return self.invalid("branch with unknown successors") };
        let condition = self.operand(op, 0)?;
        let condition = self.one(condition)?;
        let no_values = self.passed(from, no_edge)?;
        let no = self.target(no_edge.0)?;
        if let Some(pending) = pending {
            // The element exists on the taken side only.
            let inner = self.b.new_block(&[]);
            self.b.cond_br(condition, (inner, &[]), (no, &no_values));
            self.b.block = inner;
            iterate::element(self, pending)?;
            let yes_values = self.passed(from, yes_edge)?;
            let yes = self.target(yes_edge.0)?;
            self.b.br(yes, &yes_values);
            return Ok(());
        }
        let yes_values = self.passed(from, yes_edge)?;
        let yes = self.target(yes_edge.0)?;
        self.b.cond_br(condition, (yes, &yes_values), (no, &no_values));
        Ok(())
    }

    /// The machine values of several Python values, one after the other.
    pub fn get_all(&mut self, values: &[Value<'c, 'a>]) -> Res<Vs<'c, 'a>> {
        let mut out = Vs::new();
        for v in values {
            out.extend(self.get(*v)?);
        }
        Ok(out)
    }
}
