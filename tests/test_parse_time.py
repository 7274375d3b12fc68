from __future__ import annotations

from textwrap import dedent

import pytest
from airwarden.dag import DagFile
from airwarden.parse_time import ParseTime, calls_at_parse
from airwarden.repo import Repo
from airwarden.source import Source

from tests.conftest import MakeRepository

HEAD = "from airflow.sdk import DAG, Connection, Variable, dag, task, task_group\n"


def called(code: str) -> list[str]:
    file = DagFile.read(Source("dags/a.py", HEAD + dedent(code)))
    return [file.source.slice(file.region(site.call)) for site in calls_at_parse(file)]


@pytest.mark.parametrize(
    "code",
    [
        "a()",
        "x = [a() for _ in y]",
        "def f(x=a()): ...",
        "class A:\n    x = a()",
        "if x:\n    a()",
        "if __name__ != '__main__':\n    a()",
        "@dag\ndef f():\n    a()",
        "@dag(schedule=None)\ndef f():\n    @task_group\n    def g():\n        a()",
        "with DAG('d'):\n    a()",
    ],
)
def test_what_runs_when_a_file_is_parsed(code: str) -> None:
    assert "a()" in called(code)


@pytest.mark.parametrize(
    "code",
    [
        "def f():\n    a()",
        "x = lambda: a()",
        "@task\ndef f():\n    a()\nf()",
        "@task.branch\ndef f():\n    a()\nf()",
        "@unknown\ndef f():\n    a()\nf()",
        "if __name__ == '__main__':\n    a()",
        "if TYPE_CHECKING:\n    a()",
        "class A:\n    def f(self):\n        a()",
        "def f():\n    a()\nOperator(python_callable=f)",
    ],
)
def test_what_does_not(code: str) -> None:
    assert "a()" not in called(code)


@pytest.mark.parametrize(
    "code",
    [
        "def f():\n    a()\nf()",
        "def f():\n    a()\ndef g():\n    f()\ng()",
        "import functools\n@functools.cache\ndef f():\n    a()\nf()",
        "class A:\n    def __init__(self):\n        a()\nA()",
        "def f():\n    a()\n@dag\ndef g():\n    f()",
    ],
)
def test_functions_that_are_called_run_too(code: str) -> None:
    assert "a()" in called(code)


def test_functions_that_call_themselves_end() -> None:
    assert called("def f():\n    f()\n    a()\nf()") == ["f()", "a()", "f()"]


def lookups(make_repository: MakeRepository, files: dict[str, str]) -> list[tuple[str, str | None, str]]:
    repo = Repo(make_repository(files))
    file = repo.dag_file("dags/a.py")
    found = repo.analysis(ParseTime).lookups(file)
    return [(each.name, each.key, f"{each.file.path}:{each.file.region(each.inner).line}") for each in found]


DAG_FILE = HEAD + "from common import read\nwith DAG('d'):\n    pass\n"


def test_lookups_behind_functions_of_other_modules_are_told_once(make_repository: MakeRepository) -> None:
    helper = "from airflow.sdk import Variable\ndef read():\n    return Variable.get('x')\n"
    found = lookups(make_repository, {"dags/a.py": DAG_FILE + "read()\nread()\n", "dags/common.py": helper})
    assert found == [("Variable.get", "x", "dags/common.py:3")]


def test_lookups_behind_constructors_of_other_modules(make_repository: MakeRepository) -> None:
    helper = dedent(
        """
        from airflow.sdk import Connection

        class read:
            def __init__(self):
                self.host = Connection.get("x").host
        """
    )
    found = lookups(make_repository, {"dags/a.py": DAG_FILE + "read()\n", "dags/common.py": helper})
    assert found == [("Connection.get", "x", "dags/common.py:6")]


def test_tasks_of_other_modules_are_not_followed(make_repository: MakeRepository) -> None:
    helper = "from airflow.sdk import Variable, task\n@task\ndef read():\n    return Variable.get('x')\n"
    assert not lookups(make_repository, {"dags/a.py": DAG_FILE + "read()\n", "dags/common.py": helper})


def test_a_module_that_no_dag_imports_is_left_alone(make_repository: MakeRepository) -> None:
    module = "from airflow.sdk import Variable\nX = Variable.get('x')\n"
    assert not lookups(
        make_repository, {"dags/a.py": module, "dags/b.py": HEAD + "with DAG('d'):\n    pass\n"}
    )
    importing = HEAD + "import a\nwith DAG('d'):\n    pass\n"
    assert lookups(make_repository, {"dags/a.py": module, "dags/b.py": importing})
