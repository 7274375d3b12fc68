"""What Dockerfiles, compose files and files of variables set for Airflow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from airwarden.charts import AIRFLOW_ENV
from airwarden.deployment.settings import ALL, Place, Setting, default_of, written
from airwarden.inner_yaml import every
from airwarden.patterns import regex
from airwarden.source import Source
from airwarden.yaml_tree import Mapping, Node, NotYaml, Scalar, Sequence, compose

_DOCKERFILE = regex(r"(?:Docker|Container)file(?:[-_.].*)?|.*\.(?:docker|container)file", re.IGNORECASE)
_COMPOSE = regex(r"(?:.*[-_.])?compose(?:[-_.].*)?\.ya?ml", re.IGNORECASE)
_VARIABLES = regex(r"\.env.*|.*\.env", re.IGNORECASE)
_EXAMPLE = regex(r".*\benv\b.*[-_.](?:dist|example|sample|template|tmpl|tpl)\b.*", re.IGNORECASE)
"""A file to be copied and filled in."""

_AIRFLOW = "AIRFLOW_"

_IMAGE = regex(r"^[ \t]*FROM[ \t]+\S*airflow", re.IGNORECASE | re.MULTILINE)
_ENV = regex(r"^[ \t]*(?P<word>ENV|ARG)[ \t]+(?P<rest>(?:\\\r?\n|[^\r\n])*)", re.IGNORECASE | re.MULTILINE)
_PAIR = regex(r"(?<!\w)(?P<name>\w+)=(?P<value>\"(?:\\.|[^\"\\])*\"|'[^']*'|(?:\\[^\r\n]|[^\s\"'\\])*)")
_SINGLE = regex(r"(?<!\w)(?P<name>\w+)[ \t]+(?![ \t])(?P<value>[^\r\n]*[^\s\\])")
_COMMENT = regex(r"^[ \t]*#.*$", re.MULTILINE)
_LINE = regex(
    r"^[ \t]*(?:export[ \t]+)?(?P<name>\w+)[ \t]*=[ \t]*"
    r"(?P<value>\"[^\"]*\"|'[^']*'|(?:[^ \t\r\n]+|[ \t]+(?![ \t#]))*)",
    re.MULTILINE,
)

_SERVICES = (
    ("api-server", regex(r"api[-_]?server", re.IGNORECASE)),
    ("dag-processor", regex(r"dag[-_]?processor", re.IGNORECASE)),
    ("flower", regex(r"flower", re.IGNORECASE)),
    ("scheduler", regex(r"scheduler", re.IGNORECASE)),
    ("triggerer", regex(r"triggerer", re.IGNORECASE)),
    ("webserver", regex(r"web[-_]?server", re.IGNORECASE)),
    ("workers", regex(r"worker", re.IGNORECASE)),
)


def reader_of(path: str) -> Callable[[Source], Iterator[Setting]] | None:
    """What reads the variables of Airflow in a file of that name; None where it is no file of containers."""
    reader = variables_reader_of(path)
    return None if reader is None else lambda source: filter(is_airflows, reader(source))


def variables_reader_of(path: str) -> Callable[[Source], Iterator[Setting]] | None:
    """What reads all variables in a file of that name, those of other programs and of builds among them;
    None where it is no file of containers.
    """
    name = path.rpartition("/")[2]
    if not _is_worth_matching(name) or _EXAMPLE.fullmatch(name):
        return None
    for pattern, reader in ((_DOCKERFILE, _of_image), (_COMPOSE, _of_compose), (_VARIABLES, _of_variables)):
        if pattern.fullmatch(name):
            return reader
    return None


def is_airflows(setting: Setting) -> bool:
    """Whether a process of Airflow gets a variable, and reads it."""
    return setting.place != "build" and AIRFLOW_ENV.match(setting.variable) is not None


def speaks_of_airflow(source: Source) -> bool:
    """Whether a file of containers sets something for Airflow, or builds on its image."""
    return _AIRFLOW in source.text or _IMAGE.search(source.text) is not None


def is_container_file(path: str) -> bool:
    """Whether a file is called like a Dockerfile, a compose file or a file of variables, or an example."""
    name = path.rpartition("/")[2]
    return _is_worth_matching(name) and any(
        pattern.fullmatch(name) for pattern in (_DOCKERFILE, _COMPOSE, _VARIABLES)
    )


def _is_worth_matching(name: str) -> bool:
    lower = name.lower()
    return "file" in lower or "compose" in lower or ".env" in lower


def _of_image(source: Source) -> Iterator[Setting]:
    """What `ENV` and `ARG` set, `ENV` in the form of today and in that of old."""
    text = _COMMENT.sub(lambda comment: " " * (len(comment[0]) - 1) + "\\", source.text)
    for line in _ENV.finditer(text) if speaks_of_airflow(source) else ():
        pattern = _PAIR if _PAIR.match(line["rest"]) else _SINGLE
        place: Place = "image" if line["word"].upper() == "ENV" else "build"
        for pair in pattern.finditer(text, *line.span("rest")):
            yield _setting(source, pair, place)


def _of_variables(source: Source) -> Iterator[Setting]:
    for line in _LINE.finditer(source.text):
        yield _setting(source, line, "env")


def _setting(source: Source, pair: re.Match[str], place: Place) -> Setting:
    text = pair["value"].strip()
    quote = text[:1] if text[:1] in ("'", '"') and text[:1] == text[-1:] else ""
    bare = text[1:-1] if quote else text
    return Setting(
        variable=pair["name"],
        region=source.region(*pair.span("value")),
        name_region=source.region(*pair.span("name")),
        text=bare if quote == "'" else written(bare),
        place=place,
        default=default_of(bare),
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
    build = service.get("build")
    arguments = build.get("args") if isinstance(build, Mapping) else None
    groups: tuple[tuple[Node | None, Place], ...] = (
        (service.get("environment"), "compose"),
        (arguments, "build"),
    )
    for node, place in groups:
        for variable, key, value, text in _environment(node):
            region, name_region = (source.region(each.start, each.end) for each in (value, key))
            known = None if text is None else written(text)
            default = None if text is None else default_of(text)
            yield Setting(variable, region, name_region, known, place, components, default=default)


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
                yield key.text, key, value, value.text if value.kind != "null" else None
    for item in node.children if isinstance(node, Sequence) else ():
        if isinstance(item, Scalar):
            name, equals, text = item.text.partition("=")
            yield name, item, item, text if equals else None
