"""Airflow runs DAGs on the annex in this process, with a database of its own, which scripts/orchestrators.sh makes.

A task that is tried again has a higher `try_number`.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

if "AIRFLOW_HOME" not in os.environ:
    pytest.skip("Airflow has no home here: scripts/orchestrators.sh makes one", allow_module_level=True)
pytest.importorskip("airflow.sdk", reason="Airflow is not here: scripts/orchestrators.sh brings it")

from airflow.dag_processing.dagbag import DagBag  # noqa: E402
from airflow.models.asset import AssetEvent  # noqa: E402
from airflow.sdk.exceptions import AirflowFailException  # noqa: E402
from airflow.utils.session import create_session  # noqa: E402

import bluebook  # noqa: E402
from bluebook.airflow import BluebookCheckOperator, BluebookRunOperator, openlineage  # noqa: E402

Fake = Callable[[str], Path]
Run = Callable[[str], Any]
DAGS = Path(os.environ["AIRFLOW_HOME"]) / "dags"
PIPELINE = """
from datetime import timedelta
from airflow.sdk import DAG, Asset
from bluebook.airflow import BluebookCheckOperator, BluebookLoadOperator, BluebookRunOperator

with DAG("pipeline", schedule=None, default_args={"retries": 2, "retry_delay": timedelta(0)}, params={"folder": "FOLDER"}):
    inputs, output = "{{ params.folder }}/input", "{{ params.folder }}/output"
    check = BluebookCheckOperator(task_id="check", inputs=inputs)
    publish = BluebookRunOperator(
        task_id="publish", inputs=[inputs], output_path=output, outlets=[Asset("annex")], skip_unchanged=True
    )
    load = BluebookLoadOperator(task_id="load", target="{{ params.folder }}/loaded", published=output)
    check >> publish >> load
"""

MAPPED = """
from airflow.sdk import DAG
from bluebook.airflow import BluebookCheckOperator

with DAG("mapped", schedule=None, default_args={"retries": 2}):
    BluebookCheckOperator.partial(task_id="check", threads=1).expand(inputs=["FOLDER/input", "FOLDER/nothing"])
"""
SLOW = """
from datetime import timedelta
from airflow.sdk import DAG
from bluebook.airflow import BluebookCheckOperator

with DAG("slow", schedule=None):
    BluebookCheckOperator(task_id="check", inputs="x", html="FOLDER/pid", execution_timeout=timedelta(seconds=3))
