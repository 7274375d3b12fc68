"""How deeply Python is nested, told before anybody parses it.

libcst's parser recurses on the machine's stack, and a text nested deeply enough ends the whole process. It
also takes the square of a depth in time, and in patterns and behind `del` a power of it. So every text is
looked at first: at a glance, which costs about a hundredth of a parse, and token by token where the glance is
not enough to be sure. No file that people write comes near these limits.
"""

from __future__ import annotations

from re import DOTALL, Match
from typing import Literal

from airwarden.patterns import regex
from airwarden.records import dataclass

MOST_LEVELS = 100
"""Brackets, `not`, `lambda` and the like, each inside the one before: half of what CPython takes of brackets,
and many times the most that 14,000 files of repositories have.
"""
MOST_LINKS = 1_000
"""Operands, attributes and calls that hang on one another in one expression: 63 are the most in 14,000 files
of repositories, and each costs the parser a walk over all before it.
"""
MOST_CHOICES = 3_000
"""An `if` and its `elif`, with those around them; 391 are the most in the same files."""
MOST_IN_PATTERNS = 8
"""Brackets in a pattern or behind `del`, where each one more multiplies the time of a parse by four."""
MOST_WORK = 30_000_000
"""Steps that libcst takes for all that is nested and chained in a file, about half a second a million; the
largest files of repositories come to two million.
"""

_LEVEL_WORK = 30
_PATTERN_WORK = 3
_LONG = 1_800
_DEEP = 12
_DEEP_PATTERN = 3
_RUNS = 90
_ESCAPE = r"\\(?:\r\n|.)"
_TEXT = (
    r"\#[^\r\n]*"
    rf"|'(?:''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:'''|\Z)|[^'\\\r\n]*(?:{_ESCAPE}[^'\\\r\n]*)*'?)"
    rf'|"(?:""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:"""|\Z)|[^"\\\r\n]*(?:{_ESCAPE}[^"\\\r\n]*)*"?)'
)
_TEXTS = regex(f"({_TEXT})", DOTALL)
_IN_FIELD = r"""[^{}'"\#\\]|\{[^{}'"\#\\]*\}"""
_FIELD = rf"""\{{(?!\{{)(?:{_IN_FIELD}|'(?:{_IN_FIELD})*'|"(?:{_IN_FIELD})*")*\}}"""
_PLAIN_FIELDS = regex(rf"(?:[^{{}}]|\{{\{{|\}}\}}|{_FIELD})*")
_LONG_FIELD = regex(r"\{[^{}]{90}")
_SIGNS = regex(r"[-+~](?:[ \t\f\r\n\\]*[-+~]){3}")
_STARTS = regex(r"\n[ \t]*(?:def|class|return|import|with|try|raise|elif|while|assert|except|pass|global)\b")
_DEL = regex(r"del(?<![\w.]del)(?!\w)(?:(?!\bdel\b)[^\r\n(\[])*[(\[]")
_CASE = regex(r"case(?<![\w.]case)[ \t(\[{\\]")
_TOKEN = regex(
    r"(?P<formatted>(?:[fFtT][rR]?|[rR][fFtT])(?:'''|\"\"\"|'|\"))"
    rf"|(?P<text>{_TEXT})|\\(?:\r\n|[\r\n])|(?P<line>[\r\n][ \t\f]*)|(?P<word>\w+)"
    r"|\*\*|:=|[()\[\]{},;:]|[-+~]|[.*/%@&|^<>=!]+",
    DOTALL,
)
_LITERAL = regex(r"\{\{|\}\}|[{}\r\n]|\\(?:\r\n|.)|'''|\"\"\"|'|\"", DOTALL)
_SPEC = regex(r"[{}\r\n]")
_BETWEEN = frozenset(
    {"and", "assert", "elif", "for", "from", "if", "in", "is", "not", "or", "while", "yield"}
)
_NOT_BRACKETS = bytes(each for each in range(256) if each not in b"()[]{}")
_ROUND = bytes.maketrans(b"[]{}", b"()()")
_NESTING = ("**", "not", "lambda", "else", "await")
_LINKING = (*".+-*/%@&|^~<>=([{", "and", "for", "if", "in", "is", "or")


@dataclass(frozen=True)
class Fault:
    """Where a text can't be parsed, and why: it is nested too deeply, or takes too much work."""

    kind: Literal["deep", "big"]
    offset: int
    reason: str


def fault_of(text: str) -> Fault | None:
    """The first place at which a text is nested more deeply than can be parsed; None where it can be."""
    return None if is_shallow(text) else _Scan(text).fault()


