"""Airflow never reads a setting of the XCom backend whose name is misspelt, and says nothing.

The options of the object-storage backend stand in the section `[common.io]`, with a dot and in lower case,
and are called `xcom_objectstorage_path`, `xcom_objectstorage_threshold` and `xcom_objectstorage_compression`.
The variables that set them start with `AIRFLOW__COMMON_IO__`, with one underscore in the middle and in upper
case. Whatever is called otherwise is ignored: `[common_io]`, `[Common.IO]`, `config: common: io:`,
`AIRFLOW__COMMON.IO__...`, `AIRFLOW__COMMON__IO__...`, a variable without the prefix or in lower case, and an
option that stands in `[core]`. Without its path the backend fails at the first XCom, without its threshold it
never stores an object.

Not flagged are a variable without the prefix that other files refer to, a misspelt setting whose right twin
stands in the same file, and repositories with a backend of their own, which may read what it likes.

Use the names that Airflow knows:

    config:
      common.io:
        xcom_objectstorage_path: s3://my_conn@my-bucket/xcom
        xcom_objectstorage_threshold: "1048576"
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Set
from difflib import get_close_matches

from airwarden.credentials.sensitive import env_name
from airwarden.deployment.config_file import ConfigFile
from airwarden.deployment.container_files import reader_of
from airwarden.deployment.effective import Deployment
from airwarden.findings import Edit, Finding, Fix, Region
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.source import Source, Unreadable
from airwarden.values import ConfigItem, EnvItem, Path, ValuesFile
from airwarden.yaml_tree import Mapping

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="use the section [common.io], or variables that start with AIRFLOW__COMMON_IO__",
    see="https://airflow.apache.org/docs/apache-airflow-providers-common-io/stable/xcom_backend.html",
    profile="recommended",
)

BACKEND = "airflow.providers.common.io.xcom.backend.XComObjectStorageBackend"
SECTION = "common.io"
OPTIONS = ("xcom_objectstorage_path", "xcom_objectstorage_threshold", "xcom_objectstorage_compression")
OTHERS = (
    "state_store_objectstorage_path",
    "state_store_objectstorage_threshold",
    "state_store_objectstorage_compression",
)
"""What else the section knows."""

RIGHT = regex(
    r"(?=\w+\Z)AIRFLOW__(?:\w+___)?COMMON_IO__XCOM_OBJECTSTORAGE_(?:PATH|THRESHOLD|COMPRESSION)(?:_\w+)?"
)
LEADS = {"airflow" + rest for rest in ("", "common", "commonio", "core", "io", "xcom", "objectstorage")}
BARE_LEADS = {"", "commonio"}
NEAR = 0.93
HEADER = regex(r"^[ \t]*\[(?P<name>[^\]\r\n]+)\]", re.MULTILINE)
ASSIGNED = regex(
    r"""(?:^[ \t]*(?:(?:ENV|export)[ \t]+|-[ \t]+)?|[ \t])["']?"""
    r"""(?P<name>[\w.-]{0,60}x_?com[\w.-]{0,30}object[\w.-]{0,30}(?:path|threshold|treshold|compression))"""
    r"""["']?[ \t]*[=:]""",
    re.IGNORECASE | re.MULTILINE,
)
COMMENT = regex(r"[ \t]*#")


@dataclass(frozen=True)
class Misspelt:
    """A name that Airflow doesn't know: where it stands, and what is wrong with it.

    `rename` is what to write instead, empty where that alone would not do.
    """

    name: str
    region: Region
    why: str
    rename: str = ""


@dataclass(frozen=True)
class _Section:
    """A section as a file has it: its name, where that stands, and each key with its own place."""

    name: str
    region: Region
    keys: list[tuple[str, Region]]


