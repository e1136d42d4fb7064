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
for shell in bash elvish fish powershell zsh; do
  "$program" completions "$shell" > "$staged/$name/completions/bluebook.$shell"
done
tar -C "$staged" -cz "$name" > "$folder/$name.tar.gz"
