"""Readers of what gets installed: requirements, every shape of pyproject.toml, images, locks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from airwarden.dependencies.effective import Dependencies
from airwarden.dependencies.markers import may_hold
from airwarden.dependencies.requirement_text import RequirementText
from airwarden.dependencies.specifiers import allows_any, allows_series, has_lower_bound
from airwarden.distributions.names import Need
from airwarden.source import Source, decode

from fuzzing import grammars
from fuzzing.target import Target

_DAG = "dags/a.py"
_BESIDE = {"requirements/dev.txt": b"-r ../requirements.txt\napache-airflow-providers-slack>=8\n"}
_VERSIONS = ("1.0", "2.10.5", "3.0.2", "3.1.0rc1")


class _Files:
    """The files of a repository, as the reader of dependencies asks for them."""

    def __init__(self, data: Mapping[str, bytes]) -> None:
        self._data = data
        self.files = tuple(sorted(data))

    def source(self, path: str) -> Source:
        """The text of one. Raises `Unreadable`."""
        return Source(path, decode(path, self._data[path]))


def _declared_in(path: str) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        found = Dependencies.read(_Files({**_BESIDE, path: data, _DAG: b"import airflow\n"}))
        for need in (Need("apache-airflow-providers-slack"), Need("pandas")):
            found.provision(need, _DAG)
        found.nearest(_DAG)
        found.scope(path)
        found.airflow_allows(_VERSIONS)
        list(found.locks_of(path))

    return check


def _specifier(data: bytes) -> None:
    for line in data.decode(errors="replace").splitlines()[:200]:
        RequirementText.parse(line)
        may_hold(line)
        allows_any(line, _VERSIONS)
        allows_series(line, "3.0")
        has_lower_bound(line)


_TEXTS = re.compile(r".*(requirements|constraints).*\.(txt|in)")
_PROJECTS = re.compile(r".*(pyproject|pixi|pylock)\.toml|.*\.lock|.*Pipfile")

TARGETS = (
    Target("requirements", _declared_in("requirements.txt"), grammars.REQUIREMENTS, _TEXTS, weight=2),
    Target("constraints", _declared_in("constraints.txt"), grammars.REQUIREMENTS, _TEXTS),
    Target("specifier", _specifier, grammars.REQUIREMENTS, _TEXTS),
    Target("pyproject", _declared_in("pyproject.toml"), grammars.TOML, _PROJECTS, weight=3),
    Target("pipfile", _declared_in("Pipfile"), grammars.TOML, _PROJECTS),
    Target("pixi", _declared_in("pixi.toml"), grammars.TOML, _PROJECTS),
    Target("lock", _declared_in("uv.lock"), grammars.TOML, _PROJECTS),
    Target("setup-cfg", _declared_in("setup.cfg"), grammars.INI, re.compile(r".*\.cfg")),
    Target("setup-py", _declared_in("setup.py"), grammars.PYTHON, re.compile(r".*setup\.py")),
    Target("image", _declared_in("Dockerfile"), grammars.CONTAINER, re.compile(r".*Dockerfile.*"), weight=2),
    Target("conda", _declared_in("environment.yaml"), grammars.REQUIREMENTS, re.compile(r".*\.ya?ml")),
    Target(
        "build-files", _declared_in("build.sh"), grammars.CONTAINER, re.compile(r".*(\.sh|\.ya?ml|Makefile)")
    ),
)