def is_shallow(text: str) -> bool:
    """Whether it can be told at a glance that nothing in a text is nested deeply."""
    if len(text) <= _LONG and _is_simple(text):
        return True
    pieces = _TEXTS.split(text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text)
    bare = "".join(pieces[::2])
    if not all(map(_is_plain, pieces[::2], pieces[1::2])):
        return False
    is_fragile = _CASE.search(bare) is not None or _DEL.search(bare) is not None
    if not _is_within(bare, _DEEP_PATTERN if is_fragile else _DEEP):
        return False
    if bare.count("elif") > _RUNS or _SIGNS.search(bare) is not None:
        return False
    statements = _STARTS.split(bare)
    work = sum(len(each) ** 2 for each in statements) // 8 + _DEEP * _LEVEL_WORK * _openings(bare)
    return work <= MOST_WORK and all(map(_is_brief, statements))


def _openings(text: str) -> int:
    return text.count("(") + text.count("[") + text.count("{")


def _is_simple(text: str) -> bool:
    """Whether there is not enough in a text, strings and comments included, for anything deep."""
    has_patterns = "case" in text or "del" in text
    is_deep = _openings(text) + sum(map(text.count, _NESTING)) > _RUNS
    return not has_patterns and not is_deep and _SIGNS.search(text) is None


def _is_plain(before: str, text: str) -> bool:
    """Whether a string behind some code holds no code, or none that is nested or holds strings itself."""
    if "{" not in text or text[0] == "#" or not (before[-1:] in "fFtT" or before[-2:-1] in "fFtT"):
        return True
    return _PLAIN_FIELDS.fullmatch(text) is not None and _LONG_FIELD.search(text) is None


def _is_within(bare: str, most: int) -> bool:
    """Whether no more than `most` brackets stand inside one another."""
    brackets = bare.encode("ascii", "ignore").translate(_ROUND, _NOT_BRACKETS)
    for _ in range(most):
        if not brackets:
            return True
        brackets = brackets.replace(b"()", b"")
    return not brackets


def _is_brief(code: str) -> bool:
    """Whether code has few links, and few of the operators that nest without brackets."""
    if len(code) <= 2 * _RUNS:
        return True
    if sum(map(code.count, _NESTING)) > _RUNS // 2:
        return False
    return len(code) <= _LONG or sum(map(code.count, _LINKING)) < MOST_LINKS


# Token by token


class _Level:
    """A pair of brackets, a field or the whole, as far as it has been read.

    `quote` is what ends a string that holds fields. `runs` counts operators in front of the next operand,
    `powers` and `tails` those whose last operand goes on, `lambdas` those whose parameters go on.
    """

    __slots__ = ("lambdas", "links", "powers", "quote", "runs", "tails")

    def __init__(self, quote: str = "") -> None:
        self.quote = quote
        self.lambdas = 0
        self.separate()

    def separate(self) -> None:
        """Begins the next item or statement."""
        self.links = self.runs = self.powers = self.tails = 0


