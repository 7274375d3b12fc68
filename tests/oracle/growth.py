"""Runs inside an environment with real Airflow, pandas and polars: tells which tasks push what grows.

usage: growth.py ANSWER.json DAG_FOLDER

Every task of every file is run twice, by its own operator: once on few rows, once on several times as many,
with the same few cities and days in both. Whatever it returns or pushes goes the way of an XCom up to the
point at which it would leave the worker. What a parameter, or an attribute of an operator, of a known name
stands for is in `Inputs`. Nothing goes over the network but to a server of this process.
"""

from __future__ import annotations

import csv
import importlib
import inspect
import json
import os
import pickle
import shutil
import sqlite3
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock, patch

ROWS = (1_100, 3_300)
"""More than what counts as few, so that a limit or a `head(1000)` cuts both alike."""

GROWS = 2.0
SLACK = 200
"""A value grows when it gets this many times as large, and by more than this many bytes."""

ENOUGH, MANY = 3, 60
"""So many items of a container tell what the others are like, and how large."""

CITIES = ("Bergen", "Graz", "Lyon", "Porto")
DAYS = ("2026-01-01", "2026-01-02", "2026-01-03")
COLUMNS = ("id", "city", "day", "amount", "name")
LAZY = ("LazyFrame", "DuckDBPyRelation", "CursorResult", "Query", "Select", "MappingResult", "ScalarResult")


def orders(count: int) -> list[dict[str, Any]]:
    """The rows that all inputs tell of; each has a name of its own."""
    return [
        {
            "id": n,
            "city": CITIES[n % len(CITIES)],
            "day": DAYS[n % len(DAYS)],
            "amount": n * 7 % 1_009 + n / 1_000,
            "name": f"customer {n}",
        }
        for n in range(count)
    ]


class Handler(BaseHTTPRequestHandler):
    """Answers with the orders as JSON, as CSV, or with how many there are."""

    rows: Sequence[Mapping[str, Any]] = ()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        body: Any = {"count": len(self.rows), "ok": True}
        if path.endswith(".csv"):
            text = "\n".join(",".join(map(str, row.values())) for row in self.rows)
            return self.answer(text.encode(), "text/csv")
        if path.endswith("orders"):
            body = list(self.rows)
        elif path.endswith("page"):
            body = {"items": list(self.rows), "total": len(self.rows)}
        return self.answer(json.dumps(body).encode(), "application/json")

    def answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        pass


class Inputs:
    """What tasks read, made of so many rows, below a folder of its own."""

    def __init__(self, folder: Path, count: int, server: str) -> None:
        self.folder = folder
        self.rows = orders(count)
        self.names: dict[str, Any] = {
            "csv_path": self.file("orders.csv", self.as_csv),
            "path": str(folder / "orders.csv"),
            "json_path": self.file("orders.json", lambda file: json.dump(self.rows, file)),
            "jsonl_path": self.file("orders.jsonl", self.as_lines),
            "text_path": self.file("orders.log", self.as_log),
            "pickle_path": self.pickled(),
            "parquet_path": self.as_parquet(),
            "db_path": self.database(),
            "folder": self.parts(),
            "out_path": str(folder / "written"),
            "url": server,
            "bucket": "lake",
            "key": "orders.csv",
            "ds": DAYS[1],
            "city": CITIES[0],
            "records": self.rows,
            "frame": importlib.import_module("pandas").DataFrame(self.rows),
        }

    def file(self, name: str, write: Any) -> str:
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            write(file)
        return str(path)

    def as_csv(self, file: Any, rows: Sequence[Mapping[str, Any]] | None = None) -> None:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(self.rows if rows is None else rows)

    def as_lines(self, file: Any) -> None:
        file.writelines(f"{json.dumps(row)}\n" for row in self.rows)

    def as_log(self, file: Any) -> None:
        file.writelines(f"{row['day']} {row['city']} order {row['id']}\n" for row in self.rows)

    def pickled(self) -> str:
        path = self.folder / "orders.pkl"
        path.write_bytes(pickle.dumps(self.rows))
        return str(path)

    def as_parquet(self) -> str:
        path = self.folder / "orders.parquet"
        importlib.import_module("pandas").DataFrame(self.rows).to_parquet(path)
        return str(path)

    def parts(self) -> str:
        """A folder of three files, whatever the number of rows."""
        folder = self.folder / "parts"
        folder.mkdir()
        for n in range(3):
            with (folder / f"part-{n}.csv").open("w", encoding="utf-8", newline="") as file:
                self.as_csv(file, self.rows[n::3])
        return str(folder)

    def database(self) -> str:
        path = self.folder / "warehouse.db"
        with sqlite3.connect(path) as connection:
            connection.execute(f"create table orders ({', '.join(COLUMNS)})")
            rows = [tuple(row.values()) for row in self.rows]
            connection.executemany("insert into orders values (?, ?, ?, ?, ?)", rows)
        return str(path)

    def of(self, parameters: Sequence[str]) -> dict[str, Any]:
        return {name: self.names[name] for name in parameters if name in self.names}

    def enter(self) -> None:
        """Makes these the inputs of whatever runs from now on."""
        os.environ["AIRFLOW_CONN_WAREHOUSE"] = f"sqlite://{self.names['db_path']}"
        os.environ["AIRFLOW_CONN_API"] = self.names["url"].replace("http://", "http://")
        os.environ["LAKE"] = str(self.folder)
        os.chdir(self.folder)
        Handler.rows = self.rows


