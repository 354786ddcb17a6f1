// Passes over loops that LLVM does not have, or has without the limits that they need here.
#pragma once
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/InstructionSimplify.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/Transforms/Scalar/LoopLoadElimination.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/LoopStrengthReduce.h"
#include "llvm/Transforms/Scalar/SimpleLoopUnswitch.h"
#include "llvm/Transforms/Utils/LoopRotationUtils.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

namespace loops {
using namespace llvm;

// Rotates the loops of large functions. LLVM's own pass keeps dominators and memory dependencies up to date after each loop, which in a function of
// thousands of blocks one after the other costs as much as all other passes together. Here nothing is kept up to date: what is needed is computed anew.
struct RotateLoopsOfLargeFunctions : PassInfoMixin<RotateLoopsOfLargeFunctions> {
  static constexpr size_t Blocks = 1000;

  PreservedAnalyses run(Function &f, FunctionAnalysisManager &analyses) {
    if (f.size() < Blocks) return PreservedAnalyses::all();
    analyses.invalidate(f, LoopSimplifyPass().run(f, analyses));
    LoopInfo &loops = analyses.getResult<LoopAnalysis>(f);
    TargetTransformInfo &target = analyses.getResult<TargetIRAnalysis>(f);
    AssumptionCache &assumptions = analyses.getResult<AssumptionAnalysis>(f);
    SimplifyQuery query(f.getDataLayout());
    for (Loop *loop : loops.getLoopsInPreorder())
      LoopRotation(loop, &loops, &target, &assumptions, nullptr, nullptr, nullptr, query, /*RotationOnly=*/false, /*Threshold=*/16, /*IsUtilMode=*/false);
    return PreservedAnalyses::none();
  }
};

// Strength reduction of loops, which belongs to the code generator, but for those with many accesses to memory: the search for the best induction variables of a
// stencil of ten operands takes longer than all of the rest, and gains nothing where addresses are a base and an index. (Loops of few accesses need it: without, a sieve is a fifth slower.)
// The same holds for vector code, which goes through memory element by element for the most part, and for what is left over by it.
struct ReduceStrength : PassInfoMixin<ReduceStrength> {
  static constexpr unsigned MostAccesses = 16;

  PreservedAnalyses run(Loop &loop, LoopAnalysisManager &analyses, LoopStandardAnalysisResults &results, LPMUpdater &updater) {
    if (getBooleanLoopAttribute(&loop, "llvm.loop.isvectorized")) return PreservedAnalyses::all();
    unsigned accesses = 0;
    for (BasicBlock *block : loop.blocks())
      accesses += count_if(*block, [](Instruction &i) { return i.mayReadOrWriteMemory(); });
    if (accesses > MostAccesses) return PreservedAnalyses::all();
    return LoopStrengthReducePass().run(loop, analyses, results, updater);
  }
};

// Takes conditions that do not change out of the loops that everything is done in: two versions of such a loop. Around other loops it would make versions of all
// that is inside, each of which is turned into vector code again, to save a jump in each round of a loop that has long ones.
struct UnswitchInnermost : PassInfoMixin<UnswitchInnermost> {
  PreservedAnalyses run(Loop &loop, LoopAnalysisManager &analyses, LoopStandardAnalysisResults &results, LPMUpdater &updater) {
    return loop.isInnermost() ? SimpleLoopUnswitchPass(/*NonTrivial=*/true).run(loop, analyses, results, updater) : PreservedAnalyses::all();
  }
};

// Loops around other loops are not written several times in a row, unless it is known how often they run: that is the code of all that is inside again, with loops of
// its own for what is left over. Loops come from the inside out, so that one whose inner loops are gone by now is an innermost one.
struct KeepOuterLoopsRolled : PassInfoMixin<KeepOuterLoopsRolled> {
  PreservedAnalyses run(Loop &loop, LoopAnalysisManager &analyses, LoopStandardAnalysisResults &results, LPMUpdater &updater) {
    if (!loop.isInnermost() && !results.SE.getSmallConstantTripCount(&loop)) addStringMetadataToLoop(&loop, "llvm.loop.unroll.disable", 1);
    return PreservedAnalyses::all();
  }
};

// Loops that ask for a mask instead of code for what is left over get it only where masks are registers of their own: elsewhere masked stores are slow.
struct MaskWhereQuick : PassInfoMixin<MaskWhereQuick> {
  static constexpr const char *Asks = "llvm.loop.vectorize.predicate.enable";

  PreservedAnalyses run(Function &f, FunctionAnalysisManager &analyses) {
    if (analyses.getResult<TargetIRAnalysis>(f).getRegisterBitWidth(TargetTransformInfo::RGK_FixedWidthVector).getFixedValue() >= 512) return PreservedAnalyses::all();
    for (Loop *loop : analyses.getResult<LoopAnalysis>(f).getLoopsInPreorder())
      if (getBooleanLoopAttribute(loop, Asks)) addStringMetadataToLoop(loop, Asks, 0);
    return PreservedAnalyses::all();
  }
};

// Keeps in a register what a round of a loop stores and the next one loads. Only in functions with such a loop: it analyses every innermost loop, also those that are vector code by now,
// and that takes as long as vectorising them.
struct EliminateLoads : PassInfoMixin<EliminateLoads> {
  PreservedAnalyses run(Function &f, FunctionAnalysisManager &analyses) {
    for (Loop *loop : analyses.getResult<LoopAnalysis>(f).getLoopsInPreorder()) {
      if (!loop->isInnermost() || getBooleanLoopAttribute(loop, "llvm.loop.isvectorized")) continue;
      bool loads = false, stores = false;
      for (BasicBlock *block : loop->blocks())
        for (Instruction &i : *block) loads |= isa<LoadInst>(i), stores |= isa<StoreInst>(i);
      if (loads && stores) return LoopLoadEliminationPass().run(f, analyses);
    }
    return PreservedAnalyses::all();
  }
};
} // namespace loops
