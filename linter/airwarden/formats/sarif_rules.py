"""A rule as SARIF describes it."""

from __future__ import annotations

from typing import Any

from airwarden.formats.view import sentence
from airwarden.rule import Rule

_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}


def descriptor(rule: Rule) -> dict[str, Any]:
    """The rule's `reportingDescriptor`, with what code scanning reads of it."""
    remedy = sentence(rule.remedy, capital=True)
    markdown = f"{(rule.help or rule.id).strip()}\n\n**What to do:** {remedy}\n\nSee <{rule.see}>."
    return {
        "id": rule.id,
        "name": rule.id.title().replace("-", ""),
        "shortDescription": {"text": sentence(rule.summary or rule.id)},
        "fullDescription": {"text": f"{sentence(rule.summary or rule.id)} {remedy}"},
        "help": {"text": markdown, "markdown": markdown},
        "helpUri": rule.see,
        "defaultConfiguration": {"level": rule.level},
        "properties": _properties(rule),
    }


def _properties(rule: Rule) -> dict[str, Any]:
    tags = ["airflow", rule.family, rule.profile]
    if rule.severity is None:
        return {"tags": tags, "problem.severity": _PROBLEM[rule.level]}
    return {"tags": [*tags, "security"], "security-severity": f"{rule.severity:.1f}"}