@rule.deployment
def check(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags each name that is near to one of the backend's and is none."""
    if _has_own_backend(deployment):
        return
    for config in deployment.config_files:
        yield from _told(_in_config(config))
    for values in deployment.values_files:
        yield from _told(_in_values(deployment, repo, values))
    for path in sorted({each.region.path for each in deployment.settings if reader_of(each.region.path)}):
        yield from _told(_in_containers(deployment, repo, repo.source(path)))


def _has_own_backend(deployment: Deployment) -> bool:
    classes = {each.text for each in deployment.setting("core", "xcom_backend")}
    return any(text and text.split()[0] != BACKEND and "BaseXCom" not in text for text in classes)


def _told(found: Iterator[Misspelt]) -> Iterator[Finding]:
    for each in found:
        edits = (Edit(each.region, each.rename),) if each.rename else ()
        fix = Fix(f"Write {each.rename}", edits, safe=True) if edits else None
        yield rule.finding(
            each.region, f"Airflow ignores {each.name}: {each.why}", fix=fix, subject=each.name
        )


# Options


def _in_config(config: ConfigFile) -> Iterator[Misspelt]:
    source = config.source
    sections: dict[int, _Section] = {}
    headers = list(HEADER.finditer(source.text))
    starts = [header.start() for header in headers]
    for option in config.options:
        key = option.key_region
        header = headers[bisect_left(starts, source.offset(key.line, key.column)) - 1]
        name = header["name"].rpartition("=")[2]
        section = _Section(name, source.region(*header.span("name")), [])
        sections.setdefault(header.start(), section).keys.append((source.slice(key), key))
    yield from _in_sections(list(sections.values()), {header["name"] for header in headers})


def _in_sections(sections: list[_Section], names: Set[str]) -> Iterator[Misspelt]:
    """The misspelt names of the sections of one file; `names` are those of all, empty ones too."""
    twins = {key for section in sections if section.name == SECTION for key, _ in section.keys}
    for section in sections:
        is_right = section.name == SECTION
        meant = [(key, region, option) for key, region in section.keys if (option := _meant(key, is_right))]
        lost = [each for each in meant if each[2] not in twins]
        if lost and not is_right and _letters(section.name) == _letters(SECTION):
            rename = "" if SECTION in names else SECTION
            yield Misspelt(f"[{section.name}]", section.region, f"the section is called [{SECTION}]", rename)
            continue
        for key, region, option in lost:
            why = f"it is called {option}" if is_right else f"it belongs in [{SECTION}]"
            yield Misspelt(f"[{section.name}] {key}", region, why, option if is_right else "")


def _meant(key: str, may_be_near: bool) -> str | None:
    """The option that a key is or is meant to be."""
    if key in OTHERS:
        return None
    letters = {_letters(option): option for option in (*OPTIONS, *OTHERS)}
    near = get_close_matches(_letters(key), letters, 1, NEAR) if may_be_near else []
    found = letters.get(_letters(key)) or (letters[near[0]] if near else None)
    return found if found in OPTIONS else None


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _in_values(deployment: Deployment, repo: Repo, values: ValuesFile) -> Iterator[Misspelt]:
    roots: dict[Path, dict[str, _Section]] = {}
    for item in values.config_items():
        where, key = values.entry(item.path[:-1]), _key_region(values, item)
        if item.env:
            yield from _variable(deployment, repo, values.path, item.env, key)
        elif where is not None and where.key_region is not None and key is not None:
            yield from _nested(values, item, where.key_region)
            section = _Section(item.section, where.key_region, [])
            root = roots.setdefault(item.path[:-2], {})
            root.setdefault(item.section, section).keys.append((item.key, key))
    for root in roots.values():
        yield from _in_sections(list(root.values()), root.keys())
    for env in values.env_items():
        yield from _variable(deployment, repo, values.path, env.name, _name_region(values, env))


def _nested(values: ValuesFile, item: ConfigItem, where: Region) -> Iterator[Misspelt]:
    """A section that together with the map in it reads like the name of ours."""
    entry = values.entry(item.path)
    node = entry.node if entry else None
    keys = node.members if isinstance(node, Mapping) else ()
    is_ours = _letters(item.section + item.key) == _letters(SECTION)
    if is_ours and any(_meant(key.text, may_be_near=True) for key, _ in keys):
        yield Misspelt(f"{item.section}: {item.key}:", where, f"the section is one key, {SECTION}")


def _key_region(values: ValuesFile, item: ConfigItem) -> Region | None:
    entry = values.entry(item.path)
    return entry.key_region if entry else None


# Variables


def _name_region(values: ValuesFile, item: EnvItem) -> Region | None:
    """Where the name of a variable stands; None within a text of variables."""
    if item.path[-1:] in (("value",), ("valueFrom",)):
        name = values.entry((*item.path[:-1], "name"))
        return name.region if name else None
    entry = values.entry(item.path)
    return entry.key_region if entry else None


def _in_containers(deployment: Deployment, repo: Repo, source: Source) -> Iterator[Misspelt]:
    for match in ASSIGNED.finditer(source.text):
        region = source.region(*match.span("name"))
        if not COMMENT.match(source.line(region.line)):
            yield from _variable(deployment, repo, source.path, match["name"], region)


def _variable(
    deployment: Deployment, repo: Repo, path: str, name: str, region: Region | None
) -> Iterator[Misspelt]:
    option = None if RIGHT.fullmatch(name) else _meant_by(name)
    if option is None or region is None:
        return
    right = env_name(SECTION, option)
    has_twin = any(each.region.path == path for each in deployment.variable(right))
    if not has_twin and not _is_referred_to(repo, name):
        yield Misspelt(name, region, f"the variable is called {right}", right)


def _meant_by(name: str) -> str | None:
    """The option that a variable is meant to set."""
    letters = _letters(name)
    for option in OPTIONS:
        tail = _letters(option)
        right = _letters(env_name(SECTION, option))
        if letters.endswith(tail):
            lead = letters.removesuffix(tail)
            return option if lead in LEADS | BARE_LEADS else None
        if name.upper().startswith("AIRFLOW") and get_close_matches(letters, [right], 1, NEAR):
            return option
    return None


def _is_referred_to(repo: Repo, name: str) -> bool:
    """Whether anything in the repository takes the value of a variable of that name, or Python may."""
    word = rf"{re.escape(name)}(?![\w.])"
    pattern = re.compile(
        rf"\$[{{(]?{word}|\{{\{{(?:(?!\{{\{{)[^}}])*(?<!\w){word}|(?i:env(?:iron)?)[\w.]{{0,60}}[\[(.]{{1,10}}[\"']?{word}"
    )
    bare = re.compile(rf"(?i:(?<!\w){word})")
    return any((bare if path.endswith(".py") else pattern).search(_text(repo, path)) for path in repo.files)


def _text(repo: Repo, path: str) -> str:
    try:
        return repo.source(path).text
    except Unreadable:
        return ""
