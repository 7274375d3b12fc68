"""YAML inside a scalar of YAML: the template strings of Helm values, mapped back to their file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.yaml_tree import Node, NotYaml, Scalar, compose

MASK = "\ue000"
"""Stands for each character of a template's action while the text around it is read as YAML."""

_ACTION = regex(r"\{\{(?:(?!\{\{).)*?\}\}|\{%(?:(?!\{%).)*?%\}", re.DOTALL)
_ONLY_ACTIONS = regex(rf"^[ \t]*{MASK}[{MASK} \t]*$", re.MULTILINE)
_HEADER = regex(r"[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?")
_ESCAPE = regex(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)


def masked(text: str) -> str:
    """`text` with its template actions masked, as long as before; a line of nothing but actions is blank."""
    hidden = _ACTION.sub(lambda action: re.sub(r"[^\r\n]", MASK, action[0]), text)
    return _ONLY_ACTIONS.sub(lambda line: line[0].replace(MASK, " "), hidden)


def read(text: str, mask: Callable[[str], str] = masked) -> list[Node]:
    """The YAML documents in a text with template actions; none where it is no YAML.

    `mask` hides what is no YAML, as `masked` does. A scalar with an action in it has the action in its text.
    """
    hidden = mask(text)
    try:
        roots = compose(hidden)
    except NotYaml:
        return []
    for node in every(roots):
        if isinstance(node, Scalar) and MASK in node.text:
            shown = (text[at] for at in range(node.start, node.end) if hidden[at] == MASK)
            node.text = "".join(next(shown, "") if each == MASK else each for each in node.text)
            node.kind = "text"
    return roots


@dataclass(frozen=True)
class Inside:
    """A scalar's text, and where each of its characters stands in the file.

    Where that can't be told, every part of it stands where the whole scalar does.
    """

    scalar: Scalar
    starts: tuple[int, ...] | None
    ends: tuple[int, ...] | None

    @classmethod
    def of(cls, text: str, scalar: Scalar) -> Inside:
        """The inside of a scalar of the file `text`."""
        places = _places(text, scalar)
        if places is None:
            return cls(scalar, None, None)
        return cls(scalar, tuple(start for start, _ in places), tuple(end for _, end in places))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the stretch of the scalar's text from `start` to `end` stands in the file."""
        if self.starts is None or self.ends is None or start >= end or end > len(self.ends):
            return self.scalar.start, self.scalar.end
        return self.starts[start], self.ends[end - 1]

    def nodes(self, mask: Callable[[str], str] = masked) -> list[Node]:
        """The YAML documents in the text, placed in the file; none where it is no YAML."""
        roots = read(self.scalar.text, mask)
        for node in every(roots):
            node.start, node.end = self.span(node.start, node.end)
        return roots


def every(roots: Iterable[Node]) -> Iterator[Node]:
    """Each node of some trees once, in no order."""
    seen: set[int] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if not isinstance(node, Scalar):
            waiting += node.children


def _places(text: str, scalar: Scalar) -> list[tuple[int, int]] | None:
    """Start and end in the file of each character of the scalar's text; None where they do not match.

    Folding, indentation and continued lines change white space only, so the characters that are none stand
    in the same order on both sides; white space is placed where the last of these ended.
    """
    units = _units(text, scalar)
    places: list[tuple[int, int]] = []
    last = scalar.start
    for character in scalar.text:
        if character.isspace():
            places.append((last, last))
            continue
        start, last, decoded = next(units, (0, 0, ""))
        if decoded != character:
            return None
        places.append((start, last))
    return places


def _units(text: str, scalar: Scalar) -> Iterator[tuple[int, int, str]]:
    """Start, end and meaning of each character of the scalar's own text that is no white space."""
    place, end = scalar.start, scalar.end
    if scalar.style in ("|", ">"):
        header = _HEADER.match(text, place, end)
        place = header.end() if header else place
    elif scalar.style:
        place, end = place + 1, end - 1
    while place < end:
        after, decoded = _unit(text, place, scalar.style)
        if not decoded.isspace():
            yield place, after, decoded
        place = after


def _unit(text: str, place: int, style: str) -> tuple[int, str]:
    if style == "'" and text.startswith("''", place):
        return place + 2, "'"
    escape = _ESCAPE.match(text, place) if style == '"' else None
    if escape is None:
        return place + 1, text[place]
    code = escape[0][1:]
    if len(code) > 1:
        return escape.end(), chr(int(code[1:], 16))
    return escape.end(), code if code in '"\\/' else " "
