"""Names of distributions, as the package index compares them, and what is needed of one."""

from __future__ import annotations

from airwarden.patterns import regex
from airwarden.records import dataclass

AIRFLOW = ("apache-airflow", "apache-airflow-core")
"""The distributions that are Airflow itself."""

PROVIDER = "apache-airflow-providers-"
"""What the names of all providers start with."""

_DASHES = regex(r"--+")
_REQUIREMENT = regex(r"([\w.-]+)(?:\[(.*)\])?")


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
    plain = name.lower().replace("_", "-").replace(".", "-")
    return _DASHES.sub("-", plain) if "--" in plain else plain


def canonical(distribution: str) -> str:
    """The same, with the providers' backports to Airflow 1.10 under their later names."""
    return normalised(distribution).replace("apache-airflow-backport-providers-", PROVIDER)


def is_airflow(distribution: str) -> bool:
    """Whether a canonical name is Airflow's own or that of one of its providers."""
    return distribution.startswith("apache-airflow") and (
        distribution in (*AIRFLOW, "apache-airflow-task-sdk") or is_provider(distribution)
    )


def is_provider(distribution: str) -> bool:
    """Whether a canonical name is that of a provider of Airflow's own."""
    return distribution.startswith(PROVIDER)
