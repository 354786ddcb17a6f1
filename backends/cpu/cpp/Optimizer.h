// The optimiser: one per process, so that what does not depend on the module is set up once.
#pragma once
#include "Shim.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Passes/PassBuilder.h"
#include <memory>
#include <optional>
#include <vector>
// One vector variant of a scalar function.
struct NbVectorFunction { const char *scalar, *vector, *prefix; unsigned lanes; };
struct NbVectorLibrary {
  // Loads the library; false if there is none. Called before the first module that could use it.
  bool (*load)();
  const NbVectorFunction *functions;
  size_t count;
};
// Puts small arrays that stay inside of a function on its stack.
struct PromoteAllocationsToStack : llvm::PassInfoMixin<PromoteAllocationsToStack> {
  llvm::PreservedAnalyses run(llvm::Function &f, llvm::FunctionAnalysisManager &analyses);
};
// Marks the vector stores that are to go past the caches.
struct StreamStores : llvm::PassInfoMixin<StreamStores> {
  llvm::PreservedAnalyses run(llvm::Function &f, llvm::FunctionAnalysisManager &analyses);
};
// The passes of a level from 1 to 3.
llvm::ModulePassManager optimizationPipeline(llvm::OptimizationLevel level, const llvm::PipelineTuningOptions &tuning);

class Optimizer {
public:
  Optimizer(llvm::TargetMachine &tm, const NbVectorLibrary *vectors);
  // `level`: 0 to 3. With `report` it is printed how long each pass took.
  void run(llvm::Module &m, int level, bool report = false);
  llvm::TargetMachine &target() { return tm; }
  // What the code generator may assume of library functions, as in the last run.
  const llvm::TargetLibraryInfoImpl &library() { return *current; }
private:
  struct Pipeline;
  bool wantsVectors(const llvm::Module &m);
  llvm::TargetMachine &tm;
  const NbVectorLibrary *vectors;
  bool tried = false;
  llvm::TargetLibraryInfoImpl plain;
  std::optional<llvm::TargetLibraryInfoImpl> vectorized;
  llvm::TargetLibraryInfoImpl *current;
};
