"""`airwarden baseline`: takes what a repository has today into a file, so that new findings alone fail."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.commands.exit_codes import CLEAN, FAILED
from airwarden.commands.scope import (
    add_run_arguments,
    add_selection_options,
    add_trust_arguments,
    jobs_of,
    paths_of,
    root_of,
    workspace_of,
)
from airwarden.terminal import progress, say, show, width, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from airwarden.baseline import Baseline, Entry
    from airwarden.report import Report
    from airwarden.upkeep import Change
    from airwarden.workspace import Workspace

ACTIONS = {
    "write": "take all findings of today into the baseline",
    "prune": "take out what is no longer found",
    "show": "list what the baseline has",
}

_CHANGES = ("added", "removed", "lowered", "moved")

_EXAMPLES = """\
examples:
  airwarden baseline write --reason "from before airwarden" --until 2027-06-30
  airwarden baseline write dags/sales --ticket DATA-12 --owner @sales
  airwarden baseline prune
  airwarden baseline show

The baseline is .airwarden-baseline.json at the repository's root unless `baseline` in [tool.airwarden] or
--baseline names another file. Entries that are there keep their reasons, owners, tickets and days, which may
be edited in the file.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.description = "Keeps a baseline: findings that a repository has and that fail nothing."
    parser.epilog = _EXAMPLES
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True, dest="action")
    for name, said in ACTIONS.items():
        action = actions.add_parser(name, help=said, description=f"{said[0].upper()}{said[1:]}.")
        action.set_defaults(fail_on=None, no_baseline=False, quiet=False)
        add = action.add_argument
        if name != "show":
            add("paths", nargs="*", metavar="PATH", help="files or folders (default: the repository)")
        if name == "write":
            _add_reasons(action)
        add_selection_options(action)
        add_trust_arguments(action)
        add_run_arguments(action)
        add("--baseline", metavar="FILE", type=Path, help="the baseline (default: .airwarden-baseline.json)")
        add("--format", choices=("text", "json"), default="text", help="how to report (default: text)")


def _add_reasons(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is written with entries that do not say it")
    group.add_argument("--reason", metavar="TEXT", default="", help="why they are accepted")
    group.add_argument("--owner", metavar="NAME", default="", help="who is to mend them")
    group.add_argument("--ticket", metavar="ID", default="", help="where that is planned")
    group.add_argument("--until", metavar="DAY", type=_day, help="the last day, as in 2027-01-31")


def _day(text: str) -> date:
    from airwarden.justification import Justification

    day = Justification(until=text).last_day
    if day is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as in 2027-01-31")
    if day < date.today():
        raise argparse.ArgumentTypeError(f"{text} is over")
    return day


def run(options: argparse.Namespace) -> int:
    """Writes, prunes or shows the baseline."""
    if options.action == "show":
        return _show(options)
    workspace = workspace_of(options, root_of(options.paths))
    file, baseline = _baseline(workspace, may_be_new=options.action == "write")
    report = _report(workspace, options)
    if report.crashes:
        for crash in report.crashes:
            say(crash.complaint)
        say(f"{_shown(file)} is left as it is.")
        return FAILED
    change = _written(workspace, baseline, report, options) if options.action == "write" else None
    if change is None:
        from airwarden.upkeep import pruned

        change = pruned(baseline, report)
    _save(file, baseline, change)
    show(_json(file, change) if options.format == "json" else _told(file, change))
    _warn(change, workspace)
    return CLEAN


def _baseline(workspace: Workspace, may_be_new: bool) -> tuple[Path, Baseline]:
    """The file of the baseline and what it holds: nothing yet, where it may be new and is not there."""
    from airwarden.baseline import Baseline, file_of

    file = file_of(workspace.root, workspace.config)
    if may_be_new and not file.exists():
        workspace.baseline = Baseline()
    else:
        workspace.baseline = Baseline.read(workspace.root, file)
    return file, workspace.baseline


def _report(workspace: Workspace, options: argparse.Namespace) -> Report:
    repo = workspace.repo()
    return workspace.check(repo, paths_of(options, repo), progress=progress, jobs=jobs_of(options))


def _written(workspace: Workspace, baseline: Baseline, report: Report, options: argparse.Namespace) -> Change:
    from airwarden.justification import Justification
    from airwarden.settling import usual_level
    from airwarden.upkeep import written

    until = options.until.isoformat() if options.until else ""
    why = Justification(options.reason, options.owner, options.ticket, until)
    return written(
        baseline,
        report,
        lambda finding: usual_level(finding, report.rules, workspace.config.at(finding.region.path)),
        why,
        workspace.today or date.today(),
    )


def _save(file: Path, baseline: Baseline, change: Change) -> None:
    """Writes the file where that changes it; a repository without any finding needs none."""
    from airwarden.baseline import text_of

    text = text_of(change.entries)
    if text != baseline.text and (baseline.text or change.entries):
        write(file, text)


def _shown(file: Path) -> str:
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)


