"""Runs inside an environment with real Airflow: loads DAG files and tells what each DAG's failure would do.

usage: observe.py [--stand-ins] ANSWER.json DAG_FOLDER...

Every file is loaded in a process of its own, with the `sys.path` that Airflow gives it. Each failure callback
that Airflow would call is called once, with a faked context, while everything that could send is replaced by
something that takes notes: nothing goes over the network. With `--stand-ins`, modules that are not installed
are mocks, and arguments of DAGs that this Airflow no longer knows are dropped.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import inspect
import json
import os
import resource
import socket
import sys
import tempfile
import traceback
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, MagicMock, patch
from urllib.parse import urlsplit

SLACK_HOSTS = (".slack.com", ".slack-gov.com")
PRELOADED = ("airflow.sdk", "airflow.dag_processing.importers.python_importer", "httpx", "requests")
DAY = "2026-01-02"
LONGEST = 5
"""Seconds of processor time that a file, or the callbacks of a DAG, may take; then its process ends."""

NEVER_GIVEN = {
    "asset_state_store",
    "exception",
    "expanded_ti_count",
    "templates_dict",
    "test_mode",
    "try_number",
}


class NetworkRefused(OSError):
    """Something tried to open a connection."""


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Makes a mock of every module that is not there."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> Any:
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: Any) -> types.ModuleType:
        module = types.ModuleType(spec.name)
        vars(module).update(__path__=[], __getattr__=stand_in)
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def stand_in(name: str) -> Any:
    """A class that can be called, subclassed and asked for anything."""
    if name.startswith("__"):
        raise AttributeError(name)
    return MagicMock(name=name)


def forgive_old_arguments() -> None:
    """Makes DAGs take arguments of Airflow 2 without a word."""
    dag = importlib.import_module("airflow.sdk").DAG
    made, known = dag.__init__, inspect.signature(dag.__init__).parameters

    def make(self: Any, *given: Any, **named: Any) -> None:
        made(self, *given, **{name: value for name, value in named.items() if name in known})

    dag.__init__ = make


class Notes:
    """Whom the callbacks called so far have told."""

    def __init__(self) -> None:
        self.told: set[str] = set()

    def slack(self, *_: Any, **__: Any) -> Any:
        self.told.add("slack")
        return MagicMock(status_code=200, status=200, body="ok", data={"ok": True})

    def mail(self, *_: Any, **__: Any) -> Any:
        self.told.add("mail")
        return MagicMock()

    def web(self, address: object) -> Any:
        host = urlsplit(str(getattr(address, "full_url", address))).hostname or ""
        self.told.add("slack" if f".{host}".endswith(SLACK_HOSTS) else "web")
        return MagicMock(status_code=200, status=200, text="ok", ok=True)

    def requested(self, *given: Any, url: object = None, **_: Any) -> Any:
        return self.web(url or given[1])

    def looked_up(self, host: object, *_: Any, **__: Any) -> Any:
        self.web(f"//{host.decode() if isinstance(host, bytes) else host}")
        return refuse()


def refuse(*_: Any, **__: Any) -> Any:
    """Stands for everything that would open a connection."""
    raise NetworkRefused("the oracle opens no connections")


def fake_connection(conn_id: str = "default", *_: Any, **__: Any) -> Any:
    """A connection of any id, with a token that nobody gave out."""
    connection = importlib.import_module("airflow.sdk").Connection
    kind = "slackwebhook" if "webhook" in conn_id else "slack"
    return connection(conn_id=conn_id, conn_type=kind, host="https://hooks.slack.com/services/", password="x")


def fake_variable(key: str, *given: Any, **options: Any) -> Any:
    """A variable of any name: its default, or its name."""
    default = given[0] if given else options.get("default", options.get("default_var", key))
    return {} if options.get("deserialize_json") and default is key else default


def faked(notes: Notes) -> Iterator[Any]:
    """The patches under which files are loaded and callbacks called."""
    slack = AsyncMock(side_effect=notes.slack)
    yield patch("slack_sdk.web.base_client.BaseClient.api_call", notes.slack)
    yield patch("slack_sdk.web.async_base_client.AsyncBaseClient.api_call", slack)
    yield patch("slack_sdk.webhook.client.WebhookClient.send", notes.slack)
    yield patch("slack_sdk.webhook.client.WebhookClient.send_dict", notes.slack)
    yield patch("slack_sdk.webhook.async_client.AsyncWebhookClient.send", slack)
    yield patch("slack_sdk.webhook.async_client.AsyncWebhookClient.send_dict", slack)
    yield patch("smtplib.SMTP", notes.mail)
    yield patch("smtplib.SMTP_SSL", notes.mail)
    yield patch("requests.sessions.Session.request", notes.requested)
    yield patch("urllib.request.urlopen", lambda url, *_, **__: notes.web(url))
    yield patch("httpx.Client.request", notes.requested)
    yield patch("httpx.AsyncClient.request", AsyncMock(side_effect=notes.requested))
    yield patch("socket.getaddrinfo", notes.looked_up)
    yield patch.object(socket.socket, "connect", refuse)
    yield patch.object(socket.socket, "connect_ex", refuse)
    yield patch("airflow.sdk.bases.hook.BaseHook.get_connection", staticmethod(fake_connection))
    yield patch("airflow.sdk.bases.hook.BaseHook.aget_connection", AsyncMock(side_effect=fake_connection))
    for module in ("airflow.sdk", "airflow.models.variable"):
        variable = getattr(importlib.import_module(module), "Variable")  # noqa: B009
        yield patch.object(variable, "get", staticmethod(fake_variable))


def context_of(dag: Any) -> dict[str, Any]:
    """What a DAG-level failure callback is given from Airflow 3.0.4 on, when a task of the run has failed."""
    keys = importlib.import_module("airflow.sdk.definitions.context").KNOWN_CONTEXT_KEYS - NEVER_GIVEN
    ids = {"dag_id": dag.dag_id, "run_id": "manual__1"}
    task = next(iter(dag.tasks), None) or MagicMock(task_id="failed", dag=dag)
    ti = MagicMock(**ids, task_id=task.task_id, task=task, state="failed", try_number=1, log_url="http://a")
    run = MagicMock(**ids, logical_date=None, conf={}, state="failed", run_type="manual")
    given = {"dag": dag, "run_id": ids["run_id"], "dag_run": run, "task": task, "ti": ti, "task_instance": ti}
    dates = dict.fromkeys(("ds", "ds_nodash", "ts", "ts_nodash"), DAY)
    rest = {key: MagicMock(name=key) for key in keys}
    return {**rest, **given, **dates, "params": {}, "reason": "task_failure"}


def name_of(callback: Any) -> str:
    """`module.qualname` of a function, or of the class of anything else."""
    named = callback if hasattr(callback, "__qualname__") else type(callback)
    return f"{named.__module__}.{named.__qualname__}"


def callbacks_of(dag: Any) -> list[Any]:
    """What Airflow calls: the scheduler asks first, and the DAG processor knows no collection but a list."""
    given = dag.on_failure_callback
    if not (dag.has_on_failure_callback and given):
        return []
    return given if isinstance(given, list) else [given]


def takes_a_context(callback: Any) -> bool:
    """Whether it can be called with the context alone, whatever comes of that."""
    try:
        inspect.signature(callback, follow_wrapped=False).bind({})
    except TypeError:
        return False
    except ValueError:  # a function in C that does not tell
        return True
    return True


def call(callback: Any, dag: Any) -> None:
    """Calls a callback as the DAG processor does, which survives what it raises and awaits nothing."""
    try:
        result = callback(context_of(dag))
        if inspect.iscoroutine(result):
            result.close()
    except Exception as failure:
        print(f"{dag.dag_id}: {name_of(callback)}: {failure!r}", file=sys.stderr)


def told_by(callbacks: Sequence[Any], dag: Any, notes: Notes) -> list[str]:
    """Whom a DAG's callbacks tell; SystemExit ends the process, and the callbacks after it are lost."""
    notes.told.clear()
    try:
        for callback in callbacks:
            call(callback, dag)
    except SystemExit as end:
        print(f"{dag.dag_id}: {end!r}", file=sys.stderr)
    return sorted(notes.told)


