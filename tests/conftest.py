"""What the tests of several rooms need: a repository made of a few files."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias, TypeVar

import pytest
from hypothesis import settings

Case = TypeVar("Case")

SHARE = 3 if os.environ.get("TESTS_IN_BRIEF") else 1
"""One of how many examples is tried: all in `make test`, a third of them on other versions of Python."""


def some(count: int) -> int:
    """How many of so many random examples are tried."""
    return -(-count // SHARE)


def few(cases: Sequence[Case]) -> Sequence[Case]:
    """The cases that are tried, of many that are like one another on every version of Python."""
    return cases[::SHARE]


settings.register_profile("unhurried", settings(), deadline=None, max_examples=some(100))
settings.load_profile("unhurried")

MakeRepository: TypeAlias = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def make_repository(tmp_path: Path) -> MakeRepository:
    """Writes files, given by path and text, below a fresh root and returns the root."""

    def make(files: Mapping[str, str]) -> Path:
        (tmp_path / ".git").mkdir(exist_ok=True)
        for path, text in files.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
        return tmp_path

    return make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with the files that drive outside programs, which take longest: a worker takes a whole file."""
    slow = {item.path for item in items if item.get_closest_marker("real")}
    items.sort(key=lambda item: item.path not in slow)
