"""The baseline: what it accepts, what of it is told, and that it survives whatever moves lines."""

from __future__ import annotations

import ast
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from airwarden.baseline import NAME, Baseline, Entry, _surely_fits, baseline_of, text_of
from airwarden.config import Config, ConfigError
from airwarden.engine import check, covering
from airwarden.findings import Finding
from airwarden.formats import renderer
from airwarden.formats.view import View
from airwarden.justification import Justification
from airwarden.merging import merged
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.report import Report
from airwarden.rule import Rule
from airwarden.shards import shard_of
from airwarden.upkeep import Change, pruned, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.conftest import MakeRepository, some

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "schemas" / "baseline.json").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 27)
REGISTRY = Registry()
NAMES = (
    *("dag-without-failure-alert", "dataframe-in-xcom", "variable-at-parse-time", "hardcoded-credential"),
    *("unreadable-file", "unused-suppression", "expired-suppression", "unused-baseline-entry"),
)
ALERT = "dag-without-failure-alert"

BLOCKS = (
    'ORDERS = DAG(dag_id="orders", schedule=None)\n',
    'RETURNS = DAG(\n    dag_id="returns", schedule="@daily", catchup=False)\n',
    'RETURNS_TOO = DAG("returns", schedule="@weekly")\n',
    '@task\ndef extract():\n    return pandas.read_csv("s3://lake/orders.csv")\n',
    "@task\ndef load(\n        path):\n    frame = pandas.read_parquet(path)\n    return frame\n",
    'BUCKET = Variable.get("bucket")\n',
    'password = "not-a-real-password-1"\n',
)
HEAD = "import pandas\nfrom airflow.models import Variable\nfrom airflow.sdk import DAG, task\n"


@cache
def rules() -> dict[str, Rule]:
    return REGISTRY.load(NAMES)[0]


def checked(root: Path, baseline: Baseline | None = None, **more: Any) -> Report:
    """The report of a run over a repository that is held against a baseline."""
    config = Config.read(root)
    more = {"families": REGISTRY.families, "today": TODAY, "selected": NAMES, **more}
    paths = more.pop("paths", None)
    return check(Repo(root, config), paths, config, rules(), baseline=baseline, **more)


def read(root: Path, entries: Iterable[Entry]) -> Baseline:
    (root / NAME).write_text(text_of(entries), encoding="utf-8")
    return Baseline.read(root, root / NAME)


def usual(finding: Finding) -> Any:
    return rules()[finding.rule].level


def accept(root: Path, baseline: Baseline | None = None, why: Justification | None = None) -> Baseline:
    """Writes all that is found into the baseline."""
    before = baseline or Baseline()
    change = written(before, checked(root, before), usual, why or Justification(), TODAY)
    return read(root, change.entries)


def places(report: Report) -> list[tuple[str, int, str]]:
    return [(each.region.path, each.region.line, each.rule) for each in report.findings]


def dag(*names: str, alert: str = "") -> str:
    lines = [f'{name} = DAG(dag_id="{name}"{alert})' for name in names]
    return "\n".join(["from airflow.sdk import DAG", "", *lines, ""])


# The file

texts = st.text(st.characters(exclude_categories=()), min_size=1, max_size=12)
reasons = st.builds(Justification, *([st.just("") | texts] * 4))
entries = st.builds(
    Entry,
    rule=st.sampled_from(NAMES),
    path=texts,
    subject=texts,
    count=st.integers(1, 3),
    level=st.sampled_from([None, "error", "warning", "note"]),
    since=st.sampled_from(["", "2026-11-27"]),
    why=reasons,
)
several = st.lists(entries, max_size=6, unique_by=lambda each: (each.path, each.topic))


