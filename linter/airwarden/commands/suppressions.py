"""`airwarden suppressions`: lists all that is silenced, in comments and in the baseline."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from airwarden.commands.exit_codes import CLEAN, FAILED, FINDINGS
from airwarden.commands.scope import (
    add_baseline_arguments,
    add_run_arguments,
    add_selection_options,
    add_trust_arguments,
    jobs_of,
    paths_of,
    root_of,
    workspace_of,
)
from airwarden.terminal import progress, say, show, width

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from airwarden.inventory import Item


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.description = (
        "Lists all that is silenced, in comments and in the baseline: why, for whom, since when and until "
        "when. The owner is the one that is named, or that of CODEOWNERS, or whoever wrote the comment."
    )
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="files or folders (default: the repository)")
    add("--format", choices=("text", "json"), default="text", help="how to report (default: text)")
    add("--fail-on-expired", action="store_true", help="exit with 1 where one has expired")
    add_selection_options(parser)
    add_trust_arguments(parser)
    add_run_arguments(parser)
    add_baseline_arguments(parser)
    parser.set_defaults(fail_on=None, quiet=False)


def run(options: argparse.Namespace) -> int:
    """Lists them."""
    from airwarden.blame import blame
    from airwarden.codeowners import CodeOwners
    from airwarden.engine import covering
    from airwarden.git import Git
    from airwarden.inventory import inventory

    workspace = workspace_of(options, root_of(options.paths))
    repo, today = workspace.repo(), workspace.today or date.today()
    paths, git = paths_of(options, repo), Git(repo.root)
    report = workspace.check(repo, paths, progress=progress, jobs=jobs_of(options))
    owners = CodeOwners.of(repo.root)
    covers = covering(repo, paths)
    items = [
        item
        for item in inventory(report, workspace.baseline, owners, lambda path: blame(git, path), today)
        if covers(item.path)
    ]
    show(_json(items, today) if options.format == "json" else _text(items, today))
    for crash in report.crashes:
        say(crash.complaint)
    if report.crashes:
        return FAILED
    return FINDINGS if options.fail_on_expired and any(item.is_expired for item in items) else CLEAN


def _json(items: Sequence[Item], today: date) -> str:
    from airwarden.formats.view import json_text

    return json_text({"version": 1, "suppressions": [_body(item, today) for item in items]})


def _body(item: Item, today: date) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "kind": item.kind,
        "rule": item.rule,
        "path": item.path,
        "line": item.line,
        "subject": item.subject,
        "findings": item.findings,
        **asdict(item.why),
        "since": item.since.isoformat() if item.since else None,
        "age_days": item.age(today),
        "expired": item.is_expired,
    }


def _text(items: Sequence[Item], today: date) -> str:
    return "".join(f"{line}\n" for line in _lines(items, today))


def _lines(items: Sequence[Item], today: date) -> Iterator[str]:
    from airwarden.formats.columns import listing
    from airwarden.formats.summary import counted

    for kind, title in (("in-source", "In comments"), ("baseline", "In the baseline")):
        own = [item for item in items if item.kind == kind]
        if own:
            yield f"{title}:"
            yield from listing([_row(item, today) for item in own], 4, width())
            yield ""
    silenced = counted(sum(item.findings for item in items), "finding")
    over = sum(item.is_expired for item in items)
    expired = f", of which {over:,} {'has' if over == 1 else 'have'} expired" if over else ""
    yield f"{counted(len(items), 'suppression')} of {silenced}{expired}."


def _row(item: Item, today: date) -> tuple[str, ...]:
    from airwarden.formats.columns import aged, ended

    place = item.path if item.line is None else f"{item.path}:{item.line}"
    count = "" if item.findings == 1 else f"{item.findings} times" if item.findings else "silences nothing"
    why = item.why
    end = ended(why.until, item.is_expired)
    age = aged(item.since, today)
    return place, item.rule, item.subject, count, age, why.owner, why.ticket, end, why.reason
