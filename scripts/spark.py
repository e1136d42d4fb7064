"""Read documents with Spark or Sail, and hold every table against what `bluebook run` publishes of them: all rows, all columns.

    python scripts/spark.py local|cluster|sail --binary PATH [--light] [--annexes N] [--times N]

Documents are made up from the annex. `local` is Spark with two threads, `cluster` Spark with two executors, one of which is
killed in the middle; `sail` is Sail over Spark Connect. `--times` also measures reading beside one run, medians of N.
"""

import argparse
import atexit
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from pyspark.sql import SparkSession

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "python"))
import bluebook.spark  # noqa: E402

ANNEX = (ROOT / "input" / "hk-talent-admissions-2026-02.txt").read_text(encoding="utf-8")
# Another figure, and the total that follows from it.
OTHER = ANNEX.replace("\t549\t", "\t550\t").replace("\t49 737\t", "\t49 738\t")
DEFINITION = ROOT / "src" / "dataset" / "built_in" / "hk-talent-admissions.toml"
WORKBOOK = ROOT / "tests" / "data" / "workbooks" / "annex.xls"
DATASET = "hk-talent-admissions"
TYPES = {"utf8": pa.string(), "int32": pa.int32(), "int64": pa.int64(), "double": pa.float64(), "date": pa.date32(), "boolean": pa.bool_()}
SPLIT = ["observations", "checks", "bounds", "notes"]
# Delta and Iceberg for Spark are jars, which no registry of Python has; Sail has both built in.
FORMATS = {"local": ["parquet"], "cluster": ["parquet"], "sail": ["parquet", "delta", "iceberg"]}
WHOLE = ["history", "releases", "regions", "codes"]


# --- sessions ---


def local():
    return classic("local[2]")


def cluster():
    """Two executors, as processes of their own."""
    return classic("local-cluster[2,1,1024]")


def classic(master):
    session = SparkSession.builder.master(master).appName("bluebook")
    for name, value in {"sql.shuffle.partitions": "2", "ui.enabled": "false", "ui.showConsoleProgress": "false", "driver.host": "127.0.0.1", "log.level": "OFF"}.items():
        session = session.config(f"spark.{name}", value)
    return session.getOrCreate()


def sail():
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer()
    server.start()
    atexit.register(server.stop)
    _, port = server.listening_address
    return SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()


# --- what is expected: the CSV of a run ---


class Published:
    """What a run publishes of a folder of documents."""

    def __init__(self, binary, documents, *arguments):
        self.folder = documents.with_name(f"{documents.name}-published")
        command = [str(binary), "run", str(documents), "--output", str(self.folder), "--no-sync", *arguments]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr[-2000:]

    def table(self, name, columns):
        """A table as pyarrow reads it; one that is not published has no rows."""
        schema = pa.schema([pa.field(column["column"], TYPES[column["type"]], column["null"]) for column in columns])
        path = self.folder / DATASET / f"{name}.csv"
        if not path.exists():
            return schema.empty_table()
        convert = pyarrow.csv.ConvertOptions(column_types=schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False)
        read = pyarrow.csv.read_csv(path, convert_options=convert, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True))
        return pa.table([unguarded(column) for column in read.columns], names=read.schema.names).cast(schema)


def unguarded(column):
    """Texts as they were before the CSV put a `'` before what a spreadsheet would run."""
    return pc.replace_substring_regex(column, r"^'('*[=+@\t\r-].)", r"\1") if column.type == pa.string() else column


def declared(binary):
    """The columns of each table."""
    ended = subprocess.run([str(binary), "columns", "--format", "json"], capture_output=True, text=True, check=True)
    tables = {}
    for line in ended.stdout.splitlines():
        column = json.loads(line)
        tables.setdefault(column["table"], []).append(column)
    return tables


def same(found, expected, columns):
    """Nothing where both have the same rows, else how they differ; in the order of the key."""
    if found.schema.names != expected.schema.names or found.schema.types != expected.schema.types:
        return f"the columns are {found.schema}"
    if found.num_rows != expected.num_rows:
        return f"{found.num_rows} rows, not {expected.num_rows}"
    key = [(column["column"], "ascending") for column in columns if column["key"]]
    found, expected = found.sort_by(key), expected.sort_by(key)
    different = [name for name in found.schema.names if found[name].combine_chunks() != expected[name].combine_chunks()]
    return f"the columns {different} have other values" if different else None


