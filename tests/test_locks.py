"""What is installed here and by the action is locked by version and hash, in step with pyproject.toml."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from scripts.release.locks import pins

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = sorted((ROOT / "locks").glob("*.txt"))
PARTS = {
    "build": (False, ["build"]),
    "docs": (True, ["docs"]),
    "fuzz": (False, ["fuzz"]),
    "install": (False, ["install"]),
    "lowest": (True, ["test"]),
    "oracle": (False, ["oracle"]),
    "program": (True, []),
    "tests": (True, ["test"]),
    "tools": (True, ["dev"]),
}
"""Whether a lock has what the program needs, and which groups of pyproject.toml."""
SERVED = ("lowest", "tests", "tools")
PYTHONS = ("3.10.0", "3.11.7", "3.12.1", "3.13.0")


def wanted(lock: str) -> Iterator[Requirement]:
    """What pyproject.toml says that a lock must hold."""
    program, groups = PARTS[lock]
    texts = [*PROJECT["project"]["dependencies"]] if program else []
    texts += PROJECT["project"]["optional-dependencies"]["server"] if lock in SERVED else []
    for group in groups:
        texts += _group(group)
    yield from map(Requirement, texts)


def _group(name: str) -> Iterator[str]:
    for each in PROJECT["dependency-groups"][name]:
        yield from [each] if isinstance(each, str) else _group(each["include-group"])


def environment(python: str) -> dict[str, str]:
    here = {name: str(value) for name, value in default_environment().items()}
    return {**here, "python_full_version": python, "python_version": python.rpartition(".")[0]}


def test_every_lock_is_known() -> None:
    assert {path.stem for path in LOCKS} == PARTS.keys()


@pytest.mark.parametrize("lock", PARTS)
def test_a_lock_is_in_step_with_the_project(lock: str) -> None:
    """Otherwise: make lock UPGRADE="""
    requirements = [*wanted(lock)]
    assert {pin.name for pin in pins(lock) if pin.is_direct} == {
        canonicalize_name(each.name) for each in requirements
    }
    for python in PYTHONS:
        here = environment(python)
        versions = {pin.name: pin.version for pin in pins(lock) if pin.counts(here)}
        for each in requirements:
            if each.marker is None or each.marker.evaluate(here):
                assert each.specifier.contains(versions[canonicalize_name(each.name)], prereleases=True)


@pytest.mark.parametrize("lock", PARTS)
@pytest.mark.parametrize("python", PYTHONS)
def test_a_lock_has_one_version_of_each_for_a_python(lock: str, python: str) -> None:
    names = [pin.name for pin in pins(lock) if pin.counts(environment(python))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("lock", ["build", "docs", "install", "program", "tests"])
def test_all_of_them_agree_on_versions(lock: str) -> None:
    assert {(pin.name, pin.version, pin.hashes) for pin in pins(lock)} <= {
        (pin.name, pin.version, pin.hashes) for pin in pins("tools")
    }


def test_the_oldest_versions_are_those_that_are_allowed() -> None:
    locked = {pin.name: pin.version for pin in pins("lowest") if pin.counts(environment("3.10.0"))}
    server = PROJECT["project"]["optional-dependencies"]["server"]
    for each in map(Requirement, [*PROJECT["project"]["dependencies"], *server]):
        (bound,) = each.specifier
        assert (bound.operator, Version(bound.version)) == (">=", locked[canonicalize_name(each.name)])


def test_what_builds_the_package_is_locked() -> None:
    assert PROJECT["build-system"]["requires"] == PROJECT["dependency-groups"]["build"]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_a_lock_names_no_index_and_takes_no_options(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"://|^-", text, re.MULTILINE)


@pytest.mark.parametrize("lock", ["browser", "sarif-multitool"])
def test_packages_of_npm_are_exact_and_have_hashes(lock: str) -> None:
    folder = ROOT / "locks" / lock
    given, locked = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("package.json", "package-lock.json")
    )
    packages = dict(locked["packages"])
    root = packages.pop("")
    for kind in ("dependencies", "devDependencies"):
        assert root.get(kind) == given.get(kind)
        for name, version in given.get(kind, {}).items():
            assert packages[f"node_modules/{name}"]["version"] == version
    for each in packages.values():
        assert each["integrity"].startswith("sha512-")
        assert "resolved" not in each, "it would name an index"
