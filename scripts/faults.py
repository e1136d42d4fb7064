"""Break runs in every way the system knows, and see that the published set is whole and the next run mends the rest.

    python3 scripts/faults.py [--binary PATH] [--annex FILE] [--long] [--only GROUP]... [--seed N]

Each case starts from an old set, which differs from the new one that the run publishes. After it the set must be the whole old
or the whole new one, byte for byte, the exit code must say which, and the next run must give the new set and leave nothing
else. Calls are broken by strace's injection, one at a time, counted by the file or folder they concern. Groups that need
strace or root say so where they are skipped. Without --long a few cases of each group are tried.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path

DATASET = "hk-talent-admissions"
CALLS = (
    "openat,read,pread64,write,pwrite64,writev,fsync,fdatasync,rename,renameat,renameat2,mkdir,mkdirat,rmdir,unlink,"
    "unlinkat,ftruncate,copy_file_range,sendfile,close,statx,newfstatat,fstat,getdents64,flock,chmod,fchmod,fadvise64,lseek"
)
WRITING = (
    "openat,write,pwrite64,writev,rename,renameat,renameat2,mkdir,mkdirat,rmdir,unlink,unlinkat,link,linkat,symlink,"
    "symlinkat,ftruncate,truncate,chmod,fchmod,chown,fchown,utimensat,copy_file_range,mknod,mknodat"
)
ERRORS = ["ENOSPC", "EIO", "EDQUOT", "EINTR"]
SWEEPING = ["unlink", "unlinkat", "rmdir"]
LONGEST_END = 2.0
DONE, IO, BUSY = 0, 74, 75
BEFORE = ".bluebook-before."


class Suite:
    """A folder to work in, the sets that a run may leave, and what was found."""

    def __init__(self, given, scratch):
        self.binary, self.long, self.scratch = given.binary, given.long, scratch
        self.random = random.Random(given.seed)
        self.input = scratch / "input"
        self.input.mkdir()
        shutil.copy(given.annex, self.input)
        self.before, self.output = scratch / "before", scratch / "output"
        self.run(self.before, "--release-date", "2026-03-31")
        self.old = tree(self.before)
        self.seconds = min(self.timed() for _ in range(5))
        self.new = tree(self.output)
        assert self.old.keys() == self.new.keys() and self.old != self.new
        self.failures, self.ends = [], Counter()

    def command(self, output=None, *more):
        """A run of bluebook into a folder."""
        return [str(self.binary), "run", str(self.input), "--output", str(output or self.output), *more]

    def run(self, output, *more, before=(), **how):
        """Run to the end: exit code and what was said. Whoever is stopped by a signal has its negative number."""
        how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
        ended = subprocess.run([*before, *self.command(output, *more)], text=True, check=False, **how)
        return ended.returncode, (ended.stdout or "") + (ended.stderr or "")

    def reset(self):
        """Put the old set back, as it was published."""
        shutil.rmtree(self.output, ignore_errors=True)
        shutil.copytree(self.before, self.output)

    def timed(self):
        """How long a run takes."""
        self.reset()
        started = time.perf_counter()
        self.run(self.output)
        return time.perf_counter() - started

    def fail(self, case, *words):
        """Note what went wrong."""
        self.failures.append(case)
        print(f"FAILED {case}: {' '.join(map(str, words))}", file=sys.stderr)

    def judge(self, case, code, said, allowed, is_swept=True):
        """What stands there now, what the exit code says of it, and what the next run makes of it."""
        output = self.output
        self.ends[code] += 1
        if code >= 0 and is_swept and is_left_over(output):
            self.fail(case, "something is left over", code, said)
        if code not in allowed:
            self.fail(case, "exit code", code, said)
        found = {name: content for name, content in tree(output).items() if not name.startswith(".bluebook-")}
        if found not in (self.old, self.new):
            self.fail(case, "the set is neither old nor new", code, said)
        elif code == DONE and found != self.new or code in (IO, BUSY) and found != self.old:
            self.fail(case, "exit code", code, "with the", "old" if found == self.old else "new", "set")
        if code == IO and str(self.scratch) not in said:
            self.fail(case, "no path is named:", said)
        self.judge_next(case, output)

    def judge_next(self, case, output):
        """The next run, which nothing disturbs."""
        code, said = self.run(output)
        if code != DONE or tree(output) != self.new:
            self.fail(case, "the next run:", code, said, sorted(tree(output).keys() ^ self.new.keys()))

    def few(self, cases, most):
        """All cases in the long form, else some."""
        cases = list(cases)
        return cases if self.long or len(cases) <= most else self.random.sample(cases, most)


def tree(folder):
    """All files below a folder, and empty folders, with what they hold; without the set before the published one."""
    found = {}
    for path, folders, files in os.walk(folder):
        base = Path(path)
        folders[:] = [name for name in folders if not name.startswith(BEFORE)]
        found.update({str((base / name).relative_to(folder)): (base / name).read_bytes() for name in files})
        if not folders and not files and base != folder:
            found[str(base.relative_to(folder))] = None
    return found


def is_left_over(output):
    """Whether a folder of a run in preparation is there."""
    return any(not path.name.startswith(BEFORE) for path in output.glob(".bluebook-*"))


def calls(suite):
    """Each call of a run that concerns our files: its name, the path, and how many times a thread makes it at most."""
    suite.reset()
    traces = suite.scratch / "traces"
    traces.mkdir(exist_ok=True)
    suite.run(None, before=["strace", "-ff", "-y", "-s", "0", "-o", str(traces / "of"), "-e", f"trace={CALLS}"])
    most = Counter()
    for trace in traces.iterdir():
        of_thread = Counter()
        for line in trace.read_text(errors="replace").splitlines():
            paths = {path for pair in re.findall(r'"(/[^"]*)"|<(/[^>]*)>', line) for path in pair if path}
            ours = [path for path in paths if path.startswith(str(suite.scratch))]
            of_thread.update((line.partition("(")[0], path) for path in ours)
        most |= of_thread
    shutil.rmtree(traces)
    return [(name, path, at) for (name, path), times in sorted(most.items()) for at in range(1, times + 1)]


def inject(name, what, path=None, more=()):
    """The words before a command that break one of its calls."""
    only = ["-P", path] if path else []
    return ["strace", "-f", "-o", "/dev/null", *only, *more, "-e", f"trace={CALLS}", "-e", f"inject={name}:{what}"]


def killed_at_calls(suite):
    """SIGKILL at each call in turn."""
    cases = suite.few(calls(suite), 25)
    for name, path, at in cases:
        suite.reset()
        code, said = suite.run(None, before=inject(name, f"signal=KILL:when={at}", path))
        suite.judge(f"kill at {name} {at} of {path}", code, said, {-signal.SIGKILL, DONE})
    return len(cases)


def errors_at_calls(suite):
    """An error of the system at each call in turn."""
    cases = suite.few([(error, *call) for call in calls(suite) for error in ERRORS], 40)
    for error, name, path, at in cases:
        suite.reset()
        code, said = suite.run(None, before=inject(name, f"error={error}:when={at}", path))
        suite.judge(f"{error} at {name} {at} of {path}", code, said, {DONE, IO}, name not in SWEEPING)
    return len(cases)


def without_exchange(suite):
    """A file system that cannot exchange two folders: killed, or refused, between the steps."""
    whats = ["signal=KILL", *(f"error={error}" for error in ERRORS)]
    cases = [(what, at) for what in whats for at in (1, 2, 3)]
    refused = ["-e", "inject=renameat2:error=EINVAL"]
    for what, at in cases:
        suite.reset()
        code, said = suite.run(None, before=inject("rename", f"{what}:when={at}", more=refused))
        case = f"{what} at rename {at} without exchange"
        aside = suite.output / f".bluebook-old.{DATASET}"
        if code == -signal.SIGKILL and not (suite.output / DATASET).exists():
            # Between the steps a reader finds nothing; the old set waits aside, and must survive a run that fails.
            lost = suite.run(None, "--dataset", "/nowhere.toml")[0]
            if not aside.exists() and tree(suite.output) != suite.old:
                suite.fail(case, "the old set is lost", lost)
            suite.judge_next(case, suite.output)
            continue
        suite.judge(case, code, said, {-signal.SIGKILL, DONE, IO})
    return len(cases)


def threads_refused(suite):
    """A thread that cannot be started ends a run that can be tried again, and leaves nothing behind."""
    cases = range(1, 25)
    for at in cases:
        suite.reset()
        words = ["strace", "-f", "-o", "/dev/null", "-e", "trace=clone3", "-e", f"inject=clone3:error=EAGAIN:when={at}"]
        code, said = suite.run(None, before=words)
        suite.judge(f"thread {at}", code, said + str(suite.scratch), {DONE, IO, BUSY})
    return len(cases)


def killed_at_moments(suite):
    """SIGKILL at random moments."""
    moments = [suite.random.uniform(0, suite.seconds) for _ in range(200 if suite.long else 10)]
    for moment in moments:
        suite.reset()
        code, said, _ = stopped(suite, signal.SIGKILL, moment)
        suite.judge(f"kill after {moment:.4f} s", code, said, {-signal.SIGKILL, DONE})
    return len(moments)


def stopped(suite, by, moment):
    """A run that is stopped at a moment: its exit code, what it said, and how long it took to end."""
    process = subprocess.Popen(suite.command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(moment)
    sent = time.perf_counter()
    process.send_signal(by)
    out, err = process.communicate()
    return process.returncode, out + err, time.perf_counter() - sent


def outside(suite):
    """Nothing is written but below the output folder; and nothing at all where nothing changes."""
    suite.reset()
    for case, allowed in (("a run that changes", str(suite.output)), ("a run that changes nothing", None)):
        traced = ["strace", "-f", "-y", "-o", str(suite.scratch / "trace"), "-e", f"trace={WRITING}"]
        code, said = suite.run(None, before=traced)
        for line in (suite.scratch / "trace").read_text(errors="replace").splitlines():
            is_open = "openat(" in line and not re.search("O_WRONLY|O_RDWR|O_CREAT", line)
            is_ours = allowed and (f'"{allowed}' in line or f"<{allowed}" in line)
            is_silent = re.search(r"/dev/null|write\(\d+<(pipe|anon_inode|/dev|socket|UNIX)|resumed|exited|--- ", line)
            if not (is_open or is_ours or is_silent):
                suite.fail(case, "writes elsewhere:", line)
        suite.judge(case, code, said, {DONE})
    return 2


def stopped_by_signals(suite):
    """SIGTERM and SIGINT at random moments: out in time, with the right code, and nothing left over."""
    times = 100 if suite.long else 5
    longest = 0.0
    for by, code_of in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
        for _ in range(times):
            moment = suite.random.uniform(0, suite.seconds)
            suite.reset()
            code, said, seconds = stopped(suite, by, moment)
            case, longest = f"{by.name} after {moment:.4f} s", max(longest, seconds)
            if seconds > LONGEST_END:
                suite.fail(case, f"took {seconds:.2f} s")
            # In its first moments a process listens to nothing, and ends by the signal itself.
            suite.judge(case, code, said, {code_of, DONE, -by})
    print(f"  the longest took {longest:.3f} s to end")
    return 2 * times + unheard(suite)


def unheard(suite):
    """A run whose standard error nobody reads waits for that; a signal ends it in time, a second one at once."""
    for case, times, longest in (("one signal", 1, LONGEST_END), ("two signals", 2, LONGEST_END / 2)):
        suite.reset()
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        with suppress(BlockingIOError):
            while os.write(writer, b"x" * 512):
                pass
        os.set_blocking(writer, True)
        process = subprocess.Popen(suite.command(None, "--verbose"), stdout=subprocess.DEVNULL, stderr=writer)
        os.close(writer)
        time.sleep(3 * suite.seconds)
        started = time.perf_counter()
        for _ in range(times):
            process.send_signal(signal.SIGTERM)
            time.sleep(0.1)
        code = process.wait()
        if time.perf_counter() - started > longest:
            suite.fail(f"{case}, unheard", f"took {time.perf_counter() - started:.2f} s")
        os.close(reader)
        suite.judge(f"{case}, unheard", code, "", {143}, is_swept=times == 1)
    return 2


def many_at_once(suite):
    """Eight runs into one folder."""
    rounds = 50 if suite.long else 3
    for at in range(rounds):
        suite.reset()
        waits = ["--wait", "60"] if at % 2 else []
        how = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        runs = [subprocess.Popen(suite.command(None, *waits), **how) for _ in range(8)]
        ends = [(run.communicate()[1], run.returncode) for run in runs]
        suite.ends.update(code for _, code in ends)
        if any(code not in ({DONE} if waits else {DONE, BUSY}) for _, code in ends) or not any(code == DONE for _, code in ends):
            suite.fail(f"eight at once, round {at}", ends)
        if tree(suite.output) != suite.new:
            suite.fail(f"eight at once, round {at}", "the set is not the new one")
    return 8 * rounds


def closed_output(suite):
    """Standard output that is full, or that nobody reads, leaves the old set; one that was never open is nobody's."""
    reader, writer = os.pipe()
    os.close(reader)
    cases = [("full", open("/dev/full", "w", encoding="utf-8"), IO), ("unread", os.fdopen(writer, "w"), IO)]
    for case, stdout, expected in cases:
        suite.reset()
        code, said = suite.run(None, stdout=stdout)
        suite.judge(f"standard output {case}", code, said + str(suite.scratch), {expected})
    suite.reset()
    closed = ["sh", "-c", 'exec "$0" "$@" >&-']
    code, said = suite.run(None, before=closed)
    suite.judge("standard output closed", code, said, {DONE})
    return 3


