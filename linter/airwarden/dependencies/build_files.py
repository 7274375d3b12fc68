"""What build files tell of an image: its base, the distributions they name, the version of Airflow."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import PurePosixPath
from typing import TypeAlias

from airwarden.dependencies.declarations import Declaration
from airwarden.distributions.modules import third_party
from airwarden.distributions.names import canonical, normalised
from airwarden.findings import Region
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.source import Source

Version: TypeAlias = tuple[int, int]
"""Of Airflow: 2.10 is (2, 10)."""

STOCK, SLIM = "apache/airflow", "apache/airflow:slim"
"""The images of Airflow itself: with many providers, and with hardly any."""

UNKNOWN = "unknown"
"""A base image that has Airflow in it, and nobody knows what else."""


@dataclass(frozen=True)
class _Clue:
    """A pattern, and words of which every text that it is found in has one: most texts have none, and words
    are found much faster. It is compiled when the first text has one.
    """

    expression: str
    words: tuple[str, ...]
    flags: int

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.expression, self.flags)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(text) if any(word in text for word in self.words) else iter(())

    def search(self, text: str) -> re.Match[str] | None:
        return next(self.finditer(text), None)


def _clue(expression: str, *words: str, flags: int = 0) -> _Clue:
    return _Clue(expression, words, flags)


_LARGE = 400_000
_STOCK_NAMED = _clue(
    r"(?<![\w.])(?<!\w-)(?<!github\.com/)apache/airflow(?::(?P<tag>[^\s\"',]+))?(?=[\s\"',}@]|$)",
    "apache/airflow",
    flags=re.MULTILINE,
)
_ASTRO = _clue(
    r"astro-runtime|ap-airflow|astrocrpublic\.azurecr\.io/runtime",
    "astro-runtime",
    "ap-airflow",
    "azurecr.io",
)
_SERVICES = (
    (
        "mwaa",
        _clue(
            r"aws_mwaa_environment|AWS::MWAA::Environment|aws mwaa |mwaa-local-runner|amazon/mwaa",
            "mwaa",
            "MWAA",
        ),
    ),
    ("composer", _clue(r"google_composer_environment|gcloud (?:beta |alpha )?composer ", "composer")),
)
_SERVICE_PATHS = (
    ("mwaa", regex(r"(?<![a-z])mwaa(?![a-z])", re.IGNORECASE)),
    ("composer", regex(r"(?<![a-z])(?:cloud|google|gcp)[-_]?composer(?![a-z])", re.IGNORECASE)),
)
SERVICE_WORDS = regex("mwaa|composer", re.IGNORECASE)
"""Stands in each path that tells of a managed service."""

_FROM = regex(r"^[ \t]*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE | re.MULTILINE)
_COPY = regex(r"^[ \t]*(?:COPY|ADD)\s+(.*)", re.IGNORECASE | re.MULTILINE)
_INSTALLS = regex(r"(?:-r|--requirement)[\s=]+[\"']?([^\s\"';&|]+)")
_FILE = regex(r"(?<![\w.*/-])[\w.*/-]+\.(?:txt|in|pip|toml|cfg|py|ya?ml)\b|(?<![\w./-])[\w./-]*\bPipfile\b")
_ARG = regex(r"^[ \t]*ARG\s+(\w+)=[\"']?([^\s\"']*)", re.MULTILINE)
_VARIABLE = regex(r"\$(?:\{(\w+)(?::?-([^}]{0,100}))?\}|(\w+))")

_VERSIONS = (
    _clue(r"constraints-([23])(?:\.(\d{1,4})\.\d+|-(\d{1,4})/)", "constraints-"),
    _clue(r"\bAIRFLOW_VERSION[\"']?\s*[:=]\s*[\"']?([23])\.(\d{1,4})", "AIRFLOW_VERSION"),
    _clue(r"\bairflowVersion[\"']?\s*:\s*[\"']?([23])\.(\d{1,4})", "airflowVersion"),
    _clue(r"\bapache/airflow:(?:slim-)?([23])\.(\d{1,4})", "apache/airflow:"),
    _clue(r"\bapache-airflow(?:-core)?(?:\[[^\]]*\])?==([23])\.(\d{1,4})", "apache-airflow"),
    _clue(
        r"\bapache-airflow(?:-core)?[\"']?\s*=\s*(?:\{[^}\n]*version\s*=\s*)?[\"'][=~^]*([23])\.(\d{1,4})",
        "apache-airflow",
    ),
    _clue(r"\bairflow-([23])\.(\d{1,4})\.\d", "airflow-2.", "airflow-3."),
)
_RUNTIME = _clue(
    r"(?:astro-runtime|azurecr\.io/runtime):(\d{1,4})(?:\.(\d{1,4}))?",
    "astro-runtime:",
    "azurecr.io/runtime:",
)
_PYTHONS = (
    regex(r"^[ \t]*FROM\s+(?:--\S+\s+)*(?:\S+/)?python:(3\.\d+)", re.IGNORECASE | re.MULTILINE),
    regex(r"apache/airflow:[^\s:/]*-python(3\.\d+)"),
    regex(r"ghcr\.io/astral-sh/uv:[^\s:/]*python(3\.\d+)"),
)
_GROUPS = regex(r"--(?:group|only-group|extra|with|only)[\s=]+[\"']?([\w.,-]+)|\.\[([^\[\]\n]+)\]")
_ALL_GROUPS = _clue(
    r"--all-(?:groups|extras)|--with-groups[\s=]+:all|pipenv (?:install|sync)\b.*--dev",
    "--all-",
    "--with-groups",
    "pipenv ",
)
_DEFAULT_GROUPS = _clue(
    r"\b(?:uv sync|poetry install|pdm (?:install|sync))\b"
    r"(?!.*--(?:no-dev|no-default-groups|only|without|prod))",
    "uv sync",
    "poetry install",
    "pdm ",
)
_PROJECT = _clue(
    r"\b(?:uv (?:sync|export)|poetry (?:install|export)|pdm (?:install|sync|export)|pipenv (?:install|sync))"
    r"(?!\w)"
    r"|pip3? install\b[^\n]*\s[\"']?\.(?:\[[^\]\n]*\])?[\"']?(?:\s|$)"
    r"|pip3? install\b[^\n]*(?<!-[rc])(?<!requirement)(?<!constraint)"
    r"\s[\"']?\.{0,2}/[^\s\"']*(?<!\.txt)[\"']?(?:\s|$)"
    r"|pip install\b[^\n]*(?:\.whl|-r\s*\S*pyproject\.toml)"
    r"|(?:COPY|ADD)\b[^\n]*(?:pyproject\.toml|Pipfile|setup\.(?:py|cfg))",
    *("uv ", "poetry ", "pdm ", "pipenv ", "pip", "COPY", "ADD"),
    flags=re.MULTILINE,
)
_COMPILED = _clue(
    r"^[ \t]*#\s*via\b|^(?:[^#\n]*\s)?--hash[= ]|generated by (?:uv|pip-(?:compile|freeze|tools))",
    "via",
    "--hash",
    "generated by ",
    flags=re.MULTILINE,
)
_CONSTRAINED = _clue(
    r"(?:^|\s)(?:-c|--constraints?|--no-index|-f|--find-links)(?:[\s=]|$)|(?:PIP|UV)_CONSTRAINT"
    r"|constraint-dependencies|override-dependencies",
    "-c",
    "-f",
    "--no-index",
    "_CONSTRAINT",
    "-dependencies",
    flags=re.MULTILINE,
)
_WHEELS = _clue(r"install\b[^\n]*\*\.whl", "*.whl")
_WHEEL = _clue(r"(?<![\w.])(apache_airflow[\w.]*)-(\d[\w.]*)-[\w.]+-[\w.]+-[\w.]+\.whl", ".whl")
_SET = regex(r"^[ \t]*(?:ARG|ENV)\s+(\w+)[=\t ]([^\s\\]+|\"[^\"]*\")", re.MULTILINE)
_CONTINUED = regex(r"\\\r?\n")
_LOCKED = _clue(
    r"^name = \"([\w.-]+)\"(?:\r?\nversion = \"([^\"\n]+)\")?|^\s+\"([\w.-]+)\": \{",
    'name = "',
    '": {',
    flags=re.MULTILINE,
)
_LOCKED_VERSION = _clue(r"\"apache-airflow(?:-core)?\"\r?\nversion = \"([23])\.(\d{1,4})", '"apache-airflow')


def is_of_interest(source: Source) -> bool:
    """Whether a text has any of the words that the others look for, and is no heap of data."""
    if len(source.text) >= _LARGE:
        return False
    text = source.text.lower()
    return any(word in text for word in ("airflow", "astro", "mwaa", "composer"))


def installed_files(source: Source) -> Iterator[tuple[str, ...]]:
    """For each requirements file that a Dockerfile installs, the names that its source may have."""
    copied = _copied_as(source.text)
    for name in dict.fromkeys(_INSTALLS.findall(source.text)):
        if "uninstall" not in name:
            file = PurePosixPath(name).name
            yield (*copied.get(file, ()), file)


def named_files(source: Source) -> frozenset[str]:
    """The names, and patterns of names, of files that a Dockerfile has outside of its comments."""
    lines = (line for line in source.text.splitlines() if not line.lstrip().startswith("#"))
    return frozenset(path.rpartition("/")[2] for line in lines for path in _FILE.findall(line))


def _copied_as(dockerfile: str) -> Mapping[str, list[str]]:
    """The sources that a Dockerfile copies to a file of some name, or from one, by that name."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in _COPY.findall(dockerfile):
        *sources, target = [word for word in line.split() if not word.startswith("--")] or [""]
        found[PurePosixPath(target).name] += sources
        for each in sources:
            if PurePosixPath(each).name != PurePosixPath(target).name:
                found[PurePosixPath(each).name].append(each)
    return found


