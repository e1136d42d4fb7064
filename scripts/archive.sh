#!/usr/bin/env bash
# Packs a built program as it is released: with its manual, completions, licences and README.
#
#   scripts/archive.sh PROGRAM TARGET FOLDER    writes FOLDER/bluebook-VERSION-TARGET.tar.gz
set -euo pipefail

program="$1" target="$2" folder="$3"
root="$(dirname "$0")/.."
read -r _ version <<< "$("$program" --version)"
name="bluebook-$version-$target"
staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT

mkdir -p "$folder" "$staged/$name/completions"
cp "$program" "$root"/{README.md,CHANGELOG.md,LICENSE-APACHE,LICENSE-MIT,NOTICE} "$staged/$name"
"$program" man > "$staged/$name/bluebook.1"
# By the names under which the shells look for them.
for shell in bash:bluebook.bash elvish:bluebook.elv fish:bluebook.fish powershell:bluebook.ps1 zsh:_bluebook; do
  "$program" completions "${shell%:*}" > "$staged/$name/completions/${shell#*:}"
done
# Without the second file that macOS adds for each.
COPYFILE_DISABLE=1 tar -C "$staged" -czf - "$name" > "$folder/$name.tar.gz"