@given(several)
def test_what_is_written_is_read_again(found: list[Entry]) -> None:
    text = text_of(found)
    lines = text.splitlines()
    assert len(lines) == (5 + len(found) if found else 4), "an entry a line"
    Draft202012Validator(SCHEMA).validate(json.loads(text))
    with TemporaryDirectory() as folder:
        file = Path(folder, NAME)
        file.write_text(text, encoding="utf-8")
        baseline = Baseline.read(Path(folder), file)
    assert sorted(map(repr, baseline.entries)) == sorted(map(repr, found))
    assert text_of(reversed(baseline.entries)) == text
    regions = [baseline.region(each) for each in baseline.entries]
    assert [region.line for region in regions if region] == list(range(4, 4 + len(found)))


anything = st.none() | st.booleans() | st.integers(-1, 3) | st.sampled_from(["", "x", "error", 1.0, ()])
keys = st.sampled_from(["rule", "path", "subject", "count", "level", "since", "reason", "until", "other"])


@given(st.dictionaries(keys, anything), st.booleans())
def test_a_form_is_told_without_the_schema_as_with_it(row: dict[str, Any], is_whole: bool) -> None:
    needed = {"rule": "a", "path": "b", "subject": "c"} if is_whole else {}
    value = json.loads(json.dumps({"version": 1, "entries": [{**needed, **row}]}))
    assert _surely_fits(value) <= Draft202012Validator(SCHEMA).is_valid(value)
    plain = all(type(each) in (str, int) for each in row.values())
    assert not plain or _surely_fits(value) == Draft202012Validator(SCHEMA).is_valid(value)


def test_an_entry_is_found_wherever_a_formatter_put_it(tmp_path: Path) -> None:
    found = [Entry("a", "b.py", "c"), Entry("a", "b.py", 'd "entries": [{', count=2)]
    (tmp_path / NAME).write_text(json.dumps(json.loads(text_of(found)), indent=4), encoding="utf-8")
    baseline = Baseline.read(tmp_path, tmp_path / NAME)
    regions = [baseline.region(each) for each in baseline.entries]
    assert [(each.line, each.end_line) for each in regions if each] == [(4, 8), (9, 14)]


