"""pyproject.toml and Pipfile: PEP 621, PEP 735, Poetry, PDM, uv, Hatch, Rye, Flit, Pixi, Pipenv."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from airwarden.dependencies.declarations import Declaration, DependencyList, beside, declaration, main_of
from airwarden.dependencies.markers import may_hold
from airwarden.distributions.names import canonical, is_airflow, normalised
from airwarden.findings import Region
from airwarden.toml_file import Route, TomlFile

_ARRAYS = {
    "project.dependencies": "",
    "project.optional-dependencies.*": "*",
    "dependency-groups.*": "*",
    "tool.uv.dev-dependencies": "dev",
    "tool.pdm.dev-dependencies.*": "dev",
    "tool.hatch.envs.*.dependencies": "*",
    "tool.hatch.envs.*.extra-dependencies": "*",
    "tool.rye.dev-dependencies": "dev",
    "tool.flit.metadata.requires": "",
}
"""The group of each array; `*` for the name in its route."""
_TABLES = {
    "tool.poetry.dependencies": "",
    "tool.poetry.dev-dependencies": "dev",
    "tool.poetry.group.*.dependencies": "*",
    "tool.pixi.dependencies": "",
    "tool.pixi.pypi-dependencies": "",
    "tool.pixi.feature.*.dependencies": "*",
    "tool.pixi.feature.*.pypi-dependencies": "*",
}
_PIXI = {
    "dependencies": "",
    "pypi-dependencies": "",
    "feature.*.dependencies": "*",
    "feature.*.pypi-dependencies": "*",
}
_FILES = (
    "tool.setuptools.dynamic.dependencies.file",
    "tool.setuptools.dynamic.optional-dependencies.*.file",
    "tool.hatch.metadata.hooks.requirements_txt.files",
)
_PYTHON = ("project.requires-python", "tool.poetry.dependencies.python")
_NO_PACKAGES = frozenset({"source", "requires", "scripts", "pipenv"})


def read_pyproject(file: TomlFile) -> DependencyList:
    """A pyproject.toml's list."""
    found = list(_declarations(file))
    listed = _list_of_airflow(found)
    includes = tuple(beside(file.source.path, name) for name in _files(file))
    dynamic = any("dependencies" in _texts(names) for _, names in file.find("project.dynamic"))
    is_open = dynamic and not includes and not any(file.find("tool.poetry.dependencies"))
    return DependencyList(
        "project",
        (file.key(listed) if listed else None) or _first_list(file),
        tuple(declared for _, declared in found),
        includes,
        is_open,
        name=next((normalised(name) for name in _found_texts(file, "project.name", "tool.poetry.name")), ""),
        python=next(_found_texts(file, *_PYTHON), ""),
        taken_in=tuple(_taken_in(file)),
        members=tuple(_found_texts(file, "tool.uv.workspace.members")),
    )


def _list_of_airflow(found: Iterable[tuple[Route, Declaration]]) -> Route | None:
    """Where Airflow itself is declared: among what is always installed, if it is there."""
    ours = {each: route for route, each in found if is_airflow(each.name) and route[-1] != "name"}
    first = main_of(ours)
    return ours[first] if first else None


def _first_list(file: TomlFile) -> Region:
    keys = (file.key(route) for pattern in (*_FILES, *_ARRAYS, *_TABLES) for route, _ in file.find(pattern))
    return next(filter(None, keys), None) or file.source.region(0, 0)


def _declarations(file: TomlFile) -> Iterator[tuple[Route, Declaration]]:
    for pattern in ("project.name", "tool.poetry.name"):
        for route, name in file.find(pattern):
            yield from _from_array(file, route, [name], "")
    for pattern, group in _ARRAYS.items():
        for route, items in file.find(pattern):
            yield from _from_array(file, route, items, _group(pattern, group, route))
    for pattern, group in _TABLES.items():
        for route, table in file.find(pattern):
            yield from _from_table(file, route, table, _group(pattern, group, route))


def _group(pattern: str, group: str, route: Route) -> str:
    return normalised(str(route[pattern.split(".").index("*")])) if group == "*" else group


def _from_array(
    file: TomlFile, route: Route, items: object, group: str
) -> Iterator[tuple[Route, Declaration]]:
    for index, item in enumerate(items if isinstance(items, list) else ()):
        region = file.value((*route, index)) or file.value(route)
        if isinstance(item, str) and region and (declared := declaration(item, region, group)):
            yield route, declared


def _from_table(file: TomlFile, route: Route, table: Any, group: str) -> Iterator[tuple[Route, Declaration]]:
    """Names with a version, a table, or several tables each: Poetry's, Pixi's and Pipenv's way."""
    for name, value in table.items() if isinstance(table, dict) else ():
        region = file.key((*route, name))
        for one in value if isinstance(value, list) else [value]:
            settings = one if isinstance(one, dict) else {"version": one}
            marker = str(settings.get("markers", ""))
            if region and may_hold(marker):
                extras = frozenset(normalised(extra) for extra in _texts(settings.get("extras")))
                versions = str(settings.get("version", ""))
                yield (
                    route,
                    Declaration(canonical(name), extras, versions, region, group, marker, normalised(name)),
                )


def _files(file: TomlFile) -> Iterator[str]:
    yield from _found_texts(file, *_FILES)


def _found_texts(file: TomlFile, *patterns: str) -> Iterator[str]:
    for pattern in patterns:
        for _, value in file.find(pattern):
            yield from _texts(value)


def _texts(value: object) -> list[str]:
    """A text, or the texts of a list; none of anything else."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


def _taken_in(file: TomlFile) -> Iterator[tuple[str, str]]:
    """Which group takes in which: by `include-group`, by Poetry's list, or as an extra of the project."""
    for route, items in file.find("dependency-groups.*"):
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict):
                yield from ((_last(route), normalised(name)) for name in _texts(item.get("include-group")))
    for route, names in file.find("tool.poetry.group.*.include-groups"):
        yield from ((normalised(str(route[3])), normalised(name)) for name in _texts(names))
    own = {normalised(name) for name in _found_texts(file, "project.name", "tool.poetry.name")}
    for _, declared in _declarations(file):
        if declared.name in own:
            yield from ((declared.group, extra) for extra in declared.extras)


def _last(route: Route) -> str:
    return normalised(str(route[-1]))


def read_pixi(file: TomlFile) -> DependencyList:
    """A pixi.toml's list."""
    found: list[tuple[Route, Declaration]] = []
    for pattern, group in _PIXI.items():
        for route, table in file.find(pattern):
            found += _from_table(file, route, table, _group(pattern, group, route))
    listed = _list_of_airflow(found)
    region = (file.key(listed) if listed else None) or file.source.region(0, 0)
    return DependencyList("project", region, tuple(declared for _, declared in found))


def read_pipfile(file: TomlFile) -> DependencyList:
    """A Pipfile's list: every table of packages, whatever its category is called."""
    categories = [name for name in file.data if name not in _NO_PACKAGES]
    found = [
        each for name in categories for each in _from_table(file, (name,), file.data[name], _category(name))
    ]
    listed = _list_of_airflow(found) or ("packages",)
    region = file.key(listed) or file.source.region(0, 0)
    python = next(_found_texts(file, "requires.python_version"), "")
    return DependencyList(
        "project", region, tuple(declared for _, declared in found), python=f"=={python}.*" if python else ""
    )


def _category(name: str) -> str:
    return {"packages": "", "dev-packages": "dev"}.get(name, normalised(name))
