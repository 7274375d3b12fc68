"""What an editor shows of a rule: why it is there, the way out, and where to read more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airwarden.formats.view import sentence
from airwarden.rule_pages import address

if TYPE_CHECKING:
    from airwarden.findings import Finding
    from airwarden.rule import Rule


def message_of(finding: Finding) -> str:
    """What is wrong, and the way out."""
    remedy = sentence(finding.remedy, capital=True) if finding.remedy else ""
    return " ".join(filter(None, (sentence(finding.message), remedy)))


def explanation(finding: Finding, rule: Rule) -> str:
    """A finding and its rule, in Markdown."""
    page = address(rule)
    named = {rule.id: page, "evidence": rule.see if rule.see != page else ""}
    links = " · ".join(f"[{name}]({link})" for name, link in named.items() if link)
    parts = [
        f"**{rule.id}** ({rule.family}, {finding.level})",
        escaped(sentence(finding.message)),
        f"**The way out:** {escaped(sentence(finding.remedy, capital=True))}" if finding.remedy else "",
        "---",
        (rule.help or rule.id).strip(),
        links,
    ]
    return "\n\n".join(filter(None, parts))


def escaped(text: str) -> str:
    """A text in which Markdown finds no links, pictures and tags; code in backticks stays."""
    return text.replace("<", "\\<").replace("](", "]\\(").replace("![", "!\\[")
