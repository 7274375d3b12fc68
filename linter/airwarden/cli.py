"""The command line: the commands, each loaded when it is called."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from airwarden import __version__
from airwarden.commands import EXAMPLES
from airwarden.commands.exit_codes import FAILED, INTERRUPTED
from airwarden.interruption import Interrupted
from airwarden.parsers import Parser
from airwarden.terminal import say

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

COMMANDS = {
    "check": "check files against the policies",
    "init": "adopt airwarden in a repository: settings, hooks and workflow",
    "explain": "say why a rule is there and what to do",
    "rules": "list all rules",
    "config": "show which settings count, and who sets them",
    "baseline": "accept what is found today, so that new findings alone fail",
    "suppressions": "list all that is silenced, by whom, why and until when",
    "new": "begin a rule or a pack of rules of your own",
    "test": "try rules of your own on their fixtures",
    "merge": "join the reports of shards into one",
    "crash-report": "write what there is to tell of a fault of airwarden, and nothing of your files",
    "server": "serve an editor as a language server",
    "completion": "print what a shell needs to complete commands and names",
}
"""What there is, and what each does; `airwarden.commands` has a module of the same name, with `_` for `-`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 clean, 1 findings, 2 the work could not be done."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        options = parser_of(arguments).read(arguments)
        return int(options.run(options))
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    except Interrupted as end:
        if end.is_wanted:
            say("interrupted")
        return end.code
    except BrokenPipeError:
        return FAILED
    except MemoryError:
        say("there is not enough memory; check fewer files at a time, or with --jobs 1")
        return FAILED
    except Exception as error:
        return _failed(error, arguments)


def _failed(error: Exception, arguments: Sequence[str]) -> int:
    from airwarden.config import ConfigError
    from airwarden.crashes import crash, shortage
    from airwarden.fixer import Unwritable
    from airwarden.report import advice

    if isinstance(error, (ConfigError, Unwritable)):
        say(str(error))
    elif told := shortage(error):
        say(f"the work could not be done: {told}")
    else:
        from shlex import join, quote

        command = f"airwarden crash-report --run {quote(join(arguments))}"
        say(f"failed by its own fault: {crash('', '', error).message}. {advice(command)}")
    return FAILED


def parser_of(named: Collection[str]) -> Parser:
    """The parser of all commands; what a command takes is known of those that are `named` alone."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = Parser(
        prog="airwarden",
        description="Policy as code for Apache Airflow on Kubernetes. Nothing that is read is run.",
        epilog=EXAMPLES,
        formatter_class=raw,
    )
    parser.set_defaults(whole=lambda: parser_of(COMMANDS))
    parser.add_argument("--version", action="version", version=f"airwarden {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, prog="airwarden")
    for name, said in COMMANDS.items():
        command = commands.add_parser(name, help=said, formatter_class=raw)
        if name in named:
            module = import_module(f"airwarden.commands.{name.replace('-', '_')}")
            module.add_arguments(command)
            command.set_defaults(run=module.run, parser=command)
    return parser
