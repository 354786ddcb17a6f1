// MLIR diagnostics with notes, which MLIR's C API can receive but not emit.
#include "mlir-c/IR.h"
#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"
#include "mlir/IR/Diagnostics.h"
using namespace mlir;
extern "C" {
struct NbNote { MlirLocation location; MlirStringRef message; };
// `severity`: 0 error, 1 warning, 2 remark.
void nbEmitDiagnostic(MlirLocation where, int severity, MlirStringRef message, intptr_t n, const NbNote *notes) {
  Location loc = unwrap(where);
  InFlightDiagnostic d = severity == 0 ? emitError(loc) : severity == 1 ? emitWarning(loc) : emitRemark(loc);
  d << unwrap(message);
  for (intptr_t i = 0; i < n; ++i) d.attachNote(unwrap(notes[i].location)) << unwrap(notes[i].message);
}
}
