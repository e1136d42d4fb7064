"""`python -m bluebook` is the program itself: the same arguments, streams, signals and exit code."""

import os
import subprocess
import sys

from bluebook.binary import find_binary

command = [find_binary(), *sys.argv[1:]]
if os.name == "nt":  # where a process cannot become another
    sys.exit(subprocess.call(command))
os.execv(command[0], command)