class _Scan:
    """One walk over the tokens of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.level = _Level()
        self.levels = [self.level]
        self.outer_depth = self.outer_links = 0
        self.work = 0
        self.is_start = True
        self.is_fragile = False
        self.is_operand = False
        self.indent = 0
        self.choices: list[list[int]] = []
        """The indentation of each `if` around, and how many `elif` it has."""

    def fault(self) -> Fault | None:
        """The first place at which a limit is passed."""
        place = 0
        while (found := self._next(place)) is not None:
            self._read(found)
            if (reason := self._reason()) is not None:
                kind: Literal["deep", "big"] = "big" if self.work > MOST_WORK else "deep"
                return Fault(kind, found.start(), reason)
            place = found.end()
        return None

    def _next(self, place: int) -> Match[str] | None:
        quote = self.level.quote
        return (_TOKEN if not quote else _SPEC if quote == "}" else _LITERAL).search(self.text, place)

    def _reason(self) -> str | None:
        level, brackets = self.level, len(self.levels) - 1
        if self.is_fragile and brackets > MOST_IN_PATTERNS:
            return f"has more than {MOST_IN_PATTERNS} brackets inside one another in a pattern or `del` here"
        if self.outer_depth + level.runs + level.powers + level.tails > MOST_LEVELS:
            return f"is nested more than {MOST_LEVELS} levels deep here"
        if self.choices and self.choices[-1][1] > MOST_CHOICES:
            return f"has more than {MOST_CHOICES} branches of one `if` here"
        if self.outer_links + level.links > MOST_LINKS:
            return f"has more than {MOST_LINKS} parts in one expression here"
        return "is nested too deeply in too many places to be parsed" if self.work > MOST_WORK else None

    def _read(self, found: Match[str]) -> None:
        if self.level.quote:
            self._read_literal(found[0])
        elif found["line"]:
            self._line(found[0])
        else:
            self._read_code(found)
            self.is_start = found[0] in (";", ":") and len(self.levels) == 1

    def _read_code(self, found: Match[str]) -> None:
        token = found[0]
        if found["formatted"]:
            self._open(token.lstrip("fFtTrR"))
        elif found["text"]:
            if token[0] != "#":
                self._link()
                self._operand()
        elif found["word"]:
            self._word(token)
        elif token in "([{":
            self._open()
        elif token in ")]}":
            self._close()
        elif token in (",", ";", ":", ":="):
            self._separator(token)
        elif token[0] != "\\":
            self._operator(token)

    def _read_literal(self, token: str) -> None:
        """The part of a string with fields that is no code, or the format of a field."""
        quote = self.level.quote
        if token == "{":
            self._open()
        elif token == quote or (len(quote) == 1 and token[0] in f"{quote}\r\n"):
            self._close()

    # Code

    def _open(self, quote: str = "") -> None:
        level = self.level
        self.outer_depth += 1 + level.runs + level.powers + level.tails
        self.outer_links += level.links
        self.work += _LEVEL_WORK * self.outer_depth
        self.level = _Level(quote)
        self.levels.append(self.level)
        if self.is_fragile:
            self.work += _PATTERN_WORK * 4 ** min(len(self.levels) - 1, MOST_IN_PATTERNS)
        self.is_operand = False

    def _close(self) -> None:
        if len(self.levels) == 1:
            return
        self.levels.pop()
        level = self.level = self.levels[-1]
        self.outer_depth -= 1 + level.runs + level.powers + level.tails
        self.outer_links -= level.links
        self._link()
        self._operand()

    def _link(self) -> None:
        self.level.links += 1
        self.work += self.outer_links + self.level.links

    def _operand(self) -> None:
        self.is_operand = True
        self.level.runs = 0

    def _line(self, token: str) -> None:
        if len(self.levels) > 1:
            return
        self.level.separate()
        self.level.lambdas = 0
        self.is_start, self.is_fragile, self.is_operand = True, False, False
        self.indent = len(token) - 1

    def _word(self, word: str) -> None:
        if self.is_start and len(self.levels) == 1:
            self._first_word(word)
        elif word == "lambda":
            self.level.tails += 1
            self.level.lambdas += 1
            self._link()
        elif word == "else":
            self.level.tails += 1
            self._link()
        elif word in ("not", "await") and not self.is_operand:
            self.level.runs += 1
        elif word in _BETWEEN:
            self._link()
            self.is_operand = False
        else:
            self._operand()
            return
        self.is_operand = False

    def _first_word(self, word: str) -> None:
        """A word at the beginning of a statement."""
        self.is_fragile = word in ("case", "del")
        if word in ("if", "elif"):
            while self.choices and self.choices[-1][0] > self.indent:
                self.choices.pop()
            if word == "if":
                before = self.choices[-1][1] if self.choices and self.choices[-1][0] < self.indent else 0
                self.choices.append([self.indent, before])
            elif self.choices:
                self.choices[-1][1] += 1
        self.is_operand = word not in _BETWEEN and word not in ("return", "else", "await", "lambda", "del")
        if word in ("not", "await"):
            self.level.runs += 1
        elif word == "lambda":
            self.level.tails += 1
            self.level.lambdas += 1

    def _separator(self, token: str) -> None:
        level = self.level
        is_field = len(self.levels) > 1 and bool(self.levels[-2].quote)
        self.is_operand = False
        if token == ",":
            if not level.lambdas:
                level.separate()
        elif is_field and not level.lambdas and token != ";":
            level.quote = "}"
        elif token == ":" and level.lambdas:
            level.lambdas -= 1
        elif token == ":=":
            level.tails += 1
            self._link()
        else:
            level.separate()

    def _operator(self, operator: str) -> None:
        level = self.level
        if not self.is_operand and operator in ("-", "+", "~"):
            level.runs += 1
            return
        level.powers = (
            level.powers + self.is_operand if operator == "**" else 0 if operator != "." else level.powers
        )
        self.is_operand = False
        self._link()
