"""What the values of a chart set, and for which components."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from airwarden.charts import AIRFLOW_ENV, ChartName, Root
from airwarden.credentials.sensitive import env_name
from airwarden.deployment.settings import ALL, Setting, written
from airwarden.findings import Region
from airwarden.patterns import regex
from airwarden.values import ConfigItem, Entry, EnvItem, Path, ValuesFile
from airwarden.yaml_tree import Mapping, Node, Scalar, Sequence

_Lists: TypeAlias = Iterator[tuple[Entry, frozenset[str]]]

_COMPONENTS = {
    "apiServer": "api-server",
    "cleanup": "cleanup",
    "createUserJob": "create-user-job",
    "dagProcessor": "dag-processor",
    "databaseCleanup": "database-cleanup",
    "flower": "flower",
    "migrateDatabaseJob": "migrate-database-job",
    "scheduler": "scheduler",
    "triggerer": "triggerer",
    "webserver": "webserver",
    "workers": "workers",
}
"""The keys of the official chart below which the `env` of one component stands."""

_FOR_ALL: dict[ChartName, tuple[Path, ...]] = {
    "official": (("env",), ("secret",), ("extraEnv",)),
    "community": (("airflow", "extraEnv"),),
}
_DECIDED: dict[ChartName, tuple[tuple[str, str, str], ...]] = {
    "official": (
        ("apiSecretKeySecretName", "api", "secret_key"),
        ("dagProcessor.enabled", "scheduler", "standalone_dag_processor"),
        ("data.brokerUrlSecretName", "celery", "broker_url"),
        ("data.metadataSecretName", "database", "sql_alchemy_conn"),
        ("data.resultBackendSecretName", "celery", "result_backend"),
        ("executor", "core", "executor"),
        ("fernetKeySecretName", "core", "fernet_key"),
        ("jwtSecretName", "api_auth", "jwt_secret"),
        ("webserverSecretKeySecretName", "webserver", "secret_key"),
    ),
    "community": (("airflow.executor", "core", "executor"),),
}
"""Options that a chart writes itself: the path of the value that they follow, section and key."""

_ASIDE = regex(r".*containers?|.*sidecar|waitForMigrations|gitSync|pgbouncer|statsd", re.IGNORECASE)
_ENV_FROM = regex(r".*env_?from", re.IGNORECASE)
_LINE_OF_ACTIONS = regex(r"^[ \t-]*\{\{(?!-?\s*(?:(?:if|else|end|with)\b|/\*)).*\}\}[ \t]*$", re.MULTILINE)
_COMMENT = regex(r"^[ \t]*#.*$", re.MULTILINE)
_INJECTED = regex(r"vault\.hashicorp\.com/|vault\.security\.banzaicloud\.io/")


def settings_of(values: ValuesFile) -> Iterator[Setting]:
    """Every option and variable of Airflow that the values set.

    A variable in a place that no chart is known to have holds for all components.
    """
    known = [each for root in values.roots for each in _of_root(values, root)]
    yield from known
    regions = {each.region for each in known}
    for item in values.env_items():
        if AIRFLOW_ENV.match(item.name) and item.region not in regions and not _is_aside(item.path):
            name_region = _name_region(values, item)
            yield Setting(item.name, item.region, name_region, _text(item.text), "chart", path=item.path)


def outside_of(values: ValuesFile) -> Iterator[frozenset[str]]:
    """The components that get variables which the values don't tell: of a Secret, a ConfigMap, a template."""
    is_partial = values.release is not None and values.release.is_partial
    if is_partial or not values.roots or _INJECTED.search(values.source.text):
        yield ALL
    for entry in values.entries():
        if entry.key and _ENV_FROM.fullmatch(entry.name) and _is_full(entry) and not _is_aside(entry.path):
            yield _components_at(values, entry.path)
    for root in values.roots:
        extra = values.entry((*root.path, "extraEnv"))
        if extra is not None and _is_partly_made(values, extra):
            yield ALL


def _of_root(values: ValuesFile, root: Root) -> Iterator[Setting]:
    for item in values.config_items():
        if item.path[: len(root.path)] == root.path:
            yield _option(values, item)
    for keys, section, key in _DECIDED[root.chart] if root.chart != "other" else ():
        entry = values.entry((*root.path, *keys.split(".")))
        if entry is not None and isinstance(entry.node, Scalar) and _is_full(entry):
            text = None if keys.endswith("SecretName") else written(entry.node.text)
            yield _decided(section, key, entry, text)
    for listed, components in _lists(values, root):
        for each in _items(values, listed):
            yield from _variable(values, listed.path, each, components)


