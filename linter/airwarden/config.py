"""What a repository asks of airwarden: the table `[tool.airwarden]` of its pyproject.toml."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from airwarden.folders import folder
from airwarden.packs import Pack, PackError, at
from airwarden.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jsonschema import ValidationError

    from airwarden.findings import Level

LevelSetting: TypeAlias = Literal["error", "warning", "note", "off"]

_NOTIFIERS = Path(__file__).parent / "tables" / "notifiers.csv"


class ConfigError(Exception):
    """A setting that can't be followed. Its text is one sentence that names the place."""


@dataclass(frozen=True)
class Exemption:
    """DAGs that need no failure alert: by a pattern of ids as `fnmatch` knows them, or by a tag; and why."""

    reason: str
    id: str | None = None
    tag: str | None = None

    def covers(self, dag_id: str | None, tags: Iterable[str]) -> bool:
        """Whether it is about a DAG; one whose id is not known is covered by its tags alone."""
        if self.tag is not None:
            return self.tag in tags
        return dag_id is not None and fnmatchcase(dag_id, self.id or "")


@dataclass(frozen=True)
class Config:
    """What to check and how severely, with defaults for whatever is not set.

    `place` stands before a key in messages: a file and the table in it. `exclude`, `values_files` and the
    keys of `per_file_ignores` are .gitignore patterns; `dag_folders` are folders relative to the root.
    `accepted_notifiers` are full dotted names. `alert_channels` and `alert_connections` are all that alerts
    may use; any where there are none. `dag_policy_attaches_alert` is None where that is to be found out.
    `deployments` are lists of values files, later ones over earlier ones, which count among `values_files`.
    `dependency_files` are the files that the image is built from; to be found out where there are none.
    `xcom_threshold_range` is the least and the greatest threshold of XCom's object storage, in bytes. `packs`
    hold further rules; the folders of those that stand in the repository count among what is excluded.
    """

    place: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    levels: Mapping[str, LevelSetting] = field(default_factory=dict)
    fail_on: Level = "error"
    exclude: tuple[str, ...] = ()
    values_files: tuple[str, ...] = ()
    dag_folders: tuple[str, ...] = ()
    accepted_notifiers: tuple[str, ...] = field(default_factory=lambda: _notifiers(("slack",), ""))
    alert_channels: tuple[str, ...] = ()
    alert_connections: tuple[str, ...] = ()
    exempt_dags: tuple[Exemption, ...] = ()
    dag_policy_attaches_alert: bool | None = None
    deployments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dependency_files: tuple[str, ...] = ()
    xcom_threshold_range: tuple[int, int] = (1 << 16, 1 << 24)
    packs: tuple[Pack, ...] = ()

    @classmethod
    def read(cls, root: Path, file: Path | None = None) -> Config:
        """Reads `file`, or the pyproject.toml of `root`; the defaults where that has no such table.

        `file` may hold the settings in `[tool.airwarden]` or, unless it is a pyproject.toml, at its top.
        Raises `ConfigError`.
        """
        if file is None:
            return _from_project(root)
        document = _document(str(file), _text(file))
        table = _own_table(document)
        if table is not None:
            return _config(f"{file}: tool.airwarden.", table, root)
        if file.name == "pyproject.toml":
            raise ConfigError(f"{file}: there is no table [tool.airwarden]")
        return _config(f"{file}: ", document, root)

    def names(self) -> Iterator[tuple[str, str]]:
        """Every name of a rule or family in the settings, each with the place where it stands."""
        for key, names in (("select", self.select), ("ignore", self.ignore)):
            yield from ((f"{self.place}{key}", name) for name in names)
        for pattern, names in self.per_file_ignores.items():
            yield from ((f"{self.place}per-file-ignores.{_key(pattern)}", name) for name in names)
        yield from ((f"{self.place}levels", name) for name in self.levels)

    def level(self, rule: str, family: str) -> LevelSetting | None:
        """The level set for a rule, or else for its family."""
        return self.levels.get(rule) or self.levels.get(family)

    def names_rule(self, rule: str) -> bool:
        """Whether the settings ask for a rule by its own name."""
        return rule in self.select or self.levels.get(rule, "off") != "off"

    def runs(self, rule: str, family: str) -> bool:
        """Whether a rule runs at all: a rule's own name is heeded before its family's."""
        if self.level(rule, family) == "off" or rule in self.ignore:
            return False
        if rule in self.select:
            return True
        return family not in self.ignore and (not self.select or family in self.select)


