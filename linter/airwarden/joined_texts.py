"""Texts that a Python file puts together of parts: joined, formatted, or the words of a command."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from airwarden import syntax
from airwarden.dag import LONGEST_TEXT, MOST_PARTS, DagFile
from airwarden.depth import Steps
from airwarden.patterns import regex
from airwarden.records import dataclass

Nodes: TypeAlias = Sequence[tuple[syntax.Node, syntax.Scope]]
"""What `syntax.compounds_of` gives, for several that look through the same file."""

UNKNOWN = "{}"
"""What stands in a text for a part that is not known."""

_SAME = frozenset({"dedent", "str", "SecretStr", "text"})
_FIELD = regex(r"\{(?P<name>\w*)\}")
_PERCENT = regex(r"%(?:\((?P<name>\w+)\))?[sdr]")
_DEEPEST = 8
_MOST_PIECES = 500_000
"""Pieces of all the texts of one file: names may stand for one another in each of them again."""
_JOINING = (syntax.FormattedString, syntax.Operation, syntax.Call, syntax.Sequence)


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of a text and the node that it is written in."""

    text: str
    node: syntax.Expression


@dataclass(frozen=True, eq=False)
class JoinedText:
    """A text of several pieces, `node` being what puts it together."""

    node: syntax.Expression
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole text, `{}` for each part that is not known."""
        return "".join(piece.text for piece in self.pieces)

    def node_at(self, start: int, end: int) -> syntax.Expression:
        """The node in which the greatest part of a span is written."""
        place, shares = 0, []
        for piece in self.pieces:
            reach = place + len(piece.text)
            shares.append((min(end, reach) - max(start, place), piece.node))
            place = reach
        return max(shares, key=lambda share: share[0])[1]


@dataclass(frozen=True, eq=False)
class _Texts:
    """A file, what is known of the texts that it imports, and how many pieces a text may have."""

    file: DagFile
    steps: Steps
    imported: Callable[[str], str | None] = lambda _: None


def joined_texts(
    file: DagFile, imported: Callable[[str], str | None] = lambda _: None, nodes: Nodes | None = None
) -> Iterator[JoinedText]:
    """Every text of a file that is put together of parts of which some are known.

    `imported` gives the text that a dotted name stands for in another file, where it is known. `nodes` are
    the compounds of the file, where they are there already.
    """
    steps = Steps(_MOST_PIECES)
    inner: set[int] = set()
    for node, scope in syntax.compounds_of(file.module) if nodes is None else nodes:
        if not isinstance(node, _JOINING) or id(node) in inner or not _joins(node):
            continue
        pieces = tuple(_pieces(_Texts(file, Steps(MOST_PARTS, steps), imported), node, scope, 0))
        if any(piece.text != UNKNOWN for piece in pieces) and len(pieces) > 1 and _is_short(pieces):
            inner.update(id(each) for each in _operands(node))
            yield JoinedText(node, pieces)


def _is_short(pieces: Sequence[Piece]) -> bool:
    """Whether a text is not much longer than what a file may hold of it."""
    return sum(len(piece.text) for piece in pieces) <= LONGEST_TEXT


def whole_text(file: DagFile, value: syntax.Expression, scope: syntax.Scope) -> str | None:
    """The text that is put together, where every part is known."""
    if isinstance(value, syntax.Sequence) or not _joins(value):
        return None
    pieces = list(_pieces(_Texts(file, Steps(MOST_PARTS)), value, scope, 0))
    if not _is_short(pieces) or not pieces or any(piece.text == UNKNOWN for piece in pieces):
        return None
    return "".join(piece.text for piece in pieces)


def _joins(node: syntax.Expression) -> bool:
    match node:
        case syntax.FormattedString(parts=parts):
            return any(isinstance(part, syntax.Expression) for part in parts)
        case syntax.Operation(operators=operators, operands=operands):
            return set(operators) in ({"Add"}, {"Modulo"}) and not any(map(_is_number, operands))
        case syntax.Call(function=syntax.Attribute(value=inner, name="format" | "join")):
            return isinstance(inner, syntax.Constant | syntax.Name | syntax.FormattedString)
        case syntax.Sequence(kind="list" | "tuple", items=items):
            return len(items) > 1 and any(_is_option(item) for item in items)
        case _:
            return False


def _is_number(node: syntax.Expression) -> bool:
    return isinstance(node, syntax.Constant) and not isinstance(node.value, str)


def _is_option(item: syntax.Expression) -> bool:
    match item:
        case syntax.Constant(value=str(text)):
            return text.startswith("-")
        case _:
            return False


def _operands(node: syntax.Expression) -> Iterable[syntax.Expression]:
    return node.operands if isinstance(node, syntax.Operation) else ()


def _pieces(texts: _Texts, node: syntax.Expression, scope: syntax.Scope, depth: int) -> Iterator[Piece]:
    """The pieces of a text, in order; one that is not known where nothing is."""
    if depth > _DEEPEST or not texts.steps.take():
        yield Piece(UNKNOWN, node)
        return
    match node:
        case syntax.Constant(value=str() | int() | float() as value) if not isinstance(value, bool):
            yield Piece(str(value), node)
        case syntax.FormattedString(parts=parts):
            for part in parts:
                yield from (
                    [Piece(part, node)] if isinstance(part, str) else _pieces(texts, part, scope, depth + 1)
                )
        case syntax.Operation(operators=operators, operands=operands) if set(operators) == {"Add"}:
            for operand in operands:
                yield from _pieces(texts, operand, scope, depth + 1)
        case syntax.Operation(operators=("Modulo",), operands=(pattern, given)):
            yield from _filled(texts, pattern, scope, depth, _PERCENT, _given_to_percent(given))
        case syntax.Call(function=syntax.Attribute(value=inner, name="format")):
            yield from _filled(texts, inner, scope, depth, _FIELD, _given_to_format(node))
        case syntax.Call(function=syntax.Attribute(value=glue, name="join")):
            items = node.positional(0)
            between = texts.file.text(glue, scope)
            if isinstance(items, syntax.Sequence) and between is not None:
                yield from _strung(texts, items.items, Piece(between, glue), scope, depth)
            else:
                yield Piece(UNKNOWN, node)
        case syntax.Sequence(items=items):
            yield from _strung(texts, items, Piece(" ", node), scope, depth)
        case syntax.Name() | syntax.Attribute():
            assigned = texts.file.value(node, scope)
            known = [Piece(_imported(texts, node, scope), node)]
            yield from known if assigned is node else _pieces(texts, assigned, scope, depth + 1)
        case syntax.Call(function=syntax.Name(id=name) | syntax.Attribute(name=name)) if name in _SAME:
            wrapped = node.positional(0)
            yield from (
                [Piece(UNKNOWN, node)] if wrapped is None else _pieces(texts, wrapped, scope, depth + 1)
            )
        case _:
            yield Piece(UNKNOWN, node)


def _imported(texts: _Texts, node: syntax.Expression, scope: syntax.Scope) -> str:
    name = texts.file.full_name(node, scope)
    return (texts.imported(name) if name and "." in name else None) or UNKNOWN


def _strung(
    texts: _Texts, items: tuple[syntax.Expression, ...], glue: Piece, scope: syntax.Scope, depth: int
) -> Iterator[Piece]:
    for place, item in enumerate(items):
        yield from [glue] if place else []
        yield from _pieces(texts, item, scope, depth + 1)


def _filled(
    texts: _Texts,
    pattern: syntax.Expression,
    scope: syntax.Scope,
    depth: int,
    field: re.Pattern[str],
    given: dict[str, syntax.Expression],
) -> Iterator[Piece]:
    """A pattern with what it is given in the place of its fields, unnamed ones in order."""
    written = texts.file.value(pattern, scope)
    text = texts.file.text(written, scope)
    if text is None:
        yield Piece(UNKNOWN, pattern)
        return
    place = 0
    for number, match in enumerate(field.finditer(text)):
        yield Piece(text[place : match.start()], written)
        value = given.get(match["name"] or str(number))
        unknown = [Piece(UNKNOWN, pattern)]
        yield from unknown if value is None else _pieces(texts, value, scope, depth + 1)
        place = match.end()
    yield Piece(text[place:], written)


def _given_to_percent(given: syntax.Expression) -> dict[str, syntax.Expression]:
    match given:
        case syntax.Mapping(entries=entries):
            named = [(key.value, value) for key, value in entries if isinstance(key, syntax.Constant)]
            return {str(key): value for key, value in named}
        case syntax.Sequence(items=items):
            return {str(place): item for place, item in enumerate(items)}
        case _:
            return {"0": given}


def _given_to_format(call: syntax.Call) -> dict[str, syntax.Expression]:
    if call.has_unpacking:
        return {}
    plain = [argument.value for argument in call.arguments if not argument.keyword]
    named = {argument.keyword: argument.value for argument in call.arguments if argument.keyword}
    return {**{str(place): value for place, value in enumerate(plain)}, **named}