@contextmanager
def mounted(folder, *arguments):
    """A file system at a folder, as long as it is needed."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", *arguments, str(folder)], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def small_disks(suite):
    """A disk of 64 KB to 2 MB: the old set, or none, stands where the new one has no room; with room it's published."""
    sizes = suite.few([round(64 * 32 ** (at / 15)) for at in range(16)], 4)
    need = sum(map(len, suite.old.values())) // 1024 + 64
    for size in sizes:
        with mounted(suite.scratch / "small", "-t", "tmpfs", "-o", f"size={size}k", "none") as disk:
            output, had = disk / "output", suite.old if size > need else {}
            if had:
                shutil.copytree(suite.before, output)
            code, said = suite.run(output)
            suite.ends[code] += 1
            if is_left_over(output):
                suite.fail(f"a disk of {size} KB", "something is left over", code, said)
            case, found = f"a disk of {size} KB", tree(output) if output.exists() else {}
            if code not in (DONE, IO) or found != (suite.new if code == DONE else had):
                suite.fail(case, code, said, sorted(found))
            if code == IO and (str(output) not in said or "No space left" not in said):
                suite.fail(case, "what is full is not named:", said)
            subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=True)
            suite.judge_next(case, output)
    return len(sizes)


def read_only(suite):
    """A folder that cannot be written: nothing is lost, and a run that changes nothing does not mind."""
    suite.reset()
    with mounted(suite.output, "--bind", str(suite.output)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(suite.output)], check=True)
        code, said = suite.run(None)
        if code != IO or tree(suite.output) != suite.old or str(suite.output) not in said:
            suite.fail("a read-only folder", code, said)
        same = suite.run(None, "--release-date", "2026-03-31")
        if same != (DONE, ""):
            suite.fail("a read-only folder with the same set", *same)
    suite.judge_next("a read-only folder", suite.output)
    return 2


