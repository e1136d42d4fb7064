"""Publishes statistical tables each morning, and verifies what was published.

Problems of the data don't go by themselves, so a run that ends with them fails at once; one that another run kept out (75),
or whose disk failed for a moment (74), is tried again.
"""

import subprocess
from datetime import datetime, timedelta

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException

FOLDER = "/srv/figures"
PASSING = {74, 75}


def bluebook(*arguments: str) -> str:
    """Runs bluebook in the folder; returns what it printed."""
    ended = subprocess.run(["bluebook", *arguments], cwd=FOLDER, capture_output=True, text=True, check=False)
    if ended.returncode in PASSING:
        raise RuntimeError(ended.stderr)
    if ended.returncode != 0:
        raise AirflowFailException(f"exit {ended.returncode}\n{ended.stderr}")
    return ended.stdout


@dag(
    schedule="15 6 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=1)},
    doc_md=__doc__,
)
def bluebook_figures():
    @task
    def publish() -> str:
        return bluebook("run", "input", "--output", "output")

    @task
    def verify() -> str:
        return bluebook("verify", "input", "--output", "output")

    publish() >> verify()


bluebook_figures()
