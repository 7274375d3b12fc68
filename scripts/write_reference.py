"""Writes the pages of the documentation that the program itself tells: docs/commands.md, made of the parsers
of the command line, and docs/configuration.md, made of schemas/config.json.

With --check nothing is written: exit 1 where a file is stale.
"""

from __future__ import annotations

from airwarden.cli import COMMANDS, parser_of
from airwarden.grammar import Argument, Command, command_of

from scripts.settings_reference import configuration
from scripts.written_pages import ROOT, run

HEAD = """\
<!-- Written by `make pages` from the commands in linter/airwarden/commands: change those. -->

# Commands

`airwarden COMMAND --help` says the same. Reports go to stdout and all other talk to stderr, so \
that a report can be piped.

| exit code | |
| --- | --- |
| 0 | Nothing at or above `--fail-on`. |
| 1 | Findings. |
| 2 | airwarden could not do its work: a wrong option, a broken configuration, a fault of its own. |

"""


def commands() -> str:
    """The page of all commands."""
    program = command_of(parser_of(COMMANDS), ("airwarden",))
    return HEAD + "\n".join(section(command) for command in program.every() if command.help)


def section(command: Command) -> str:
    """What one command is for and what it takes."""
    about = command.description or f"{command.help[:1].upper()}{command.help[1:]}."
    parts = [f"{'#' * len(command.words)} {' '.join(command.words)}", about, f"```text\n{command.usage}\n```"]
    takes = [*command.positionals, *(each for each in command.options if "--help" not in each.names)]
    if takes:
        parts.append("| takes | |\n| --- | --- |\n" + "\n".join(map(row, takes)))
    return "\n\n".join(parts) + "\n"


def row(argument: Argument) -> str:
    """An argument in a table."""
    text = argument.help[:1].upper() + argument.help[1:]
    shown = argument.shown.replace("|", "\\|")
    return f"| `{shown}` | {text.replace('|', chr(92) + '|').rstrip('.')}. |"


def main() -> int:
    """Writes or, with --check, compares."""
    docs = ROOT / "docs"
    pages = {docs / "commands.md": commands(), docs / "configuration.md": configuration(ROOT / "schemas")}
    return run(__doc__ or "", pages)


if __name__ == "__main__":
    raise SystemExit(main())