def mounted_target(suite):
    """A dataset's folder that is a file system of its own cannot be exchanged; that is said."""
    suite.reset()
    target = suite.output / DATASET
    with mounted(target, "--bind", str(suite.before / DATASET)):
        code, said = suite.run(None)
        if code != IO or "is a file system of its own" not in said or tree(suite.output) != suite.old:
            suite.fail("a mounted target", code, said, sorted(tree(suite.output)))
    suite.judge_next("a mounted target", suite.output)
    return 1


GROUPS = {
    "kill at calls": (killed_at_calls, "strace"),
    "errors at calls": (errors_at_calls, "strace"),
    "no exchange": (without_exchange, "strace"),
    "threads": (threads_refused, "strace"),
    "outside": (outside, "strace"),
    "kill at moments": (killed_at_moments, None),
    "signals": (stopped_by_signals, None),
    "eight at once": (many_at_once, None),
    "standard output": (closed_output, None),
    "small disks": (small_disks, "mount"),
    "read-only": (read_only, "mount"),
    "mounted target": (mounted_target, "mount"),
}


def missing(need, scratch):
    """What a group needs and this machine lacks."""
    if need == "strace" and subprocess.run("strace -qq -o /dev/null true", shell=True, capture_output=True).returncode:
        return "strace is not installed, or may not trace"
    if need == "mount":
        try:
            with mounted(scratch / "probe", "-t", "tmpfs", "none"):
                return None
        except (OSError, subprocess.CalledProcessError):
            return "mounting needs root"
    return None


