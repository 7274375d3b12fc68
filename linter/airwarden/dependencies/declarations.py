"""What one dependency file declares: each distribution with its extras, versions and region."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any, Literal, TypeAlias

from airwarden.distributions.names import canonical, is_airflow, normalised
from airwarden.findings import Region
from airwarden.source import Source
from airwarden.toml_file import Route, TomlFile

Kind: TypeAlias = Literal["project", "requirements", "image", "trace"]
"""`project`: the file describes a whole environment (pyproject.toml, Pipfile, setup.cfg, ...).
`requirements`: a list that may be installed on top of something. `image`: a Dockerfile.
`trace`: a file that tells what gets installed and is no place to declare it (a lock or compose file, ...).
"""

_ARRAYS = (
    "project.dependencies",
    "project.optional-dependencies.*",
    "dependency-groups.*",
    "tool.uv.dev-dependencies",
    "tool.pdm.dev-dependencies.*",
    "tool.hatch.envs.*.dependencies",
    "tool.hatch.envs.*.extra-dependencies",
    "tool.rye.dev-dependencies",
    "tool.flit.metadata.requires",
)
_TABLES = (
    "tool.poetry.dependencies",
    "tool.poetry.dev-dependencies",
    "tool.poetry.group.*.dependencies",
    "tool.pixi.dependencies",
    "tool.pixi.pypi-dependencies",
    "tool.pixi.feature.*.dependencies",
    "tool.pixi.feature.*.pypi-dependencies",
)
_FILES = (
    "tool.setuptools.dynamic.dependencies.file",
    "tool.setuptools.dynamic.optional-dependencies.*.file",
    "tool.hatch.metadata.hooks.requirements_txt.files",
)

_NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?([^;#@]*)")
_EGG = re.compile(r"[#&]egg=([\w.-]+)")
_LAST_IN_URL = re.compile(r"/([\w.-]+?)(?:\.git)?(?:@[^/#]*)?(?:#.*)?$")
_INCLUDE = re.compile(r"(?:-r|--requirement)[\s=]*(\S+)")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_PYTHONS = tuple(f"3.{minor}" for minor in range(8, 16))


@dataclass(frozen=True)
class Declaration:
    """One distribution that a file names, by its canonical name; `versions` is a specifier as written."""

    name: str
    extras: frozenset[str]
    versions: str
    region: Region


@dataclass(frozen=True)
class DependencyList:
    """One file's declarations. `region` is where the list stands that a further one would be added to.

    `includes` are the files it takes in. `is_open` where some of it can't be read here, so that it may hold
    more. `builds_airflow` for a Dockerfile that starts from an image of Airflow.
    """

    kind: Kind
    region: Region
    declarations: tuple[Declaration, ...]
    includes: tuple[str, ...] = ()
    is_open: bool = False
    builds_airflow: bool = False

    @property
    def path(self) -> str:
        """The file's path."""
        return self.region.path

    @property
    def names_airflow(self) -> bool:
        """Whether it speaks of an environment with Airflow."""
        return self.builds_airflow or any(is_airflow(declared.name) for declared in self.declarations)


def read_pyproject(file: TomlFile) -> DependencyList:
    """A pyproject.toml's list: PEP 621, PEP 735, Poetry, PDM, uv, Hatch, Rye, Flit, Pixi."""
    found = list(_project_declarations(file))
    ours = (route for route, declared in found if is_airflow(declared.name) and route[-1] != "name")
    listed = next(ours, None)
    includes = tuple(_beside(file.source.path, name) for name in _files(file))
    dynamic = any("dependencies" in _texts(names) for _, names in file.find("project.dynamic"))
    is_open = dynamic and not includes and not any(file.find("tool.poetry.dependencies"))
    return DependencyList(
        "project",
        (file.key(listed) if listed else None) or _first_list(file),
        tuple(declared for _, declared in found),
        includes,
        is_open,
    )


def _first_list(file: TomlFile) -> Region:
    keys = (file.key(route) for pattern in (*_FILES, *_ARRAYS, *_TABLES) for route, _ in file.find(pattern))
    return next(filter(None, keys), None) or file.source.region(0, 0)


def _project_declarations(file: TomlFile) -> Iterator[tuple[Route, Declaration]]:
    for pattern in ("project.name", "tool.poetry.name"):
        yield from _from_array(file, ((route, [name]) for route, name in file.find(pattern)))
    for pattern in _ARRAYS:
        yield from _from_array(file, file.find(pattern))
    for pattern in _TABLES:
        for route, table in file.find(pattern):
            yield from _from_table(file, route, table)


def _from_array(file: TomlFile, found: Iterable[tuple[Route, Any]]) -> Iterator[tuple[Route, Declaration]]:
    for route, items in found:
        for index, item in enumerate(items if isinstance(items, list) else ()):
            region = file.value((*route, index)) or file.value(route)
            if isinstance(item, str) and region and (declared := declaration(item, region)):
                yield route, declared


def _from_table(file: TomlFile, route: Route, table: Any) -> Iterator[tuple[Route, Declaration]]:
    """Names with a version, a table, or several tables each: Poetry's, Pixi's and Pipenv's way."""
    for name, value in table.items() if isinstance(table, dict) else ():
        region = file.key((*route, name))
        for one in value if isinstance(value, list) else [value]:
            settings = one if isinstance(one, dict) else {"version": one}
            marker = str(settings.get("markers", ""))
            if region and _may_hold(marker):
                extras = frozenset(normalised(extra) for extra in _texts(settings.get("extras")))
                yield route, Declaration(canonical(name), extras, str(settings.get("version", "")), region)


