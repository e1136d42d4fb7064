"""Each block of Python in the book's chapter and the README does what it says."""

import re
from pathlib import Path

import matplotlib
import pytest
from conftest import ROOT

PAGES = ["README.md", "docs/src/python.md"]


def blocks(page: str) -> list[str]:
    found: list[str] = re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.M | re.S)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_blocks_run(page: str, annex: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, in one namespace, beside a copy of the annex, as in a notebook."""
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / annex.name).write_bytes(annex.read_bytes())
    monkeypatch.chdir(tmp_path)
    matplotlib.use("agg")
    assert blocks(page)
    names: dict[str, object] = {}
    for block in blocks(page):
        exec(compile(block, page, "exec"), names)
