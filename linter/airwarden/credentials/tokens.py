"""Tokens of services, told by their form, as tables/token_patterns.csv has it."""

from __future__ import annotations

import base64
import csv
import re
import string
import zlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

from airwarden.bounded import json_of
from airwarden.patterns import regex
from airwarden.records import dataclass

_TABLES = Path(__file__).parents[1] / "tables"

_START = r"(?:(?<![\w.-])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
_END = r"(?![\w+/=-])"
_WORD_START = r"(?:(?<![A-Za-z0-9])|(?<=[a-z0-9])(?=[A-Z])|(?<=\\[nrt]))"
_SAYS_SECRET = r"[\w. -]{0,30}?(?i:auth|credentials?|key|login|passwd|password|pat|pwd|secret|token)\d{0,2}"
_GIVEN = r"""
    ["'`\]\\]{0,3}(?:[ \t]{1,3}[a-z]{1,12})?
    (?:\s{0,3}[:=,>|?.(\[]{1,4}\s{0,20}|,?\s{1,40}["']?value["']?\s{0,2}[:=]\s{0,3})
    ["'`\\]{0,3}
"""
"""What stands between a name and its value: in settings, in code, in lists of a `name` and its `value`."""
_GIVEN = re.sub(r"\n\s*", "", _GIVEN)

_SHORTEST = 15
"""No token has fewer characters."""


@dataclass(frozen=True)
class Token:
    """A token of recognisable form in a text; `prefix` is what all of its kind start with.

    It is not `sound` where its own checksum belies it: it was mistyped or made up.
    """

    kind: str
    start: int
    end: int
    prefix: str
    sound: bool = True


@dataclass(frozen=True)
class Form:
    """How tokens of one kind look: their prefix, what follows it and what stands before.

    A text without any of the `keywords` holds none. Where `names` are given, only what a name with one of
    them says to be a secret is a token. `is_real` tells whether the part after the prefix is more than an
    example, `is_sound` whether its checksum is right.
    """

    kind: str
    prefix: str
    body: str
    names: tuple[str, ...]
    context: str
    keywords: tuple[str, ...]
    is_real: Callable[[str], bool]
    is_sound: Callable[[str], bool]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The form as a regular expression, whose group `token` is the token."""
        before = self.context or _START
        if self.names:
            names = "|".join(map(re.escape, self.names))
            before = f"{_WORD_START}(?i:{names}){_SAYS_SECRET}{_GIVEN}"
        return re.compile(rf"{before}(?P<token>{re.escape(self.prefix)}{self.body}){_END}")

    @property
    def anchors(self) -> tuple[str, ...]:
        """Words, in lower case, with one of which a match begins; none where it may begin anywhere."""
        if self.names or self.context or not self.prefix:
            return self.names
        return (self.prefix.lower(),)


_CIPHERTEXT = regex(r"ENC\[[^\[\]\n]*\]")
"""What SOPS writes; its parts are base64 as keys are."""


def tokens(text: str, among: Sequence[Form] | None = None) -> Iterator[Token]:
    """The tokens of the forms of tables/token_patterns.csv in a text, in order, plain examples left out.

    Where it is known which forms a larger text mentions, only these are looked for in its parts.
    """
    if len(text) < _SHORTEST:
        return
    lower = _lowered(text)
    found = [token for form in _mentioned(lower, among) for token in _tokens_of(form, text, lower)]
    ciphered = [match.span() for match in _CIPHERTEXT.finditer(text)] if found else []
    starts = [start for start, _ in ciphered]
    found = [each for each in found if not _is_within(each.start, starts, ciphered)]
    end = 0
    for token in sorted(found, key=lambda token: (token.start, -token.end, not token.prefix)):
        if token.start >= end:
            end = token.end
            yield token


def _is_within(place: int, starts: Sequence[int], spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a place stands in one of some spans, which come in order."""
    before = bisect_left(starts, place) - 1
    return before >= 0 and place < spans[before][1]


def mentioned(text: str) -> tuple[Form, ...]:
    """The forms that a text holds a keyword of; it holds no token of any other."""
    return tuple(_mentioned(_lowered(text), None))


def mentions_token(text: str) -> bool:
    """Whether a text holds a word that a token needs; where it does not, `tokens` finds none."""
    return bool(mentioned(text))


def is_fernet_key(text: str) -> bool:
    """Whether a text has the form of a Fernet key: 32 bytes in URL-safe base64."""
    return bool(re.fullmatch(r"[A-Za-z0-9_-]{43}=", text)) and not is_example(text)


