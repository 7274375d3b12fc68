"""Secrets that people write to try things on their own machine: `airflow` for a database beside it."""

from __future__ import annotations

import re

from airwarden.patterns import regex

_PLAIN = regex(r"[A-Za-z][A-Za-z0-9_.!@#$ -]*")
_LETTERS = regex(r"[A-Za-z]+")
_DIGITS = regex(r"\d+")
_UNSPOKEN = regex(r"[bcdfghjklmnpqrstvwxz]{5,}|(?:^|[^aeiouy])[^aeiouy]{4,}$", re.IGNORECASE)
_CASED = regex(r"[A-Z]+|[A-Za-z]?[a-z]*|[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,})*")
"""Words in one case, or with capitals where words of some length begin, as in `MySecretKey`."""
_MOST_DIGITS = 6
_SHORT = 8
_LONGEST = 40
_LONGEST_SEARCHED = 200
_REPEATS = regex(r"(.{1,4})\1{4}")

_MIXED = regex(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[\w+/=~-]{20,200}")
_TURNS = regex(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)")
_LEAST_TURNS = 5
"""Between how many letters and digits a text must turn to be no name."""

_LOCAL_HOST = regex(
    r"""
    (?: 0\.0\.0\.0 | 127(?:\.\d+){3} | \[?::1\]? | host\.docker\.internal | [\w-]+(?:\.localhost)? )?
    (?::\w*)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_URL = regex(
    r"(?<![\w+.-])[a-z][\w+.-]*://[^\s/?#@:]*:(?P<password>[^\s/?#]+)@(?P<host>[^\s/?#,@\"'<>]*)",
    re.IGNORECASE,
)


def is_for_trial(secret: str) -> bool:
    """Whether a secret is short, repeats itself, or is made of words that can be spoken and few digits.

    Nobody's generator made it, and nobody keeps anything behind it that has to be kept.
    """
    text = secret.strip()
    if len(text) < _SHORT or (text.isdecimal() and len(text) <= len("1234567890")):
        return True
    if _REPEATS.search(text[:_LONGEST_SEARCHED]):
        return True
    return len(text) <= _LONGEST and bool(_PLAIN.fullmatch(text)) and _is_spoken(text)


def is_random(text: str) -> bool:
    """Whether a text looks as if a machine made it, as names of secrets do not."""
    return bool(_MIXED.fullmatch(text)) and len(_TURNS.findall(text)) >= _LEAST_TURNS


def is_local_host(host: str) -> bool:
    """Whether a host is the machine itself, or a name without a domain, such as that of a service beside."""
    return bool(_LOCAL_HOST.fullmatch(host.strip()))


def urls_are_for_trial(text: str) -> bool:
    """Whether every password in the URLs of a text is one to try things, for a host that is near."""
    found = list(_URL.finditer(text))
    return bool(found) and all(
        is_for_trial(match["password"]) and is_local_host(match["host"]) for match in found
    )


def _is_spoken(text: str) -> bool:
    letters, digits = _LETTERS.findall(text), _DIGITS.findall(text)
    if len(digits) > 2 or any(len(run) > _MOST_DIGITS for run in digits):
        return False
    return all(_CASED.fullmatch(word) and not _UNSPOKEN.search(word) for word in letters)
