"""`airwarden explain`: why a rule is there and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airwarden.commands.exit_codes import CLEAN
from airwarden.commands.rules import table
from airwarden.commands.scope import add_trust_arguments, registry_here, tell_withheld
from airwarden.terminal import colors, show

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from airwarden.registry import Registry

WIDEST = 110


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.description = "Shows the page of a rule, the rules of a family, or all families."
    parser.add_argument("rule", nargs="?", metavar="RULE", help="a rule or a family (default: the families)")
    parser.add_argument(
        "--no-color", action="store_true", help="no colours, as with NO_COLOR in the environment"
    )
    add_trust_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Explains a rule, or lists a family or all of them."""
    from airwarden.formats.view import visible

    registry = registry_here(options.trust)
    if options.rule is None:
        show("".join(f"{line}\n" for line in _families(registry)))
        return CLEAN
    registry.verify([("explain", options.rule)])
    if options.rule in registry.files:
        text = visible(_page(options.rule, registry), keep="\n\t")
        show(_drawn(text) if colors(options.no_color) else text)
    else:
        tell_withheld(registry)
        members = [rule for rule, family in registry.families.items() if family == options.rule]
        show("".join(f"{line}\n" for line in table(registry.load(members)[0].values(), registry.sources)))
    return CLEAN


def _families(registry: Registry) -> Iterator[str]:
    """A line a family, and how to go on."""
    from airwarden.rule_pages import FAMILIES

    families = list(registry.families.values())
    for family in sorted(set(families)):
        amount = families.count(family)
        rules = "rule " if amount == 1 else "rules"
        yield f"{family:<10}  {amount:>2} {rules}  {FAMILIES.get(family, '')}".rstrip()
    yield ""
    yield "`airwarden explain FAMILY` lists the rules of one, `airwarden explain RULE` shows a rule's page."


def _page(name: str, registry: Registry) -> str:
    """The page that ships with a rule, or what its file tells."""
    from airwarden.rule_pages import for_terminals, page, shipped

    file = registry.files[name]
    if name in registry.sources:
        return page(registry.rule(name), sources=f"It comes from `{file}`.")
    return for_terminals(shipped(file) or page(registry.rule(name)))


def _drawn(text: str) -> str:
    from io import StringIO
    from shutil import get_terminal_size

    from rich.console import Console
    from rich.markdown import Markdown
    from rich.theme import Theme

    theme = Theme({"markdown.code": "bold cyan"})
    width = min(get_terminal_size((WIDEST, 24)).columns, WIDEST)
    console = Console(file=StringIO(), force_terminal=True, width=width, theme=theme)
    with console.capture() as capture:
        console.print(Markdown(text, code_theme="ansi_dark", hyperlinks=False))
    return capture.get()
