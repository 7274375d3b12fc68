"""`airwarden crash-report`: what there is to tell of a fault of airwarden, and nothing of your files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.commands.exit_codes import CLEAN, FINDINGS
from airwarden.commands.scope import add_trust_arguments, paths_of, root_of, workspace_of
from airwarden.terminal import say, show, write

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from airwarden.crash_reports import Fault
    from airwarden.parsers import Parser
    from airwarden.report import Crash

_EXAMPLES = """\
examples:
  airwarden crash-report                                 whatever fails in the repository
  airwarden crash-report --rule known-token dags/a.py    a rule that fails on a file
  airwarden crash-report --reduced dags/a.py             with what remains of the file, in placeholders
  airwarden crash-report --run "init --dry-run"          a command that fails

The report holds versions, the functions of airwarden that it came through, and the size and kind of the file:
no name, no path, no text and no message. Look at it, and paste it into an issue.
exit codes: 0 nothing fails, 1 the report is written, 2 airwarden could not do its work
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.description = (
        "Looks for faults of airwarden once more, and writes what there is to tell of them to others."
    )
    parser.epilog = _EXAMPLES
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="files or folders (default: the repository)")
    add("--rule", metavar="RULE", help="the rule that fails (default: all)")
    add(
        "--run",
        dest="command",
        metavar="COMMAND",
        help="a command of airwarden that fails, in quotes; it is run once more",
    )
    add("--reduced", action="store_true", help="show what remains of the file, all names and texts replaced")
    add("--format", choices=("markdown", "json"), default="markdown", help="how (default: markdown)")
    add("--output", metavar="FILE", type=Path, help="write the report to FILE")
    add("--config", metavar="FILE", type=Path, help="settings, in place of those of the repository")
    add_trust_arguments(parser)
    parser.set_defaults(select=[], ignore=[], fail_on=None, quiet=True, no_baseline=True, baseline=None)
    parser.set_defaults(no_cache=True, cache_dir=None)


def run(options: argparse.Namespace) -> int:
    """Runs again what failed, and writes what came of it."""
    from airwarden.crash_reports import as_json, as_markdown

    found = _of_command(options) if options.command else _of_files(options)
    if not found:
        say("nothing fails here.")
        return CLEAN
    text = as_json(found) if options.format == "json" else as_markdown(found)
    show(text) if options.output is None else write(options.output, text)
    return FINDINGS


def _of_command(options: argparse.Namespace) -> list[Fault]:
    """The fault that a command ends with."""
    import shlex

    from airwarden.config import ConfigError
    from airwarden.crash_reports import faults

    words = shlex.split(options.command)
    if words[:1] in (["server"], ["crash-report"]):
        raise ConfigError(f"--run: {words[0]} can't be run from here")
    told = _failure(lambda: _silently(options.whole(), words))
    return [fault for fault, _ in faults([told] if told else [], {})]


def _silently(parser: Parser, words: Sequence[str]) -> None:
    """Runs a command of which nothing is to be seen."""
    import io
    from contextlib import redirect_stderr, redirect_stdout

    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        options = parser.read(words)
        options.run(options)


def _failure(do: Callable[[], object]) -> Crash | None:
    """The crash that something ends with, unless it is done, or tells the user what is wrong."""
    from airwarden.config import ConfigError
    from airwarden.crashes import crash
    from airwarden.fixer import Unwritable

    try:
        do()
    except (ConfigError, Unwritable, SystemExit):
        return None
    except Exception as error:
        return crash("", "", error)
    return None


def _of_files(options: argparse.Namespace) -> list[Fault]:
    """The faults that files bring about, or whatever comes before them."""
    from airwarden.crash_reports import faults
    from airwarden.crash_scenes import Scene

    root = root_of([])
    options.paths = [each if Path(each).exists() else str(root / each) for each in options.paths]
    begun = _failure(lambda: workspace_of(options, root_of(options.paths)))
    if begun:
        return [fault for fault, _ in faults([begun], {})]
    scene = Scene(workspace_of(options, root_of(options.paths)), options.rule)
    crashes = scene.crashes(paths_of(options, scene.repo))
    return [
        scene.filled(fault, each, is_reduced=options.reduced) for fault, each in faults(crashes, scene.ours)
    ]
