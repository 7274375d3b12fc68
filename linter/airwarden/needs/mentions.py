"""Mentions: whether anything in a repository names what a distribution brings, in doubt yes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property

from airwarden.dependencies.reader import is_lock
from airwarden.distributions.minors import LAST_OF_SERIES
from airwarden.distributions.modules import modules
from airwarden.distributions.names import PROVIDER, canonical
from airwarden.distributions.shims import need_behind
from airwarden.distributions.tables import rows
from airwarden.needs.found import known_roots
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.source import Unreadable

_LARGE = 400_000
_PROSE = (".md", ".rst", ".lock", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".pdf", ".csv", ".parquet")

_FROM = regex(r"\bfrom\s+([\w.]+)\s+import\s+(\([^)]*\)|[^\n]*)")
_DECORATOR = regex(r"(?:@\w+|\btask)\.(?:\w+\.)*(\w+)")
_QUOTED = regex(r"[\"']([\w-]{2,40})[\"']")
_SCHEME = regex(r"([a-z][a-z\d_-]*)(?:\+\w+)?\Z")
_CONN_TYPE = regex(r"conn(?:ection)?[-_]?type[\"']?[\s:=]+[\"']?([\w-]+)")
_DISTRIBUTION = regex(r"apache[-_.]airflow[-_.a-z\d]*(?:\[[^\]]*\])?")

_BY_ITSELF = frozenset(
    f"{PROVIDER}{name}"
    for name in (
        *("common-compat", "common-io", "common-messaging", "common-sql"),
        *("fab", "openlineage", "standard"),
    )
)
"""Those that work without being named: as a part of Airflow, a listener, or what other providers build on."""

_SIGNS = {
    f"{PROVIDER}apache-beam": ("beam",),
    f"{PROVIDER}apache-hdfs": ("hdfs",),
    f"{PROVIDER}celery": ("celery",),
    f"{PROVIDER}cncf-kubernetes": ("kubernetesexecutor", "kubernetespod", "kubernetes_executor"),
    f"{PROVIDER}edge3": ("edgeexecutor",),
    f"{PROVIDER}elasticsearch": ("elasticsearch",),
    f"{PROVIDER}git": ("gitdagbundle",),
    f"{PROVIDER}opensearch": ("opensearch",),
    f"{PROVIDER}sendgrid": ("sendgrid",),
    f"{PROVIDER}smtp": ("smtp", "email"),
}
"""Words of settings and code that ask for a provider without naming what it brings, in small letters."""

_SQL = (
    "common.sql",
    "common import sql",
    "sqlexecutequery",
    "sqlcheck",
    "sqlsensor",
    "sqltable",
    "sqlcolumn",
    "cosmos",
    "astro.",
    "dbapihook",
    "generictransfer",
)
_ANY_HOOK = ("get_hook", "test_connection", "generictransfer")
_ANY_PATH = regex(r"ObjectStoragePath\(\s*(?![\"'\s])|\bget_fs\(|common\.io\b")
_DB_API = "airflow.providers.common.sql.hooks.sql.DbApiHook"


class Mentions:
    """What the files of a repository name, its tests included, prose and lock files left out.

    They are read one by one, Python first, until what is asked for is found.
    """

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self._names: set[str] = set()
        self._variants: set[str] = set()
        self._types: set[str] = set()
        self._core: set[str] = set()
        self._signs: set[str] = set()
        self._asks: set[str] = set()
        self._unread = self._paths()
        self._marks: dict[str, _Marks] = {}

    def of(self, distribution: str) -> bool:
        """Whether any file names one of its modules, task decorators, connection types or URLs."""
        name = canonical(distribution)
        if name not in self._marks:
            self._marks[name] = _Marks.of(name)
        marks = self._marks[name]
        if name in _BY_ITSELF or not marks.modules:
            return True
        while not self._tell_of(name, marks):
            path = next(self._unread, None)
            if path is None:
                return name in self._behind_core
            self._read(path)
        return True

    def _tell_of(self, name: str, marks: _Marks) -> bool:
        """Whether what was read names it, or asks for what it serves without naming who does."""
        if name in self._signs or not marks.modules.isdisjoint(self._names):
            return True
        if not (marks.variants.isdisjoint(self._variants) and marks.types.isdisjoint(self._types)):
            return True
        return not marks.asked.isdisjoint(self._asks)

    @cached_property
    def _behind_core(self) -> frozenset[str]:
        """What modules of Airflow's core import that any file names, on any Airflow."""
        airflows = [(major, minor) for major, last in LAST_OF_SERIES for minor in range(last + 1)]
        needs = {need_behind(dotted, airflow) for dotted in self._core for airflow in airflows}
        return frozenset(need.distribution for need in needs if need is not None)

    def _paths(self) -> Iterator[str]:
        """The files that are read, Python first."""
        limiting = {listed.path for listed in self.repo.dependencies.constraints}
        for path in sorted(self.repo.files, key=lambda path: not path.endswith(".py")):
            if not (path.endswith(_PROSE) or is_lock(path) or path in limiting):
                yield path

    @cached_property
    def _declaring(self) -> frozenset[str]:
        return frozenset(each.path for each in self.repo.dependencies.lists if each.kind != "image")

    def _read(self, path: str) -> None:
        text = self._text(path)
        if text:
            self._read_names(text)
            self._read_signs(text, text.lower(), declares=path in self._declaring)

    def _text(self, path: str) -> str:
        try:
            if self.repo.size(path) > _LARGE:
                return ""
            return self.repo.source(path).text
        except (OSError, Unreadable):
            return ""

    def _read_names(self, text: str) -> None:
        roots = [root for root in self._roots if root in text]
        for root in roots:
            for found in set(re.findall(rf"\b{root}(?:[./]\w+)*", text)):
                self._add(found.replace("/", "."))
        for module, names in _FROM.findall(text) if roots else ():
            if module.partition(".")[0] in roots:
                for name in re.findall(r"\w+", names):
                    self._add(f"{module}.{name}")

    def _add(self, dotted: str) -> None:
        parts = dotted.split(".")
        self._names.update(".".join(parts[:length]) for length in range(1, 5))
        if parts[0] == "airflow" and parts[1:2] != ["providers"]:
            self._core.add(dotted)

    @cached_property
    def _roots(self) -> tuple[str, ...]:
        return tuple(sorted(known_roots()))

    def _read_signs(self, text: str, small: str, declares: bool) -> None:
        self._types.update(map(_type, set(_types_in(small, declares))))
        if "task" in text or "@" in text:
            self._variants.update(_DECORATOR.findall(text))
        if declares:
            return
        bare = _DISTRIBUTION.sub("", small) if "apache" in small else small
        for name, signs in _SIGNS.items():
            if name not in self._signs and any(sign in bare for sign in signs):
                self._signs.add(name)
        for kind, words in (("sql", _SQL), ("hook", _ANY_HOOK)):
            if kind not in self._asks and any(word in bare for word in words):
                self._asks.add(kind)
        if "path" not in self._asks and _ANY_PATH.search(text):
            self._asks.add("path")


