// Flags of ops that are properties without an attribute, which the C API cannot set.
#include "mlir/CAPI/IR.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
using namespace mlir;
extern "C" void nbSetInBounds(MlirOperation op) {
  if (auto gep = dyn_cast<LLVM::GEPOp>(unwrap(op)))
    gep.setNoWrapFlags(LLVM::GEPNoWrapFlags::inbounds);
}