"""


@pytest.fixture
def folder(annex: Path, tmp_path: Path) -> Path:
    """The annex in `input`."""
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / annex.name).write_bytes(annex.read_bytes())
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    """Runs the DAG of a text, in which FOLDER stands for the folder."""

    def run(text: str) -> Any:
        DAGS.mkdir(exist_ok=True)
        path = DAGS / "tried.py"
        path.write_text(text.replace("FOLDER", str(folder)), encoding="utf-8")
        bag = DagBag(path)
        assert bag.import_errors == {}
        (dag,) = bag.dags.values()
        return dag.test()

    return run


@pytest.fixture
def held(folder: Path) -> Iterator[None]:
    """Another run holds the output."""
    (folder / "output").mkdir()
    holder = os.open(folder / "output", os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    yield
    os.close(holder)


def states(ended: Any) -> dict[str, str]:
    return {task.task_id: str(task.state) for task in ended.get_task_instances()}


def tries(ended: Any, name: str) -> int:
    return int(ended.get_task_instance(name).try_number)


def told(ended: Any, name: str) -> Any:
    return ended.get_task_instance(name).xcom_pull(task_ids=name)


def events(ended: Any) -> list[Any]:
    with create_session() as session:
        found = session.query(AssetEvent).filter_by(source_run_id=ended.run_id, source_dag_id=ended.dag_id)
        return [event.extra for event in found]


def misprint_input(folder: Path) -> None:
    (document,) = (folder / "input").iterdir()
    document.write_text(document.read_text(encoding="utf-8").replace("\t549\t", "\t594\t"), encoding="utf-8")


def test_a_set_is_published_and_loaded_and_then_nothing_changes(run: Run, folder: Path) -> None:
    first = run(PIPELINE)
    assert states(first) == {"check": "success", "publish": "success", "load": "success"}
    outcome = told(first, "publish")
    dataset = outcome["datasets"]["hk-talent-admissions"]
    assert (outcome["changed"], outcome["release"], dataset["observations"]) == (True, "2026-02-28", 228)
    assert events(first) == [outcome]
    assert told(first, "load")["changed"]
    assert (folder / "loaded" / "hk-talent-admissions" / "observations.parquet").exists()
    second = run(PIPELINE)
    assert states(second) == {"check": "success", "publish": "skipped", "load": "skipped"}
    assert told(second, "publish") == {**outcome, "changed": False}
    assert events(second) == []


def test_a_misprint_fails_for_good(run: Run, folder: Path) -> None:
    misprint_input(folder)
    ended = run(PIPELINE)
    assert states(ended) == {"check": "failed", "publish": "upstream_failed", "load": "upstream_failed"}
    assert tries(ended, "check") == 1


def test_a_held_output_is_tried_again(run: Run, held: None) -> None:
    ended = run(PIPELINE)
    assert states(ended) == {"check": "success", "publish": "failed", "load": "upstream_failed"}
    assert tries(ended, "publish") == 3


def test_a_task_for_each_document(run: Run, folder: Path) -> None:
    """Mapped over two folders, one of which has nothing to read."""
    (folder / "nothing").mkdir()
    ended = run(MAPPED)
    tasks = sorted(ended.get_task_instances(), key=lambda task: task.map_index)
    assert [(task.map_index, str(task.state), task.try_number) for task in tasks] == [(0, "success", 1), (1, "failed", 1)]


def test_a_timeout_ends_the_program(run: Run, fake: Fake, folder: Path) -> None:
    fake("Path(option('html')).write_text(str(os.getpid())); time.sleep(60)")
    assert states(run(SLOW)) == {"check": "failed"}
    with pytest.raises(ProcessLookupError):
        os.kill(int((folder / "pid").read_text()), 0)


def test_the_example(run: Run) -> None:
    example = (ROOT / "examples/airflow/bluebook_dag.py").read_text(encoding="utf-8").replace("/srv/figures", "FOLDER")
    assert states(run(example)) == {"publish": "success", "verify": "success"}
    assert states(run(example)) == {"publish": "skipped", "verify": "success"}


def test_the_places_are_in_the_log(misprint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The printed total is in line 17 at character 7."""
    operator = BluebookCheckOperator(task_id="check", inputs=misprint)
    with pytest.raises(AirflowFailException, match=r"problems \(exit code 1\)$"):
        operator.execute({})
    assert f"  --> {misprint}:17:7 " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "kind"),
    [(2, AirflowFailException), (66, AirflowFailException), (74, bluebook.InputOutput), (143, bluebook.Stopped)],
)
def test_what_passes_is_no_failure_for_good(fake: Fake, annex: Path, code: int, kind: type[Exception]) -> None:
    fake(f"sys.exit({code})")
    with pytest.raises(kind):
        BluebookCheckOperator(task_id="check", inputs=annex).execute({})


def test_lineage(annex: Path, tmp_path: Path) -> None:
    """Its names: `file` and a path; a bucket and a key."""
    pytest.importorskip("airflow.providers.openlineage", reason="the OpenLineage provider is not here")
    operator = BluebookRunOperator(task_id="publish", inputs=annex, output_path=tmp_path)
    assert operator.get_openlineage_facets_on_complete(None).inputs == []
    dataset = operator.execute({})["datasets"]["hk-talent-admissions"]
    facets = operator.get_openlineage_facets_on_complete(None)
    assert [(each.namespace, each.name) for each in facets.inputs] == [("file", str(annex))]
    (published,) = facets.outputs
    assert (published.namespace, published.name) == ("file", str(tmp_path / "hk-talent-admissions"))
    assert published.facets["version"].datasetVersion == dataset["sha256"]
    stored = openlineage("s3://bucket/out/hk-talent-admissions", None)
    assert (stored.namespace, stored.name, stored.facets) == ("s3://bucket", "out/hk-talent-admissions", {})
