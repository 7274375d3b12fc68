"""Whose a file is, by CODEOWNERS."""

from __future__ import annotations

from pathlib import Path

import pytest
from airwarden.codeowners import PLACES, CodeOwners

TEXT = """\
# who reviews what
*                 @everybody
/dags/            @data   data@example.org  # the team
[Sales][2] @sales-leads
^[Optional]
dags/sales/*.py   @sales
dags/two\\ words/  @words
/dags/sales/free.py
"""


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("README.md", "@everybody"),
        ("dags/a.py", "@data data@example.org"),
        ("other/dags/a.py", "@everybody"),
        ("dags/sales/a.py", "@sales"),
        ("dags/two words/a.py", "@words"),
        ("dags/sales/free.py", ""),
    ],
)
def test_the_last_line_that_matches_counts(path: str, owner: str) -> None:
    assert CodeOwners(TEXT).owner(path) == owner


@pytest.mark.parametrize("place", PLACES)
def test_it_is_found_at_its_usual_places_around_the_root(place: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text("/airflow/dags/ @data\n")
    root = tmp_path / "airflow"
    root.mkdir()
    assert CodeOwners.of(tmp_path).owner("airflow/dags/a.py") == "@data"
    assert CodeOwners.of(root).owner("dags/a.py") == "@data"
    assert CodeOwners.of(root).owner("a.py") == ""


def test_a_repository_without_it_has_no_owners(tmp_path: Path) -> None:
    assert CodeOwners.of(tmp_path).owner("a.py") == ""


def test_a_pattern_that_means_nothing_owns_nothing() -> None:
    owners = CodeOwners("* @everybody\n[z-a] @nobody\na\\ @nobody\n[[:alpha:]] @letters\n")
    assert owners.owner("dags/a.py") == "@everybody"


def test_a_sign_without_a_pattern_owns_nothing() -> None:
    assert CodeOwners("! @nobody\n").owner("a") == ""
