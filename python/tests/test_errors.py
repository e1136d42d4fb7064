"""What goes wrong is an exception that says what, where, and what to do."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

import bluebook
from bluebook import BluebookError

Fake = Callable[[str], Path]


def test_a_misprint(misprint: Path) -> None:
    """The printed total, 49 737, is in line 17 at character 7; the rows make 45 more, for 594 - 549 = 45."""
    with pytest.raises(bluebook.ProblemsFound) as caught:
        bluebook.read(misprint)
    error = caught.value
    (problem,) = error.problems
    assert error.exit_code == 1
    assert (problem.rule, problem.severity) == ("total", "error")
    place = problem.places[0]
    assert (place.path, place.line, place.column, place.end_column) == (str(misprint), 17, 7, 13)
    assert place.label == "printed 49 737, but its 6 rows make 49 782 (45 too many)"
    assert "594 → 549" in problem.repairs[0].words
    assert "value = 549" in (problem.repairs[0].correction or "")
    assert problem.help
    assert str(problem) == f"error: the total doesn't add up ({misprint}:17:7)"


def test_what_a_person_reads(misprint: Path) -> None:
    with pytest.raises(BluebookError) as caught:
        bluebook.check(misprint)
    text = str(caught.value)
    assert text.startswith("bluebook check: the data has problems (exit code 1)\nerror: the total doesn't add up\n")
    assert f"{misprint}:17:7" in text
    assert "594 → 549" in text
    assert "\x1b" not in text


def test_a_long_message_has_its_beginning_and_its_end(fake: Fake, annex: Path) -> None:
    fake("[print(f'line {number}', file=sys.stderr) for number in range(1000)]; sys.exit(1)")
    with pytest.raises(BluebookError) as caught:
        bluebook.read(annex)
    shown = str(caught.value).splitlines()
    assert len(caught.value.message.splitlines()) == 1001
    assert len(shown) == 61
    assert shown[1:3] == ["line 0", "line 1"]
    assert shown[-2:] == ["… 941 lines more: error.message", "line 999"]


def test_what_is_sound_is_given_beside_the_problems(annex: Path, misprint: Path) -> None:
    """The annex is the release of its last period, 2026-02-28; the misprint that of its name's date."""
    result = bluebook.read([annex, misprint], errors="return")
    assert [problem.rule for problem in result.problems] == ["total"]
    assert len(result.observations) == 228
    assert {str(day) for day in result.observations.to_polars()["release_date"]} == {"2026-02-28"}
    assert result.report.exit_code == 1


def test_a_document_that_cannot_be_read(annex: Path, tmp_path: Path) -> None:
    """UTF-16 by its mark, but with an odd number of bytes."""
    broken = tmp_path / "2026-03-31-broken.txt"
    broken.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(bluebook.UnreadableDocument) as caught:
        bluebook.read(broken)
    assert caught.value.problems[0].rule == "unreadable"
    beside = bluebook.read([annex, broken], errors="return")
    assert len(beside.observations) == 228
    assert [problem.rule for problem in beside.problems] == ["unreadable"]


def test_no_input(tmp_path: Path) -> None:
    with pytest.raises(bluebook.NoInput, match="does not exist"):
        bluebook.read(tmp_path / "nowhere")
    with pytest.raises(bluebook.NoInput, match="no inputs were given"):
        bluebook.read([])


def test_a_definition_that_is_wrong(annex: Path, tmp_path: Path) -> None:
    definition = tmp_path / "wrong.toml"
    definition.write_text("x", encoding="utf-8")
    with pytest.raises(bluebook.ConfigWrong) as caught:
        bluebook.read(annex, dataset=definition)
    place = caught.value.problems[0].places[0]
    assert (place.path, place.line) == (str(definition), 1)


def test_an_argument_that_is_wrong(annex: Path) -> None:
    with pytest.raises(bluebook.UsageWrong, match="exit code 2"):
        bluebook.read(annex, as_of="yesterday")
    with pytest.raises(ValueError, match="errors is"):
        bluebook.read(annex, errors="ignore")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="relase_date"):
        bluebook.check(annex, relase_date="2026-01-01")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (1, bluebook.ProblemsFound),
        (2, bluebook.UsageWrong),
        (3, bluebook.Differs),
        (65, bluebook.UnreadableDocument),
        (66, bluebook.NoInput),
        (70, bluebook.InternalFault),
        (74, bluebook.InputOutput),
        (75, bluebook.Busy),
        (78, bluebook.ConfigWrong),
        (130, bluebook.Stopped),
        (143, bluebook.Stopped),
        (99, BluebookError),
    ],
)
def test_each_exit_code_has_its_exception(fake: Fake, annex: Path, code: int, kind: type[BluebookError]) -> None:
    fake(f"print('error: so it is', file=sys.stderr); sys.exit({code})")
    with pytest.raises(BluebookError, match=f"(?s)bluebook read: .*exit code {code}.*so it is") as caught:
        bluebook.read(annex)
    assert type(caught.value) is kind
    assert caught.value.exit_code == code
    assert caught.value.problems == ()


@pytest.mark.parametrize(("name", "number"), [("SIGKILL", 9), ("SIGSEGV", 11)])
def test_a_signal_that_kills_it(fake: Fake, annex: Path, name: str, number: int) -> None:
    fake(f"os.kill(os.getpid(), signal.{name})")
    with pytest.raises(bluebook.Stopped, match=f"it was killed by {name}") as caught:
        bluebook.read(annex)
    assert caught.value.exit_code == 128 + number


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "wrote no report"),
        ("Path(option('report')).write_text('{')", "the report of bluebook read cannot be read"),
        ("Path(option('report')).write_text('{}')", "the report of bluebook read cannot be read"),
        ("Path(option('report')).write_text('[]')", "the report of bluebook read cannot be read"),
    ],
)
def test_a_report_that_is_none(fake: Fake, annex: Path, body: str, message: str) -> None:
    fake(body)
    with pytest.raises(bluebook.InternalFault, match=message):
        bluebook.read(annex)


def test_an_error_goes_through_other_processes(misprint: Path) -> None:
    with pytest.raises(BluebookError) as caught:
        bluebook.check(misprint)
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is bluebook.ProblemsFound
    assert (str(again), again.problems) == (str(caught.value), caught.value.problems)
