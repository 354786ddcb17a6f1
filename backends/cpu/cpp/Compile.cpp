// From a module of the `llvm` dialect to object code: translation, optimisation, code generation.
#include "Shim.h"
#include "Optimizer.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PassTimingInfo.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include <time.h>
using namespace llvm;

// What `nbCompile` is asked for. An unset sink is not written.
struct NbCompileOptions {
  int level;        // 0 to 3
  bool verify;      // check the module before translating it
  bool report;      // print how long each pass took
  NbSink object, symbols, ir, assembly, error;
  double *seconds;  // CPU time of translation, optimisation, code generation
  uint64_t *instructions;  // how many there are before and after optimisation
};

// Thrown by the handler of fatal errors. LLVM has no exception tables of its own, so this passes through its frames and leaks what they hold.
struct Fatal { std::string message; };
static void onFatalError(void *, const char *reason, bool) { throw Fatal{reason}; }

static double now() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void prepare(Module &m, TargetMachine &tm) {
  m.setDataLayout(tm.createDataLayout());
  m.setTargetTriple(tm.getTargetTriple());
  for (Function &f : m) {
    if (f.isDeclaration()) {
      // Which vector variants there are is known here only: a variant named above may be missing on this machine, or overflow earlier than the scalar function.
      f.removeFnAttr("vector-function-abi-variant");
      continue;
    }
    f.addFnAttr("target-cpu", tm.getTargetCPU());
    f.addFnAttr("target-features", tm.getTargetFeatureString());
    // Exceptions unwind through every frame.
    f.setUWTableKind(UWTableKind::Async);
  }
}

static void internalize(Module &m, mlir::ModuleOp from) {
  // What is private in MLIR has no use outside: LLVM may inline it and forget it.
  for (mlir::Operation &op : *from.getBody()) {
    auto symbol = dyn_cast<mlir::SymbolOpInterface>(&op);
    if (!symbol || !symbol.isPrivate()) continue;
    GlobalValue *value = m.getNamedValue(symbol.getName());
    if (value && !value->isDeclaration()) value->setLinkage(GlobalValue::InternalLinkage);
  }
}

static bool emit(Module &m, TargetMachine &tm, const TargetLibraryInfoImpl &library, CodeGenFileType type, NbSink to) {
  SmallVector<char, 0> buffer;
  raw_svector_ostream stream(buffer);
  legacy::PassManager passes;
  passes.add(new TargetLibraryInfoWrapperPass(library));
  if (tm.addPassesToEmitFile(passes, stream, nullptr, type, /*DisableVerify=*/true)) return false;
  passes.run(m);
  write(to, StringRef(buffer.data(), buffer.size()));
  return true;
}

