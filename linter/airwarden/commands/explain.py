"""`airwarden explain`: why a rule is there and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airwarden.commands.exit_codes import CLEAN
from airwarden.commands.rules import table
from airwarden.commands.scope import registry_here
from airwarden.terminal import show

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("rule", metavar="RULE")


def run(options: argparse.Namespace) -> int:
    """Explains a rule, or lists a family."""
    from airwarden.registry import load_rule

    registry = registry_here()
    registry.verify([("explain", options.rule)])
    if options.rule not in registry.files:
        members = [rule for rule, family in registry.families.items() if family == options.rule]
        show("".join(f"{line}\n" for line in table(registry.load(members)[0].values(), registry.sources)))
        return CLEAN
    rule = load_rule(registry.files[options.rule])
    source = f"It comes from {registry.files[rule.id]}\n" if rule.id in registry.sources else ""
    show(
        f"{rule.id} ({rule.family}, {rule.level})\n\n{(rule.help or '').strip()}\n\n"
        f"The way out: {rule.remedy}\nTo silence it: # airwarden: ignore[{rule.id}] and the reason\n"
        f"See {rule.see}\n{source}"
    )
    return CLEAN