def _told(file: Path, change: Change) -> str:
    """What has changed, in a sentence."""
    from airwarden.formats.summary import counted, listed
    from airwarden.formats.view import visible

    if not change.entries and not change.removed:
        return "Nothing is found, so there is nothing to accept.\n"
    parts = (
        (len(change.added), "new"),
        (len(change.removed), "taken out"),
        (len(change.lowered), "lowered"),
        (len(change.moved), "moved with their files"),
        (len(change.filled), "given what they did not say"),
    )
    changes = listed([f"{number:,} {what}" for number, what in parts if number] or ["nothing has changed"])
    entries = f"{len(change.entries):,} {'entry' if len(change.entries) == 1 else 'entries'}"
    return f"{visible(_shown(file))}: {counted(change.findings, 'finding')} in {entries}; {changes}.\n"


def _warn(change: Change, workspace: Workspace) -> None:
    over = [entry for entry in change.entries if entry.why.is_over(workspace.today)]
    if over:
        these = "1 entry has" if len(over) == 1 else f"{len(over):,} entries have"
        say(f"{these} expired: mend what is found, or write another day into the file.")


def _json(file: Path, change: Change) -> str:
    from airwarden.formats.view import json_text

    body = {
        "version": 1,
        "baseline": _shown(file),
        "entries": len(change.entries),
        "findings": change.findings,
        **{name: [each.json() for each in getattr(change, name)] for name in _CHANGES},
    }
    return json_text(body)


# show


def _show(options: argparse.Namespace) -> int:
    from airwarden.formats.view import json_text

    options.paths = []
    workspace = workspace_of(options, root_of([]))
    file, baseline = _baseline(workspace, may_be_new=False)
    is_narrow = bool(options.select or options.ignore)
    chosen = [each for each in baseline.entries if not is_narrow or each.rule in workspace.selected]
    if options.format == "json":
        entries = [{"count": each.count, **each.json()} for each in chosen]
        show(json_text({"version": 1, "baseline": _shown(file), "entries": entries}))
    else:
        show("".join(f"{line}\n" for line in _table(chosen, workspace.today or date.today())))
    return CLEAN


def _table(entries: Sequence[Entry], today: date) -> Iterator[str]:
    """The entries by rule, those of most findings first."""
    from airwarden.formats.columns import listing
    from airwarden.formats.summary import counted
    from airwarden.formats.view import visible

    rules = {entry.rule: 0 for entry in entries}
    for entry in entries:
        rules[entry.rule] += entry.count
    for rule in sorted(rules, key=lambda rule: (-rules[rule], rule)):
        yield f"{visible(rule)}: {counted(rules[rule], 'finding')}"
        own = sorted(
            (each for each in entries if each.rule == rule), key=lambda each: (each.path, each.subject)
        )
        yield from listing([_row(each, today) for each in own], 3, width())
        yield ""
    yield f"{counted(sum(rules.values()), 'finding')} of {counted(len(rules), 'rule')}."


def _row(entry: Entry, today: date) -> tuple[str, ...]:
    from airwarden.formats.columns import aged, ended
    from airwarden.justification import Justification

    since = Justification(until=entry.since).last_day
    count = f"{entry.count} times" if entry.count > 1 else ""
    why = entry.why
    end = ended(why.until, why.is_over(today))
    return entry.path, entry.subject, count, aged(since, today), why.owner, why.ticket, end, why.reason
