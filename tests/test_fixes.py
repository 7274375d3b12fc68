"""Every fix of every rule: the finding goes, nothing new comes, and a second run changes nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pytest
from airwarden.config import Config
from airwarden.engine import check
from airwarden.findings import Finding
from airwarden.fixer import Mended, mended
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.report import Report
from airwarden.rule import Rule
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import few, some
from tests.test_rules import CASES, FIXTURES, settle

REGISTRY = Registry()
RULES, _ = REGISTRY.load()
FIXING = {rule for rule, file in REGISTRY.files.items() if "fix=" in file.read_text(encoding="utf-8")}
FLAGGED = [case for case in CASES if case.name.startswith("flagged") and case.parent.name in FIXING]
NAMES = [case.relative_to(FIXTURES).as_posix() for case in FLAGGED]

Look: TypeAlias = Callable[[Repo], Report]

COMES_TO_LIGHT: Mapping[str, set[str]] = {
    "builtin-secret-env-misspelt": {"builtin-secret-env-without-replacement"},
    "chart-key-misspelt": {"broker-secret-missing", "secrets-backend-missing", "xcom-in-metadata-database"},
    "dag-without-failure-alert": {"provider-not-declared"},
    "failure-alert-never-fires": {"alert-without-channel", "failure-alert-not-slack"},
    "failure-alert-not-slack": {"provider-not-declared"},
    "failure-alert-on-tasks-only": {"provider-not-declared"},
    "provider-not-declared": {"provider-only-transitive"},
    "retired-airflow-import": {"provider-only-preinstalled"},
    "secrets-backend-unknown": {"secrets-backend-without-auth"},
    "unused-suppression": {"unused-suppression"},
    "xcom-backend-unknown": {"provider-needed-by-values", "xcom-path-missing"},
    "xcom-section-misspelt": {"provider-needed-by-values"},
}
"""What can be judged only when a fix has made it count: a setting or a callback that had no effect, a
provider that a new import needs, a suppression whose name is right and has nothing to silence.
"""


def look_at(root: Path, rules: Mapping[str, Rule] = RULES) -> Look:
    """A check of a repository that must not fail."""
    config = Config.read(root)

    def look(repo: Repo) -> Report:
        report = check(repo, None, config, rules, families=REGISTRY.families, fixes=True)
        assert not report.crashes
        return report

    return look


def kind(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.region.path, finding.subject or finding.message


def kinds(report: Report) -> Counter[tuple[str, str, str]]:
    return Counter(map(kind, report.findings))


def fixable(report: Report) -> list[Finding]:
    return [each for each in report.findings if each.fix and each.fix.edits]


def new_rules(before: Report, after: Report) -> set[str]:
    return {rule for rule, *_ in kinds(after) - kinds(before)}


def applied(repo: Repo, finding: Finding) -> Repo:
    """The repository after one fix alone."""
    reports = iter([Report(str(repo.root), (finding,)), Report(str(repo.root), ())])
    result = mended(repo, lambda _: next(reports), unsafe=True)
    assert result.withheld == []
    assert result.fixed == [finding]
    return repo.afresh()


def put_back(files: Mapping[Path, bytes]) -> None:
    for path, data in files.items():
        if path.read_bytes() != data:
            path.write_bytes(data)


def stored(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("fixture", few(FLAGGED), ids=few(NAMES))
def test_each_fix_alone_mends_its_finding_and_brings_nothing_new(fixture: Path, tmp_path: Path) -> None:
    settle(fixture, tmp_path)
    look, files = look_at(tmp_path), stored(tmp_path)
    before = look(Repo(tmp_path))
    for finding in fixable(before):
        after = look(applied(Repo(tmp_path), finding))
        assert kinds(after)[kind(finding)] < kinds(before)[kind(finding)], finding
        assert new_rules(before, after) <= COMES_TO_LIGHT.get(finding.rule, set()), finding
        put_back(files)


@pytest.mark.parametrize("fixture", few(FLAGGED), ids=few(NAMES))
def test_all_fixes_together_leave_nothing_to_mend(fixture: Path, tmp_path: Path) -> None:
    safe = all_fixed(fixture, tmp_path / "safe", unsafe=False)
    if any(each.fix and not each.fix.safe for report in safe.reports for each in fixable(report)):
        all_fixed(fixture, tmp_path / "unsafe", unsafe=True)


def all_fixed(fixture: Path, root: Path, unsafe: bool) -> Mended:
    """What all fixes make of a fixture, after which there is nothing left to mend."""
    root.mkdir()
    settle(fixture, root)
    look = look_at(root)
    result = mended(Repo(root), look, unsafe=unsafe)
    assert result.withheld == []
    assert [each for each in fixable(result.report) if unsafe or (each.fix and each.fix.safe)] == []
    light = [COMES_TO_LIGHT.get(each.rule, set()) for each in result.fixed]
    assert new_rules(result.reports[0], result.report) <= set().union(*light)
    files = stored(root)
    again = mended(Repo(root), look, unsafe=unsafe)
    assert (again.fixed, again.new, stored(root)) == ([], {}, files)
    return result


# However a file is written


def windows(data: bytes, _: Path) -> bytes:
    return data if b"\r" in data else data.replace(b"\n", b"\r\n")


def marked(data: bytes, path: Path) -> bytes:
    return data if data.startswith(b"\xef\xbb\xbf") or path.suffix == ".toml" else b"\xef\xbb\xbf" + data


def unended(data: bytes, _: Path) -> bytes:
    return data.rstrip(b"\r\n")


def shifted(data: bytes, path: Path) -> bytes:
    return data if path.suffix in (".json", ".lock", ".sql") else b"# one line more\n# and another\n" + data


def western(data: bytes, path: Path) -> bytes:
    """In Latin-1, where a cookie can say so and nothing says anything else."""
    if path.suffix != ".py" or data.startswith(b"\xef\xbb\xbf") or b"coding" in data[:200]:
        return data
    try:
        return b"# coding: latin-1\n# \xe4\n" + data.decode().encode("latin-1")
    except UnicodeEncodeError:
        return data


def tabbed(data: bytes, path: Path) -> bytes:
    if path.suffix != ".py":
        return data
    return re.sub(rb"^(?: {4})+", lambda found: b"\t" * (len(found[0]) // 4), data, flags=re.MULTILINE)


FORMS = (shifted, western, tabbed, windows, marked, unended)
"""In the order in which they fit together: what stands in front of a file, then what is in all of it."""

Form: TypeAlias = Callable[[bytes, Path], bytes]


def rewritten(root: Path, forms: Iterable[Form]) -> None:
    for path, data in stored(root).items():
        for form in forms:
            data = form(data, path)
        path.write_bytes(data)


def mended_copy(
    fixture: Path, rules: Mapping[str, Rule], forms: Sequence[Form]
) -> tuple[Mended, dict[str, bytes]]:
    """What all fixes of some rules make of a fixture that is written in some form."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        settle(fixture, root)
        rewritten(root, forms)
        result = mended(Repo(root), look_at(root, rules), unsafe=True)
        return result, {path.relative_to(root).as_posix(): data for path, data in stored(root).items()}


