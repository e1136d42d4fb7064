"""A published set as an asset of Dagster, with its checks.

An asset is a dataset: its tables are published as one set, which has one version. What is wrong with the data does not go by
itself, and is never tried again; another run that holds the output, a disk that failed for a moment and a stopped machine are.
"""
# pyright: reportUnknownMemberType=false

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import dagster as dg

import bluebook
from bluebook.errors import BluebookError, Differs, ProblemsFound, UnreadableDocument
from bluebook.flags import AnyPath, Inputs, Reading
from bluebook.outcome import PASSING, identity, outcome
from bluebook.problems import Problem
from bluebook.report import DatasetReport, Report

if TYPE_CHECKING:
    from typing_extensions import Unpack

CHECKS = {
    "totals_reconcile": "Totals, changes and shares that are printed follow from the figures.",
    "read_in_full": "Every table, label and number was understood.",
    "no_warnings": "Nothing is odd, either.",
    "as_derived": "Derived again from the documents, the published files have the same bytes.",
}
# Rules of what is printed and follows from figures; an id never changes.
SUMS = {"total", "subtotal", "tables", "periods", "change", "relative-change", "growth", "share"}

Event = dg.MaterializeResult[Any] | dg.AssetCheckResult


def bluebook_asset(
    spec: dg.AssetSpec | str,
    inputs: Inputs,
    output: AnyPath,
    *,
    layout: str | None = None,
    formats: Sequence[str] | None = None,
    html: bool = False,
    wait: int | None = None,
    max_retries: int = 3,
    seconds_to_wait: float = 60,
    **reading: "Unpack[Reading]",
) -> dg.AssetsDefinition:
    """The set that documents of one dataset are published as, in `output`, a folder or an object store.

    `spec` is the asset's key, or all that Dagster is to know of it. The other arguments are those of `bluebook.run`; `dataset`
    says which, where the documents are of several. The data version is the SHA-256 of the set's data package: it stays as long
    as the published bytes do. CHECKS that are selected without the asset publish nothing.

    A run fails for good for what no retry helps; else it is retried up to `max_retries` times.
    """
    spec = dg.AssetSpec(spec) if isinstance(spec, str) else spec
    publishing = {"layout": layout, "formats": formats, "html": html, "wait": wait}
    source = _Source(spec.key, inputs, output, publishing, reading)

    @dg.multi_asset(
        name="__".join(spec.key.path),
        specs=[spec],
        check_specs=[dg.AssetCheckSpec(name, asset=spec.key, description=text) for name, text in CHECKS.items()],
        can_subset=True,
    )
    def published(context: dg.AssetExecutionContext) -> Iterator[Event]:
        wanted = {key.name for key in context.selected_asset_check_keys}
        try:
            yield from source.events(bool(context.selected_asset_keys), wanted)
        except PASSING as error:
            context.log.warning(error.message)
            raise dg.RetryRequested(max_retries, seconds_to_wait) from error
        except BluebookError as error:
            raise _failure(error) from error

    return published


