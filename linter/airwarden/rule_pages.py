"""The page of a rule, in Markdown: what docs/rules/ holds and `airwarden explain` shows."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING

from airwarden.folders import folder
from airwarden.formats.view import HOME
from airwarden.patterns import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from airwarden.rule import Rule

FAMILIES = {
    "alerts": "a failing DAG run tells Slack",
    "deployment": "what is written in the settings is what Airflow reads",
    "hygiene": "what airwarden could not judge",
    "providers": "what is imported or configured is declared",
    "secrets": "no secret stands in values or DAGs",
    "xcom": "no bulk data goes through XCom",
}
"""What each family of the built-in rules stands for."""

_OWN = "airwarden.rules."
_CODE = regex(r"(?:^    .*\n|^\n(?=    ))+", re.MULTILINE)
_YAML = regex(r"(?:- )?(?!try:|else:|finally:)[\w.]+:(?: |$)")
_TOML = regex(r"\[tool\.|dependencies = |exempt-")
_COMMENT = regex(r"\A<!--.*?-->\n+", re.DOTALL)
_LINK_WITHIN = regex(r"\[([^\[\]]+)\]\((?!https?:)[^()]+\)")


def address(rule: Rule) -> str:
    """Where a rule's page is read in a browser; for a rule of a pack what it names itself, maybe nothing."""
    if rule.module.startswith(_OWN):
        return f"{HOME}/blob/main/docs/rules/{rule.id}.md"
    return web_address(rule.see)


def web_address(text: str) -> str:
    """What a rule of a pack names as an address, written so that it can be nothing else; empty for what a
    browser would not just open.
    """
    from urllib.parse import quote

    return (
        quote(text, safe="/:#?=&%@+,;~!$*'", errors="replace")
        if text.startswith(("https://", "http://"))
        else ""
    )


def page(rule: Rule, examples: Iterable[str] = (), fix: Iterable[str] = (), sources: str = "") -> str:
    """The page of a rule; the sections of its examples and of its fix come from its fixtures."""
    parts = [
        f"# {rule.id}",
        rule.summary,
        "".join(facts(rule)).strip(),
        prose((rule.help or "").strip().removeprefix(rule.summary)),
        f"**The way out:** {rule.remedy}.",
        *examples,
        *fix,
        *options(rule),
        *switching_off(rule),
        "## Evidence",
        f"<{rule.see}>",
        *([sources] if sources else ()),
    ]
    return "\n\n".join(parts) + "\n"


def prose(text: str) -> str:
    """The help of a rule with its indented code in fences, which name the language."""
    return _CODE.sub(lambda found: _fenced(found[0]), text.strip() + "\n").strip()


def _fenced(block: str) -> str:
    lines = [line[4:] for line in block.strip("\n").splitlines()]
    code = "\n".join(lines)
    return f"\n```{language(code)}\n{code}\n```\n"


def language(code: str) -> str:
    """In which language an example is written, by its first line."""
    first = code.lstrip().partition("\n")[0]
    if _YAML.match(first):
        return "yaml"
    if _TOML.match(first):
        return "toml"
    return "ini" if first.startswith("[") else "python"


def facts(rule: Rule) -> Iterator[str]:
    """A table of one row: where a rule belongs and how grave its findings are."""
    row = {"family": rule.family, "level": level(rule), "profile": rule.profile}
    if rule.applies_to:
        row["applies to"] = rule.applies_to
    yield f"| {' | '.join(row)} |\n|{' --- |' * len(row)}\n| {' | '.join(row.values())} |\n"


def level(rule: Rule) -> str:
    """The level of a rule; one that runs only in the profile `strict`, or where it is named, says so."""
    return f"{rule.level}, strict" if rule.profile == "strict" else rule.level


def options(rule: Rule) -> Iterator[str]:
    """The section of a rule's own options, where it has any."""
    own: Mapping[str, Mapping[str, Any]] = getattr(rule, "options", {})
    if not own:
        return
    yield "## Options"
    rows = (
        f"| `{name}` | `{json.dumps(schema.get('default'))}` | {schema.get('description', '')} |"
        for name, schema in own.items()
    )
    yield "| option | default | |\n| --- | --- | --- |\n" + "\n".join(rows)
    examples = {name: schema["examples"][0] for name, schema in own.items() if schema.get("examples")}
    if examples:
        lines = (f"{name} = {json.dumps(example, ensure_ascii=False)}" for name, example in examples.items())
        yield f"```toml\n[tool.airwarden.rules.{rule.id}]\n" + "\n".join(lines) + "\n```"


def switching_off(rule: Rule) -> Iterator[str]:
    """The section that tells how to accept a finding, and how to lower a rule or to leave it out."""
    yield "## Switching it off"
    yield "One finding, with the reason, on its line or on a line of its own above:"
    yield f"```python\n# airwarden: ignore[{rule.id}] the reason\n```"
    yield "A milder level, or none, in `pyproject.toml`:"
    yield f'```toml\n[tool.airwarden.levels]\n{rule.id} = "{_milder(rule)}"  # or "off"\n```'
    yield "In some files only:"
    yield f'```toml\n[tool.airwarden.per-file-ignores]\n"dags/sandbox/" = ["{rule.id}"]\n```'


def _milder(rule: Rule) -> str:
    return "warning" if rule.level == "error" else "note"


def index(rules: Iterable[Rule], at: str = "") -> Iterator[str]:
    """A table of rules for each family, with links to the pages below `at`."""
    for family, members in by_family(rules).items():
        yield f"## {family}\n\n"
        if family in FAMILIES:
            yield f"{FAMILIES[family][:1].upper()}{FAMILIES[family][1:]}.\n\n"
        yield "| rule | level | |\n| --- | --- | --- |\n"
        for rule in members:
            yield f"| [`{rule.id}`]({at}{rule.id}.md) | {level(rule)} | {rule.summary} |\n"
        yield "\n"


def by_family(rules: Iterable[Rule]) -> Mapping[str, list[Rule]]:
    """Rules by their family, both in order."""
    ordered = sorted(rules, key=lambda rule: (rule.family, rule.id))
    return {family: list(members) for family, members in groupby(ordered, lambda rule: rule.family)}


def shipped(file: Path) -> str | None:
    """The page that ships with the rule of a file; None for a rule that is none of the built-in ones."""
    try:
        if file.parent.parent.samefile(folder("rules")):
            return (folder("rule_docs") / f"{file.stem.replace('_', '-')}.md").read_text(encoding="utf-8")
    except FileNotFoundError:
        pass
    return None


def for_terminals(text: str) -> str:
    """A page without what only makes sense beside other pages: its first comment and links to them."""
    return _LINK_WITHIN.sub(r"\1", _COMMENT.sub("", text))
