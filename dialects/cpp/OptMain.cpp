// The driver of `numba-opt`: mlir-opt's own, over our registry.
#include "mlir/CAPI/IR.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
extern "C" int nbOptMain(int argc, char **argv, const char *tool, MlirDialectRegistry registry) {
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, tool, *unwrap(registry)));
}
