"""A text whose names, words and numbers are placeholders, so that it can be shown to anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.folders import folder
from airwarden.patterns import regex

if TYPE_CHECKING:
    from tokenize import TokenInfo

_WORD = regex(r"[A-Za-z_]\w*")
_WORDS = regex(r"\w+")
_LOOKS = (
    (regex(r"[a-z][a-z0-9+.-]*://.*", re.DOTALL), "https://example.com/{}"),
    (regex(r".*(?:\{\{|\{%).*", re.DOTALL), "{{{{ {} }}}}"),
    (regex(r"@\w+"), "@daily"),
    (regex(r"[\d*,/-]+(?: [\d*,/-]+){4}"), "0 0 * * *"),
    (regex(r"\d{4}-\d\d-\d\d.*", re.DOTALL), "2026-01-01"),
    (regex(r"\d+"), "0"),
    (regex(r"\d+(?:\.\d+)+"), "1.0"),
    (regex(r"/.*", re.DOTALL), "/{}"),
    (regex(r"\w+(?:\.\w+)+"), "a.{}"),
    (regex(r"\s*"), ""),
)
"""What a text looks like, and what stands for one that does; for any other stands a word."""

_STRING = regex(r"(?P<prefix>[A-Za-z]*)(?P<quote>'''|\"\"\"|'|\")(?P<inside>.*)(?P=quote)", re.DOTALL)
_SECTION = regex(r"[ \t]*\[\[?[\w.\"-]+\]\]?[ \t]*")
_KEYED = regex(r"([ \t]*(?:- +)*)([\w./-]+)([ \t]*(?::(?=\s|$)|[=<>~!]=?))(.*)")
_PIECE = regex(
    r"(?P<comment>(?<!\S)#.*)|(?P<text>\"(?:[^\"\\]|\\.)*\"|'[^']*')"
    r"|(?P<blank>[\s,\[\]{}]+)|(?P<key>[\w./-]+)(?=:(?:\s|$))|(?P<word>[^\s,\[\]{}]+)"
)
_PLAIN = frozenset({"true", "false", "null", "~", "|", "|-", ">", ">-", "-", "---", ":", "="})
_INSTRUCTIONS = frozenset(
    {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "FROM", "RUN", "USER", "WORKDIR"}
)
_SEALED = "published_"
"""What tables begin with that list secrets which everybody knows: nothing in them is a name."""


@cache
def known_names() -> frozenset[str]:
    """Names that anybody may know: Python's, and those that airwarden's own code, tables and schemas hold."""
    import builtins
    import keyword
    import sys

    names = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *sys.stdlib_module_names}
    own = Path(__file__).parent
    files = (*own.rglob("*.py"), *folder("rules").rglob("*.py"), *folder("schemas").glob("*.json"))
    for file in (*files, *(each for each in own.rglob("*.csv") if not each.name.startswith(_SEALED))):
        names.update(_WORD.findall(file.read_text(encoding="utf-8")))
    return frozenset(names)


def anonymous(text: str, is_python: bool) -> str:
    """The text with placeholders of the same kind for all names, words and numbers that are not known."""
    made = _Placeholders()
    if is_python:
        from tokenize import TokenError

        try:
            return "".join(_python(text, made))
        except (TokenError, SyntaxError):
            pass
    return "".join(_line(line, made) for line in text.splitlines(keepends=True))


class _Placeholders:
    """What stands for each name and text: the same for the same."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], str] = {}

    def of(self, kind: str, text: str) -> str:
        number = len(self._made) + 1
        return self._made.setdefault((kind, text), f"{kind}{number}")

    def name(self, name: str) -> str:
        return name if name in known_names() else self.of("N" if name[:1].isupper() else "n", name)

    def key(self, key: str) -> str:
        return _WORDS.sub(lambda word: "0" if word[0].isdigit() else self.name(word[0]), key)

    def text(self, text: str) -> str:
        for look, stand in _LOOKS:
            if look.fullmatch(text):
                return stand.format(self.of("s", text)) if "{}" in stand else stand
        return self.of("s", text)


# Python


def _python(text: str, made: _Placeholders) -> Iterator[str]:
    """The pieces of the text. Raises `TokenError` or `SyntaxError`."""
    import io
    import tokenize

    starts, place = [0], 0
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
        start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
        if end > place:
            yield re.sub(r"[^\s\\]", "", text[place:start])
            yield _token(token, made)
            place = end


def _token(token: TokenInfo, made: _Placeholders) -> str:
    import tokenize

    if token.type == tokenize.NAME:
        return made.name(token.string)
    if token.type == tokenize.NUMBER:
        return "0j" if token.string[-1] in "jJ" else "0.0" if "." in token.string else "0"
    if token.type == tokenize.COMMENT:
        return "#"
    if token.type == tokenize.STRING:
        return _string(token.string, made)
    kind = tokenize.tok_name[token.type]
    if kind.endswith("STRING_MIDDLE") or token.type == tokenize.ERRORTOKEN:
        return made.of("s", token.string) if token.string.strip() else " "
    return token.string


def _string(literal: str, made: _Placeholders) -> str:
    found = _STRING.fullmatch(literal)
    if found is None:
        return f'"{made.of("s", literal)}"'
    return f"{found['prefix']}{found['quote']}{made.text(found['inside'])}{found['quote']}"


# Whatever else


def _line(line: str, made: _Placeholders) -> str:
    body = line.rstrip("\r\n")
    end = line[len(body) :]
    if _SECTION.fullmatch(body):
        return made.key(body) + end
    keyed = _KEYED.fullmatch(body)
    if keyed is None:
        return _pieces(body, made) + end
    head, key, sign, rest = keyed.groups()
    return f"{head}{made.key(key)}{sign}{_pieces(rest, made)}{end}"


def _pieces(text: str, made: _Placeholders) -> str:
    return _PIECE.sub(lambda found: _piece(found, made), text)


def _piece(found: re.Match[str], made: _Placeholders) -> str:
    kind, text = found.lastgroup, found[0]
    if kind == "comment":
        return "#"
    if kind == "text":
        return f"{text[0]}{made.text(text[1:-1])}{text[0]}"
    if kind == "key":
        return made.key(text)
    if (
        kind == "blank"
        or text in _PLAIN
        or (text in _INSTRUCTIONS and not found.string[: found.start()].strip())
    ):
        return text
    return text[0] + made.of("n", text[1:]) if text[0] in "&*:" and text[1:] else made.text(text)
