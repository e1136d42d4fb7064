#!/usr/bin/env bash
# Puts the program's own words into the README: the columns, between their marks. With --check, says whether they are
# there already.
set -euo pipefail
cd "$(dirname "$0")/.."

columns=$(cargo run --quiet -- columns | sed 's/^## /### /')
fresh=$(awk -v columns="$columns" '
  /<!-- columns -->/ { print; print ""; print columns; print ""; skip = 1; next }
  /<!-- \/columns -->/ { skip = 0 }
  !skip { print }
' README.md)

if [ "${1:-}" = --check ]; then
  diff <(printf '%s\n' "$fresh") README.md
else
  printf '%s\n' "$fresh" > README.md
fi
