"""Mentions: whether anything in a repository names what a distribution brings, in doubt yes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from airwarden.dependencies.reader import is_lock
from airwarden.distributions.minors import LAST_OF_SERIES
from airwarden.distributions.modules import modules
from airwarden.distributions.names import PROVIDER, canonical
from airwarden.distributions.shims import need_behind
from airwarden.distributions.tables import rows
from airwarden.needs.found import known_roots
from airwarden.patterns import regex
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
    """What the files of a repository name, its tests included, prose and lock files left out."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self._names: set[str] = set()
        self._variants: set[str] = set()
        self._types: set[str] = set()
        self._core: set[str] = set()
        self._signs: set[str] = set()
        self._asks: set[str] = set()
        self._read()

    def of(self, distribution: str) -> bool:
        """Whether any file names one of its modules, task decorators, connection types or URLs."""
        name = canonical(distribution)
        own = {module for module, home in modules().items() if home == name}
        if name in _BY_ITSELF or name in self._signs or not own.isdisjoint(self._names):
            return True
        if not own:
            return True
        variants = {row["variant"] for row in rows("task_decorators") if row["distribution"] == name}
        return (
            not variants.isdisjoint(self._variants) or self._is_connected(name) or name in self._behind_core
        )

    def _is_connected(self, name: str) -> bool:
        """Whether it serves a connection or a URL that some file names or leaves to be named elsewhere."""
        types = {each for each, home in _connection_types() if home == name}
        schemes = {row["scheme"] for row in rows("url_schemes") if row["requirement"].split("[")[0] == name}
        if not (types | schemes).isdisjoint(self._types):
            return True
        is_sql = name in _sql_providers()
        generic = (("sql", is_sql), ("hook", bool(types)), ("path", bool(schemes)))
        return any(serves and kind in self._asks for kind, serves in generic)

    @cached_property
    def _behind_core(self) -> frozenset[str]:
        """What modules of Airflow's core import that any file names, on any Airflow."""
        airflows = [(major, minor) for major, last in LAST_OF_SERIES for minor in range(last + 1)]
        needs = {need_behind(dotted, airflow) for dotted in self._core for airflow in airflows}
        return frozenset(need.distribution for need in needs if need is not None)

    def _read(self) -> None:
        dependencies = self.repo.dependencies
        declaring = {listed.path for listed in dependencies.lists if listed.kind != "image"}
        limiting = {listed.path for listed in dependencies.constraints}
        for path in self.repo.files:
            if path.endswith(_PROSE) or is_lock(path) or path in limiting:
                continue
            text = self._text(path)
            if text:
                self._read_names(text)
                self._read_signs(text, text.lower(), declares=path in declaring)

    def _text(self, path: str) -> str:
        try:
            if (self.repo.root / path).stat().st_size > _LARGE:
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
        self._types.update(map(_type, _types_in(small, declares)))
        if "task" in text or "@" in text:
            self._variants.update(_DECORATOR.findall(text))
        if declares:
            return
        bare = _DISTRIBUTION.sub("", small) if "apache" in small else small
        self._signs.update(name for name, signs in _SIGNS.items() if any(sign in bare for sign in signs))
        if any(word in bare for word in _SQL):
            self._asks.add("sql")
        if any(word in bare for word in _ANY_HOOK):
            self._asks.add("hook")
        if _ANY_PATH.search(text):
            self._asks.add("path")


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


def _sql_providers() -> frozenset[str]:
    """The distributions that have hooks which any operator of SQL can use."""
    homes = modules()
    hooks = (row["type"] for row in rows("bulk_types") if row["base"] == _DB_API)
    prefixes = (".".join(hook.split(".")[:length]) for hook in hooks for length in (3, 4))
    return frozenset(homes[prefix] for prefix in prefixes if prefix in homes)
