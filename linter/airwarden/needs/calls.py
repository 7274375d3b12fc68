"""What calls and decorators of a file need that import nothing themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.distributions.modules import need_of_module
from airwarden.distributions.names import PROVIDER, Need
from airwarden.distributions.schemes import need_of_url
from airwarden.distributions.task_decorators import need_of_task_decorator
from airwarden.needs.found import Found, Names
from airwarden.needs.places import Places
from airwarden.patterns import regex

_STANDARD = f"{PROVIDER}standard"
_EXECUTORS = {
    "CeleryExecutor": Need(f"{PROVIDER}celery"),
    "EdgeExecutor": Need(f"{PROVIDER}edge3"),
    "KubernetesExecutor": Need(f"{PROVIDER}cncf-kubernetes"),
}
_STORAGE = regex(r"airflow\.(?:.+\.)?(?:ObjectStoragePath|get_fs|attach)")
_MOST_HOPS = 8
_STORAGE_NAMED = regex(r"ObjectStoragePath|get_fs|attach")
_CALLED = regex(r"airflow\..+|cosmos\..+")


def decorators(file: DagFile, places: Places, names: Names) -> Iterator[Found]:
    """Every `@task.variant` that a provider brings: without it, the decorator is not there."""
    for node, scope in _decorating(file) if "task" in file.source.text else ():
        variant = file.task_variant(node, scope)
        need = need_of_task_decorator(variant) if variant else None
        if need is None or (need.distribution == _STANDARD and not _has_no_core_decorators(names)):
            continue
        when = places.when(node, scope)
        if when is not None:
            yield Found(node, need, f"@task.{variant}", when)


def _decorating(file: DagFile) -> Iterator[tuple[syntax.Expression, syntax.Scope]]:
    for function in file.module.functions:
        scope = function.scope.parent or file.module.scope
        yield from ((each, scope) for each in function.decorators if not isinstance(each, syntax.Call))
    for site in file.module.calls:
        if isinstance(site.call.function, (syntax.Name, syntax.Attribute)):
            yield site.call.function, site.scope


def _has_no_core_decorators(names: Names) -> bool:
    """Whether it is known that Airflow has its own decorators from a provider, as it does since Airflow 3."""
    return bool(names.airflows) and min(names.airflows) >= (3, 0)


def storage(file: DagFile, places: Places) -> Iterator[Found]:
    """Every path of object storage: making one works without its provider, using it does not."""
    calls = file.module.calls if _STORAGE_NAMED.search(file.source.text) else ()
    for site in calls:
        if not site.call.arguments or not _is_any(file.names(site.call.function, site.scope), _STORAGE):
            continue
        url = _url(file, site)
        need = need_of_url(url, "storage") if url else None
        when = places.when(site.call, site.scope) if need else None
        if url and need and when:
            name = f"{url.partition('://')[0]}://"
            yield Found(site.call, need, name, "run" if when == "load" else when)


def _url(file: DagFile, site: syntax.CallSite) -> str | None:
    """The URL that a call is given, as far as to its scheme."""
    value = site.call.positional(0)
    if value is None:
        value = site.call.keyword("protocol")
    if value is None:
        return None
    start = _start(file, value, site.scope)
    name = file.names(site.call.function, site.scope)[0]
    return start if start is None or name.endswith("ObjectStoragePath") else f"{start}://"


def _start(file: DagFile, value: syntax.Expression, scope: syntax.Scope, depth: int = 0) -> str | None:
    """The text that a composed text starts with."""
    match file.value(value, scope):
        case syntax.Constant(value=str() as text):
            return text
        case syntax.FormattedString(parts=(str() as text, *_)):
            return text
        case syntax.FormattedString(parts=(syntax.Expression() as first, *_)) if depth < _MOST_HOPS:
            return _start(file, first, scope, depth + 1)
        case syntax.Operation(operators=("Add", *_), operands=(first, *_)) if depth < _MOST_HOPS:
            return _start(file, first, scope, depth + 1)
        case _:
            return None


def executors(file: DagFile, places: Places) -> Iterator[Found]:
    """Every executor that a task names for itself; Airflow has to be set up for it."""
    for site in file.module.calls:
        value = site.call.keyword("executor")
        if value is None or not _is_any(file.names(site.call.function, site.scope), _CALLED):
            continue
        text = file.text(value, site.scope) or ""
        need = _EXECUTORS.get(text) or (need_of_module(text) if "." in text else None)
        when = places.when(site.call, site.scope) if need else None
        if need and when:
            yield Found(value, need, f"executor={text}", "run" if when == "load" else when, trusts_image=True)


def _is_any(names: Iterable[str], pattern: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(name) for name in names)
