"""What a Jinja template can't be rendered without, read off its text and never run."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from itertools import accumulate

from airwarden.patterns import regex
from airwarden.records import dataclass

_PARTS = regex(
    r"""
    \{\{-?(?P<output>.*?)-?(?:\}\}|(?P<open>\Z)) | \{%-?(?P<block>.*?)-?(?:%\}|(?P<ajar>\Z))
    | \{\#.*?(?:\#\}|(?P<loose>\Z))
    """,
    re.VERBOSE | re.DOTALL,
)
"""The parts of a template; one that is not closed is all that is left, for to look for its end from each of
many beginnings would take too long.
"""
_RAW = regex(r"\{%-?\s*raw\s*-?%\}.*?(?:\{%-?\s*endraw\s*-?%\}|(?P<open>\Z))", re.DOTALL)
_STRINGS = regex(r"'(?:\\.|[^'\\])*\\?(?:'|\Z)|\"(?:\\.|[^\"\\])*\\?(?:\"|\Z)", re.DOTALL)
_NAMES = regex(r"(?<![\w.])[A-Za-z_]\w*(?!\w)(?!\s*=(?!=))")
_ASKED = regex(r"(?<![\w.])([A-Za-z_]\w*)\s+is\s+(?:not\s+)?(?:un)?defined\b")
_DEFAULTED = regex(r"(?<![\w.])([A-Za-z_]\w*)\s*\|\s*(?:default|d)\b")
_TESTED = regex(r"(?<![\w.])[A-Za-z_]\w*\s+is\s+(?:not\s+)?[A-Za-z_]\w*")
_TESTS = regex(r"\bis\s+(?:not\s+)?[A-Za-z_]\w*")
_FILTERS = regex(r"\|\s*[A-Za-z_]\w*")
_OPENING = frozenset({"if", "for", "filter", "autoescape"})
_BRANCHES = frozenset({"elif", "else"})
_ENDINGS = frozenset({"endif", "endfor", "endfilter", "endautoescape"})
_AROUND_STRINGS = frozenset(
    {tokenize.COMMENT, tokenize.ENDMARKER, tokenize.NEWLINE, tokenize.NL, tokenize.STRING}
)
_PLAIN = regex(r"[rRuU]?['\"]")
_WORDS = frozenset(
    ["and", "else", "false", "False", "if", "in", "is", "none", "None", "not", "or", "true", "True"]
)
_OUTPUT = regex(r"\{\{(-?)\s*(([A-Za-z_]\w*)(?:\.[A-Za-z_]\w*)*)\s*(-?)\}\}")
_NOTHING: Mapping[str, Collection[str]] = {}


def is_template(text: str) -> bool:
    """Whether Jinja makes anything else of a text than what it is."""
    return any(map(_is_closed, _PARTS.finditer(text)))


def needs(template: str, implied: Mapping[str, Collection[str]] = _NOTHING) -> tuple[str, ...]:
    """The names that must be defined where Jinja's undefined is strict, in order, each once.

    A name is not needed where the template asks first whether it is defined, gives it a default, or sets it;
    nor where it asks that of a name by which it is `implied`. Empty for a template with blocks that hide what
    is defined: macros, includes, `with`.
    """
    reader = _Reader(implied)
    for part in _parts(template):
        if part["output"] is not None:
            reader.expression(part["output"])
        elif part["block"] is not None and not reader.block(part["block"].strip()):
            return ()
    return tuple(dict.fromkeys(reader.needed))


def is_broken(template: str) -> bool:
    """Whether a template is known to be no Jinja: one that opens what it does not close."""
    return any(
        part[0][:2] != "{#" and not _is_closed(part) for part in _PARTS.finditer(_without_raw(template))
    )


def asks_for(template: str, attribute: str) -> bool:
    """Whether a template prints or tests an attribute of that name, of whatever object."""
    pattern = re.compile(rf"\.\s*{re.escape(attribute)}\b")
    parts = (part["output"] or part["block"] or "" for part in _parts(template))
    return any(pattern.search(_STRINGS.sub("''", part)) for part in parts)


def _parts(template: str) -> Iterator[re.Match[str]]:
    return filter(_is_closed, _PARTS.finditer(_without_raw(template)))


def _is_closed(part: re.Match[str]) -> bool:
    return part["open"] is None and part["ajar"] is None and part["loose"] is None


def _without_raw(template: str) -> str:
    return _RAW.sub(lambda raw: "" if raw["open"] is None else "{%", template)


def guarded(literal: str, names: Collection[str]) -> str | None:
    """Python source of plain string literals, with each `{{ name.attribute }}` of `names` put under a guard.

    None where one of them is an f-string or bytes, or where another expression needs one of the names.
    """
    found = f"({literal}\n)"
    strings = _string_tokens(found)
    if not strings or any(_PLAIN.match(text) is None for _, text in strings):
        return None
    for start, text in reversed(strings):
        found = found[:start] + _guarded(text, names) + found[start + len(text) :]
    return None if set(names).intersection(needs(_text(found))) else found[1:-2]


def _text(code: str) -> str:
    """The text that string literals stand for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = ast.literal_eval(code)
    return value if isinstance(value, str) else ""


def _string_tokens(code: str) -> list[tuple[int, str]]:
    """Each string literal in parentheses, with its offset; none where anything else stands there."""
    lines = list(io.StringIO(code))
    starts = list(accumulate(map(len, lines), initial=0))
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    if any(token.type not in _AROUND_STRINGS and token.string not in ("(", ")") for token in tokens):
        return []
    strings = (token for token in tokens if token.type == tokenize.STRING)
    return [(starts[token.start[0] - 1] + token.start[1], token.string) for token in strings]


def _guarded(string: str, names: Collection[str]) -> str:
    """One string literal with its outputs guarded, in the quotes that the literal itself does not use."""
    quote = "'" if string.endswith('"') else '"'

    def guard(found: re.Match[str]) -> str:
        before, value, name, after = found.groups()
        if name not in names:
            return found[0]
        return f"{{{{{before} {value} if {name} is defined else {quote}n/a{quote} {after}}}}}"

    return _OUTPUT.sub(guard, string)


@dataclass
class _Reader:
    """Reads the parts of one template in order, and knows what is defined where."""

    implied: Mapping[str, Collection[str]]
    needed: list[str] = field(default_factory=list)
    _set: set[str] = field(default_factory=set)
    _blocks: list[set[str]] = field(default_factory=list)
    _within: Counter[str] = field(default_factory=Counter)

    def expression(self, text: str, own: Collection[str] = ()) -> None:
        bare = _STRINGS.sub("''", text)
        sure = {*own, *self._sure(bare), *_WORDS}
        for silent in (_TESTED, _TESTS, _FILTERS):
            bare = silent.sub("", bare)
        names = _NAMES.findall(bare)
        self.needed += [
            name for name in names if not (name in sure or name in self._set or self._within[name])
        ]

    def block(self, text: str) -> bool:
        """Takes in one `{% ... %}`; False where what it defines is not known here."""
        word, rest = (*text.split(None, 1), "", "")[:2]
        if word in _ENDINGS:
            self._within.subtract(self._blocks.pop() if self._blocks else ())
        elif word in _OPENING:
            self._open(word, rest)
        elif word in _BRANCHES:
            self.expression(rest)
            for block in self._blocks[-1:]:
                self._add(block, self._sure(rest))
        elif word == "set" and "=" in rest:
            target, _, value = rest.partition("=")
            self.expression(value)
            self._set.update(_NAMES.findall(target))
        else:
            return False
        return True

    def _open(self, word: str, rest: str) -> None:
        if word == "for":
            target, _, rest = rest.partition(" in ")
            self.expression(rest, _NAMES.findall(target))
            self._blocks.append(set())
            self._add(self._blocks[-1], {*_NAMES.findall(target), "loop"})
        else:
            self.expression(rest if word == "if" else "")
            self._blocks.append(set())
            self._add(self._blocks[-1], self._sure(rest))

    def _add(self, block: set[str], names: set[str]) -> None:
        self._within.update(names - block)
        block |= names

    def _sure(self, text: str) -> set[str]:
        """The names that are there, or of no harm, where an expression has asked for them."""
        asked = set(_asked(text))
        return asked.union(*(self.implied.get(name, ()) for name in asked))


def _asked(text: str) -> Iterator[str]:
    """The names of which an expression asks whether they are defined, or which it gives a default."""
    bare = _STRINGS.sub("''", text)
    yield from _ASKED.findall(bare)
    yield from _DEFAULTED.findall(bare)
