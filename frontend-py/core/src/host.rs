//! What the frontend asks about the world outside the source text: values of globals and module attributes, and where functions are.
use crate::infer::{problem::Problem, val::Val};
use numbra_abi::DType;
use numbra_dialects::{Diagnostic, py::{ArrayTy, Ty}};
use std::sync::Arc;

/// One per compiled Python function.
pub type FunctionId = u64;
/// One per module object.
pub type ModuleId = u64;

/// The type of a compiled function that is passed as an argument: only the host knows its symbol.
pub fn function_type(id: FunctionId, name: &str) -> Ty {
    Ty::Function(format!("{name}#{id}").into())
}

/// The function of such a type.
pub fn function_of(text: &str) -> Option<FunctionId> {
    text.rsplit_once('#')?.1.parse().ok()
}

/// How the paths of classes of the program begin whose values only its overloads know.
pub const TYPE: &str = "type:";

/// Whether a value of this type, or a part of it, is of such a class.
pub fn is_own(t: &Ty) -> bool {
    match t {
        Ty::Struct(s) if s.path.starts_with(TYPE) => true,
        Ty::List(e) | Ty::Enumerate(e) | Ty::Iterator(e) => is_own(e),
        Ty::Union(parts) => parts.iter().any(is_own),
        t => t.parts().is_some_and(|p| p.iter().any(is_own)),
    }
}

/// A value known at compile time.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None`
    None,
    /// `...`
    Ellipsis,
    /// Python's bool
    Bool(bool),
    /// Python's int that fits 64 bits with sign
    Int(i64),
    /// Python's int that only fits 64 bits without sign
    UInt(u64),
    /// Python's float
    Float(f64),
    /// Python's complex: real and imaginary part
    Complex(f64, f64),
    /// Python's str
    Str(String),
    /// Python's tuple
    Tuple(Vec<Value>),
    /// Python's slice: start, stop, step
    Slice(Box<[Value; 3]>),
    /// NumPy scalar, little-endian bytes
    Scalar(DType, [u8; 16]),
    /// Bytes
    Bytes(Arc<[u8]>),
    /// NumPy array, which becomes a constant of the program: type, lengths, and the elements in the order of its layout
    Array(ArrayTy, Vec<usize>, Arc<[u8]>),
    /// Module object
    Module(ModuleId),
    /// Library object by canonical dotted path: `math.sqrt`, `numpy.zeros`, `builtins.len`, `numpy.float32`, `builtins.ValueError`
    Entity(String),
    /// Class of the program whose values compiled code knows: a named tuple or an enumeration
    Class(Arc<Class>),
    /// Member of an enumeration: its class, name and value
    Member(Arc<Class>, String, Box<Value>),
    /// Another Python function that is compiled
    Function(FunctionId),
    /// What `contextlib.contextmanager` has made of a function
    ContextManager(FunctionId),
    /// Anything else: the name of its Python type, for the diagnostic
    Unsupported(String),
}

/// A class of the program.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// By which [`Host::attribute`] knows it
    pub id: ModuleId,
    /// Dotted path with what it is before it: `class:pkg.Point` (named tuple; `ownclass:` where it has a text of its own), `enum:pkg.Color`, `intenum:pkg.Level`
    pub path: String,
    /// Names of the fields; `value` for enumerations
    pub fields: Vec<String>,
    /// Defaults of the last fields
    pub defaults: Vec<Value>,
    /// The members of an enumeration, without those that are other names of one
    pub members: Vec<Member>,
    /// Whether there are values that are no member's: combinations of flags
    pub flags: bool,
}

/// A member of an enumeration.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name
    pub name: String,
    /// Its value
    pub value: Value,
    /// What `str` shows; none where the class has other texts of its own than that
    pub text: Option<String>,
}

/// Compile options that change code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Check indices against array bounds
    pub boundscheck: bool,
    /// `"python"` (division by zero raises) or `"numpy"`
    pub error_model: String,
    /// Fast-math flags by MLIR's names: `contract`, `reassoc`, `nnan`, ...
    pub fastmath: Vec<String>,
    /// `"never"` or `"always"`
    pub inline: String,
    /// Release the global interpreter lock while running
    pub nogil: bool,
    /// Run loops over `prange` on several threads
    pub parallel: bool,
    /// Emit debug information and do not optimise variables away
    pub debug: bool,
    /// Variables whose values are converted to a type whenever they are assigned
    pub locals: Vec<(String, DType)>,
    /// Rules for array expressions beside numbra's, as text
    pub rewrite_rules: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { boundscheck: true, error_model: "python".into(), fastmath: vec![], inline: "never".into(), nogil: false, parallel: false, debug: false, locals: vec![], rewrite_rules: None }
    }
}

