"""What build files tell of an image: its base, the distributions they name, the version of Airflow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath
from typing import TypeAlias

from airwarden.dependencies.declarations import Declaration
from airwarden.distributions.modules import third_party
from airwarden.distributions.names import canonical, normalised
from airwarden.findings import Region
from airwarden.source import Source

Version: TypeAlias = tuple[int, int]
"""Of Airflow: 2.10 is (2, 10)."""

UNKNOWN = "unknown"
"""A base image that has Airflow in it, and nobody knows what else."""

_LARGE = 400_000
_STOCK, _SLIM = "apache/airflow", "apache/airflow:slim"
_STOCK_NAMED = re.compile(
    r"(?<![\w.])(?<!\w-)(?<!github\.com/)apache/airflow(?::(?P<tag>[^\s\"',]+))?(?=[\s\"',}@]|$)",
    re.MULTILINE,
)
_ASTRO = re.compile(r"astro-runtime|ap-airflow|astrocrpublic\.azurecr\.io/runtime")
_SERVICES = (
    (
        "mwaa",
        re.compile(r"aws_mwaa_environment|AWS::MWAA::Environment|aws mwaa |mwaa-local-runner|amazon/mwaa"),
    ),
    ("composer", re.compile(r"google_composer_environment|gcloud (?:beta |alpha )?composer ")),
)
_SERVICE_PATHS = (
    ("mwaa", re.compile(r"(?<![a-z])mwaa(?![a-z])", re.IGNORECASE)),
    ("composer", re.compile(r"(?<![a-z])(?:cloud|google|gcp)[-_]?composer(?![a-z])", re.IGNORECASE)),
)
_FROM = re.compile(r"^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE | re.MULTILINE)
_COPY = re.compile(r"^\s*(?:COPY|ADD)\s+(.*)", re.IGNORECASE | re.MULTILINE)
_INSTALLS = re.compile(r"(?:-r|--requirement)[\s=]+[\"']?([^\s\"';&|]+)")
_ARG = re.compile(r"^\s*ARG\s+(\w+)=[\"']?([^\s\"']*)", re.MULTILINE)
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))")

_VERSIONS = tuple(
    re.compile(pattern)
    for pattern in (
        r"constraints-([23])(?:\.(\d+)\.\d+|-(\d+)/)",
        r"\bAIRFLOW_VERSION[\"']?\s*[:=]\s*[\"']?([23])\.(\d+)",
        r"\bairflowVersion[\"']?\s*:\s*[\"']?([23])\.(\d+)",
        r"\bapache/airflow:(?:slim-)?([23])\.(\d+)",
        r"\bapache-airflow(?:-core)?(?:\[[^\]]*\])?==([23])\.(\d+)",
        r"\bapache-airflow(?:-core)?[\"']?\s*=\s*(?:\{[^}\n]*version\s*=\s*)?[\"'][=~^]*([23])\.(\d+)",
        r"\bairflow-([23])\.(\d+)\.\d",
    )
)
_RUNTIME = re.compile(r"(?:astro-runtime|azurecr\.io/runtime):(\d+)(?:\.(\d+))?")
_LOCKED = re.compile(
    r"^name = \"([\w.-]+)\"(?:\nversion = \"([^\"\n]+)\")?|^\s+\"([\w.-]+)\": \{", re.MULTILINE
)
_LOCKED_VERSION = re.compile(r"\"apache-airflow(?:-core)?\"\nversion = \"([23])\.(\d+)")


def is_of_interest(source: Source) -> bool:
    """Whether a text has any of the words that the others look for, and is no heap of data."""
    text = source.text.lower()
    return len(text) < _LARGE and any(word in text for word in ("airflow", "astro", "mwaa", "composer"))


def installed_files(source: Source) -> Iterator[tuple[str, ...]]:
    """For each requirements file that a Dockerfile installs, the names that its source may have."""
    for name in _INSTALLS.findall(source.text):
        if "uninstall" not in name:
            file = PurePosixPath(name).name
            yield (*_copied_as(file, source.text), file)


def _copied_as(file: str, dockerfile: str) -> Iterator[str]:
    """The sources that a Dockerfile copies to a file of that name, or from one."""
    for line in _COPY.findall(dockerfile):
        *sources, target = [word for word in line.split() if not word.startswith("--")] or [""]
        same_name = (each for each in sources if PurePosixPath(each).name == file)
        yield from sources if PurePosixPath(target).name == file else same_name


def base_images(source: Source) -> Iterator[tuple[str, Region]]:
    """The base images that a Dockerfile starts from and whose content is known, or known to hold Airflow."""
    arguments = dict(_ARG.findall(source.text))
    stages = {stage for _, stage in _FROM.findall(source.text)}
    for match in _FROM.finditer(source.text):
        name = _VARIABLE.sub(lambda found: _resolved(found, arguments), match[1])
        image = None if name in stages else _image(name, "airflow" in source.text.lower())
        if image is not None:
            yield image, source.region(*match.span(1))


def _resolved(variable: re.Match[str], arguments: dict[str, str]) -> str:
    return arguments.get(variable[1] or variable[3], variable[2] or variable[0])


def _image(name: str, has_airflow: bool) -> str | None:
    if _STOCK_NAMED.search(name) or re.search(r"/apache/airflow(?=[:@]|$)", name):
        return _SLIM if ":slim-" in name else _STOCK
    if _ASTRO.search(name):
        return "astro-runtime"
    is_unknown = re.search(r"airflow|composer|mwaa", name, re.IGNORECASE) or (
        has_airflow and name.startswith("$")
    )
    return UNKNOWN if is_unknown else None


def named_images(source: Source) -> Iterator[tuple[str, Region]]:
    """The base images and managed services that any other file names, outside of its comments."""
    for match in _STOCK_NAMED.finditer(source.text):
        if not is_comment(source, match.start()) and not (match["tag"] or "").startswith("slim-"):
            yield _STOCK, source.region(*match.span())
    for name, pattern in (("astro-runtime", _ASTRO), *_SERVICES):
        found = pattern.search(source.text)
        if found and not is_comment(source, found.start()):
            yield name, source.region(*found.span())


def service_of(path: str) -> str | None:
    """The managed service that a path says its file is for."""
    if path.endswith((".md", ".rst")):
        return None
    return next((name for name, pattern in _SERVICE_PATHS if pattern.search(path)), None)


def versions(source: Source) -> Iterator[Version]:
    """The versions of Airflow that a file names exactly, outside of its comments."""
    for pattern in _VERSIONS:
        for match in pattern.finditer(source.text):
            if not is_comment(source, match.start()):
                yield int(match[1]), int(match[2] or match[3])
    for match in _RUNTIME.finditer(source.text):
        if not is_comment(source, match.start()):
            yield _of_runtime(int(match[1]), int(match[2] or 0))


def _of_runtime(major: int, minor: int) -> Version:
    """Astro Runtime 4 to 13 hold Airflow 2.2 to 2.11; since Airflow 3 it is numbered alike."""
    return (3, minor) if major == 3 else (2, max(major - 2, 0))


def locked_versions(source: Source) -> Iterator[Version]:
    """The versions of Airflow that a lock file pins."""
    yield from ((int(match[1]), int(match[2])) for match in _LOCKED_VERSION.finditer(source.text))


def locked(source: Source) -> Iterator[Declaration]:
    """Every distribution that a lock file pins; what its packages might need besides is left out."""
    for match in _LOCKED.finditer(source.text):
        versions = f"=={match[2]}" if match[2] else ""
        yield Declaration(
            canonical(match[1] or match[3]), frozenset(), versions, source.region(*match.span())
        )


def mentions(source: Source) -> Iterator[Declaration]:
    """Every distribution of Airflow and around it that a text names, outside of its comments."""
    for match in _distributions().finditer(source.text):
        if not is_comment(source, match.start()):
            extras = (extra.strip() for extra in (match["extras"] or "").split(","))
            yield Declaration(
                canonical(match["name"]),
                frozenset(normalised(extra) for extra in extras if extra),
                match["versions"] or "",
                source.region(match.start(), match.end()),
            )


@cache
def _distributions() -> re.Pattern[str]:
    known = "|".join(re.escape(name).replace(r"\-", "[-_.]") for name in sorted(third_party() | {"s3fs"}))
    airflow = r"apache[-_.]airflow(?:[-_.][a-z0-9]+)*"
    clause = r" ?(?:[=<>~!]=|[<>]) ?\d[\w.*]*"
    return re.compile(
        rf"(?<![\w.])(?<!\w-)(?P<name>{airflow}|{known})(?![\w-])(?:\[(?P<extras>[^\]\n]*)\])?"
        rf"(?=(?P<versions>{clause}(?:,{clause})*)?)",
        re.IGNORECASE,
    )


def is_comment(source: Source, offset: int) -> bool:
    """Whether a place stands behind a `#` that starts a comment in its line."""
    start = source.text.rfind("\n", 0, offset) + 1
    return re.search(r"(?:^|\s)#", source.text[start:offset]) is not None
