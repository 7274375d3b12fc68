"""What airwarden wrote itself and reads again: baselines, books and ledgers of the cache, reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

from airwarden.baseline import Baseline, text_of
from airwarden.codeowners import CodeOwners
from airwarden.config import ConfigError
from airwarden.engine import check
from airwarden.formats import renderer
from airwarden.formats.history import earlier_runs
from airwarden.formats.view import View
from airwarden.inventory import inventory
from airwarden.justification import Justification
from airwarden.merging import merged
from airwarden.registry import Registry
from airwarden.report import Report
from airwarden.shards import Shard
from airwarden.upkeep import written
from airwarden.workspace import Workspace

from fuzzing import grammars
from fuzzing.folders import folder, put
from fuzzing.invariants import verify
from fuzzing.states import CONFIG, REGISTRY, TODAY, judged, packed, repo_of, rules, unpacked
from fuzzing.target import Target

_FILES = {
    "dags/a.py": b"from airflow import DAG\n\nDAG('a')  # airwarden: ignore[alerts] later\nDAG('b')\n",
    "values.yaml": b"executor: CeleryExecutor\nairflowVersion: 3.0.2\nfernetKey: Zm9vYmFyLWZvb2Jhcg==\n",
}


def _baseline(data: bytes) -> None:
    file = put(folder("baseline"), ".airwarden-baseline.json", data)
    with suppress(ConfigError):
        baseline = Baseline.read(file.parent, file)
        text_of(baseline.entries)
        repo = repo_of({**_FILES, file.name: data})
        report = check(
            *(repo, None, CONFIG, rules()), families=REGISTRY.families, baseline=baseline, today=TODAY
        )
        inventory(report, baseline, CodeOwners("* @a"), lambda _: {}, TODAY)
        verify(report, repo, data)


def _merge(data: bytes) -> None:
    """Joins up to four reports, which the input holds as it would hold the files of a repository."""
    home = folder("merge")
    parts = list(unpacked(data).values())[:4] or [data]
    files = [put(home, f"{number}.json", part) for number, part in enumerate(parts)]
    with suppress(ConfigError):
        merged(files)


def _history(data: bytes) -> None:
    with suppress(ConfigError):
        runs = earlier_runs([put(folder("history"), "1.json", data)])
        repo = repo_of({})
        report = check(repo, None, CONFIG, rules(), families=REGISTRY.families)
        renderer("html")(report, View(history=(*runs, *runs)))


@cache
def _workspace() -> tuple[Path, Path, Path]:
    """A repository that was checked, and the files of its book and its ledger."""
    root, home = folder("checked"), folder("cache")
    for path, data in _FILES.items():
        put(root, path, data)
    _check(root, home)
    return root, next(home.glob("*.json")), next(home.glob("*.ledger"))


def _check(root: Path, home: Path) -> None:
    workspace = Workspace(root, _registry(), CONFIG, home, TODAY)
    repo = workspace.repo()
    report = workspace.check(repo)
    if report.crashes:
        raise RuntimeError(str(report.crashes[0]))
    renderer("json")(report, View())


@cache
def _registry() -> Registry:
    return Registry()


def _cached(kind: int) -> Callable[[bytes], None]:
    """What reads a cache whose book, the first kind of its files, or whose ledger holds something else."""

    def read(data: bytes) -> None:
        root, *files = _workspace()
        sound = [file.read_bytes() for file in files]
        try:
            files[kind - 1].write_bytes(data)
            _check(root, files[0].parent)
        finally:
            for file, before in zip(files, sound, strict=True):
                file.write_bytes(before)

    return read


def _books() -> Iterator[bytes]:
    _, *files = _workspace()
    yield from (file.read_bytes() for file in files)


def _report() -> Report:
    return judged(repo_of(_FILES))


def _shards() -> Iterator[bytes]:
    """The reports of a run in two shards, in both formats that can be joined."""
    for name in ("json", "sarif"):
        shards = (Shard(index, 2, "settings", "files", "error") for index in (1, 2))
        texts = (renderer(name)(replace(_report(), shard=shard), View()).encode() for shard in shards)
        yield b"".join(packed(f"{number}.json", text) for number, text in enumerate(texts))


def _reports() -> Iterator[bytes]:
    yield renderer("json")(_report(), View()).encode()


def _baselines() -> Iterator[bytes]:
    change = written(Baseline(), _report(), lambda finding: finding.level, Justification("known"), TODAY)
    yield text_of(change.entries).encode()


_JSON = re.compile(r".*\.json")

TARGETS = (
    Target("baseline", _baseline, grammars.JSON, re.compile(r".*baseline.*\.json"), 2, examples=_baselines),
    Target("merge", _merge, grammars.JSON, _JSON, examples=_shards),
    Target("history", _history, grammars.JSON, _JSON, examples=_reports),
    Target("cache-book", _cached(1), grammars.JSON, _JSON, examples=_books),
    Target("cache-ledger", _cached(2), grammars.JSON, _JSON, examples=_books),
)
