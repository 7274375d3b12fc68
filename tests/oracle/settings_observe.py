"""Runs inside an environment with real Airflow: tells what Airflow makes of settings, case by case.

usage: settings_observe.py REQUEST.json ANSWER.json

Each case of the request has the folder that is AIRFLOW_HOME, with an airflow.cfg in it or not, and variables.
It is told from a process of its own, which reads the configuration afresh and, where XComs are pushed,
imports Airflow again; the packages that Airflow stands on are imported once for all. A case either asks for
one option, or pushes a small and a large XCom and pulls them again in another pod. A bucket is a file system
in memory, for which Airflow needs a connection that it knows.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

TASK = {"dag_id": "orders", "task_id": "load", "run_id": "manual__1"}
SMALL, LARGE = "x" * 10, "x" * (2 << 20)
AT_ONCE = 2


class Supervisor:
    """Keeps the XComs that a task sends to the API server, and knows no connection."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def send(self, message: Any) -> Any:
        comms = importlib.import_module("airflow.sdk.execution_time.comms")
        if isinstance(message, comms.SetXCom):
            self.values[message.key] = message.value
            return None
        if isinstance(message, comms.GetXCom):
            return comms.XComResult(key=message.key, value=self.values[message.key])
        return comms.ErrorResponse(
            error=importlib.import_module("airflow.sdk.exceptions").ErrorType.CONNECTION_NOT_FOUND
        )


def install(schemes: Sequence[str]) -> None:
    """Gives Airflow the providers of some schemes, and fsspec the libraries that they bring."""
    known = importlib.import_module("airflow.sdk.io.fs")._BUILTIN_SCHEME_TO_FS
    for scheme in schemes:
        importlib.import_module("fsspec").register_implementation(scheme, storage(scheme), clobber=True)
        known[scheme] = partial(bucket, scheme)


def storage(scheme: str) -> Any:
    """The class of a file system in memory that stands for an object storage."""
    memory = importlib.import_module("fsspec.implementations.memory").MemoryFileSystem

    def without_scheme(_: object, path: str) -> str:
        return path.removeprefix(f"{scheme}://").strip("/")

    own = {"protocol": scheme, "root_marker": "", "_strip_protocol": classmethod(without_scheme)}
    return type("Storage", (memory,), own)


def bucket(scheme: str, conn_id: str | None, _: object) -> Any:
    """The file system behind a scheme, for those who have the connection that they name."""
    if conn_id:
        importlib.import_module("airflow.sdk").BaseHook.get_connection(conn_id)
    return importlib.import_module("fsspec").filesystem(scheme)


def observed(case: Mapping[str, Any]) -> str:
    """What comes of a case: the value asked for, what became of the XComs, or the name of an exception."""
    pod = Path(case["home"], "pod")
    pod.mkdir()
    os.chdir(pod)
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("AIRFLOW")}
    os.environ.clear()
    os.environ.update(kept, AIRFLOW_HOME=case["home"], **case["variables"])
    try:
        return asked(*case["asks"]) if case["asks"] else stored(case, pod)
    except Exception as failure:
        return type(failure).__name__


def forget_airflow() -> None:
    """Makes the next import of Airflow the first one."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "airflow"]:
        del sys.modules[name]


def asked(getter: str, section: str, key: str) -> str:
    """What Airflow reads from an option. `int` stands for `getint` of Airflow before 3.2."""
    conf = importlib.reload(importlib.import_module("airflow.configuration")).conf
    if getter == "int":
        return repr(int(conf.get(section, key)))
    return repr(getattr(conf, getter)(section, key))


def stored(case: Mapping[str, Any], pod: Path) -> str:
    """Which of the two values leave the database: `none`, `large` or `all`; `lost` where one is."""
    forget_airflow()
    os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"  # the examples bring plugins, which take their time
    runner = importlib.import_module("airflow.sdk.execution_time.task_runner")
    supervisor = Supervisor()
    vars(runner).update(SUPERVISOR_COMMS=supervisor)
    install(case["buckets"])
    xcoms = importlib.import_module("airflow.sdk.execution_time.xcom").XCom
    values = {"small": SMALL, "large": LARGE}
    for key, value in values.items():
        xcoms.set(key=key, value=value, **TASK)
    outside = [key for key, value in values.items() if value not in str(supervisor.values[key])]
    if not case["same_disk"]:
        shutil.rmtree(pod)
    if any(xcoms.get_one(key=key, **TASK) != value for key, value in values.items()):
        return "lost"
    return {0: "none", 1: "large", 2: "all"}[len(outside)]


def told(case: Mapping[str, Any], answer: Path) -> int:
    """Starts a process that writes down what comes of a case; its id."""
    child = os.fork()
    if not child:
        gc.disable()
        try:
            answer.write_text(observed(case), encoding="utf-8")
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    return child


def all_told(cases: Sequence[Mapping[str, Any]], folder: Path) -> list[str]:
    """What comes of each case; a few run at once."""
    running: list[int] = []
    for number, case in enumerate(cases):
        if len(running) >= AT_ONCE:
            os.waitpid(running.pop(0), 0)
        running.append(told(case, folder / str(number)))
    for child in running:
        os.waitpid(child, 0)
    answers = [folder / str(number) for number in range(len(cases))]
    return [path.read_text(encoding="utf-8") if path.exists() else "" for path in answers]


def main(arguments: Sequence[str]) -> None:
    request, answer = map(Path, arguments)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AIRFLOW_HOME"] = folder
        importlib.import_module("airflow.providers.common.io.xcom.backend")
        found = all_told(json.loads(request.read_text(encoding="utf-8")), Path(folder))
    answer.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
