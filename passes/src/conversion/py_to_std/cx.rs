//! The state of one function's conversion: the machine function under construction, the map from Python values to machine values, and errors.
//!
//! A loop may be emitted in two versions (see `bounds`): what its blocks define is then bound once per version. Lookups go from the current version
//! outwards. A value that is defined in such a loop and used after it goes through a stack slot that both versions write; LLVM promotes it.
use super::{array::elementwise::strips::Open, build::{Builder, V, Vs}, container::iterate, flags::Options, flatten::{self, Arr}, loops::bounds::Plan, module::{ModuleCx, Site, place}};
use crate::{cfg::{Cfg, Key, key, op_key}, numbers::const_int};
use melior::ir::{OperationRef, Type, TypeLike, Value, ValueLike, operation::OperationLike};
use numbra_abi::ExceptionKind;
use numbra_dialects::{Code, Diagnostic, Span, py::{ArrayTy, Layout, Ty}};
use std::{collections::{HashMap, HashSet}, rc::Rc};

/// Result of a lowering.
pub type Res<T> = Result<T, Box<Diagnostic>>;

/// What a function does, as its callers must know it.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Facts {
    pub throws: bool,
    pub allocates: bool,
    pub callees: Vec<String>,
}

/// A Python value in the machine function.
pub enum Binding<'c, 'a> {
    /// As values
    Values(Vs<'c, 'a>),
    /// In stack slots: address and type of each
    Slots(Vec<(V<'c, 'a>, Type<'c>)>),
}

/// A copy of some blocks of the function.
pub struct Version {
    /// The version around it
    pub parent: Option<usize>,
    /// Blocks in it; `None` for all
    pub blocks: Option<Rc<HashSet<usize>>>,
    /// Versioned loops directly in it: block to loop
    pub children: HashMap<usize, usize>,
    /// Axes of accesses that need neither check nor wrap-around here: op and axis
    pub covered: Rc<HashSet<(usize, usize)>>,
}

/// The conversion of one function.
pub struct Cx<'m, 'c, 'a> {
    /// The machine function
    pub b: Builder<'c, 'a>,
    /// The module
    pub module: &'m mut ModuleCx<'c, 'a>,
    /// The Python function
    pub cfg: &'m Cfg<'c, 'a>,
    /// Its options
    pub options: Options,
    /// Its Python name
    pub name: String,
    /// What it does
    pub facts: Facts,
    /// Lowest stack address that it may reach, of a recursive function
    pub limit: Option<V<'c, 'a>>,
    /// Loops to emit twice
    pub plan: Plan<'c, 'a>,
    /// All versions; the first is the function itself
    pub versions: Vec<Version>,
    /// The version being emitted
    pub version: usize,
    /// Set by `py.next` of a loop header for the branch that follows
    pub pending: Option<iterate::Pending<'c, 'a>>,
    /// Of headers of loops, the iterator whose state their machine blocks carry as last arguments
    pub carried: HashMap<usize, Value<'c, 'a>>,
    /// By version and header, that state for the next round
    pub following: HashMap<(usize, usize), Vs<'c, 'a>>,
    /// Ops that were lowered with one before them, until they are met
    pub together: HashSet<usize>,
    /// Ops on the same rows, of which not all have been met
    pub strips: Option<Box<Open<'c, 'a>>>,
    pub(super) env: HashMap<(usize, Key), Binding<'c, 'a>>,
    pub(super) starts: HashMap<(usize, usize), melior::ir::BlockRef<'c, 'a>>,
    pub(super) dispatches: HashMap<(usize, usize), melior::ir::BlockRef<'c, 'a>>,
    types: HashMap<usize, Ty>,
}

impl<'m, 'c: 'a, 'a> Cx<'m, 'c, 'a> {
    /// For a function with this index, plan and builder.
    pub fn new(b: Builder<'c, 'a>, module: &'m mut ModuleCx<'c, 'a>, cfg: &'m Cfg<'c, 'a>, options: Options, name: String, plan: Plan<'c, 'a>) -> Self {
        let carried = iterate::carried(cfg);
        Self {
            carried, following: HashMap::new(), together: HashSet::new(), strips: None, b, module, cfg, options, name, facts: Facts::default(), limit: None, plan, versions: vec![], version: 0, pending: None, env: HashMap::new(), starts: HashMap::new(), dispatches: HashMap::new(), types: HashMap::new(),
        }
    }

