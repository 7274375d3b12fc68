"""The table of what Airflow 3 moved, and what it answers."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from airwarden import moved_imports
from airwarden.distributions.modules import need_of_module
from airwarden.moved_imports import move_of, moves

TABLE = Path(moved_imports.__file__).parent / "tables" / "moved_imports.csv"
SCRIPT = Path(__file__).parent.parent / "scripts" / "check_moved_imports.py"
BASH = "airflow.providers.standard.operators.bash.BashOperator"


def test_the_table_is_sorted_and_says_nothing_twice() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["old", "new", "deprecated", "gone"]
    assert rows == sorted(rows)
    assert len(moves()) == len(rows)
    assert not [old for old, _, deprecated, gone in rows if not (deprecated or gone)]
    assert not [old for old, _, deprecated, gone in rows if deprecated and gone and deprecated >= gone]


def test_what_is_deprecated_has_a_new_name_that_stays() -> None:
    assert not [move.old for move in moves().values() if move.deprecated and not move.new]
    assert not [move.old for move in moves().values() if move.new in moves() or move.new == move.old]


def test_every_provider_that_something_moved_to_is_known() -> None:
    homes = {move.new for move in moves().values() if move.new.startswith("airflow.providers.")}
    assert not [new for new in homes if need_of_module(new) is None]


@pytest.mark.parametrize(
    ("dotted", "airflow", "new", "is_gone"),
    [
        ("airflow.operators.bash.BashOperator", (3, 0), BASH, False),
        ("airflow.operators.bash_operator.BashOperator", (3, 0), BASH, True),
        ("airflow.operators.bash_operator", (3, 0), "", True),
        ("airflow.operators.bash_operator.anything", (3, 2), "", True),
        ("airflow.contrib.hooks.aws_hook.AwsHook", (3, 3), "", True),
        ("airflow.contrib", (3, 0), "", True),
        ("airflow.datasets.Dataset", (3, 1), "airflow.sdk.Asset", False),
        ("airflow.datasets.Dataset", (3, 2), "airflow.sdk.Asset", True),
        ("airflow.hooks.base_hook.BaseHook", (3, 0), "", True),
        ("airflow.hooks.base_hook.BaseHook", (3, 1), "airflow.sdk.BaseHook", True),
        ("airflow.decorators.task", (3, 1), "airflow.sdk.task", False),
    ],
)
def test_the_version_tells_what_became_of_a_name(
    dotted: str, airflow: tuple[int, int], new: str, is_gone: bool
) -> None:
    move = move_of(dotted, airflow)
    assert move is not None
    assert (move.new, move.is_gone(airflow)) == (new, is_gone)


@pytest.mark.parametrize(
    ("dotted", "airflow"),
    [
        ("airflow.operators.bash.BashOperator", (2, 11)),
        ("airflow.contrib.hooks.aws_hook", (2, 10)),
        ("airflow.decorators.task", (3, 0)),
        ("airflow.datasets.metadata.Metadata", (3, 0)),
        ("airflow.DAG", (3, 3)),
        ("airflow.models.DAG", (3, 3)),
        ("airflow.models.Variable", (3, 3)),
        ("airflow.operators.bash", (3, 3)),
        ("airflow.operators.bash.BashOperator.execute", (3, 3)),
        ("airflow.contributions", (3, 3)),
        ("airflow", (3, 3)),
        ("pandas.DataFrame", (3, 3)),
    ],
)
def test_what_is_in_its_place_has_not_moved(dotted: str, airflow: tuple[int, int]) -> None:
    assert move_of(dotted, airflow) is None


def test_the_script_needs_airflow_3() -> None:
    run = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (2, "")
