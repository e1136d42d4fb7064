"""Publishes statistical tables each morning, and verifies what stands.

DAGs that are scheduled on the asset `figures` run when there is news: where nothing changed, `publish` is skipped and sends no
event. The event's `extra` says the release and the hashes.
"""

from datetime import datetime, timedelta

from airflow.sdk import Asset, dag

from bluebook.airflow import BluebookRunOperator, BluebookVerifyOperator

FIGURES = {"inputs": "/srv/figures/input", "output_path": "/srv/figures/output"}


@dag(
    schedule="15 6 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=1)},
    doc_md=__doc__,
)
def bluebook_figures():
    publish = BluebookRunOperator(task_id="publish", **FIGURES, outlets=[Asset("figures")], skip_unchanged=True)
    verify = BluebookVerifyOperator(task_id="verify", **FIGURES, trigger_rule="none_failed")
    publish >> verify


bluebook_figures()