/// What tells functions apart that start at one line. All of it may be unknown.
#[derive(Clone, Debug, Default)]
pub struct Hint {
    /// Where the code of the body stands, or a part of it: start and end, each a 1-based line and a column in bytes from 0
    pub code: Option<[(usize, usize); 2]>,
    /// Names of the parameters that are not variadic
    pub parameters: Option<Vec<String>>,
}

/// Where the text of a function is.
#[derive(Clone, Debug)]
pub struct FunctionSource {
    /// Text of the whole file, or at least of the function
    pub text: Arc<str>,
    /// File name for locations
    pub file: String,
    /// `__name__`
    pub name: String,
    /// `__qualname__`
    pub qualname: String,
    /// 1-based line of `def`, of its first decorator, or of the lambda
    pub first_line: usize,
    /// Of several functions that start at this line, which one
    pub hint: Hint,
    /// Defaults of the last positional parameters
    pub defaults: Vec<Value>,
    /// Defaults of keyword-only parameters, by name
    pub keyword_defaults: Vec<(String, Value)>,
    /// Compile options
    pub options: Options,
}

impl FunctionSource {
    /// The default of each parameter, which are given with how many of the last take keywords only.
    pub fn all_defaults(&self, (names, keyword_only): &(Vec<String>, usize)) -> Vec<Option<Value>> {
        let positional = names.len().saturating_sub(*keyword_only);
        let first = positional.saturating_sub(self.defaults.len());
        let named = |name: &String| self.keyword_defaults.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        let plain = (0..positional).map(|i| self.defaults.get(i.checked_sub(first)?).cloned());
        plain.chain(names[positional..].iter().map(named)).collect()
    }
}

/// How the program itself does a call that it overloads.
#[derive(Clone, Debug)]
pub enum Overload {
    /// A function is called with the same arguments; constants among them stay known in it, or do not
    Function(FunctionId, bool),
    /// A value of this class is made, whose fields are the arguments
    Construct(Ty),
    /// The field at a position of the first argument
    Field(usize),
    /// An overload says why it does not take the arguments
    Refuse(Box<Problem>),
}

/// The world outside the source text.
pub trait Host {
    /// Where the text of a function is.
    fn source(&self, function: FunctionId) -> Result<FunctionSource, Diagnostic>;
    /// What a name that is not local means in a function: closure cell, global, then builtin.
    fn global(&self, function: FunctionId, name: &str) -> Option<Value>;
    /// Attribute of a module object.
    fn attribute(&self, module: ModuleId, name: &str) -> Option<Value>;
    /// The class of a path, which is that of an argument's type.
    fn class(&self, path: &str) -> Option<Arc<Class>> {
        let _ = path;
        None
    }
    /// Whether the program overloads a path: that of a library object, `user:...` of an object of its own, `method:name`, `attribute:name`.
    /// Of the empty path it says whether the program overloads anything.
    fn overloads(&self, path: &str) -> bool {
        let _ = path;
        false
    }
    /// How the program does a call of such a path with these arguments; `None` where none of its overloads takes them.
    /// Functions in the types of the arguments are those of [`function_type`].
    fn overload(&self, path: &str, arguments: &[(Option<&str>, Val)]) -> Result<Option<Overload>, Box<Problem>> {
        let _ = (path, arguments);
        Ok(None)
    }
    /// Whether the program overloads a method of values of this type.
    fn has_method(&self, object: &Val, name: &str) -> bool {
        let _ = (object, name);
        false
    }
    /// Names that [`Host::global`] knows, to suggest one for a misspelt name.
    fn names(&self, function: FunctionId) -> Vec<String> {
        let _ = function;
        Vec::new()
    }
    /// Names that [`Host::attribute`] knows, to suggest one for a misspelt attribute.
    fn attribute_names(&self, module: ModuleId) -> Vec<String> {
        let _ = module;
        Vec::new()
    }
}
