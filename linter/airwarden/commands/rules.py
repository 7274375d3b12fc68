"""`airwarden rules`: lists all rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airwarden.commands.exit_codes import CLEAN, FAILED
from airwarden.terminal import say, show

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from airwarden.rule import Rule


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes: nothing."""


def run(options: argparse.Namespace) -> int:  # noqa: ARG001
    """Lists the rules."""
    from airwarden.registry import Registry

    rules, broken = Registry().load()
    show("".join(f"{line}\n" for line in table(rules.values())))
    for crash in broken:
        say(f"the rule {crash.rule} does not load: {crash.message}")
    return FAILED if broken else CLEAN


def table(rules: Iterable[Rule]) -> Iterator[str]:
    """A line a rule: family, level, id and harm."""
    rows = list(rules)
    wide = max((len(rule.id) for rule in rows), default=0)
    for rule in rows:
        yield f"{rule.family:<9}  {rule.level:<7}  {rule.id:<{wide}}  {rule.summary}"
