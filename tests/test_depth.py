"""Files whose names lead on and on, or stand for one another again and again: no walk gets lost in them."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from airwarden import engine
from airwarden.config import Config
from airwarden.depth import Steps
from airwarden.nesting import MOST_CHOICES, MOST_LEVELS, MOST_LINKS
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.report import Report
from airwarden.rule import Rule
from airwarden.source import LARGEST_PYTHON

_HEAD = """
import logging
from functools import partial
import pandas as pd
from airflow import DAG
from airflow.decorators import task
from airflow.operators.python import PythonOperator
"""
_USES = """
with DAG("d", default_args={{"password": {name}}}, on_failure_callback={name}, schedule={name}):
    PythonOperator(task_id="a", python_callable={name}, op_kwargs={{"a": {name}}}, password={name})
logging.info({name})
password = {name}
@task
def read():
    return [pd.read_sql({name}, con={name}), {name}(), {{1: {name}, 2: {name}}}]
read()
"""
_TEXT = 'a0 = "select * from t"\n'
_MANY = 40
ALIKE = {
    "itself": (1, 'a0 = a0 + "x"\n', ""),
    "itself in a field": (1, 'a0 = f"{a0} x"\n', ""),
    "itself as a query": (1, "a0 = str(a0.format(a0))\n", ""),
    "one another": (2, 'a0 = a1 + "x"\n', 'a{n} = a{before} + "y"\n'),
    "partials of one another": (2, "a0 = partial(a1)\n", "a{n} = partial(a{before})\n"),
    "sums": (1_600, _TEXT, 'a{n} = a{before} + "x"\n'),
    "names": (1_600, _TEXT, "a{n} = a{before}\n"),
    "partials": (1_600, "def a0(context): pass\n", "a{n} = partial(a{before}, a{before})\n"),
    "calls": (400, _TEXT, "a{n} = str(a{before})\n"),
    "functions": (400, "def a0(c): return pd.read_sql('t', c)\n", "def a{n}(c): return a{before}(c)\n"),
    "classes": (400, "class a0: pass\n", "class a{n}(a{before}): pass\n"),
    "doubled sums": (60, _TEXT, "a{n} = a{before} + a{before}\n"),
    "doubled fields": (60, _TEXT, 'a{n} = f"{{a{before}}} {{a{before}}}"\n'),
    "diamonds": (30, "class a0: pass\n", "class b{n}(a{before}): pass\nclass a{n}(b{n}, a{before}): pass\n"),
    "wide sums": (9, _TEXT, "a{n} = " + " + ".join(["a{before}"] * _MANY) + "\n"),
    "wide choices": (9, _TEXT, "a{n} = " + " or ".join(["a{before}"] * _MANY) + "\n"),
    "wide fields": (9, _TEXT, 'a{n} = f"' + "{{a{before}}}" * _MANY + '"\n'),
    "wide lists": (9, _TEXT, "a{n} = [" + "a{before}, " * _MANY + "]\n"),
    "wide joins": (9, _TEXT, 'a{n} = " ".join([' + "a{before}, " * _MANY + "])\n"),
}


@cache
def all_rules() -> tuple[dict[str, Rule], Mapping[str, str]]:
    """All rules, and the family of each."""
    registry = Registry()
    return registry.load()[0], registry.families


def reported(root: Path) -> Report:
    """The report of a run over a folder with all rules."""
    rules, families = all_rules()
    return engine.check(Repo(root), None, Config(), rules, families=families)


@pytest.mark.parametrize("kind", ALIKE)
def test_names_that_lead_on_and_on_are_followed_only_so_far(kind: str, tmp_path: Path) -> None:
    count, first, next_one = ALIKE[kind]
    names = "".join(next_one.format(n=n, before=n - 1) for n in range(1, count))
    (tmp_path / "a.py").write_text(_HEAD + first + names + _USES.format(name=f"a{count - 1}"))
    assert reported(tmp_path).crashes == ()


def test_a_text_that_thousands_of_calls_share_is_looked_at_once(tmp_path: Path) -> None:
    calls = "".join(f"    a{n} = pd.read_sql(Q, c)\n" for n in range(1_000))
    query = f"Q = '''select a from t where b in ({'1, ' * 60_000})'''\n"
    (tmp_path / "a.py").write_text(f"{_HEAD}{query}@task\ndef read(c):\n{calls}    return a0\nread(1)\n")
    assert reported(tmp_path).crashes == ()


def test_the_steps_of_a_walk_are_those_of_the_one_around_it_too() -> None:
    around = Steps(3)
    first, second = Steps(2, around), Steps(2, around)
    assert [first.take(), first.take(), first.take()] == [True, True, False]
    assert [second.take(), second.take()] == [True, False]


def test_nothing_is_found_differently_by_a_caller_that_has_used_up_the_stack() -> None:
    fixtures = Path(__file__).parent / "fixtures" / "dataframe-in-xcom"
    usual, limit = reported(fixtures), sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 300)
    try:
        found = reported(fixtures)
    finally:
        sys.setrecursionlimit(limit)
    assert usual.findings
    assert (found.findings, found.crashes) == (usual.findings, usual.crashes)


def test_a_large_file_in_a_folder_of_dags_is_told_of_where_it_speaks_of_airflow(tmp_path: Path) -> None:
    (tmp_path / "dags").mkdir()
    for name, first in (("words", "words = [\n"), ("dag", "import airflow\nwords = [\n")):
        rows = "    'word',\n" * (LARGEST_PYTHON // 12 + 1)
        (tmp_path / "dags" / f"{name}.py").write_text(f"{first}{rows}]\n")
    told = [(each.rule, each.region.path) for each in reported(tmp_path).findings]
    assert told == [("too-big", "dags/dag.py")]


_IN_A_THREAD = """
import sys, threading
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from airwarden.depth import STACK
from test_depth import reported

def judge():
    report = reported(Path(sys.argv[2]))
    print(len(report.crashes), report.checked)

threading.stack_size(STACK // 2)
thread = threading.Thread(target=judge)
thread.start()
thread.join()
"""


def test_the_deepest_that_is_judged_does_not_end_a_thread_of_half_the_stack(tmp_path: Path) -> None:
    blocks = "".join(" " * n + "if c:\n" for n in range(1, 95))
    deepest = {
        "calls": f"x = a{'()' * (MOST_LINKS - 10)}\n",
        "branches": "if a: pass\n" + "elif b: pass\n" * (MOST_CHOICES - 10),
        "blocks": f"def x(c):\n{blocks}{' ' * 95}return pd.read_sql('a', c)\n",
        "brackets": f"x = {'[' * (MOST_LEVELS - 10)}1{']' * (MOST_LEVELS - 10)}\n",
    }
    for name, code in deepest.items():
        (tmp_path / f"{name}.py").write_text(_HEAD + code + _USES.format(name="x"))
    arguments = [sys.executable, "-c", _IN_A_THREAD, str(Path(__file__).parent), str(tmp_path)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "0 4\n")
