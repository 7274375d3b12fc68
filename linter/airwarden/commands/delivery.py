"""Gives a report to whoever asked for it: to stdout or a file, and to GitHub's job summary."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.terminal import colors, say, show, write

if TYPE_CHECKING:
    import argparse

    from airwarden.formats.view import View
    from airwarden.report import Report


def deliver(report: Report, options: argparse.Namespace) -> None:
    """Writes the report where it is wanted, and GitHub's job summary where there is to be one."""
    from importlib import import_module

    from airwarden.formats.summary import headline

    view = _view(report, options)
    text = import_module(f"airwarden.formats.{options.format}").render(report, view)
    if options.output is None:
        show(text)
    else:
        write(options.output, text)
        if not options.quiet:
            say(f"{headline(report)} The report is in {options.output}.")
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and options.format == "github":
        from airwarden.formats import job_summary

        write(Path(summary), job_summary.render(report, view), "a")


def _view(report: Report, options: argparse.Namespace) -> View:
    from shutil import get_terminal_size

    from airwarden.formats.view import View

    return View(
        color=options.output is None and colors(options.no_color),
        detail="summary" if options.quiet else "everything" if options.verbose else "usual",
        width=get_terminal_size((100, 24)).columns,
        prefix=_prefix(Path(report.root)),
        blob=_blob(),
        suppressed=options.show_suppressed,
    )


def _prefix(root: Path) -> str:
    """What leads from the checkout of a GitHub job to the root, such as `airflow/`."""
    checkout = Path(os.environ.get("GITHUB_WORKSPACE") or root).resolve()
    if checkout == root or not root.is_relative_to(checkout):
        return ""
    return f"{root.relative_to(checkout).as_posix()}/"


def _blob() -> str:
    """The address of the files of a GitHub job's commit."""
    server, name, commit = (os.environ.get(f"GITHUB_{key}") for key in ("SERVER_URL", "REPOSITORY", "SHA"))
    return f"{server}/{name}/blob/{commit}/" if server and name and commit else ""