    // Errors.

    /// A diagnostic for something that cannot be lowered, at the current op.
    pub fn unsupported<T>(&self, message: impl Into<String>) -> Res<T> {
        Err(Box::new(Diagnostic::error(Code::NB0103, Span::of(self.b.loc), message)))
    }
    /// A diagnostic for typed IR that breaks the contract, at the current op.
    pub fn invalid<T>(&self, message: impl Into<String>) -> Res<T> {
        Err(Box::new(Diagnostic::error(Code::NB0900, Span::of(self.b.loc), message)))
    }

    // Types.

    /// The type of a value.
    pub fn ty(&mut self, value: Value<'c, 'a>) -> Res<Ty> {
        let t = value.r#type();
        let id = t.to_raw().ptr as usize;
        if let Some(ty) = self.types.get(&id) {
            return Ok(ty.clone());
        }
        match Ty::from_mlir(t) {
            Some(Ty::Any) | None => self.invalid(format!("value of type {t} in a typed function")),
            Some(ty) => {
                self.types.insert(id, ty.clone());
                Ok(ty)
            }
        }
    }
    /// The type of an op's result.
    pub fn result_ty(&mut self, op: OperationRef<'c, 'a>, index: usize) -> Res<Ty> {
        match op.result(index) {
            Ok(r) => self.ty(r.into()),
            Err(_) => self.invalid("missing result"),
        }
    }
    /// An operand of an op.
    pub fn operand(&self, op: OperationRef<'c, 'a>, index: usize) -> Res<Value<'c, 'a>> {
        op.operand(index).or_else(|_| self.invalid("missing operand"))
    }

    // Values.

    /// The machine values of a Python value.
    pub fn get(&mut self, value: Value<'c, 'a>) -> Res<Vs<'c, 'a>> {
        let k = key(value);
        let mut at = Some(self.version);
        while let Some(v) = at {
            match self.env.get(&(v, k)) {
                Some(Binding::Values(list)) => return Ok(list.clone()),
                Some(Binding::Slots(slots)) => {
                    let slots = slots.clone();
                    return Ok(slots.into_iter().map(|(address, ty)| self.b.load(ty, address)).collect());
                }
                None => at = self.versions[v].parent,
            }
        }
        // What has no run-time value needs no definition.
        let ty = self.ty(value)?;
        if flatten::count(&ty) == 0 { Ok(Vs::new()) } else { self.invalid(format!("value of type {ty} used before its definition")) }
    }
    /// The single machine value of a Python value.
    pub fn one(&mut self, value: Value<'c, 'a>) -> Res<V<'c, 'a>> {
        match self.get(value)?.as_slice() {
            [v] => Ok(*v),
            _ => self.invalid("scalar expected"),
        }
    }
    /// An array.
    pub fn array(&mut self, value: Value<'c, 'a>) -> Res<Arr<'c, 'a>> {
        let ty = self.ty(value)?;
        match ty.array() {
            Some(a) => {
                let mut array = Arr::new(a, &self.get(value)?);
                // Of a layout the smallest stride is known. Where its axis has one element at most, it is never multiplied by anything but 0.
                let unit = match a.layout {
                    Layout::C => a.rank.checked_sub(1),
                    Layout::F if a.rank > 0 => Some(0),
                    _ => None,
                };
                if let Some(axis) = unit {
                    array.strides[axis] = self.b.i64(a.dtype.size() as i64);
                }
                Ok(array)
            }
            None => self.invalid(format!("array expected, got {ty}")),
        }
    }
    /// Defines a Python value in the current version.
    pub fn set(&mut self, value: Value<'c, 'a>, values: Vs<'c, 'a>) {
        self.spill(value, &values);
        self.env.insert((self.version, key(value)), Binding::Values(values));
    }
    /// Writes a value to the slots that code outside the current version reads it from.
    pub fn spill(&mut self, value: Value<'c, 'a>, values: &[V<'c, 'a>]) {
        let mut at = self.versions[self.version].parent;
        while let Some(v) = at {
            if let Some(Binding::Slots(slots)) = self.env.get(&(v, key(value))) {
                for ((address, _), value) in slots.clone().into_iter().zip(values) {
                    self.b.store(*value, address);
                }
            }
            at = self.versions[v].parent;
        }
    }
    /// Defines the only result of an op.
    pub fn set_result(&mut self, op: OperationRef<'c, 'a>, values: Vs<'c, 'a>) -> Res<()> {
        let expected = flatten::count(&self.result_ty(op, 0)?);
        match op.result(0) {
            Ok(r) if values.len() == expected => {
                self.set(r.into(), values);
                Ok(())
            }
            _ => self.invalid(format!("{} machine values where {expected} belong", values.len())),
        }
    }
    /// An integer that is known now.
    pub fn const_int(&self, value: Value<'c, 'a>) -> Option<i64> {
        const_int(self.cfg, value)
    }
    /// Whether this axis of this access needs neither check nor wrap-around here.
    pub fn covered(&self, op: OperationRef<'c, 'a>, axis: usize) -> bool {
        self.versions[self.version].covered.contains(&(op_key(op), axis))
    }

