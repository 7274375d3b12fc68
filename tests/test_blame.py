"""Who wrote a line and when: what git says, and what it does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from airwarden.blame import Authorship, blame, read
from airwarden.git import Git

from tests.git_folders import GitFolder

ONE, TWO, NONE = "a" * 40, "b" * 40, "0" * 40


def told(author: str, time: int, zone: str) -> list[str]:
    return [f"author {author}", "author-mail <x@example.org>", f"author-time {time}", f"author-tz {zone}"]


def test_what_git_says_is_read() -> None:
    lines = [
        *(f"{ONE} 1 1 2", *told("Ada Lovelace", 1_764_280_800, "+0200"), "\tauthor me"),
        *(f"{ONE} 2 2", "\tmore"),
        *(f"{TWO} 1 3 1", *told("Bob", 1_764_280_800, "-0800"), "boundary", f"\t{ONE} 9 9"),
        *(f"{NONE} 4 4 1", *told("Not Committed Yet", 1_764_280_800, "+0000"), "\tnew"),
        *(f"{ONE} 4 5 1", "\t"),
        "",
    ]
    ada = Authorship("Ada Lovelace", date(2025, 11, 28))
    assert read(lines) == {1: ada, 2: ada, 3: Authorship("Bob", date(2025, 11, 27)), 5: ada}


@pytest.mark.real
def test_real_git_tells_of_lines_that_are_committed(tmp_path: Path) -> None:
    folder = GitFolder.made(tmp_path)
    folder.environment |= {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_DATE": "2025-03-01T23:30:00+0300"}
    folder.commit({"dags/é a.py": "one\ntwo\n"})
    folder.environment |= {"GIT_AUTHOR_NAME": "Bob", "GIT_AUTHOR_DATE": "2026-01-02T00:30:00-0800"}
    folder.commit({"dags/é a.py": "one\nthree\ntwo\n"})
    folder.write({"dags/é a.py": "one\nthree\ntwo\nfour\n", "new.py": "x\n"})
    ada, bob = Authorship("Ada", date(2025, 3, 1)), Authorship("Bob", date(2026, 1, 2))
    assert blame(Git(tmp_path), "dags/é a.py") == {1: ada, 2: bob, 3: ada}
    assert blame(Git(tmp_path / "dags"), "é a.py") == {1: ada, 2: bob, 3: ada}
    assert blame(Git(tmp_path), "new.py") == {}


@pytest.mark.real
def test_without_a_repository_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x\n")
    assert blame(Git(tmp_path), "a.py") == {}
