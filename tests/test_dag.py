from __future__ import annotations

from collections.abc import Collection

import pytest
from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.layouts import written
from airwarden.source import Source


def read(text: str) -> DagFile:
    return DagFile.read(Source("dags/example.py", text))


def name_of(text: str) -> str | None:
    """The full name of what the last statement calls."""
    file = read(text)
    site = file.module.calls[-1]
    return file.full_name(site.call.function, site.scope)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import pandas as pd\npd.read_csv()", "pandas.read_csv"),
        ("from airflow import models\nmodels.DAG()", "airflow.models.DAG"),
        ("import airflow.models\nairflow.models.DAG()", "airflow.models.DAG"),
        ("from airflow.sdk import *\nDAG()", "airflow.sdk.DAG"),
        ("from .callbacks import notify\nnotify()", ".callbacks.notify"),
        ("from . import callbacks\ncallbacks.notify()", ".callbacks.notify"),
        ("open()", "open"),
        ("def own(): ...\nown()", "own"),
        ("import a\nb = a.c\nb.d()", "a.c.d"),
        ("x = make_one()\nx.call()", None),
        ("def f(a):\n    a.call()", None),
        ("undefined()", None),
        ("def f():\n    import a.b as c\n    c.d()", "a.b.d"),
    ],
)
def test_full_names(text: str, name: str | None) -> None:
    assert name_of(text) == name


def test_the_imports_that_have_to_work() -> None:
    file = read(
        "import a, b.c\n"
        "try:\n    import d\nexcept ImportError:\n    import e\n"
        "if a.version > 3:\n    from f import g\n"
        "if TYPE_CHECKING:\n    import h\n"
        "def i():\n    from j.k import l\n    if a:\n        import m\n"
        "from n import o as p\n"
    )
    names = [name.dotted for statement in file.needed_imports for name in statement.names]
    assert names == ["a", "b.c", "j.k.l", "n.o"]
    modules = ("a", "b", "b.c", "n", "n.o", "b.d", "d", "f", "h", "j", "j.k", "p")
    assert [module for module in modules if file.needs(module)] == ["a", "b", "b.c", "n", "n.o"]


def test_a_name_imported_in_several_places_has_all_of_them() -> None:
    file = read(
        "try:\n    from airflow.sdk import DAG\nexcept ImportError:\n    from airflow import DAG\nDAG()\n"
    )
    site = file.module.calls[-1]
    assert file.names(site.call.function, site.scope) == ("airflow.sdk.DAG", "airflow.DAG")
    assert len(file.dags) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'plain'", "plain"),
        ("'a' + 'b'", "ab"),
        ("NAME", "sales"),
        ("f'{NAME}_daily'", "sales_daily"),
        ("NAME + suffix", None),
        ("CHANGED", None),
    ],
)
def test_known_texts(text: str, value: str | None) -> None:
    file = read(f"NAME = 'sales'\nCHANGED = 'a'\nCHANGED = 'b'\nf({text})\n")
    site = file.module.calls[-1]
    argument = site.call.positional(0)
    assert argument is not None
    assert file.text(argument, site.scope) == value


def test_ids_of_dags() -> None:
    file = read(
        "from airflow.sdk import DAG, dag\nNAME = 'c'\n"
        "DAG('a')\nDAG(dag_id='b')\nDAG(NAME)\nDAG(f'{x}')\n"
        "@dag\ndef d(): ...\n@dag(dag_id='e')\ndef other(): ...\n@dag(schedule=None)\ndef f(): ...\n"
    )
    assert sorted(str(file.dag_id(dag)) for dag in file.dags) == ["None", "a", "b", "c", "d", "e", "f"]


def test_tasks_and_whether_they_push() -> None:
    file = read(
        "from airflow.decorators import task\n"
        "from airflow.sdk import asset, task as sdk_task\n"
        "from airflow.models import BaseOperator\n"
        "from airflow.operators.python import BranchPythonOperator, PythonOperator\n"
        "@task\ndef a(): ...\n"
        "@task(do_xcom_push=False)\ndef b(): ...\n"
        "@sdk_task.virtualenv(requirements=[])\ndef c(): ...\n"
        "@task.branch\ndef d(): ...\n"
        "@asset(schedule=None)\ndef e(): ...\n"
        "def f(): ...\n"
        "PythonOperator(task_id='f', python_callable=f)\n"
        "PythonOperator.partial(task_id='g', python_callable=lambda: 1).expand(op_args=[])\n"
        "BranchPythonOperator(task_id='h', python_callable=f)\n"
        "class Own(BaseOperator):\n    def execute(self, context): ...\n"
        "task(f).expand(x=[1])\n"
        "def plain(): ...\n"
    )
    told = [
        (
            task.kind,
            task.function.name if isinstance(task.function, syntax.Function) else "lambda",
            task.pushes,
        )
        for task in file.tasks
    ]
    assert told == [
        ("decorated", "a", True),
        ("decorated", "b", False),
        ("decorated", "c", True),
        ("decorated", "d", False),
        ("asset", "e", True),
        ("execute", "execute", True),
        ("callable", "f", True),
        ("callable", "lambda", True),
        ("callable", "f", False),
        ("callable", "f", True),
    ]


def test_a_callable_is_followed_to_its_function() -> None:
    file = read(
        "import functools\n"
        "def plain(): ...\n"
        "alias = plain\n"
        "def reused(): ...\n"
        "reused = Operator(python_callable=reused)\n"
        "class Worker:\n    def method(self): ...\n    def register(self):\n        take(self.method)\n"
        "worker = Worker()\n"
        "take(plain), take(alias), take(functools.partial(plain, 1)), take(worker.method)\n"
        "take(Worker().method), take(unknown), take(plain()), take(reused)\n"
    )
    found = []
    for site in file.module.calls:
        argument = site.call.positional(0)
        if file.full_name(site.call.function, site.scope) is None and argument is not None:
            function = file.function(argument, site.scope)
            found.append(function.name if isinstance(function, syntax.Function) else None)
    assert found == ["method", "plain", "plain", "plain", "method", "method", None, None, "reused"]


def test_regions_asked_one_by_one_take_a_few_walks(monkeypatch: pytest.MonkeyPatch) -> None:
    walks: list[int] = []

    def counted(tree: object, wanted: Collection[int] = ()) -> tuple[str, dict[int, tuple[int, int]]]:
        walks.append(len(wanted))
        return written(tree, wanted)

    monkeypatch.setattr("airwarden.positions.written", counted)
    file = DagFile.read(Source("a.py", "f(a.b, c)\n" * 200))
    alone = [DagFile(file.source, file.module).region(site.call) for site in file.module.calls[::40]]
    walks.clear()
    assert [file.region(site.call) for site in file.module.calls][::40] == alone
    assert len(walks) <= 10
