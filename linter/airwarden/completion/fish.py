"""The completion of fish."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from airwarden.grammar import Argument, Command


def script(program: Command, families: Sequence[str], rules: Sequence[str]) -> str:
    """The whole script."""
    return "\n".join(_lines(program, " ".join((*families, *rules)))) + "\n"


def _lines(program: Command, names: str) -> Iterator[str]:
    paths = " ".join(f"'{_of(command)}'" for command in program.every() if len(command.words) > 1)
    yield "# Completion of airwarden for fish, written by `airwarden completion fish`."
    yield ""
    yield "function __airwarden_names"
    yield f"    string split ' ' '{names}'"
    yield "end"
    yield ""
    yield "function __airwarden_at"
    yield "    set -l path ''"
    yield "    for word in (commandline -opc)[2..]"
    yield f'        contains -- "$path $word" {paths}; and set path "$path $word"'
    yield "    end"
    yield '    test "$path" = "$argv[1]"'
    yield "end"
    yield ""
    yield "complete -c airwarden -f"
    for command in program.every():
        yield from _command(command)


def _of(command: Command) -> str:
    return "".join(f" {word}" for word in command.words[1:])


def _command(command: Command) -> Iterator[str]:
    start = f'complete -c airwarden -n "__airwarden_at {_quoted(_of(command))}"'
    for each in command.commands:
        yield f"{start} -a {each.name} -d {_quoted(each.help)}"
    for argument in command.arguments:
        names = "".join(
            f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}" for name in argument.names
        )
        said = f" -d {_quoted(argument.help)}" if names else ""
        yield f"{start}{names}{_value(argument)}{said}"


def _value(argument: Argument) -> str:
    """What completes the value of an argument; that of a place takes no `-x`."""
    alone = " -x" if argument.names else ""
    words = " ".join(argument.choices)
    return {
        "nothing": "",
        "choice": f"{alone} -a {_quoted(words)}",
        "file": " -r -F" if argument.names else " -F",
        "folder": f"{alone} -a '(__fish_complete_directories)'",
        "rule": f"{alone} -a '(__airwarden_names)'",
        "rules": f"{alone} -a '(__fish_complete_list , __airwarden_names)'",
    }.get(argument.kind, alone)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