def _decided(section: str, key: str, entry: Entry, text: str | None) -> Setting:
    return Setting(
        env_name(section, key),
        entry.region,
        entry.key_region or entry.region,
        text,
        "chart",
        is_option=True,
        path=entry.path,
        section=section,
    )


def _option(values: ValuesFile, item: ConfigItem) -> Setting:
    entry = values.entry(item.path)
    node = entry.node if entry else None
    text = node.text if isinstance(node, Scalar) and node.kind != "null" else None
    name_region = entry.key_region if entry else None
    return Setting(
        item.env or env_name(item.section, item.key),
        item.region,
        name_region or item.region,
        _text(text),
        "chart",
        is_option=not item.env,
        path=item.path,
        section=item.section,
    )


def _lists(values: ValuesFile, root: Root) -> _Lists:
    """The lists of variables that a chart is known to have, each with the components that get them."""
    for path in _FOR_ALL.get(root.chart, ()):
        entry = values.entry((*root.path, *path))
        if entry is not None:
            yield entry, ALL
    for key, component in _COMPONENTS.items() if root.chart == "official" else ():
        for path in _of_component(values, (*root.path, key)):
            entry = values.entry((*path, "env"))
            if entry is not None:
                yield entry, frozenset({component})


def _of_component(values: ValuesFile, path: Path) -> Iterator[Path]:
    """The paths below which the variables of a component stand, those of each kind of workers among them."""
    yield path
    if path[-1] == "workers":
        yield from ((*path, kind) for kind in ("celery", "kubernetes"))
        sets = values.entry((*path, "celery", "sets"))
        nodes = sets.node.children if sets and isinstance(sets.node, Sequence) else []
        yield from ((*path, "celery", "sets", place) for place in range(len(nodes)))


def _items(values: ValuesFile, entry: Entry) -> Iterator[Mapping]:
    """The items of a list of variables, or of the text of one."""
    lists: list[Node] = [entry.node]
    if isinstance(entry.node, Scalar):
        lists = [each.node for each in values.inside(entry) if each.path == entry.path]
    for each in lists:
        children = each.children if isinstance(each, Sequence) else []
        yield from (child for child in children if isinstance(child, Mapping))


def _variable(values: ValuesFile, path: Path, item: Mapping, components: frozenset[str]) -> Iterator[Setting]:
    name = item.get("name") or item.get("envName")
    if not isinstance(name, Scalar) or not AIRFLOW_ENV.match(name.text):
        return
    value = item.get("value")
    shown = value or item.get("valueFrom") or item.get("secretName") or item
    is_known = isinstance(value, Scalar) and value.kind != "null"
    yield Setting(
        name.text,
        values.source.region(shown.start, shown.end),
        values.source.region(name.start, name.end),
        written(value.text) if isinstance(value, Scalar) and is_known else None,
        "chart",
        components,
        path=path,
    )


def _components_at(values: ValuesFile, path: Path) -> frozenset[str]:
    for root in values.roots:
        below = path[len(root.path) :]
        if root.chart == "official" and path[: len(root.path)] == root.path and below[0] in _COMPONENTS:
            return frozenset({_COMPONENTS[str(below[0])]})
    return ALL


def _is_partly_made(values: ValuesFile, entry: Entry) -> bool:
    """Whether a template adds variables to a text of them, or it is no list at all."""
    text = _COMMENT.sub("", entry.text or "")
    if _LINE_OF_ACTIONS.search(text):
        return True
    return bool(text.strip()) and not any(True for _ in _items(values, entry))


def _name_region(values: ValuesFile, item: EnvItem) -> Region:
    last = item.path[-1:]
    if last in (("value",), ("valueFrom",)):
        name = values.entry((*item.path[:-1], "name"))
        return name.region if name else item.region
    entry = values.entry(item.path)
    return (entry.key_region if entry else None) or item.region


def _is_aside(path: Path) -> bool:
    """Whether a place belongs to a container beside that of a component."""
    return any(isinstance(part, str) and _ASIDE.fullmatch(part) for part in path)


def _is_full(entry: Entry) -> bool:
    if isinstance(entry.node, Scalar):
        return entry.node.kind != "null" and bool(entry.node.text.strip())
    return bool(entry.node.children)


def _text(text: str | None) -> str | None:
    return None if text is None else written(text)
