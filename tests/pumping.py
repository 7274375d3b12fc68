"""Every regular expression of the program, hostile texts made from each, and how the time grows."""

from __future__ import annotations

import ast
import builtins
import importlib.util
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from airwarden.foreign_patterns import inner_parts

if sys.version_info >= (3, 11):
    from re import _constants as codes  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
else:
    import sre_constants as codes
    import sre_parse as parser

ROOT = Path(__file__).resolve().parent.parent
WHOLE = {"fullmatch": "fullmatch", "match": "match"}
"""The ways in which an expression starts at one place only."""


# Every expression


@dataclass(frozen=True)
class Expression:
    """One expression of the program, and in which ways it is used: `match`, `fullmatch`, `search`."""

    place: str
    pattern: str | bytes
    flags: int
    ways: frozenset[str] = field(default=frozenset({"search"}))

    @cached_property
    def compiled(self) -> re.Pattern[Any]:
        return re.compile(self.pattern, self.flags)

    @property
    def text(self) -> str:
        return self.pattern if isinstance(self.pattern, str) else self.pattern.decode("latin-1")

    def judge(self, text: str) -> None:
        """Has the expression read a text in all of its ways."""
        given = text if isinstance(self.pattern, str) else text.encode("latin-1", "replace")
        for way in self.ways:
            if way == "search":
                self.compiled.sub(given[:0], given)
            else:
                getattr(self.compiled, way)(given)


class _Unknown(str):
    """Stands for what is known only while the program runs: a name of letters."""

    def __new__(cls) -> _Unknown:
        return super().__new__(cls, "name")

    def __getattr__(self, _: str) -> _Unknown:
        return self


def expressions(*folders: str) -> list[Expression]:
    """Every expression that a Python file below some folders hands to `regex` or to a function of `re`."""
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    texts = {path: path.read_text("utf-8") for path in files}
    nodes = {
        path: list(ast.walk(ast.parse(text)))
        for path, text in texts.items()
        if re.search(r"\bre\b|regex", text)
    }
    everywhere = _uses(node for each in nodes.values() for node in each)
    return [found for path, each in nodes.items() for found in _expressions_of(path, each, everywhere)]


def _expressions_of(
    path: Path, nodes: Sequence[ast.AST], everywhere: dict[str, set[str]]
) -> Iterator[Expression]:
    known, here = vars(_module(path)), _uses(nodes)
    holders = {
        id(inner): node.targets[0].id
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        for inner in ast.walk(node.value)
    }
    for node in nodes:
        way = _way(node)
        if way is None or not isinstance(node, ast.Call):
            continue
        name = holders.get(id(node), "")
        ways = {way}
        if way in ("compile", "regex"):
            ways = (
                everywhere
                if name.isupper() and path.is_relative_to(ROOT / "linter") and name[0] != "_"
                else here
            ).get(name) or {"search", "fullmatch"}
        pattern, kinds = _value(node.args[0], known), frozenset(map(_kind, ways))
        place = f"{path.relative_to(ROOT)}:{name or node.lineno}"
        yield Expression(place, pattern, _flags(node, way, known), kinds)


def _way(node: ast.AST) -> str | None:
    """`regex`, `compile`, `search` and so on, for a call that is given an expression."""
    match node:
        case ast.Call(func=ast.Name(id="regex")):
            return "regex"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name)) if name != "escape":
            return name
        case _:
            return None


def _kind(way: str) -> str:
    return WHOLE.get(way, "search")


def _value(node: ast.expr, known: dict[str, Any]) -> Any:
    """What an argument is, names that are not known as the module is loaded being some words."""
    code = compile(ast.Expression(node), "<pattern>", "eval")
    named = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    for unknown in (_Unknown(), b"name", [b"name"]):
        with suppress(AttributeError, TypeError):
            return eval(code, {name: known.get(name, getattr(builtins, name, unknown)) for name in named})
    raise AssertionError(f"what is {ast.unparse(node)}?")


def _flags(node: ast.Call, way: str, names: dict[str, Any]) -> int:
    place = {"regex": 1, "compile": 1, "sub": 4, "subn": 4, "split": 3}.get(way, 2)
    given = [keyword.value for keyword in node.keywords if keyword.arg == "flags"] or node.args[place:]
    try:
        return int(_value(given[0], names)) if given else 0
    except ValueError:
        return 0


