// Registration, verifiers and the function syntax of the `py` dialect. Everything else is generated.
#include "PyDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/FunctionImplementation.h"
#include "llvm/ADT/TypeSwitch.h"
using namespace mlir;
using namespace numbra::py;
#include "PyDialect.cpp.inc"
#include "PyEnums.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "PyTypes.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "PyAttributes.cpp.inc"
#define GET_OP_CLASSES
#include "PyOps.cpp.inc"

void PyDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "PyTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "PyAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "PyOps.cpp.inc"
      >();
}

LogicalResult ArrayType::verify(function_ref<InFlightDiagnostic()> emitError, Type dtype, int64_t rank, StringRef layout, bool) {
  if (!dtype.isIntOrFloat() && !isa<ComplexType, DateTimeType, TimeDeltaType, RecordType>(dtype))
    return emitError() << "array element type must be a bool, integer, float or complex type, a time or a record, got " << dtype;
  if (rank < 0)
    return emitError() << "array rank must not be negative, got " << rank;
  if (layout != "C" && layout != "F" && layout != "A")
    return emitError() << "array layout must be \"C\", \"F\" or \"A\", got \"" << layout << "\"";
  return success();
}

ParseResult FuncOp::parse(OpAsmParser &parser, OperationState &result) {
  auto build = [](Builder &b, ArrayRef<Type> in, ArrayRef<Type> out, function_interface_impl::VariadicFlag, std::string &) {
    return b.getFunctionType(in, out);
  };
  return function_interface_impl::parseFunctionOp(parser, result, /*allowVariadic=*/false, getFunctionTypeAttrName(result.name), build,
                                                  getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void FuncOp::print(OpAsmPrinter &p) {
  function_interface_impl::printFunctionOp(p, *this, /*isVariadic=*/false, getFunctionTypeAttrName(), getArgAttrsAttrName(), getResAttrsAttrName());
}
