// A pass whose body is a callback: registered in MLIR's global registry, with options, clones and dependent dialects.
#include "mlir-c/Pass.h"
#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Registration.h"
#include "mlir/CAPI/Support.h"
#include "mlir/IR/Dialect.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"
using namespace mlir;
extern "C" {
struct NbPassOption { MlirStringRef name, description; int kind; MlirStringRef initial; }; // kind 0: i64, 1: bool, 2: string
struct NbPassDesc {
  MlirTypeID id; MlirStringRef name, argument, description, anchor;
  intptr_t optionCount; const NbPassOption *options;
  intptr_t dialectCount; const MlirDialectHandle *dialects;
  void (*run)(MlirOperation, void *pass, const void *userData); const void *userData;
};
}
namespace {
class CallbackPass : public Pass {
public:
  explicit CallbackPass(const NbPassDesc *d)
      : Pass(unwrap(d->id), d->anchor.length ? std::optional<StringRef>(unwrap(d->anchor)) : std::nullopt), desc(d) { declareOptions(); }
  CallbackPass(const CallbackPass &o) : Pass(o), desc(o.desc) { declareOptions(); copyOptionValuesFrom(&o); }
  StringRef getName() const override { return unwrap(desc->name); }
  StringRef getArgument() const override { return unwrap(desc->argument); }
  StringRef getDescription() const override { return unwrap(desc->description); }
  std::unique_ptr<Pass> clonePass() const override { return std::make_unique<CallbackPass>(*this); }
  void getDependentDialects(DialectRegistry &r) const override {
    MlirDialectRegistry c = wrap(&r);
    for (intptr_t i = 0; i < desc->dialectCount; ++i) mlirDialectHandleInsertDialect(desc->dialects[i], c);
  }
  bool canScheduleOn(RegisteredOperationName n) const override { auto o = getOpName(); return !o || n.getStringRef() == *o; }
  void runOnOperation() override { desc->run(wrap(getOperation()), this, desc->userData); }
  void fail() { signalPassFailure(); }

  std::vector<std::unique_ptr<Option<int64_t>>> ints;
  std::vector<std::unique_ptr<Option<bool>>> bools;
  std::vector<std::unique_ptr<Option<std::string>>> strings;

private:
  const NbPassDesc *desc;
  void declareOptions() {
    for (intptr_t i = 0; i < desc->optionCount; ++i) {
      const NbPassOption &o = desc->options[i];
      auto help = llvm::cl::desc(unwrap(o.description));
      int64_t value = 0;
      switch (o.kind) {
      case 0:
        (void)unwrap(o.initial).getAsInteger(10, value);
        ints.push_back(std::make_unique<Option<int64_t>>(*this, unwrap(o.name), help, llvm::cl::init(value)));
        break;
      case 1: bools.push_back(std::make_unique<Option<bool>>(*this, unwrap(o.name), help, llvm::cl::init(unwrap(o.initial) == "true"))); break;
      default: strings.push_back(std::make_unique<Option<std::string>>(*this, unwrap(o.name), help, llvm::cl::init(unwrap(o.initial).str())));
      }
    }
  }
};
} // namespace
extern "C" {
void nbRegisterPass(const NbPassDesc *d) { registerPass([d] { return std::make_unique<CallbackPass>(d); }); }
// Options are counted per kind, in the order of their declaration.
int64_t nbPassInt(void *p, intptr_t i) { return *static_cast<CallbackPass *>(p)->ints[i]; }
bool nbPassBool(void *p, intptr_t i) { return *static_cast<CallbackPass *>(p)->bools[i]; }
MlirStringRef nbPassString(void *p, intptr_t i) { const std::string &s = *static_cast<CallbackPass *>(p)->strings[i]; return {s.data(), s.size()}; }
void nbPassFail(void *p) { static_cast<CallbackPass *>(p)->fail(); }
// A named pipeline that expands to a textual one.
void nbRegisterPipeline(MlirStringRef name, MlirStringRef description, MlirStringRef text) {
  std::string body = unwrap(text).str();
  registerPassPipeline(unwrap(name), unwrap(description),
      [body](OpPassManager &pm, StringRef, function_ref<LogicalResult(const Twine &)>) { return parsePassPipeline(body, pm); },
      [](function_ref<void(const detail::PassOptions &)>) {});
}
}