def _uses(nodes: Iterable[ast.AST]) -> dict[str, set[str]]:
    """The methods that are asked of names, by name; a name that is handed on is used in any way."""
    found: dict[str, set[str]] = {}
    loads = list[ast.Name]()
    asked = set[int]()
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.setdefault(node.value.id, set()).add(node.attr)
            asked.add(id(node.value))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            loads.append(node)
    for name in loads:
        if id(name) not in asked:
            found.setdefault(name.id, set()).update({"search", "fullmatch"})
    return found


def _module(path: Path) -> ModuleType:
    if path.is_relative_to(ROOT / "linter"):
        name = ".".join(path.relative_to(ROOT / "linter").with_suffix("").parts)
        return importlib.import_module(name.removesuffix(".__init__"))
    spec = importlib.util.spec_from_file_location(f"pumped_{path.stem}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


# Hostile texts

_ALPHABET = [*map(chr, range(128)), "\xe9", "\u2022"]


Attack = tuple[str, str, str]
"""What a text starts with, what it repeats, and how it ends."""


def attacks(pattern: str, flags: int) -> Iterator[Attack]:
    """What may make an expression go back again and again: its end is there for nothing to match it."""
    tree = parser.parse(pattern, flags & ~re.DEBUG)
    letters = _representatives(_sets(tree, flags))
    seen = set[tuple[str, str]]()
    for start, unit in (*_pumped(tree, flags, letters), *(("", letter) for letter in letters)):
        for attack in ((start, unit), ("", start + unit)):
            if attack[1] and attack not in seen:
                seen.add(attack)
                yield (*attack, "\n\x00")


def _sets(parts: Any, flags: int) -> Iterator[frozenset[str]]:
    """The sets of letters that the parts of an expression take."""
    for code, given in parts:
        found = _letters(code, given, flags)
        if found is not None:
            yield found
        for inner in inner_parts(code, given):
            yield from _sets(inner, flags)


def _letters(code: Any, given: Any, flags: int) -> frozenset[str] | None:
    if code not in (codes.ANY, codes.IN, codes.LITERAL, codes.NOT_LITERAL, codes.RANGE, codes.CATEGORY):
        return None
    return _matched((code, _frozen(given)), flags & ~re.VERBOSE)


def _frozen(given: Any) -> Any:
    return tuple(map(_frozen, given)) if isinstance(given, (list, tuple)) else given


def _matched(part: tuple[Any, Any], flags: int) -> frozenset[str]:
    code, given = part
    if code is codes.ANY:
        return frozenset(letter for letter in _ALPHABET if flags & re.DOTALL or letter != "\n")
    items = given if code is codes.IN else ((code, given),)
    if code is codes.NOT_LITERAL:
        items = ((codes.NEGATE, None), (codes.LITERAL, given))
    taken: set[str] = set()
    for kind, what in items:
        taken |= _taken(kind, what, flags)
    return frozenset(_ALPHABET) - taken if items[0][0] is codes.NEGATE else frozenset(taken)


_CATEGORIES = {
    codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_NOT_DIGIT: r"\D", codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S", codes.CATEGORY_WORD: r"\w", codes.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


@cache
def _of_category(pattern: str) -> list[str]:
    return re.findall(pattern, "".join(_ALPHABET))


def _taken(kind: Any, what: Any, flags: int) -> set[str]:
    if kind is codes.CATEGORY:
        return set(_of_category(_CATEGORIES[what]))
    if kind is codes.LITERAL:
        taken = {chr(what)}
    elif kind is codes.RANGE:
        taken = {letter for letter in _ALPHABET if what[0] <= ord(letter) <= what[1]}
    else:
        return set()
    return {*taken, *(each.swapcase() for each in taken)} if flags & re.IGNORECASE else taken


def _representatives(sets: Iterator[frozenset[str]]) -> list[str]:
    """One letter for each kind that an expression tells apart; first those that most of its parts take."""
    known = [*dict.fromkeys(sets), frozenset("\n")]
    kinds: dict[tuple[bool, ...], str] = {}
    for letter in [*"a0A_-. /:'\"\n=", *_ALPHABET]:
        kinds.setdefault(tuple(letter in each for each in known), letter)
    return [kinds[kind] for kind in sorted(kinds, key=sum, reverse=True)]


_MOST_LETTERS = 5
_MANY = 40
"""As many repetitions as this count as without a bound."""


def _pumped(parts: Any, flags: int, letters: list[str], before: str = "") -> Iterator[tuple[str, str]]:
    """What leads to each repeated part, and what that takes."""
    last = ""
    for code, given in parts:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT) and given[1] > _MANY:
            yield from ((before, unit) for unit in _units(given[2], flags, letters))
        for inner in inner_parts(code, given):
            yield from _pumped(inner, flags, letters, before)
        sample = next(_samples([(code, given)], flags), "")
        yield from ((before, each) for each in (sample, f"{last}{sample}", f"{sample} "))
        before, last = before + sample, sample


def _units(parts: Any, flags: int, letters: list[str]) -> Iterator[str]:
    if len(parts) == 1 and (found := _letters(parts[0][0], parts[0][1], flags)) is not None:
        yield from islice((letter for letter in letters if letter in found), _MOST_LETTERS)
    else:
        yield from islice(_samples(parts, flags), 6)


def _samples(parts: Sequence[Any], flags: int) -> Iterator[str]:
    """Texts for the parts of an expression, a few for each branch; lookarounds are taken for granted."""
    if not parts:
        yield ""
        return
    (code, given), rest = parts[0], parts[1:]
    for start in islice(_first(code, given, flags), 6):
        for end in islice(_samples(rest, flags), 2):
            yield start + end


def _first(code: Any, given: Any, flags: int) -> Iterator[str]:
    found = _letters(code, given, flags)
    if found is not None:
        yield from islice(
            (letter for letter in ["a", "0", "A", " ", *_ALPHABET[33:], *_ALPHABET] if letter in found), 1
        )
    elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        once = next(_samples(given[2], flags), "")
        yield once * max(given[0], 1)
        if given[0] == 0:
            yield ""
    elif code in (codes.BRANCH, codes.SUBPATTERN):
        for inner in inner_parts(code, given):
            yield from islice(_samples(inner, flags), 2)
    else:
        yield ""


# How the time grows

SMALL = (16, 24, 40, 64)
"""Sizes at which a repeated part within a repeated one shows whether its time doubles with each letter."""
SIZE = 1600
NOISE = 0.0004
"""Seconds of processor time that say nothing."""
STEEP = 2.2
"""How many times faster than the text the time may grow: four times the text, 4 is linear, 16 quadratic."""


def seconds(judge: Callable[[str], object], text: str, runs: int = 1) -> float:
    """The processor time of the fastest of some runs: what else the machine does counts for nothing."""
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        judge(text)
        best = min(best, time.process_time() - start)
    return best


def is_steep(judge: Callable[[str], object], attack: Attack, sizes: Sequence[int]) -> bool:
    """Whether the time grows much faster than a text of many units."""
    start, unit, tail = attack
    for size in sizes:
        longer, text = (start + unit * max(1, units // len(unit)) + tail for units in (size, size // 4))
        if seconds(judge, longer) > NOISE and _is_slower(judge, longer, text, 1):
            return _is_slower(judge, longer, text, 5)
    return False


def _is_slower(judge: Callable[[str], object], longer: str, text: str, runs: int) -> bool:
    short = max(seconds(judge, text, runs), 1e-6)
    long = seconds(judge, longer, runs if short < 0.01 else 1)
    return long > NOISE and long > STEEP * 4 * short


def steep_attack(each: Expression) -> Attack | None:
    """A text whose reading takes an expression more than linear time."""
    tree = parser.parse(each.text, each.flags)
    sizes = (*SMALL, SIZE) if _is_nested(tree) else (SIZE,)
    hostile = attacks(each.text, each.compiled.flags)
    return next((attack for attack in hostile if is_steep(each.judge, attack, sizes)), None)


def _is_nested(parts: Any, within: bool = False) -> bool:
    """Whether an expression repeats what holds something repeated, or a choice."""
    for code, given in parts:
        repeats = code in (codes.MAX_REPEAT, codes.MIN_REPEAT) and given[1] > 10
        if within and (repeats or code is codes.BRANCH):
            return True
        if any(_is_nested(inner, within or repeats) for inner in inner_parts(code, given)):
            return True
    return False