@dataclass
class Notes:
    """What one run of a task has put into XCom."""

    size: int = 0
    lazy: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def take(self, value: Any) -> None:
        """Sends a value the way of an XCom, up to the point at which it would leave the worker."""
        self.size += weight(value)
        kind, value = type(value).__name__, beginning(value)
        self.lazy.update(lazies(value))
        try:
            sent = importlib.import_module("airflow.sdk.execution_time.comms").SetXCom
            xcom = importlib.import_module("airflow.sdk.bases.xcom").BaseXCom
            sent(key="k", value=xcom.serialize_value(value), dag_id="d", task_id="t", run_id="r")
        except Exception as failure:
            self.refused.add(f"{kind}: {failure!r}"[:160])


def beginning(value: Any) -> Any:
    """The first items of a value, which tell whether the rest can be stored: to try all takes too long."""
    if type(value) is dict:
        return {key: beginning(inner) for key, inner in islice(value.items(), ENOUGH)}
    if type(value) is list or type(value) is tuple:
        return type(value)(beginning(inner) for inner in value[:ENOUGH])
    return value


def weight(value: Any) -> int:
    """About how many bytes of content a value has, however it is packed; nothing for what has none."""
    if value is None or isinstance(value, (bool, int, float)):
        return 8
    if isinstance(value, (str, bytes, bytearray)):
        return len(value)
    if isinstance(value, Mapping):
        return weight(list(value)) + weight(list(value.values()))
    if isinstance(value, (list, tuple, set, frozenset)):
        first = [weight(inner) for inner in islice(value, MANY)]
        return 8 + sum(first) * len(value) // max(len(first), 1)
    if hasattr(value, "columns") and hasattr(value, "shape") and not is_lazy(value):
        return int(8 * (value.shape[0] + 1) * (len(value.columns) + 1))
    for name in ("nbytes", "estimated_size"):
        if hasattr(value, name):
            size = getattr(value, name)
            return int(size() if callable(size) else size)
    return packed(value)


def packed(value: Any) -> int:
    try:
        return len(pickle.dumps(value))
    except Exception:
        return 8


def is_lazy(value: Any) -> bool:
    return type(value).__name__ in LAZY


def lazies(value: Any) -> Iterator[str]:
    """The kinds of queries that have not run, in a value and in what it holds."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for inner in value:
            yield from lazies(inner)
    elif is_lazy(value):
        yield type(value).__name__


class TaskInstance:
    """As much of a task instance as tasks ask for."""

    dag_id, run_id, map_index, try_number, is_mapped = "orders", "manual__1", -1, 1, False

    def __init__(self, task: Any, notes: Notes, inputs: Inputs) -> None:
        self.task, self.notes, self.inputs = task, notes, inputs
        self.task_id = task.task_id

    def xcom_push(self, *given: Any, **named: Any) -> None:
        self.notes.take(named["value"] if "value" in named else given[1])

    def xcom_pull(self, *_: Any, **__: Any) -> Any:
        return self.inputs.names["csv_path"]


def context_of(ti: TaskInstance, inputs: Inputs) -> dict[str, Any]:
    pendulum = importlib.import_module("pendulum")
    return {
        "ti": ti,
        "task_instance": ti,
        "task": ti.task,
        "dag": ti.task.dag,
        "dag_run": MagicMock(conf={}, run_id=ti.run_id),
        "run_id": ti.run_id,
        "params": dict(inputs.names),
        "logical_date": pendulum.parse(DAYS[1]),
        "data_interval_start": pendulum.parse(DAYS[1]),
        "outlet_events": MagicMock(),
        "inlet_events": MagicMock(),
    }


def give(task: Any, inputs: Inputs) -> None:
    """Calls a task's function with our inputs instead of what its DAG gives it."""
    names = list(inspect.signature(task.python_callable).parameters)
    given = {**dict(zip(names, task.op_args, strict=False)), **task.op_kwargs}
    task.op_args, task.op_kwargs = (), {**given, **inputs.of(list(given))}


def run(task: Any, inputs: Inputs) -> Notes:
    """One run of a task: what its operator gives, and what the task runner then pushes."""
    runner = importlib.import_module("airflow.sdk.execution_time.task_runner")
    contexts = importlib.import_module("airflow.sdk.execution_time.context")
    notes, task = Notes(), task.prepare_for_execution()
    ti = TaskInstance(task, notes, inputs)
    context = context_of(ti, inputs)
    for name, value in inputs.names.items():
        if hasattr(task, name):
            setattr(task, name, value)
    if hasattr(task, "op_kwargs"):
        give(task, inputs)
    keep = patch.object(runner.XCom, "set", lambda value, **_: notes.take(value))
    asked = patch.object(runner, "SUPERVISOR_COMMS", MagicMock(), create=True)
    with contexts.set_current_context(context), keep, asked:
        runner._push_xcom_if_needed(task.execute(context), ti, MagicMock())
    return notes


