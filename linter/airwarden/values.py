"""ValuesFile: one file of Helm values, read once, every key and value with its region."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from functools import cached_property
from itertools import islice
from pathlib import PurePosixPath
from typing import TypeAlias

from airwarden.charts import (
    AIRFLOW_ENV,
    MAX_BYTES,
    Chart,
    Dialect,
    Recognition,
    Root,
    is_part_of,
    may_be_values,
    recognise,
    recognise_release,
    says_values,
    speaks_of_airflow,
)
from airwarden.findings import Region
from airwarden.inner_yaml import Inside, every, masked, read
from airwarden.patterns import regex
from airwarden.policies import RULE, Keywords, breaches
from airwarden.records import dataclass
from airwarden.releases.files import may_release, releases_in
from airwarden.releases.release import Release
from airwarden.source import Source, TooBig, TooDeep, Unreadable
from airwarden.yaml_tree import BigYaml, DeepYaml, Mapping, Node, NotYaml, Scalar, Sequence, compose

__all__ = ["Chart", "ConfigItem", "Entry", "EnvItem", "ValuesFile", "Violation", "may_hold_values"]

Path: TypeAlias = tuple[str | int, ...]
"""Keys, and places in lists counted from 0, from the top of the file."""

MAX_RELEASES = 200
"""How many releases of Airflow one file may describe: rules look at its whole text for each. People keep one
or a few in a file.
"""

MAX_COPIES = 20_000
"""How many entries aliases may add to those that are written; the rest is left out."""

_TEMPLATE = regex(r"\{\{|\{%")
_YAML = (".yaml", ".yml")

_ENV_KEY = regex(r"(?:.*[a-z_.-])?env(?:s|_?vars?|ironment|ironment_?variables)?", re.IGNORECASE)
_ENV_NAME = regex(r"_?[A-Z][A-Z0-9_]*")
_ENV_TEXT = regex(r"""^[ \t]*(?:-[ \t]+)?\{?["']?(?:name|_?AIRFLOW_\w+)["']?[ \t]*:""", re.MULTILINE)
_NO_ENV = frozenset({"enableBuiltInSecretEnvVars", "kubernetes_secrets"})
_SECRET_TEXTS = frozenset({"extraSecrets", "extraConfigMaps"})


@dataclass(frozen=True)
class Entry:
    """One value and the path that leads to it. `key` is None for an item of a list."""

    path: Path
    node: Node = field(repr=False)
    key: Scalar | None = field(repr=False)
    source: Source = field(repr=False)

    @property
    def region(self) -> Region:
        """Where the value stands, a quoted one with its quotes."""
        return self.source.region(self.node.start, self.node.end)

    @property
    def key_region(self) -> Region | None:
        """Where the key stands."""
        return self.source.region(self.key.start, self.key.end) if self.key else None

    @property
    def name(self) -> str:
        """The key that leads here, that of the list for an item of a list."""
        return next((part for part in reversed(self.path) if isinstance(part, str)), "")

    @property
    def text(self) -> str | None:
        """A text or number as it is written; None for a map, a list, a truth value and null."""
        if isinstance(self.node, Scalar) and self.node.kind in ("text", "number"):
            return self.node.text
        return None

    @property
    def dotted(self) -> str:
        """The path as people write it: `airflow.users[0].password`."""
        return dotted(self.path)


def dotted(path: Path) -> str:
    """A path as people write it."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def lasting(path: Path, name: str) -> str:
    """A path as people write it, with the name of what stands there in place of its places in lists, which
    change whenever a list gets another item.
    """
    keys = tuple(part for part in path if not isinstance(part, int))
    return dotted(path) if keys == path else f"{dotted(keys)} {name}"


@dataclass(frozen=True)
class EnvItem:
    """An environment variable that the values set. `text` is None where it comes from elsewhere."""

    name: str
    text: str | None = field(repr=False)
    region: Region
    path: Path
    has_value_from: bool = False


@dataclass(frozen=True)
class ConfigItem:
    """An option of airflow.cfg that the values set.

    The community chart knows options by their environment variables only, so `section` and `key` are empty
    there and `env` is not.
    """

    section: str
    key: str
    text: str | None = field(repr=False)
    region: Region
    path: Path
    env: str = ""


@dataclass(frozen=True)
class Violation:
    """A value that breaks a policy of the schemas; `keywords` is the subschema that says so."""

    entry: Entry
    root: Root
    keywords: Keywords


def may_hold_values(path: str, data: bytes) -> bool:
    """Whether a file may hold values of an Airflow deployment, its own or a release's: a cheap look."""
    return may_be_values(path, data) or may_release(path, data)


class ValuesFile:
    """The values of an Airflow deployment in one file.

    `release` tells of the release that carries them, where the file is no values file but describes one;
    `is_first` whether no other values of the file came before.
    """

    is_first = True

    def __init__(
        self,
        source: Source,
        documents: Iterable[Node],
        recognition: Recognition,
        release: Release | None = None,
    ) -> None:
        self.source = source
        self.path = source.path
        self.release = release
        self.dialect: Dialect = recognition.dialect
        self.roots: tuple[Root, ...] = recognition.roots
        self._documents = tuple(documents)

    @classmethod
    def read(cls, source: Source, chart: Chart | None = None, forced: bool = False) -> ValuesFile | None:
        """The values in a file, or None where it holds none of an Airflow deployment.

        `chart` is the nearest Chart.yaml in the file's folder or above. `forced` says that the user calls
        the file values, whatever it looks like. Raises `Unreadable` for values that are no YAML.
        """
        if not forced and (_is_template(source) or not _is_worth_reading(source, chart)):
            return None
        documents = _documents(source, chart, forced)
        for document in documents:
            found = isinstance(document, Mapping) and recognise(document, source.path, chart, forced)
            if found:
                return cls(source, documents, found)
        return None

    @classmethod
    def all_in(
        cls, source: Source, chart: Chart | None = None, forced: bool = False
    ) -> tuple[ValuesFile, ...]:
        """All values in a file: those of each release of Airflow that it describes, or its own.

        Raises `Unreadable` as `read` does.
        """
        data = source.text.encode()
        if len(data) > MAX_BYTES and not forced:
            raise TooBig(source.region(0, 0), "has more than 1 MiB, the most that is read of values")
        if may_release(source.path, data):
            found = tuple(islice(cls._released(source), MAX_RELEASES + 1))
            if len(found) > MAX_RELEASES:
                reason = f"describes more than {MAX_RELEASES} releases of Airflow"
                raise TooBig(source.region(0, 0), reason)
            for each in found[1:]:
                each.is_first = False
            if found:
                return found
        is_own = source.path.endswith(_YAML) and (forced or may_be_values(source.path, data))
        own = cls.read(source, chart, forced) if is_own else None
        return (own,) if own else ()

    @classmethod
    def _released(cls, source: Source) -> Iterator[ValuesFile]:
        return filter(None, (cls.of(source, release) for release in releases_in(source)))

    @classmethod
    def of(cls, source: Source, release: Release) -> ValuesFile | None:
        """The values that a release carries; None where it is none of Airflow."""
        found = recognise_release(release.documents, release.chart, release.repository)
        return cls(source, release.documents, found, release) if found else None

    @classmethod
    def over(cls, source: Source, base: ValuesFile) -> ValuesFile | None:
        """The values in a file that lies over another one and is too short to tell by itself what it is; None
        where it has keys that the chart does not.
        """
        documents = _documents(source, None, forced=False)
        roots = [root for root in base.roots if any(is_part_of(each, root) for each in documents)]
        return cls(source, documents, Recognition(base.dialect, tuple(roots))) if roots else None

    @property
    def root_paths(self) -> tuple[tuple[str, ...], ...]:
        """Where the values of the official or the community chart start; empty in a chart of one's own."""
        return tuple(root.path for root in self.roots)

    def at(self, path: str | Path) -> Entry | None:
        """The value at a path as the chart's own documentation writes it, wherever the chart's values start.

        Keys with dots need a tuple. Where a key is repeated the last one counts, as it does for Helm.
        """
        keys = tuple(path.split(".")) if isinstance(path, str) else path
        starts = self.root_paths or ((),)
        return next((entry for start in starts if (entry := self.entry((*start, *keys)))), None)

    def entry(self, path: Path) -> Entry | None:
        """The value at a path from the top of the file."""
        return next((entry for top in self._documents if (entry := self._down(top, path))), None)

    def entries(self) -> tuple[Entry, ...]:
        """Every value, maps and lists included, as written; repeated keys are all there."""
        return self._entries

    def inside(self, entry: Entry) -> tuple[Entry, ...]:
        """The entries of the YAML in a template string, the outermost included, at their own regions."""
        if not isinstance(entry.node, Scalar):
            return ()
        mask = self.release.mask if self.release else masked
        roots = Inside.of(self.source.text, entry.node).nodes(mask)
        return tuple(inner for root in roots for inner in self._walk(root, entry.path))

    def regions(self, entry: Entry, spans: Iterable[tuple[int, int]]) -> Iterator[Region]:
        """Where stretches of an entry's text stand; the whole entry for one that can't be told."""
        if isinstance(entry.node, Scalar):
            inside = Inside.of(self.source.text, entry.node)
            yield from (self.source.region(*inside.span(start, end)) for start, end in spans)

    def env_items(self) -> tuple[EnvItem, ...]:
        """Every environment variable in a list, a map or a template string, the charts' own and others'."""
        return self._env_items

    def config_items(self) -> tuple[ConfigItem, ...]:
        """Every option of airflow.cfg: `config.<section>.<key>`, or the community chart's airflow.config."""
        return self._config_items

    def violations(self, rule: str) -> tuple[Violation, ...]:
        """What breaks the policies of a rule, in the order of the file."""
        return tuple(found for found in self._violations if found.keywords[RULE] == rule)

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        return tuple(entry for top in self._documents for entry in self._walk(top, ()) if entry.path)

    def _walk(self, top: Node, path: Path) -> Iterator[Entry]:
        """A node and every entry below it. What an alias leads to is entered again while the budget lasts."""
        budget = MAX_COPIES
        entered: set[int] = set()
        waiting = [(Entry(path, top, None, self.source), frozenset[int]())]
        while waiting:
            entry, above = waiting.pop()
            yield entry
            node = entry.node
            if isinstance(node, Scalar) or id(node) in above:
                continue
            if id(node) in entered:
                budget -= len(node.children)
            if budget >= 0 or id(node) not in entered:
                entered.add(id(node))
                waiting += reversed([(each, above | {id(node)}) for each in self._children(entry)])

    def _children(self, entry: Entry) -> Iterator[Entry]:
        node = entry.node
        if isinstance(node, Sequence):
            for place, child in enumerate(node.children):
                yield Entry((*entry.path, place), child, None, self.source)
        elif isinstance(node, Mapping):
            for key, value in node.members:
                yield Entry((*entry.path, key.text), value, key, self.source)

    def _down(self, top: Node, path: Path, last: bool = True) -> Entry | None:
        node: Node | None = top
        key: Scalar | None = None
        for part in path:
            pair: tuple[Scalar | None, Node | None] = (None, None)
            if isinstance(node, Mapping) and isinstance(part, str):
                pair = node.find(part, last) or pair
            elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.children):
                pair = (None, node.children[part])
            key, node = pair
        return Entry(path, node, key, self.source) if node else None

    @cached_property
    def _env_items(self) -> tuple[EnvItem, ...]:
        once: dict[tuple[int, bool], Entry] = {}
        for entry in self._entries:
            once.setdefault((id(entry.node), bool(_ENV_KEY.fullmatch(entry.name))), entry)
        found: dict[tuple[str, Region], EnvItem] = {}
        for entry in once.values():
            inner = self.inside(entry) if self._is_env_text(entry) else ()
            for item in (item for each in (entry, *inner) for item in self._env_in(each)):
                found.setdefault((item.name, item.region), item)
        return tuple(found.values())

    def _is_env_text(self, entry: Entry) -> bool:
        if not entry.text or not _ENV_TEXT.search(entry.text):
            return False
        below = (entry.path[len(start) :] for start in self.root_paths if entry.path[: len(start)] == start)
        return not any(path and path[0] in _SECRET_TEXTS for path in below)

    def _env_in(self, entry: Entry) -> Iterator[EnvItem]:
        if entry.name in _NO_ENV or self._is_flat_config(entry.path):
            return
        if isinstance(entry.node, Sequence):
            for place, child in enumerate(entry.node.children):
                if isinstance(child, Mapping):
                    yield from self._env_item(child, (*entry.path, place), entry.name)
        elif isinstance(entry.node, Mapping):
            yield from self._env_map(entry)

    def _env_item(self, item: Mapping, path: Path, key: str) -> Iterator[EnvItem]:
        name, value, source = (item.get(part) for part in ("name", "value", "valueFrom"))
        if not isinstance(name, Scalar) or not (_ENV_KEY.fullmatch(key) or _ENV_NAME.fullmatch(name.text)):
            return
        held = source if value is None else value
        if held is not None:
            entry = Entry((*path, "valueFrom" if value is None else "value"), held, None, self.source)
            yield EnvItem(name.text, entry.text, entry.region, entry.path, value is None)

    def _env_map(self, entry: Entry) -> Iterator[EnvItem]:
        pairs = [each for each in self._children(entry) if isinstance(each.node, Scalar)]
        if _ENV_KEY.fullmatch(entry.name) or any(AIRFLOW_ENV.match(each.name) for each in pairs):
            for each in pairs:
                if _ENV_NAME.fullmatch(each.name):
                    yield EnvItem(each.name, each.text, each.region, each.path)

    def _is_flat_config(self, path: Path) -> bool:
        return any(root.chart == "community" and path == _config_path(root) for root in self.roots)

    @cached_property
    def _config_items(self) -> tuple[ConfigItem, ...]:
        starts = [(root, _config_path(root)) for root in self.roots]
        found = [(root, entry) for root, path in starts for entry in self._below(path)]
        return tuple(item for root, entry in found for item in self._config_of(root, entry))

    def _below(self, path: Path) -> Iterator[Entry]:
        for top in self._documents:
            entry = self._down(top, path)
            yield from self._children(entry) if entry else ()

    def _config_of(self, root: Root, entry: Entry) -> Iterator[ConfigItem]:
        if root.chart == "community":
            yield ConfigItem("", "", entry.text, entry.region, entry.path, entry.name)
        elif isinstance(entry.node, Mapping) and entry.name not in _NO_ENV:
            for each in self._children(entry):
                if not AIRFLOW_ENV.match(each.name):
                    yield ConfigItem(entry.name, each.name, each.text, each.region, each.path)

    @cached_property
    def _violations(self) -> tuple[Violation, ...]:
        found: dict[tuple[Region, str], Violation] = {}
        for root, top, last in self._policed():
            start = self._down(top, root.path, last)
            for path, keywords in breaches(root.chart, start.node, last) if start else ():
                entry = self._down(top, (*root.path, *path), last)
                if entry:
                    found.setdefault((entry.region, keywords[RULE]), Violation(entry, root, keywords))
        return tuple(found[key] for key in sorted(found))

    def _policed(self) -> Iterator[tuple[Root, Node, bool]]:
        """Each root in each document, once with the last of repeated keys and once with the first."""
        return (
            (root, top, last)
            for root in self.roots
            for top in self._documents
            for last in ((True, False) if self._repeats else (True,))
        )

    @cached_property
    def _repeats(self) -> bool:
        return any(isinstance(node, Mapping) and _repeats(node) for node in every(self._documents))


def _config_path(root: Root) -> Path:
    return (*root.path, "airflow", "config") if root.chart == "community" else (*root.path, "config")


def _repeats(node: Mapping) -> bool:
    names = [key.text for key, _ in node.pairs() if isinstance(key, Scalar)]
    return len(names) > len(set(names))


def _is_template(source: Source) -> bool:
    return "templates" in PurePosixPath(source.path).parts[:-1] and bool(_TEMPLATE.search(source.text))


def _is_worth_reading(source: Source, chart: Chart | None) -> bool:
    return bool(chart and chart.airflow) or speaks_of_airflow(source.path, source.text.encode())


def _documents(source: Source, chart: Chart | None, forced: bool) -> list[Node]:
    """The documents of a file, templates in it masked where it is no YAML otherwise."""
    try:
        return compose(source.text)
    except NotYaml as error:
        documents = read(source.text) if _TEMPLATE.search(source.text) else []
        if documents or not (forced or _must_be_values(source, chart)):
            return documents
        region = source.region(error.offset, min(error.offset + 1, len(source.text)))
        raise _unread(region, error) from None


def _unread(region: Region, error: NotYaml) -> Unreadable:
    if isinstance(error, DeepYaml):
        return TooDeep(region, error.reason)
    if isinstance(error, BigYaml):
        return TooBig(region, error.reason)
    return Unreadable(region, f"is no YAML: {error.reason}")


def _must_be_values(source: Source, chart: Chart | None) -> bool:
    """Whether a file that can't be read was meant to hold values: its name and its chart or words say so."""
    if not says_values(source.path) or _TEMPLATE.search(source.text):
        return False
    return bool(chart and chart.airflow) or speaks_of_airflow("", source.text.encode())
