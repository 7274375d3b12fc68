"""A run: which files there are to judge, what is known of them already, and what is reported in the end."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Protocol, TypeAlias

from airwarden.baseline import Baseline
from airwarden.ledger import Entries
from airwarden.outcomes import READING, Outcome, packed, unpacked
from airwarden.records import dataclass
from airwarden.rule import Rules
from airwarden.settlement import Settlement
from airwarden.settling import Policy

if TYPE_CHECKING:
    from datetime import date

    from airwarden.cache import Book
    from airwarden.comparison import Comparison
    from airwarden.config import Config
    from airwarden.judging import Judge
    from airwarden.ledger import Ledger
    from airwarden.repo import Repo
    from airwarden.report import Report
    from airwarden.rule import Rule

Progress: TypeAlias = Callable[[Sequence[str]], Iterable[str]]
"""Hands on the files it is given, one by one, and may show how far it has come."""


class Shelf(Protocol):
    """Where a run leaves what it found, for later ones."""

    def write(self, book: Book, started: int) -> None:
        """Puts a book in the place of the one before."""


@dataclass(frozen=True)
class Known:
    """What a run may take from earlier ones: a cache, and the book in it as it was when the run began."""

    cache: Shelf
    book: Book | None
    started: int = field(default_factory=time.time_ns)


def check(
    repo: Repo,
    paths: Sequence[str] | None,
    config: Config,
    rules: Mapping[str, Rule],
    progress: Progress = iter,
    families: Mapping[str, str] | None = None,
    *,
    selected: Iterable[str] | None = None,
    known: Known | None = None,
    jobs: int = 1,
    fixes: bool = False,
    baseline: Baseline | None = None,
    today: date | None = None,
    covers: Callable[[str], bool] | None = None,
) -> Report:
    """Checks the files of `paths` and of the folders among them, or the whole repository, with `rules`.

    Paths are relative to the repository's root or absolute; a file that the repository leaves out is not
    checked. `families` has the family of every rule there is, also of those not to be run, so that a
    suppression can be told from a misspelt one. Of the rules, only those of `selected` are reported, and of
    these the ones of the profile that is set or that the settings name; all where that is None. `jobs` is
    the number of processes. With `fixes`, findings keep fixes that repeat a secret: they are there to be
    made, and not to be shown. What `baseline` has is not reported, nor does anything expire without `today`;
    `covers` says whether the run is to speak of a file that is gone, which is whether `paths` would have had
    it, unless given.
    """
    rules = rules if isinstance(rules, Rules) else Rules(rules)
    families = families or {name: rule.family for name, rule in rules.items()}
    chosen = frozenset(rules.ids if selected is None else selected)
    every = selected is None
    policy = Policy(config, rules, chosen, families, every, baseline or Baseline(), today)
    run = _Run(repo, rules, families, known, jobs, fixes)
    settlement = Settlement(repo, policy)
    settlement.take(run.outcomes(files_of(repo, paths), chosen, progress))
    settlement.pass_on(lambda more: run.outcomes(more, chosen, iter), covers or covering(repo, paths))
    return settlement.report()


def files_of(repo: Repo, paths: Sequence[str] | None) -> list[str]:
    """The repository's files that `paths` name, sorted, each once whatever name it goes by; all for None."""
    if paths is None:
        return list(repo.files)
    known, chosen = frozenset(repo.files), set[str]()
    for name in {repo.relative(repo.root / path) for path in paths}:
        if name in known:
            chosen.add(name)
        elif name is not None:
            folder = "" if name == "." else f"{name}/"
            chosen.update(path for path in repo.files if path.startswith(folder))
    return sorted(chosen)


def covering(repo: Repo, paths: Sequence[str] | None) -> Callable[[str], bool]:
    """Says of the path of any file, gone or not, whether it is one of `paths` or below one."""
    names = None if paths is None else {repo.relative(repo.root / path) for path in paths}

    def covers(path: str) -> bool:
        parents = (path, *map(str, PurePosixPath(path).parents))
        return names is None or not names.isdisjoint(parents)

    return covers