@dataclass(frozen=True)
class _Source:
    """What is published where, and what Dagster is told of it."""

    key: dg.AssetKey
    inputs: Inputs
    output: AnyPath
    publishing: Mapping[str, Any]
    reading: Reading

    def events(self, publish: bool, wanted: set[str]) -> Iterator[Event]:
        """The asset, where it is to be published, and the results of the checks that are wanted."""
        if publish or wanted != {"as_derived"}:
            yield from self._read(publish, wanted)
        if "as_derived" in wanted:
            yield self._verified()

    def _read(self, publish: bool, wanted: set[str]) -> Iterator[Event]:
        """Problems are results of checks, and let the asset fail."""
        try:
            report = self._report(publish)
        except (ProblemsFound, UnreadableDocument) as error:
            yield from self._results(wanted, error.problems, ())
            if publish:
                raise
            return
        if publish:
            yield _materialisation(self.key, report)
        yield from self._results(wanted, report.problems, report.datasets)

    def _report(self, publish: bool) -> Report:
        if publish:
            return bluebook.run(self.inputs, output=self.output, **self.publishing, **self.reading)
        return bluebook.check(self.inputs, **self.reading)

    def _results(
        self, wanted: set[str], problems: Sequence[Problem], datasets: Sequence[DatasetReport]
    ) -> Iterator[dg.AssetCheckResult]:
        """A sum is proven once all of its figures are read: where anything is wrong, the totals do not count as reconciled."""
        errors = [problem for problem in problems if problem.severity == "error"]
        sums = [problem for problem in errors if problem.rule in SUMS]
        others = [problem for problem in errors if problem.rule not in SUMS]
        warnings = [problem for problem in problems if problem.severity == "warning"]
        proven = _table("proven", [asdict(checks) for dataset in datasets for checks in dataset.checks])
        results = (
            self._result("totals_reconcile", not errors, {**_located(sums), **proven}),
            self._result("read_in_full", not others, _located(others)),
            self._result("no_warnings", not warnings, _located(warnings), dg.AssetCheckSeverity.WARN),
        )
        yield from (result for result in results if result.check_name in wanted)

    def _verified(self) -> dg.AssetCheckResult:
        try:
            said = bluebook.verify(self.inputs, output=self.output, **self.reading)
        except (Differs, ProblemsFound, UnreadableDocument) as error:
            return self._result("as_derived", False, {"said": _said(error.message), **_located(error.problems)})
        return self._result("as_derived", True, {"said": _said(said)})

    def _result(
        self,
        name: str,
        passed: bool,
        metadata: Mapping[str, Any],
        severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR,
    ) -> dg.AssetCheckResult:
        return dg.AssetCheckResult(
            asset_key=self.key, check_name=name, passed=passed, severity=severity, metadata=metadata
        )


def _materialisation(key: dg.AssetKey, report: Report) -> dg.MaterializeResult[Any]:
    """Raises Failure where the documents are of several datasets."""
    if len(report.datasets) != 1:
        names = ", ".join(dataset.name for dataset in report.datasets)
        raise dg.Failure(f"an asset is one dataset; these documents are of {names}: say which", allow_retries=False)
    (dataset,) = report.datasets
    version = identity(dataset) or ""
    metadata = {
        "dagster/row_count": dataset.observations,
        "sha256": version,
        "folder": dg.MetadataValue.path(dataset.folder or ""),
        "summary": dataset.summary,
        **_of_releases(report),
        **_table("inputs", [{"path": each.path, "sha256": each.sha256} for each in report.inputs]),
        **_table("files", [asdict(output) for output in dataset.outputs]),
    }
    return dg.MaterializeResult(asset_key=key, data_version=dg.DataVersion(version), metadata=metadata)


def _of_releases(report: Report) -> dict[str, Any]:
    told = outcome(report)
    return {
        "changed": told["changed"],
        "releases": told["releases"],
        "revised": told["revised"],
        "releases_changed": told["releases_changed"],
    }


def _located(problems: Sequence[Problem]) -> dict[str, Any]:
    """A row a problem, with its main place and its likeliest repair."""
    return _table("problems", [_row(problem) for problem in problems])


def _row(problem: Problem) -> dict[str, str | None]:
    place = problem.places[0] if problem.places else None
    return {
        "rule": problem.rule,
        "place": str(place) if place else None,
        "message": problem.message,
        "found": place.label if place else None,
        "repair": problem.repairs[0].words if problem.repairs else problem.help,
    }


def _table(name: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A table of metadata, but none without rows: Dagster takes its columns from them."""
    records = [dg.TableRecord(row) for row in rows]
    return {name: dg.MetadataValue.table(records)} if records else {}


def _said(text: str) -> dg.MarkdownMetadataValue:
    """As the program says it: marks stand below their lines."""
    return dg.MetadataValue.md(f"```text\n{text}\n```")


def _failure(error: BluebookError) -> dg.Failure:
    why = error.message.partition("\n")[0]
    metadata = {"exit_code": error.exit_code, "said": _said(error.message), **_located(error.problems)}
    return dg.Failure(why, metadata=metadata, allow_retries=False)