    // Raising.

    /// The site of an exception at the current op.
    pub fn site(&mut self, kind: ExceptionKind, message: Option<&str>) -> V<'c, 'a> {
        let (line, file) = place(self.b.loc);
        let function = self.name.clone();
        let symbol = self.module.site(Site { kind, line, file, function, message: message.map(str::to_string) });
        self.b.address(&symbol)
    }
    /// Raises where `condition` holds; the cursor goes on where it does not.
    pub fn raise_if(&mut self, condition: V<'c, 'a>, kind: ExceptionKind, message: &str) {
        self.cold_if(condition, |cx| {
            let site = cx.site(kind, Some(message));
            cx.runtime("nb_raise", &[site]);
        });
    }
    /// Runs code that does not return where `condition` holds.
    pub fn cold_if(&mut self, condition: V<'c, 'a>, code: impl FnOnce(&mut Self)) {
        if self.b.known(condition) == Some(0) {
            return;
        }
        let (cold, next) = (self.b.new_block(&[]), self.b.new_block(&[]));
        self.b.cond_br(condition, (cold, &[]), (next, &[]));
        self.b.block = cold;
        code(self);
        self.b.unreachable();
        self.b.block = next;
    }
    /// The empty array of a type, for what is never read.
    pub fn dummy_array(&mut self, ty: ArrayTy) -> Vs<'c, 'a> {
        let symbol = self.module.dummy_header();
        let owner = self.b.address(symbol);
        let zero = self.b.i64(0);
        [owner, owner].into_iter().chain(std::iter::repeat_n(zero, 2 * ty.rank)).collect()
    }
    /// Machine values for something that is never read; its arrays can be retained and released.
    pub fn dummy(&mut self, ty: &Ty) -> Vs<'c, 'a> {
        match ty {
            Ty::Array(a) => self.dummy_array(*a),
            Ty::Tuple(_) | Ty::Zip(_) | Ty::Struct(_) | Ty::Closure(..) => ty.parts().unwrap_or_default().iter().flat_map(|p| self.dummy(p)).collect(),
            Ty::Record(_) => {
                let symbol = self.module.dummy_header();
                let owner = self.b.address(symbol);
                smallvec::smallvec![owner, owner]
            }
            Ty::List(_) | Ty::Str => {
                let symbol = self.module.dummy_header();
                let header = self.b.address(symbol);
                if matches!(ty, Ty::List(_)) { [header].into_iter().collect() } else { [header, header, self.b.i64(0)].into_iter().collect() }
            }
            other => flatten::flattened(&self.b.t.clone(), other).into_iter().map(|t| self.b.zero(t)).collect(),
        }
    }
}
