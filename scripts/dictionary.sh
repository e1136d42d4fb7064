#!/usr/bin/env bash
# Writes the data dictionary into the book: the columns as the program describes them, between two marks of the page on
# published tables. With --check, only says whether the page has them already.
set -euo pipefail
cd "$(dirname "$0")/.."

page=docs/src/published.md
program="${BLUEBOOK:-cargo run --quiet --}"
columns=$($program columns --format markdown)
fresh=$(awk -v columns="$columns" '
  /<!-- columns -->/ { print; print ""; print columns; print ""; skip = 1; next }
  /<!-- \/columns -->/ { skip = 0 }
  !skip { print }
' "$page")

if [ "${1:-}" = --check ]; then
  diff <(printf '%s\n' "$fresh") "$page"
else
  printf '%s\n' "$fresh" > "$page"
fi