def base_images(source: Source) -> Iterator[tuple[str, Region]]:
    """The base images that a Dockerfile starts from and whose content is known, or known to hold Airflow."""
    arguments = dict(_ARG.findall(source.text))
    stages = {stage for _, stage in _FROM.findall(source.text)}
    has_airflow = "airflow" in source.text.lower()
    for match in _FROM.finditer(source.text):
        name = _VARIABLE.sub(lambda found: _resolved(found, arguments), match[1])
        image = None if name in stages else _image(name, has_airflow)
        if image is not None:
            yield image, source.region(*match.span(1))


def _resolved(variable: re.Match[str], arguments: dict[str, str]) -> str:
    return arguments.get(variable[1] or variable[3], variable[2] or variable[0])


def _image(name: str, has_airflow: bool) -> str | None:
    if _STOCK_NAMED.search(name) or re.search(r"/apache/airflow(?=[:@]|$)", name):
        return SLIM if ":slim-" in name else STOCK
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
            yield STOCK, source.region(*match.span())
    for name, pattern in (("astro-runtime", _ASTRO), *_SERVICES):
        found = pattern.search(source.text)
        if found and not is_comment(source, found.start()):
            yield name, source.region(*found.span())


def service_of(path: str) -> str | None:
    """The managed service that a path says its file is for."""
    if path.endswith((".md", ".rst")) or not SERVICE_WORDS.search(path):
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


