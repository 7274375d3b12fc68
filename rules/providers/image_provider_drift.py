"""A pyproject.toml that the image is not built from promises providers that the image does not have.

Where the image is built from a requirements file, a lock file or a Dockerfile's own `pip install`, and
pyproject.toml declares the same things beside it, the two drift apart: a provider is added to the one and
forgotten in the other. Tests on a developer's machine use the one, the image gets the other.

Flagged is the line of Airflow or a provider in pyproject.toml or a Pipfile that the Dockerfile's list lacks,
though it installs other things for Airflow, that the lock file beside it lacks, or of which the other file
pins a version that is not allowed here.

Build the image from pyproject.toml, compile the requirements from it (`uv export`, `uv pip compile`), or lock
again.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.dependencies.drift import Drift, drifts
from airwarden.dependencies.effective import Dependencies
from airwarden.findings import Finding, Related
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="compile the one list from the other",
    see="https://docs.astral.sh/uv/concepts/projects/export/",
    profile="recommended",
)


@rule.dependencies
def check(dependencies: Dependencies, repo: Repo) -> Iterator[Finding]:  # noqa: ARG001
    """Flags each declaration that the image's own list disagrees with."""
    for drift in drifts(dependencies):
        yield rule.finding(
            drift.declared.region,
            _message(drift),
            related=[Related(drift.other, "this file says otherwise")],
            subject=drift.declared.name,
        )


def _message(drift: Drift) -> str:
    declared, path = drift.declared, drift.other.path
    if drift.versions:
        return f"{declared.name}{declared.versions} is declared here, and {path} has {drift.versions}"
    return f"{declared.name} is declared here, and {path} lacks it"
