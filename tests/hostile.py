"""What an attacker would write wherever a name or a text may hold anything, and a report full of it."""

from __future__ import annotations

from dataclasses import replace

from airwarden.findings import Edit, Finding, Fix, Region, Related
from airwarden.justification import Justification
from airwarden.report import Crash, Report, Silenced
from airwarden.rule import Rule
from airwarden.source import Source
from hypothesis import strategies as st

TERMINAL = (
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]52;c;cm0gLXJm\x07",
    "\x9b31m",
    "\x90q\x9c",
    "\r\x1b[Kno findings",
    "\b\b\b\b",
    "\x7f",
    "\0",
    "\x0b\x0c",
    "\x85",
    "\u2028::error ::forged\u2029",
    "\n::error ::forged\n",
    "\u202egnp\u2066\u2069\u200e\u200f",
    "\u200b\u200d\ufeff\u00ad\u2060\u034f\u3164\U000e0041\ufe05\U000e0101",
    "\ud800\udfff"[::-1],
    "section_start:1:x\r\x1b[0K",
    "[link=https://evil.example]rich[/link]",
)
"""What a terminal obeys, hides, reorders or can't be told."""

COMMANDS = (
    "::error file=a.py::forged",
    "  ::stop-commands::x",
    "##[add-matcher]evil.json",
    "##vso[task.setvariable variable=PATH]evil",
    "##teamcity[buildStatus status='SUCCESS']",
    "##VSO[task.complete result=Succeeded;]",
    "%0A::error::%0D%25%AZP25",
    "a<<EOF\nEOF\nPATH=evil",
)
"""What the log of a CI server, or a file that it reads, takes for a command."""

MARKDOWN = (
    "[click](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "<img src=https://evil.example onerror=alert(1)>",
    "https://evil.example www.evil.example a@evil.example",
    "@everyone #1 !1 GH-1 owner/repo#1",
    "a | b | c",
    "```\n# heading\n```",
    "`` ` ``` ~~~",
    "\\[x](https://evil.example) \\<img src=x> `\\`",
    "<!-- x --> --> <details> </details>",
    "[^1] [x]: https://evil.example",
    "- [ ] # 1. > *x* __y__ ~~z~~ $a$",
    "<javascript:alert(1)> [x](javascript:alert(1)) <https://evil.example>",
    "{0} {{1}} [x](1)",
)
"""What Markdown makes more of than text."""

HTML = (
    "</script><script>window.evil=1</script>",
    "\"'><svg onload=window.evil=1>",
    "'\" onmouseover=window.evil=1 x='",
    "]]>&lt;&#0;&#x1b;&nbsp",
    "<a href='javascript:window.evil=1'>x</a>",
    "--></style><base href=https://evil.example><link rel=stylesheet href=https://evil.example>",
    "\ufffe\uffff\U0001fffe",
    "$(touch x) `touch x` ; touch x",
)
"""What HTML, XML or a shell makes more of than text."""

GROUPS = (TERMINAL, COMMANDS, MARKDOWN, HTML)
PIECES = (*TERMINAL, *COMMANDS, *MARKDOWN, *HTML)

words = st.lists(st.sampled_from((*PIECES, "a", " ", "数", "\n")), min_size=1, max_size=4).map("".join)
"""A text of a few such pieces."""

EVERYTHING = " ".join(PIECES)


def rule_of(text: str, address: str) -> Rule:
    """A rule of a pack whose every word is `text`."""
    options = {"names": {"description": text, "default": [text], "examples": [[text]]}}
    return Rule(
        "policies.hostile.a_rule", f"{text}\n\n{text}", "error", text, address, severity=9.0, options=options
    )


def report_of(text: str, other: str, address: str = "javascript:window.evil=1") -> Report:
    """A report with one or the other text in the place of whatever a repository or a pack may name."""
    rule, path = rule_of(text, address), f"{other}/{text}.py"
    source = Source(path, f"x = 1 # {text}\n{other}\n{text}\n")
    here, there = Region(path, 1, 1, 1, 6), Region(f"{text}.yaml", 2, 1, 3, 9)
    related = (Related(there, other), Related(here, text))
    fix = Fix(f"{other} in {text}, then run `{text}`", (Edit(here, text), Edit(there, other)), safe=True)
    one = Fix(text, (Edit(here, other),), safe=True)
    facts = (rule.id, rule.family)
    found = [
        Finding(*facts, "error", here, text, other, related, related, fix, f"dag:{text}"),
        Finding(*facts, "warning", here, other, text, related, fix=one, subject=other),
        Finding(*facts, "note", there, text, "", subject=text),
    ]
    why = Justification(text, other, text, other)
    return replace(
        Report(f"/home/{text}", tuple(found), rules={rule.id: rule}, sources={path: source}, checked=2),
        crashes=(Crash(rule.id, path, text), Crash(text, other, other, "policy")),
        silenced=(Silenced(found[0], "baseline", why), Silenced(found[1], "in-source", why)),
        unknown_dags=(text, other),
    )
