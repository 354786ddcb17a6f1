// The order of LLVM's passes.
//
// LLVM's default pipeline simplifies a function to the end before it is inlined, and again in each caller. Code of the library lies at the end of long
// chains of calls of internal functions, so that it would be simplified once for every link. Here everything is inlined first, with the cheapest passes
// in between (they tell the inliner what a callee really costs), and what remains is simplified once.
//
// What follows is the order of LLVM's default without the passes that change nothing in code that comes from here: a first call waits for all of them. Each run of each pass was left out
// in turn for some fifty modules of array expressions, loops and library functions. What changed no module is gone where it costs anything: one of the combinations of instructions
// in either half, promotion of stack slots where there are none any more, and what is for profiles, divergent targets, `errno` or merged stores.
#include "Loops.h"
#include "Optimizer.h"
#include "llvm/Analysis/GlobalsModRef.h"
#include "llvm/Analysis/ProfileSummaryInfo.h"
#include "llvm/Transforms/AggressiveInstCombine/AggressiveInstCombine.h"
#include "llvm/Transforms/IPO/AlwaysInliner.h"
#include "llvm/Transforms/IPO/ConstantMerge.h"
#include "llvm/Transforms/IPO/DeadArgumentElimination.h"
#include "llvm/Transforms/IPO/FunctionAttrs.h"
#include "llvm/Transforms/IPO/GlobalDCE.h"
#include "llvm/Transforms/IPO/GlobalOpt.h"
#include "llvm/Transforms/IPO/InferFunctionAttrs.h"
#include "llvm/Transforms/IPO/Inliner.h"
#include "llvm/Transforms/IPO/SCCP.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/ADCE.h"
#include "llvm/Transforms/Scalar/AlignmentFromAssumptions.h"
#include "llvm/Transforms/Scalar/BDCE.h"
#include "llvm/Transforms/Scalar/ConstraintElimination.h"
#include "llvm/Transforms/Scalar/CorrelatedValuePropagation.h"
#include "llvm/Transforms/Scalar/DeadStoreElimination.h"
#include "llvm/Transforms/Scalar/DivRemPairs.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/Float2Int.h"
#include "llvm/Transforms/Scalar/GVN.h"
#include "llvm/Transforms/Scalar/IndVarSimplify.h"
#include "llvm/Transforms/Scalar/InferAlignment.h"
#include "llvm/Transforms/Scalar/InstSimplifyPass.h"
#include "llvm/Transforms/Scalar/JumpThreading.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopDeletion.h"
#include "llvm/Transforms/Scalar/LoopIdiomRecognize.h"
#include "llvm/Transforms/Scalar/LoopInstSimplify.h"
#include "llvm/Transforms/Scalar/LoopRotation.h"
#include "llvm/Transforms/Scalar/LoopSimplifyCFG.h"
#include "llvm/Transforms/Scalar/LoopUnrollPass.h"
#include "llvm/Transforms/Scalar/LowerConstantIntrinsics.h"
#include "llvm/Transforms/Scalar/LowerExpectIntrinsic.h"
#include "llvm/Transforms/Scalar/MemCpyOptimizer.h"
#include "llvm/Transforms/Scalar/Reassociate.h"
#include "llvm/Transforms/Scalar/SCCP.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Scalar/TailRecursionElimination.h"
#include "llvm/Transforms/Utils/InjectTLIMappings.h"
#include "llvm/Transforms/Vectorize/LoopVectorize.h"
#include "llvm/Transforms/Vectorize/VectorCombine.h"
using namespace llvm;

static FunctionPassManager cheapPasses() {
  FunctionPassManager passes;
  passes.addPass(SROAPass(SROAOptions::ModifyCFG));
  passes.addPass(EarlyCSEPass());
  passes.addPass(SimplifyCFGPass());
  return passes;
}