def _files(file: TomlFile) -> Iterator[str]:
    for pattern in _FILES:
        for _, value in file.find(pattern):
            yield from _texts(value)


def _texts(value: object) -> list[str]:
    """A text, or the texts of a list; none of anything else."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


def read_pipfile(file: TomlFile) -> DependencyList:
    """A Pipfile's list: every table of packages, whatever its category is called."""
    categories = [name for name in file.data if name not in ("source", "requires", "scripts", "pipenv")]
    found = [each for name in categories for each in _from_table(file, (name,), file.data[name])]
    listed = next((route for route, declared in found if is_airflow(declared.name)), ("packages",))
    region = file.key(listed) or file.source.region(0, 0)
    return DependencyList("project", region, tuple(declared for _, declared in found))


def read_requirements(source: Source) -> DependencyList:
    """A requirements file's list, and the files it includes."""
    declarations, includes = [], []
    for text, start in _logical_lines(source):
        include = _INCLUDE.match(text)
        if include:
            includes.append(_beside(source.path, include[1]))
        elif declared := declaration(_bare(text), source.region(start, start + len(text))):
            declarations.append(declared)
    return _flat_list("requirements", source, declarations, includes)


def _logical_lines(source: Source) -> Iterator[tuple[str, int]]:
    """Each line that says something, without its comment, and the offset of its first character."""
    continued = False
    for number, start in enumerate(source.starts, start=1):
        line = source.line(number)
        text = _COMMENT.sub("", line)
        stripped = text.strip().removesuffix("\\").rstrip()
        if stripped and not continued:
            yield stripped, start + len(text) - len(text.lstrip())
        continued = text.rstrip().endswith("\\")


def _bare(text: str) -> str:
    """A requirement line without the options of pip that may stand in it."""
    editable = re.match(r"(?:-e|--editable)[\s=]*", text)
    if editable:
        return text[editable.end() :]
    return "" if text.startswith("-") else re.split(r"\s--?\w", text, maxsplit=1)[0]


def read_setup_cfg(source: Source) -> DependencyList:
    """A setup.cfg's list: install_requires and all extras."""
    declarations, section, wanted = [], "", False
    for text, start in _logical_lines(source):
        indented = source.text[start - 1 : start] in (" ", "\t")
        header = re.fullmatch(r"\[(.*)\]", text)
        if header:
            section, wanted = header[1], False
            continue
        if not indented:
            key, _, value = text.partition("=")
            wanted = section == "options.extras_require" or (section, key.strip()) in _SETUP_KEYS
            start, text = start + len(text) - len(value.lstrip()), value.strip()
        if wanted and (declared := declaration(text, source.region(start, start + len(text)))):
            declarations.append(declared)
    return _flat_list("project", source, declarations)


_SETUP_KEYS = {("options", "install_requires"), ("options", "tests_require"), ("options", "setup_requires")}


def _flat_list(
    kind: Kind, source: Source, declarations: list[Declaration], includes: Iterable[str] = ()
) -> DependencyList:
    """A list without a key of its own: it stands where its first distribution of Airflow does."""
    ours = (declared.region for declared in declarations if is_airflow(declared.name))
    region = next(ours, None) or source.region(0, 0)
    return DependencyList(kind, region, tuple(declarations), tuple(includes))


def named_list(kind: Kind, source: Source, names: Iterable[Declaration]) -> DependencyList:
    """A list of names that stand in a text of any form."""
    return _flat_list(kind, source, list(names))


def _beside(path: str, name: str) -> str:
    """The path of a file that another one names, relative to itself."""
    parts: list[str] = []
    for part in (PurePosixPath(path).parent / name.removeprefix("file:")).parts:
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
    return "/".join(parts)


def declaration(text: str, region: Region) -> Declaration | None:
    """What a requirement declares; None where it is none, or its marker never holds on Linux."""
    head, _, marker = text.partition(";")
    if "://" in head and "@ " not in head:
        found = _EGG.search(head) or _LAST_IN_URL.search(head.strip())
        name = found[1].partition("-")[0] if found and found[1].endswith(".whl") else found and found[1]
        return Declaration(canonical(name), frozenset(), "", region) if name else None
    match = _NAME.match(head)
    if match is None or not _may_hold(marker):
        return None
    extras = frozenset(normalised(extra.strip()) for extra in (match[2] or "").split(",") if extra.strip())
    return Declaration(canonical(match[1]), extras, match[3].strip(" ()"), region)


@cache
def _may_hold(marker: str) -> bool:
    """Whether a marker holds for any Python that any supported Airflow runs on, on Linux; unknown is yes."""
    if not marker.strip() or "extra" in marker:
        return True
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName

    linux = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"}
    try:
        parsed = Marker(marker)
        return any(
            parsed.evaluate({**linux, "platform_machine": machine, **_python(version)})
            for version in _PYTHONS
            for machine in ("x86_64", "aarch64")
        )
    except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName):
        return True


def _python(version: str) -> dict[str, str]:
    return {
        "python_version": version,
        "python_full_version": f"{version}.9",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
