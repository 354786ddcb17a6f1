//! What the functions of a module share: declarations, strings, and the constants that say where and what is raised.
use crate::remarks::Kind;
use super::{array::elementwise::Cost, build::{Types, first_result}, flags::FastMath, function::Converted};
use melior::{
    Context,
    dialect::{llvm::{self, attributes::{Linkage, linkage}}, ods},
    ir::{
        Attribute, Block, BlockLike, BlockRef, Location, Operation, Region, RegionLike, Type,
        attribute::{DenseI64ArrayAttribute, FlatSymbolRefAttribute, IntegerAttribute, StringAttribute, TypeAttribute},
        operation::OperationMutLike,
    },
};
use numbra_abi::ExceptionKind;
use numbra_dialects::{Span, py::Ty};
use std::collections::{HashMap, HashSet};

/// Reference count of what is never freed: no number of releases brings it near 0.
const CONSTANT_COUNT: i64 = numbra_abi::symbols::CONSTANT_COUNT as i64;

/// What is raised, and where. `message` is `None` for an exception without arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct Site {
    pub kind: ExceptionKind,
    pub line: usize,
    pub file: String,
    pub function: String,
    pub message: Option<String>,
}

/// The module under conversion.
pub struct ModuleCx<'c, 'a> {
    /// The context
    pub context: &'c Context,
    /// Where functions are added
    pub body: BlockRef<'c, 'a>,
    /// Machine types
    pub t: Types<'c>,
    /// Location of what no source stands for
    pub loc: Location<'c>,
    /// Symbols declared so far
    pub declared: HashSet<String>,
    /// Attribute of functions that touch no memory
    pub no_memory: Option<Attribute<'c>>,
    /// Functions that can call themselves
    pub recursive: HashSet<String>,
    /// Types of what functions return
    pub results: HashMap<String, Ty>,
    /// Whether several threads run its functions on shared values
    pub threads: bool,
    /// Whether the program asks for several threads
    pub parallel: bool,
    /// Whether loops over elements may run on several threads
    pub uses_threads: bool,
    /// How long functions of elements are
    pub costs: HashMap<String, Cost>,
    /// Functions of elements that may raise
    pub raising: HashSet<String>,
    /// How many functions of parts of loops there are
    pub parts: usize,
    /// What is done for the sake of several threads, and where
    pub remarks: Vec<(Kind, Location<'c>, &'static str)>,
    /// Functions that others have made, to be added to the module
    pub extra: Vec<Converted<'c>>,
    fast_math: HashMap<Vec<String>, FastMath<'c>>,
    strings: HashMap<String, String>,
    sites: HashMap<Site, String>,
    dummy: bool,
    data: usize,
}

