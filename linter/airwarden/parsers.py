"""Parser: what a command line is read with, whose complaints say what to do next."""

from __future__ import annotations

import argparse
import os
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

_REQUIRED = "the following arguments are required: "


class Parser(argparse.ArgumentParser):
    """A parser of one command. Its complaints are one sentence each, with the nearest name and the help."""

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """The options that are asked for; ends the program where they can't be told, or where one is a file
        whose name is made to be taken for an option: pre-commit hands over whatever a repository has.
        """
        for argument in takewhile("--".__ne__, arguments):
            if argument.startswith("--") and "=" in argument and os.path.lexists(argument):
                self.error(f"{argument!r} is the name of a file here; put -- before files, or rename it")
            if argument.startswith("--") and argument.endswith("=--"):
                self.error(f"{argument!r} gives the option no value")  # argparse would make a list of it
        options, unknown = self.parse_known_args(arguments)
        if unknown:
            parser: Parser = getattr(options, "parser", self)
            parser.refuse(unknown[0])
        return options

    def refuse(self, argument: str) -> NoReturn:
        """Ends the program for an argument that it does not know."""
        name = argument.partition("=")[0]
        if not name.startswith("-"):
            self.error(f"{argument!r} is one argument too many")
        self.error(f"there is no option {name}{_nearest(name, self._option_string_actions)}")

    def error(self, message: str) -> NoReturn:
        """Ends the program with a complaint; a call without a command gets the help."""
        if message.startswith(_REQUIRED) and self._subparsers is not None:
            self.exit(2, self.format_help())
        from airwarden.formats.view import visible

        text = visible(message.removeprefix("argument ").replace(_REQUIRED, "it takes "))
        self.exit(2, f"{self.prog}: {text}; `{self.prog} --help` tells what there is\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        choices = [str(choice) for choice in action.choices]
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 (argparse names it nowhere else)
            near = _nearest(str(value), choices) or f" (there are {', '.join(choices)})"
            self.error(f"there is no command {value!r}{near}")
        near = _nearest(str(value), choices)
        raise argparse.ArgumentError(action, f"{value!r} is none of {', '.join(choices)}{near}")


def _nearest(name: str, names: Any) -> str:
    from airwarden.config import nearest

    return nearest(name, names)
