"""What an editor shows of a rule: why it is there, the way out, and where to read more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airwarden.formats.prose import prose
from airwarden.formats.view import sentence, visible
from airwarden.rule_pages import address, web_address

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
    see = web_address(rule.see)
    named = {rule.id: page, "evidence": see if see != page else ""}
    links = " · ".join(f"[{name}]({link})" for name, link in named.items() if link)
    parts = [
        f"**{rule.id}** ({rule.family}, {finding.level})",
        prose(sentence(finding.message)),
        f"**The way out:** {prose(sentence(finding.remedy, capital=True))}" if finding.remedy else "",
        "---",
        visible((rule.help or rule.id).strip(), keep="\n"),
        links,
    ]
    return "\n\n".join(filter(None, parts))
