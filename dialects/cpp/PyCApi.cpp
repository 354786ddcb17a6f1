// C functions over the types and attributes of the `py` dialect: constructors, and accessors that return a default on another type.
#include "PyDialect.h"
#include "mlir-c/IR.h"
#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Registration.h"
#include "llvm/ADT/TypeSwitch.h"
using namespace mlir;
using namespace numbra::py;

// The same order as `TypeKind` in src/py/types.rs.
enum Kind { None, Any, Array, Range, Slice, Enumerate, Zip, Iterator, Literal, Ellipsis, Entity, Function, Exception,
  List, Str, Union, Closure, Struct, DateTime, TimeDelta, Record };

extern "C" {
MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(Py, py);
}
MLIR_DEFINE_CAPI_DIALECT_REGISTRATION(Py, py, numbra::py::PyDialect)

extern "C" {
int nbPyTypeKind(MlirType t) {
  return llvm::TypeSwitch<Type, int>(unwrap(t))
      .Case<AnyType>([](auto) { return Any; }).Case<ArrayType>([](auto) { return Array; }).Case<RangeType>([](auto) { return Range; })
      .Case<SliceType>([](auto) { return Slice; }).Case<EnumerateType>([](auto) { return Enumerate; }).Case<ZipType>([](auto) { return Zip; })
      .Case<IteratorType>([](auto) { return Iterator; }).Case<LiteralType>([](auto) { return Literal; }).Case<EllipsisType>([](auto) { return Ellipsis; })
      .Case<EntityType>([](auto) { return Entity; }).Case<numbra::py::FunctionType>([](auto) { return Function; })
      .Case<ExceptionType>([](auto) { return Exception; })
      .Case<ListType>([](auto) { return List; }).Case<StrType>([](auto) { return Str; }).Case<UnionType>([](auto) { return Union; })
      .Case<ClosureType>([](auto) { return Closure; }).Case<StructType>([](auto) { return Struct; }).Case<DateTimeType>([](auto) { return DateTime; })
      .Case<TimeDeltaType>([](auto) { return TimeDelta; }).Case<RecordType>([](auto) { return Record; })
      .Default([](auto) { return None; });
}

MlirType nbPyPlainTypeGet(MlirContext c, int kind) {
  switch (kind) {
  case Ellipsis: return wrap(Type(EllipsisType::get(unwrap(c))));
  case Str: return wrap(Type(StrType::get(unwrap(c))));
  default: return wrap(Type(AnyType::get(unwrap(c))));
  }
}
// Null when the parameters do not verify.
MlirType nbPyArrayTypeGet(MlirType dtype, int64_t rank, MlirStringRef layout, bool readonly) {
  Type d = unwrap(dtype);
  return wrap(Type(ArrayType::getChecked([&] { return emitError(UnknownLoc::get(d.getContext())); }, d.getContext(), d, rank, unwrap(layout), readonly)));
}
MlirType nbPyNestedTypeGet(MlirContext ctx, int kind, intptr_t n, const MlirType *parts) {
  MLIRContext *c = unwrap(ctx);
  SmallVector<Type> p;
  for (intptr_t i = 0; i < n; ++i) p.push_back(unwrap(parts[i]));
  switch (kind) {
  case Range: return wrap(Type(RangeType::get(c, p[0])));
  case Slice: return wrap(Type(SliceType::get(c, p[0], p[1], p[2])));
  case Enumerate: return wrap(Type(EnumerateType::get(c, p[0])));
  case Iterator: return wrap(Type(IteratorType::get(c, p[0])));
  case Zip: return wrap(Type(ZipType::get(c, p)));
  case List: return wrap(Type(ListType::get(c, p[0])));
  case Union: return wrap(Type(UnionType::get(c, p)));
  default: return MlirType{nullptr};
  }
}
MlirType nbPyTextTypeGet(MlirContext ctx, int kind, MlirStringRef text) {
  MLIRContext *c = unwrap(ctx);
  switch (kind) {
  case Literal: return wrap(Type(LiteralType::get(c, unwrap(text))));
  case Entity: return wrap(Type(EntityType::get(c, unwrap(text))));
  case Function: return wrap(Type(numbra::py::FunctionType::get(c, unwrap(text))));
  case Exception: return wrap(Type(ExceptionType::get(c, unwrap(text))));
  case DateTime: return wrap(Type(DateTimeType::get(c, unwrap(text))));
  case TimeDelta: return wrap(Type(TimeDeltaType::get(c, unwrap(text))));
  case Record: return wrap(Type(RecordType::get(c, unwrap(text))));
  default: return MlirType{nullptr};
  }
}

MlirType nbPyNamedTypeGet(MlirContext ctx, int kind, MlirStringRef text, intptr_t n, const MlirType *parts) {
  MLIRContext *c = unwrap(ctx);
  SmallVector<Type> p;
  for (intptr_t i = 0; i < n; ++i) p.push_back(unwrap(parts[i]));
  return kind == Closure ? wrap(Type(ClosureType::get(c, unwrap(text), p))) : wrap(Type(StructType::get(c, unwrap(text), p)));
}

int64_t nbPyArrayTypeRank(MlirType t) { auto a = dyn_cast<ArrayType>(unwrap(t)); return a ? a.getRank() : -1; }
bool nbPyArrayTypeReadonly(MlirType t) { auto a = dyn_cast<ArrayType>(unwrap(t)); return a && a.getReadonly(); }

// The text parameter: of an array, its layout.
MlirStringRef nbPyTypeText(MlirType t) {
  return wrap(llvm::TypeSwitch<Type, StringRef>(unwrap(t))
      .Case<LiteralType>([](auto x) { return x.getText(); }).Case<EntityType>([](auto x) { return x.getPath(); })
      .Case<numbra::py::FunctionType>([](auto x) { return x.getSymbol(); }).Case<ExceptionType>([](auto x) { return x.getKind(); })
      .Case<ClosureType>([](auto x) { return x.getSymbol(); }).Case<StructType>([](auto x) { return x.getName(); })
      .Case<DateTimeType, TimeDeltaType>([](auto x) { return x.getUnit(); }).Case<RecordType>([](auto x) { return x.getDescription_(); })
      .Case<ArrayType>([](auto x) { return x.getLayout(); }).Default([](auto) { return StringRef(); }));
}
// The i-th type parameter: of an array, its element type. Null past the end.
MlirType nbPyTypePart(MlirType t, intptr_t i) {
  auto one = [&](Type p) { return i == 0 ? wrap(p) : MlirType{nullptr}; };
  auto many = [&](ArrayRef<Type> p) { return i < (intptr_t)p.size() ? wrap(p[i]) : MlirType{nullptr}; };
  return llvm::TypeSwitch<Type, MlirType>(unwrap(t))
      .Case<ArrayType>([&](auto x) { return one(x.getDtype()); }).Case<RangeType>([&](auto x) { return one(x.getElement()); })
      .Case<EnumerateType, IteratorType>([&](auto x) { return one(x.getIterable()); })
      .Case<SliceType>([&](auto x) { return i == 0 ? wrap(x.getStart()) : i == 1 ? wrap(x.getStop()) : i == 2 ? wrap(x.getStep()) : MlirType{nullptr}; })
      .Case<ZipType>([&](auto x) { return many(x.getIterables()); }).Case<ListType>([&](auto x) { return one(x.getElement()); })
      .Case<UnionType>([&](auto x) { return many(x.getMembers()); }).Case<ClosureType>([&](auto x) { return many(x.getCaptures()); })
      .Case<StructType>([&](auto x) { return many(x.getFields()); })
      .Default([](auto) { return MlirType{nullptr}; });
}

// `family` 0: unary, 1: binary, 2: compare. Null where the value names no operator.
MlirAttribute nbPyKindAttrGet(MlirContext ctx, int family, uint32_t value) {
  MLIRContext *c = unwrap(ctx);
  if (family == 0) if (auto k = symbolizeUnaryKind(value)) return wrap(Attribute(UnaryKindAttr::get(c, *k)));
  if (family == 1) if (auto k = symbolizeBinaryKind(value)) return wrap(Attribute(BinaryKindAttr::get(c, *k)));
  if (family == 2) if (auto k = symbolizeCompareKind(value)) return wrap(Attribute(CompareKindAttr::get(c, *k)));
  return MlirAttribute{nullptr};
}
int64_t nbPyKindAttrValue(MlirAttribute a) {
  return llvm::TypeSwitch<Attribute, int64_t>(unwrap(a))
      .Case<UnaryKindAttr, BinaryKindAttr, CompareKindAttr>([](auto k) { return (int64_t)k.getValue(); }).Default([](auto) { return -1; });
}
}
