// What the files of this shim share. Its C functions take texts as pointer and length, and hand texts back through a sink.
#pragma once
#include "llvm/ADT/StringRef.h"
#include "llvm/Target/TargetMachine.h"
#include <string>
struct NbText { const char *data; size_t length; };
// Receives bytes; called any number of times.
struct NbSink { void (*write)(void *to, const char *data, size_t length); void *to; };
inline llvm::StringRef text(NbText t) { return {t.data, t.length}; }
inline void write(NbSink sink, llvm::StringRef s) { sink.write(sink.to, s.data(), s.size()); }
