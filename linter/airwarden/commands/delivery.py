"""Gives a report to whoever asked for it: to stdout, into files, and to the summary of a job."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.patterns import regex
from airwarden.terminal import append, colors, is_for_people, say, show, verify_place, write

if TYPE_CHECKING:
    import argparse
    from argparse import _ActionsContainer as ArgumentGroup
    from collections.abc import Sequence

    from airwarden.formats.view import EarlierRun, View
    from airwarden.report import Report


def add_outputs(parser: ArgumentGroup) -> None:
    """The options for further reports, and for what they show."""
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        type=_further,
        help="write a report in another format too; may be repeated",
    )
    parser.add_argument(
        "--history",
        action="extend",
        nargs="+",
        default=[],
        metavar="FILE",
        type=Path,
        help="JSON reports of earlier runs, the oldest first, or a folder of them: html shows the trend",
    )


def _further(text: str) -> tuple[str, Path]:
    """A format and the file for it."""
    from argparse import ArgumentTypeError

    from airwarden.formats import FORMATS

    name, _, file = text.partition("=")
    if name not in FORMATS or not file:
        raise ArgumentTypeError(f"{text!r} is no FORMAT=FILE; the formats are {', '.join(FORMATS)}")
    return name, Path(file)


_READ = regex(
    r"\.airwarden-baseline\.json|\.gitignore|.*\.(?:py|ya?ml|toml|cfg|ini|tf|hcl|gotmpl|env)|\.env.*"
    r"|(?:Dockerfile|Containerfile|Pipfile|CODEOWNERS).*|.*requirements.*\.(?:txt|in)",
    re.IGNORECASE,
)
"""How the files are called that are checked, or that say how to check: no report is put in their place."""


def verify_outputs(options: argparse.Namespace) -> None:
    """Raises `ConfigError` where a report would be written over a file that is read, or through a link of
    the repository.
    """
    from airwarden.config import ConfigError

    for file in filter(None, (options.output, *(file for _, file in options.also))):
        verify_place(file)
        name = os.path.basename(os.path.realpath(file)) if file.is_file() else ""  # noqa: PTH119
        if _READ.fullmatch(name):
            raise ConfigError(f"{file}: no report is written over such a file; name another one")


def deliver(report: Report, options: argparse.Namespace) -> None:
    """Writes the report where it is wanted, in each format that is, and the summary of the job."""
    from dataclasses import replace

    from airwarden.formats import renderer
    from airwarden.formats.summary import headline, listed

    view = _view(report, options)
    plain = replace(view, color=False, wrap=False)
    texts = {file: renderer(name)(report, plain) for name, file in options.also}
    text = renderer(options.format)(report, view)
    for file, other in texts.items():
        write(file, other)
    if options.output is None:
        show(text)
    else:
        write(options.output, text)
    if options.output and not options.quiet:
        say(f"{headline(report)} The report is in {listed([str(options.output), *map(str, texts)])}.")
    _summarise(report, options, view)


def _summarise(report: Report, options: argparse.Namespace, view: View) -> None:
    """Adds all findings to the summary of a job on GitHub or Azure, where it is reported to."""
    formats = {options.format, *(name for name, _ in options.also)}
    summary, folder = os.environ.get("GITHUB_STEP_SUMMARY"), os.environ.get("AGENT_TEMPDIRECTORY")
    if summary and "github" in formats:
        from airwarden.formats import job_summary

        append(Path(summary), job_summary.render(report, view))
    if folder and options.format == "azure" and options.output is None:
        from airwarden.formats import azure, job_summary

        file = Path(folder) / "airwarden.md"
        write(file, job_summary.render(report, view))
        show(azure.summary_command(str(file)))


def _view(report: Report, options: argparse.Namespace) -> View:
    from shutil import get_terminal_size

    from airwarden.formats.view import View

    return View(
        color=options.output is None and colors(options.no_color),
        detail="summary" if options.quiet else "everything" if options.verbose else "usual",
        width=get_terminal_size((100, 24)).columns,
        wrap=options.output is None and is_for_people(),
        prefix=_prefix(Path(report.root)),
        blob=_blob(),
        suppressed=options.show_suppressed,
        fail_on=options.fail_on,
        history=_history(options.history),
    )


def _history(paths: Sequence[Path]) -> tuple[EarlierRun, ...]:
    if not paths:
        return ()
    from airwarden.formats.history import earlier_runs

    return earlier_runs(paths)


_CHECKOUTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY")
"""Variables in which GitHub, GitLab and Azure name the checkout of a job."""


def _prefix(root: Path) -> str:
    """What leads from the checkout of a job to the root, such as `airflow/`."""
    named = next(filter(None, map(os.environ.get, _CHECKOUTS)), None)
    checkout = Path(named or root).resolve()
    if checkout == root or not root.is_relative_to(checkout):
        return ""
    return f"{root.relative_to(checkout).as_posix()}/"


def _blob() -> str:
    """The address of the files of the commit that a job on GitHub or GitLab is about."""
    server, name, commit = (os.environ.get(f"GITHUB_{key}") for key in ("SERVER_URL", "REPOSITORY", "SHA"))
    if server and name and commit:
        return f"{server}/{name}/blob/{commit}/"
    project, commit = (os.environ.get(f"CI_{key}") for key in ("PROJECT_URL", "COMMIT_SHA"))
    return f"{project}/-/blob/{commit}/" if project and commit else ""
