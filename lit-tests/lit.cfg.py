"""lit configuration: finds numba-opt in the build folder and LLVM's tools beside it."""
import os
import pathlib

import lit.formats

root = pathlib.Path(__file__).resolve().parent.parent
target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", root / "target"))
llvm = pathlib.Path(os.environ.get("MLIR_SYS_220_PREFIX", "/usr/lib/llvm-22"))

config.name = "numbra"
config.test_format = lit.formats.ShTest()
config.suffixes = [".mlir", ".py"]
config.excludes = ["lit.cfg.py", "Inputs"]
config.test_source_root = str(root / "lit-tests")
config.test_exec_root = str(target / "lit")
config.environment["PATH"] = os.pathsep.join([str(target / "release"), str(llvm / "bin"), os.environ["PATH"]])