def arguments():
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--binary", type=Path, default=Path("target/debug/bluebook"), help="bluebook (%(default)s)")
    add("--annex", type=Path, default=Path("input/hk-talent-admissions-2026-02.txt"), help="document (%(default)s)")
    add("--long", action="store_true", help="every case, not some of each group")
    add("--only", action="append", choices=GROUPS, help="only this group; may be given more than once")
    add("--seed", type=int, default=6, help="of the random moments (%(default)s)")
    given = parser.parse_args()
    given.binary = given.binary.resolve()
    return given


def main():
    """Try all groups, and count."""
    given = arguments()
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        suite = Suite(given, Path(name).resolve())
        for group in given.only or GROUPS:
            tried, need = GROUPS[group]
            lack = missing(need, suite.scratch)
            if lack:
                print(f"{group}: skipped, {lack}")
                continue
            before, started = len(suite.failures), time.perf_counter()
            suite.ends.clear()
            cases = tried(suite)
            ends = ", ".join(f"{times} x {code}" for code, times in sorted(suite.ends.items()))
            failed = len(suite.failures) - before
            print(f"{group}: {cases} cases, {failed} failed, {time.perf_counter() - started:.0f} s; exits: {ends}", flush=True)
    sys.exit(bool(suite.failures))


if __name__ == "__main__":
    main()
