#!/usr/bin/env bash
# Airflow and Dagster run the annex by the package's operators and assets, and by the examples: types, then tests with the
# program that BLUEBOOK_BINARY names, nine lines of ten covered.
#
#     BLUEBOOK_BINARY=target/debug/bluebook scripts/orchestrators.sh FOLDER [airflow|dagster]...
#
# FOLDER is for their libraries: each has an environment of its own.
set -euo pipefail
folder=$(realpath -m "${1:?a folder for the libraries}")
shift
BLUEBOOK_BINARY=$(realpath "${BLUEBOOK_BINARY:?the program to call}")
export BLUEBOOK_BINARY
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export AIRFLOW_HOME="$scratch/airflow" DAGSTER_HOME="$scratch/dagster"
export AIRFLOW__CORE__LOAD_EXAMPLES=False DAGSTER_DISABLE_TELEMETRY=1
mkdir "$AIRFLOW_HOME" "$DAGSTER_HOME"

# Their own code warns, which fails no test.
try() {
  local tool=$1 venv="$folder/$1"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "scripts/requirements-$tool.txt"
  "$venv/bin/mypy" --cache-dir "$venv/mypy" --follow-imports=silent "python/bluebook/$tool.py" "python/tests/test_$tool.py"
  "$venv/bin/basedpyright" --pythonpath "$venv/bin/python" "python/bluebook/$tool.py"
  if [ "$tool" = airflow ]; then
    "$venv/bin/airflow" db migrate > "$scratch/migrate" 2>&1 || { cat "$scratch/migrate"; return 1; }
  fi
  COVERAGE_FILE="$venv/coverage" "$venv/bin/pytest" --quiet -W default --disable-warnings --show-capture=no \
    -o cache_dir="$venv/pytest" --cov="bluebook.$tool" --cov-config=/dev/null --cov-report=term-missing \
    --cov-fail-under=90 "python/tests/test_$tool.py"
}

[ $# -gt 0 ] || set -- airflow dagster
for tool in "$@"; do try "$tool"; done
