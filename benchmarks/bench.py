"""One run of measures: the trees, the commands, and what was taken so far: nothing is measured twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from benchmarks import corpora
from benchmarks.clock import TooLong, Usage, in_turn, run
from benchmarks.peers import RUFF, Peer, offline

_T = TypeVar("_T")

WORK = str(Path(__file__).with_name("work.py"))
EXAMPLE = corpora.HOME / "examples" / "mended"
ONE_FILE = "dags/orders.py"
SMALL_ROUNDS = 11
"""A command that takes a moment is run more often than one that takes a minute."""


class Unmeasured(Exception):
    """Why a measure could not be taken, in a few words."""


@dataclass(frozen=True)
class Subject:
    """What airwarden is given in a measure, and where: to be measured, or to be explained by a profile."""

    arguments: tuple[str, ...]
    folder: Path


def environment(home: Path) -> dict[str, str]:
    """The environment of every command: byte code is kept as it is where airwarden is installed, and nothing
    is imported from the folder in which a command runs.
    """
    left_out = ("PYTHONDONTWRITEBYTECODE", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    given = {"PYTHONPYCACHEPREFIX": home / "byte_code", "XDG_CACHE_HOME": home / "xdg"}
    return {
        **kept,
        **{name: str(path) for name, path in given.items()},
        "PYTHONSAFEPATH": "1",
        "NO_COLOR": "1",
    }


def options_of_check(environment: Mapping[str, str], home: Path) -> frozenset[str]:
    """The options that this version of airwarden has, of those that the measures ask for."""
    command = [sys.executable, "-m", "airwarden", "check", "--help"]
    said = subprocess.run(
        command, cwd=home, env=environment, capture_output=True, text=True, check=True
    ).stdout
    return frozenset(option for option in ("--jobs", "--no-cache", "--cache-dir") if option in said)


@dataclass
class Bench:
    """The files, how often to measure, and what was taken."""

    home: Path
    corpus: Path | None
    chart: Path | None
    rounds: int
    sizes: tuple[int, ...]
    reports: dict[str, Path] = field(default_factory=dict)
    taken: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, take: Callable[[], _T]) -> _T:
        """What `take` gives, or why it gave nothing, when it was first asked for."""
        if name not in self.taken:
            try:
                self.taken[name] = take()
            except (Unmeasured, TooLong) as why:
                self.taken[name] = why
        if isinstance(self.taken[name], Exception):
            raise self.taken[name]
        found: _T = self.taken[name]
        return found

    @cached_property
    def environment(self) -> dict[str, str]:
        """What every command is given."""
        return environment(self.home)

    @cached_property
    def options(self) -> frozenset[str]:
        """The options that this version has."""
        return options_of_check(self.environment, self.home)

    # The trees

    @cached_property
    def tree(self) -> Path:
        """A copy of the corpus."""
        return corpora.copied(self.corpus, self.home / "tree")

    @cached_property
    def paths(self) -> list[str]:
        """The files of the tree that airwarden takes for DAG files."""
        listing = self.home / "paths"
        run([sys.executable, WORK, "list", "."], self.tree, self.environment, listing)
        return listing.read_text("utf-8").splitlines()

    @cached_property
    def dags(self) -> Path:
        """A tree of the DAG files alone."""
        return corpora.alone(self.tree, self.paths, self.home / "dags")

    @cached_property
    def example(self) -> Path:
        """A small repository."""
        return corpora.copied(EXAMPLE, self.home / "example")

    @cached_property
    def plain(self) -> Path:
        """A tree without Airflow."""
        return corpora.plain(self.home / "plain")

    @cached_property
    def long_chart(self) -> Path:
        """A chart with values of 4,000 lines."""
        chart = corpora.chart_in(self.chart or self.tree)
        made = chart and corpora.long_chart(chart, self.home / "chart")
        if not made:
            raise Unmeasured("no chart of Airflow with a schema: give one with --chart")
        return made

    # The commands

    def flags(self, jobs: int = 1, cache: Path | None = None) -> tuple[str, ...]:
        """The options of a check, as far as this version has them."""
        wanted = [("--jobs", str(jobs)), ("--cache-dir", str(cache)) if cache else ("--no-cache",)]
        return tuple(word for option in wanted if option[0] in self.options for word in option)

    def need(self, *options: str) -> None:
        """Raises `Unmeasured` where this version lacks one of these options."""
        lacking = [option for option in options if option not in self.options]
        if lacking:
            raise Unmeasured(f"not yet: no option {', '.join(lacking)}")

    def airwarden(self, subject: Subject, output: Path | None = None) -> Usage:
        """One run of airwarden. Raises `Unmeasured` where it could not do its work."""
        command = [sys.executable, "-m", "airwarden", *subject.arguments]
        faults = self.home / "faults"
        usage = run(command, subject.folder, self.environment, output, faults)
        if usage.code not in (0, 1):
            said = faults.read_text("utf-8", "replace").strip().splitlines()
            raise Unmeasured(f"airwarden ended with exit code {usage.code}: {said[-1:]}")
        return usage

    def reported(self, name: str, *flags: str) -> Usage:
        """A check of the whole tree; its report of every finding and place is kept."""
        self.reports[name] = self.home / f"{name}.json"
        arguments = ("check", "--verbose", "--format", "json", *flags)
        return self.airwarden(Subject(arguments, self.tree), self.reports[name])

    def python(self, *arguments: str, folder: Path | None = None) -> Usage:
        """One run of Python alone."""
        return run([sys.executable, *arguments], folder or self.home, self.environment)

    def peer(self, peer: Peer, folder: Path) -> Usage:
        """One run of another tool. Raises `Unmeasured` where it is not there, or fails."""
        if peer.lacking:
            raise Unmeasured(peer.lacking)
        home = self.home / "peers"
        home.mkdir(exist_ok=True)
        usage = run(peer.argv, folder, offline(self.environment, home), self.home / "peer.out")
        if not 0 <= usage.code < 126:
            raise Unmeasured(f"{peer.package} ended with exit code {usage.code}")
        return usage

    def on_dags(self, peer: Peer) -> Usage:
        """What another tool takes for the DAG files, from one run."""
        return self.once(f"{peer.package} on the DAG files", lambda: self.peer(peer, self.dags))

    # What more than one measure needs

    @cached_property
    def parse_listing(self) -> str:
        """The file that names all DAG files, for a bare parse."""
        listing = self.home / "listing"
        listing.write_text("\n".join(str(self.tree / path) for path in self.paths), encoding="utf-8")
        return str(listing)

    def parse(self) -> Usage:
        """A bare parse of every DAG file."""
        return self.python(WORK, "parse", self.parse_listing)

    @property
    def whole(self) -> dict[str, Usage]:
        """Cold runs over the whole tree, beside the bare parse."""
        return self.once("whole", self._whole)

    def _whole(self) -> dict[str, Usage]:
        self.parse_listing  # noqa: B018 (made before anything is timed)
        self.warm_up()
        runs = {"parse": self.parse, "cold": lambda: self.reported("cold", *self.flags())}
        if "--jobs" in self.options:
            runs["two"] = lambda: self.reported("two jobs", *self.flags(jobs=2))
        return in_turn(runs, self.rounds)

    def warm_up(self) -> None:
        """Has the byte code of everything written."""
        self.airwarden(Subject(("check", *self.flags()), self.example))
        self.python("-c", "import libcst")

    @property
    def cache(self) -> Path:
        """The folder of a cache that knows the whole tree."""
        return self.once("cache", self._cache)

    def _cache(self) -> Path:
        self.need("--cache-dir")
        folder = self.home / "cache"
        self.reported("filling the cache", *self.flags(cache=folder))
        return folder

    @property
    def ruff(self) -> Usage:
        """ruff on the whole tree."""
        runs = {"ruff": lambda: self.peer(RUFF, self.tree)}
        return self.once("ruff", lambda: in_turn(runs, max(self.rounds, 3))["ruff"])

    @property
    def grown(self) -> dict[str, dict[int, float]]:
        """Processor time by the number of files, cold and warm, less what a run over nothing takes."""
        return self.once("grown", self._grown)

    def _grown(self) -> dict[str, dict[int, float]]:
        found: dict[str, dict[int, float]] = {"cold": {}, "warm": {}}
        if "--cache-dir" not in self.options:
            del found["warm"]
        base = corpora.spread(self.paths, min(self.sizes))
        idle = self.idle.cpu
        for size in self.sizes:
            tree = corpora.grown(self.tree, base, size, self.home / f"grown_{size}")
            subject = Subject(("check", *self.flags(cache=self.home / f"cache_{size}")), tree)
            for kind in found:
                found[kind][size] = self.airwarden(subject).cpu - idle
        return found

    @cached_property
    def idle(self) -> Usage:
        """A check of a folder without files."""
        empty = self.home / "empty"
        (empty / ".git").mkdir(parents=True)
        return self.small({"idle": Subject(("check", *self.flags()), empty)})["idle"]

    def small(self, subjects: Mapping[str, Subject | Sequence[str]]) -> dict[str, Usage]:
        """Commands that take a moment, of airwarden or of Python alone, in turn."""
        runs = {
            name: (
                lambda each=each: self.airwarden(each) if isinstance(each, Subject) else self.python(*each)
            )
            for name, each in subjects.items()
        }
        in_turn(runs, 2)
        return in_turn(runs, SMALL_ROUNDS)

    @property
    def secrets(self) -> dict[str, float]:
        """The seconds that the rules on secrets add, and those of a bare parse in the same process."""
        return self.once("secrets", self._secrets)

    def _secrets(self) -> dict[str, float]:
        output = self.home / "secrets.json"
        usage = run([sys.executable, WORK, "secrets", "."], self.tree, self.environment, output)
        if usage.code:
            raise Unmeasured("the rules on secrets could not be run alone")
        taken: dict[str, float] = json.loads(output.read_text("utf-8"))
        return taken
