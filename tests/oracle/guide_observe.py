"""Runs inside an environment with real Airflow: does what the guide says, and tells what comes of it, as JSON.

Each function below is one claim. AIRFLOW_HOME is an empty folder, and nothing here needs a database.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock, patch

CONFIG = """\
[core]
xcom_backend = airflow.providers.common.io.xcom.backend.XComObjectStorageBackend

[common.io]
xcom_objectstorage_path = s3://aws_default@my-airflow-xcom/xcoms
xcom_objectstorage_threshold = 1048576       # 1 MB
xcom_objectstorage_compression = gzip        # optional
"""
TEXT = "{{ dag.dag_id }}: {{ run_id }}"


def attempt(of: Callable[[], Any]) -> str:
    """What comes of a call: what it returns, or the name of what it raises."""
    try:
        return repr(of())
    except Exception as failure:
        return type(failure).__name__


def module(name: str) -> Any:
    """A module of Airflow's, of which the checkers of types know nothing here."""
    return importlib.import_module(name)


@contextmanager
def environment(**given: str) -> Iterator[None]:
    """Variables that are there for a while."""
    with patch.dict(os.environ, given):
        yield


# XCom


def remarks_behind_values() -> list[str]:
    """The snippet of airflow.cfg, as it is printed."""
    conf, backend = module("airflow.configuration").conf, module("airflow.providers.common.io.xcom.backend")
    return [
        attempt(backend._get_threshold),
        attempt(lambda: conf.get("common.io", "xcom_objectstorage_compression")),
        attempt(lambda: backend._get_compression_suffix(backend._get_compression())),
    ]


def snappy() -> str:
    """The third of the compressions that it names, registered as fsspec does where python-snappy is there."""
    module("fsspec.compression").register_compression("snappy", MagicMock(), [], force=True)
    backend = module("airflow.providers.common.io.xcom.backend")
    return attempt(lambda: backend._get_compression_suffix("snappy"))


def common_io() -> list[str]:
    """Whether Airflow brings the provider of the backend by itself."""
    needs = importlib.metadata.requires("apache-airflow-core") or []
    return [name for name in map(name_of, needs) if name == "apache-airflow-providers-common-io"]


def name_of(requirement: str) -> str:
    """The distribution that a requirement names."""
    found = re.match(r"[\w.-]+", requirement)
    return found[0] if found else ""


# Secrets


def order_of_lookup() -> str:
    """One connection in a backend and in the environment: whose is it?"""
    file = Path(os.environ["AIRFLOW_HOME"], "connections.json")
    file.write_text(json.dumps({"shop": "postgres://of-the-backend"}), encoding="utf-8")
    given = {
        "AIRFLOW_CONN_SHOP": "postgres://of-the-environment",
        "AIRFLOW__SECRETS__BACKEND": "airflow.secrets.local_filesystem.LocalFilesystemBackend",
        "AIRFLOW__SECRETS__BACKEND_KWARGS": json.dumps({"connections_file_path": str(file)}),
    }
    with environment(**given):
        backends = module("airflow.configuration").initialize_secrets_backends()
        found = (backend.get_connection("shop") for backend in backends)
        return str(next(each.host for each in found if each is not None))


def commands() -> dict[str, str]:
    """`_CMD` behind an option that is a secret, one that is none, and a connection."""
    given = {
        "AIRFLOW__CORE__FERNET_KEY_CMD": "echo from-a-command",
        "AIRFLOW__CORE__PARALLELISM_CMD": "echo 7",
        "AIRFLOW_CONN_SHOP_CMD": "echo postgres://shop",
    }
    conf = module("airflow.configuration").conf
    variables = module("airflow.secrets.environment_variables").EnvironmentVariablesBackend()
    with environment(**given):
        return {
            "fernet_key": conf.get("core", "fernet_key").strip(),
            "parallelism": conf.get("core", "parallelism"),
            "connection": str(variables.get_conn_value("shop")),
        }


# Alerts