# --- documents ---


def write(folder, texts):
    """A document a text, by its name."""
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def annexes(count):
    """A release a day."""
    days = (date(2026, 3, 1) + timedelta(days=number) for number in range(count))
    return {f"{day}-annex.txt": ANNEX for day in days}


def years():
    """A release a year, whose part of a year can only be compared with that of the release before."""
    first = "2023\t2024\t2025\t2026 ("

    def printed(year):
        return ANNEX.replace(first, f"{year - 3}\t{year - 2}\t{year - 1}\t{year} (")

    return {f"{year}-03-31-annex.txt": printed(year) for year in range(2014, 2027)}


# --- checks ---


class Checks:
    """The checks of one engine, and how they ended."""

    def __init__(self, spark, given, folder):
        self.spark, self.folder, self.binary = spark, folder, given.binary
        self.given, self.columns = given, declared(given.binary)
        self.passed = self.failed = 0

    def __call__(self, name, check, *arguments, **options):
        began = time.monotonic()
        wrong = check(self, *arguments, **options)
        self.failed += wrong is not None
        self.passed += wrong is None
        print(f"{'ok' if wrong is None else 'FAILED'}: {name} ({time.monotonic() - began:.1f} s){'' if wrong is None else f': {wrong}'}", flush=True)

    def read(self, path, table, **options):
        return self.spark.read.format("bluebook").options(table=table, **options).load(str(path))

    def rows(self, path, table, **options):
        return self.read(path, table, **options).toArrow()

    def problems(self, path):
        return self.rows(path, "problems").to_pylist()


def equal_tables(checks, path, published, tables, **options):
    """Every table is the published one."""
    for table in tables:
        columns = checks.columns[table]
        frame = checks.read(path, table, **options)
        nulls = [field.nullable for field in frame.schema]
        if nulls != [column["null"] for column in columns]:
            return f"{table}: other columns may be null than declared"
        wrong = same(frame.toArrow(), published.table(table, columns), columns)
        if wrong:
            return f"{table}: {wrong}"
    return None


def equal_frame(checks, frame, published, table):
    """One frame is the published table."""
    return same(frame.toArrow(), published.table(table, checks.columns[table]), checks.columns[table])


def comparisons(checks, path, published):
    """The history shows what it is made for: each release but the first compares its part of a year with an earlier one."""
    rows = published.table("observations", checks.columns["observations"])
    across = rows.filter(pc.less(rows["previous_release"], rows["release_date"]))
    found = len(across["release_date"].unique())
    return None if found == len(years()) - 1 else f"{found} releases compare with an earlier one"


def bounded(checks, path, published):
    """With one year of context all is exact here, since the year before is printed one release earlier."""
    return equal_tables(checks, path, published, ["observations"], partitions=3, contextYears=1)


def raises(checks, path, words):
    """Reading fails with words."""
    try:
        checks.rows(path, "observations")
    except Exception as error:  # noqa: BLE001 - each engine has its own
        missing = [word for word in words if word not in str(error)]
        return f"{missing} are not in {str(error)[:1500]}" if missing else None
    return "nothing was raised"


def skips(checks, path, published, faulty, rule):
    """The sound releases are given whole, and problems tell of the one document that is not."""
    for table in SPLIT[:2] if checks.given.light else SPLIT + WHOLE:
        wrong = equal_tables(checks, path, published, [table], errors="skip") if published else None
        if published is None and table in SPLIT and checks.rows(path, table, errors="skip").num_rows:
            wrong = "rows of a release with a problem"
        if wrong:
            return f"{table}: {wrong}"
    found = {(Path(problem["document"]).name, problem["rule"]) for problem in checks.problems(path) if problem["severity"] == "error"}
    return None if found == {(faulty, rule)} else f"the problems are {found}"


def from_contents(checks, path, published, table, **options):
    """The same from documents that the engine itself has read."""
    contents = checks.spark.read.format("binaryFile").load(str(path))
    return equal_frame(checks, bluebook.spark.from_contents(contents, table, **options), published, table)


