"""Pulls of a task's own XCom: that the search ends, and what it tells."""

from __future__ import annotations

from airwarden.outputs.own_pulls import OwnPull, OwnPulls
from airwarden.repo import Repo

from tests.conftest import MakeRepository

HEAD = "from airflow.sdk import task\n"


def own_pulls(make: MakeRepository, code: str) -> list[OwnPull]:
    repo = Repo(make({"dags/a.py": HEAD + code}))
    return OwnPulls(repo).of(repo.dag_file("dags/a.py"))


def test_functions_that_call_each_other_come_to_an_end(make_repository: MakeRepository) -> None:
    code = (
        "def even(ti, n):\n    odd(ti, n)\n    return ti.xcom_pull(task_ids=ti.task_id)\n\n"
        "def odd(ti, n):\n    even(ti, n)\n    odd(ti, n)\n\n"
        "@task\ndef run(ti=None):\n    even(ti, 1)\n    even(ti, 2)\n"
    )
    assert len(own_pulls(make_repository, code)) == 1


def test_a_chain_of_calls_that_widens_comes_to_an_end(make_repository: MakeRepository) -> None:
    levels = [f"def f{n}(ti):\n" + f"    f{n + 1}(ti)\n" * 8 for n in range(20)]
    code = "\n".join(levels) + "\n@task\ndef run(ti=None):\n    f0(ti)\n"
    assert own_pulls(make_repository, code) == []


def test_the_push_is_told_with_the_pull(make_repository: MakeRepository) -> None:
    code = (
        "@task\ndef run(ti=None):\n"
        "    done = ti.xcom_pull(task_ids=ti.task_id, key='done')\n"
        "    ti.xcom_push(key='done', value=[done])\n"
    )
    (found,) = own_pulls(make_repository, code)
    assert (found.deed, found.key) == ("run() pulls", "done")
    assert found.push is not None
    assert found.push[0].region(found.push[1]).line == 5
