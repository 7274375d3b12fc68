"""Values that are set one by one under dotted names, as `helm --set` takes them, as a tree of values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from airwarden.inner_yaml import Inside
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.yaml_tree import Kind, Mapping, Node, Scalar, Sequence

MAX_PLACE = 100
"""The highest place in a list that is followed; beyond it an assignment is left out."""

_PART = regex(r"\[(\d{1,9})\]|\.?((?:\\.|[^.\[\\])+)")
_ESCAPE = regex(r"\\(.)")
_KINDS: dict[str, Kind] = {"true": "bool", "false": "bool", "null": "null"}


@dataclass(frozen=True)
class Assignment:
    """A dotted name and its value. `is_typed` says that Helm makes truth values, lists and null of texts."""

    name: Scalar
    value: Node
    is_typed: bool = True


@dataclass(frozen=True)
class Step:
    """A key, or a place in a list, as a scalar that stands where it is written."""

    key: Scalar
    place: int | None = None


def tree_of(text: str, assignments: Iterable[Assignment]) -> list[Mapping]:
    """The values that assignments in the file `text` make, later ones over earlier ones; none for none."""
    top = Mapping(0)
    for each in assignments:
        steps = list(steps_of(text, each.name))
        if steps and steps[0].place is None:
            top.start = top.start or each.name.start
            _assign(top, steps, _typed(each))
    return [top] if top.children else []


def steps_of(text: str, name: Scalar) -> Iterator[Step]:
    """The keys and places of a dotted name, `a.b[0].c\\.d`, as far as it is one."""
    inside, at = Inside.of(text, name), 0
    while at < len(name.text):
        match = _PART.match(name.text, at)
        if match is None or (match[1] and int(match[1]) > MAX_PLACE):
            return
        at = match.end()
        part = 1 if match[1] else 2
        key = Scalar(*inside.span(*match.span(part)), _ESCAPE.sub(r"\1", match[part]), "text")
        yield Step(key, int(match[1]) if match[1] else None)


def _assign(top: Mapping, steps: list[Step], value: Node) -> None:
    node: Mapping | Sequence = top
    for step, following in pairwise(steps):
        node.end = max(node.end, value.end)
        below = _child(node, step)
        wanted = Mapping if following.place is None else Sequence
        if not isinstance(below, wanted):
            below = wanted(step.key.start)
            _put(node, step, below)
        node = below
    node.end = max(node.end, value.end)
    _put(node, steps[-1], value)


def _child(node: Mapping | Sequence, step: Step) -> Node | None:
    if isinstance(node, Sequence):
        return (
            node.children[step.place] if step.place is not None and step.place < len(node.children) else None
        )
    found = [value for key, value in node.pairs() if isinstance(key, Scalar) and key.text == step.key.text]
    return found[-1] if found else None


def _put(node: Mapping | Sequence, step: Step, value: Node) -> None:
    if isinstance(node, Mapping):
        node.children += [step.key, value]
    elif step.place is not None:
        missing = range(len(node.children), step.place + 1)
        node.children += [Scalar(step.key.start, step.key.end, "", "null") for _ in missing]
        node.children[step.place] = value


def _typed(given: Assignment) -> Node:
    """The value as Helm has it. Numbers stay texts: Helm keeps an integer of `--set` as it is written."""
    value = given.value
    if not isinstance(value, Scalar) or value.kind not in ("text", "number") or not given.is_typed:
        return value
    if value.text.startswith("{") and value.text.endswith("}") and not value.text.startswith("{{"):
        parts = value.text[1:-1].split(",")
        return Sequence(value.start, value.end, [_scalar(value, part.strip()) for part in parts])
    return _scalar(value, value.text)


def _scalar(value: Scalar, text: str) -> Scalar:
    said = text.replace("\\,", ",")
    return Scalar(value.start, value.end, said, _KINDS.get(said, "text"), value.style)