def told(text: str, runs: list[Any]) -> list[str]:
    """What one notifier tells Slack of runs, each a request as the DAG processor gets it."""
    slack = module("airflow.providers.slack.notifications.slack")
    processor = module("airflow.dag_processing.processor")
    notifier = slack.send_slack_notification(channel="#alerts", text=text)
    dags = {name: module("airflow.sdk").DAG(name, on_failure_callback=[notifier]) for name in ("first", "second")}
    hook = MagicMock()
    with (
        patch.object(slack.SlackNotifier, "hook", hook),
        patch.object(processor, "_get_dag_with_task", lambda _, name: (dags[name], None)),
    ):
        for run in runs:
            processor._execute_dag_callbacks(SimpleNamespace(dags=dags), run, MagicMock())
    return [call.kwargs["json"]["text"] for call in hook.call.call_args_list]


def failed(dag: str, context: Any = None) -> Any:
    """A run that failed; without a context, no task instance of it is known."""
    return SimpleNamespace(
        dag_id=dag, run_id=f"run of {dag}", msg="timed_out", is_failure_callback=True, context_from_server=context
    )


def shared_notifier() -> list[str]:
    """Two runs that fail, one notifier: what is told."""
    return told(TEXT, [failed("first"), failed("second")])


def task_in_the_text() -> dict[str, list[str]]:
    """A run that times out with no task instance: the text of the guide, and the one that asks first."""
    return {
        "ti.task_id": told("Task: {{ ti.task_id }}", [failed("first")]),
        "ti.task_id if ti is defined": told("Task: {{ ti.task_id if ti is defined else '-' }}", [failed("first")]),
    }


def link_to_the_log() -> str:
    """Where the log is, as nothing sets `[api] base_url`."""
    task_instance = module("airflow.sdk.execution_time.task_runner").RuntimeTaskInstance
    given = {"dag_id": "shop", "run_id": "manual__1", "task_id": "load", "try_number": 1, "map_index": -1}
    return str(task_instance.log_url.fget(SimpleNamespace(**given)))


def slas() -> dict[str, Any]:
    """An SLA of a DAG: the warning, and what is left of it in what Airflow stores."""
    sdk = module("airflow.sdk")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        dag = sdk.DAG("shop", sla_miss_callback=print, start_date=datetime(2025, 1, 1))
    stored = json.dumps(module("airflow.serialization.serialized_objects").DagSerialization.to_dict(dag))
    return {"warned": any("sla" in str(each.message).lower() for each in caught), "stored": "sla" in stored}


def deadlines() -> list[str]:
    """The notifier as the callback of a deadline, as it is, wrapped, and as Airflow wants it."""
    deadline = module("airflow.sdk.definitions.deadline")
    slack = module("airflow.providers.slack.notifications.slack")

    def alert(callback: Callable[[], Any]) -> str:
        about = {"reference": deadline.DeadlineReference.DAGRUN_QUEUED_AT, "interval": timedelta(hours=1)}
        return attempt(lambda: deadline.DeadlineAlert(callback=callback(), **about).callback.path)

    notifier = slack.send_slack_notification(channel="#alerts", text="late")
    kwargs = {"channel": "#alerts", "text": "late"}
    return [
        alert(lambda: notifier),
        alert(lambda: deadline.AsyncCallback(notifier)),
        alert(lambda: deadline.AsyncCallback(slack.SlackNotifier, kwargs=kwargs)),
    ]


def default_connections() -> dict[str, str]:
    """Whose default `slack_default` is."""
    hooks = {"api": "slack.SlackHook", "webhook": "slack_webhook.SlackWebhookHook"}
    named = {name: path.split(".") for name, path in hooks.items()}
    return {
        name: str(getattr(module(f"airflow.providers.slack.hooks.{file}"), hook).default_conn_name)
        for name, (file, hook) in named.items()
    }


CLAIMS = (
    remarks_behind_values,
    snappy,
    common_io,
    order_of_lookup,
    commands,
    shared_notifier,
    task_in_the_text,
    link_to_the_log,
    slas,
    deadlines,
    default_connections,
)


def main() -> None:
    """Writes what comes of each claim."""
    Path(os.environ["AIRFLOW_HOME"], "airflow.cfg").write_text(CONFIG, encoding="utf-8")
    print(json.dumps({claim.__name__: attempt_all(claim) for claim in CLAIMS}))


def attempt_all(claim: Callable[[], Any]) -> Any:
    """What a claim tells; a fault of its own does not hide the others."""
    try:
        return claim()
    except Exception as failure:
        return f"{type(failure).__name__}: {failure}"


if __name__ == "__main__":
    main()
