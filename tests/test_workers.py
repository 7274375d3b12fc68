"""Work in several processes: all of it gets done, whatever becomes of a process."""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from airwarden.workers import Workers, portions

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process can't be copied here")


def test_portions_hold_each_file_once_and_the_largest_come_first() -> None:
    sizes = [
        (f"{folder}/{name}.py", size) for folder in "abc" for name, size in (("x", 10), ("y", 30), ("z", 5))
    ]
    found = portions(sizes, 2)
    assert sorted(path for portion in found for path in portion) == sorted(path for path, _ in sizes)
    totals = [sum(dict(sizes)[path] for path in portion) for portion in found]
    assert totals == sorted(totals, reverse=True)
    assert found == portions(sizes[::-1], 2)


def test_files_of_one_folder_stay_together_where_there_are_many_folders() -> None:
    sizes = [(f"{folder:02}/{name}.py", 1) for folder in range(40) for name in "ab"]
    assert all(len({path.split("/")[0] for path in portion}) == 1 for portion in portions(sizes, 2))
    assert len(portions(sizes, 2)) == 40


def work(path: str) -> str:
    if path == "slow":
        time.sleep(60)
    if path == "deadly":
        os._exit(1)
    return f"{path} is done"


def run(paths: list[list[str]], count: int = 2, limit: float = 30.0) -> tuple[list[str], list[object]]:
    workers = Workers(count, work, lambda path, why: f"{path} {why}", lambda: "bye", limit)
    return sorted(workers.results(paths)), workers.said


def test_every_file_gets_done_and_every_process_says_goodbye() -> None:
    done, said = run([["a", "b"], ["c"], ["d"]])
    assert done == ["a is done", "b is done", "c is done", "d is done"]
    assert said == ["bye", "bye"]


def test_a_file_that_takes_too_long_is_told_and_those_after_it_get_done() -> None:
    done, said = run([["a", "slow", "b"], ["c"]], limit=0.5)
    assert done == ["a is done", "b is done", "c is done", "slow took longer than 0 seconds"]
    assert len(said) == 2


def test_a_process_that_ends_is_told_and_another_goes_on() -> None:
    done, _ = run([["deadly", "a"], ["deadly"], ["b"]], count=3)
    assert done == ["a is done", "b is done", "deadly ended its process", "deadly ended its process"]


def test_more_processes_than_portions() -> None:
    assert run([["a"]], count=8) == (["a is done"], ["bye"])


def test_where_no_process_can_be_made_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(os, "fork", refuse)
    done, said = run([["a", "b"], ["c"]])
    assert done == ["a is done", "b is done", "c is done"]
    assert said == ["bye"]


def test_where_few_processes_can_be_made_they_do_all(monkeypatch: pytest.MonkeyPatch) -> None:
    real, made = os.fork, list[int]()

    def fork() -> int:
        if made:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        made.append(1)
        return real()

    monkeypatch.setattr(os, "fork", fork)
    done, said = run([["a", "deadly", "b"], ["c"]], count=3)
    assert done == ["a is done", "b is done", "c is done", "deadly ended its process"]
    assert said == ["bye"]


def test_processes_end_when_the_one_that_began_them_is_killed(tmp_path: Path) -> None:
    def work(path: str) -> str:
        (tmp_path / path).write_text(str(os.getpid()))
        return path

    def begin() -> None:
        results = Workers(2, work, lambda path, _: path, lambda: None).results([["a"], ["b"]])
        next(results)
        next(results)
        os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if not child:
        begin()
    os.waitpid(child, 0)
    for name in "ab":
        worker = int((tmp_path / name).read_text())
        assert wait_for(lambda worker=worker: not is_running(worker))  # type: ignore[misc]


def wait_for(condition: Callable[[], bool]) -> bool:
    """Whether a condition comes true before long."""
    for _ in range(3_000):
        if condition():
            return True
        time.sleep(0.01)
    return False


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"
