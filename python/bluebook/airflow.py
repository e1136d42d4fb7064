"""Operators for Airflow 3.

What is wrong with the data does not go by itself: a task that meets it fails at once, whatever its `retries`, with the places
in its log. Another run that holds the output, a disk that failed for a moment and a stopped machine pass: `retries` apply.
`execution_timeout` ends the program, too. Paths are best absolute: where a task runs is Airflow's to say.
"""
# pyright: standard, reportTypedDictNotRequiredAccess=false

from abc import abstractmethod
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from airflow.sdk import Asset, BaseOperator, Context
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

import bluebook
from bluebook.errors import BluebookError
from bluebook.flags import AnyPath, Day, Inputs, Reading
from bluebook.outcome import PASSING, identity, outcome
from bluebook.report import Report


class BluebookOperator(BaseOperator):
    """A call of the program; a subclass says which.

    What it gives is the task's XCom, and the `extra` of the event of each asset among `outlets`.
    """

    ui_color = "#dbe7f3"
    skip_unchanged = False

    @abstractmethod
    def call(self) -> Mapping[str, Any]:
        """Calls the program, and gives a small value for JSON, with `changed`. Raises BluebookError."""

    def execute(self, context: Context) -> dict[str, Any]:
        """Raises AirflowFailException for what no retry helps, AirflowSkipException as `skip_unchanged` says."""
        told = dict(self._insist())
        for asset in self.outlets:
            if isinstance(asset, Asset):
                context["outlet_events"][asset].extra = told
        if self.skip_unchanged and not told["changed"]:
            context["ti"].xcom_push("return_value", told)
            raise AirflowSkipException("nothing changed")
        return told

    def _insist(self) -> Mapping[str, Any]:
        """Line by line, as a log is shown: the places stand below their lines."""
        try:
            return self.call()
        except PASSING:
            raise
        except BluebookError as error:
            why, *lines = error.message.splitlines()
            for line in lines:
                self.log.error("%s", line)
            raise AirflowFailException(why) from None


