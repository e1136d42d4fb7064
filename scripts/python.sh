#!/usr/bin/env bash
# The Python package holds: types, then tests with the program that BLUEBOOK_BINARY names, nine lines of ten covered.
#
#     BLUEBOOK_BINARY=target/debug/bluebook scripts/python.sh FOLDER
#
# FOLDER is for the libraries that it is tried with.
set -euo pipefail
venv=$(realpath -m "${1:?a folder for the libraries}")
BLUEBOOK_BINARY=$(realpath "${BLUEBOOK_BINARY:?the program to call}")
export BLUEBOOK_BINARY
cd "$(dirname "$0")/.."

python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement scripts/requirements-python.txt

"$venv/bin/mypy" --cache-dir "$venv/mypy"
"$venv/bin/basedpyright" --pythonpath "$venv/bin/python"
COVERAGE_FILE="$venv/coverage" "$venv/bin/pytest" --quiet -o cache_dir="$venv/pytest" --cov --cov-report=term