def nearest(name: str, names: Iterable[str]) -> str:
    """The name most like `name`, in words that end a sentence; empty where none is like it."""
    import difflib

    close = difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.5)
    return f" (nearest: {close[0]!r})" if close else ""


def _from_project(root: Path) -> Config:
    path = root / "pyproject.toml"
    if not path.is_file():
        return Config()
    text = _text(path)
    if "airwarden" not in text:
        return Config()
    try:
        table = _own_table(_document(_shown(path), text))
    except ConfigError:
        if "tool.airwarden" in text:
            raise
        return Config()
    return Config() if table is None else _config(f"{_shown(path)}: tool.airwarden.", table, root)


def _shown(path: Path) -> str:
    """The path as seen from the current folder, where it stands below that."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text") from None


def _document(place: str, text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{place}: is not valid TOML: {error}") from None


def _own_table(document: dict[str, Any]) -> object:
    tools = document.get("tool")
    return tools.get("airwarden") if isinstance(tools, dict) else None


def _config(place: str, table: Any, root: Path) -> Config:
    _validate(place, table)
    deployments = _deployments(table.get("deployments", {}), place, root)
    stacked = {f"/{_escaped(path)}": None for paths in deployments.values() for path in paths}
    packs = _packs(table.get("policies", ()), place, root)
    return Config(
        place=place,
        select=tuple(table.get("select", ())),
        ignore=tuple(table.get("ignore", ())),
        per_file_ignores={glob: tuple(names) for glob, names in table.get("per-file-ignores", {}).items()},
        levels=dict(table.get("levels", {})),
        fail_on=table.get("fail-on", "error"),
        exclude=(*table.get("exclude", ()), *(f"/{_escaped(pack.name)}/" for pack in packs)),
        values_files=(*table.get("values-files", ()), *stacked),
        dag_folders=tuple(table.get("dag-folders", ())),
        accepted_notifiers=_notifiers(table.get("accepted-notifiers", ["slack"]), place),
        alert_channels=tuple(table.get("alert-channels", ())),
        alert_connections=tuple(table.get("alert-connections", ())),
        exempt_dags=tuple(Exemption(**each) for each in table.get("exempt-dags", ())),
        dag_policy_attaches_alert=table.get("dag-policy-attaches-alert"),
        deployments=deployments,
        dependency_files=_files_at(table.get("dependency-files", ()), f"{place}dependency-files", root),
        xcom_threshold_range=_range(table.get("xcom-threshold-range"), place),
        packs=packs,
    )


def _packs(folders: Sequence[str], place: str, root: Path) -> tuple[Pack, ...]:
    """The packs that stand in folders of the repository."""
    found: dict[Path, Pack] = {}
    for index, path in enumerate(folders):
        try:
            pack = at(PurePosixPath(path).as_posix(), root)
        except PackError as error:
            raise ConfigError(f"{place}policies[{index}]: {error}") from None
        found.setdefault(pack.folder, pack)
    return tuple(found.values())


def _deployments(named: Mapping[str, list[str]], place: str, root: Path) -> dict[str, tuple[str, ...]]:
    """The values files of each deployment, relative to the root."""
    return {name: _files_at(paths, f"{place}deployments.{_key(name)}", root) for name, paths in named.items()}


def _files_at(paths: Sequence[str], place: str, root: Path) -> tuple[str, ...]:
    """Paths of files, relative to the root, as the repository names them."""
    for index, path in enumerate(paths):
        if ".." in PurePosixPath(path).parts or not (root / path).is_file():
            raise ConfigError(f"{place}[{index}]: there is no file {path!r}")
    return tuple(PurePosixPath(path).as_posix() for path in paths)


def _escaped(path: str) -> str:
    """A path as a .gitignore pattern that means nothing else."""
    return re.sub(r"([\\*?\[\] ])", r"\\\1", path)


def _range(bounds: list[int] | None, place: str) -> tuple[int, int]:
    if bounds is None:
        return Config.xcom_threshold_range
    least, greatest = bounds
    if least > greatest:
        raise ConfigError(f"{place}xcom-threshold-range: {least} is more than {greatest}")
    return least, greatest


def _validate(place: str, table: Any) -> None:
    schema = json.loads((folder("schemas") / "config.json").read_text(encoding="utf-8"))
    if _surely_fits(table, schema):
        return
    from jsonschema import Draft202012Validator

    errors = sorted(Draft202012Validator(schema).iter_errors(table), key=lambda error: str(error.json_path))
    if errors:
        raise ConfigError(_sentence(place, errors[0]))


def _surely_fits(table: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a table is known to fit a schema without jsonschema, which takes long to import."""
    try:
        return _fits(table, schema, schema["$defs"])
    except LookupError:
        return False


