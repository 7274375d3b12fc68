"""The guide that this project puts into practice: its own snippets pass, and what it forbids is found."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from airwarden.cli import main

from tests.conftest import MakeRepository

DAG = """
from datetime import datetime
from airflow.sdk import DAG
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.slack.notifications.slack import send_slack_notification

slack_failed = send_slack_notification(
    slack_conn_id="slack_default",
    text=(
        ":red_circle: *DAG failed* — `{{ dag.dag_id }}`\\n"
        "Run: `{{ run_id }}`\\n"
        "Task: `{{ ti.task_id }}`\\n"
        "<{{ ti.log_url }}|View logs>"
    ),
    channel="#airflow-alerts",
    username="Airflow",
)

with DAG(
    dag_id="etl_pipeline",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    catchup=False,
    on_failure_callback=[slack_failed],   # fires when the DAG run fails
):
    BashOperator(
        task_id="extract",
        bash_command="run_extract.sh",
        on_failure_callback=[slack_failed],  # also alert per-task if you want granularity
    )
"""

EXTRA_ENV = """
extraEnv: |-
  - name: AIRFLOW_CONN_MY_PROD_DB
    valueFrom:
      secretKeyRef:
        name: my-db-conn
        key: connection_uri
"""

REFERENCES = """
fernetKeySecretName: airflow-fernet-key
data:
  metadataSecretName: airflow-metadata
"""

DEPENDENCIES = """
[project]
name = "pipelines"
version = "1"
dependencies = ["apache-airflow>=3", "apache-airflow-providers-slack", "apache-airflow-providers-standard"]
"""

DATABASE = "postgresql://airflow:not-a-real-password-1@db.example.org/airflow"
SLACK_TOKEN = "-".join(("xoxb", "not", "a", "real", "token", "1"))

# "Never put the Fernet key or DB credentials inline in values.yaml", and the Slack token is one too.
FORBIDDEN = {
    "the Fernet key": ("fernetKey: not-a-real-fernet-key-1", "inline-secret-in-values"),
    "the metadata database's password": (
        "data:\n  metadataConnection:\n    pass: not-a-real-password-1",
        "inline-secret-in-values",
    ),
    "the result backend's password": (
        "data:\n  resultBackendConnection:\n    pass: not-a-real-password-1",
        "inline-secret-in-values",
    ),
    "the broker's password": (
        "data:\n  brokerUrl: redis://:not-a-real-password-1@redis.example.org:6379/0",
        "inline-secret-in-values",
    ),
    "the Fernet key as a setting": (
        "config:\n  core:\n    fernet_key: not-a-real-fernet-key-1",
        "inline-secret-in-config",
    ),
    "the database's address as a setting": (
        f"config:\n  database:\n    sql_alchemy_conn: {DATABASE}",
        "inline-secret-in-config",
    ),
    "a connection in plain text": (
        f"extraEnv: |-\n  - name: AIRFLOW_CONN_MY_PROD_DB\n    value: {DATABASE}",
        "inline-secret-in-env",
    ),
    "the Slack token": (f"extraEnv: |-\n  - name: SLACK_BOT\n    value: {SLACK_TOKEN}", "known-token"),
}


def findings(root: Path) -> list[dict[str, Any]]:
    """What `airwarden check` says of a repository."""
    told = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(told):
        patch.chdir(root)
        assert main(["check", "--no-cache", "--format", "json"]) in {0, 1}
    found: list[dict[str, Any]] = json.loads(told.getvalue())["findings"]
    return found


def test_its_own_snippets_are_accepted(make_repository: MakeRepository) -> None:
    values = f"airflowVersion: 3.1.5\n{REFERENCES}\n{EXTRA_ENV}"
    found = findings(
        make_repository({"dags/etl.py": DAG, "values.yaml": values, "pyproject.toml": DEPENDENCIES})
    )
    assert [finding for finding in found if finding["level"] == "error"] == []


def test_two_warnings_are_true_of_its_dag(make_repository: MakeRepository) -> None:
    """It takes `ti` for granted, and gives the DAG and a task one notifier."""
    found = findings(make_repository({"dags/etl.py": DAG, "pyproject.toml": DEPENDENCIES}))
    assert {finding["level"] for finding in found} == {"warning"}
    assert sorted(finding["rule"] for finding in found) == ["alert-template-can-fail", "shared-notifier"]


def test_without_any_dependency_file_its_dag_gets_a_note(make_repository: MakeRepository) -> None:
    found = findings(make_repository({"dags/etl.py": DAG, "dags/copy.py": DAG.replace("etl_", "elt_")}))
    notes = [(each["rule"], each["path"]) for each in found if each["level"] == "note"]
    assert notes == [("provider-not-declared", "dags/copy.py")]


def test_its_dag_without_the_slack_provider_is_flagged(make_repository: MakeRepository) -> None:
    without = DEPENDENCIES.replace('"apache-airflow-providers-slack", ', "")
    found = findings(make_repository({"dags/etl.py": DAG, "pyproject.toml": without}))
    errors = [(finding["rule"], finding["line"]) for finding in found if finding["level"] == "error"]
    assert errors == [("provider-not-declared", 5)]


def test_its_dag_without_the_callback_is_flagged(make_repository: MakeRepository) -> None:
    without = DAG.replace("    on_failure_callback=[slack_failed],   # fires when the DAG run fails\n", "")
    found = findings(make_repository({"dags/etl.py": without, "pyproject.toml": DEPENDENCIES}))
    assert [finding["rule"] for finding in found] == ["failure-alert-on-tasks-only"]


@pytest.mark.parametrize(("text", "rule"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_what_it_forbids_in_values_is_flagged(make_repository: MakeRepository, text: str, rule: str) -> None:
    found = findings(make_repository({"values.yaml": f"airflowVersion: 3.1.5\n{text}\n"}))
    last = text.count("\n") + 2
    assert (rule, last) in {(finding["rule"], finding["line"]) for finding in found}
    assert all("not-a-real" not in json.dumps(finding) for finding in found)
