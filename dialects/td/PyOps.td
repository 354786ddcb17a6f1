// Ops that both stages use: one per construct of Python's expression and statement grammar.
#ifndef NUMBRA_PY_OPS
#define NUMBRA_PY_OPS

include "PyDialect.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Py_Op<string mnemonic, list<Trait> traits = []> : Op<Py_Dialect, mnemonic, traits>;

//===--- enumerations ---------------------------------------------------------------------------------------------===//

class Py_Enum<string cppName, string text, list<I32EnumAttrCase> cases> : I32EnumAttr<cppName, text, cases> {
  let cppNamespace = "::numbra::py";
  let genSpecializedAttr = 0;
}

def Py_UnaryKind : Py_Enum<"UnaryKind", "unary operator", [
  I32EnumAttrCase<"neg", 0>, I32EnumAttrCase<"pos", 1>, I32EnumAttrCase<"invert", 2>, I32EnumAttrCase<"not_", 3, "not">]>;
def Py_UnaryKindAttr : EnumAttr<Py_Dialect, Py_UnaryKind, "unary_kind"> { let assemblyFormat = "$value"; }

def Py_BinaryKind : Py_Enum<"BinaryKind", "binary operator", [
  I32EnumAttrCase<"add", 0>, I32EnumAttrCase<"sub", 1>, I32EnumAttrCase<"mul", 2>, I32EnumAttrCase<"truediv", 3>,
  I32EnumAttrCase<"floordiv", 4>, I32EnumAttrCase<"mod", 5>, I32EnumAttrCase<"pow", 6>, I32EnumAttrCase<"lshift", 7>,
  I32EnumAttrCase<"rshift", 8>, I32EnumAttrCase<"and_", 9, "and">, I32EnumAttrCase<"or_", 10, "or">,
  I32EnumAttrCase<"xor_", 11, "xor">, I32EnumAttrCase<"matmul", 12>]>;
def Py_BinaryKindAttr : EnumAttr<Py_Dialect, Py_BinaryKind, "binary_kind"> { let assemblyFormat = "$value"; }

def Py_CompareKind : Py_Enum<"CompareKind", "comparison", [
  I32EnumAttrCase<"lt", 0>, I32EnumAttrCase<"le", 1>, I32EnumAttrCase<"eq", 2>, I32EnumAttrCase<"ne", 3>,
  I32EnumAttrCase<"gt", 4>, I32EnumAttrCase<"ge", 5>, I32EnumAttrCase<"is", 6>, I32EnumAttrCase<"is_not", 7>,
  I32EnumAttrCase<"in", 8>, I32EnumAttrCase<"not_in", 9>]>;
def Py_CompareKindAttr : EnumAttr<Py_Dialect, Py_CompareKind, "compare_kind"> { let assemblyFormat = "$value"; }

//===--- functions ------------------------------------------------------------------------------------------------===//

def Py_FuncOp : Py_Op<"func", [IsolatedFromAbove, FunctionOpInterface, AutomaticAllocationScope]> {
  let summary = "Python function";
  let description = [{
    `arg_names` names the parameters in order. `defaults` holds the defaults of the last parameters as attributes.
    `py_name` is the Python name, `options` a dictionary of the compile options that change code (`boundscheck`, `fastmath`, ...).
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type, StrArrayAttr:$arg_names,
    OptionalAttr<ArrayAttr>:$defaults, OptionalAttr<StrAttr>:$py_name, OptionalAttr<DictionaryAttr>:$options,
    OptionalAttr<StrAttr>:$sym_visibility, OptionalAttr<DictArrayAttr>:$arg_attrs, OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region AnyRegion:$body);
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
  }];
}