def _fits(value: Any, schema: Mapping[str, Any] | str, definitions: Mapping[str, Any]) -> bool:
    """Whether a value fits a schema, or the one that is referred to. Raises `LookupError` for a keyword or a
    value of any other kind.
    """

    def fits(value: Any, schema: Mapping[str, Any] | str) -> bool:
        return _fits(value, schema, definitions)

    _TYPE_NAMES[type(value)]
    known = definitions[schema.removeprefix("#/$defs/")] if isinstance(schema, str) else schema
    keywords = known.keys() - _ANNOTATIONS
    return all(_obeys(value, keyword, known, fits) for keyword in keywords)


def _obeys(value: Any, keyword: str, schema: Mapping[str, Any], fits: Callable[[Any, Any], bool]) -> bool:
    wanted: Any = schema[keyword]
    match keyword:
        case "$ref":
            return fits(value, wanted)
        case "type":
            return bool(_TYPE_NAMES[type(value)] == wanted)
        case "enum":
            return isinstance(value, str) and value in wanted
        case "oneOf":
            return sum(fits(value, each) for each in wanted) == 1
        case "pattern":
            return not isinstance(value, str) or re.search(wanted, value) is not None
        case "minLength":
            return not isinstance(value, str) or len(value) >= wanted
        case "minItems":
            return not isinstance(value, list) or len(value) >= wanted
        case "items":
            return not isinstance(value, list) or all(fits(each, wanted) for each in value)
        case "required":
            return not isinstance(value, dict) or value.keys() >= set(wanted)
        case "propertyNames":
            return not isinstance(value, dict) or all(fits(key, wanted) for key in value)
        case "properties":
            return not isinstance(value, dict) or all(
                fits(value[key], each) for key, each in wanted.items() if key in value
            )
        case "additionalProperties":
            others = value.keys() - schema.get("properties", {}) if isinstance(value, dict) else ()
            return all(wanted and fits(value[key], wanted) for key in others)
    raise LookupError(keyword)


_TYPE_NAMES = {list: "array", bool: "boolean", int: "integer", dict: "object", str: "string"}
_ANNOTATIONS = frozenset({"$schema", "$defs", "title", "description", "default"})


def _sentence(place: str, error: ValidationError) -> str:
    keys = "".join(f"[{key}]" if isinstance(key, int) else f".{_key(key)}" for key in error.absolute_path)
    where = f"{place}{keys[1:]}" if keys else place.rstrip(". :")
    return f"{where}: {_fault(error)}"


def _fault(error: ValidationError) -> str:
    value: Any = error.instance
    wanted: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "additionalProperties":
            known = schema["properties"]
            name = next(key for key in value if key not in known)
            return f"there is no setting {name!r}" + (nearest(name, known) or f" (known: {', '.join(known)})")
        case "enum":
            return f"{value!r} is none of {', '.join(wanted)}{nearest(str(value), wanted)}"
        case "type":
            return f"{_KINDS.get(type(value), 'this')} stands where {_NOUNS[wanted]} is wanted"
        case "minItems" if not value:
            return "the list is empty"
        case "required":
            return f"{next(name for name in wanted if name not in value)} is missing"
        case "oneOf":
            return f"either {' or '.join(each['required'][0] for each in wanted)} is wanted"
    return f"{value!r} is not {schema['description']}"


_KINDS = {
    str: "a string",
    bool: "a truth value",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a table",
}
_NOUNS = {
    "array": "a list",
    "boolean": "a truth value",
    "integer": "a whole number",
    "object": "a table",
    "string": "a string",
}


def _key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name) else json.dumps(name, ensure_ascii=False)


def _notifiers(names: Sequence[str], place: str) -> tuple[str, ...]:
    """The dotted names behind `names`, each a service of the table or a dotted name already."""
    import csv

    with _NOTIFIERS.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    services = {row["service"] for row in rows}
    for index, name in enumerate(names):
        if "." not in name and name not in services:
            near = nearest(name, services) or f" (known: {', '.join(sorted(services))})"
            fault = f"{name!r} is neither a known service nor a dotted name{near}"
            raise ConfigError(f"{place}accepted-notifiers[{index}]: {fault}")
    own = [name for name in names if "." in name]
    return (*(row["name"] for row in rows if row["service"] in names), *own)
