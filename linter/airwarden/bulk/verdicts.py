"""What the rules say of bulk data that enters XCom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from airwarden.bulk.xcoms import Entry, XComs
from airwarden.dag import DagFile
from airwarden.findings import LEVELS, Finding, Related
from airwarden.repo import Repo
from airwarden.rule import Rule

if TYPE_CHECKING:
    from airwarden.deployment.settings import Setting

_TAKEN = "the backend that is set here moves large values to object storage"


def entering(kinds: Mapping[str, int], rule: Rule, dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """A finding for each place of a file at which bulk data of some kinds enters XCom; `kinds` says how many
    levels below the rule's own each is.

    Where a working backend for object storage keeps it out of the metadata database, it is one level lower:
    the value still goes through the memory of two workers and as JSON over the network.
    """
    for entry in repo.analysis(XComs).of(dag_file):
        if entry.kind in kinds:
            storage = None if entry.kind == "lazy" else _working_storage(repo)
            yield _finding(entry, rule, kinds[entry.kind], storage)


def _working_storage(repo: Repo) -> Setting | None:
    from airwarden.deployment.xcom_storage import XComStorage

    return repo.analysis(XComStorage).working


def _finding(entry: Entry, rule: Rule, lower: int, storage: Setting | None) -> Finding:
    stored = [] if storage is None else [Related(storage.region, _TAKEN)]
    level = LEVELS.index(rule.level) + lower + len(stored)
    return rule.finding(
        entry.region,
        f"{entry.message}, into object storage" if stored else entry.message,
        related=[*entry.turns, *stored],
        steps=entry.steps,
        level=LEVELS[min(level, len(LEVELS) - 1)],
        subject=entry.subject,
    )
