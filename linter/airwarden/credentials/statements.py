"""Credentials in SQL statements and in the words of commands."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from airwarden.credentials.literals import is_literal_secret
from airwarden.credentials.names import names_a_secret
from airwarden.patterns import regex

_TABLE = Path(__file__).parents[1] / "tables" / "command_passwords.csv"

_SETS = regex(
    r"""
    \b(?:
      (?:create|alter)\s+(?:or\s+replace\s+)?(?:if\s+not\s+exists\s+)?(?:(?:persistent|temp|temporary)\s+)?
        (?:connection|credential|database|external|foreign|login|role|secret|server|source|stage|storage|table
          |user)
      | copy\s+(?:into\s+)?[\w.@"'{(]
      | unload\s*\(
      | grant\s
      | set\s+(?:global\s+|session\s+|persistent\s+)?\w+\s*=
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GIVEN = regex(
    r"""
    (?<![\w.-])["'`]?(?P<name>[A-Za-z][\w.-]{1,60}(?:\s+by(?:\s+values)?)?)["'`]?
    (?:\s*=>?\s*|\s+)
    '(?P<value>[^'\s]{3,400})'
    """,
    re.VERBOSE | re.IGNORECASE,
)
_INSIDE = regex(r"(?<![\w-])(?P<name>[A-Za-z][\w-]{2,60})=(?P<value>[^\s;'\"&]{3,400})")
_BY = regex(r"identified\s+by(?:\s+values)?", re.IGNORECASE)
_WORD = regex(r"""'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<plain>[^\s"'`|;&()<>]+)|(?P<end>[|;&()`])""")
_ORACLE = regex(r"jdbc:oracle:thin:(?P<user>[\w.{}$-]+)/(?P<password>[^\s@/]+)@", re.IGNORECASE)
_VARIABLE = regex(r"\bvariables\s+set\s+(?P<name>[\w.-]+)\s+[\"']?(?P<value>[^\s\"'`|;&]{3,400})")
_ACCOUNT = regex(r"\b(?P<name>AccountKey|SharedAccessKey|SharedAccessSignature)=(?P<value>[^\s;\"']{8,})")


def statement_secrets(text: str) -> Iterator[tuple[str, int, int]]:
    """The names and spans of the literal secrets that SQL in a text gives to users, secrets and copies.

    Such as `IDENTIFIED BY '...'`, `SECRET '...'` and `CREDENTIALS 'aws_secret_access_key=...'`; comparisons
    are none.
    """
    first = _SETS.search(text) if "'" in text else None
    if first is None:
        return
    for match in _GIVEN.finditer(text, first.start()):
        name = match["name"]
        if name.lower() == "credentials":
            for inner in _INSIDE.finditer(text, *match.span("value")):
                if names_a_secret(inner["name"]) and is_literal_secret(inner["value"], inner["name"]):
                    yield inner["name"], *inner.span("value")
        elif _tells(text, match) and is_literal_secret(match["value"], name):
            yield name, *match.span("value")


def _tells(text: str, match: re.Match[str]) -> bool:
    """Whether a name before a quoted value says that a secret is set, and not compared."""
    name = match["name"]
    if _BY.fullmatch(name):
        return True
    if not (names_a_secret(name) or name.lower() in ("azure_sas_token", "sas_token")):
        return False
    before = text[max(0, match.start() - 12) : match.start()]
    is_compared = "=" in match[0] and re.search(
        r"\b(?:where|and|or|on|when|having)\s*$", before, re.IGNORECASE
    )
    return not is_compared


def command_secrets(text: str) -> Iterator[tuple[str, int, int]]:
    """The options and spans of the literal passwords that known commands are given: `curl -u user:...`."""
    for match in _VARIABLE.finditer(text) if "variables" in text else ():
        if names_a_secret(match["name"]) and is_literal_secret(match["value"], match["name"]):
            yield match["name"], *match.span("value")
    commands = _commands()
    if not any(command in text for command in commands):
        return
    options: dict[str, str] = {}
    waiting: tuple[str, str] | None = None
    for word in _WORD.finditer(text):
        group = word.lastgroup or "plain"
        written, start = word[group], word.start(group)
        if group == "end":
            options, waiting = {}, None
        elif waiting is not None:
            yield from _password(*waiting, written, start)
            waiting = None
        elif (name := written.rpartition("/")[2]) in commands:
            options = commands[name]
        elif written in options and options[written] != "attached":
            waiting = written, options[written]
        else:
            yield from _attached(options, written, start)


def _attached(options: dict[str, str], written: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The password in `-pPASSWORD` or `--user=name:password`."""
    for option, form in options.items():
        glue = "=" if option.startswith("--") else ""
        if written.startswith(option + glue) and len(written) > len(option + glue):
            cut = len(option + glue)
            if form in ("attached", "password") and not glue and not re.search(r"[A-Za-z]", written[cut:]):
                continue
            yield from _password(option, form, written[cut:], start + cut)
            return


def _password(option: str, form: str, written: str, start: int) -> Iterator[tuple[str, int, int]]:
    separator = {"user:password": ":", "user,password": ",", "user%password": "%", "pass:password": "pass:"}
    if form in separator:
        _, found, password = written.partition(separator[form])
        start += len(written) - len(password)
        written = password if found else ""
    if (
        len(written) > 2
        and not written.startswith(("-", "$", "{", "<"))
        and is_literal_secret(written, option)
    ):
        yield option, start, start + len(written)


def address_secrets(text: str) -> Iterator[tuple[str, int, int]]:
    """The names and spans of the secrets in Oracle's JDBC addresses and in Azure's connection strings."""
    for match in _ORACLE.finditer(text) if "racle:thin:" in text else ():
        if is_literal_secret(match["password"], "password"):
            yield "jdbc:oracle", *match.span("password")
    for match in _ACCOUNT.finditer(text) if "AccountKey" in text or "SharedAccess" in text else ():
        if is_literal_secret(match["value"], match["name"]):
            yield match["name"], *match.span("value")


@lru_cache(maxsize=1)
def _commands() -> dict[str, dict[str, str]]:
    """The options by which commands take a password, and in which form."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with _TABLE.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            found[row["command"]][row["option"]] = row["form"]
    return dict(found)
