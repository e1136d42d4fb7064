#!/usr/bin/env bash
# What is distributed, checked as far as one machine can: workflows, the action and the examples against their schemas and
# what is known to go wrong, and their scripts run against a made-up release.
#
#   scripts/distribution.sh PROGRAM [VENV]    tools are installed in VENV, target/distribution if left out
#
# What a runner alone can do is done by a release that is started by hand: it builds everything and publishes nothing.
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "$0")/.."
venv="${2:-target/distribution}"

python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement scripts/requirements-distribution.txt
PATH="$(realpath "$venv")/bin:$PATH"

check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml examples/github/workflow.yml
check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
check-jsonschema --quiet --builtin-schema vendor.gitlab-ci examples/gitlab/.gitlab-ci.yml
zizmor --quiet --offline .github action.yml
# Its packages fetch it from where they cannot everywhere, so it is taken where it is there.
if command -v actionlint > /dev/null; then
  actionlint .github/workflows/*.yml examples/github/workflow.yml
fi
hadolint Dockerfile
PYTHONPYCACHEPREFIX="$venv/pycache" python -m compileall -q examples
python scripts/distribution.py "$program"
