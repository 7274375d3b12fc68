"""Which names say that their value is a secret."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path

from airwarden.patterns import regex

_TABLE = Path(__file__).parents[1] / "tables" / "secret_names.csv"
_LONGEST_NAME = 100

_WORD = regex(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_NAME = regex(r"(?:[A-Za-z0-9]+[ _./:-]+)*[A-Za-z]+:?")
_MAY_SAY_SECRET = regex(r"auth|bearer|key|pass|pat|pwd|secret|token", re.IGNORECASE)
_QUESTION = regex(r"allow|automount|disable|enable|has|hide|invalid|is|missing|no|requires?|show|skip|use")
"""First words of names whose values say yes or no, or what is wrong."""
_NEUTRAL_ENDING = regex(
    r"\d+|b64|base64|content|dev|local|plain|prod|production|qa|raw|staging|string|test|value"
)


def names_a_secret(name: str) -> bool:
    """Whether the name of a variable, key, environment variable or argument says that its value is a secret.

    The longest ending that tables/secret_names.csv knows decides: `db_password` does, `password_file`,
    `DB_SECRET_ID` and `next_page_token` do not.
    """
    if len(name) > _LONGEST_NAME or not _MAY_SAY_SECRET.search(name):
        return False
    said = words(name)
    verdict = _verdict(said)
    return bool(said) and said[-1].endswith(("password", "passwd")) if verdict is None else verdict


def is_secret_name(text: str) -> bool:
    """Whether a text is the name of something that holds a secret: `db_password`, `API-KEY`."""
    stripped = text.strip()
    if len(stripped) > _LONGEST_NAME or not _MAY_SAY_SECRET.search(stripped):
        return False
    return bool(_NAME.fullmatch(stripped)) and _verdict(words(stripped)) is True


def _verdict(said: list[str]) -> bool | None:
    """Whether words are the name of a secret; None where no row of the table speaks of them."""
    if not said or _QUESTION.fullmatch(said[0]):
        return False
    known = _secret_names()
    endings = (" ".join(["^", *said][place:]) for place in range(len(said) + 1))
    verdict = next((known[ending] for ending in endings if ending in known), None)
    if verdict is None and _NEUTRAL_ENDING.fullmatch(said[-1]):
        return _verdict(said[:-1])
    return verdict


@lru_cache(maxsize=1)
def _secret_names() -> dict[str, bool]:
    with _TABLE.open(encoding="utf-8", newline="") as rows:
        return {row["ending"]: row["secret"] == "yes" for row in csv.DictReader(rows)}


def words(name: str) -> list[str]:
    """The words of a name, in lower case: `dbPassword` has two."""
    return [word.lower() for word in _WORD.findall(name)]


def repeats(text: str, key: str) -> bool:
    """Whether a text repeats the name of its key, or the end of it."""
    said, parts = "".join(words(text)), words(key)
    return bool(said) and any("".join(parts[place:]) == said for place in range(len(parts)))


def repeats_start(text: str, key: str) -> bool:
    """Whether a text repeats how the name of its key starts: `db-password` of `db-password-key`."""
    said, parts = words(text), words(key)
    return bool(said) and parts[: len(said)] == said
