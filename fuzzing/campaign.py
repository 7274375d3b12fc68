"""Campaign: all targets share some time, each in processes of its own, and a table of what came of it."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from fuzzing import failures
from fuzzing.child import INSTRUMENTED
from fuzzing.folders import MEMORY
from fuzzing.status import Status
from fuzzing.target import Failure, Target

SLICE = 20.0
"""Seconds that a target of weight 1 has at a time, where there is enough of it."""

LEAST_GUIDED = 60.0
"""Seconds that atheris has for a target at least: it takes ten to get ready. Where there is not enough for
all targets, chance decides which have a turn.
"""

_COLUMNS = ("target", "engine", "inputs", "seconds", "failures", "slowest", "version")


@dataclass
class Slice:
    """Some time of one target, in a process of its own."""

    target: Target
    engine: str
    seconds: float
    seed: int
    folder: Path
    began: float = field(default_factory=time.monotonic)
    failures: int = 0
    _seen: tuple[int, float] = (0, 0.0)

    def __post_init__(self) -> None:
        self._status = self.folder / f"{self.target.name}.status"
        self._status.unlink(missing_ok=True)
        self._memory = TemporaryDirectory("-fuzzing", dir=MEMORY if MEMORY.is_dir() else None)
        arguments = [self.target.name, self.engine, str(self.seconds), str(self.seed), str(self.folder)]
        log = (self.folder / f"{self.target.name}.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fuzzing.child", *arguments],
            env={**os.environ, "TMPDIR": self._memory.name},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        log.close()

    def is_over(self) -> bool:
        """Whether the process has ended; one that hangs is ended, and its input kept."""
        if self._process.poll() is None and self._hangs():
            self._process.kill()
            self._process.wait()
            self._keep("a hang that no signal ends")
            return True
        if self._process.poll() not in (None, 0):
            self._keep(_name_of(self._process.returncode))
        return self._process.poll() is not None

    def _hangs(self) -> bool:
        """Whether one input has had twice its time."""
        status = self.status()
        if status is None:
            return False
        spent = _processor_time(self._process.pid)
        if status.inputs != self._seen[0] or not self._seen[1]:
            self._seen = status.inputs, spent
        return spent - self._seen[1] > 2 * INSTRUMENTED * self.target.seconds + 10

    def _keep(self, how: str) -> None:
        self.failures = 1
        status = self.status()
        log = (self.folder / f"{self.target.name}.log").read_text(encoding="utf-8", errors="replace")
        data = status.last if status else b""
        failures.keep(
            self.folder / "failures", self.target.name, Failure(how, "the process", log[-4000:]), data
        )

    def status(self) -> Status | None:
        """What it has done so far; None where it has not begun."""
        return Status(self._status, is_new=False) if self._status.exists() else None

    def stop(self) -> None:
        """Ends the process, and takes away what it left."""
        self._process.kill()
        self._process.wait()
        self._memory.cleanup()


def _name_of(code: int) -> str:
    return f"an end by {signal.Signals(-code).name}" if code < 0 else f"an end with exit code {code}"


def _processor_time(pid: int) -> float:
    """The processor time of a process, in seconds; where the system does not tell, the time of day."""
    try:
        parts = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return time.monotonic()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Row:
    """What came of a target, in all of its slices."""

    inputs: int = 0
    seconds: float = 0
    failures: int = 0
    slowest: float = 0

    def add(self, inputs: int, seconds: float, failed: int, slowest: float) -> None:
        """Takes in what came of a slice, or of another target."""
        self.inputs += inputs
        self.seconds += seconds
        self.failures += failed
        self.slowest = max(self.slowest, slowest)


class Campaign:
    """Fuzzes targets until the time is over; `engines` take turns."""

    def __init__(self, targets: Sequence[Target], folder: Path, engines: Sequence[str], jobs: int) -> None:
        self._targets = targets
        self._folder = folder
        self._engines = engines
        self._jobs = jobs
        self.rows = {target.name: Row() for target in targets}

    def run(self, seconds: float, seed: int) -> None:
        """Fuzzes for so long."""
        end = time.monotonic() + seconds
        whole = seconds * self._jobs / sum(target.weight for target in self._targets)
        each = min(SLICE, max(whole / len(self._engines), 2))
        waiting = self._slices(each, end, seed)
        running: list[Slice] = []
        try:
            while running or time.monotonic() < end:
                while len(running) < self._jobs and time.monotonic() < end - 1:
                    running.append(next(waiting))
                time.sleep(0.2)
                for over in [one for one in running if one.is_over()]:
                    running.remove(over)
                    self._note(over)
                    over.stop()
        finally:
            for one in running:
                one.stop()

    def _slices(self, each: float, end: float, seed: int) -> Iterator[Slice]:
        for turn in count():
            engine = self._engines[turn % len(self._engines)]
            least = LEAST_GUIDED if engine == "atheris" else 1.0
            for target in Random(seed + turn).sample(self._targets, len(self._targets)):
                seconds = min(max(each * target.weight, least), max(end - time.monotonic(), 1))
                yield Slice(target, engine, seconds, seed + turn, self._folder)

    def _note(self, over: Slice) -> None:
        status = over.status()
        if status is None:
            return
        seconds, failed = time.monotonic() - over.began, status.failures + over.failures
        self.rows[over.target.name].add(status.inputs, seconds, failed, status.slowest)
        file = self._folder / "counts.csv"
        is_new = not file.exists()
        with file.open("a", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            facts = (status.inputs, f"{seconds:.1f}", failed, f"{status.slowest:.3f}", version())
            writer.writerows([*([_COLUMNS] if is_new else []), (over.target.name, over.engine, *facts)])

    def table(self) -> Iterator[str]:
        """What came of each target, a row a line, in Markdown."""
        yield "| target | inputs | a second | failures | slowest input |"
        yield "| --- | ---: | ---: | ---: | ---: |"
        whole = Row()
        for row in self.rows.values():
            whole.add(row.inputs, row.seconds, row.failures, row.slowest)
        for name, row in (*self.rows.items(), ("all", whole)):
            rate = row.inputs / row.seconds if row.seconds else 0
            yield f"| {name} | {row.inputs:,} | {rate:,.0f} | {row.failures:,} | {row.slowest:.2f} s |"


def version() -> str:
    """The commit of the code that is fuzzed; empty where there is none."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""
