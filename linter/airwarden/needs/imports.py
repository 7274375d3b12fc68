"""The imports of a file: statements, and calls of functions that import a name."""

from __future__ import annotations

from collections.abc import Iterator

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.needs.found import Found, Names
from airwarden.needs.places import Places
from airwarden.patterns import regex

_IMPORTERS = regex(r"importlib\.import_module|__import__|airflow\.(?:.+\.)?import_string")
_NAMED = regex(r"import_module|__import__|import_string")


def imports(file: DagFile, places: Places, names: Names) -> Iterator[Found]:
    """Every import that needs a distribution."""
    for node, scope, dotted in _imported(file):
        need = names.need(dotted, file.path)
        when = places.when(node, scope) if need else None
        if need is not None and when is not None:
            yield Found(node, need, dotted, when, member=dotted)


def _imported(file: DagFile) -> Iterator[tuple[syntax.Node, syntax.Scope, str]]:
    """Every import of a file, with the dotted name of what it imports."""
    for statement in file.module.imports:
        for name in statement.names:
            yield statement, statement.scope, name.module if name.name == "*" else name.dotted
    calls = file.module.calls if _NAMED.search(file.source.text) else ()
    for site in calls:
        dotted = _by_call(file, site)
        if dotted is not None:
            yield site.call, site.scope, dotted


def _by_call(file: DagFile, site: syntax.CallSite) -> str | None:
    """The name that a call imports."""
    names = file.names(site.call.function, site.scope) if site.call.arguments else ()
    if not any(map(_IMPORTERS.fullmatch, names)):
        return None
    return file.text(site.call.arguments[0].value, site.scope)