@dataclass
class _Run:
    """One run over a repository: what is known of its files is taken, the others are judged."""

    _repo: Repo
    _rules: Rules
    _families: Mapping[str, str]
    _known: Known | None
    _jobs: int
    _fixes: bool

    def outcomes(self, paths: Sequence[str], needed: frozenset[str], progress: Progress) -> Iterable[Outcome]:
        """What comes of files, judged by at least the rules that are `needed`."""
        comparison = self._comparison()
        found = dict(self._kept(paths, needed, comparison))
        missing = [path for path in paths if path not in found]
        entries = Entries()
        for outcome in self._judged(missing, progress, entries):
            found[outcome.path] = outcome
        if self._known and (missing or comparison is None or comparison.is_stale):
            self._write(self._known, entries, comparison)
        return (found[path] for path in paths)

    def _comparison(self) -> Comparison | None:
        if self._known is None or self._known.book is None:
            return None
        from airwarden.comparison import Comparison

        return Comparison(self._known.book, self._repo)

    def _kept(
        self, paths: Sequence[str], needed: frozenset[str], comparison: Comparison | None
    ) -> Iterator[tuple[str, Outcome]]:
        """The outcomes that hold from an earlier run."""
        if comparison is None:
            return
        results = comparison.book.results
        ran = [frozenset(names) for names in results.ran]
        enough = {number for number, names in enumerate(ran) if needed <= names}
        for path in paths:
            if path in comparison.valid:
                outcome, number = results.by_path[path]
                if number in enough:
                    yield path, unpacked(path, outcome, ran[number], self._families)

    def _judged(self, paths: Sequence[str], progress: Progress, entries: Entries) -> Iterator[Outcome]:
        if not paths:
            return
        from airwarden.judging import Judge

        judge = Judge(self._repo, self._rules, self._families, fixes=self._fixes)
        ticks = iter(progress(paths))
        alone, shared = self._divided(paths)
        for path in alone:
            next(ticks, None)
            yield self._outcome(judge, path, entries)
        if shared:
            for outcome in self._from_workers(judge, shared, entries):
                next(ticks, None)
                yield outcome
        deque(ticks, 0)

    def _outcome(self, judge: Judge, path: str, entries: Entries) -> Outcome:
        outcome, trace = judge.outcome(path)
        if self._known and not outcome.crashes:
            entries.add(path, packed(outcome), outcome.ran, trace)
        return outcome

    def _divided(self, paths: Sequence[str]) -> tuple[list[str], list[tuple[str, int]]]:
        """The files to judge in this process and those, with their sizes, that others are to judge. What all
        of them need is there before they begin: the settings, and whatever the smallest DAG file asks for.
        """
        texts = ((path, self._repo.data(path)) for path in paths if path.endswith(".py") and self._jobs > 1)
        sizes = sorted((len(text), path) for path, text in texts if b"airflow" in text)
        if not is_worth_dividing(self._jobs, sum(size for size, _ in sizes)):
            return list(paths), []
        shared = {path: size for size, path in sizes[1:]}
        return [path for path in paths if path not in shared], [*shared.items()]

    def _from_workers(
        self, judge: Judge, shared: Sequence[tuple[str, int]], entries: Entries
    ) -> Iterator[Outcome]:
        from airwarden.report import Crash
        from airwarden.workers import Workers, portions

        own = Entries()
        workers = Workers(
            self._jobs,
            do=lambda path: self._outcome(judge, path, own),
            late=lambda path, reason: Outcome(path, crashes=[Crash(READING, path, reason)]),
            last=lambda: (own.ledger, own.results, self._repo.readings()),
        )
        yield from workers.results(portions(shared, self._jobs))
        for ledger, results, readings in workers.said:
            entries.take(ledger, results, ledger.entries)
            self._repo.knows(readings)

    def _write(self, known: Known, entries: Entries, comparison: Comparison | None) -> None:
        from airwarden.cache import Book, facts_of

        walk, readings = self._repo.walk, self._repo.readings()
        if comparison is not None and comparison.is_whole and not entries.ledger.entries:
            book = replace(comparison.book, decisions=walk.decisions, readings=readings)
            known.cache.write(book, known.started)
            return
        facts = facts_of(self._rules.loaded)
        if comparison is not None:
            new, book = entries.ledger.entries, comparison.book
            kept = (path for path in comparison.valid if path not in new and path in book.ledger.entries)
            entries.take(book.ledger, book.results, kept)
            facts = {**book.facts, **facts}
        files, ledger = self._repo.files, entries.ledger
        asked = {path: bool(answer) for path, answer in _answers(ledger, "file")}
        book = Book(
            entries.results,
            walk.decisions,
            files,
            readings,
            facts,
            settings=dict(_answers(ledger, "setting")),
            asked={path: asked[path] for path in asked.keys() - set(files)},
            read_ledger=lambda: ledger,
        )
        known.cache.write(book, known.started)


def _answers(ledger: Ledger, kind: str) -> Iterator[tuple[str, str]]:
    """The questions of a kind that results depend on, and their answers."""
    return ((each[1], each[2]) for each in ledger.inputs if each[0] == kind)


_LEAST = 100_000
"""Bytes to parse that are worth a process."""


def is_worth_dividing(jobs: int, size: int) -> bool:
    """Whether files of `size` bytes are judged sooner by several processes."""
    return jobs > 1 and size >= 2 * _LEAST and hasattr(os, "fork")
