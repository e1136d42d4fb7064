"""Where the program is: the wheel puts it among the scripts of the environment that it is installed in."""

import os
import shutil
import sysconfig
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

VARIABLE = "BLUEBOOK_BINARY"
_CHOSEN: ContextVar[str | None] = ContextVar("binary", default=None)
NAME = "bluebook" + (sysconfig.get_config_var("EXE") or "")


def find_binary() -> str:
    """The path of the program.

    That is what `using` names, else the environment variable BLUEBOOK_BINARY, else what stands in a scripts folder of this
    Python, else what is on the PATH. Raises FileNotFoundError, with the places that were looked at, where there is none.
    """
    if chosen := _CHOSEN.get():
        return _insist(chosen, "the option `binary`")
    if named := os.environ.get(VARIABLE):
        return _insist(named, VARIABLE)
    folders = list(_scripts_folders())
    found = next((path for folder in folders if (path := folder / NAME).is_file()), None) or shutil.which(NAME)
    if found is None:
        places = ", ".join(str(folder) for folder in folders)
        raise FileNotFoundError(
            f"the program `{NAME}` is neither in {places} nor on the PATH: "
            f"install the package's wheel, or name the program by {VARIABLE}"
        )
    return str(found)


@contextmanager
def using(binary: str | None) -> Generator[None, None, None]:
    """Within, the program is the one named, in this thread alone; None leaves it as it is."""
    token = _CHOSEN.set(binary or _CHOSEN.get())
    try:
        yield
    finally:
        _CHOSEN.reset(token)


def _insist(named: str, by: str) -> str:
    if not Path(named).is_file():
        raise FileNotFoundError(f"{by} names {named}, which is no file")
    return named


def _scripts_folders() -> Iterator[Path]:
    """The environment's, the user's (`pip install --user`), and the one beside the package (`pip install --target`)."""
    yield Path(sysconfig.get_path("scripts"))
    yield Path(sysconfig.get_path("scripts", scheme=sysconfig.get_preferred_scheme("user")))
    yield Path(__file__).parent.parent / "bin"
