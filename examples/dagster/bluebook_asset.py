"""A published set as an asset: materialised each morning, with what its datapackage.json says, and a check that derives it
again and compares the bytes."""

import json
import subprocess
from pathlib import Path

import dagster as dg

FOLDER = Path("/srv/figures")
DATASET = "hk-talent-admissions"
PASSING = {74, 75}


def bluebook(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(["bluebook", *arguments], cwd=FOLDER, capture_output=True, text=True, check=False)


@dg.asset(name=DATASET.replace("-", "_"), group_name="figures")
def published() -> dg.MaterializeResult:
    """Observations, checks, notes and regions, as Parquet and CSV."""
    ended = bluebook("run", "input", "--output", "output")
    if ended.returncode in PASSING:  # another run, or a disk that failed for a moment
        raise dg.RetryRequested(max_retries=3, seconds_to_wait=60)
    if ended.returncode != 0:
        raise dg.Failure(ended.stderr, metadata={"exit": ended.returncode}, allow_retries=False)
    package = json.loads((FOLDER / "output" / DATASET / "datapackage.json").read_text())
    hashes = {resource["name"]: resource["hash"] for resource in package["resources"]}
    return dg.MaterializeResult(metadata={"releases": package["releases"], "hashes": hashes, "changed": bool(ended.stdout)})


@dg.asset_check(asset=published)
def as_derived() -> dg.AssetCheckResult:
    """Derived again, the published files have the same bytes."""
    ended = bluebook("verify", "input", "--output", "output")
    return dg.AssetCheckResult(passed=ended.returncode == 0, metadata={"said": ended.stdout + ended.stderr})


morning = dg.ScheduleDefinition(
    name="figures_each_morning",
    job=dg.define_asset_job("figures", selection=dg.AssetSelection.assets(published)),
    cron_schedule="15 6 * * *",
)

definitions = dg.Definitions(assets=[published], asset_checks=[as_derived], schedules=[morning])