def has_token(text: str) -> bool:
    """Whether a text holds a token."""
    return next(tokens(text), None) is not None


@lru_cache(maxsize=1)
def forms() -> tuple[Form, ...]:
    """All forms that are known."""
    with (_TABLES / "token_patterns.csv").open(encoding="utf-8", newline="") as rows:
        return tuple(map(_form, csv.DictReader(rows)))


def _form(row: dict[str, str]) -> Form:
    names = tuple(filter(None, row["names"].split("|")))
    keywords = row["keywords"].lower().split("|") if row["keywords"] else names or (row["prefix"].lower(),)
    check = row["check"]
    is_real, is_sound = _CHECKS.get(check, _is_no_example), _CHECKSUMS.get(check, lambda _: True)
    return Form(
        row["kind"], row["prefix"], row["body"], names, row["context"], tuple(keywords), is_real, is_sound
    )


# Which forms a text may hold


_HEAD = 5
"""How many letters of a keyword an expression finds: to compile it for all letters takes twice as long."""


@dataclass(frozen=True)
class _Index:
    """The keywords by how they start, the forms by their keywords, and an expression for the starts."""

    pattern: re.Pattern[str]
    keywords: dict[str, list[str]]
    forms: dict[str, list[Form]]


@lru_cache(maxsize=1)
def _index() -> _Index:
    known: defaultdict[str, list[Form]] = defaultdict(list)
    for form in forms():
        for keyword in form.keywords:
            known[keyword].append(form)
    keywords: defaultdict[str, list[str]] = defaultdict(list)
    for keyword in known:
        starts = (keyword[:end] for end in range(1, _HEAD))
        keywords[next((start for start in starts if start in known), keyword[:_HEAD])].append(keyword)
    return _Index(re.compile(_any_of(list(keywords))), keywords, known)


def _any_of(words: Sequence[str]) -> str:
    """An expression for words none of which starts another; it looks at each letter of a text once."""
    tails: defaultdict[str, list[str]] = defaultdict(list)
    for word in words:
        tails[word[0]].append(word[1:])
    letters: defaultdict[str, list[str]] = defaultdict(list)
    for letter, rest in sorted(tails.items()):
        letters["" if rest == [""] else _any_of(rest)].append(letter)
    parts = [_one_of(some) + after for after, some in letters.items()]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def _one_of(letters: Sequence[str]) -> str:
    escaped = "".join(map(re.escape, letters))
    return escaped if len(letters) == 1 else f"[{escaped}]"


def _mentioned(lower: str, among: Sequence[Form] | None) -> Iterator[Form]:
    if among is not None and len(among) < 20:
        yield from (form for form in among if any(keyword in lower for keyword in form.keywords))
        return
    index = _index()
    search, starts = index.pattern.search, set[str]()
    match = search(lower)
    while match:
        starts.add(match[0])
        match = search(lower, match.start() + 1)
    found = [word for start in starts for word in index.keywords[start] if word in lower]
    seen = {id(form): form for word in sorted(found) for form in index.forms[word]}
    yield from seen.values()


_CAPITALS = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def _lowered(text: str) -> str:
    """A text in lower case, every letter at its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text.translate(_CAPITALS)


def _tokens_of(form: Form, text: str, lower: str) -> Iterator[Token]:
    for match in _matches(form, text, lower):
        body = match["token"].removeprefix(form.prefix)
        if form.is_real(body) and not _is_published(match["token"]):
            yield Token(form.kind, *match.span("token"), form.prefix, form.is_sound(body))


def _matches(form: Form, text: str, lower: str) -> Iterator[re.Match[str]]:
    if not form.anchors:
        yield from form.pattern.finditer(text)
    for anchor in form.anchors:
        place = lower.find(anchor)
        while place >= 0:
            match = form.pattern.match(text, place)
            if match:
                yield match
            place = lower.find(anchor, match.end() if match else place + 1)


# Which are real


def is_example_token(text: str) -> bool:
    """Whether a text has the form of a token, but plainly stands for none."""
    matches = (form.pattern.fullmatch(text) for form in _by_start().get(text[:2], ()))
    return any(map(is_example, (match["token"] for match in matches if match)))


@lru_cache(maxsize=1)
def _by_start() -> dict[str, list[Form]]:
    """The forms with a prefix, by its first two characters."""
    found: defaultdict[str, list[Form]] = defaultdict(list)
    for form in forms():
        if form.prefix:
            found[form.prefix[:2]].append(form)
    return dict(found)


_SAMPLE = regex(r"example|xxxx|your|placeholder|redacted|changeme|here$", re.IGNORECASE)
_MONOTONOUS = regex(r"(.)\1{7}", re.IGNORECASE)
_REPEATED = regex(r"(?<!\d)(\d{3,4})-\1(?!\d)")
_EMULATOR_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq"
"""How the key of the Azure storage emulator starts, published by Microsoft for everyone's use."""
_WORDS = regex(r"(?:[A-Za-z]+|\d{1,20})(?:[-_./](?:[A-Za-z]+|[A-Za-z]?\d{1,4}))*")


