"""`airwarden rules`: lists all rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airwarden.commands.exit_codes import CLEAN, FAILED
from airwarden.commands.scope import add_trust_arguments, registry_here, tell_withheld
from airwarden.terminal import say, show

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping

    from airwarden.packs import Pack
    from airwarden.rule import Rule


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    add_trust_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Lists the rules."""
    registry = registry_here(options.trust)
    tell_withheld(registry)
    registry.verify_schemas()
    rules, broken = registry.load()
    show("".join(f"{line}\n" for line in table(rules.values(), registry.sources)))
    for crash in broken:
        say(f"the rule {crash.rule} does not load: {crash.message}")
    return FAILED if broken else CLEAN


def table(rules: Iterable[Rule], sources: Mapping[str, Pack]) -> Iterator[str]:
    """A line a rule: family, level, id and harm, and the pack of one that comes from there."""
    rows = list(rules)
    wide = max((len(rule.id) for rule in rows), default=0)
    from airwarden.formats.view import visible

    for rule in rows:
        pack = sources.get(rule.id)
        source = f" [{pack.name}]" if pack else ""
        yield visible(f"{rule.family:<9}  {rule.level:<7}  {rule.id:<{wide}}  {rule.summary}{source}")
