// Object code into memory: an ORC session with JITLink. Each object gets a JITDylib of its own, so that equal names of different modules never meet,
// and a removed module takes with it everything that pointed into it (the pointer to the personality function included).
#include "Shim.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/Core.h"
#include "llvm/ExecutionEngine/Orc/EHFrameRegistrationPlugin.h"
#include "llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h"
#include "llvm/ExecutionEngine/Orc/SelfExecutorProcessControl.h"
#include "llvm/ExecutionEngine/Orc/TargetProcess/RegisterEHFrames.h"
#include "llvm/Support/MemoryBuffer.h"
using namespace llvm;
using namespace llvm::orc;

using Resolve = const void *(*)(const char *name, size_t length);

// Finds runtime and library functions by asking the Rust side.
class Resolver : public DefinitionGenerator {
  Resolve resolve;
public:
  explicit Resolver(Resolve resolve) : resolve(resolve) {}
  Error tryToGenerate(LookupState &, LookupKind, JITDylib &dylib, JITDylibLookupFlags, const SymbolLookupSet &wanted) override {
    SymbolMap found;
    for (auto &[name, flags] : wanted)
      if (const void *address = resolve((*name).data(), (*name).size()))
        found[name] = {ExecutorAddr::fromPtr(address), JITSymbolFlags::Exported | JITSymbolFlags::Callable};
    return found.empty() ? Error::success() : dylib.define(absoluteSymbols(std::move(found)));
  }
};

struct NbJit {
  std::unique_ptr<ExecutionSession> session;
  std::unique_ptr<ObjectLinkingLayer> linker;
  JITDylib *runtime = nullptr;
  uint64_t count = 0;
  // What the session has found wrong; the errors of its calls only name the symbols that they could not deliver.
  std::string reported;
};

static void report(Error error, NbSink sink) { write(sink, toString(std::move(error))); }

extern "C" {
NbJit *nbJitCreate(Resolve resolve, NbSink error) {
  auto control = SelfExecutorProcessControl::Create(nullptr, std::make_unique<InPlaceTaskDispatcher>());
  if (!control) { report(control.takeError(), error); return nullptr; }
  auto jit = std::make_unique<NbJit>();
  jit->session = std::make_unique<ExecutionSession>(std::move(*control));
  jit->session->setErrorReporter([jit = jit.get()](Error e) { jit->reported += toString(std::move(e)) + "\n"; });
  jit->linker = std::make_unique<ObjectLinkingLayer>(*jit->session);
  jit->linker->addPlugin(std::make_unique<EHFrameRegistrationPlugin>(ExecutorAddr::fromPtr(&llvm_orc_registerEHFrameSectionAllocAction),
                                                                     ExecutorAddr::fromPtr(&llvm_orc_deregisterEHFrameSectionAllocAction)));
  jit->runtime = &jit->session->createBareJITDylib("runtime");
  jit->runtime->addGenerator(std::make_unique<Resolver>(resolve));
  return jit.release();
}
// Loads an object and finds `count` symbols in it. Null with the reason in `error` when something is missing or broken.
void *nbJitLoad(NbJit *jit, NbText object, size_t count, const NbText *names, void **addresses, NbSink error) {
  JITDylib &dylib = jit->session->createBareJITDylib("module" + std::to_string(jit->count++));
  dylib.addToLinkOrder(*jit->runtime);
  auto fail = [&](Error e) -> void * {
    write(error, jit->reported);
    report(std::move(e), error);
    jit->reported.clear();
    consumeError(jit->session->removeJITDylib(dylib));
    return nullptr;
  };
  if (Error e = jit->linker->add(dylib, MemoryBuffer::getMemBufferCopy(text(object), dylib.getName()))) return fail(std::move(e));
  SymbolLookupSet wanted;
  std::vector<SymbolStringPtr> interned;
  for (size_t i = 0; i < count; ++i) {
    interned.push_back(jit->session->intern(text(names[i])));
    wanted.add(interned.back());
  }
  auto found = jit->session->lookup(makeJITDylibSearchOrder(&dylib), std::move(wanted));
  if (!found) return fail(found.takeError());
  for (size_t i = 0; i < count; ++i) addresses[i] = (*found)[interned[i]].getAddress().toPtr<void *>();
  return &dylib;
}
void nbJitUnload(NbJit *jit, void *dylib) { consumeError(jit->session->removeJITDylib(*static_cast<JITDylib *>(dylib))); }
}
