"""Airflow takes a comment behind a value for a part of the value.

airflow.cfg knows comments on lines of their own only. `parallelism = 32  # per scheduler` sets the text
`32  # per scheduler`: an integer, a float or JSON can't be read from it and Airflow does not start, or fails
when it first asks; a path or a name is silently another one. The same goes for a text with a comment in a
variable of the environment, and for one in quotes below `config` of a chart, which writes it to airflow.cfg.

Flagged is a `#` behind a value, and a `;` with a blank on either side. Options that Airflow reads as truth
values are not flagged, for of these it strips what follows a `#`. Nor are values in which a `#` may belong:
formats, titles, passwords, colours, and what stands in quotes or brackets.

Move the comment to a line of its own:

    [core]
    # per scheduler
    parallelism = 32
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airwarden.credentials.names import names_a_secret
from airwarden.credentials.sensitive import setting_of
from airwarden.deployment.effective import Deployment
from airwarden.deployment.option_types import is_known_section, type_of
from airwarden.deployment.settings import Setting
from airwarden.findings import Edit, Finding, Fix, Region
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.source import Source

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="move the comment to a line of its own",
    see="https://docs.python.org/3/library/configparser.html#supported-ini-file-structure",
    profile="recommended",
)

OPTION = regex(r"AIRFLOW__(?=\w+\Z)(?P<section>\w+?)__(?P<key>\w+)")
COMMENT = regex(r"(?<![ \t])[ \t]+(?P<comment>#+(?=[ \t]|\w|$)|;(?=[ \t]))")
LINE = regex(r"[^\r\n]+")
TRUTH_VALUES = {"true", "false", "t", "f"}
MAYBE_TRUTH_VALUES = {"1", "0"}
STRUCTURED = regex(r"[a-z][\w+.-]*://\S+|\{.*\}", re.IGNORECASE)
"""A URL or JSON: behind it a `#` belongs to no secret."""
FREE_TEXT = regex(
    r"(?:.*_)?(?:"
    r"channel|colou?rs?|description|fingerprint|format|message|name|note|password|prefix|salt|subject|"
    r"tags?|template|text|title"
    r")"
)
"""Options in whose values a `#` may belong."""

HARM = {
    "boolean": ", so it is no truth value",
    "float": ", so it is no number",
    "integer": ", so it is no integer",
}
MARK = regex(r"#+\s*(?:airwarden:|gitleaks:|no ?qa\b|nosec\b|pragma:)", re.IGNORECASE)
"""Words to a tool, which are never meant for Airflow."""

PAIRS = {"(": ")", "[": "]", "{": "}"}


@rule.deployment
def check(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags each option whose value ends in a comment."""
    for setting in deployment.settings:
        if OPTION.fullmatch(setting.variable):
            source = repo.source(setting.region.path)
            yield from _in_config(setting, source) if setting.place == "config" else _in_text(setting, source)


def _in_config(setting: Setting, source: Source) -> Iterator[Finding]:
    region = setting.region
    start = source.offset(region.line, region.column)
    for line in LINE.finditer(source.text, start, source.offset(region.end_line, region.end_column)):
        found = _comment(setting, line[0])
        if found is not None:
            comment = source.region(line.start() + found.start("comment"), line.end())
            cut = source.region(line.start() + found.start(), line.end())
            yield _finding(setting, comment, _moved(setting, source, cut, _written(found).rstrip()))


def _in_text(setting: Setting, source: Source) -> Iterator[Finding]:
    text = (setting.text or "").strip()
    if "\n" not in text and _comment(setting, text) is not None:
        is_yaml = setting.place in ("chart", "compose")
        yield _finding(setting, setting.region, _outside(source, setting.region) if is_yaml else None)


def _finding(setting: Setting, region: Region, fix: Fix | None) -> Finding:
    harm = HARM.get(type_of(setting.variable) or "", "")
    return rule.finding(
        region,
        f"the comment is part of the value of {_name(setting)}{harm}",
        fix=fix,
        remedy=None if region != setting.region else "take the comment out of the value",
        subject=setting.variable,
        secret=region == setting.region and setting_of(setting.variable) is not None,
    )


def _name(setting: Setting) -> str:
    option = OPTION.fullmatch(setting.variable)
    if option is None or not setting.is_option:
        return setting.variable
    return option["key"].lower()


def _comment(setting: Setting, text: str) -> re.Match[str] | None:
    """The comment at the end of a value, where it does harm."""
    if text.startswith(("#", ";")):
        return None
    opened, place = list[str](), 0
    found = COMMENT.search(text)
    while found is not None:
        _follow(text[place : found.start()], opened)
        if not opened:
            break
        place = found.start()
        found = COMMENT.search(text, found.start("comment") + 1)
    return found if found is not None and _is_harm(setting, text[: found.start()], _written(found)) else None


def _written(comment: re.Match[str]) -> str:
    return comment.string[comment.start("comment") :].partition("\n")[0]


def _is_harm(setting: Setting, value: str, comment: str) -> bool:
    is_stripped = comment.startswith("#")
    kind = type_of(setting.variable)
    if kind is not None:
        return kind != "boolean" or not is_stripped
    if not is_stripped or (comment[1:2].isalnum() and not is_known_section(setting.variable)):
        return False
    if is_stripped and value.lower() in TRUTH_VALUES | MAYBE_TRUTH_VALUES:
        return False
    if MARK.match(comment):
        return True
    if not value or _may_hold_signs(setting, value):
        return False
    is_word = len(value.split()) == 1 or value[:1] in PAIRS
    return is_word or (is_stripped and comment[1:2] in (" ", "\t"))


def _may_hold_signs(setting: Setting, value: str) -> bool:
    """Whether a `#` may belong to the values of an option."""
    key = setting.variable.rpartition("__")[2].lower()
    is_secret = setting_of(setting.variable) is not None or names_a_secret(key)
    return FREE_TEXT.fullmatch(key) is not None or (is_secret and not STRUCTURED.fullmatch(value))


def _follow(text: str, opened: list[str]) -> None:
    """Takes in which quotes and brackets a further part of a text opens and closes."""
    for sign in text:
        if opened and sign == opened[-1]:
            opened.pop()
        elif sign in "\"'" and not (opened and opened[-1] in "\"'"):
            opened.append(sign)
        elif sign in PAIRS and not (opened and opened[-1] in "\"'"):
            opened.append(PAIRS[sign])


def _moved(setting: Setting, source: Source, cut: Region, comment: str) -> Fix:
    """The comment above the option."""
    line = setting.name_region.line
    start = source.starts[line - 1]
    indent = source.text[start : source.offset(line, setting.name_region.column)]
    above = Edit(source.region(start, start), f"{indent}{comment}{source.newline}")
    return Fix("Move the comment to a line of its own", (above, Edit(cut, "")), safe=True)


def _outside(source: Source, region: Region) -> Fix | None:
    """The comment behind the quotes, where YAML takes it for one."""
    written = source.slice(region)
    quote, inner = written[:1], written[1:-1]
    found = COMMENT.search(inner)
    rest = source.line(region.end_line)[region.end_column - 1 :]
    is_plain = quote in ("'", '"') and written[-1:] == quote and not {quote, "\\", "\n"} & set(inner)
    if not is_plain or rest.strip() or found is None or found["comment"] == ";":
        return None
    start = source.offset(region.line, region.column) + 1 + found.start()
    cut = source.region(start, source.offset(region.end_line, region.end_column))
    edit = Edit(cut, f"{quote} {_written(found).rstrip()}")
    return Fix("Move the comment out of the quotes", (edit,), safe=True)
