// The `py` dialect: Python semantics before any machine decision is taken.
//
// Stage 1 (untyped): every value has type `!py.any` and every op carries the exact source range as its location.
// Stage 2 (typed): the same ops with concrete types, plus the typed-only ops of PyTypedOps.td.
#ifndef NUMBRA_PY_DIALECT
#define NUMBRA_PY_DIALECT

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def Py_Dialect : Dialect {
  let name = "py";
  let cppNamespace = "::numbra::py";
  let summary = "Python functions, untyped and typed";
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
}

class Py_Type<string cppName, string keyword> : TypeDef<Py_Dialect, cppName> {
  let mnemonic = keyword;
}

def Py_AnyType : Py_Type<"Any", "any"> {
  let summary = "a Python value whose type is not inferred yet";
}

def Py_ArrayType : Py_Type<"Array", "array"> {
  let summary = "NumPy array";
  let description = [{
    An n-dimensional view of memory: element type, rank, and layout (`"C"`: rows contiguous, `"F"`: columns contiguous,
    `"A"`: any strides, also negative ones). Strides are in bytes. A read-only array refuses stores.
  }];
  let parameters = (ins "::mlir::Type":$dtype, "int64_t":$rank, StringRefParameter<"layout">:$layout, DefaultValuedParameter<"bool", "false">:$readonly);
  let assemblyFormat = "`<` $dtype `,` $rank `,` $layout (`,` $readonly^)? `>`";
  let genVerifyDecl = 1;
}

def Py_RangeType : Py_Type<"Range", "range"> {
  let summary = "range of integers";
  let parameters = (ins "::mlir::Type":$element);
  let assemblyFormat = "`<` $element `>`";
}

def Py_SliceType : Py_Type<"Slice", "slice"> {
  let summary = "slice; each part is an integer type, or `none` where it was left out";
  let parameters = (ins "::mlir::Type":$start, "::mlir::Type":$stop, "::mlir::Type":$step);
  let assemblyFormat = "`<` $start `,` $stop `,` $step `>`";
}

def Py_EnumerateType : Py_Type<"Enumerate", "enumerate"> {
  let summary = "enumerate over an iterable";
  let parameters = (ins "::mlir::Type":$iterable);
  let assemblyFormat = "`<` $iterable `>`";
}

def Py_ZipType : Py_Type<"Zip", "zip"> {
  let summary = "zip over iterables";
  let parameters = (ins ArrayRefParameter<"::mlir::Type">:$iterables);
  let assemblyFormat = "`<` $iterables `>`";
}

def Py_IteratorType : Py_Type<"Iterator", "iterator"> {
  let summary = "iterator with its own position, over an iterable";
  let parameters = (ins "::mlir::Type":$iterable);
  let assemblyFormat = "`<` $iterable `>`";
}

def Py_LiteralType : Py_Type<"Literal", "literal"> {
  let summary = "string known at compile time";
  let parameters = (ins StringRefParameter<"text">:$text);
  let assemblyFormat = "`<` $text `>`";
}

def Py_EllipsisType : Py_Type<"Ellipsis", "ellipsis"> {
  let summary = "the type of `...`";
}

def Py_EntityType : Py_Type<"Entity", "entity"> {
  let summary = "module, class or function of the library, by its canonical dotted name; no run-time value";
  let parameters = (ins StringRefParameter<"dotted name">:$path);
  let assemblyFormat = "`<` $path `>`";
}

def Py_FunctionType : Py_Type<"Function", "function"> {
  let summary = "compiled Python function, by symbol; no run-time value";
  let parameters = (ins StringRefParameter<"symbol">:$symbol);
  let assemblyFormat = "`<` $symbol `>`";
}

def Py_ListType : Py_Type<"List", "list"> {
  let summary = "Python list whose elements have one type; a reference to mutable memory";
  let parameters = (ins "::mlir::Type":$element);
  let assemblyFormat = "`<` $element `>`";
}

def Py_StrType : Py_Type<"Str", "str"> {
  let summary = "string known at run time only";
}

def Py_UnionType : Py_Type<"Union", "union"> {
  let summary = "one of several types, told apart by a tag: the position of the type; `none` comes first";
  let parameters = (ins ArrayRefParameter<"::mlir::Type">:$members);
  let assemblyFormat = "`<` $members `>`";
}

def Py_ClosureType : Py_Type<"Closure", "closure"> {
  let summary = "compiled function with captured values, which are its first arguments";
  let parameters = (ins StringRefParameter<"symbol">:$symbol, OptionalArrayRefParameter<"::mlir::Type">:$captures);
  let assemblyFormat = "`<` $symbol (`,` $captures^)? `>`";
}

def Py_StructType : Py_Type<"Struct", "struct"> {
  let summary = "nominal product of named fields: named tuples, user-defined models, state of iterators";
  let description = "The name is the dotted path of the class, a colon, and the names of the fields with commas between them.";
  let parameters = (ins StringRefParameter<"name and fields">:$name, OptionalArrayRefParameter<"::mlir::Type">:$fields);
  let assemblyFormat = "`<` $name (`,` $fields^)? `>`";
}

def Py_DateTimeType : Py_Type<"DateTime", "datetime"> {
  let summary = "NumPy datetime64 of a unit";
  let parameters = (ins StringRefParameter<"unit">:$unit);
  let assemblyFormat = "`<` $unit `>`";
}

def Py_TimeDeltaType : Py_Type<"TimeDelta", "timedelta"> {
  let summary = "NumPy timedelta64 of a unit";
  let parameters = (ins StringRefParameter<"unit">:$unit);
  let assemblyFormat = "`<` $unit `>`";
}

def Py_RecordType : Py_Type<"Record", "record"> {
  let summary = "element of a structured array: NumPy's description of the fields";
  let parameters = (ins StringRefParameter<"description">:$description_);
  let assemblyFormat = "`<` $description_ `>`";
}

def Py_ExceptionType : Py_Type<"Exception", "exception"> {
  let summary = "exception instance about to be raised";
  let parameters = (ins StringRefParameter<"class">:$kind);
  let assemblyFormat = "`<` $kind `>`";
}

#endif
