"""What the tests of several rooms need: a repository made of a few files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

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
