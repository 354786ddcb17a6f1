"""lit configuration: finds numba-opt in the build folder and LLVM's tools beside it."""
import os
import pathlib
import sys

import lit.formats

root = pathlib.Path(__file__).resolve().parent.parent
target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", root / "target"))
llvm = pathlib.Path(os.environ.get("NUMBRA_LLVM_PREFIX") or os.environ.get("MLIR_SYS_220_PREFIX") or "/usr/lib/llvm-22")
examples = target / "release" / "examples"

config.name = "numbra"
config.test_format = lit.formats.ShTest()
config.suffixes = [".mlir", ".py"]
config.excludes = ["lit.cfg.py", "Inputs"]
config.test_source_root = str(root / "lit-tests")
config.test_exec_root = str(target / "lit")
config.environment["PATH"] = os.pathsep.join([str(target / "release"), str(examples), str(llvm / "bin"), os.environ["PATH"]])
config.substitutions.append(("%python", sys.executable))
# A panic is a failure with a short message, whatever the caller's environment.
config.environment["RUST_BACKTRACE"] = "0"
# The driver with a pass more is built by `cargo build --release -p numbra-opt --examples`.
if (examples / "count_ops").exists():
    config.available_features.add("examples")