static bool compile(mlir::Operation *op, Optimizer &optimizer, const NbCompileOptions &o) {
  TargetMachine &tm = optimizer.target();
  std::string problems;
  auto note = [&](StringRef s) { if (!problems.empty()) problems += '\n'; problems += s; };
  mlir::ScopedDiagnosticHandler handler(op->getContext(), [&](mlir::Diagnostic &d) {
    if (d.getSeverity() != mlir::DiagnosticSeverity::Error) return mlir::failure();
    note(d.str());
    return mlir::success();
  });
  double start = now();
  auto lap = [&](int i) { double t = now(); o.seconds[i] = t - start; start = t; };
  auto from = dyn_cast<mlir::ModuleOp>(op);
  if (!from) { write(o.error, "the operation is not a module"); return false; }
  if (o.verify && mlir::failed(mlir::verify(op))) { write(o.error, problems); return false; }
  LLVMContext context;
  context.setDiscardValueNames(!o.ir.write);
  context.setDiagnosticHandlerCallBack([](const DiagnosticInfo *info, void *to) {
    if (info->getSeverity() != DS_Error) return;
    raw_string_ostream stream(*static_cast<std::string *>(to));
    DiagnosticPrinterRawOStream printer(stream);
    info->print(printer);
  }, &problems);
  std::unique_ptr<Module> m = mlir::translateModuleToLLVMIR(op, context, "numbra", /*disableVerification=*/true);
  if (!m) { write(o.error, problems.empty() ? "the module cannot be translated to LLVM IR" : problems); return false; }
  prepare(*m, tm);
  internalize(*m, from);
  // Optimiser and code generator crash on modules that this refuses.
  std::string broken;
  raw_string_ostream stream(broken);
  if (verifyModule(*m, &stream)) { write(o.error, broken); return false; }
  for (Function &f : *m) {
    if (f.isDeclaration() || f.hasLocalLinkage()) continue;
    write(o.symbols, f.getName());
    write(o.symbols, StringRef("\0", 1));
  }
  o.instructions[0] = m->getInstructionCount();
  lap(0);
  optimizer.run(*m, o.level, o.report);
  lap(1);
  o.instructions[1] = m->getInstructionCount();
  if (o.ir.write) {
    std::string s;
    raw_string_ostream out(s);
    m->print(out, nullptr);
    write(o.ir, s);
  }
  const TargetLibraryInfoImpl &library = optimizer.library();
  if (o.assembly.write) {
    // Code generation rewrites the module.
    std::unique_ptr<Module> copy = CloneModule(*m);
    if (!emit(*copy, tm, library, CodeGenFileType::AssemblyFile, o.assembly)) { write(o.error, "the target cannot print assembly"); return false; }
  }
  start = now();
  if (!emit(*m, tm, library, CodeGenFileType::ObjectFile, o.object)) { write(o.error, "the target cannot write object code"); return false; }
  lap(2);
  if (o.report) reportAndResetTimings(&errs());
  if (!problems.empty()) { write(o.error, problems); return false; }
  return true;
}

extern "C" {
double nbThreadSeconds() { return now(); }
// Once per process, before the first compile.
void nbInstallErrorHandlers() { install_fatal_error_handler(onFatalError); }
Optimizer *nbOptimizerCreate(TargetMachine *tm, const NbVectorLibrary *vectors) { return new Optimizer(*tm, vectors); }
// Compiles a function that does nothing, so that the first real one finds tables built and pages in memory.
void nbWarmUp(Optimizer *optimizer) {
  try {
    LLVMContext context;
    Module m("warm", context);
    Type *word = Type::getInt64Ty(context), *status = Type::getInt32Ty(context), *pointer = PointerType::getUnqual(context);
    // An entry around an internal function, the shape of every module.
    Function *inner = Function::Create(FunctionType::get(word, {word, word}, false), GlobalValue::InternalLinkage, "add", m);
    Function *entry = Function::Create(FunctionType::get(status, {pointer, pointer}, false), GlobalValue::ExternalLinkage, "entry", m);
    IRBuilder<> builder(BasicBlock::Create(context, "", inner));
    builder.CreateRet(builder.CreateAdd(inner->getArg(0), inner->getArg(1)));
    builder.SetInsertPoint(BasicBlock::Create(context, "", entry));
    Value *first = builder.CreateLoad(word, entry->getArg(0));
    Value *second = builder.CreateLoad(word, builder.CreateConstGEP1_64(word, entry->getArg(0), 1));
    builder.CreateStore(builder.CreateCall(inner, {first, second}), entry->getArg(1));
    builder.CreateRet(builder.getInt32(0));
    prepare(m, optimizer->target());
    optimizer->run(m, 3);
    emit(m, optimizer->target(), optimizer->library(), CodeGenFileType::ObjectFile, {[](void *, const char *, size_t) {}, nullptr});
  } catch (const Fatal &) {
  }
}
// 0: done; 1: the module is refused, with the reason in `error`; 2: LLVM gave up, with the reason in `error`, and the optimizer must not be used again.
int nbCompile(MlirOperation op, Optimizer *optimizer, const NbCompileOptions *options) {
  try {
    return compile(unwrap(op), *optimizer, *options) ? 0 : 1;
  } catch (const Fatal &fatal) {
    write(options->error, fatal.message);
    return 2;
  }
}
}
