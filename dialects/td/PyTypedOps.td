// Ops that only the typed stage has: what inference resolves calls and conversions to.
#ifndef NUMBRA_PY_TYPED_OPS
#define NUMBRA_PY_TYPED_OPS

include "PyOps.td"

def Py_CastOp : Py_Op<"cast", [Pure]> {
  let summary = "conversion that inference decided on";
  let description = [{
    Between scalars, element by element between tuples, and from a more to a less specific array type (layout, read-only).
  }];
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` type($value) `to` type($result)";
}

def Py_InvokeOp : Py_Op<"invoke"> {
  let summary = "direct call of a typed function of this module";
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<AnyType>:$arguments);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$callee `(` $arguments `)` attr-dict `:` functional-type($arguments, $result)";
}

def Py_BuiltinOp : Py_Op<"builtin"> {
  let summary = "library function, resolved: operands have exactly the types that its row in the catalogue asks for";
  let arguments = (ins StrAttr:$path, Variadic<AnyType>:$arguments);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$path `(` $arguments `)` attr-dict `:` functional-type($arguments, $result)";
}

def Py_ExceptionOp : Py_Op<"exception", [Pure]> {
  let summary = "new exception of a builtin class";
  let arguments = (ins StrAttr:$kind, Variadic<AnyType>:$arguments);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$kind `(` $arguments `)` attr-dict `:` functional-type($arguments, $result)";
}

def Py_RetainOp : Py_Op<"retain"> {
  let summary = "one more reference to the memory behind an array (or the arrays of a tuple)";
  let arguments = (ins AnyType:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

def Py_ReleaseOp : Py_Op<"release"> {
  let summary = "one reference less; the last one frees the memory";
  let arguments = (ins AnyType:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

#endif
