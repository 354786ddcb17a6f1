"""`python -m numbra script.py args...`: runs a script with `import numba` served by numbra. Also `-m module` and `-c code`."""
import sys

_USAGE = """usage: python -m numbra [-h] [--version] (script.py | -m module | -c code) [arguments...]

Runs a Python program in which `import numba` gives numbra.
"""


def _fresh_main(file):
    module = type(sys)("__main__")
    module.__dict__.update(__file__=file, __builtins__=__builtins__, __cached__=None, __spec__=None, __loader__=None, __package__=None)
    if file is None:
        del module.__file__
    sys.modules["__main__"] = module
    return module.__dict__


def _without_runner(error):
    """Reports an exception as if the script had been started directly, without the entries of this file."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_frame.f_code.co_filename == __file__:
        traceback = traceback.tb_next
    sys.excepthook(type(error), error.with_traceback(traceback), traceback)


def _execute(code, space):
    try:
        exec(code, space)
    except SystemExit:
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        _without_runner(error)
        return 1
    return None


def main(arguments):
    """Runs what the arguments name; returns the exit code."""
    from ._alias import install

    if not arguments or arguments[0] in ("-h", "--help"):
        print(_USAGE, end="", file=sys.stdout if arguments else sys.stderr)
        return 0 if arguments else 2
    first, rest = arguments[0], arguments[1:]
    if first == "--version":
        from . import __version__

        print("numbra", __version__)
        return 0
    if first in ("-m", "-c") and not rest:
        print(f"python -m numbra: {first} needs an argument", file=sys.stderr)
        return 2
    if first == "-m":
        from runpy import run_module

        install()
        sys.argv = rest
        sys.path[0] = ""
        run_module(rest[0], run_name="__main__", alter_sys=True)
        return None
    if first == "-c":
        install()
        sys.argv = ["-c", *rest[1:]]
        sys.path[0] = ""
        from ._generated import code

        return _execute(code(rest[0], "<numbra -c>"), _fresh_main(None))
    if first.startswith("-"):
        print(f"python -m numbra: unknown option {first}\n{_USAGE}", end="", file=sys.stderr)
        return 2
    import os

    try:
        with open(first, "rb") as file:
            text = file.read()
    except OSError as error:
        print(f"python -m numbra: can't open file {first!r}: [Errno {error.errno}] {error.strerror}", file=sys.stderr)
        return 2
    install()
    sys.argv = [first, *rest]
    sys.path[0] = os.path.dirname(os.path.abspath(first))
    space = _fresh_main(first)
    try:
        code = compile(text, first, "exec")
    except (SyntaxError, ValueError) as error:
        _without_runner(error)
        return 1
    return _execute(code, space)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
