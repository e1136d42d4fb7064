"""A published set as an asset: materialised each morning, with its releases and hashes, and with checks: its totals reconcile,
all of it was read, and derived again it has the same bytes."""

import dagster as dg

from bluebook.dagster import bluebook_asset

published = bluebook_asset(
    dg.AssetSpec("hk_talent_admissions", group_name="figures", description="Observations, checks, notes and regions"),
    inputs="/srv/figures/input",
    output="/srv/figures/output",
)

morning = dg.ScheduleDefinition(
    name="figures_each_morning",
    job=dg.define_asset_job("figures", selection=dg.AssetSelection.assets(published)),
    cron_schedule="15 6 * * *",
)

definitions = dg.Definitions(assets=[published], schedules=[morning])
