// Small arrays that live no longer than a call of their function, on its stack: `nb_alloc` becomes a slot of the frame, in which reference counts and memory cost nothing, and of
// which LLVM makes registers where indices are known. It runs behind the inliner, where the library function that makes an array and the code that uses it are one function.
//
// Legal where
// - the size is known and small, and all slots of a function together are (`MostBytes`, `MostOfFunction`);
// - nothing sees the address but this function and calls that keep no copy of it: it is not returned, stored, turned into a number that is more than compared, or handed
//   to a function of which that is not known;
// - no older array of the same place is alive where it is made again: the address reaches no header of a loop around the allocation as a loop variable (`x = f(x)`). All other
//   uses come behind the allocation in the same iteration, so that each finds the array that was made last.
//
// The reference count starts as that of memory that is never freed. The memory is cleared even where the program asks for an empty array: an element that was never written is some
// number, as in NumPy, while reading a slot that nobody has written to has no meaning in LLVM.
#include "Optimizer.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
using namespace llvm;

static constexpr StringLiteral Allocates = "nb_alloc", Frees = "nb_free";
static constexpr uint64_t MostBytes = 1024, MostOfFunction = 4096;
// As in `runtime/abi/src/symbols.rs`: where data start, and the count of what is never freed. Data are aligned as the allocator's.
static constexpr uint64_t DataOffset = 64, ConstantCount = uint64_t(1) << 62;
static constexpr uint64_t Alignment = 64;
// An array has few uses; where there are more than these, looking at all costs more than is gained.
static constexpr size_t MostUses = 400;

static bool calls(const CallBase &call, StringRef name) {
  const Function *callee = call.getCalledFunction();
  return callee && callee->getName() == name;
}

// Whether a call keeps no copy of what it gets there.
static bool forgets(const CallBase &call, const Use &use) {
  if (calls(call, Frees)) return true;
  if (call.isBundleOperand(&use)) return isa<AssumeInst>(call);
  return call.isDataOperand(&use) && !call.isCallee(&use) && call.doesNotCapture(call.getDataOperandNo(&use));
}

// What the users of an address, or of a number made of one, do with it.
enum class Purpose { Nothing, Derives, Keeps };

static Purpose purposeOf(const Use &use) {
  const User *user = use.getUser();
  // The header has the address of the data.
  if (auto *load = dyn_cast<LoadInst>(user)) return load->isVolatile() ? Purpose::Keeps : load->getType()->isPointerTy() ? Purpose::Derives : Purpose::Nothing;
  if (auto *store = dyn_cast<StoreInst>(user)) return use.getOperandNo() == StoreInst::getPointerOperandIndex() && !store->isVolatile() ? Purpose::Nothing : Purpose::Keeps;
  if (isa<AtomicRMWInst>(user)) return use.getOperandNo() == AtomicRMWInst::getPointerOperandIndex() ? Purpose::Nothing : Purpose::Keeps;
  if (auto *call = dyn_cast<CallBase>(user)) return forgets(*call, use) ? Purpose::Nothing : Purpose::Keeps;
  if (isa<ICmpInst>(user)) return Purpose::Nothing;
  if (isa<GetElementPtrInst, PHINode, SelectInst, FreezeInst, PtrToIntInst>(user)) return Purpose::Derives;
  // What inlined functions returned and nobody looks at any more.
  if (isa<InsertValueInst, ExtractValueInst>(user)) return Purpose::Derives;
  // Numbers, such as the distance of two addresses. No address is made of them again.
  if (isa<BinaryOperator, ZExtInst, TruncInst>(user)) return Purpose::Derives;
  return Purpose::Keeps;
}

// Whether an allocation may be a slot of the frame, and whether somebody may read its header.
struct Finding { bool staysInside, headerIsRead; };

