"""What a command costs: processor time, wall-clock time and memory, with all the processes that it starts."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from threading import Timer

_ADOPT_ORPHANS = 36
"""Linux's PR_SET_CHILD_SUBREAPER."""
_MEGABYTE = 1024 if sys.platform != "darwin" else 1 << 20


@dataclass(frozen=True)
class Usage:
    """What a command took: seconds, and megabytes of the largest of its processes.

    Keep the process that measures small: Linux counts what it held into the peak of what it starts.
    """

    cpu: float
    wall: float
    peak: float
    code: int


class TooLong(Exception):
    """A command that was stopped."""


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    output: Path | None = None,
    faults: Path | None = None,
    patience: float = 900,
    prepare: Callable[[], None] | None = None,
) -> Usage:
    """Runs a command in a folder; what it says goes to files or is thrown away. Raises `TooLong`.

    `prepare` is called in the process that becomes the command.
    """
    start = time.perf_counter()
    nowhere = Path(os.devnull)
    with (output or nowhere).open("wb") as stdout, (faults or nowhere).open("wb") as stderr:
        child = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=stdout,
            stderr=stderr, start_new_session=True, preexec_fn=prepare,
        )  # fmt: skip
    guard = Timer(patience, _stop, [child.pid])
    guard.start()
    try:
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
    finally:
        guard.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode == -signal.SIGKILL:
        raise TooLong(f"took more than {patience:.0f} s" if wall >= patience else "was killed")
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss
    for cpu_of_orphan, peak_of_orphan in _orphans():
        cpu, peak = cpu + cpu_of_orphan, max(peak, peak_of_orphan)
    return Usage(cpu, wall, peak / _MEGABYTE, child.returncode)


def adopt_orphans() -> None:
    """Has processes counted that outlive the command which started them, where the system can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)


def _orphans() -> Iterable[tuple[float, int]]:
    """What was used by processes that outlived the last command and end soon after it."""
    for _ in range(20):
        try:
            pid, _, used = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid:
            yield used.ru_utime + used.ru_stime, used.ru_maxrss
        else:
            time.sleep(0.05)


def _stop(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def in_turn(runs: Mapping[str, Callable[[], Usage]], rounds: int) -> dict[str, Usage]:
    """The median of each run; they take turns, so that a slow moment of the machine meets all of them."""
    taken: dict[str, list[Usage]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, once in runs.items():
            taken[name].append(once())
    return {name: median(usages) for name, usages in taken.items()}


def median(usages: Sequence[Usage]) -> Usage:
    """The median of each figure; the exit code is the last one."""
    return Usage(
        statistics.median(each.cpu for each in usages),
        statistics.median(each.wall for each in usages),
        statistics.median(each.peak for each in usages),
        usages[-1].code,
    )


def exponent(points: Mapping[int, float]) -> float:
    """By which power of the size a cost grows: the slope of the line through the logarithms of both."""
    sizes = [log(size) for size in points]
    costs = [log(cost) for cost in points.values()]
    return statistics.linear_regression(sizes, costs).slope
