"""Dagster materialises the annex in this process, and its checks tell what was proven."""

import fcntl
import os
import runpy
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

dg = pytest.importorskip("dagster", reason="Dagster is not here: scripts/orchestrators.sh brings it")

from bluebook.dagster import CHECKS, bluebook_asset  # noqa: E402

KEY = dg.AssetKey(["annex"])
PASSED = dict.fromkeys(CHECKS, True)


@pytest.fixture
def instance() -> Iterator[Any]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def materialize(inputs: Path | Sequence[Path], output: Path, selection: Any = None, **more: Any) -> Any:
    asset = bluebook_asset("annex", inputs, output, seconds_to_wait=0, **more)
    return dg.materialize([asset], selection=selection, raise_on_error=False)


def only(*names: str) -> Any:
    return dg.AssetSelection.checks(*(dg.AssetCheckKey(KEY, name) for name in names))


def passed(result: Any) -> dict[str, bool]:
    return {check.check_name: check.passed for check in result.get_asset_check_evaluations()}


def metadata(result: Any, check: str) -> dict[str, Any]:
    found = (each for each in result.get_asset_check_evaluations() if each.check_name == check)
    return {name: value.value for name, value in next(found).metadata.items()}


def materialized(result: Any) -> Any:
    (event,) = result.asset_materializations_for_node("annex")
    return event


def failure(result: Any) -> Any:
    (event,) = result.filter_events(lambda event: event.is_step_failure)
    return event.step_failure_data


def rows(table: Any) -> Iterable[dict[str, Any]]:
    return [record.data for record in table]


def version(event: Any) -> str:
    return str(event.tags["dagster/data_version"])


def test_a_set_is_published(annex: Path, tmp_path: Path) -> None:
    result = materialize(annex, tmp_path, formats=["csv"], dataset="hk-talent-admissions")
    assert result.success
    assert passed(result) == PASSED
    told = {name: value.value for name, value in materialized(result).metadata.items()}
    assert (told["dagster/row_count"], told["releases"], told["changed"]) == (228, ["2026-02-28"], True)
    assert told["folder"] == str(tmp_path / "hk-talent-admissions")
    files = {Path(row["path"]).name: row["rows"] for row in rows(told["files"].records)}
    assert (files["observations.csv"], files["datapackage.json"]) == (228, None)
    assert "observations.parquet" not in files
    (document,) = rows(told["inputs"].records)
    assert document["path"] == str(annex)


def test_what_is_proven_is_told(annex: Path, tmp_path: Path) -> None:
    """Six of the seven tables print a total for each of four periods."""
    proven = rows(metadata(materialize(annex, tmp_path), "totals_reconcile")["proven"].records)
    assert {row["table"]: row["passed"] for row in proven} == {
        "ASMTP": 0, "ASSG": 4, "GEP": 4, "IANG": 4, "QMAS": 4, "TTPS": 4, "TechTAS": 4,
    }  # fmt: skip


def test_unchanged_data_has_the_same_version(annex: Path, tmp_path: Path) -> None:
    first, second = (materialized(materialize(annex, tmp_path)) for _ in range(2))
    assert version(first) == version(second) == first.metadata["sha256"].value
    assert (first.metadata["changed"].value, second.metadata["changed"].value) == (True, False)


def test_a_misprint_fails_for_good(misprint: Path, tmp_path: Path) -> None:
    """The printed total is in line 17 at character 7; line 12 says 594 for 549."""
    result = materialize(misprint, tmp_path / "out")
    assert not result.success
    assert not result.retry_attempts_for_node("annex")
    assert passed(result) == {"totals_reconcile": False, "read_in_full": True, "no_warnings": True}
    (problem,) = rows(metadata(result, "totals_reconcile")["problems"].records)
    assert (problem["rule"], problem["place"]) == ("total", f"{misprint}:17:7")
    assert "594 → 549" in problem["repair"]
    told = failure(result).user_failure_data
    assert told.description == "bluebook run: the data has problems (exit code 1)"
    assert told.metadata["exit_code"].value == 1
    assert "^^^^^^ printed 49 737" in told.metadata["said"].value
    assert not (tmp_path / "out" / "hk-talent-admissions").exists()


def test_totals_do_not_reconcile_where_a_row_was_not_understood(annex: Path, tmp_path: Path) -> None:
    document = tmp_path / "2026-03-31.txt"
    document.write_text(annex.read_text(encoding="utf-8").replace("Pakistan\t", "Atlantis\t"), encoding="utf-8")
    result = materialize(document, tmp_path / "out")
    assert passed(result) == {"totals_reconcile": False, "read_in_full": False, "no_warnings": True}
    (problem,) = rows(metadata(result, "read_in_full")["problems"].records)
    assert problem["rule"] == "unknown-label"
    assert "problems" not in metadata(result, "totals_reconcile")


def test_a_warning_is_no_failure(annex: Path, tmp_path: Path) -> None:
    """The same document as two releases."""
    documents = [tmp_path / "2026-03-05.txt", tmp_path / "2026-03-20.txt"]
    for document in documents:
        document.write_bytes(annex.read_bytes())
    result = materialize(documents, tmp_path / "out")
    assert result.success
    assert passed(result) == {**PASSED, "no_warnings": False}
    (problem,) = rows(metadata(result, "no_warnings")["problems"].records)
    assert problem["rule"] == "same-document"


def test_a_held_output_is_tried_again(annex: Path, tmp_path: Path) -> None:
    holder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    try:
        result = materialize(annex, tmp_path, max_retries=2)
    finally:
        os.close(holder)
    assert not result.success
    assert result.retry_attempts_for_node("annex") == 2
    assert materialize(annex, tmp_path).success


def test_no_input_fails_for_good(tmp_path: Path) -> None:
    result = materialize(tmp_path / "nowhere", tmp_path / "out")
    assert failure(result).user_failure_data.metadata["exit_code"].value == 66
    assert not result.retry_attempts_for_node("annex")
    assert passed(result) == {}


def test_checks_alone_publish_nothing(annex: Path, misprint: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    names = ("totals_reconcile", "read_in_full")
    result = materialize(annex, out, only(*names))
    assert result.success
    assert passed(result) == dict.fromkeys(names, True)
    assert passed(materialize(misprint, out, only(*names))) == {"totals_reconcile": False, "read_in_full": True}
    assert not out.exists()


def test_published_files_that_were_changed(annex: Path, tmp_path: Path) -> None:
    assert materialize(annex, tmp_path, dg.AssetSelection.assets(KEY).without_checks()).success
    assert passed(materialize(annex, tmp_path, only("as_derived"))) == {"as_derived": True}
    observations = tmp_path / "hk-talent-admissions" / "observations.csv"
    observations.write_bytes(observations.read_bytes() + b"\n")
    result = materialize(annex, tmp_path, only("as_derived"))
    assert passed(result) == {"as_derived": False}
    assert "observations.csv" in metadata(result, "as_derived")["said"]


def test_the_example(annex: Path, tmp_path: Path) -> None:
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / annex.name).write_bytes(annex.read_bytes())
    text = (ROOT / "examples/dagster/bluebook_asset.py").read_text(encoding="utf-8")
    example = tmp_path / "bluebook_asset.py"
    example.write_text(text.replace("/srv/figures", str(tmp_path)), encoding="utf-8")
    definitions = runpy.run_path(str(example))["definitions"]
    result = definitions.resolve_job_def("figures").execute_in_process()
    assert result.success
    assert passed(result) == PASSED
    assert (tmp_path / "output" / "hk-talent-admissions" / "observations.parquet").exists()
