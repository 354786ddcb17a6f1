"""docs/support.md is what tools/support.py writes."""
import importlib.util
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_the_support_page_is_fresh():
    script, page = ROOT / "tools" / "support.py", ROOT / "docs" / "support.md"
    if not script.exists():
        pytest.skip("not in a checkout")
    spec = importlib.util.spec_from_file_location("support", script)
    support = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(support)
    made, kept = support.page(), page.read_text()
    if made.splitlines()[2] != kept.splitlines()[2]:
        pytest.skip("the page is for other versions of Python and NumPy")
    assert made == kept, "run tools/support.py"