impl<'c: 'a, 'a> ModuleCx<'c, 'a> {
    /// The flags of ops under fast-math options, parsed once.
    pub fn fast_math(&mut self, names: &[String]) -> FastMath<'c> {
        if let Some(flags) = self.fast_math.get(names) {
            return *flags;
        }
        let flags = FastMath::new(self.context, names);
        self.fast_math.insert(names.to_vec(), flags);
        flags
    }

    /// For this module body.
    pub fn new(context: &'c Context, body: BlockRef<'c, 'a>) -> Self {
        let none = "#llvm.memory_effects<other = none, argMem = none, inaccessibleMem = none, errnoMem = none, targetMem0 = none, targetMem1 = none>";
        Self {
            context, body, t: Types::new(context), loc: Location::unknown(context), declared: HashSet::new(), no_memory: Attribute::parse(context, none),
            recursive: HashSet::new(), results: HashMap::new(), threads: false, parallel: false, uses_threads: false, costs: HashMap::new(), raising: HashSet::new(), parts: 0, remarks: vec![], extra: vec![], fast_math: HashMap::new(), strings: HashMap::new(), sites: HashMap::new(), dummy: false, data: 0,
        }
    }

    /// Remembers what is done for the sake of several threads, once for each place.
    pub fn remark(&mut self, kind: Kind, location: Location<'c>, text: &'static str) {
        let remark = (kind, location, text);
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    /// Adds a global; without `value` its content is what `initializer` returns.
    pub fn global(&mut self, name: &str, ty: Type<'c>, constant: bool, kind: Linkage, value: Option<Attribute<'c>>, initializer: Region<'c>) -> Operation<'c> {
        let builder = ods::llvm::GlobalOperation::builder(self.context, self.loc).global_type(TypeAttribute::new(ty))
            .sym_name(StringAttribute::new(self.context, name)).linkage(linkage(self.context, kind)).initializer(initializer);
        let mut op: Operation<'c> = builder.build().into();
        if constant {
            op.set_attribute("constant", Attribute::unit(self.context));
        }
        if let Some(v) = value {
            op.set_attribute("value", v);
        }
        op
    }

    /// The symbol of a constant string.
    pub fn string(&mut self, text: &str) -> String {
        if let Some(name) = self.strings.get(text) {
            return name.clone();
        }
        let name = format!("str.{}", self.strings.len());
        let ty = llvm::r#type::array(self.t.i8, text.len() as u32);
        let op = self.global(&name, ty, true, Linkage::Internal, Some(StringAttribute::new(self.context, text).into()), Region::new());
        self.body.append_operation(op);
        self.strings.insert(text.to_string(), name.clone());
        name
    }

    /// The symbols of constant data (`length` bytes, aligned as those of new arrays) and of its header.
    pub fn data(&mut self, bytes: Attribute<'c>, length: usize) -> (String, String) {
        let name = format!("data.{}", self.data);
        self.data += 1;
        let ty = llvm::r#type::array(self.t.i8, length as u32);
        let mut op = self.global(&name, ty, true, Linkage::Internal, Some(bytes), Region::new());
        op.set_attribute("alignment", IntegerAttribute::new(self.t.i64, 64).into());
        self.body.append_operation(op);
        let header = format!("header.{name}");
        let (context, loc, t) = (self.context, self.loc, self.t);
        let ty = llvm::r#type::r#struct(context, &[t.i64, t.ptr], false);
        let region = Region::new();
        let block: BlockRef = region.append_block(Block::new(&[]));
        let count = block.append_operation(ods::llvm::mlir_constant(context, t.i64, IntegerAttribute::new(t.i64, CONSTANT_COUNT).into(), loc).into());
        let data = block.append_operation(ods::llvm::mlir_addressof(context, t.ptr, FlatSymbolRefAttribute::new(context, &name), loc).into());
        let mut all = first_result(block.append_operation(llvm::poison(ty, loc)));
        for (i, m) in [count, data].into_iter().enumerate() {
            all = first_result(block.append_operation(llvm::insert_value(context, all, DenseI64ArrayAttribute::new(context, &[i as i64]), first_result(m), loc)));
        }
        block.append_operation(llvm::r#return(Some(all), loc));
        let op = self.global(&header, ty, false, Linkage::Internal, None, region);
        self.body.append_operation(op);
        (name, header)
    }

    /// The symbol of a raise site.
    pub fn site(&mut self, site: Site) -> String {
        if let Some(name) = self.sites.get(&site) {
            return name.clone();
        }
        let name = format!("site.{}", self.sites.len());
        let (context, loc, t) = (self.context, self.loc, self.t);
        let ty = llvm::r#type::r#struct(context, &[t.i32, t.i32, t.ptr, t.i64, t.ptr, t.i64, t.ptr, t.i64], false);
        let texts = [Some(&site.file), Some(&site.function), site.message.as_ref()].map(|s| s.map(|s| (self.string(s), s.len())));
        let region = Region::new();
        let block: BlockRef = region.append_block(Block::new(&[]));
        let int = |ty, n: i64| first_result(block.append_operation(ods::llvm::mlir_constant(context, ty, IntegerAttribute::new(ty, n).into(), loc).into()));
        let mut members = vec![int(t.i32, site.kind as i64), int(t.i32, site.line as i64)];
        for text in texts {
            members.push(first_result(block.append_operation(match &text {
                Some((symbol, _)) => ods::llvm::mlir_addressof(context, t.ptr, FlatSymbolRefAttribute::new(context, symbol), loc).into(),
                None => llvm::zero(t.ptr, loc),
            })));
            members.push(int(t.i64, text.map_or(0, |t| t.1 as i64)));
        }
        let mut all = first_result(block.append_operation(llvm::poison(ty, loc)));
        for (i, m) in members.into_iter().enumerate() {
            all = first_result(block.append_operation(llvm::insert_value(context, all, DenseI64ArrayAttribute::new(context, &[i as i64]), m, loc)));
        }
        block.append_operation(llvm::r#return(Some(all), loc));
        let op = self.global(&name, ty, true, Linkage::Internal, None, region);
        self.body.append_operation(op);
        self.sites.insert(site, name.clone());
        name
    }

    /// The symbol of the header of arrays that do not exist: variables before their first assignment.
    pub fn dummy_header(&mut self) -> &'static str {
        const NAME: &str = "header.unbound";
        if !self.dummy {
            self.dummy = true;
            let op = self.global(NAME, self.t.i64, false, Linkage::Internal, Some(IntegerAttribute::new(self.t.i64, CONSTANT_COUNT).into()), Region::new());
            self.body.append_operation(op);
        }
        NAME
    }
}

/// Line and file of a location; line 0 when it has none.
pub fn place(loc: Location) -> (usize, String) {
    Span::of(loc).map_or((0, String::new()), |s| (s.start_line, s.file))
}
