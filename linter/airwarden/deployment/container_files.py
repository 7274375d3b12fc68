"""What Dockerfiles, compose files and files of variables set for Airflow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Literal

from airwarden.charts import AIRFLOW_ENV
from airwarden.deployment.settings import ALL, Setting, written
from airwarden.inner_yaml import every
from airwarden.source import Source
from airwarden.yaml_tree import Mapping, Node, NotYaml, Scalar, Sequence, compose

_DOCKERFILE = re.compile(r"(?:Docker|Container)file(?:[-_.].*)?|.*\.(?:docker|container)file", re.IGNORECASE)
_COMPOSE = re.compile(r"(?:.*[-_.])?compose(?:[-_.].*)?\.ya?ml", re.IGNORECASE)
_VARIABLES = re.compile(r"\.env.*|.*\.env", re.IGNORECASE)
_EXAMPLE = re.compile(r".*\benv\b.*[-_.](?:dist|example|sample|template|tmpl|tpl)\b.*", re.IGNORECASE)
"""A file to be copied and filled in."""

_AIRFLOW = "AIRFLOW_"

_ENV = re.compile(r"^[ \t]*ENV[ \t]+(?P<rest>(?:\\\r?\n|[^\r\n])*)", re.IGNORECASE | re.MULTILINE)
_PAIR = re.compile(r"(?P<name>\w+)=(?P<value>\"(?:\\.|[^\"\\])*\"|'[^']*'|(?:\\[^\r\n]|[^\s\"'\\])*)")
_SINGLE = re.compile(r"(?P<name>\w+)[ \t]+(?P<value>[^\r\n]*[^\s\\])")
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_LINE = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(?P<name>\w+)[ \t]*=[ \t]*"
    r"(?P<value>\"[^\"]*\"|'[^']*'|(?:(?![ \t]+#)[^\r\n])*)",
    re.MULTILINE,
)

_SERVICES = (
    ("api-server", re.compile(r"api[-_]?server", re.IGNORECASE)),
    ("dag-processor", re.compile(r"dag[-_]?processor", re.IGNORECASE)),
    ("flower", re.compile(r"flower", re.IGNORECASE)),
    ("scheduler", re.compile(r"scheduler", re.IGNORECASE)),
    ("triggerer", re.compile(r"triggerer", re.IGNORECASE)),
    ("webserver", re.compile(r"web[-_]?server", re.IGNORECASE)),
    ("workers", re.compile(r"worker", re.IGNORECASE)),
)


def reader_of(path: str) -> Callable[[Source], Iterator[Setting]] | None:
    """What reads the variables of a file of that name; None where it is no file of containers."""
    name = PurePosixPath(path).name
    if _EXAMPLE.fullmatch(name):
        return None
    for pattern, reader in ((_DOCKERFILE, _of_image), (_COMPOSE, _of_compose), (_VARIABLES, _of_variables)):
        if pattern.fullmatch(name):
            return reader
    return None


def _of_image(source: Source) -> Iterator[Setting]:
    """The variables that `ENV` sets, in the form of today and in that of old."""
    text = _COMMENT.sub(lambda comment: " " * (len(comment[0]) - 1) + "\\", source.text)
    for line in _ENV.finditer(text) if _AIRFLOW in text else ():
        pattern = _PAIR if _PAIR.match(line["rest"]) else _SINGLE
        for pair in pattern.finditer(text, *line.span("rest")):
            if AIRFLOW_ENV.match(pair["name"]):
                yield _setting(source, pair, "image")


def _of_variables(source: Source) -> Iterator[Setting]:
    for line in _LINE.finditer(source.text) if _AIRFLOW in source.text else ():
        if AIRFLOW_ENV.match(line["name"]):
            yield _setting(source, line, "env")


def _setting(source: Source, pair: re.Match[str], place: Literal["image", "env"]) -> Setting:
    text = pair["value"].strip()
    quote = text[:1] if text[:1] in ("'", '"') and text[:1] == text[-1:] else ""
    bare = text[1:-1] if quote else text
    return Setting(
        variable=pair["name"],
        region=source.region(*pair.span("value")),
        name_region=source.region(*pair.span("name")),
        text=bare if quote == "'" else written(bare),
        place=place,
    )


def _of_compose(source: Source) -> Iterator[Setting]:
    """The variables of each service, for the components that its command or its name tells."""
    try:
        documents = compose(source.text) if _AIRFLOW in source.text else []
    except NotYaml:
        return
    for top in documents:
        services = top.get("services") if isinstance(top, Mapping) else None
        for name, service in services.members if isinstance(services, Mapping) else ():
            if isinstance(service, Mapping):
                yield from _of_service(source, name.text, service)


def _of_service(source: Source, name: str, service: Mapping) -> Iterator[Setting]:
    components = _components(name, service)
    for variable, key, value, text in _environment(service.get("environment")):
        if AIRFLOW_ENV.match(variable):
            region, name_region = (source.region(node.start, node.end) for node in (value, key))
            yield Setting(variable, region, name_region, text, "compose", components)


def _components(name: str, service: Mapping) -> frozenset[str]:
    command = service.get("command")
    words = " ".join(node.text for node in every([command] if command else []) if isinstance(node, Scalar))
    for text in (words, name):
        found = frozenset(component for component, pattern in _SERVICES if pattern.search(text))
        if found:
            return found
    return ALL


def _environment(node: Node | None) -> Iterator[tuple[str, Scalar, Scalar, str | None]]:
    """Each variable of a map, or of a list of `NAME=value`: its name, the nodes of both, the text.

    One without a value is handed on from outside.
    """
    if isinstance(node, Mapping):
        for key, value in node.members:
            if isinstance(value, Scalar):
                is_given = value.kind != "null"
                yield key.text, key, value, written(value.text) if is_given else None
    for item in node.children if isinstance(node, Sequence) else ():
        if isinstance(item, Scalar):
            name, equals, text = item.text.partition("=")
            yield name, item, item, written(text) if equals else None
