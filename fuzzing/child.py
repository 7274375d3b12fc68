"""One process that fuzzes one target for a while.

python -m fuzzing.child TARGET ENGINE SECONDS SEED FOLDER
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from fuzzing import failures, seeds
from fuzzing.guard import tried
from fuzzing.mutations import LONGEST, Mutator
from fuzzing.status import Status
from fuzzing.target import Target

MEMORY = 4 << 30
"""Bytes that the process may have; more ends it, which counts as a failure."""

INSTRUMENTED = 4
"""By how much an input may take longer where each branch that is taken is noted."""


class Child:
    """One target in one process, below a folder that holds seeds, failures and the state of things."""

    def __init__(self, target: Target, folder: Path, seed: int, patience: float = 1) -> None:
        self.target = target
        self.folder = folder
        self.status = Status(folder / f"{target.name}.status", is_new=True)
        self.corpus = folder / "corpus" / target.name
        self.corpus.mkdir(parents=True, exist_ok=True)
        self._patience = patience
        given = [*seeds.of(folder / "seeds" / target.name), *target.examples()]
        self.seeds = [*given, *seeds.of(self.corpus)]
        self.mutator = Mutator(Random(f"{seed} {target.name}"), self.seeds, target.grammar)

    def try_out(self, data: bytes) -> None:
        """Gives the target one input, and keeps it where it fails or takes longest."""
        self.status.begin(data)
        found = tried(self.target, data, self._patience)
        if self.status.end(found.seconds, failed=found.failure is not None):
            (self.folder / f"{self.target.name}.slowest").write_bytes(data)
        if found.failure is not None:
            failures.keep(self.folder / "failures", self.target.name, found.failure, data)

    def inputs(self, seconds: float) -> Iterator[bytes]:
        """Inputs for some time: the seeds as they are, and then whatever is made of them."""
        end = time.monotonic() + seconds
        for data in self.seeds:
            if time.monotonic() < end:
                yield data
        while time.monotonic() < end:
            yield self.mutator.input()


def plain(name: str, seconds: float, seed: int, folder: Path) -> None:
    """Fuzzes with mutations alone."""
    from fuzzing.targets import named

    child = Child(named(name), folder, seed)
    for data in child.inputs(seconds):
        child.try_out(data)
    child.status.finish()


def guided(name: str, seconds: float, seed: int, folder: Path) -> None:
    """Fuzzes with atheris, which keeps inputs that reach what no other has reached. Ends the process."""
    atheris: Any = import_module("atheris")

    with atheris.instrument_imports(include=["airwarden"], enable_loader_override=False):
        from fuzzing.targets import named

        target = named(name)
    child = Child(target, folder, seed, INSTRUMENTED)
    for number, data in enumerate(child.seeds):
        (child.corpus / f"seed-{number:04}").write_bytes(data)
    random = Random(seed)

    def mutated(data: bytes, longest: int, number: int) -> bytes:
        random.seed(number)
        chance = random.random()
        if chance < 0.4:
            return bytes(atheris.Mutate(data, longest))
        made = child.mutator.input() if chance < 0.5 else child.mutator.mutated(data)
        return made[:longest]

    def one(data: bytes) -> None:
        child.try_out(data)

    options = [f"-max_total_time={seconds:.0f}", f"-max_len={LONGEST}", f"-seed={seed or 1}"]
    quiet = [
        "-timeout=86400",
        "-rss_limit_mb=0",
        "-verbosity=0",
        "-print_final_stats=0",
        "-reload=0",
        "-len_control=0",
    ]
    atheris.Setup([sys.argv[0], *options, *quiet, str(child.corpus)], one, custom_mutator=mutated)
    atheris.Fuzz()


def main() -> None:
    """Does what the command line says."""
    name, engine, seconds, seed, folder = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    fuzz = guided if engine == "atheris" else plain
    fuzz(name, float(seconds), int(seed), Path(folder))


if __name__ == "__main__":
    main()