def Py_ReturnOp : Py_Op<"return", [Pure, Terminator, HasParent<"FuncOp">]> {
  let summary = "return a value (`None` is a value too)";
  let arguments = (ins AnyType:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

def Py_RaiseOp : Py_Op<"raise", [Terminator]> {
  let summary = "raise an exception class or instance";
  let arguments = (ins AnyType:$exception);
  let assemblyFormat = "$exception attr-dict `:` type($exception)";
}

//===--- values ---------------------------------------------------------------------------------------------------===//

def Py_ConstantOp : Py_Op<"constant", [Pure]> {
  let summary = "constant: integer, float, bool, string, or `unit` for None";
  let arguments = (ins AnyAttr:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `->` type($result)";
}

def Py_EllipsisOp : Py_Op<"ellipsis", [Pure]> {
  let summary = "`...`";
  let results = (outs AnyType:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}

def Py_EntityOp : Py_Op<"entity", [Pure]> {
  let summary = "library module, class or function by its canonical dotted name";
  let arguments = (ins StrAttr:$path);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$path attr-dict `:` type($result)";
}

def Py_FunctionRefOp : Py_Op<"function", [Pure]> {
  let summary = "reference to another Python function of this module";
  let arguments = (ins FlatSymbolRefAttr:$callee);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$callee attr-dict `:` type($result)";
}

def Py_ClosureOp : Py_Op<"closure", [Pure]> {
  let summary = "function made inside another one: its first arguments are the captured values";
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<AnyType>:$captures);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$callee `(` $captures `)` attr-dict `:` functional-type($captures, $result)";
}

def Py_UnboundOp : Py_Op<"unbound", [Pure]> {
  let summary = "the content of a variable before its first assignment; reading it is guarded by py.check_bound";
  let arguments = (ins StrAttr:$variable);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$variable attr-dict `:` type($result)";
}

def Py_CheckBoundOp : Py_Op<"check_bound"> {
  let summary = "raise UnboundLocalError unless the flag is true";
  let arguments = (ins AnyType:$flag, StrAttr:$variable);
  let assemblyFormat = "$flag `,` $variable attr-dict `:` type($flag)";
}

def Py_TupleOp : Py_Op<"tuple", [Pure]> {
  let summary = "build a tuple";
  let arguments = (ins Variadic<AnyType>:$elements);
  let results = (outs AnyType:$result);
  let assemblyFormat = "`(` $elements `)` attr-dict `:` functional-type($elements, $result)";
}

def Py_ListOp : Py_Op<"list"> {
  let summary = "build a new list";
  let arguments = (ins Variadic<AnyType>:$elements);
  let results = (outs AnyType:$result);
  let assemblyFormat = "`(` $elements `)` attr-dict `:` functional-type($elements, $result)";
}

def Py_StarOp : Py_Op<"star", [Pure]> {
  let summary = "`*value` in a call, tuple or list: its elements take its place";
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` functional-type($value, $result)";
}

def Py_NarrowOp : Py_Op<"narrow", [Pure]> {
  let summary = "a value where a condition about it is known to hold (`expected` true) or not";
  let description = "The condition is the `py.truth` of the value, of `value is None`, or of `isinstance(value, classes)`.";
  let arguments = (ins AnyType:$value, AnyType:$condition, BoolAttr:$expected);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value `,` $condition `is` $expected attr-dict `:` functional-type(operands, $result)";
}

def Py_UnpackOp : Py_Op<"unpack"> {
  let summary = "take an iterable of known length apart; the result number `starred` is a list of what the others leave";
  let arguments = (ins AnyType:$iterable, OptionalAttr<I64Attr>:$starred);
  let results = (outs Variadic<AnyType>:$elements);
  let assemblyFormat = "$iterable attr-dict `:` functional-type($iterable, $elements)";
}

def Py_SliceOp : Py_Op<"slice", [Pure]> {
  let summary = "build a slice; parts that are left out are None";
  let arguments = (ins AnyType:$start, AnyType:$stop, AnyType:$step);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$start `,` $stop `,` $step attr-dict `:` functional-type(operands, $result)";
}

//===--- operators ------------------------------------------------------------------------------------------------===//

def Py_UnaryOp : Py_Op<"unary"> {
  let summary = "unary operator";
  let arguments = (ins Py_UnaryKindAttr:$kind, AnyType:$operand);
  let results = (outs AnyType:$result);
  let assemblyFormat = "`` $kind $operand attr-dict `:` functional-type($operand, $result)";
}

def Py_BinaryOp : Py_Op<"binary"> {
  let summary = "binary operator; `inplace` marks augmented assignment";
  let description = "In the typed stage both operands already have the type in which the operation is computed.";
  let arguments = (ins Py_BinaryKindAttr:$kind, AnyType:$lhs, AnyType:$rhs, UnitAttr:$inplace);
  let results = (outs AnyType:$result);
  let assemblyFormat = "`` $kind $lhs `,` $rhs attr-dict `:` functional-type(operands, $result)";
}

def Py_CompareOp : Py_Op<"compare"> {
  let summary = "one comparison (chains are branches)";
  let arguments = (ins Py_CompareKindAttr:$kind, AnyType:$lhs, AnyType:$rhs);
  let results = (outs AnyType:$result);
  let assemblyFormat = "`` $kind $lhs `,` $rhs attr-dict `:` functional-type(operands, $result)";
}

def Py_TruthOp : Py_Op<"truth"> {
  let summary = "truth value of an object, ready to branch on";
  let arguments = (ins AnyType:$value);
  let results = (outs I1:$result);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

//===--- attributes, items, calls, iteration ----------------------------------------------------------------------===//

def Py_GetAttrOp : Py_Op<"getattr"> {
  let summary = "attribute of an object";
  let arguments = (ins AnyType:$object, StrAttr:$attribute);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$object `[` $attribute `]` attr-dict `:` functional-type($object, $result)";
}

def Py_GetItemOp : Py_Op<"getitem"> {
  let summary = "subscript";
  let arguments = (ins AnyType:$object, AnyType:$index);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$object `[` $index `]` attr-dict `:` functional-type(operands, $result)";
}

def Py_SetItemOp : Py_Op<"setitem"> {
  let summary = "assignment to a subscript";
  let arguments = (ins AnyType:$object, AnyType:$index, AnyType:$value);
  let assemblyFormat = "$object `[` $index `]` `=` $value attr-dict `:` type($object) `,` type($index) `,` type($value)";
}

def Py_SetAttrOp : Py_Op<"setattr"> {
  let summary = "assignment to an attribute";
  let arguments = (ins AnyType:$object, StrAttr:$attribute, AnyType:$value);
  let assemblyFormat = "$object `[` $attribute `]` `=` $value attr-dict `:` type($object) `,` type($value)";
}

def Py_CallOp : Py_Op<"call"> {
  let summary = "call; the last operands are keyword arguments, as many as `keywords` names; the name `**` stands for a mapping of keywords";
  let arguments = (ins AnyType:$callee, Variadic<AnyType>:$arguments, OptionalAttr<StrArrayAttr>:$keywords);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$callee `(` $arguments `)` attr-dict `:` functional-type(operands, $result)";
}

def Py_IterOp : Py_Op<"iter"> {
  let summary = "new iterator over an iterable";
  let arguments = (ins AnyType:$iterable);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$iterable attr-dict `:` functional-type($iterable, $result)";
}

def Py_NextOp : Py_Op<"next"> {
  let summary = "advance an iterator: whether there was an element, and the element (undefined if not)";
  let arguments = (ins AnyType:$iterator);
  let results = (outs I1:$valid, AnyType:$element);
  let assemblyFormat = "$iterator attr-dict `:` functional-type($iterator, results)";
}

#endif