def test_a_baseline_outside_of_the_repository_has_no_place_in_it(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / NAME).write_text(text_of([Entry("a", "b.py", "c")]), encoding="utf-8")
    baseline = Baseline.read(tmp_path / "inside", tmp_path / NAME)
    assert (baseline.path, baseline.region(baseline.entries[0])) == (None, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "",
            "line 1: is not JSON: Expecting value; mend it, or make a new one with `airwarden baseline",
        ),
        ('{\n<<<<<<< ours\n"version": 1}', "line 2: holds a merge conflict; mend it, or make a new one"),
        ('{"version": 2, "entries": []}', "is a baseline of version 2, and this airwarden knows version 1"),
        ('{"version": 1}', "entries is missing"),
        ("[]", "a list stands where a table is wanted"),
        ('{"version": 1, "entries": [{"rule": "a", "path": "b"}]}', "entries[0]: subject is missing"),
        (
            '{"version": 1, "entries": [{"rule": "a", "path": "b", "subject": "c", "untill": "d"}]}',
            "'untill'",
        ),
        ('{"version": 1, "entries": [{"rule": "a", "path": "b", "subject": "c", "count": 0}]}', "count"),
        ('{"version": 1, "entries": [{"rule": "a", "path": "", "subject": "c"}]}', "path"),
        ("[" * 100_000, "is no baseline"),
    ],
)
def test_what_is_no_baseline_is_told(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        Baseline.read(tmp_path, tmp_path / NAME)
    assert str(caught.value).startswith(f"{tmp_path / NAME}: ")
    assert said in str(caught.value)


def test_what_can_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff")
    for name, said in (
        ("gone", "there is no such file; `airwarden baseline write` makes one"),
        (".", "cannot be read: Is a directory"),
        ("binary", "is not UTF-8 text; mend it"),
    ):
        with pytest.raises(ConfigError, match=said):
            Baseline.read(tmp_path, tmp_path / name)


def test_the_settings_say_which_baseline_counts(tmp_path: Path) -> None:
    assert baseline_of(tmp_path, Config()) is None
    (tmp_path / NAME).write_text(text_of([Entry("a", "b.py", "c")]), encoding="utf-8")
    (tmp_path / "other.json").write_text(text_of([]), encoding="utf-8")
    assert baseline_of(tmp_path, Config()) == Baseline.read(tmp_path, tmp_path / NAME)
    assert baseline_of(tmp_path, Config(baseline="other.json")) == Baseline([], "other.json", text_of([]))
    assert baseline_of(tmp_path, Config(baseline="")) is None
    with pytest.raises(ConfigError, match=r"gone\.json: there is no such file"):
        baseline_of(tmp_path, Config(baseline="gone.json"))


# New findings alone are reported


def test_what_is_accepted_is_silent_and_what_is_new_is_not(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": dag("orders"), "dags/b.py": dag("orders")})
    why = Justification("from before", "@data", "DATA-12", "2027-01-31")
    baseline = accept(root, why=why)
    report = checked(root, baseline)
    assert report.findings == ()
    assert [(each.kind, each.why) for each in report.silenced] == [("baseline", why)] * 2
    (root / "dags/b.py").write_text(dag("new", "orders"))
    (root / "dags/c.py").write_text(dag("orders"))
    assert places(checked(root, baseline)) == [("dags/b.py", 3, ALERT), ("dags/c.py", 3, ALERT)]


@given(st.integers(0, 4), st.integers(1, 4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=some(20))
def test_an_entry_accepts_as_many_as_it_counts(
    make_repository: MakeRepository, there: int, count: int
) -> None:
    root = make_repository({"dags/a.py": dag(*["orders"] * there)})
    report = checked(root, read(root, [Entry(ALERT, "dags/a.py", "dag orders", count)]))
    assert len(report.silenced) == min(there, count)
    new = [each.region.line for each in report.findings if each.rule == ALERT]
    assert new == list(range(3 + count, 3 + there)), "the last ones are told"
    told = [each.rule for each in report.findings if each.rule != ALERT]
    assert told == (["unused-baseline-entry"] if there < count else [])


def test_a_finding_that_has_become_worse_is_reported(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": dag("orders")})
    mild = Entry(ALERT, "dags/a.py", "dag orders", level="warning")
    assert places(checked(root, read(root, [mild]))) == [("dags/a.py", 3, ALERT)]
    baseline = read(root, [replace(mild, level="error")])
    assert checked(root, baseline).findings == ()
    (root / "pyproject.toml").write_text(f'[tool.airwarden.levels]\n{ALERT} = "note"\n')
    assert checked(root, read(root, [mild])).findings == ()
    assert checked(root, read(root, [replace(mild, level=None)])).findings == ()


def test_a_rule_that_is_made_more_severe_opens_no_entry(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": dag("orders")})
    (root / "pyproject.toml").write_text(f'[tool.airwarden.levels]\n{ALERT} = "note"\n')
    change = written(Baseline(), checked(root), lambda _: "note", Justification(), TODAY)
    assert [each.level for each in change.entries] == [None]
    (root / "pyproject.toml").unlink()
    assert checked(root, read(root, change.entries)).findings == ()


def test_a_milder_finding_is_written_down_as_such(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": dag("orders")})
    report = checked(root)
    mild = replace(report, findings=tuple(replace(each, level="note") for each in report.findings))
    (entry,) = written(Baseline(), mild, usual, Justification(), TODAY).entries
    assert entry.level == "note"


def test_comments_come_before_the_baseline(make_repository: MakeRepository) -> None:
    text = dag("orders").replace(")\n", ")  # airwarden: ignore[alerts] known\n")
    root = make_repository({"dags/a.py": text})
    report = checked(root, read(root, [Entry(ALERT, "dags/a.py", "dag orders")]))
    assert [each.kind for each in report.silenced] == ["in-source"]
    assert places(report) == [(NAME, 4, "unused-baseline-entry")]


def test_the_baseline_is_not_put_into_the_baseline(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": dag("orders")})
    old = [Entry(ALERT, "dags/a.py", "dag orders", why=Justification(until="2020-01-31"))]
    baseline = read(root, [*old, Entry(ALERT, "dags/a.py", "dag gone")])
    found = [each.rule for each in checked(root, baseline).findings]
    assert found == ["unused-baseline-entry", "expired-suppression", ALERT]
    assert list(accept(root, baseline).entries) == old


# What of it is told


def told(root: Path, *found: Entry, **more: Any) -> list[str]:
    report = checked(root, read(root, found), **more)
    return [each.message for each in report.findings if each.region.path == NAME]


def test_an_entry_is_idle_only_where_its_rule_has_judged_its_file(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": dag("orders"), "dags/b.py": "x = = 1\n"})
    gone = Entry(ALERT, "dags/a.py", "dag gone")
    assert told(root, gone) == [f"{ALERT} no longer finds this in dags/a.py: dag gone"]
    assert told(root, gone, paths=["dags/a.py"]) == told(root, gone)
    assert told(root, gone, paths=["dags/b.py"]) == []
    assert told(root, gone, selected=["unused-baseline-entry", "hardcoded-credential"]) == []
    assert told(root, replace(gone, path="dags/b.py")) == []
    assert told(root, replace(gone, rule="xcom-in-metadata-database")) == []
    assert told(root, replace(gone, rule="no-such-rule")) == ["There is no rule 'no-such-rule'"]


def test_an_entry_of_a_file_that_is_gone_is_told_where_the_run_would_have_had_it(
    make_repository: MakeRepository,
) -> None:
    root = make_repository({"dags/a.py": dag("orders"), "other/b.py": dag("orders")})
    gone = Entry(ALERT, "dags/sales/gone.py", "dag gone")
    expected = [f"{ALERT} no longer finds this in dags/sales/gone.py: dag gone"]
    assert told(root, gone) == told(root, gone, paths=["."]) == told(root, gone, paths=["dags"]) == expected
    assert told(root, gone, paths=["other"]) == told(root, gone, paths=["dags/a.py"]) == []


def test_an_entry_that_has_expired_is_told_once_and_its_finding_leads_to_it(
    make_repository: MakeRepository,
) -> None:
    root = make_repository({"dags/a.py": dag("orders")})
    old = Entry(ALERT, "dags/a.py", "dag orders", why=Justification("late", "", "DATA-12", "2026-11-26"))
    report = checked(root, read(root, [old]))
    expired, finding = report.findings
    assert expired.message == f"This held {ALERT} back until 2026-11-26 (DATA-12), which is over"
    assert [each.region for each in finding.related if each.region.path == NAME] == [expired.region]
    assert report.silenced == ()
    assert told(root, replace(old, subject="dag gone")) == [
        f"{ALERT} no longer finds this in dags/a.py: dag gone"
    ]
    assert told(root, replace(old, why=Justification(until="2026-11-27"))) == []
    assert told(root, old, today=None) == []


def test_a_comment_that_has_expired_is_told_once_and_its_finding_leads_to_it(
    make_repository: MakeRepository,
) -> None:
    line = "# airwarden: ignore[alerts] until=2020-01-31 why\n"
    root = make_repository({"dags/a.py": dag("orders").replace("\n\n", f"\n{line}")})
    expired, finding = checked(root).findings
    assert (expired.rule, expired.region.line, finding.region.line) == ("expired-suppression", 2, 3)
    assert expired.region in [each.region for each in finding.related]
    assert [each.rule for each in checked(root, selected=[ALERT]).findings] == [ALERT]
    (root / "dags/a.py").write_text(f"import airflow\n\n{line}x = 1\n")
    everything = REGISTRY.load()[0]
    report = check(Repo(root), None, Config(), everything, families=REGISTRY.families, today=TODAY)
    assert [each.rule for each in report.findings] == ["unused-suppression"]


def test_word_of_the_baseline_may_be_unwanted(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": dag("orders")})
    (root / "pyproject.toml").write_text(f'[tool.airwarden.per-file-ignores]\n"{NAME}" = ["hygiene"]\n')
    assert told(root, Entry(ALERT, "dags/a.py", "dag gone")) == []


# Lines move, and files


def arranged(order: list[int], gaps: list[int], seed: int, is_reformatted: bool) -> str:
    """The blocks in another order, with comments and blank lines between, and perhaps in another style."""
    gap = random.Random(seed)
    parts = [HEAD]
    for number, lines in zip(order, gaps, strict=True):
        parts.append("".join(gap.choice(["\n", "# a word\n", "X = 1\n"]) for _ in range(lines)))
        parts.append(BLOCKS[number])
    text = "".join(parts)
    return f"{ast.unparse(ast.parse(text))}\n" if is_reformatted else text


ORDERS = st.permutations(range(len(BLOCKS)))
GAPS = st.lists(st.integers(0, 4), min_size=len(BLOCKS), max_size=len(BLOCKS))


@given(
    ORDERS,
    GAPS,
    st.integers(0, 99),
    st.booleans(),
    st.sampled_from(["dags/a.py", "dags/b.py", "dags/x/a.py"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=some(25))
def test_it_survives_moved_lines_another_style_and_a_renamed_file(
    make_repository: MakeRepository, order: list[int], gaps: list[int], seed: int, styled: bool, path: str
) -> None:
    root = make_repository({"dags/a.py": HEAD + "".join(BLOCKS)})
    for stale in ("dags/b.py", "dags/x/a.py"):
        (root / stale).unlink(missing_ok=True)
    baseline = accept(root)
    assert len(baseline.entries) >= 5
    (root / "dags/a.py").unlink()
    make_repository({path: arranged(order, gaps, seed, styled)})
    report = checked(root, baseline)
    assert report.findings == ()
    assert len(report.silenced) == sum(each.count for each in baseline.entries)
    assert {each.finding.region.path for each in report.silenced} == {path}


def renamed(root: Path, *old: Entry, paths: list[str] | None = None) -> list[tuple[str, int, str]]:
    return places(checked(root, read(root, old), paths=paths))


def test_a_file_is_known_by_half_of_what_the_baseline_has_of_it(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/new.py": dag("a", "b", "other")})
    old = [Entry(ALERT, "dags/old.py", f"dag {name}") for name in "abcd"]
    idle = [(NAME, line, "unused-baseline-entry") for line in range(4, 9)]
    assert renamed(root, *old) == [*idle[2:4], ("dags/new.py", 5, ALERT)]
    more = Entry(ALERT, "dags/old.py", "dag e")
    strangers = [("dags/new.py", line, ALERT) for line in (3, 4, 5)]
    assert renamed(root, *old, more) == [*idle, *strangers]


@pytest.mark.parametrize(
    ("files", "is_one"),
    [
        (["dags/new.py"], True),
        (["dags/sales/old.py"], True),
        (["dags/sales/new.py"], False),
        (["dags/new.py", "dags/newer.py"], False),
        (["dags/new.py", "other/old.py"], False),
        (["dags/old.py", "dags/new.py"], False),
    ],
)
def test_a_file_takes_the_place_of_another_only_where_that_is_beyond_doubt(
    files: list[str], is_one: bool, make_repository: MakeRepository
) -> None:
    root = make_repository({path: dag("orders") for path in files})
    entry = Entry(ALERT, "dags/old.py", "dag orders")
    for path in files:
        found = renamed(root, entry, paths=[path])
        is_silent = is_one or path == "dags/old.py"
        assert found == ([] if is_silent else [(path, 3, ALERT)]), "alone as among all"
    alone = [(path, 3, ALERT) for path in files if path != "dags/old.py" and not is_one]
    idle = [] if is_one or "dags/old.py" in files else [(NAME, 4, "unused-baseline-entry")]
    assert renamed(root, entry) == [*idle, *sorted(alone)]


def test_two_files_that_are_gone_leave_nothing_to_one(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/new.py": dag("orders")})
    old = [Entry(ALERT, f"dags/{name}.py", "dag orders") for name in ("old", "older")]
    idle = [(NAME, line, "unused-baseline-entry") for line in (4, 5)]
    assert renamed(root, *old) == [*idle, ("dags/new.py", 3, ALERT)]


SOME = ("dags/a.py", "dags/b.py", "dags/x/a.py", "dags/x/c.py", "other/b.py")
FILES = st.dictionaries(st.sampled_from(SOME), st.lists(st.sampled_from("pqr"), max_size=3), min_size=1)
HELD = st.lists(st.builds(Entry, st.just(ALERT), st.sampled_from(SOME), st.sampled_from(["dag p", "dag q"])))


@given(FILES, HELD)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=some(40))
def test_a_file_alone_and_a_shard_give_what_the_whole_gives_for_it(
    make_repository: MakeRepository, files: dict[str, list[str]], held: list[Entry]
) -> None:
    root = make_repository({"README.md": ""})
    for path in SOME:
        (root / path).unlink(missing_ok=True)
    make_repository({path: dag(*names) for path, names in files.items()})
    baseline = read(root, held)
    whole = checked(root, baseline)
    for path in files:
        alone = checked(root, baseline, paths=[path])
        assert here(alone, path) == here(whole, path)
    rest = [path for path in Repo(root).files if path != next(iter(files))]
    first = checked(root, baseline, paths=[next(iter(files))], covers=covering(Repo(root), None))
    second = checked(root, baseline, paths=rest, covers=lambda _: False)
    assert Counter((*first.findings, *second.findings)) == Counter(whole.findings)
    assert Counter((*first.silenced, *second.silenced)) == Counter(whole.silenced)


def here(report: Report, path: str) -> list[Finding]:
    return [each for each in report.findings if each.region.path == path]


# Shards


@pytest.mark.parametrize("name", ["json", "sarif"])
@pytest.mark.parametrize("count", [1, 3])
def test_shards_give_what_one_run_gives(
    name: str, count: int, make_repository: MakeRepository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = {f"dags/{name}.py": dag(name, "also") for name in ("a", "b", "c", "d", "renamed")}
    root = make_repository({**files, "other/moved.py": dag("moved"), "dags/twin.py": dag("twin")})
    baseline = read(
        root,
        [
            *(Entry(ALERT, f"dags/{name}.py", f"dag {name}", count=2) for name in "abcd"),
            *(Entry(ALERT, "dags/b.py", f"dag {name}") for name in ("gone", "also")),
            Entry(ALERT, "dags/c.py", "dag also", why=Justification("late", until="2020-01-31")),
            Entry(ALERT, "dags/moved.py", "dag moved", why=Justification("moved")),
            Entry(ALERT, "dags/lost.py", "dag renamed"),
            Entry(ALERT, "dags/lost.py", "dag also"),
            Entry(ALERT, "elsewhere/gone.py", "dag x"),
        ],
    )
    view, folder, parts = View(suppressed=True), tmp_path_factory.mktemp("reports"), []
    for index in range(1, count + 1):
        repo = Repo(root)
        shard, own = shard_of(repo, Config(), repo.files, f"{index}/{count}", baseline.text)
        covers: Callable[[str], bool] = covering(repo, None) if index == 1 else lambda _: False
        report = replace(checked(root, baseline, paths=own, covers=covers), shard=shard)
        parts.append(folder / f"{index}.{name}")
        parts[-1].write_text(renderer(name)(report, view), encoding="utf-8")
    whole = checked(root, baseline)
    assert {each.rule for each in whole.findings} == {ALERT, "expired-suppression", "unused-baseline-entry"}
    assert {each.finding.region.path for each in whole.silenced} >= {"dags/renamed.py", "other/moved.py"}
    assert merged(parts).text == renderer(name)(whole, view)


def test_shards_with_another_baseline_are_others(make_repository: MakeRepository) -> None:
    repo = Repo(make_repository({"dags/a.py": dag("orders")}))
    one, other = (shard_of(repo, Config(), repo.files, "1/2", text)[0] for text in ("", text_of([])))
    assert one.settings != other.settings


# Upkeep


def test_what_is_written_again_keeps_its_reasons(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": dag("orders", "orders", "gone"), "dags/b.py": dag("b")})
    first = accept(root, why=Justification("first", "@data"))
    assert {each.since for each in first.entries} == {"2026-11-27"}
    (root / "dags/a.py").write_text(dag("orders", "orders", "orders", "new"))
    (root / "dags/b.py").rename(root / "dags/c.py")
    change = written(first, checked(root, first), usual, Justification("second"), date(2026, 12, 24))
    assert {
        (each.path, each.subject, each.count, each.since, each.why.reason) for each in change.entries
    } == {
        ("dags/a.py", "dag orders", 3, "2026-11-27", "first"),
        ("dags/a.py", "dag new", 1, "2026-12-24", "second"),
        ("dags/c.py", "dag b", 1, "2026-11-27", "first"),
    }
    assert subjects(change) == {
        "added": ["dag new"],
        "removed": ["dag gone"],
        "lowered": [],
        "moved": ["dag b"],
    }
    assert checked(root, read(root, change.entries)).findings == ()


def subjects(change: Change) -> Mapping[str, list[str]]:
    names = ("added", "removed", "lowered", "moved")
    return {name: [each.subject for each in getattr(change, name)] for name in names}


def test_pruning_takes_out_what_is_not_found_and_adds_nothing(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": dag("orders", "new"), "dags/b.py": dag("b")})
    old = [
        Entry(ALERT, "dags/a.py", "dag orders", count=3),
        Entry(ALERT, "dags/a.py", "dag gone"),
        Entry(ALERT, "dags/gone.py", "dag gone"),
        Entry("known-token", "dags/a.py", "a rule that does not run"),
        Entry(ALERT, "dags/b.py", "dag b", why=Justification(until="2020-01-31")),
    ]
    baseline = read(root, old)
    change = pruned(baseline, checked(root, baseline))
    assert {(each.subject, each.count) for each in change.entries} == {
        ("dag orders", 1),
        ("a rule that does not run", 1),
        ("dag b", 1),
    }
    assert subjects(change) == {
        "added": [],
        "removed": ["dag gone", "dag gone"],
        "lowered": ["dag orders"],
        "moved": [],
    }
    only = pruned(baseline, checked(root, baseline, paths=["dags/b.py"]))
    assert list(only.entries) == list(baseline.entries)


def test_of_two_entries_that_say_the_same_one_is_pruned(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": dag("orders")})
    twice = [Entry(ALERT, "dags/a.py", "dag orders", why=Justification(reason)) for reason in ("one", "two")]
    baseline = read(root, twice)
    assert places(checked(root, baseline)) == [(NAME, 5, "unused-baseline-entry")]
    assert list(pruned(baseline, checked(root, baseline)).entries) == twice[:1]


@given(several)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=some(15))
def test_after_pruning_nothing_is_left_to_prune(make_repository: MakeRepository, found: list[Entry]) -> None:
    root = make_repository({"dags/a.py": dag("orders", "orders"), "dags/b.py": dag("b")})
    mine = [replace(each, path="dags/a.py", subject="dag orders", rule=ALERT) for each in found[:1]]
    baseline = read(root, [*mine, *(each for each in found[1:] if "\0" not in each.path)])
    once = read(root, pruned(baseline, checked(root, baseline)).entries)
    assert pruned(once, checked(root, once)).entries == list(once.entries)
    assert "unused-baseline-entry" not in {each.rule for each in checked(root, once).findings}


def test_what_an_entry_does_not_say_is_filled_in(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": dag("orders")})
    first = accept(root, why=Justification(owner="@data"))
    why = Justification("known", "@others", "DATA-1", "2027-01-31")
    change = written(first, checked(root, first), usual, why, TODAY)
    assert [each.why for each in change.filled] == [Justification("known", "@data", "DATA-1", "2027-01-31")]
    second = Baseline([each.json() for each in change.entries])
    assert not written(second, checked(root, second), usual, why, TODAY).filled
