"""`airwarden completion`: what a shell needs to complete commands, options and the names of rules."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from airwarden.commands.exit_codes import CLEAN
from airwarden.terminal import show

if TYPE_CHECKING:
    import argparse

SHELLS = ("bash", "zsh", "fish")

PLACES = """\
where it belongs:
  bash    ~/.local/share/bash-completion/completions/airwarden
  zsh     a folder of $fpath, as _airwarden; or at the end of ~/.zshrc: source <(airwarden completion zsh)
  fish    ~/.config/fish/completions/airwarden.fish
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.description = "Prints a script that lets a shell complete commands, options and names of rules."
    parser.epilog = PLACES
    parser.add_argument("shell", choices=SHELLS, help="whose script it is to be")


def run(options: argparse.Namespace) -> int:
    """Prints the script of a shell."""
    from airwarden.grammar import command_of
    from airwarden.registry import Registry

    families = Registry().families
    program = command_of(options.whole(), ("airwarden",))
    script = import_module(f"airwarden.completion.{options.shell}").script
    show(script(program, sorted({*families.values()}), sorted(families)))
    return CLEAN
