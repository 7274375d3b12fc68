"""The table [tool.airwarden] that a repository begins with."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.provenance.toml_text import inline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from airwarden.adoption.survey import Survey
    from airwarden.repo import Repo

FILES = ("pyproject.toml", "airwarden.toml", ".airwarden.toml")
"""Where the table may stand; in the last two it is the whole file."""

_NOTIFIERS = Path(__file__).parents[1] / "tables" / "notifiers.csv"


def first_table(repo: Repo, survey: Survey) -> str:
    """The settings to begin with, as they stand in a table of their own or at the top of a file."""
    services = sorted({"slack", *used_services(repo, survey.dag_files)})
    accepted = f"accepted-notifiers = {inline(services)}  # whom a failed DAG run may tell"
    return (
        'profile = "recommended"  # core: only what breaks at night; strict: all that is known\n'
        f"{accepted if len(services) > 1 else f'# {accepted}'}\n"
        f"{_dependency_files(survey)}"
        '# alert-channels = ["#data-alerts"]  # where alerts may go; anywhere while this is absent\n'
    )


def _dependency_files(survey: Survey) -> str:
    """A hint, where there are several lists and it may not be plain which of them the image is built from."""
    if len(survey.dependency_files) < 2:
        return ""
    files = inline(survey.dependency_files[:3])
    return f"# dependency-files = {files}  # what the image is built from; all of them while this is absent\n"


def used_services(repo: Repo, paths: Iterable[str]) -> Iterator[str]:
    """The services whose notifiers the DAG files of `paths` name by module."""
    with _NOTIFIERS.open(encoding="utf-8", newline="") as table:
        modules = {
            (row["service"], row["name"].rpartition(".")[0].encode())
            for row in csv.DictReader(table)
            if ".notifications." in row["name"]
        }
    texts = [repo.data(path) for path in paths]
    yield from {service for service, module in modules if any(module in text for text in texts)}


def with_table(text: str, table: str) -> str:
    """A pyproject.toml with the settings behind all others."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    body = text.rstrip("\r\n")
    gap = "\n\n" if body else ""
    return body + f"{gap}[tool.airwarden]\n{table}".replace("\n", line_end)
