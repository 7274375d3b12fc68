"""What can be typed behind `airwarden`: commands and their arguments, as the parsers take them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Literal, TypeAlias

from airwarden.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind: TypeAlias = Literal["nothing", "choice", "file", "folder", "rule", "rules", "text"]
"""What an argument takes."""

_KINDS: dict[str, Kind] = {
    "BASELINE": "file",
    "DIR": "folder",
    "FILE": "file",
    "NAMES": "rules",
    "PATH": "file",
    "REPORT": "file",
    "RULE": "rule",
}
"""What the word that stands for a value in the help says of it."""


@dataclass(frozen=True)
class Argument:
    """An option with all of its names, or a positional argument, which has none."""

    names: tuple[str, ...]
    metavar: str
    help: str
    kind: Kind
    choices: tuple[str, ...] = ()
    many: bool = False
    required: bool = False
    repeats: bool = False
    excludes: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The argument as the help shows it, such as `--output FILE`."""
        value = "{" + ",".join(self.choices) + "}" if self.kind == "choice" else self.metavar
        return " ".join((", ".join(self.names), *((value,) if self.kind != "nothing" else ()))).strip()


@dataclass(frozen=True)
class Command:
    """One command, with the words that lead to it; the first one is the program."""

    words: tuple[str, ...]
    help: str
    description: str
    arguments: tuple[Argument, ...]
    commands: tuple[Command, ...] = ()

    @property
    def name(self) -> str:
        """The last of its words."""
        return self.words[-1]

    @property
    def options(self) -> tuple[Argument, ...]:
        """The arguments that have names."""
        return tuple(argument for argument in self.arguments if argument.names)

    @property
    def positionals(self) -> tuple[Argument, ...]:
        """The arguments that are told by their place."""
        return tuple(argument for argument in self.arguments if not argument.names)

    @property
    def usage(self) -> str:
        """The form of a call."""
        places = (_place(argument) for argument in self.positionals)
        return " ".join((*self.words, "[OPTIONS]", *(("COMMAND",) if self.commands else ()), *places))

    def every(self) -> Iterator[Command]:
        """The command and all those below it."""
        yield self
        for command in self.commands:
            yield from command.every()


def command_of(parser: argparse.ArgumentParser, words: tuple[str, ...], help: str = "") -> Command:  # noqa: A002
    """What a parser takes."""
    excluded = dict(_exclusions(parser))
    arguments, commands = [], list[Command]()
    for action in parser._actions:  # noqa: SLF001 (argparse has no other way)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            said = {choice.dest: choice.help or "" for choice in action._choices_actions}  # noqa: SLF001
            commands += (
                command_of(each, (*words, name), said.get(name, "")) for name, each in action.choices.items()
            )
        elif action.help != argparse.SUPPRESS:
            arguments.append(_argument(action, excluded.get(action.dest, ())))
    return Command(words, help, parser.description or "", tuple(arguments), tuple(commands))


def _place(argument: Argument) -> str:
    text = argument.shown + (" ..." if argument.many else "")
    return text if argument.required else f"[{text}]"


def _exclusions(parser: argparse.ArgumentParser) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The options that can't stand beside each option."""
    for group in parser._mutually_exclusive_groups:  # noqa: SLF001
        members = group._group_actions  # noqa: SLF001
        for action in members:
            yield action.dest, tuple(n for each in members if each is not action for n in each.option_strings)


def _argument(action: argparse.Action, excludes: tuple[str, ...]) -> Argument:
    choices = tuple(str(choice) for choice in action.choices or ())
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    return Argument(
        names=tuple(action.option_strings),
        metavar=metavar,
        help=(action.help or "") % vars(action) if "%(" in (action.help or "") else action.help or "",
        kind=_kind(action, metavar),
        choices=choices,
        many=action.nargs in ("*", "+"),
        required=action.required and action.nargs not in ("*", "?"),
        repeats=isinstance(action, argparse._AppendAction),  # noqa: SLF001
        excludes=excludes,
    )


def _kind(action: argparse.Action, metavar: str) -> Kind:
    if action.nargs == 0:
        return "nothing"
    return "choice" if action.choices else _KINDS.get(metavar, "text")
