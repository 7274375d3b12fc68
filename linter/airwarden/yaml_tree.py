"""YAML as a tree whose every node knows where it stands. The only module that imports a YAML parser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from airwarden.patterns import regex
from airwarden.records import dataclass

if TYPE_CHECKING:
    import yaml

Kind = Literal["text", "number", "bool", "null", "tagged"]
"""`tagged` is a scalar whose own tag (`!vault`, `!Ref`) makes its value something else than its text."""

MAX_DEPTH = 200
"""No values file nests deeper; beyond it a file is refused before it costs time or stack."""

MAX_VALUES = 1_000_000
"""How many values a text may stand for once its aliases are followed; Helm refuses fewer."""

MAX_MERGED = 20_000
"""How many pairs the merges of a file may bring in altogether; the rest is left out."""

_KINDS: dict[str, Kind] = {"bool": "bool", "int": "number", "float": "number", "null": "null"}
_TAG = "tag:yaml.org,2002:"
_TOO_DEEP_FOR_LIBYAML = "exceeded maximum nesting depth"
_PROPERTIES = regex(r"(?:[&!]\S*\s+(?:#.*\s+)*)+")


class NotYaml(Exception):
    """A text that is no YAML. `offset` is the code point where reading stopped."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason


class DeepYaml(NotYaml):
    """A text that nests too deeply to be read."""


class BigYaml(NotYaml):
    """A text that stands for more values than can be read."""


@dataclass(slots=True, eq=False)
class Scalar:
    """A text, number, truth value or null, as it is written. A quoted one's place includes its quotes.

    `style` is one of `|`, `>`, `"`, `'` or empty.
    """

    start: int
    end: int
    text: str = field(repr=False)
    kind: Kind
    style: str = ""


@dataclass(slots=True, eq=False)
class Sequence:
    """A list of nodes. `in_text` says that it is handed on as a text of YAML."""

    start: int
    end: int = 0
    children: list[Node] = field(default_factory=list, repr=False)
    in_text: bool = False


@dataclass(eq=False)
class Mapping:
    """Keys and values in turn, as written: repeated keys stay, `<<` is a key like any other.

    `brought` are the pairs that `<<` brings in. `in_text` says that it is handed on as a text of YAML.
    """

    start: int
    end: int = 0
    children: list[Node] = field(default_factory=list, repr=False)
    brought: tuple[tuple[Scalar, Node], ...] = field(default=(), repr=False)
    in_text: bool = False

    def pairs(self) -> Iterator[tuple[Node, Node]]:
        """Each key with its value."""
        return zip(self.children[::2], self.children[1::2], strict=True)

    @cached_property
    def own(self) -> tuple[tuple[Scalar, Node], ...]:
        """Each written pair with a scalar key, merges apart."""
        return tuple(
            (key, value) for key, value in self.pairs() if isinstance(key, Scalar) and not _merges(key)
        )

    @property
    def members(self) -> tuple[tuple[Scalar, Node], ...]:
        """The own pairs, and after them those that `<<` brings in and no own key overrides."""
        return self.own + self.brought

    @cached_property
    def _found(self) -> dict[str, list[tuple[Scalar, Node]]]:
        found: dict[str, list[tuple[Scalar, Node]]] = {}
        for key, value in self.members:
            found.setdefault(key.text, []).append((key, value))
        return found

    def find(self, name: str, last: bool = True) -> tuple[Scalar, Node] | None:
        """The pair of a key; of one that is repeated the last, which is the one that counts, or the first."""
        pairs = self._found.get(name)
        return pairs[-1 if last else 0] if pairs else None

    def get(self, name: str) -> Node | None:
        """The value under a key, the last where the key is repeated."""
        found = self.find(name)
        return found[1] if found else None


Node: TypeAlias = "Scalar | Sequence | Mapping"


def compose(text: str) -> list[Node]:
    """The root of each document of `text`; an alias is the very node that it names.

    Runs no tag. Raises `NotYaml`.
    """
    import yaml

    builder = _Builder(text)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        offset = min(mark.index if mark else 0, len(text))
        if error.problem == _TOO_DEEP_FOR_LIBYAML:
            raise DeepYaml(offset, f"nests more than {MAX_DEPTH} levels deep") from None
        raise NotYaml(offset, _reason(error)) from None
    except yaml.reader.ReaderError as error:
        code = error.character
        offset = text.find(chr(code) if isinstance(code, int) else code.decode("latin-1"))
        raise NotYaml(max(offset, 0), "holds a character that YAML does not allow") from None
    _merge(builder.merging)
    return builder.roots


