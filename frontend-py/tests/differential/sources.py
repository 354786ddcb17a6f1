"""Functions made of text: compiled code is found by its source, so the text has to stand in a file."""
import importlib.util
import itertools
import pathlib
import tempfile

FOLDER = tempfile.TemporaryDirectory(prefix="differential")
NUMBER = itertools.count()


def load(text):
    """A new module with this text."""
    name = f"generated{next(NUMBER)}"
    path = pathlib.Path(FOLDER.name) / f"{name}.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def function(body, parameters):
    """`f(parameters)`, plain and compiled. `body` is an expression, or statements of which one returns."""
    lines = [f"return {body}"] if "\n" not in body and "return" not in body else body.splitlines()
    text = "import cmath\nimport math\n\nimport numpy as np\nfrom numbra import njit\n\n\ndef f({}):\n{}\n\n\ncompiled = njit(f)\n".format(parameters, "\n".join(f"    {line}" for line in lines))
    module = load(text)
    return module.f, module.compiled
