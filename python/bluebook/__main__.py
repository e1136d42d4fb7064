"""`python -m bluebook` is the program itself: the same arguments, streams, signals and exit code."""

import os
import sys

from bluebook.binary import find_binary

program = find_binary()
os.execv(program, [program, *sys.argv[1:]])
