"""The program ends with its caller, whatever ends that."""

import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import bluebook

Fake = Callable[[str], Path]

SLEEPS = "Path({pid!r}).write_text(str(os.getpid())); time.sleep(60)"
SLEEPS_ON = "signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPS


def wait_for(path: Path) -> int:
    """The process number that a program writes once it has begun."""
    for _ in range(1000):
        if path.exists() and (text := path.read_text(encoding="utf-8")):
            return int(text)
        time.sleep(0.01)
    raise AssertionError(f"{path} was not written")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files in which nothing may be left."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_timeout_ends_it(fake: Fake, annex: Path, tmp_path: Path, temporary: Path) -> None:
    pid = tmp_path / "pid"
    fake(SLEEPS.format(pid=str(pid)))
    with pytest.raises(TimeoutError, match="bluebook read took more than 1 seconds and was ended"):
        bluebook.read(annex, timeout=1)
    assert not is_running(wait_for(pid))
    assert list(temporary.iterdir()) == []


def test_a_keyboard_interrupt_ends_it(fake: Fake, annex: Path, tmp_path: Path, temporary: Path) -> None:
    pid = tmp_path / "pid"
    fake(SLEEPS.format(pid=str(pid)))

    main = threading.get_ident()

    def interrupt() -> None:
        wait_for(pid)
        signal.pthread_kill(main, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        bluebook.read(annex)
    assert time.monotonic() - began < 30
    thread.join()
    assert not is_running(wait_for(pid))
    assert list(temporary.iterdir()) == []


def test_one_that_does_not_listen_is_killed(
    fake: Fake, annex: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bluebook.process.GRACE_SECONDS", 0.2)
    pid = tmp_path / "pid"
    fake(SLEEPS_ON.format(pid=str(pid)))
    with pytest.raises(TimeoutError):
        bluebook.check(annex, timeout=1)
    assert not is_running(wait_for(pid))


def test_two_reads_at_once(annex: Path, misprint: Path, temporary: Path) -> None:
    """Each has a folder of its own, and its own problems."""

    def count(path: Path) -> int:
        return len(bluebook.read(path, errors="return").problems)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(count, [annex, misprint] * 4)) == [0, 1] * 4
    assert list(temporary.iterdir()) == []


def test_what_is_said_is_for_people(annex: Path, misprint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLUEBOOK_LOG_FORMAT", "json")
    monkeypatch.setenv("BLUEBOOK_COLOR", "always")
    with pytest.raises(bluebook.ProblemsFound) as caught:
        bluebook.run(misprint)
    assert str(caught.value).splitlines()[1] == "error: the total doesn't add up"
    assert "\x1b" not in bluebook.explain("TTPS/CAN/2024", annex)


def test_words_in_no_encoding(fake: Fake, annex: Path) -> None:
    fake(r"sys.stderr.buffer.write(b'error: caf\xe9'); sys.exit(74)")
    with pytest.raises(bluebook.InputOutput, match=r"caf\\xe9"):
        bluebook.read(annex)
