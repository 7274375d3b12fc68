"""`airwarden init`: looks at the repository, shows what it would write, and writes it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden import user_folders
from airwarden.commands.exit_codes import CLEAN
from airwarden.commands.scope import add_trust_arguments, cores, root_of, tell_withheld
from airwarden.terminal import colors, is_for_people, progress, show

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from airwarden.adoption.steps import Plan
    from airwarden.adoption.survey import Survey
    from airwarden.formats.view import View
    from airwarden.registry import Registry
    from airwarden.report import Report

EPILOG = """\
It begins with the settings, the hooks of pre-commit and a workflow where the repository is one of GitHub's.
Nothing is written before it has been shown, and nothing that is there is written over.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.description = "Looks at the repository, shows what it would write, and writes it."
    parser.epilog = EPILOG
    add = parser.add_argument
    add("path", nargs="?", metavar="FOLDER", help="the repository (default: the one around this folder)")
    add("-y", "--yes", action="store_true", help="write without asking")
    add("--dry-run", action="store_true", help="show, and write nothing")
    add("--no-color", action="store_true", help="no colours, as with NO_COLOR in the environment")
    add_trust_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Shows the plan, writes it where that is wanted, and tells what to do next."""
    from airwarden.adoption.origin import installed_origin
    from airwarden.adoption.steps import Plan
    from airwarden.adoption.survey import survey_of
    from airwarden.adoption.writing import take
    from airwarden.config import Config
    from airwarden.formats.view import View
    from airwarden.registry import Registry
    from airwarden.repo import Repo
    from airwarden.trust import Trust

    root = root_of([options.path] if options.path else [])
    config = Config.read(root)
    registry = Registry(packs=config.packs, trust=Trust(root, options.trust))
    tell_withheld(registry)
    repo = Repo(root, config)
    survey = survey_of(repo)
    plan = Plan(repo, survey, installed_origin())
    view = View(color=colors(options.no_color))
    show("".join(f"{line}\n" for line in _story(root, survey, plan, view)))
    if plan.steps:
        if options.dry_run or not _is_wanted(options):
            show("Nothing is written. `airwarden init --yes` writes it without asking.\n")
            return CLEAN
        take(root, plan.steps)
        show(f"Written: {', '.join(step.path for step in plan.steps)}.\n")
    show("".join(f"{line}\n" for line in _next(_first_look(root, registry), view)))
    return CLEAN


def _story(root: Path, survey: Survey, plan: Plan, view: View) -> Iterator[str]:
    """What is there, what would be written, and what would not."""
    from airwarden.adoption.writing import diff_of
    from airwarden.formats.view import visible

    yield view.paint(f"In {visible(str(root))}:", "strong")
    yield from (f"  {visible(line)}" for line in survey.lines())
    if not (survey.dag_files or survey.values_files):
        yield "  no DAG file and no values file: is this the repository with your DAGs?"
    for step in plan.steps:
        yield ""
        yield view.paint(f"{'Create' if step.old is None else 'Change'} {step.path}", "strong")
        yield view.paint(f"  {step.gain}", "faint")
        yield from (f"  {line}" for line in diff_of(step, view))
    yield ""
    yield from (visible(f"{left.path} {left.reason}.") for left in plan.left)


def _is_wanted(options: argparse.Namespace) -> bool:
    """Whether the user has said yes, or does now."""
    if options.yes:
        return True
    if not (sys.stdin and sys.stdin.isatty() and is_for_people()):
        return False
    show("Write this? [y/N] ")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _first_look(root: Path, registry: Registry) -> Report:
    """What a check finds with the settings as they are now."""
    from datetime import date

    from airwarden.config import Config
    from airwarden.workspace import Workspace

    workspace = Workspace(root, registry, Config.read(root), user_folders.caches(), date.today())
    return workspace.check(workspace.repo(), progress=progress, jobs=cores())


def _next(report: Report, view: View) -> Iterator[str]:
    """What a first check finds, and the ways on from there."""
    from airwarden.formats.summary import counted, headline

    fixable = sum(1 for each in report.findings if each.fix and each.fix.safe)
    steps = [("airwarden check", "every finding, with the way out")]
    if fixable:
        mends = f"mends {counted(fixable, 'finding')} without a doubt; --diff shows how"
        steps.append(("airwarden check --fix", mends))
    if report.findings:
        rests = "lets what is there rest: from then on only new findings fail"
        steps.append(("airwarden baseline write", rests))
    steps.append(("pre-commit install", "checks what you commit"))
    yield headline(report)
    wide = max(len(command) for command, _ in steps)
    for place, (command, gain) in enumerate(steps):
        yield f"{'' if place else 'Next:':<5} {view.paint(f'{command:<{wide}}', 'strong')}  {gain}"
