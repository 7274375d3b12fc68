"""docs/dependencies.md tells of every dependency, and of all that comes with it."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.release.locks import pins
from tests.test_locks import LOCKS, PROJECT

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "dependencies.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].strip("`"): cells
    for line in re.findall(r"^\| (`[a-z]+` \|.*) \|$", PAGE, re.MULTILINE)
    if len(cells := [cell.strip() for cell in line.split("|")]) == 6
}
NEEDED = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["server"]]
NAMES = sorted(canonicalize_name(Requirement(each).name) for each in NEEDED)


def test_every_dependency_has_a_row_and_a_reason() -> None:
    assert sorted(ROWS) == NAMES
    assert sorted(re.findall(r"^- \*\*(\w+)\*\*", PAGE, re.MULTILINE)) == sorted({*NAMES} - {"pygls"})
    assert all(all(cells[:5]) for cells in ROWS.values())


@pytest.mark.parametrize("name", NAMES)
def test_all_that_it_brings_is_told(name: str) -> None:
    assert set(re.findall(r"`([a-z-]+)`", ROWS[name][5])) == set(brought(name)) - {name}


def brought(name: str) -> Iterator[str]:
    """What is locked because of a distribution."""
    for pin in pins("tests"):
        if name in pin.wanted_by:
            yield pin.name
            yield from brought(pin.name)


@pytest.mark.parametrize("name", NAMES)
def test_whether_it_has_native_code_is_told(name: str) -> None:
    """As far as it is installed here; a wheel without may be installed where another has some."""
    try:
        files = importlib.metadata.distribution(name).files or []
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("it is not needed here")
    native = any(file.suffix in (".so", ".pyd", ".dylib") for file in files)
    assert not native or ROWS[name][4] != "no"


def test_every_lock_is_told() -> None:
    told = set(re.findall(r"`locks/([a-z.-]+)/?`", PAGE))
    assert told == {path.name for path in LOCKS[0].parent.iterdir()}
