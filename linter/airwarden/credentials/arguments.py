"""Passwords among the words of a command: what a container's `command` and `args` hand to programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from airwarden.credentials.names import names_a_secret
from airwarden.credentials.sensitive import is_plain_secret
from airwarden.credentials.texts import written_secrets

_OPTION = re.compile(r"--?(?P<name>[A-Za-z][\w-]*)(?:=(?P<value>.*))?", re.DOTALL)
_MAKES_USERS = re.compile(r"\busers\s+(?:create|reset-password)\b|\bcreate_user\b")
_IN_LINE = re.compile(
    r"""(?:\busers\s+(?:create|reset-password)|\bcreate_user)\b[^;&|]{0,2000}?\s-p[ =]?["']?"""
    r"""(?P<value>[^\s"'`;&|<>(){}$\\]+)(?=[\s"';&|)]|$)"""
)


def argument_secrets(words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """The places among the words and the spans in them of literal passwords: `--password X`, and `-p X` where
    Airflow makes a user. A word with blanks in it is a command line of its own.
    """
    short = "p" if _MAKES_USERS.search(" ".join(words)) else ""
    for place, word in enumerate(words):
        if re.search(r"\s", word.strip()):
            yield from ((place, start, end) for start, end in _in_line(word))
            continue
        option = _OPTION.fullmatch(word)
        if option is None or not (names_a_secret(option["name"]) or option["name"] == short):
            continue
        name = "password" if option["name"] == short else option["name"]
        if option["value"] is not None:
            if is_plain_secret(option["value"], name):
                yield place, *option.span("value")
        elif place + 1 < len(words) and _is_given(words[place + 1], name):
            yield place + 1, 0, len(words[place + 1])


def _is_given(word: str, name: str) -> bool:
    return not word.startswith(("-", "$")) and is_plain_secret(word, name)


def _in_line(line: str) -> Iterator[tuple[int, int]]:
    yield from ((start, end) for _, start, end in written_secrets(line))
    for match in _IN_LINE.finditer(line):
        if is_plain_secret(match["value"], "password"):
            yield match.span("value")
