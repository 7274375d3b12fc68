"""What brings which provider: modules, extras, Airflow itself, images, URL schemes.

Facts, in `tables/`: `providers`, `third_party_libraries` (wheels and provider.yaml files opened),
`provider_extras` and `preinstalled_providers` (metadata of Airflow 2.11, 3.0, 3.1 and 3.3.2; "2" and "3"
stand for those series), `provider_dependencies` (what else a provider installs: apache/airflow,
generated/provider_dependencies.json and providers/*/pyproject.toml), `base_images` (AIRFLOW_EXTRAS of
apache/airflow's Dockerfile at 2.5, 2.10, 3.1 and main; the published package lists of Astro Runtime,
Amazon MWAA and Cloud Composer), `url_schemes` (run on Airflow 3.3.2 with common-io 1.11).
`scripts/check_provider_tables.py` compares them with an environment that has Airflow.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

_TABLES = Path(__file__).parent / "tables"
_PREFIX = "apache-airflow-providers-"
_REQUIREMENT = re.compile(r"([\w.-]+)(?:\[(.*)\])?")

Series = Literal["2", "3"]
"""Airflow 2 or Airflow 3."""

BOTH: frozenset[Series] = frozenset({"2", "3"})


@dataclass(frozen=True, order=True)
class Need:
    """A distribution that has to be installed, with one extra where that is needed too."""

    distribution: str
    extra: str = ""

    @classmethod
    def parse(cls, requirement: str) -> Need:
        """Of `name` or `name[extra]`."""
        match = _REQUIREMENT.fullmatch(requirement)
        if match is None:
            raise ValueError(requirement)
        return cls(normalised(match[1]), normalised(match[2] or ""))

    def __str__(self) -> str:
        return f"{self.distribution}[{self.extra}]" if self.extra else self.distribution


def normalised(name: str) -> str:
    """A distribution's or an extra's name as PEP 503 and PEP 685 compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def canonical(distribution: str) -> str:
    """The same, with the providers' backports to Airflow 1.10 under their later names."""
    return normalised(distribution).replace("apache-airflow-backport-providers-", _PREFIX)


def package_of(dotted: str) -> str | None:
    """The known package that a module, class or function is in: the longest; None where none is known."""
    parts = dotted.split(".")
    packages = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((package for package in packages if package in _modules()), None)


def need_of_module(dotted: str) -> Need | None:
    """What has to be installed so that a module, class or function can be imported; None if not known."""
    package = package_of(dotted)
    return None if package is None else Need(_modules()[package])


def need_of_url(url: str, used_for: Literal["storage", "logs"]) -> Need | None:
    """What Airflow needs to reach a URL as object storage, or to write its logs there; None if nothing."""
    scheme, separator, _ = url.strip().partition("://")
    if not separator and used_for == "logs":
        scheme = "wasb" if scheme.startswith("wasb") else ""
    return _schemes().get((scheme.lower(), used_for))


def is_airflow(distribution: str) -> bool:
    """Whether a canonical name is Airflow's own or that of one of its providers."""
    return distribution in (
        "apache-airflow",
        "apache-airflow-core",
        "apache-airflow-task-sdk",
    ) or is_provider(distribution)


def is_provider(distribution: str) -> bool:
    """Whether a canonical name is that of a provider of Airflow's own."""
    return distribution.startswith(_PREFIX)


def third_party() -> frozenset[str]:
    """The known distributions that extend Airflow and are not its own."""
    return frozenset(row["distribution"] for row in _rows("third_party_libraries"))


def by_extra(extra: str, series: Series) -> frozenset[Need]:
    """What an extra of apache-airflow installs."""
    return _extras().get((normalised(extra), series), frozenset())


def provider_named(extra: str) -> str | None:
    """The provider that an extra of another provider is named after, as in `[cncf.kubernetes]`."""
    distribution = f"{_PREFIX}{normalised(extra)}"
    return distribution if distribution in _modules().values() else None


def preinstalled(series: Series) -> frozenset[str]:
    """The providers that every installation of apache-airflow has."""
    return frozenset(
        row["distribution"] for row in _rows("preinstalled_providers") if row["airflow"] == series
    )


def brought_by(distribution: str) -> frozenset[str]:
    """The providers that a provider needs itself, and so installs."""
    return frozenset(
        row["brings"] for row in _rows("provider_dependencies") if row["distribution"] == distribution
    )


def in_image(image: str, series: Series) -> frozenset[str]:
    """The providers that a base image or a managed service has by itself."""
    return frozenset(
        row["distribution"]
        for row in _rows("base_images")
        if row["image"] == image and row["airflow"] == series
    )


@cache
def _rows(table: str) -> tuple[dict[str, str], ...]:
    with (_TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def _modules() -> dict[str, str]:
    rows = (*_rows("third_party_libraries"), *_rows("providers"))
    return {row["module"]: row["distribution"] for row in rows}


@cache
def _schemes() -> dict[tuple[str, str], Need]:
    return {(row["scheme"], row["used_for"]): Need.parse(row["requirement"]) for row in _rows("url_schemes")}


@cache
def _extras() -> dict[tuple[str, str], frozenset[Need]]:
    found: defaultdict[tuple[str, str], set[Need]] = defaultdict(set)
    for row in _rows("provider_extras"):
        found[row["extra"], row["airflow"]].add(Need.parse(row["requirement"]))
    return {key: frozenset(needs) for key, needs in found.items()}