class _ReadingOperator(BluebookOperator):
    """A command that reads documents: how, and what lineage is told of it."""

    template_fields: Collection[str] = ("inputs", "dataset", "release_date", "as_of")
    report: Report | None = None

    def __init__(
        self,
        *,
        inputs: Inputs,
        dataset: AnyPath | None = None,
        release_date: Day | None = None,
        as_of: Day | None = None,
        encoding: str | None = None,
        limits: Mapping[str, int] | None = None,
        threads: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.inputs = inputs
        self.dataset = dataset
        self.release_date = release_date
        self.as_of = as_of
        self.encoding = encoding
        self.limits = limits
        self.threads = threads

    def reading(self) -> Reading:
        """How documents are read, for the functions of bluebook."""
        return Reading(
            dataset=self.dataset,
            release_date=self.release_date,
            as_of=self.as_of,
            encoding=self.encoding,
            limits=self.limits,
            threads=self.threads,
        )

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> Any:
        """What Airflow's OpenLineage provider asks for: documents in, sets out."""
        from airflow.providers.openlineage.extractors import OperatorLineage

        read = self.report.inputs if self.report else ()
        sets = self.report.datasets if self.report else ()
        return OperatorLineage(
            inputs=[openlineage(document.path, document.sha256) for document in read],
            outputs=[openlineage(of.folder, identity(of)) for of in sets if of.folder],
        )


class BluebookRunOperator(_ReadingOperator):
    """Reads documents, checks them, and publishes them in `output_path`, a folder or an object store: `bluebook.run`.

    Its XCom is a `bluebook.outcome.Outcome`. With `skip_unchanged` the task is skipped where nothing changed, and with it those
    behind it; no asset event is sent then.
    """

    template_fields: Collection[str] = (*_ReadingOperator.template_fields, "output_path", "lock_file")

    def __init__(
        self,
        *,
        output_path: AnyPath,
        layout: str | None = None,
        formats: Collection[str] | None = None,
        html: bool = False,
        wait: int | None = None,
        lock: bool = False,
        frozen: bool = False,
        lock_file: AnyPath | None = None,
        skip_unchanged: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.output_path = output_path
        self.layout = layout
        self.formats = formats
        self.html = html
        self.wait = wait
        self.lock = lock
        self.frozen = frozen
        self.lock_file = lock_file
        self.skip_unchanged = skip_unchanged

    def call(self) -> Mapping[str, Any]:
        self.report = bluebook.run(
            self.inputs,
            output=self.output_path,
            layout=self.layout,
            formats=self.formats,
            html=self.html,
            wait=self.wait,
            lock=self.lock,
            frozen=self.frozen,
            lock_file=self.lock_file,
            **self.reading(),
        )
        return outcome(self.report)


class BluebookCheckOperator(_ReadingOperator):
    """Runs all steps without publishing: `bluebook.check`. Its XCom is a `bluebook.outcome.Outcome`; `html` is a file."""

    template_fields: Collection[str] = (*_ReadingOperator.template_fields, "html", "lock_file")

    def __init__(
        self,
        *,
        html: AnyPath | None = None,
        frozen: bool = False,
        lock_file: AnyPath | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.html = html
        self.frozen = frozen
        self.lock_file = lock_file

    def call(self) -> Mapping[str, Any]:
        self.report = bluebook.check(
            self.inputs, html=self.html, frozen=self.frozen, lock_file=self.lock_file, **self.reading()
        )
        return outcome(self.report)


class BluebookVerifyOperator(_ReadingOperator):
    """Derives the files in `output_path` again and compares the bytes: `bluebook.verify`. Its XCom says what was compared."""

    template_fields: Collection[str] = (*_ReadingOperator.template_fields, "output_path")

    def __init__(self, *, output_path: AnyPath, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.output_path = output_path

    def call(self) -> Mapping[str, Any]:
        return {"changed": False, "said": bluebook.verify(self.inputs, output=self.output_path, **self.reading())}


class BluebookLoadOperator(BluebookOperator):
    """Loads a published set into a database, a folder or an object store, only what differs: `bluebook.load`.

    Its XCom says whether anything was written (`changed`), and what, in words (`said`).
    """

    template_fields: Collection[str] = ("target", "published", "schema", "driver", "options")

    def __init__(
        self,
        *,
        target: str,
        published: AnyPath,
        layout: str | None = None,
        schema: str | None = None,
        mend: bool = False,
        wait: int | None = None,
        driver: AnyPath | None = None,
        options: Mapping[str, str] | None = None,
        skip_unchanged: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.target = target
        self.published = published
        self.layout = layout
        self.schema = schema
        self.mend = mend
        self.wait = wait
        self.driver = driver
        self.options = options
        self.skip_unchanged = skip_unchanged

    def call(self) -> Mapping[str, Any]:
        said = bluebook.load(
            self.target,
            self.published,
            layout=self.layout,
            schema=self.schema,
            mend=self.mend,
            wait=self.wait,
            driver=self.driver,
            options=self.options,
        )
        return {"changed": bool(said), "said": said}


def openlineage(path: str, sha256: str | None) -> Any:
    """A dataset as OpenLineage names it, `file` and a whole path, or a bucket and a key; its hash is its version."""
    from openlineage.client.event_v2 import Dataset
    from openlineage.client.facet_v2 import DatasetFacet, dataset_version_dataset

    url = urlsplit(path)
    facets: dict[str, DatasetFacet] = {}
    if sha256:
        facets["version"] = dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion=sha256)
    if url.netloc:
        return Dataset(namespace=f"{url.scheme}://{url.netloc}", name=url.path.strip("/"), facets=facets)
    return Dataset(namespace="file", name=str(Path(path).absolute()), facets=facets)
