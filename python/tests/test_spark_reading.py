"""What an executor does, without Spark: reading a share, and documents in memory. Figures are those of test_annex.py."""

import pickle
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from test_annex import OBSERVATIONS

import bluebook
from bluebook.binary import find_binary, using
from bluebook.errors import BluebookError
from bluebook.spark.columns import columns_of
from bluebook.spark.definition import DatasetChoice
from bluebook.spark.documents import find_documents
from bluebook.spark.linked import linked
from bluebook.spark.options import Options
from bluebook.spark.problem_rows import tell
from bluebook.spark.sharing import Share, shares
from bluebook.spark.source import BluebookDataSource, BluebookReader
from bluebook.spark.task import read_share
from bluebook.spark.worker import read_together


def read(share: Share, options: Options) -> pa.Table:
    schema = columns_of(options.table, options.dataset).to_arrow()
    return pa.Table.from_batches(list(read_share(share, options, schema)), schema)


def test_types_and_nulls_are_the_declared_ones() -> None:
    schema = columns_of("observations").to_spark()
    fields = {field.name: (field.dataType.simpleString(), field.nullable) for field in schema}
    assert fields["release_date"] == ("date", False)
    assert fields["value"] == ("bigint", True)
    assert fields["period_months"] == ("int", False)
    assert fields["share"] == ("double", True)
    assert fields["is_partial"] == ("boolean", False)
    assert columns_of("observations").key == ("release_date", "scheme", "region", "period")
    with pytest.raises(ValueError, match="no table is named chekcs; there are observations, .*, problems"):
        columns_of("chekcs")


def test_a_definition_has_its_own_columns(annex: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    bluebook.init(annex, output=path, name="own")
    own = DatasetChoice.of(str(path))
    path.unlink()
    options = Options(dataset=own)
    assert set(read(Share((str(annex),)), options).column("dataset").to_pylist()) == {"own"}


@pytest.fixture
def releases(annex: Path, tmp_path: Path) -> list[str]:
    """Two releases, and a third whose document has a misprint."""
    text = annex.read_text(encoding="utf-8")
    (tmp_path / "more").mkdir()
    for name, content in {
        "2026-03-31-annex.txt": text,
        "more/2026-04-30-annex.txt": text,
        "more/2026-05-31-annex.txt": text.replace("\t549\t", "\t594\t"),
    }.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return [document.path for document in find_documents([str(tmp_path)])]


def test_a_share_gives_its_own_releases(releases: list[str]) -> None:
    documents = find_documents(releases[:2])
    for table, rows in (("observations", OBSERVATIONS), ("checks", 6 * 4)):
        options = Options(table=table, partitions=2)
        first, second = (read(share, options) for share in shares(documents, options))
        assert set(first.column("release_date").to_pylist()) == {date(2026, 3, 31)}
        assert set(second.column("release_date").to_pylist()) == {date(2026, 4, 30)}
        assert len(first) == len(second) == rows
    assert set(second.column("source").to_pylist()) == {"2026-04-30-annex.txt"}


def test_exceptions_for_documents_elsewhere_are_not_unused(releases: list[str], tmp_path: Path) -> None:
    """Read as a whole, a correction of a release that is not there is a problem."""
    definition = tmp_path / "own.toml"
    built_in = (Path(__file__).parents[2] / "src/dataset/built_in/hk-talent-admissions.toml").read_text(encoding="utf-8")
    correction = 'key = "TTPS/CAN/2023"\nrelease = "2026-05-31"\nexpected = "594"\nvalue = 549\nreason = "swapped"\n'
    definition.write_text(f"{built_in}\n[[correction]]\n{correction}", encoding="utf-8")
    options = Options(table="checks", partitions=3, dataset=DatasetChoice.of(str(definition)))
    read_rows = [read(share, options) for share in shares(find_documents(releases), options)]
    assert [len(rows) for rows in read_rows] == [24, 24, 24]


def test_a_problem_is_told_by_the_documents_own_path(releases: list[str]) -> None:
    with pytest.raises(bluebook.ProblemsFound) as raised:
        read(Share(tuple(releases)), Options())
    assert f"--> {releases[2]}:17:7" in str(raised.value)
    assert raised.value.problems[0].places[0].path == releases[2]
    again = pickle.loads(pickle.dumps(raised.value))  # between processes
    assert isinstance(again, BluebookError)
    assert again.problems == raised.value.problems


def test_a_problem_is_skipped_with_its_release(releases: list[str]) -> None:
    share = Share(tuple(releases))
    assert len(read(share, Options(errors="skip"))) == 2 * OBSERVATIONS
    [problem] = [row for row in read(share, Options(table="problems")).to_pylist() if row["severity"] == "error"]
    assert (problem["document"], problem["rule"], problem["place"]) == (releases[2], "total", "17:7")
    told = tell([problem] * 7)
    assert f"error[total]: the total doesn't add up\n  --> {releases[2]}:17:7\n  help: " in told
    assert told.endswith("and 2 more")


def test_links_keep_names_apart(tmp_path: Path) -> None:
    paths = [str(tmp_path / folder / "annex.txt") for folder in ("b", "a")]
    with linked(paths) as links:
        assert links.folders == {"000000": str(tmp_path / "a"), "000001": str(tmp_path / "b")}
        link = f"{links.root}/000001/annex.txt"
        assert links.original(link) == paths[0]
        assert links.in_words(f"--> {link}:1:1") == f"--> {paths[0]}:1:1"
        assert links.original("elsewhere.txt") == "elsewhere.txt"
    assert not Path(links.root).exists()


def test_a_document_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(bluebook.NoInput, match=f"{tmp_path}/gone.txt does not exist"):
        read(Share((f"{tmp_path}/gone.txt",)), Options())


def test_the_data_source(releases: list[str], tmp_path: Path) -> None:
    source = BluebookDataSource({"path": str(tmp_path), "partitions": "2", "errors": "skip", "binary": find_binary()})
    assert source.name() == "bluebook"
    reader = pickle.loads(pickle.dumps(source.reader(source.schema())))
    assert isinstance(reader, BluebookReader)
    rows = [batch.num_rows for part in reader.partitions() for batch in reader.read(part)]
    assert sum(rows) == 2 * OBSERVATIONS


def documents(paths: list[str]) -> pa.Table:
    return pa.table({"name": paths, "content": [Path(path).read_bytes() for path in paths]})


def test_documents_in_memory(releases: list[str]) -> None:
    frames = list(read_together(documents(releases), {}))
    assert sum(len(frame.rows) for frame in frames if frame.table == "observations") == 2 * OBSERVATIONS
    [problems] = [frame.rows.to_pylist() for frame in frames if frame.table == "problems"]
    assert [(row["document"], row["rule"]) for row in problems if row["severity"] == "error"] == [(releases[2], "total")]


def test_a_worker_that_refuses_says_why(releases: list[str]) -> None:
    with pytest.raises(BluebookError, match="nothing=1: no limit has this name"):
        list(read_together(documents(releases), {"limits": "nothing=1"}))


def test_the_program_can_be_named_for_a_while(tmp_path: Path) -> None:
    usual = find_binary()
    with pytest.raises(FileNotFoundError, match="the option `binary` names"), using(str(tmp_path / "nothing")):
        find_binary()
    with using(usual), using(None):
        assert find_binary() == usual