def called(decorated: Any, inputs: Inputs) -> Any:
    """A task made of a function decorated with `@task`, called with the inputs that its parameters name."""
    dag = importlib.import_module("airflow.sdk").DAG
    code = decorated.function.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    with dag("again"):
        return decorated(**inputs.of(names)).operator


def tasks_of(module: ModuleType, inputs: Inputs) -> Iterator[tuple[str, Any]]:
    """The tasks of a DAG file: decorated functions by their names, operators and assets by their ids."""
    decorator = importlib.import_module("airflow.sdk.bases.decorator")._TaskDecorator
    assets = importlib.import_module("airflow.sdk.definitions.asset.decorators")
    dags = importlib.import_module("airflow.sdk.definitions._internal.contextmanager").DagContext
    seen = set()
    for name, value in list(vars(module).items()):
        if isinstance(value, decorator) and value.function.__module__ == module.__name__:
            seen.add(value.function.__name__)
            yield value.function.__name__, called(value, inputs)
        elif isinstance(value, assets.AssetDefinition):
            seen.add(name)
            with importlib.import_module("airflow.sdk").DAG("assets"):
                yield name, assets._AssetMainOperator.from_definition(value)
    for dag, home in list(dags.autoregistered_dags):
        for task in dag.tasks if home is module else ():
            name = task.task_id.rpartition(".")[2]
            if name not in seen:
                yield name, task


def truth_of(first: Notes, second: Notes) -> str:
    """`lazy` and `refused` can't be XComs, `refused` although it has bulk in it; `fails` has none."""
    grows = second.size > GROWS * first.size and second.size - first.size > SLACK
    if second.lazy:
        return "lazy"
    if second.refused:
        return "refused" if grows else "fails"
    return "grows" if grows else "small"


def observed(notes: Sequence[Notes]) -> dict[str, Any]:
    first, second = notes
    sizes = [first.size, second.size]
    return {"truth": truth_of(first, second), "sizes": sizes, "why": sorted(second.lazy | second.refused)}


def loaded(folder: Path) -> dict[str, ModuleType]:
    """The modules of a DAG folder, by file name."""
    dags = importlib.import_module("airflow.sdk.definitions._internal.contextmanager").DagContext
    modules = {}
    for file in sorted(folder.glob("*.py")):
        dags.current_autoregister_module_name = file.stem
        modules[file.name] = importlib.import_module(file.stem)
    dags.current_autoregister_module_name = None
    return modules


def all_runs(modules: Mapping[str, ModuleType], inputs: Inputs) -> dict[str, dict[str, Notes | str]]:
    """The notes of one run of each task by file and name; of one that broke, how it broke."""
    inputs.enter()
    runs: dict[str, dict[str, Notes | str]] = {file: {} for file in modules}
    for file, module in modules.items():
        for name, task in tasks_of(module, inputs):
            remove(Path(inputs.names["out_path"]))
            try:
                runs[file][name] = run(task, inputs)
            except Exception as failure:
                line = traceback.extract_tb(failure.__traceback__)[-1]
                runs[file][name] = f"{failure!r} ({line.filename}:{line.lineno})"[-300:]
    return runs


def remove(path: Path) -> None:
    """Removes what the task before has written."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def compared(runs: Sequence[Mapping[str, Mapping[str, Notes | str]]]) -> dict[str, dict[str, Any]]:
    """The truth of each task by file and name."""
    truth: dict[str, dict[str, Any]] = {}
    for file, tasks in runs[0].items():
        truth[file] = {}
        for name in tasks:
            notes = [each[file][name] for each in runs]
            whole = [each for each in notes if isinstance(each, Notes)]
            broken = [each for each in notes if isinstance(each, str)]
            truth[file][name] = {"truth": "broken", "why": broken} if broken else observed(whole)
    return truth


def main(arguments: Sequence[str]) -> None:
    out, folder = (Path(each).resolve() for each in arguments)
    sys.path[:0] = [str(folder), str(folder.parent)]
    with tempfile.TemporaryDirectory() as home:
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            del os.environ[name]
        settings = {"LOGGING__LOGGING_LEVEL": "ERROR", "CORE__LOAD_EXAMPLES": "False"}
        os.environ.update({f"AIRFLOW__{name}": value for name, value in settings.items()}, AIRFLOW_HOME=home)
        importlib.import_module("stand_ins").install()
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        modules = loaded(folder)
        runs = []
        for count in ROWS:
            place = Path(home, str(count))
            place.mkdir()
            inputs = Inputs(place, count, f"http://127.0.0.1:{server.server_port}")
            runs.append(all_runs(modules, inputs))
        os.chdir(folder)
    out.write_text(json.dumps(compared(runs), indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
