"""Each block of Python in the book's chapter and the README does what it says, and shows what stands in the text behind it."""

import ast
import contextlib
import io
import re
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from conftest import ROOT

PAGES = ["README.md", "docs/src/python.md"]
BLOCK = re.compile(r"^```python\n(.*?)^```(?:\n\n```text\n(.*?)^```)?", re.MULTILINE | re.DOTALL)


def shown(block: str, names: dict[str, Any]) -> str:
    """What a notebook shows of a block: what it prints, and its last line where that is an expression."""
    module = ast.parse(block)
    last = module.body.pop() if isinstance(module.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(module, "block", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "block", "eval"), names)
            print("" if value is None else value)
    return printed.getvalue()


@pytest.mark.parametrize("page", PAGES)
def test_blocks(page: str, annex: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, in one namespace, beside a copy of the annex, as in a notebook."""
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / annex.name).write_bytes(annex.read_bytes())
    monkeypatch.chdir(tmp_path)
    matplotlib.use("agg")
    blocks = BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
    assert blocks
    names: dict[str, Any] = {}
    for block, expected in blocks:
        seen = shown(block, names)
        assert not expected or seen == expected
