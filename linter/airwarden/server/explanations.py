"""What an editor shows of a rule: why it is there, the way out, and where to read more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airwarden.formats.view import HOME, sentence

if TYPE_CHECKING:
    from airwarden.findings import Finding
    from airwarden.rule import Rule

_OWN = "airwarden.rules."


def page_of(rule: Rule) -> str:
    """The address of a rule's page; that of its evidence for a rule of somebody else."""
    return f"{HOME}/blob/main/docs/rules/{rule.id}.md" if rule.module.startswith(_OWN) else rule.see


def message_of(finding: Finding) -> str:
    """What is wrong, and the way out."""
    remedy = sentence(finding.remedy, capital=True) if finding.remedy else ""
    return " ".join(filter(None, (sentence(finding.message), remedy)))


def explanation(finding: Finding, rule: Rule) -> str:
    """A finding and its rule, in Markdown."""
    named = {rule.id: page_of(rule), "evidence": rule.see}
    links = " · ".join(f"[{name}]({address})" for name, address in named.items() if address)
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
