"""`python -m numbra`, importing, and what an import costs."""
import subprocess
import sys
import textwrap

import pytest


def run(*arguments, **options):
    return subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, text=True, timeout=120, **options)


@pytest.fixture
def script(tmp_path):
    def write(text):
        path = tmp_path / "script.py"
        path.write_text(textwrap.dedent(text))
        return path

    return write


def test_a_script_for_numba(script):
    path = script(
        """
        import sys
        import numba as nb
        import numba.types
        from numba import njit, float64
        from numba.core import types
        from numba.core.errors import TypingError
        from numba.types import int64
        import numba.core.types as again

        assert nb.__name__ == "numbra" and again is types is numba.types and int64 is types.int64

        @njit
        def square(x):
            return x * x

        if __name__ == "__main__":
            print(square(7), sys.argv[1:], __file__ == sys.argv[0], sys.path[0] in __file__)
            sys.exit(3)
        """
    )
    done = run("-m", "numbra", path, "a", "-b")
    assert (done.stdout, done.returncode) == ("49 ['a', '-b'] True True\n", 3), done.stderr


def test_missing_modules_of_numba(script):
    done = run("-m", "numbra", script("import numba.parfors"))
    assert done.returncode == 1 and "has no module for 'numba.parfors' yet" in done.stderr
    done = run("-m", "numbra", script("import numba._core"))
    assert done.returncode == 1 and "has no module for 'numba._core' yet" in done.stderr


def test_modules_that_programs_import(script):
    path = script(
        """
        import sys
        import numba
        import numbra
        from numba import cuda, objmode, cfunc, typed, config
        from numba.core import config as again
        from numba.experimental import jitclass, structref
        from numba.np.numpy_support import as_dtype, from_dtype
        from numba.typed import Dict, List
        import numba.core.types
        import numpy as np

        assert config is again is numba.config is sys.modules["numba.config"] and config.NUMBA_NUM_THREADS >= 1
        assert numba.experimental.__spec__.name == "numbra.experimental" and numba.core.types is numbra.types
        assert as_dtype(from_dtype(np.dtype("f4"))) == np.dtype("f4") and as_dtype(numba.types.NPDatetime("s")) == np.dtype("M8[s]")
        assert not cuda.is_available() and cuda.list_devices() == []
        numba.set_num_threads(1)
        assert numba.get_num_threads() == 1

        @cuda.jit
        def kernel(a):
            a[0] = 1

        @cuda.jit(device=True)
        def device(a):
            return a

        @jitclass([("x", numba.int64)])
        class Point:
            def __init__(self, x):
                self.x = x

        def refuses(use, text):
            try:
                use()
            except numba.UnsupportedError as error:
                assert text in str(error), error
            else:
                assert False, text

        refuses(lambda: kernel[1, 32](np.zeros(1)), "cuda.jit (kernel) is not supported")
        refuses(lambda: device(1), "compiles for the CPU")
        refuses(lambda: Point(1), "jitclass (Point)")
        refuses(List, "typed.List")
        refuses(lambda: objmode(x="int64"), "no object mode")
        for wrong in (0, config.NUMBA_NUM_THREADS + 1):
            try:
                numba.set_num_threads(wrong)
            except ValueError:
                continue
            assert False
        print("done")
        """
    )
    done = run("-m", "numbra", path)
    assert done.stdout == "done\n", done.stderr


def test_an_exception_of_a_script(script):
    done = run("-m", "numbra", script("def f():\n    1 / 0\nf()\n"))
    assert done.returncode == 1 and "ZeroDivisionError" in done.stderr and "__main__.py" not in done.stderr
    done = run("-m", "numbra", script("def f(:\n"))
    assert done.returncode == 1 and "SyntaxError" in done.stderr and "__main__.py" not in done.stderr


def test_exit_codes(script, tmp_path):
    assert run("-m", "numbra", script("raise SystemExit('bye')")).returncode == 1
    assert run("-m", "numbra", script("import sys; sys.exit(0)")).returncode == 0
    assert run("-m", "numbra", script("pass")).returncode == 0
    missing = run("-m", "numbra", tmp_path / "none.py")
    assert missing.returncode == 2 and "can't open file" in missing.stderr
    assert run("-m", "numbra").returncode == 2
    assert run("-m", "numbra", "--version").stdout.startswith("numbra 0.")
    assert "usage" in run("-m", "numbra", "--help").stdout


def test_code_and_modules(tmp_path):
    done = run("-m", "numbra", "-c", "import numba\n@numba.njit\ndef f(x):\n    return x + 1\nprint(f(1))")
    assert done.stdout == "2\n", done.stderr
    (tmp_path / "program.py").write_text("import numba, sys\nprint(numba.__name__, __name__, sys.argv[1:])\n")
    done = run("-m", "numbra", "-m", "program", "x", cwd=tmp_path)
    assert done.stdout == "numbra __main__ ['x']\n", done.stderr


def test_an_import_stays_small():
    done = run("-X", "importtime", "-c", "import numpy, sys; before = set(sys.modules); import numbra; print(sorted(set(sys.modules) - before))")
    assert done.stdout.strip() == "['numbra', 'numbra._core']", done.stderr
    spent = [line.split("|") for line in done.stderr.splitlines() if line.endswith(" numbra")]
    assert int(spent[0][1]) < 100_000


def test_numba_is_not_imported():
    done = run("-c", "import numbra.types, numbra.errors, numbra.core, sys; print('numba' in sys.modules)")
    assert done.stdout == "False\n"