def observed(dag: Any, file: str, notes: Notes) -> dict[str, Any]:
    """The truth of one DAG, as airflow.dag_processing.processor would act on it."""
    callbacks = callbacks_of(dag)
    return {
        "file": file,
        "dag_id": dag.dag_id,
        "fires": any(callable(callback) and takes_a_context(callback) for callback in callbacks),
        "kinds": sorted(name_of(callback) for callback in callbacks if callable(callback)),
        "told": apart(told_by, callbacks, dag, notes) or [],
        "tasks": any(task.on_failure_callback for task in dag.tasks),
    }


def python_path(folder: Path) -> list[str]:
    """What Airflow puts before everything else: the DAG folder, plugins, config; and the sources beside."""
    beside = (folder.parent / name for name in ("plugins", "config", "src", "include", ""))
    return [str(path) for path in (folder, *beside) if path.is_dir()]


def is_candidate(path: Path) -> bool:
    """Airflow's own safe mode: a file that speaks of Airflow, and of DAGs or assets."""
    text = path.read_bytes().lower()
    return b"airflow" in text and (b"dag" in text or b"asset" in text)


def load(path: Path, folder: Path, notes: Notes) -> dict[str, Any]:
    """What a file holds: its DAGs, or why it can't be imported."""
    importer = importlib.import_module("airflow.dag_processing.importers.python_importer").PythonDagImporter()
    file = path.relative_to(folder).as_posix()
    try:
        found = importer.import_file(str(path), bundle_path=folder, safe_mode=True)
    except BaseException as failure:
        return {"dags": [], "failures": {file: repr(failure)[:200]}}
    dags = sorted(found.dags, key=lambda dag: str(dag.dag_id))
    failures = {file: found.errors[-1].message.strip()[-200:]} if found.errors else {}
    return {"dags": [observed(dag, file, notes) for dag in dags], "failures": failures}


