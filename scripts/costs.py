"""What a document costs, by its shape: time and memory of shapes that once grew by the square, at 1, 10 and 100 times a size.

    python scripts/costs.py [--binary PATH] [--shape NAME]

Each is a whole process, `bluebook check`, in a folder of its own. The largest of each is what a person could be sent; beyond a
limit the document is refused, which is a result, too. The peak of memory is the kernel's count for the process and its worker.
"""

import argparse
import os
import signal
import tempfile
import threading
import time
from pathlib import Path

# Seconds after which a shape is given up.
LONGEST = 30

DEFINITION = """name = "own"
title = "t"
publisher = "p"
totals = "optional"
optional_tables = true
{top}[measure]
name = "m"
unit = "u"
[[dimension]]
name = "class"
meaning = "kind"
printed = "table"
codes = {{ A = "A" }}
[[dimension]]
name = "region"
meaning = "region"
codes = "regions"
{rest}"""

TABLE = "A\n\nRegion\t2021\t2022\nCanada\t1\t2\nTotal\t1\t2\n"


def line_ends(times):
    """A table, and blank lines behind it."""
    return "a.txt", TABLE + "\n" * (100_000 * times), {}


def trailing_ends(times):
    """Carriage returns behind a table, as one of the first faults had them."""
    return "a.txt", TABLE + "\r" * (1_600 * times), {}


def wide_header(times):
    """A header of years without end."""
    years = "\t".join(str(1800 + at % 400) for at in range(160 * times))
    return "a.txt", f"A\n\nRegion\t{years}\nCanada" + "\t1" * (160 * times) + "\n", {}


def same_headings(times):
    """A header that names two years again and again."""
    return "a.txt", "A\n\nRegion" + "\t2023\t2024" * (80 * times) + "\nCanada" + "\t1" * (160 * times) + "\n", {}


def same_rows(times):
    """A row again and again."""
    return "a.txt", "A\n\nRegion\t2023\t2024\n" + "Canada\t1\t2\n" * (800 * times), {}


def flattened(times):
    """Rows whose cells cannot be told apart."""
    rows = "".join(f"Country {at} 1 204 300 {at} 5 11\n" for at in range(40 * times))
    return "a.txt", f"A\n\nRegion 2021 2022 2023\n{rows}", {}


def repeated(times):
    """The same table again and again."""
    return "a.txt", (TABLE + "\n") * (400 * times), {}


def notes(times):
    """A table with notes without end."""
    return "a.txt", TABLE + "\n" + "".join(f"({at % 99 + 1}) Words.\n" for at in range(10_000 * times)), {}


def labels(times):
    """Labels in the definition that no document prints."""
    rest = "[dimension.labels]\n" + "".join(f'"Label {at}" = "CAN"\n' for at in range(200 * times))
    return "a.txt", TABLE, {"rest": rest}


def unknown(times):
    """Rows whose labels are not known."""
    rows = "".join(f"Somewhere {at}\t1\t2\n" for at in range(200 * times))
    return "a.txt", f"A\n\nRegion\t2021\t2022\n{rows}Total\t1\t2\n", {}


def prose(times):
    """Words without a table."""
    return "a.txt", TABLE + "\n" + "Words of this and that, and no end of them.\n\n" * (200 * times), {}


def one_line(times):
    """A line without end."""
    return "a.txt", TABLE + "\n" + "x " * (5_000 * times) + "\n", {}


def periods(times):
    """A workbook whose header names days, a text each."""
    import xlsxwriter

    folder = Path(tempfile.mkdtemp())
    book = xlsxwriter.Workbook(folder / "a.xlsx")
    sheet = book.add_worksheet("T")
    sheet.write(0, 0, "A")
    columns, rows = 160, 10 * times
    sheet.write(2, 0, "Region")
    for column in range(columns):
        sheet.write(2, column + 1, f"{column % 28 + 1} January {1850 + column}")
    for row in range(rows):
        sheet.write(row + 3, 0, f"{row % 12 + 1} March {1800 + row % 400}")
        for column in range(columns):
            sheet.write(row + 3, column + 1, f"{column % 28 + 1} January {1850 + row % 300}")
    book.close()
    return "a.xlsx", (folder / "a.xlsx").read_bytes(), {}


def cells(times):
    """A workbook of figures."""
    import xlsxwriter

    folder = Path(tempfile.mkdtemp())
    book = xlsxwriter.Workbook(folder / "a.xlsx", {"constant_memory": True})
    sheet = book.add_worksheet("T")
    sheet.write(0, 0, "A")
    columns = 100
    sheet.write(2, 0, "Region")
    for column in range(columns):
        sheet.write(2, column + 1, str(1900 + column))
    for row in range(100 * times):
        sheet.write(row + 3, 0, f"Country {row}")
        for column in range(columns):
            sheet.write(row + 3, column + 1, row * column)
    book.close()
    return "a.xlsx", (folder / "a.xlsx").read_bytes(), {}


SHAPES = [
    line_ends, trailing_ends, wide_header, same_headings, same_rows, flattened, repeated, notes, labels, unknown, prose, one_line, periods, cells,
]


def measure(binary, name, content, keys):
    """Seconds, peak of memory in MiB, and the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        content = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(content)
        definition = DEFINITION.format(top=keys.get("top", ""), rest=keys.get("rest", ""))
        (folder / "own.toml").write_text(definition)
        command = [binary, "check", str(folder / name), "--dataset", str(folder / "own.toml")]
        silence = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
        started = time.perf_counter()
        process = os.posix_spawn(command[0], command, os.environ, file_actions=silence)
        alarm = threading.Timer(LONGEST, os.kill, (process, signal.SIGKILL))
        alarm.start()
        _, status, usage = os.wait4(process, 0)
        alarm.cancel()
        seconds = time.perf_counter() - started
        return len(content), seconds, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default="target/release/bluebook")
    parser.add_argument("--shape")
    parser.add_argument("--times", type=int, nargs="*", default=[1, 10, 100])
    arguments = parser.parse_args()
    binary = str(Path(arguments.binary).resolve())
    print(f"{'shape':14} {'times':>5} {'bytes':>11} {'seconds':>8} {'MiB':>7}  exit")
    for shape in SHAPES:
        if arguments.shape not in (None, shape.__name__):
            continue
        for times in arguments.times:
            size, seconds, peak, code = measure(binary, *shape(times))
            print(f"{shape.__name__:14} {times:5} {size:11,} {seconds:8.3f} {peak:7.1f}  {code}", flush=True)


if __name__ == "__main__":
    main()
