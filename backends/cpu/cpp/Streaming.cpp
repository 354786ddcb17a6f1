// Stores past the caches, where the lowering of loops over arrays asks for them.
//
// A store that goes through the caches reads the line first that it is going to overwrite, and drives out what others need. Large arrays are written a third faster without. The
// loop vectoriser refuses scalar stores that are marked so, since a vector needs an alignment that one element does not have. So the lowering gives the stores of such a loop an
// alias scope of this name, which vector stores inherit, and starts the loop at a cache line. Here those stores are marked whose alignment can be shown.
//
// What is written past the caches is read by the processor's own prefetchers well, as long as there is one stream for each array. The rows of a stencil are fetched by instructions:
// a page further, into the second cache.
#include "Optimizer.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm/Transforms/Utils/Local.h"
using namespace llvm;

static constexpr StringLiteral Scope = "numbra.streamed";
static constexpr int64_t Line = 64, Ahead = 4096;

static bool isStreamed(const StoreInst &store) {
  MDNode *scopes = store.getMetadata(LLVMContext::MD_alias_scope);
  return scopes && any_of(scopes->operands(), [](const MDOperand &operand) {
    auto *scope = dyn_cast<MDNode>(operand);
    auto *name = scope && scope->getNumOperands() ? dyn_cast<MDString>(scope->getOperand(0)) : nullptr;
    return name && name->getString() == Scope;
  });
}

// Fetches ahead what a loop reads from arrays of which it reads several elements at a time; of a line once.
static void fetchAhead(Loop &loop, BasicBlock &block, const DataLayout &layout) {
  SmallVector<LoadInst *> loads;
  SmallDenseMap<const Value *, unsigned> arrays;
  for (Instruction &i : block) {
    auto *load = dyn_cast<LoadInst>(&i);
    if (!load || !load->getType()->isVectorTy() || loop.isLoopInvariant(load->getPointerOperand())) continue;
    loads.push_back(load);
  }
  SmallVector<std::pair<const Value *, int64_t>> fetched;
  SmallVector<LoadInst *> lines;
  for (LoadInst *load : loads) {
    APInt offset(layout.getIndexTypeSizeInBits(load->getPointerOperandType()), 0);
    const Value *base = load->getPointerOperand()->stripAndAccumulateConstantOffsets(layout, offset, /*AllowNonInbounds=*/true);
    int64_t at = offset.getSExtValue();
    if (any_of(fetched, [&](auto &known) { return known.first == base && std::abs(known.second - at) < Line; })) continue;
    fetched.push_back({base, at});
    lines.push_back(load);
    ++arrays[getUnderlyingObject(base)];
  }
  for (LoadInst *load : lines) {
    if (arrays[getUnderlyingObject(load->getPointerOperand())] < 3) continue;
    IRBuilder<> builder(load);
    Value *address = builder.CreatePtrAdd(load->getPointerOperand(), builder.getInt64(Ahead));
    // To read it, into the second cache, data.
    builder.CreateIntrinsic(Intrinsic::prefetch, {address->getType()}, {address, builder.getInt32(0), builder.getInt32(2), builder.getInt32(1)});
  }
}

PreservedAnalyses StreamStores::run(Function &f, FunctionAnalysisManager &analyses) {
  SmallVector<StoreInst *> streamed;
  for (BasicBlock &block : f)
    for (Instruction &i : block)
      if (auto *store = dyn_cast<StoreInst>(&i); store && store->getValueOperand()->getType()->isVectorTy() && isStreamed(*store)) streamed.push_back(store);
  if (streamed.empty()) return PreservedAnalyses::all();
  const DataLayout &layout = f.getDataLayout();
  auto &target = analyses.getResult<TargetIRAnalysis>(f);
  auto &assumptions = analyses.getResult<AssumptionAnalysis>(f);
  auto &dominators = analyses.getResult<DominatorTreeAnalysis>(f);
  auto &loops = analyses.getResult<LoopAnalysis>(f);
  SmallSetVector<BasicBlock *, 4> blocks;
  for (StoreInst *store : streamed) {
    Type *type = store->getValueOperand()->getType();
    Align known = std::max(store->getAlign(), getKnownAlignment(store->getPointerOperand(), layout, store, &assumptions, &dominators));
    if (!target.isLegalNTStore(type, known)) continue;
    store->setAlignment(known);
    store->setMetadata(LLVMContext::MD_nontemporal, MDNode::get(f.getContext(), ConstantAsMetadata::get(ConstantInt::get(Type::getInt32Ty(f.getContext()), 1))));
    blocks.insert(store->getParent());
  }
  for (BasicBlock *block : blocks)
    if (Loop *loop = loops.getLoopFor(block)) fetchAhead(*loop, *block, layout);
  return PreservedAnalyses::none();
}
