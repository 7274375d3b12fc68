"""`airwarden merge`: joins the reports of shards into one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.commands.exit_codes import code_of
from airwarden.terminal import show, write

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.description = "Joins the JSON or SARIF reports of all shards of a run into the report of the run."
    parser.add_argument("reports", nargs="+", metavar="REPORT", type=Path, help="what a shard reported")
    parser.add_argument("--output", metavar="FILE", type=Path, help="write the report to FILE")
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "note"),
        help="the mildest level that fails (default: that of the shards)",
    )


def run(options: argparse.Namespace) -> int:
    """Joins the reports."""
    from airwarden.merging import merged

    report = merged(options.reports)
    show(report.text) if options.output is None else write(options.output, report.text)
    return code_of(report, options.fail_on or report.fail_on)
