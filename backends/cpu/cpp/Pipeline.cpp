// The order of LLVM's passes.
//
// LLVM's default pipeline simplifies a function to the end before it is inlined, and again in each caller. Code of the library lies at the end of long
// chains of calls of internal functions, so that it would be simplified once for every link. Here everything is inlined first, with the cheapest passes
// in between (they tell the inliner what a callee really costs), and what remains is simplified once. The optimisation of loops follows as in the default.
#include "Optimizer.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/GlobalsModRef.h"
#include "llvm/Analysis/InstructionSimplify.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ProfileSummaryInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/Transforms/IPO/AlwaysInliner.h"
#include "llvm/Transforms/IPO/DeadArgumentElimination.h"
#include "llvm/Transforms/IPO/FunctionAttrs.h"
#include "llvm/Transforms/IPO/GlobalDCE.h"
#include "llvm/Transforms/IPO/GlobalOpt.h"
#include "llvm/Transforms/IPO/InferFunctionAttrs.h"
#include "llvm/Transforms/IPO/Inliner.h"
#include "llvm/Transforms/IPO/SCCP.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/LoopStrengthReduce.h"
#include "llvm/Transforms/Scalar/LowerExpectIntrinsic.h"
#include "llvm/Transforms/Scalar/LoopUnrollPass.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimpleLoopUnswitch.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/LoopRotationUtils.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
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

static FunctionPassManager cheapPasses() {
  FunctionPassManager passes;
  passes.addPass(SROAPass(SROAOptions::ModifyCFG));
  passes.addPass(EarlyCSEPass());
  passes.addPass(SimplifyCFGPass());
  return passes;
}

ModulePassManager optimizationPipeline(PassBuilder &builder, OptimizationLevel level) {
  // What level 3 has beyond 2 in the simplification of a function, without versions of whole nests of loops.
  bool most = level == OptimizationLevel::O3;
  builder.registerLateLoopOptimizationsEPCallback([most](LoopPassManager &loops, OptimizationLevel) {
    if (most) loops.addPass(UnswitchInnermost());
    loops.addPass(KeepOuterLoopsRolled());
    if (most) loops.addPass(LoopFullUnrollPass(3));
  });
  builder.registerVectorizerStartEPCallback([](FunctionPassManager &functions, OptimizationLevel) { functions.addPass(MaskWhereQuick()); });
  ModulePassManager passes;
  passes.addPass(InferFunctionAttrsPass());
  FunctionPassManager early;
  early.addPass(LowerExpectIntrinsicPass());
  early.addPass(cheapPasses());
  passes.addPass(createModuleToFunctionPassAdaptor(std::move(early), /*EagerlyInvalidate=*/true));
  passes.addPass(IPSCCPPass());
  passes.addPass(GlobalOptPass());
  passes.addPass(AlwaysInlinerPass());
  ModuleInlinerWrapperPass inliner(getInlineParams(level.getSpeedupLevel(), level.getSizeLevel()));
  inliner.getPM().addPass(PostOrderFunctionAttrsPass());
  inliner.getPM().addPass(createCGSCCToFunctionPassAdaptor(cheapPasses(), /*EagerlyInvalidate=*/true));
  passes.addPass(std::move(inliner));
  passes.addPass(GlobalDCEPass());
  passes.addPass(DeadArgumentEliminationPass());
  passes.addPass(createModuleToFunctionPassAdaptor(PromoteAllocationsToStack()));
  passes.addPass(RequireAnalysisPass<GlobalsAA, Module>());
  passes.addPass(RequireAnalysisPass<ProfileSummaryAnalysis, Module>());
  passes.addPass(createModuleToFunctionPassAdaptor(RotateLoopsOfLargeFunctions(), /*EagerlyInvalidate=*/true));
  passes.addPass(createModuleToFunctionPassAdaptor(builder.buildFunctionSimplificationPipeline(most ? OptimizationLevel::O2 : level, ThinOrFullLTOPhase::None), /*EagerlyInvalidate=*/true));
  passes.addPass(builder.buildModuleOptimizationPipeline(level, ThinOrFullLTOPhase::None));
  passes.addPass(createModuleToFunctionPassAdaptor(createFunctionToLoopPassAdaptor(ReduceStrength())));
  passes.addPass(createModuleToFunctionPassAdaptor(StreamStores()));
  return passes;
}