def publishes(checks, path, published, format):
    """What was committed is what was published, twice the same; a problem commits nothing."""
    target = f"{checks.folder}/{format}"
    if format == "iceberg":
        checks.spark.sql(f"CREATE DATABASE figures LOCATION '{target}'").collect()
        target = "figures"
    for _ in range(2):
        bluebook.spark.publish(bluebook.spark.tables(checks.spark, [str(path)]), target, format=format)
    for table in SPLIT + WHOLE:
        name = f"{target}.{table}" if format == "iceberg" else f"{target}/{table}"
        frame = checks.spark.table(name) if format == "iceberg" else checks.spark.read.format(format).load(name)
        wrong = equal_frame(checks, frame, published, table)
        if wrong:
            return f"{table}: {wrong}"
    return None


def replaces_releases(checks, path, published):
    """By release, the rows of other releases stay."""
    target = f"{checks.folder}/delta"
    frame = checks.read(path, "observations")
    newest = frame.filter("release_date = DATE '2026-03-31'")
    bluebook.spark.publish({"observations": newest}, target, format="delta", by_release=True)
    return equal_frame(checks, checks.spark.read.format("delta").load(f"{target}/observations"), published, "observations")


def refuses(checks, sound, faulty):
    """Neither a problem nor a key that comes twice is committed."""
    target = f"{checks.folder}/refused"
    observations = checks.read(sound, "observations")
    for frames in ({"observations": observations, "problems": checks.read(faulty, "problems")}, {"observations": observations.union(observations)}):
        try:
            bluebook.spark.publish(frames, target, format="parquet")
        except (bluebook.ProblemsFound, ValueError):
            continue
        return "it was committed"
    return "something was committed" if Path(target).exists() else None


def survives(checks, path, published):
    """An executor that is killed while it reads changes nothing."""
    found = []
    frame = checks.read(path, "observations", partitions=4)
    job = threading.Thread(target=lambda: found.append(frame.toArrow()))
    job.start()
    killed = kill_an_executor(job)
    job.join()
    if not killed:
        return "no executor was killed while it read"
    return same(found[0], published.table("observations", checks.columns["observations"]), checks.columns["observations"]) if found else "the job failed"


def kill_an_executor(job):
    """SIGKILL for an executor of this very process, once the program reads below it."""
    while job.is_alive():
        for executor in descendants(os.getpid(), "CoarseGrainedExecutorBackend"):
            if descendants(executor, "--output="):
                os.kill(executor, signal.SIGKILL)
                return True
        time.sleep(0.02)
    return False


def descendants(ancestor, words):
    """Processes below one whose command lines have these words."""
    parents, lines = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(re.search(r"\) . (\d+)", (entry / "stat").read_text())[1])
                lines[int(entry.name)] = (entry / "cmdline").read_text(errors="replace")
            except OSError:
                continue  # it has ended

    def is_below(process):
        while process in parents:
            process = parents[process]
            if process == ancestor:
                return True
        return False

    return [process for process, line in lines.items() if words in line and is_below(process)]


# --- all of them ---


def run_checks(checks):
    for group in (histories, contents, releases, hostile, commits, many):
        group(checks, checks.folder / group.__name__, checks.given.light)


def histories(checks, folder, light):
    history = write(folder / "history", years())
    published = Published(checks.binary, history)
    checks("the history compares with earlier releases", comparisons, history, published)
    for partitions in (3,) if light else (1, 3):
        checks(f"history, partitions = {partitions}: all tables", equal_tables, history, published, SPLIT + WHOLE, partitions=partitions)
    checks("history, partitions = 3, a year of context", bounded, history, published)
    undated = write(folder / "undated", {**{name: text for name, text in years().items() if name < "2025"}, "annex.txt": ANNEX, "again.txt": ANNEX})
    tables = SPLIT if light else SPLIT + WHOLE
    checks("documents without a date, partitions = 3", equal_tables, undated, Published(checks.binary, undated), tables, partitions=3)
    own = folder / "own.toml"
    shutil.copy(DEFINITION, own)
    checks("a definition in a file", equal_tables, history, published, tables[:1] if light else tables, dataset=str(own), partitions=2)


def contents(checks, folder, light):
    history = write(folder / "history", years())
    published = Published(checks.binary, history)
    for table in ("observations", "history") if light else SPLIT + WHOLE:
        checks(f"from contents: {table}", from_contents, history, published, table)
    for table in ("checks",) if light else ("checks", "bounds", "notes"):
        checks(f"from contents, release by release: {table}", from_contents, history, published, table, together="release")


