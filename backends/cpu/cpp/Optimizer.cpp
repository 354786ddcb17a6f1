#include "Optimizer.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PassInstrumentation.h"
#include "llvm/IR/PassTimingInfo.h"
#include "llvm/Passes/OptimizationLevel.h"
#include "llvm/Support/raw_ostream.h"
using namespace llvm;

Optimizer::Optimizer(TargetMachine &tm, const NbVectorLibrary *vectors) : tm(tm), vectors(vectors), plain(tm.getTargetTriple()), current(&plain) {}

// Whether the module calls a function that has vector variants, and the library is there.
bool Optimizer::wantsVectors(const Module &m) {
  if (!vectors || (tried && !vectorized)) return false;
  bool called = false;
  for (const Function &f : m) {
    if (!f.isDeclaration()) continue;
    for (size_t i = 0; i < vectors->count && !called; ++i) called = f.getName() == vectors->functions[i].scalar;
  }
  if (!called) return false;
  if (!tried) {
    tried = true;
    if (!vectors->load()) return false;
    std::vector<VecDesc> rows;
    for (size_t i = 0; i < vectors->count; ++i) {
      const NbVectorFunction &f = vectors->functions[i];
      rows.emplace_back(f.scalar, f.vector, ElementCount::getFixed(f.lanes), /*Masked=*/false, f.prefix, std::nullopt);
    }
    vectorized.emplace(tm.getTargetTriple());
    vectorized->addVectorizableFunctions(rows);
  }
  return vectorized.has_value();
}

// Whether the module has elementary functions as straight-line code, whose names start so.
static bool hasElementary(const Module &m) {
  return any_of(m, [](const Function &f) { return f.getName().starts_with("elementary."); });
}

void Optimizer::run(Module &m, int level, bool report) {
  bool vectorCalls = level > 1 && wantsVectors(m);
  current = vectorCalls ? &*vectorized : &plain;
  // Vectors of 256 bits are as quick as those of 512 in plain loops, and much quicker where there are only some dozens of elements: the loop of the widest
  // vectors is not reached, and the rest is long. Elementary functions gain from 512 bits. Without effect on narrower processors.
  bool wide = vectorCalls || (level > 1 && hasElementary(m));
  for (Function &f : m)
    if (!f.isDeclaration()) f.addFnAttr("prefer-vector-width", wide ? "512" : "256");
  tm.setOptLevel(level == 0 ? CodeGenOptLevel::None : level == 1 ? CodeGenOptLevel::Less : CodeGenOptLevel::Default);
  LoopAnalysisManager lam;
  FunctionAnalysisManager fam;
  CGSCCAnalysisManager cam;
  ModuleAnalysisManager mam;
  fam.registerPass([&] { return TargetLibraryAnalysis(*current); });
  // No vectors out of straight-line code: pairs that are stored together and loaded one by one stall (17 % on an n-body step), and no kernel gained.
  PipelineTuningOptions tuning;
  tuning.SLPVectorization = false;
  tuning.LoopVectorization = tuning.LoopInterleaving = level > 1;
  PassInstrumentationCallbacks callbacks;
  // LLVM's report: of these passes when the handler goes, of the code generator's where it is asked for.
  TimePassesIsEnabled = report;
  TimePassesHandler times(report);
  times.setOutStream(errs());
  if (report) times.registerCallbacks(callbacks);
  PassBuilder builder(&tm, tuning, std::nullopt, report ? &callbacks : nullptr);
  builder.registerModuleAnalyses(mam);
  builder.registerCGSCCAnalyses(cam);
  builder.registerFunctionAnalyses(fam);
  builder.registerLoopAnalyses(lam);
  builder.crossRegisterProxies(lam, fam, cam, mam);
  OptimizationLevel levels[] = {OptimizationLevel::O0, OptimizationLevel::O1, OptimizationLevel::O2, OptimizationLevel::O3};
  ModulePassManager passes = level ? optimizationPipeline(levels[level], tuning) : builder.buildO0DefaultPipeline(levels[0]);
  passes.run(m, mam);
}