def pythons(source: Source) -> frozenset[str]:
    """The versions of Python, such as 3.12, that a Dockerfile's base images say they have."""
    return frozenset(match[1] for pattern in _PYTHONS for match in pattern.finditer(source.text))


def installed_groups(source: Source) -> frozenset[str]:
    """The groups and extras of a project that a Dockerfile installs; `*` for all, `dev` for the default."""
    if _ALL_GROUPS.search(source.text):
        return frozenset({"*"})
    named = {name for match in _GROUPS.findall(source.text) for name in (match[0] or match[1]).split(",")}
    usual = {"dev"} if _DEFAULT_GROUPS.search(source.text) else set[str]()
    return frozenset(normalised(name.strip()) for name in named | usual)


def installs_project(source: Source) -> bool:
    """Whether a Dockerfile installs what a pyproject.toml, Pipfile or setup.py declares, or copies it."""
    return _PROJECT.search(_CONTINUED.sub(" ", source.text)) is not None


def is_compiled(source: Source) -> bool:
    """Whether a list was written by a program, from another one or from what is installed."""
    return _COMPILED.search(source.text) is not None


def is_constrained(source: Source) -> bool:
    """Whether something else than a list itself decides which versions are installed."""
    return _CONSTRAINED.search(source.text) is not None


