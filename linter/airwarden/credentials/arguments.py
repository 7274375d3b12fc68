"""Passwords among the words of a command: what a container's `command` and `args` hand to programs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from airwarden.credentials.names import names_a_secret
from airwarden.credentials.sensitive import is_plain_secret
from airwarden.credentials.statements import command_secrets
from airwarden.credentials.texts import header_credential, written_secrets
from airwarden.patterns import regex

_OPTION = regex(r"--?(?P<name>[A-Za-z][\w-]*)(?:=(?P<value>.*))?", re.DOTALL)
_MAKES_USERS = regex(r"\busers\s+(?:create|reset-password)\b|\bcreate_user\b")
_IN_LINE = regex(
    r"""(?:\busers\s+(?:create|reset-password)|\bcreate_user)\b"""
    r"""(?:(?!\busers\s+(?:create|reset-password)\b|\bcreate_user\b)[^;&|]){0,2000}?\s-p[ =]?["']?"""
    r"""(?P<value>[^\s"'`;&|<>(){}$\\]+)(?=[\s"';&|)]|$)"""
)


def argument_secrets(words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """The places among the words and the spans in them of literal passwords: `--password X`, `-p X` where
    Airflow makes a user, `curl -u user:X`, `Authorization: Bearer X`.

    A word with blanks in it is a command line of its own, or a header.
    """
    short = "p" if _MAKES_USERS.search(" ".join(words)) else ""
    yield from _of_commands(words)
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


def _of_commands(words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """The passwords that known commands are given, each as a word of its own."""
    if any(re.search(r"\s", word.strip()) for word in words[:1]):
        return
    starts = list(accumulate((len(word) + 1 for word in words), initial=0))
    line = " ".join(re.sub(r"""[\s"'`|;&()<>]""", "_", word) for word in words)
    for _, start, end in command_secrets(line):
        place = bisect_right(starts, start) - 1
        yield place, start - starts[place], end - starts[place]


def _is_given(word: str, name: str) -> bool:
    return not word.startswith(("-", "$")) and is_plain_secret(word, name)


def _in_line(line: str) -> Iterator[tuple[int, int]]:
    yield from ((start, end) for _, start, end in (*written_secrets(line), *command_secrets(line)))
    header = header_credential(line)
    if header is not None:
        yield header
    for match in _IN_LINE.finditer(line):
        if is_plain_secret(match["value"], "password"):
            yield match.span("value")