def as_written(files: Mapping[str, bytes], forms: Iterable[Form]) -> Iterator[tuple[str, bytes]]:
    for name, data in files.items():
        for form in forms:
            data = form(data, Path(name))
        yield name, data


def fitting(fixture: Path, forms: set[Form]) -> list[Form]:
    """The forms that fit together: nothing else tells of a single line without an end how lines end."""
    with TemporaryDirectory() as folder:
        settle(fixture, Path(folder))
        has_single_line = any(data.strip().count(b"\n") == 0 for data in stored(Path(folder)).values())
    return [
        form
        for form in FORMS
        if form in forms
        and not (form is marked and western in forms)
        and not (form is unended and has_single_line)
    ]


@settings(max_examples=some(45), deadline=None, derandomize=True)
@given(fixture=st.sampled_from(FLAGGED), forms=st.sets(st.sampled_from(FORMS), min_size=1))
def test_a_file_keeps_its_form(fixture: Path, forms: set[Form]) -> None:
    rules, _ = REGISTRY.load([fixture.parent.name])
    ordered = fitting(fixture, forms)
    plain, expected = mended_copy(fixture, rules, ())
    result, found = mended_copy(fixture, rules, ordered)
    assert len(result.fixed) == len(plain.fixed)
    assert result.withheld == []
    assert found == dict(as_written(expected, ordered))