def installs_unknown(source: Source) -> bool:
    """Whether a Dockerfile installs what only its build knows: extras in a variable, or a glob of wheels."""
    arguments = _variables(source)
    named = (match["extras"] or "" for match in _named(source.text))
    return _WHEELS.search(source.text) is not None or any(
        "$" in _VARIABLE.sub(lambda found: _resolved(found, arguments), extras) for extras in named
    )


def _variables(source: Source) -> dict[str, str]:
    return {name: text.strip("\"'") for name, text in _SET.findall(source.text)}


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
    arguments = _variables(source)
    for match in _WHEEL.finditer(source.text):
        name, region = normalised(match[1]), source.region(*match.span())
        yield Declaration(canonical(name), frozenset(), f"=={match[2]}", region, written=name)
    for match in _named(source.text):
        if not is_comment(source, match.start()):
            written = _VARIABLE.sub(lambda found: _resolved(found, arguments), match["extras"] or "")
            extras = (extra.strip() for extra in written.split(",") if "$" not in extra)
            yield Declaration(
                canonical(match["name"]),
                frozenset(normalised(extra) for extra in extras if extra),
                match["versions"] or "",
                source.region(match.start(), match.end()),
                written=normalised(match["name"]),
            )


def _named(text: str) -> Iterator[re.Match[str]]:
    """Where a text names a distribution: looked for only in lines that have the beginning of a name."""
    plain = text.lower().replace("_", "-").replace(".", "-")
    if len(plain) != len(text):
        yield from _distributions().finditer(text)
        return
    done = 0
    for beginning in _beginnings().finditer(plain):
        if beginning.start() >= done:
            start = text.rfind("\n", 0, beginning.start()) + 1
            end = text.find("\n", start)
            done = len(text) if end < 0 else end
            yield from _distributions().finditer(text, start, done)


@cache
def _beginnings() -> _Clue:
    """What names of distributions begin with, in small letters and with dashes: their first two words."""
    words = sorted({"-".join(name.split("-")[:2]) for name in _known()} | {"apache-airflow"})
    return _clue("|".join(map(re.escape, words)), *words)


def _known() -> list[str]:
    return sorted(third_party() | {"s3fs"})


@cache
def _distributions() -> re.Pattern[str]:
    known = "|".join(re.escape(name).replace(r"\-", "[-_.]") for name in _known())
    airflow = r"apache[-_.]airflow(?:[-_.][a-z0-9]+)*"
    clause = r" ?(?:[=<>~!]=|[<>]) ?\d[\w.*]*"
    return re.compile(
        rf"(?<![\w.])(?<!\w-)(?P<name>{airflow}|{known})(?![\w-])(?:\[(?P<extras>[^\[\]\n]*)\])?"
        rf"(?=(?P<versions>{clause}(?:,{clause})*)?)",
        re.IGNORECASE,
    )


def is_comment(source: Source, offset: int) -> bool:
    """Whether a place stands behind a `#` that starts a comment in its line."""
    start = source.text.rfind("\n", 0, offset) + 1
    return re.search(r"(?:^|\s)#", source.text[start:offset]) is not None
