"""Time bluebook against scripts/peer.py and scripts/peer_flows.py, process against process.

    python scripts/pairs.py [--binary PATH] [--annex FILE] [--runs N] [--runs-many N] [--runs-workbook N] [--runs-sync N]
                            [--copies N] [--python PATH]

The two take turns (A B A B …), so that whatever else the machine does falls on both, and each pair gives one ratio.
A run is a whole process: start, read, compute, write, end. Each writes into a folder that did not exist before.

First the one annex, then many copies of it, each its own file and release, then a workbook of a million figures; at last the
one annex against itself without flushing (`--no-sync`). The peak of memory is the kernel's count
for the process (Linux: no smaller than that of this script, which is printed).
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
# No document reports what comes after its release.
FIRST_RELEASE = date(2026, 2, 28)
MEBIBYTE = 1024 * 1024
MEASURES = [("wall", "wall, s", 3), ("cpu", "user + system, s", 3), ("peak", "peak memory, MiB", 1)]


def peak_bytes(usage):
    """The peak of memory; the kernel counts kibibytes, but for macOS."""
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def run(command):
    """Run a process to its end: wall seconds, seconds of processor time, peak of memory in MiB."""
    silence = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    started = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=silence)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - started
    if status != 0:
        raise SystemExit(f"pairs: exit code {os.waitstatus_to_exitcode(status)}: {' '.join(command)}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak": peak_bytes(usage) / MEBIBYTE}


def run_into(scratch, command_for):
    """Run the command for an output folder that does not exist yet, and sweep it afterwards."""
    output = scratch / "output"
    try:
        return run(command_for(output))
    finally:
        shutil.rmtree(output, ignore_errors=True)


def take_turns(commands, times, scratch):
    """The measurements of both, pair by pair."""
    return [{name: run_into(scratch, command) for name, command in commands.items()} for _ in range(times)]


def commands(folder, given, peer, input=None):
    """What both are called with, for an output folder."""
    return {
        "bluebook": lambda output: [str(given.binary), "run", *(input or [str(folder)]), "--output", str(output)],
        "peer": lambda output: [given.python, str(HERE / peer), str(folder), str(output)],
    }


def commands_to_sync(folder, given):
    """One with flushing, the other without."""
    run = lambda output, *more: [str(given.binary), "run", str(folder), "--output", str(output), *more]
    return {"with": run, "without": lambda output: run(output, "--no-sync")}


def spread(values, digits):
    """The least, the middle and the greatest, as columns."""
    return "".join(f"{value:>10.{digits}f}" for value in (min(values), median(values), max(values)))


def show(title, pairs):
    """A table of the measurements, and of the ratios within each pair."""
    print(f"\n{title}, {len(pairs)} pair{'s' * (len(pairs) != 1)}")
    print(f"{'':32}{'min':>10}{'median':>10}{'max':>10}")
    for what, words, digits in MEASURES:
        first, second = pairs[0]
        for name in (first, second):
            print(f"{words:20}{name:12}{spread([pair[name][what] for pair in pairs], digits)}")
        ratios = [pair[second][what] / pair[first][what] for pair in pairs]
        print(f"{'':20}{'ratio':12}{spread(ratios, 2)}")


def show_machine():
    """What the figures below were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    own = peak_bytes(resource.getrusage(resource.RUSAGE_SELF)) / MEBIBYTE
    print(f"{os.cpu_count()} cores, {memory / MEBIBYTE / 1024:.1f} GiB of memory; this script: {own:.1f} MiB")
    print("ratio: the second / the first within a pair")


def copy_one(annex, folder):
    """A folder with the annex under its own name."""
    folder.mkdir()
    shutil.copy(annex, folder / annex.name)
    return folder


def copy_many(annex, folder, copies):
    """A folder with copies of the annex, each the release of another day."""
    folder.mkdir()
    content = annex.read_bytes()
    for day in range(copies):
        (folder / f"{FIRST_RELEASE + timedelta(days=day)}-annex.txt").write_bytes(content)
    return folder


def write_workbook(folder, given):
    """A folder with the workbook, and the definition that reads it."""
    subprocess.run([given.python, str(HERE / "flows.py"), str(folder)], check=True)
    return folder


def at_least(least):
    """A whole number that is no smaller; argparse names it in its message."""

    def number(text):
        if int(text) < least:
            raise ValueError
        return int(text)

    number.__name__ = f"number of at least {least}"
    return number


def arguments():
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--binary", type=Path, default=Path("target/release/bluebook"), help="bluebook (%(default)s)")
    add("--annex", type=Path, default=Path("input/hk-talent-admissions-2026-02.txt"), help="document (%(default)s)")
    add("--runs", type=at_least(0), default=5, help="pairs over the one annex (%(default)s)")
    add("--runs-many", type=at_least(0), default=1, help="pairs over the copies (%(default)s)")
    add("--runs-workbook", type=at_least(0), default=3, help="pairs over the workbook (%(default)s)")
    add("--runs-sync", type=at_least(0), default=20, help="pairs with and without flushing (%(default)s)")
    add("--copies", type=at_least(1), default=10_000, help="how many copies (%(default)s)")
    add("--python", default=sys.executable, help="the Python that runs the peers; it needs polars and fastexcel")
    given = parser.parse_args()
    for path in (given.binary, given.annex):
        if not path.is_file():
            parser.error(f"{path} is no file")
    given.binary = given.binary.resolve()
    return given


def main():
    """Measure and show."""
    given = arguments()
    show_machine()
    with tempfile.TemporaryDirectory(prefix="pairs-") as name:
        scratch = Path(name)
        if given.runs:
            one = copy_one(given.annex, scratch / "one")
            show("one annex", take_turns(commands(one, given, "peer.py"), given.runs, scratch))
        if given.runs_many:
            many = copy_many(given.annex, scratch / "many", given.copies)
            show(f"{given.copies:,} copies", take_turns(commands(many, given, "peer.py"), given.runs_many, scratch))
        if given.runs_workbook:
            flows = write_workbook(scratch / "flows", given)
            both = commands(flows, given, "peer_flows.py", [str(flows / "flows.xlsx"), "--dataset", str(flows / "flows.toml")])
            show("a workbook of a million figures", take_turns(both, given.runs_workbook, scratch))
        if given.runs_sync:
            one = copy_one(given.annex, scratch / "sync")
            show("flushing", take_turns(commands_to_sync(one, given), given.runs_sync, scratch))


if __name__ == "__main__":
    main()
