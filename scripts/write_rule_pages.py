"""Writes docs/rules/: a page for each rule, and the list of all of them.

A page is made of the rule's docstring, its facts and its own fixtures, so every example is a test too.
With --check nothing is written: exit 1 where a file is stale.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.registry import Registry
from airwarden.rule_pages import index, page

from scripts.rule_examples import examples, fix
from scripts.written_pages import ROOT, run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airwarden.rule import Rule

PAGES = ROOT / "docs" / "rules"
INDEX = """\
<!-- Written by `make pages` from rules/: change those. -->

# Rules

Each rule has a page with the reason for it, examples that are its tests too, and the way \
out; `airwarden explain RULE` shows the same page. Rules can be named \
one by one or by family, in `--select`, in the settings and in suppressions.

"""


def files(rules: Mapping[str, Rule]) -> dict[Path, str]:
    """What each generated file should hold."""
    pages = {PAGES / f"{rule.id}.md": whole(rule) for rule in rules.values()}
    return {**pages, PAGES / "index.md": f"{INDEX}{''.join(index(rules.values()))}".rstrip("\n") + "\n"}


def whole(rule: Rule) -> str:
    """The page of one rule, with a word on where it comes from."""
    file = f"rules/{rule.family}/{rule.id.replace('-', '_')}.py"
    cases = f"tests/fixtures/{rule.id}"
    note = f"<!-- Written by `make pages` from {file} and {cases}/: change those. -->\n\n"
    sources = f"More examples: [{cases}](../../{cases}). The rule: [{file}](../../{file})."
    return note + page(rule, examples(rule.id), fix(rule), sources)


def main() -> int:
    """Writes or, with --check, compares."""
    rules, crashes = Registry().load()
    if crashes:
        raise SystemExit("\n".join(f"{crash.path} {crash.message}" for crash in crashes))
    return run(__doc__ or "", files(rules), PAGES)


if __name__ == "__main__":
    raise SystemExit(main())
