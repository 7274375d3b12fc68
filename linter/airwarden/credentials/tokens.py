"""Tokens of services, told by their form, as tables/token_patterns.csv has it."""

from __future__ import annotations

import base64
import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

_TABLE = Path(__file__).parents[1] / "tables" / "token_patterns.csv"


@dataclass(frozen=True)
class Token:
    """A token of recognisable form in a text; `prefix` is what all of its kind start with."""

    kind: str
    start: int
    end: int
    prefix: str


@dataclass(frozen=True)
class Form:
    """How tokens of one kind look: their prefix, what follows it and what stands before.

    A text without any of the `keywords` holds none; `is_real` tells whether the part after the prefix is more
    than an example.
    """

    kind: str
    prefix: str
    body: str
    context: str
    keywords: tuple[str, ...]
    is_real: Callable[[str], bool]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The form as a regular expression, whose group `token` is the token."""
        before = self.context or r"(?<![\w-])"
        return re.compile(rf"{before}(?P<token>{re.escape(self.prefix)}{self.body})(?![\w+/=-])")


def tokens(text: str) -> Iterator[Token]:
    """The tokens of the forms of tables/token_patterns.csv in a text, in order, plain examples left out."""
    found: list[Token] = []
    for form in forms():
        if any(keyword in text for keyword in form.keywords):
            found.extend(_tokens_of(form, text))
    end = 0
    for token in sorted(found, key=lambda token: (token.start, -token.end)):
        if token.start >= end:
            end = token.end
            yield token


def mentions_token(text: str) -> bool:
    """Whether a text holds a word that a token needs; where it does not, `tokens` finds none."""
    return any(keyword in text for form in forms() for keyword in form.keywords)


def is_fernet_key(text: str) -> bool:
    """Whether a text has the form of a Fernet key: 32 bytes in URL-safe base64."""
    return bool(re.fullmatch(r"[A-Za-z0-9_-]{43}=", text)) and not is_example(text)


def has_token(text: str) -> bool:
    """Whether a text holds a token."""
    return next(tokens(text), None) is not None


@lru_cache(maxsize=1)
def forms() -> tuple[Form, ...]:
    """All forms that are known."""
    with _TABLE.open(encoding="utf-8", newline="") as rows:
        return tuple(map(_form, csv.DictReader(rows)))


def _form(row: dict[str, str]) -> Form:
    keywords = tuple(row["keywords"].split("|")) if row["keywords"] else (row["prefix"],)
    return Form(row["kind"], row["prefix"], row["body"], row["context"], keywords, _CHECKS[row["check"]])


def _tokens_of(form: Form, text: str) -> Iterator[Token]:
    for match in form.pattern.finditer(text):
        if form.is_real(match["token"].removeprefix(form.prefix)):
            yield Token(form.kind, *match.span("token"), form.prefix)


def is_example_token(text: str) -> bool:
    """Whether a text has the form of a token, but plainly stands for none."""
    matches = (
        form.pattern.fullmatch(text) for form in forms() if form.prefix and text.startswith(form.prefix)
    )
    return any(map(is_example, (match["token"] for match in matches if match)))


_SAMPLE = re.compile(r"example|xxxx|your|placeholder|redacted|changeme|(.)\1{7}", re.IGNORECASE)
_EMULATOR_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq"
"""How the key of the Azure storage emulator starts, published by Microsoft for everyone's use."""


def is_example(body: str) -> bool:
    """Whether a token's body is too plain for a real one: few letters, `EXAMPLE`, `12345678`."""
    if len(set(body)) < 8 or _SAMPLE.search(body) or body.startswith(_EMULATOR_KEY):
        return True
    return "1" * 7 in "".join(str(int(ord(after) - ord(before) == 1)) for before, after in pairwise(body))


def _is_jwt(body: str) -> bool:
    """Whether the parts decode to a header with an algorithm and to claims that are no example's."""
    try:
        header, claims = (json.loads(_decoded(part)) for part in f"eyJ{body}".split(".")[:2])
    except ValueError:
        return False
    if not isinstance(header, dict) or not isinstance(claims, dict):
        return False
    return "alg" in header and claims.get("name") != "John Doe"


def _decoded(part: str) -> str:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()


_CHECKS: dict[str, Callable[[str], bool]] = {
    "": lambda body: not is_example(body),
    "fernet": is_fernet_key,
    "jwt": _is_jwt,
    "private key": lambda body: len(set(body)) > 20,
}
