"""A rule as SARIF describes it."""

from __future__ import annotations

from typing import Any

from airwarden.formats.view import sentence, visible
from airwarden.rule import Rule
from airwarden.rule_pages import address, web_address

_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}


def descriptor(rule: Rule) -> dict[str, Any]:
    """The rule's `reportingDescriptor`, with what code scanning reads of it."""
    remedy, page = sentence(rule.remedy, capital=True), address(rule)
    see = web_address(rule.see)
    links = [f"See <{page}>." if page else "", f"Evidence: <{see}>." if see not in ("", page) else ""]
    parts = [
        visible((rule.help or rule.id).strip(), keep="\n"),
        f"**What to do:** {remedy}",
        " ".join(filter(None, links)),
    ]
    markdown = "\n\n".join(filter(None, parts))
    return {
        "id": rule.id,
        "name": rule.id.title().replace("-", ""),
        "shortDescription": {"text": sentence(rule.summary or rule.id)},
        "fullDescription": {"text": f"{sentence(rule.summary or rule.id)} {remedy}"},
        "help": {"text": markdown, "markdown": markdown},
        **({"helpUri": page} if page else {}),
        "defaultConfiguration": {"level": rule.level},
        "properties": _properties(rule),
    }


def _properties(rule: Rule) -> dict[str, Any]:
    tags = ["airflow", rule.family, rule.profile]
    if rule.severity is None:
        return {"tags": tags, "problem.severity": _PROBLEM[rule.level]}
    return {"tags": [*tags, "security"], "security-severity": f"{rule.severity:.1f}"}
