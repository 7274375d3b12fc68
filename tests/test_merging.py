"""Merging: shards give what one run gives, to the byte, and what does not belong together is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from airwarden import merging
from airwarden.config import Config, ConfigError
from airwarden.engine import check
from airwarden.findings import Finding, Region
from airwarden.formats import renderer, sarif
from airwarden.formats.view import View
from airwarden.merging import merged
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.report import Crash, Report, Silenced
from airwarden.shards import Shard, shard_of
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests import reports

SAME = "run every shard on one commit, with the same options"

if TYPE_CHECKING:
    from tests.conftest import MakeRepository

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "schemas" / "report.json").read_text(encoding="utf-8"))
FORMATS = ("json", "sarif")
VIEW = View(prefix="airflow, 50%/", suppressed=True)


def divided(report: Report, count: int) -> list[Report]:
    """The reports of the shards of a run that `report` is of."""
    return [_own(report, Shard(i, count, "0" * 16, "0" * 16, "error")) for i in range(1, count + 1)]


def _own(report: Report, shard: Shard) -> Report:
    def is_ours(path: str) -> bool:
        return sum(path.encode(errors="surrogatepass")) % shard.count + 1 == shard.index

    return replace(
        report,
        findings=tuple(each for each in report.findings if is_ours(each.region.path)),
        crashes=tuple(c for c in report.crashes if c.rule not in report.rules or is_ours(c.path)),
        unknown_dags=tuple(each for each in report.unknown_dags if is_ours(each.partition(":")[0])),
        checked=report.checked if shard.index == 1 else 0,
        silenced=tuple(each for each in report.silenced if is_ours(each.finding.region.path)),
        shard=shard,
    )


def written(folder: Path, report: Iterable[Report], name: str, view: View = VIEW) -> list[Path]:
    files = []
    for number, each in enumerate(report, 1):
        files.append(folder / f"{number}.{name}")
        files[-1].write_text(renderer(name)(each, view), encoding="utf-8", newline="\n")
    return files


def large() -> Report:
    """Many findings and crashes, in many files, and a rule that does not load."""
    rules = (reports.NO_ALERT, reports.UNUSED, reports.TOKEN)
    found = [
        rule.finding(Region(path, line, 1, line, 9), f"message {line % 3} of {rule.id}", level=level)
        for path in (f"dags/{name}.py" for name in ("a", "b c", "B", "é", "a-b", "数", "c/d", "c.d"))
        for line in range(1, 4)
        for rule in rules
        for level in ("error", "note")
    ]
    broken = Crash("gone", "gone.py", "SyntaxError")
    crashes = [Crash(reports.NO_ALERT.id, f"dags/{name}.py", "KeyError") for name in "aabc"]
    dags = tuple(f"dags/{name}.py:{line} x" for name in "abcd" for line in (3, 20, 100))
    base = reports.report(found, checked=17)
    silenced = tuple(Silenced(each, "baseline") for each in base.findings[::5])
    return replace(base, crashes=(broken, *crashes), unknown_dags=dags, silenced=silenced)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("make", [reports.clean, reports.messy, large])
def test_shards_give_what_one_run_gives(
    make: Callable[[], Report], count: int, name: str, tmp_path: Path
) -> None:
    report = make()
    files = written(tmp_path, divided(report, count), name)
    found = merged(files[::-1])
    assert found.text == renderer(name)(report, VIEW)
    assert found.counts == report.counts
    assert len(found.crashes) == len(report.crashes)


@pytest.mark.parametrize("name", FORMATS)
def test_a_repository_in_shards_gives_what_it_gives_as_a_whole(
    name: str, make_repository: MakeRepository, tmp_path: Path
) -> None:
    files = {
        path.relative_to(home).as_posix(): path.read_text(encoding="utf-8")
        for home in [ROOT / "examples" / "broken"]
        for path in home.rglob("*")
        if path.is_file()
    }
    root = make_repository(files)
    rules = Registry().load_some(Registry().selected(Config()))
    parts = []
    for index in (1, 2, 3):
        repo = Repo(root)
        shard, paths = shard_of(repo, Config(), repo.files, f"{index}/3")
        parts.append(replace(check(repo, paths, Config(), rules), shard=shard))
    whole = check(Repo(root), None, Config(), rules)
    assert whole.findings
    assert merged(written(tmp_path, parts, name)).text == renderer(name)(whole, VIEW)


paths = st.sampled_from(["a.py", "a/b.py", "a-b.py", "é.py", "%41.py", "\udc80.py", "A.py"])
findings = st.builds(
    lambda path, line, rule, level: rule.finding(Region(path, line, 1, line, 2), "m", level=level),
    paths,
    st.integers(1, 3),
    st.sampled_from([reports.NO_ALERT, reports.UNUSED]),
    st.sampled_from(["error", "warning", "note"]),
)


@given(st.lists(findings), st.integers(1, 4))
def test_any_findings_come_back_in_their_order(found: list[Finding], count: int) -> None:
    report = reports.report(found)
    for name in FORMATS:
        assert _joined(report, count, name) == renderer(name)(report, VIEW)


def _joined(report: Report, count: int, name: str) -> str:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        return merged(written(Path(folder), divided(report, count), name)).text


def test_what_code_scanning_does_not_take_is_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sarif, "RESULTS", 30)
    files = written(tmp_path, divided(large(), 3), "sarif")
    assert merged(files).text == sarif.render(large(), VIEW)
    assert "the mildest 143 findings are left out" in merged(files).text


def test_the_report_of_a_shard_is_as_its_schema_says() -> None:
    for each in divided(reports.messy(), 2):
        Draft202012Validator(SCHEMA).validate(json.loads(renderer("json")(each, VIEW)))


def test_a_dag_that_two_shards_tell_of_is_told_once(tmp_path: Path) -> None:
    first, second = divided(reports.clean(), 2)
    dags = ("a.py:3 x", "a.py:20 y")
    pair = [replace(first, unknown_dags=dags), replace(second, unknown_dags=(*dags, "b.py:1 z"))]
    summary = json.loads(merged(written(tmp_path, pair, "json")).text)["summary"]
    assert summary["unknown_dags"] == [*dags, "b.py:1 z"]


# What can't be merged


def said(files: list[Path]) -> str:
    with pytest.raises(ConfigError) as fault:
        merged(files)
    return str(fault.value).replace(str(files[0].parent) + "/", "")


def changed(report: Report, **to: Any) -> Report:
    assert report.shard is not None
    return replace(report, shard=replace(report.shard, **to))


@pytest.mark.parametrize("name", FORMATS)
def test_shards_that_do_not_belong_together_are_told(name: str, tmp_path: Path) -> None:
    first, second, third = divided(reports.messy(), 3)

    def of(*parts: Report) -> str:
        return said(written(tmp_path, parts, name)).replace(f".{name}", "")

    assert of(first, third) == "shard 2 of 3: no such report is given; name those of all shards"
    assert of(third) == "shards 1 and 2 of 3: no such report is given; name those of all shards"
    assert of(first, second, second) == "3: is shard 2 of 3, as 2 is"
    assert of(first, changed(second, count=4)) == "2: is shard 2 of 4, and 1 shard 1 of 3"
    assert of(first, changed(second, settings="1" * 16)) == f"2: was made with other settings than 1; {SAME}"
    assert of(first, changed(second, files="1" * 16)) == (
        f"2: is of other files, or other versions of them, than 1; {SAME}"
    )
    assert of(replace(first, shard=None)) == (
        "1: is the report of a whole run; `airwarden check --shard` makes parts"
    )


NO_SHARDS: tuple[dict[str, object], ...] = (
    {"index": {}},
    {"index": "1"},
    {"index": 0},
    {"index": 4},
    {"index": True},
    {"count": []},
    {"count": 0},
    {"settings": None},
    {"files": {}},
    {"fail_on": "never"},
)


@pytest.mark.parametrize("wrong", NO_SHARDS, ids=repr)
def test_a_shard_that_no_run_has_is_no_report(wrong: dict[str, Any], tmp_path: Path) -> None:
    assert "1.json: is no report of airwarden" in said_with({"shard": wrong}, tmp_path)


def test_a_report_without_a_version_is_no_report(tmp_path: Path) -> None:
    assert "1.json: is no report of airwarden" in said_with({"tool": {"name": "airwarden"}}, tmp_path)


@pytest.mark.parametrize("findings", [[1], [None], {"a": 1}, 7])
def test_findings_that_are_none_are_told(findings: Any, tmp_path: Path) -> None:
    assert "1.json: not as airwarden wrote it" in said_with({"findings": findings}, tmp_path)


def test_a_billion_missing_shards_are_told_in_a_few_words(tmp_path: Path) -> None:
    missing = "shards 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 999,999,989 more of 1000000000: no such report"
    assert missing in said_with({"shard": {"count": 10**9}}, tmp_path)


def said_with(wrong: dict[str, Any], folder: Path) -> str:
    """What is said of the report of a whole run in one shard that holds something else here and there."""
    (file,) = written(folder, divided(reports.messy(), 1), "json")
    body = json.loads(file.read_text(encoding="utf-8"))
    wrong = {key: {**body[key], **value} if key == "shard" else value for key, value in wrong.items()}
    file.write_text(json.dumps({**body, **wrong}), encoding="utf-8")
    return said([file])


def test_reports_of_two_kinds_are_told(tmp_path: Path) -> None:
    first, second = divided(reports.messy(), 2)
    (json_file,), (sarif_file,) = (
        written(tmp_path, [each], name) for each, name in ((first, "json"), (second, "sarif"))
    )
    assert said([json_file, sarif_file]) == "1.sarif: is SARIF, and 1.json is JSON"


@pytest.mark.parametrize("name", FORMATS)
def test_versions_are_held_together(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = written(tmp_path, divided(reports.messy(), 2), name)
    monkeypatch.setattr(merging, "__version__", "9.9")
    version = reports_version(files[0], name)
    assert said(files) == f"1.{name}: was made by airwarden {version}, and this is 9.9"
    files[1].write_text(files[1].read_text().replace(f'"version": "{version}"', '"version": "9.9"'))
    assert said(files) == f"2.{name}: was made by airwarden 9.9, and 1.{name} by {version}"


def reports_version(file: Path, name: str) -> str:
    body = json.loads(file.read_text())
    tool = body["runs"][0]["tool"]["driver"] if name == "sarif" else body["tool"]
    return str(tool["version"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dags/a.py:1:1 error",
        "[]",
        "{}",
        "3",
        '{"runs": []}',
        '{"runs": {}}',
        '{"tool": {"name": "x"}}',
        '{"tool": {"name": "airwarden", "version": "1"}, "shard": {"index": 1}}',
        "\x00",
        "[" * 100_000,
    ],
)
def test_what_is_no_report_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(text, encoding="utf-8")
    assert (
        said([tmp_path / "x"]) == "x: is no report of airwarden in JSON or SARIF; `--format json` writes one"
    )


def test_a_file_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    assert said([tmp_path / "gone.json"]) == "gone.json: cannot be read: No such file or directory"


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_that_was_changed_is_told(name: str, tmp_path: Path) -> None:
    files = written(tmp_path, divided(reports.messy(), 1), name)
    files[0].write_text(files[0].read_text().replace('"findings"', '"found"').replace('"results"', '"found"'))
    assert said(files) == f"1.{name}: not as airwarden wrote it (KeyError); run the shards again"