@dataclass(frozen=True)
class _Marks:
    """What names a distribution: its modules, its task decorators, its types of connections and schemes of
    URLs; and what it serves that may be named elsewhere.
    """

    modules: frozenset[str]
    variants: frozenset[str]
    types: frozenset[str]
    asked: frozenset[str]

    @classmethod
    def of(cls, name: str) -> _Marks:
        own = frozenset(module for module, home in modules().items() if home == name)
        variants = frozenset(row["variant"] for row in rows("task_decorators") if row["distribution"] == name)
        types = frozenset(each for each, home in _connection_types() if home == name)
        schemes = frozenset(
            row["scheme"] for row in rows("url_schemes") if row["requirement"].split("[")[0] == name
        )
        serves = (("sql", name in _sql_providers()), ("hook", bool(types)), ("path", bool(schemes)))
        return cls(own, variants, types | schemes, frozenset(kind for kind, does in serves if does))


def _types_in(small: str, declares: bool) -> Iterator[str]:
    """What may be types of connections or schemes of URLs in a text of small letters."""
    for sign in ("://", ":%2f"):
        place = small.find(sign)
        while place >= 0:
            found = _SCHEME.search(small, max(place - 40, 0), place)
            yield from [found[1]] if found else []
            place = small.find(sign, place + 1)
    if "conn" in small:
        yield from _CONN_TYPE.findall(small)
    if not declares:
        yield from _QUOTED.findall(small)


def _type(written: str) -> str:
    return written.replace("-", "_")


def _connection_types() -> Iterator[tuple[str, str]]:
    """Each connection type, as it is compared, with the distribution that has its hook."""
    for row in rows("connection_types"):
        yield _type(row["conn_type"].lower()), row["distribution"]


@cache
def _sql_providers() -> frozenset[str]:
    """The distributions that have hooks which any operator of SQL can use."""
    homes = modules()
    hooks = (row["type"] for row in rows("bulk_types") if row["base"] == _DB_API)
    prefixes = (".".join(hook.split(".")[:length]) for hook in hooks for length in (3, 4))
    return frozenset(homes[prefix] for prefix in prefixes if prefix in homes)
