"""Work that is divided among processes: copies of this one, to be ended where a file takes too long."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from math import ceil
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from airwarden.interruption import SIGNALS

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

_R = TypeVar("_R")

LIMIT = 60.0
"""Seconds that one file may take."""

_SPARE = 5
"""Seconds after these in which a process that nobody ends does so itself."""


def portions(sizes: Sequence[tuple[str, int]], count: int) -> list[list[str]]:
    """Files, each with its size, in portions for `count` processes, the largest first. Files of one folder
    stay together as far as that leaves enough portions.
    """
    most = sum(size for _, size in sizes) // (count * 8) + 1
    found: list[tuple[int, list[str]]] = []
    folder = None
    for path, size in sorted(sizes):
        here = path.rpartition("/")[0]
        if here != folder or found[-1][0] + size > most:
            found.append((0, []))
            folder = here
        found[-1] = (found[-1][0] + size, [*found[-1][1], path])
    return [paths for _, paths in sorted(found, key=lambda each: (-each[0], each[1]))]


class Workers(Generic[_R]):
    """Processes that each do one file after the other.

    `do` gives the result for a file, `late` the result for one that could not be finished, with the reason,
    and `last` what a process has to say in the end.
    """

    def __init__(
        self,
        count: int,
        do: Callable[[str], _R],
        late: Callable[[str, str], _R],
        last: Callable[[], Any],
        limit: float = LIMIT,
    ) -> None:
        self._count = count
        self._do = do
        self._late = late
        self._last = last
        self._limit = limit
        self.said: list[Any] = []
        """What the processes had to say in the end."""

    def results(self, portions: Iterable[list[str]]) -> Iterator[_R]:
        """What comes of each file, in the order in which they get done."""
        waiting = deque(portions)
        gc.freeze()
        workers = list[_Worker[_R]]()
        try:
            for _ in range(min(self._count, len(waiting))):
                self._start(workers)
            while workers:
                for worker in [each for each in workers if not each.pending and not each.is_done]:
                    worker.give(waiting.popleft() if waiting else [])
                for worker in self._ready(workers):
                    yield from self._heard(worker, workers, waiting)
            if waiting:
                yield from self._done_here(waiting)
        finally:
            gc.unfreeze()
            for worker in workers:
                worker.end()

    def _start(self, workers: list[_Worker[_R]]) -> None:
        """Adds a process, where the machine has one to give."""
        with suppress(OSError):
            workers.append(_Worker(self._do, self._last, self._limit))

    def _done_here(self, waiting: Iterable[list[str]]) -> Iterator[_R]:
        """Does in this process what no other is there for."""
        yield from (self._do(path) for paths in waiting for path in paths)
        self.said.append(self._last())

    def _ready(self, workers: list[_Worker[_R]]) -> list[_Worker[_R]]:
        """Those that have something to say, or that have taken too long."""
        spare = min(worker.since for worker in workers) + self._limit - time.monotonic()
        heard = wait([worker.connection for worker in workers], max(spare, 0.01))
        late = time.monotonic() - self._limit
        return [worker for worker in workers if worker.connection in heard or worker.since < late]

    def _heard(
        self, worker: _Worker[_R], workers: list[_Worker[_R]], waiting: deque[list[str]]
    ) -> Iterator[_R]:
        try:
            has_result, value = worker.hear()
        except EOFError:
            workers.remove(worker)
            worker.end()
            if worker.pending:
                path, *rest = worker.pending
                is_late = time.monotonic() - worker.since >= self._limit
                reason = f"took longer than {self._limit:.0f} seconds" if is_late else "ended its process"
                if rest:
                    waiting.appendleft(rest)
                self._start(workers)
                yield self._late(path, reason)
            return
        if has_result:
            worker.pending.pop(0)
            yield value
            worker.since = time.monotonic()
        else:
            self.said.append(value)
            workers.remove(worker)
            worker.end()


class _Worker(Generic[_R]):
    """One process. `pending` are the files that it has still to do, `since` when it began with the first."""

    def __init__(self, do: Callable[[str], _R], last: Callable[[], Any], limit: float) -> None:
        context = multiprocessing.get_context("fork")
        self.connection, other = context.Pipe()
        means = (other, self.connection, do, last, limit)
        self._process: ForkProcess = context.Process(target=_work, args=means, daemon=True)
        with _signals_held_back():
            self._process.start()
        other.close()
        self.pending: list[str] = []
        self.is_done = False
        self.since = time.monotonic()

    def give(self, paths: list[str]) -> None:
        """Hands over a portion; none tells that there is no more."""
        self.pending = list(paths)
        self.is_done = not paths
        self.since = time.monotonic()
        with suppress(OSError):  # one that has ended meanwhile is told of by `hear`
            self.connection.send(paths)

    def hear(self) -> tuple[bool, Any]:
        """Whether what it says is the result for a file, and what it says. Raises `EOFError` where it says
        nothing though it should have.
        """
        try:
            if self.connection.poll():
                said: tuple[bool, Any] = self.connection.recv()
                return said
        except OSError:
            pass
        raise EOFError

    def end(self) -> None:
        """Ends the process, whatever it does."""
        self.connection.close()
        self._process.kill()
        self._process.join()


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """A process that begins inside gets no signal to end before it heeds them in its own way."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(
    connection: Connection[Any, Any],
    others: Connection[Any, Any],
    do: Callable[[str], object],
    last: Callable[[], Any],
    limit: float,
) -> None:
    """What a process does. It is ended by the one that began it or, should that be gone, by a clock."""
    others.close()  # or nobody would ever be told that the other side is gone
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in SIGNALS:
        if number != signal.SIGINT:
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    try:
        while paths := connection.recv():
            for path in paths:
                signal.alarm(ceil(limit) + _SPARE)
                connection.send((True, do(path)))
                signal.alarm(0)
        connection.send((False, last()))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except Exception:  # its text may hold a secret, and would be printed
        return