def load_all(folder: Path, stand_ins: bool) -> dict[str, Any]:
    """What the files of a DAG folder hold."""
    sys.path[:0] = python_path(folder)
    os.chdir(folder.parent)
    if stand_ins:
        sys.meta_path.append(StandIns())
        forgive_old_arguments()
    truth: dict[str, Any] = {"dags": [], "failures": {}}
    notes = Notes()
    with ExitStack() as stack:
        for replaced in faked(notes):
            stack.enter_context(replaced)
        for path in filter(is_candidate, sorted(folder.rglob("*.py"))):
            ended = {"dags": [], "failures": {path.relative_to(folder).as_posix(): "the process ended"}}
            found = apart(load, path, folder, notes) or ended
            truth["dags"].extend(found["dags"])
            truth["failures"].update(found["failures"])
    return truth


def apart(work: Callable[..., Any], *given: Any, longest: int = LONGEST) -> Any:
    """What a function answers in a process of its own; None when that ends without an answer."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        if longest:
            resource.setrlimit(resource.RLIMIT_CPU, (longest, longest))
        try:
            found = json.dumps(work(*given))
            with os.fdopen(write, "w") as answer:
                answer.write(found)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


def main(arguments: Sequence[str]) -> None:
    stand_ins = "--stand-ins" in arguments
    out, *folders = [Path(each).resolve() for each in arguments if each != "--stand-ins"]
    truth: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(AIRFLOW_HOME=home, AIRFLOW__CORE__LOAD_EXAMPLES="False")
        for module in PRELOADED:
            importlib.import_module(module)
        for folder in folders:
            crashed = {"dags": [], "failures": {"": "the process ended"}}
            truth[str(folder)] = apart(load_all, folder, stand_ins, longest=0) or crashed
    out.write_text(json.dumps(truth, indent=1, sort_keys=True), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
