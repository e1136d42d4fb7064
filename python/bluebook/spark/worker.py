"""Documents in memory to tables: a call of `bluebook worker`, which takes and gives streams of Arrow."""

import subprocess
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, BufferedWriter
from tempfile import TemporaryFile
from typing import cast

import pyarrow as pa

from bluebook.binary import find_binary
from bluebook.errors import error_of


@dataclass(frozen=True)
class Frame:
    """Some rows of a table, or of `problems`."""

    table: str
    rows: pa.Table


def read_together(documents: pa.Table, settings: Mapping[str, str]) -> Iterator[Frame]:
    """The tables of documents, as they are published together; those with a problem are left out with their release.

    `documents` has the columns `name` and `content`; src/worker.rs lists the settings. Raises BluebookError where the worker
    does not end as it should.
    """
    asked = {"frames": "observations", "text": "plain", **settings}
    with _worker() as (to, answers):
        documents = documents.replace_schema_metadata(asked)
        with to, pa.ipc.new_stream(to, documents.schema) as stream:
            stream.write_table(documents)
        while answers.peek(1):
            yield _frame(answers)


def _frame(answers: BufferedReader) -> Frame:
    with pa.ipc.open_stream(answers) as stream:
        rows = stream.read_all()
    said = stream.schema.metadata or {}
    return Frame(said.get(b"frame", b"").decode(), rows)


@contextmanager
def _worker() -> Generator[tuple[BufferedWriter, BufferedReader], None, None]:
    """Where documents go in, and answers come out, while within."""
    with TemporaryFile() as words:
        command = [find_binary(), "--color=never", "worker"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words) as child:
            try:
                yield cast("BufferedWriter", child.stdin), cast("BufferedReader", child.stdout)
            except BrokenPipeError:
                child.wait()  # it says why it reads no more
            except BaseException:
                child.kill()
                raise
        if child.returncode != 0:
            words.seek(0)
            raise error_of("worker", child.returncode, words.read().decode(errors="backslashreplace"))
