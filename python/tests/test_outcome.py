"""What schedulers are told of a run. The annex is one document of seven tables, below five of which stands a note."""

import hashlib
import json
from pathlib import Path

import bluebook
from bluebook.outcome import outcome


def test_a_run(annex: Path, tmp_path: Path) -> None:
    told = outcome(bluebook.run(annex, output=tmp_path))
    folder = tmp_path / "hk-talent-admissions"
    assert told == {
        "changed": True,
        "release": "2026-02-28",
        "releases": ["2026-02-28"],
        "revised": 0,
        "releases_changed": [],
        "datasets": {
            "hk-talent-admissions": {
                "folder": str(folder),
                "sha256": hashlib.sha256((folder / "datapackage.json").read_bytes()).hexdigest(),
                "releases": ["2026-02-28"],
                "documents": 1,
                "tables": 7,
                "observations": 228,
                "notes": 5,
            }
        },
    }
    assert json.loads(json.dumps(told)) == told
    assert outcome(bluebook.run(annex, output=tmp_path)) == {**told, "changed": False}


def test_a_check_publishes_nothing(annex: Path) -> None:
    told = outcome(bluebook.check(annex))
    (dataset,) = told["datasets"].values()
    assert (told["changed"], dataset["folder"], dataset["sha256"]) == (False, None, None)


def test_a_revision_and_a_late_release(annex: Path, tmp_path: Path) -> None:
    """Canada's 393 was 391, and so the total 41 057 was 41 055: two figures are revised. Then an older release comes late."""
    text = annex.read_text(encoding="utf-8")
    documents = tmp_path / "input"
    documents.mkdir()
    before = text.replace("\t393\t", "\t391\t", 1).replace("41 057", "41 055")
    (documents / "2026-03-05.txt").write_text(before, encoding="utf-8")
    (documents / "2026-03-20.txt").write_text(text, encoding="utf-8")
    first = outcome(bluebook.run(documents, output=tmp_path / "out"))
    assert (first["revised"], first["release"], first["releases"]) == (2, "2026-03-20", ["2026-03-05", "2026-03-20"])
    (documents / "2026-03-01.txt").write_text(before, encoding="utf-8")
    second = outcome(bluebook.run(documents, output=tmp_path / "out"))
    assert (second["changed"], second["releases_changed"]) == (True, ["2026-03-01"])