// What a function comes to before its loops become vector code. Instructions are combined before the loops are looked at, behind that, and at the end.
static FunctionPassManager simplification(bool most) {
  FunctionPassManager passes;
  passes.addPass(SROAPass(SROAOptions::ModifyCFG));
  passes.addPass(EarlyCSEPass(/*UseMemorySSA=*/true));
  passes.addPass(JumpThreadingPass());
  passes.addPass(CorrelatedValuePropagationPass());
  passes.addPass(SimplifyCFGPass(SimplifyCFGOptions().convertSwitchRangeToICmp(true)));
  passes.addPass(InstCombinePass());
  passes.addPass(AggressiveInstCombinePass());
  passes.addPass(TailCallElimPass());
  passes.addPass(SimplifyCFGPass(SimplifyCFGOptions().convertSwitchRangeToICmp(true)));
  passes.addPass(ReassociatePass());
  passes.addPass(ConstraintEliminationPass());
  LoopPassManager invariants;
  invariants.addPass(LoopInstSimplifyPass());
  invariants.addPass(LoopSimplifyCFGPass());
  invariants.addPass(LICMPass(LICMOptions(SetLicmMssaOptCap, SetLicmMssaNoAccForPromotionCap, /*AllowSpeculation=*/false)));
  invariants.addPass(LoopRotatePass());
  invariants.addPass(LICMPass(LICMOptions()));
  invariants.addPass(SimpleLoopUnswitchPass());
  passes.addPass(createFunctionToLoopPassAdaptor(std::move(invariants), /*UseMemorySSA=*/true));
  passes.addPass(SimplifyCFGPass(SimplifyCFGOptions().convertSwitchRangeToICmp(true)));
  passes.addPass(InstCombinePass());
  LoopPassManager inductions;
  inductions.addPass(LoopIdiomRecognizePass());
  inductions.addPass(IndVarSimplifyPass());
  // What level 3 has beyond 2, without versions of whole nests of loops.
  if (most) inductions.addPass(loops::UnswitchInnermost());
  inductions.addPass(loops::KeepOuterLoopsRolled());
  if (most) inductions.addPass(LoopFullUnrollPass(3));
  inductions.addPass(LoopDeletionPass());
  inductions.addPass(LoopFullUnrollPass());
  passes.addPass(createFunctionToLoopPassAdaptor(std::move(inductions)));
  passes.addPass(SROAPass(SROAOptions::ModifyCFG));
  passes.addPass(GVNPass());
  passes.addPass(SCCPPass());
  passes.addPass(BDCEPass());
  passes.addPass(JumpThreadingPass());
  passes.addPass(CorrelatedValuePropagationPass());
  passes.addPass(ADCEPass());
  passes.addPass(MemCpyOptPass());
  passes.addPass(DSEPass());
  passes.addPass(createFunctionToLoopPassAdaptor(LICMPass(LICMOptions()), /*UseMemorySSA=*/true));
  passes.addPass(SimplifyCFGPass(SimplifyCFGOptions().convertSwitchRangeToICmp(true).hoistCommonInsts(true).sinkCommonInsts(true)));
  passes.addPass(InstCombinePass());
  return passes;
}

// Vector code, and what becomes of it.
static FunctionPassManager vectorization(OptimizationLevel level, const PipelineTuningOptions &tuning) {
  FunctionPassManager passes;
  passes.addPass(Float2IntPass());
  passes.addPass(LowerConstantIntrinsicsPass());
  passes.addPass(loops::MaskWhereQuick());
  LoopPassManager rotation;
  rotation.addPass(LoopRotatePass());
  rotation.addPass(LoopDeletionPass());
  passes.addPass(createFunctionToLoopPassAdaptor(std::move(rotation)));
  passes.addPass(InjectTLIMappings());
  passes.addPass(LoopVectorizePass(LoopVectorizeOptions(!tuning.LoopInterleaving, !tuning.LoopVectorization)));
  passes.addPass(InferAlignmentPass());
  passes.addPass(loops::EliminateLoads());
  passes.addPass(SimplifyCFGPass(SimplifyCFGOptions().forwardSwitchCondToPhi(true).convertSwitchRangeToICmp(true).convertSwitchToLookupTable(true).needCanonicalLoops(false)
                                     .hoistCommonInsts(true).sinkCommonInsts(true)));
  passes.addPass(VectorCombinePass());
  passes.addPass(InstCombinePass());
  passes.addPass(LoopUnrollPass(LoopUnrollOptions(level.getSpeedupLevel(), /*OnlyWhenForced=*/!tuning.LoopUnrolling)));
  passes.addPass(InferAlignmentPass());
  passes.addPass(InstCombinePass());
  passes.addPass(createFunctionToLoopPassAdaptor(LICMPass(LICMOptions()), /*UseMemorySSA=*/true));
  passes.addPass(AlignmentFromAssumptionsPass());
  passes.addPass(InstSimplifyPass());
  passes.addPass(DivRemPairsPass());
  passes.addPass(TailCallElimPass());
  passes.addPass(SimplifyCFGPass(SimplifyCFGOptions().convertSwitchRangeToICmp(true).speculateUnpredictables(true)));
  passes.addPass(createFunctionToLoopPassAdaptor(loops::ReduceStrength()));
  passes.addPass(StreamStores());
  return passes;
}

static auto perFunction(FunctionPassManager &&passes) { return createModuleToFunctionPassAdaptor(std::move(passes), /*EagerlyInvalidate=*/true); }

ModulePassManager optimizationPipeline(OptimizationLevel level, const PipelineTuningOptions &tuning) {
  ModulePassManager passes;
  passes.addPass(InferFunctionAttrsPass());
  FunctionPassManager early;
  early.addPass(LowerExpectIntrinsicPass());
  early.addPass(cheapPasses());
  passes.addPass(perFunction(std::move(early)));
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
  FunctionPassManager each;
  each.addPass(loops::RotateLoopsOfLargeFunctions());
  each.addPass(simplification(level == OptimizationLevel::O3));
  passes.addPass(perFunction(std::move(each)));
  passes.addPass(ReversePostOrderFunctionAttrsPass());
  passes.addPass(RecomputeGlobalsAAPass());
  passes.addPass(perFunction(vectorization(level, tuning)));
  passes.addPass(GlobalDCEPass());
  passes.addPass(ConstantMergePass());
  return passes;
}
