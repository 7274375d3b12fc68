"""The completion of zsh."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from airwarden.grammar import Argument, Command

_HEAD = """\
#compdef airwarden
# Completion of airwarden for zsh, written by `airwarden completion zsh`.
"""

_TAIL = """
if [[ $funcstack[1] == _airwarden ]]; then
    _airwarden "$@"
else
    compdef _airwarden airwarden
fi
"""


def script(program: Command, families: Sequence[str], rules: Sequence[str]) -> str:
    """The whole script."""
    names = " ".join((*families, *rules))
    lists = f"__airwarden_rule() {{\n    compadd -- {names}\n}}\n\n"
    lists += f"__airwarden_rules() {{\n    _sequence compadd - {names}\n}}\n"
    functions = "\n".join("\n".join(_function(command)) for command in program.every())
    return f"{_HEAD}\n{lists}\n{functions}{_TAIL}"


def _name(command: Command) -> str:
    return "_" + "_".join(command.words).replace("-", "_")


def _function(command: Command) -> Iterator[str]:
    """What completes one command, and hands over to the ones below it."""
    yield f"{_name(command)}() {{"
    yield "    local curcontext=$curcontext state line ret=1"
    yield "    local -A opt_args"
    specs = [spec for argument in command.arguments for spec in _specs(argument)]
    specs += ["'1: :->command'", "'*::: :->rest'"] if command.commands else []
    yield "    _arguments -C \\"
    yield " \\\n".join(f"        {spec}" for spec in specs) + " && ret=0"
    if command.commands:
        yield from _hand_over(command)
    yield "    return ret"
    yield "}\n"


def _hand_over(command: Command) -> Iterator[str]:
    yield "    case $state in"
    yield "        command)"
    yield "            local -a commands=("
    for each in command.commands:
        yield f"                {_quoted(f'{each.name}:{each.help}')}"
    yield "            )"
    yield "            _describe -t commands command commands && ret=0 ;;"
    yield "        rest)"
    yield '            words=($line[1] "${words[@]}")'
    yield "            (( CURRENT += 1 ))"
    yield "            case $line[1] in"
    for each in command.commands:
        yield f"                {each.name}) {_name(each)} && ret=0 ;;"
    yield "            esac ;;"
    yield "    esac"


def _specs(argument: Argument) -> Iterator[str]:
    """What `_arguments` has to know of an argument; an option has one text for each of its names."""
    value = f":{argument.metavar}:{_action(argument)}" if argument.kind != "nothing" else ""
    if not argument.names:
        place = "*" if argument.many else "1" if argument.required else "1:"
        yield _quoted(f"{place}:{argument.metavar}:{_action(argument)}")
        return
    said = argument.help.replace("[", "\\[").replace("]", "\\]")
    excluded = "" if argument.repeats else f"({' '.join((*argument.names, *argument.excludes))})"
    for name in argument.names:
        equals = "=" if value and name.startswith("--") else ""
        yield _quoted(f"{'*' if argument.repeats else excluded}{name}{equals}[{said}]{value}")


def _action(argument: Argument) -> str:
    return {
        "choice": f"({' '.join(argument.choices)})",
        "file": "_files",
        "folder": "_files -/",
        "rule": "__airwarden_rule",
        "rules": "__airwarden_rules",
    }.get(argument.kind, "")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
