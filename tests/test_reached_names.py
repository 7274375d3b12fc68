"""Which names from outside a file can come to."""

from __future__ import annotations

from pathlib import Path

import pytest
from airwarden.alerts.callbacks import Alerts, Reach
from airwarden.reached_names import ReachedNames
from airwarden.repo import Repo

WANTED = frozenset({"airflow.DAG", "airflow.sdk.dag"})


def repo_of(root: Path, files: dict[str, str]) -> Repo:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return Repo(root)


@pytest.mark.parametrize(
    "text",
    [
        "from airflow import DAG",
        "import airflow",
        "from airflow.sdk import *",
        "from airflow import sdk",
        "def late():\n    from airflow.sdk import dag",
        "import importlib\nairflow = importlib.import_module('airflow')",
        "from factories import make",
        "import tools.inner.deep",
        "from tools import inner",
        "from ring import one",
        "from .beside import make",
    ],
)
def test_reached(tmp_path: Path, text: str) -> None:
    """A name is reached that is imported, or that is in what is imported, here or by a module of ours."""
    files = {
        "dags/entry.py": text,
        "dags/factories.py": "from airflow import DAG as made",
        "dags/tools/__init__.py": "",
        "dags/tools/inner/__init__.py": "",
        "dags/tools/inner/deep.py": "from airflow import DAG",
        "dags/ring.py": "import entry\nimport other_ring",
        "dags/other_ring.py": "import ring\nimport factories",
        "dags/beside.py": "from dags.factories import make",
    }
    repo = repo_of(tmp_path, files)
    assert repo.analysis(ReachedNames).may_reach(repo.dag_file("dags/entry.py"), WANTED)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "from airflow.sdk import task",
        "from airflow.models import Variable",
        "from airflow.operators import *",
        "from quiet import help",
        "import pandas as DAG",
    ],
)
def test_not_reached(tmp_path: Path, text: str) -> None:
    """What is beside such a name does not lead to it; rings of imports end."""
    files = {
        "dags/entry.py": text,
        "dags/quiet.py": "import entry\nimport quieter",
        "dags/quieter.py": "import quiet\nfrom airflow.hooks.base import BaseHook",
        "dags/loud.py": "from airflow import DAG",
    }
    repo = repo_of(tmp_path, files)
    reached = repo.analysis(ReachedNames)
    assert not reached.may_reach(repo.dag_file("dags/entry.py"), WANTED)
    assert reached.may_reach(repo.dag_file("dags/loud.py"), WANTED)


def test_what_files_share_stays_as_it_was(tmp_path: Path) -> None:
    """What one file changes of a module that others share is taken back before the next is loaded."""
    module = (
        "from airflow import DAG\n"
        "CALLBACKS = []\n"
        "def make(name):\n"
        "    if name:\n        callbacks = list(CALLBACKS)\n"
        "    else:\n        callbacks = []\n"
        "    return DAG(name, on_failure_callback=callbacks or None)\n"
    )
    first = (
        "import common  # airflow\nif True:\n    common.CALLBACKS.append(print)\ndag = common.make('first')\n"
    )
    second = "import common  # airflow\ndag = common.make('second')\n"
    files = {"dags/common.py": module, "dags/a.py": first, "dags/b.py": second, "dags/c.py": first}
    alerts = Alerts(repo_of(tmp_path, files))
    found = {
        path: [each.dag_level for each in alerts.of_loaded(alerts.load(alerts.repo.dag_file(path)))]
        for path in ("dags/a.py", "dags/b.py", "dags/c.py")
    }
    assert found == {"dags/a.py": [Reach.OTHER], "dags/b.py": [Reach.NOBODY], "dags/c.py": [Reach.OTHER]}
