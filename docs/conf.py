"""Sphinx configuration: `sphinx-build docs target/docs` after `pip install -r docs/requirements.txt`."""
project = "numbra"
author = "the numbra authors"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["requirements.txt"]
html_theme = "furo"
html_title = "numbra"
myst_heading_anchors = 3
# Text of MLIR and LLVM is shown plain: the highlighter does not know all of it.
suppress_warnings = ["misc.highlighting_failure"]
