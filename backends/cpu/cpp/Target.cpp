// The processor that code is generated for.
#include "Shim.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
using namespace llvm;

// The pipeline does it itself (`Pipeline.cpp`), where it pays. LLVM has no other way to leave a pass out of the code generator.
static void leaveStrengthReductionOut() {
  auto &options = cl::getRegisteredOptions();
  if (auto found = options.find("disable-lsr"); found != options.end()) static_cast<cl::opt<bool> *>(found->second)->setValue(true);
}

// Only the native code generator is named, so only it is linked.
extern "C" {
// Triple, CPU name and features of this machine.
void nbHostTarget(NbSink triple, NbSink cpu, NbSink features) {
  write(triple, sys::getProcessTriple());
  write(cpu, sys::getHostCPUName());
  SubtargetFeatures list;
  for (auto &feature : sys::getHostCPUFeatures()) list.AddFeature(feature.first(), feature.second);
  write(features, list.getString());
}
// A code generator, or null with the reason in `error`. Never freed by callers: one per target and process.
TargetMachine *nbTargetMachine(NbText triple, NbText cpu, NbText features, NbSink error) {
  InitializeNativeTarget();
  leaveStrengthReductionOut();
  InitializeNativeTargetAsmPrinter();
  // Inline assembly in modules.
  InitializeNativeTargetAsmParser();
  std::string reason;
  Triple parsed(text(triple));
  const Target *target = TargetRegistry::lookupTarget(parsed, reason);
  if (!target) { write(error, reason); return nullptr; }
  TargetOptions options;
  // Independent functions need no common section, and the linker of the JIT is quicker with few sections.
  options.FunctionSections = options.DataSections = false;
  return target->createTargetMachine(parsed, text(cpu), text(features), options, Reloc::PIC_, CodeModel::Small, CodeGenOptLevel::Default, /*JIT=*/true);
}
}