def is_example(body: str) -> bool:
    """Whether a token's body is too plain for a real one: few letters, `EXAMPLE`, `12345678`."""
    if len(set(body)) < min(8, len(body) // 2) or body.startswith(_EMULATOR_KEY):
        return True
    if _SAMPLE.search(body) or _MONOTONOUS.search(body) or _REPEATED.search(body):
        return True
    steps = (ord(after) - ord(before) == 1 for before, after in pairwise(body.lower()))
    return "1" * 7 in "".join(str(int(step)) for step in steps)


def _is_published(token: str) -> bool:
    """Whether a token's issuer shows it to everyone, in samples or documentation."""
    import hashlib

    return hashlib.sha256(token.encode()).hexdigest() in _published()


@lru_cache(maxsize=1)
def _published() -> frozenset[str]:
    with (_TABLES / "published_tokens.csv").open(encoding="utf-8", newline="") as rows:
        return frozenset(row["sha256"] for row in csv.DictReader(rows))


def _is_no_example(body: str) -> bool:
    return not is_example(body)


def _is_mixed(body: str) -> bool:
    """Whether a body of a form that words and numbers may have too is none of these."""
    has_letters = any(map(str.isalpha, body)) or len(body) > 20
    return has_letters and any(map(str.isdigit, body)) and not _WORDS.fullmatch(body) and not is_example(body)


def _is_slack(body: str) -> bool:
    """Whether a body of parts, whose first are numbers that everybody may know, is more than an example."""
    last = body.rpartition("-")[2]
    if len(set(body)) < 6:
        return False
    return not (_SAMPLE.search(body) or _REPEATED.search(body) or (len(last) > 8 and is_example(last)))


def _is_padded(body: str) -> bool:
    """`_is_mixed` for forms that have a long row of one letter."""
    return _is_mixed(re.sub(r"A{8,}", "", body))


def _is_jwt(body: str) -> bool:
    """Whether the parts decode to a header with an algorithm and to claims that are no example's."""
    try:
        header, claims = (json_of(_decoded(part)) for part in f"eyJ{body}".split(".")[:2])
    except ValueError:
        return False
    if not isinstance(header, dict) or not isinstance(claims, dict):
        return False
    return "alg" in header and claims.get("name") != "John Doe"


def _decoded(part: str) -> str:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()


_ENCODED_START = "LS0tLS1CRUdJTi"
"""How `-----BEGIN ` starts in base64."""
_ENCODED_HEAD = regex(rb"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----\s*")


def _is_encoded_key(body: str) -> bool:
    """Whether the rest of a PEM file in base64 is that of a private key, and not of a certificate."""
    text = f"{_ENCODED_START}{body}".rstrip("=")
    pem = base64.b64decode(text[: len(text) // 4 * 4])
    head = _ENCODED_HEAD.match(pem)
    return head is not None and len(set(pem[head.end() :])) > 6


_CHECKS: dict[str, Callable[[str], bool]] = {
    "encoded key": _is_encoded_key,
    "fernet": is_fernet_key,
    "jwt": _is_jwt,
    "mixed": _is_mixed,
    "padded": _is_padded,
    "slack": _is_slack,
    "private key": lambda body: len(set(body)) > 20,
}

# Checksums

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_CHECKED_LENGTHS = (36, 76)
"""The lengths of the tokens of GitHub and npm whose last six characters are known to be a checksum."""


def _has_its_checksum(body: str) -> bool:
    """Whether the last six characters are the CRC-32 of the others in base 62.

    See https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/.
    """
    return len(body) not in _CHECKED_LENGTHS or checksum(body[:-6]) == body[-6:]


def checksum(text: str) -> str:
    """The CRC-32 of a text in base 62, six digits long."""
    rest, digits = zlib.crc32(text.encode()), ""
    while rest:
        rest, digit = divmod(rest, 62)
        digits = _DIGITS[digit] + digits
    return digits.rjust(6, "0")


_CHECKSUMS: dict[str, Callable[[str], bool]] = {"base62": _has_its_checksum}
