"""Writes docs/rules/, a page for each rule, and the README's table of rules.

A page is made of the rule's docstring, its facts and its own fixtures, so every example is a test too.
With --check nothing is written: exit 1 where a file is stale.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.registry import Registry

if TYPE_CHECKING:
    from airwarden.rule import Rule

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAGES = ROOT / "docs" / "rules"
FIXTURES = ROOT / "tests" / "fixtures"
BEGIN, END = "<!-- rules: begin -->", "<!-- rules: end -->"
LANGUAGES = {".py": "python", ".yaml": "yaml", ".toml": "toml", ".cfg": "ini", ".txt": "text"}


def files(rules: Mapping[str, Rule]) -> dict[Path, str]:
    """What each generated file should hold."""
    pages = {PAGES / f"{rule.id}.md": page(rule) for rule in rules.values()}
    return {**pages, README: readme(README.read_text(encoding="utf-8"), rules.values())}


def readme(text: str, rules: Iterable[Rule]) -> str:
    """The README with its table of rules between the markers."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{''.join(table(rules))}{END}{after}"


def table(rules: Iterable[Rule]) -> Iterator[str]:
    """The rows of the table, family by family."""
    ordered = sorted(rules, key=lambda rule: (rule.family, rule.id))
    for family, members in groupby(ordered, lambda rule: rule.family):
        yield f"\n**{family}**\n\n| rule | level | |\n| --- | --- | --- |\n"
        for rule in members:
            yield f"| [`{rule.id}`](docs/rules/{rule.id}.md) | {_level(rule)} | {rule.summary} |\n"
    yield "\n"


def page(rule: Rule) -> str:
    """The page of one rule."""
    file = f"rules/{rule.family}/{rule.id.replace('-', '_')}.py"
    cases = f"tests/fixtures/{rule.id}"
    parts = [
        f"<!-- Written by `make docs` from {file} and {cases}/: change those. -->",
        f"# {rule.id}",
        (rule.help or "").strip(),
        f"**The way out:** {rule.remedy}",
        f"Level: {_level(rule)}. Family: {rule.family}. Profile: {rule.profile}. [Evidence]({rule.see}).",
        *examples(rule.id, "flagged", "Flagged"),
        *examples(rule.id, "accepted", "Accepted"),
        f"More of both: [{cases}](../../{cases}). The rule: [{file}](../../{file}).",
        "## Switching it off",
        f"On one line, with the reason: `# airwarden: ignore[{rule.id}] reason`.",
        f'Everywhere: `ignore = ["{rule.id}"]` in `[tool.airwarden]`.',
    ]
    return "\n\n".join(parts) + "\n"


def _level(rule: Rule) -> str:
    """The level of a rule; one that runs only in the profile `strict`, or where it is named, says so."""
    return f"{rule.level}, strict" if rule.profile == "strict" else rule.level


def examples(rule: str, kind: str, title: str) -> Iterator[str]:
    """The first fixture of a kind: the one without a suffix, or else the first by name."""
    found = sorted((FIXTURES / rule).glob(f"{kind}*"), key=lambda path: (len(path.stem), path.name))
    if not found:
        return
    yield f"## {title}"
    if found[0].is_file():
        yield fenced(found[0], rule)
        return
    for path in sorted(path for path in found[0].rglob("*") if path.is_file()):
        yield f"`{path.relative_to(found[0]).as_posix()}`"
        yield fenced(path, rule)


def fenced(path: Path, rule: str) -> str:
    """A fixture as a reader wants it: the marker of an expected finding becomes an arrow."""
    text = path.read_text(encoding="utf-8").strip("\n").replace(f"# expect: {rule}", "# <- flagged")
    return f"````{LANGUAGES.get(path.suffix, 'text')}\n{text}\n````"


def stale(wanted: Mapping[Path, str]) -> list[Path]:
    """The generated files that are missing, outdated or of a rule that is gone."""
    outdated = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    return outdated + [path for path in PAGES.glob("*.md") if path not in wanted]


def write(wanted: Mapping[Path, str]) -> None:
    """Brings the generated files up to date."""
    PAGES.mkdir(parents=True, exist_ok=True)
    for path in stale(wanted):
        if path in wanted:
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()


def main() -> int:
    """Writes or, with --check, compares."""
    parser = argparse.ArgumentParser(description="Writes docs/rules/ and the README's table of rules.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file is stale")
    arguments = parser.parse_args()
    rules, crashes = Registry().load()
    if crashes:
        raise SystemExit("\n".join(f"{crash.path} {crash.message}" for crash in crashes))
    wanted = files(rules)
    if not arguments.check:
        write(wanted)
        return 0
    outdated = stale(wanted)
    for path in outdated:
        print(f"{path.relative_to(ROOT)} is stale: run `make docs`", file=sys.stderr)
    return bool(outdated)


if __name__ == "__main__":
    raise SystemExit(main())
