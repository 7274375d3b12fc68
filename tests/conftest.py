"""What the tests of several rooms need: a repository made of a few files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import settings

settings.register_profile("unhurried", settings(), deadline=None)
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