def repeated_keys(text: str) -> int:
    """How many keys stand in a map that has them already, which Helm refuses. Raises `NotYaml`."""
    count, seen = 0, set[int]()
    pending: list[Node] = list(compose(text))
    while pending:
        node = pending.pop()
        if isinstance(node, Scalar) or id(node) in seen:
            continue
        seen.add(id(node))
        pending += node.children
        if isinstance(node, Mapping):
            count += len(node.own) - len({key.text for key, _ in node.own})
    return count


def _reason(error: yaml.MarkedYAMLError) -> str:
    return ", ".join(part for part in (error.context, error.problem) if part)


class _Builder:
    """Makes nodes of parser events, without recursion and without copies."""

    def __init__(self, text: str) -> None:
        from yaml import events
        from yaml.resolver import Resolver

        self.text = text
        self.roots: list[Node] = []
        self.open: list[Sequence | Mapping] = []
        self.anchors: dict[str, Node] = {}
        self.weights: dict[int, int] = {}
        self.weight = [0]
        self.merging: list[Mapping] = []
        self.resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = Resolver.yaml_implicit_resolvers
        self.steps: dict[type[Any], Callable[[Any], None]] = {
            events.ScalarEvent: self._scalar,
            events.AliasEvent: self._alias,
            events.MappingStartEvent: lambda event: self._open(event, Mapping(event.start_mark.index)),
            events.SequenceStartEvent: lambda event: self._open(event, Sequence(event.start_mark.index)),
            events.MappingEndEvent: self._close,
            events.SequenceEndEvent: self._close,
            events.DocumentStartEvent: lambda _: self.anchors.clear(),
        }

    def take(self, event: yaml.Event) -> None:
        step = self.steps.get(type(event))
        if step:
            step(event)

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor is not None or event.tag is not None:
            start = self._past_properties(start, end)
        if event.style in ("|", ">"):
            end = start + len(self.text[start:end].rstrip())
        node = Scalar(start, end, event.value, self._kind(event), event.style or "")
        self._add(node, event.anchor)

    def _past_properties(self, start: int, end: int) -> int:
        match = _PROPERTIES.match(self.text, start, end)
        return match.end() if match else start

    def _kind(self, event: Any) -> Kind:
        tag = event.tag
        if tag is None and event.implicit[0]:
            candidates = self.resolvers.get(event.value[:1], [])
            tag = next((tag for tag, form in candidates if form.match(event.value)), None)
        if tag is None or tag.startswith(_TAG):
            return _KINDS.get((tag or "").removeprefix(_TAG), "text")
        return "text" if tag == "!" else "tagged"

    def _alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            raise NotYaml(event.start_mark.index, "an alias names an anchor that is not there")
        node = self.anchors[event.anchor]
        self.weight[-1] += self.weights.get(id(node), 1) - 1
        if self.weight[-1] > MAX_VALUES:
            reason = f"stands for more than {MAX_VALUES:,} values once its aliases are followed"
            raise BigYaml(event.start_mark.index, reason)
        self._add(node, None)

    def _open(self, event: Any, node: Sequence | Mapping) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise DeepYaml(event.start_mark.index, f"nests more than {MAX_DEPTH} levels deep")
        self._add(node, event.anchor)
        self.open.append(node)
        self.weight.append(0)

    def _close(self, event: Any) -> None:
        node = self.open.pop()
        node.end = event.end_mark.index
        self.weights[id(node)] = weight = self.weight.pop() + 1
        self.weight[-1] += weight - 1
        if isinstance(node, Mapping) and any(_merges(key) for key in node.children[::2]):
            self.merging.append(node)

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = node
        self.weight[-1] += 1
        (self.open[-1].children if self.open else self.roots).append(node)


def _merges(key: Node) -> bool:
    return isinstance(key, Scalar) and key.text == "<<" and not key.style


def _merge(merging: list[Mapping]) -> None:
    budget = MAX_MERGED
    for node in merging:
        known = {key.text for key, _ in node.own}
        found: list[tuple[Scalar, Node]] = []
        for merged in _merged(node):
            budget -= 1 + len(merged.own)
            if budget < 0:
                return
            found += [pair for pair in merged.own if pair[0].text not in known]
            known.update(key.text for key, _ in merged.own)
        node.brought = tuple(found)


def _merged(node: Mapping) -> Iterator[Mapping]:
    """The mappings that `<<` names and those that they merge; whichever wins comes first."""
    seen = {id(node)}
    waiting = _named_by_merges(node)
    while waiting:
        other = waiting.pop()
        if id(other) not in seen:
            seen.add(id(other))
            yield other
            waiting += _named_by_merges(other)


def _named_by_merges(node: Mapping) -> list[Mapping]:
    named: list[Node] = []
    for key, value in node.pairs():
        if _merges(key):
            named += value.children if isinstance(value, Sequence) else [value]
    return [other for other in reversed(named) if isinstance(other, Mapping)]