def releases(checks, folder, light):
    agree = write(folder / "agree", {"2026-03-31-annex.txt": ANNEX, "2026-03-31-copy.txt": ANNEX})
    checks("two documents of a release that agree", equal_tables, agree, Published(checks.binary, agree), SPLIT if light else SPLIT + WHOLE)
    differ = write(folder / "differ", {"2026-03-31-annex.txt": ANNEX, "2026-03-31-other.txt": OTHER})
    checks("two that differ are skipped", skips, differ, None, "2026-03-31-annex.txt", "documents-differ")
    checks("two that differ fail", raises, differ, [f"{differ}/2026-03-31-other.txt", "help:"])


def hostile(checks, folder, light):
    good = 20 if light else 500
    sound, beside = write(folder / "sound", annexes(good)), write(folder / "beside", annexes(good))
    name = "2025-01-31-cut.xls"
    (beside / name).write_bytes(WORKBOOK.read_bytes()[:5000])
    checks(f"a cut workbook among {good} annexes", skips, beside, Published(checks.binary, sound), name, "unreadable")


def commits(checks, folder, light):
    history = write(folder / "history", years())
    differ = write(folder / "differ", {"2026-03-31-annex.txt": ANNEX, "2026-03-31-other.txt": OTHER})
    checks("publish refuses problems and double keys", refuses, history, differ)
    if light:
        return
    published = Published(checks.binary, history)
    for format in FORMATS[checks.given.engine]:
        checks(f"publish as {format}", publishes, history, published, format)
        if format == "delta":
            checks("publish by release", replaces_releases, history, published)


def many(checks, folder, light):
    count = 50 if light else checks.given.annexes
    given = write(folder / "given", annexes(count))
    published = Published(checks.binary, given)
    for partitions in (4,) if light else (1, 4):
        checks(f"{count} annexes, partitions = {partitions}", equal_tables, given, published, SPLIT if light else SPLIT + WHOLE, partitions=partitions)
    if checks.given.engine == "cluster":
        checks("an executor that is killed", survives, given, published)
    if checks.given.times:
        measure(checks, given)


# --- time ---


def measure(checks, documents):
    """Medians, in turns: one run; reading the observations in one part, and in two; the checks in two."""
    ways = {
        "bluebook run": lambda: Published(checks.binary, documents),
        "bluebook read, observations": lambda: subprocess.run([checks.binary, "read", "--table=observations", f"--output={checks.folder}/read", documents], check=True, capture_output=True),
        "observations, 1 partition": lambda: checks.read(documents, "observations").count(),
        "observations, 2 partitions": lambda: checks.read(documents, "observations", partitions=2).count(),
        "observations, 2 partitions, 1 year of context": lambda: checks.read(documents, "observations", partitions=2, contextYears=1).count(),
        "checks, 1 partition": lambda: checks.read(documents, "checks").count(),
        "checks, 2 partitions": lambda: checks.read(documents, "checks", partitions=2).count(),
    }
    times = {name: [] for name in ways}
    for _ in range(checks.given.times):
        for name, work in ways.items():
            shutil.rmtree(documents.with_name(f"{documents.name}-published"), ignore_errors=True)
            began = time.monotonic()
            work()
            times[name].append(time.monotonic() - began)
    for name, seconds in times.items():
        print(f"{name}: {statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("engine", choices=["local", "cluster", "sail"])
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--annexes", type=int, default=2000)
    parser.add_argument("--light", action="store_true", help="fewer documents and tables")
    parser.add_argument("--times", type=int, default=0)
    given = parser.parse_args()
    given.binary = given.binary.resolve()
    os.environ["BLUEBOOK_BINARY"] = str(given.binary)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT / "python"), os.environ.get("PYTHONPATH")]))
    scratch = Path(tempfile.mkdtemp())
    spark = globals()[given.engine]()
    try:
        bluebook.spark.register(spark)
        checks = Checks(spark, given, scratch)
        run_checks(checks)
        print(f"{checks.passed} passed, {checks.failed} failed")
    finally:
        spark.stop()
        shutil.rmtree(scratch, ignore_errors=True)
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
