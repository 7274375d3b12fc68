"""What a release consists of, and when there is none."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from scripts.release.__main__ import fault, notes_of
from scripts.release.bill import bill
from scripts.release.locks import pins

CHANGELOG = """\
# Changelog

## [Unreleased]

- Later.

## [1.2.0] - 2026-01-01

### Added

- A thing.

## [1.1.0] - 2025-01-01

- An older thing.
"""


@pytest.mark.parametrize(
    ("version", "notes"),
    [("1.2.0", "### Added\n\n- A thing."), ("1.1.0", "- An older thing."), ("1.0", ""), ("1x1.0", "")],
)
def test_the_notes_are_the_section_about_a_version(version: str, notes: str) -> None:
    assert notes_of(version, CHANGELOG) == notes


@pytest.mark.parametrize(
    ("tag", "notes", "expected"),
    [
        ("v1.2.0", "- A thing.", ""),
        ("v1.2.1", "- A thing.", "the tag is v1.2.1, but __version__"),
        ("1.2.0", "- A thing.", "the tag is 1.2.0, but __version__"),
        ("v1.2.0", "", "CHANGELOG.md has no section ## [1.2.0]"),
    ],
)
def test_tag_version_and_changelog_have_to_fit(tag: str, notes: str, expected: str) -> None:
    assert fault(tag, "1.2.0", notes).startswith(expected)
    assert bool(fault(tag, "1.2.0", notes)) == bool(expected)


def test_the_bill_names_all_that_is_locked_and_who_wants_it() -> None:
    locked = pins("program")
    made = bill("1.2.0", locked, 1_800_000_000)
    assert made == bill("1.2.0", locked, 1_800_000_000)
    assert made["metadata"]["timestamp"] == datetime.fromtimestamp(1_800_000_000, timezone.utc).isoformat()
    refs = [each["bom-ref"] for each in made["components"]]
    assert refs == [f"pkg:pypi/{pin.name}@{pin.version}" for pin in locked]
    needs = {each["ref"]: each["dependsOn"] for each in made["dependencies"]}
    assert needs.keys() == {*refs, "pkg:pypi/airwarden@1.2.0"}
    reached, new = set[str](), {"pkg:pypi/airwarden@1.2.0"}
    while new:
        reached, new = reached | new, {need for ref in new for need in needs[ref]} - reached
    assert reached == needs.keys(), "nothing is locked that nothing needs"
