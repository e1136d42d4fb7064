"""Several datasets at once, and none. One dataset is built in: a program in bluebook's place says that there are others."""

from collections.abc import Callable
from pathlib import Path

import pyarrow
import pytest

import bluebook

Fake = Callable[[str], Path]

REPORT = """
report = {
    "form": 1, "version": "9.9.9", "command": "read", "exit": 0, "error": None, "changed": False, "seconds": 0.022,
    "started": "2026-03-01T06:15:00.120Z", "ended": "2026-03-01T06:15:00.142Z",
    "inputs": [], "datasets": [], "problems": [], "a field of a later version": 1,
}
Path(option("report")).write_text(json.dumps(report))
"""


def copies(stream: Path, *names: str) -> str:
    """Lines of a program that gives a stream as the only table of each of these datasets."""
    return f"""{REPORT}
for name in {names}:
    folder = Path(option("output")) / name
    folder.mkdir()
    (folder / "codes.arrows").write_bytes(Path({str(stream)!r}).read_bytes())
"""


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    table = pyarrow.table({"code": ["a", "b"]})
    path = tmp_path / "two-rows.arrows"
    with pyarrow.ipc.new_stream(str(path), table.schema) as writer:
        writer.write_table(table)
    return path


def test_two(fake: Fake, annex: Path, stream: Path) -> None:
    fake(copies(stream, "fish", "birds"))
    result = bluebook.read(annex)
    assert list(result.datasets) == ["birds", "fish"]
    assert len(result.dataset("fish").codes) == 2
    assert result.report.version == "9.9.9"
    with pytest.raises(LookupError, match=r"which dataset\? birds, fish was read: take result.dataset\(name\)"):
        _ = result.observations
    with pytest.raises(LookupError, match="no dataset `trees` was read, but birds, fish"):
        result.dataset("trees")


def test_none(fake: Fake, annex: Path) -> None:
    fake(REPORT)
    result = bluebook.read(annex)
    assert repr(result) == "Result(nothing; 0 problems)"
    with pytest.raises(LookupError, match="nothing was read"):
        _ = result.observations


def test_a_table_that_is_no_stream(fake: Fake, annex: Path, tmp_path: Path) -> None:
    garbage = tmp_path / "garbage"
    garbage.write_bytes(b"garbage")
    fake(copies(garbage, "fish"))
    with pytest.raises(bluebook.InternalFault, match=r"codes\.arrows is no Arrow stream"):
        bluebook.read(annex)