static Finding look(CallInst &allocation, const LoopInfo &loops, const bool irreducible) {
  constexpr Finding Escapes{false, false};
  bool headerIsRead = false;
  SmallPtrSet<Instruction *, 32> seen{&allocation};
  SmallVector<Instruction *> work{&allocation};
  size_t uses = 0;
  while (!work.empty()) {
    for (const Use &use : work.pop_back_val()->uses()) {
      auto *user = dyn_cast<Instruction>(use.getUser());
      if (!user || ++uses > MostUses) return Escapes;
      headerIsRead |= user->getType()->isPointerTy() && isa<LoadInst>(user);
      headerIsRead |= isa<CallBase>(user) && !isa<MemIntrinsic>(user) && !calls(*cast<CallBase>(user), Frees);
      switch (purposeOf(use)) {
      case Purpose::Nothing: continue;
      case Purpose::Keeps: return Escapes;
      case Purpose::Derives: break;
      }
      if (isa<PHINode>(user)) {
        const Loop *loop = loops.getLoopFor(user->getParent());
        if (irreducible || (loop && loop->getHeader() == user->getParent() && loop->contains(&allocation))) return Escapes;
      }
      if (seen.insert(user).second) work.push_back(user);
    }
  }
  return {true, headerIsRead};
}

static void promote(CallInst &allocation, uint64_t bytes, bool headerIsRead) {
  Function &f = *allocation.getFunction();
  IRBuilder<> builder(f.getContext());
  builder.SetInsertPoint(&f.getEntryBlock(), f.getEntryBlock().getFirstInsertionPt());
  AllocaInst *slot = builder.CreateAlloca(ArrayType::get(builder.getInt8Ty(), DataOffset + bytes));
  slot->setAlignment(Align(Alignment));
  builder.SetInsertPoint(&allocation);
  Value *data = builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), slot, DataOffset);
  builder.CreateStore(builder.getInt64(ConstantCount), slot);
  // An address in memory keeps LLVM from making registers of the slot.
  if (headerIsRead) builder.CreateStore(data, builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), slot, sizeof(uint64_t)));
  builder.CreateMemSet(data, builder.getInt8(0), bytes, Align(Alignment));
  // No other thread knows it, and nothing frees it: without these calls and atomic operations it can become registers.
  for (User *user : make_early_inc_range(allocation.users())) {
    auto *count = dyn_cast<AtomicRMWInst>(user);
    if (count) count->replaceAllUsesWith(builder.getInt64(ConstantCount));
    auto *call = dyn_cast<CallInst>(user);
    if (count || (call && calls(*call, Frees))) cast<Instruction>(user)->eraseFromParent();
  }
  allocation.replaceAllUsesWith(slot);
  allocation.eraseFromParent();
}

PreservedAnalyses PromoteAllocationsToStack::run(Function &f, FunctionAnalysisManager &analyses) {
  SmallVector<std::pair<CallInst *, uint64_t>> small;
  for (Instruction &i : instructions(f)) {
    auto *call = dyn_cast<CallInst>(&i);
    auto *bytes = call && calls(*call, Allocates) ? dyn_cast<ConstantInt>(call->getArgOperand(0)) : nullptr;
    // The sign bit makes a negative size a large one. An array without elements has an address of its own, too.
    if (bytes && bytes->getZExtValue() <= MostBytes) small.push_back({call, std::max<uint64_t>(bytes->getZExtValue(), 1)});
  }
  if (small.empty()) return PreservedAnalyses::all();
  const auto &loops = analyses.getResult<LoopAnalysis>(f);
  ReversePostOrderTraversal<const Function *> order(&f);
  const bool irreducible = containsIrreducibleCFG<const BasicBlock *>(order, loops);
  uint64_t used = 0;
  for (auto [allocation, bytes] : small) {
    const uint64_t size = alignTo(DataOffset + bytes, Align(Alignment));
    if (used + size > MostOfFunction) continue;
    const Finding found = look(*allocation, loops, irreducible);
    if (!found.staysInside) continue;
    promote(*allocation, bytes, found.headerIsRead);
    used += size;
  }
  if (!used) return PreservedAnalyses::all();
  PreservedAnalyses preserved;
  preserved.preserveSet<CFGAnalyses>();
  return preserved;
}
