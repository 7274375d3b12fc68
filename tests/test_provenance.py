"""Which settings count and where each comes from: places, standings, and what `airwarden config` shows."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from airwarden.cli import main
from airwarden.config import Config, Settings
from airwarden.provenance.places import Places
from airwarden.provenance.standings import Standing, Standings
from airwarden.provenance.toml_text import inline
from airwarden.provenance.views import settings_toml
from airwarden.registry import Registry
from airwarden.workspace import Workspace
from hypothesis import given
from hypothesis import strategies as st

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from tests.conftest import MakeRepository

BASE = """\
profile = "core"
ignore = [
  "failure-alert-not-slack",
  "alert-on-success",
]
accepted-notifiers = ["slack", "pagerduty"]
[levels]
known-token = "note"
secrets = "warning"
"""
OWN = """\
[project]
name = "shop"

[tool.airwarden]
extends = "platform.toml"
profile = "strict"
ignore = ["unused-provider"]

[tool.airwarden.levels]
alert-on-success = "warning"

[tool.airwarden.rules.variable-at-parse-time]
level = "error"
allow = ["env"]

[[tool.airwarden.overrides]]
paths = ["sandbox/"]
ignore = ["alerts"]
rules.variable-at-parse-time.allow = ["*"]

[tool.airwarden.per-file-ignores]
"dags/old_*" = ["xcom"]
"""
DAG = 'from airflow import DAG\nwith DAG("orders"):\n    pass\n'
RULES, _ = Registry().load()


@pytest.fixture
def root(make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose settings stand in two files."""
    files = {"dags/a.py": DAG, "dags/sandbox/b.py": DAG, "dags/old_c.py": DAG, "README.md": ""}
    made = make_repository({"pyproject.toml": OWN, "platform.toml": BASE, **files})
    monkeypatch.chdir(made)
    return made


def places(root: Path, **asked: object) -> Places:
    return Places(Settings.read(root, asked=asked))


def standing(root: Path, rule: str, path: str, **asked: object) -> Standing:
    return Standings.at(places(root, **asked), path).of(RULES[rule])


def test_each_value_has_its_line(root: Path) -> None:
    found = [(each.key, each.value, str(each.place)) for each in places(root, fail_on=None).values()]
    assert found == [
        ("profile", "strict", "pyproject.toml:6"),
        ("require-policies", False, "default"),
        ("ignore", "failure-alert-not-slack", "platform.toml:3"),
        ("ignore", "unused-provider", "pyproject.toml:7"),
        ("levels.known-token", "note", "platform.toml:8"),
        ("levels.secrets", "warning", "platform.toml:9"),
        ("levels.alert-on-success", "warning", "pyproject.toml:10"),
        ("levels.variable-at-parse-time", "error", "pyproject.toml:13"),
        ("rules.variable-at-parse-time.allow", ["env"], "pyproject.toml:14"),
        (
            "overrides",
            {
                "paths": ["sandbox/"],
                "ignore": ["alerts"],
                "rules": {"variable-at-parse-time": {"allow": ["*"]}},
            },
            "pyproject.toml:16",
        ),
        ('per-file-ignores."dags/old_*"', ["xcom"], "pyproject.toml:22"),
        ("fail-on", "error", "default"),
        ("accepted-notifiers", ["slack", "pagerduty"], "platform.toml:6"),
        ("xcom-threshold-range", [65536, 16777216], "default"),
        ("baseline", ".airwarden-baseline.json", "default"),
    ]


def test_a_place_names_the_key(root: Path) -> None:
    found = places(root)
    assert found.of("levels", "variable-at-parse-time").key == (
        "tool.airwarden.rules.variable-at-parse-time.level"
    )
    assert found.of("ignore", 1).json() == {
        "kind": "file",
        "file": "pyproject.toml",
        "line": 7,
        "key": "tool.airwarden.ignore[0]",
    }
    assert found.of("fail-on").json() == {"kind": "default"}
    assert places(root, profile="core").of("profile").json() == {"kind": "option", "key": "--profile"}


def test_without_settings_all_are_defaults(tmp_path: Path) -> None:
    found = places(tmp_path)
    assert {str(each.place) for each in found.values()} == {"default"}
    assert "select" in found.unset
    assert found.files == ()


def test_a_file_that_changed_meanwhile_has_no_lines(root: Path) -> None:
    found = places(root)
    (root / "pyproject.toml").write_text("[", encoding="utf-8")
    assert str(found.of("profile")) == "pyproject.toml"


@pytest.mark.parametrize(
    ("rule", "path", "expected"),
    [
        ("dag-without-failure-alert", "dags/a.py", ("error", "in core", "pyproject.toml:6")),
        ("dag-without-failure-alert", "dags/sandbox/b.py", ("off", "ignore", "pyproject.toml:18")),
        ("alert-on-success", "dags/a.py", ("warning", "levels.alert-on-success", "pyproject.toml:10")),
        ("failure-alert-not-slack", "dags/a.py", ("off", "ignore", "platform.toml:3")),
        ("known-token", "dags/a.py", ("note", "levels.known-token", "platform.toml:8")),
        ("hardcoded-credential", "dags/a.py", ("warning", "levels.secrets", "platform.toml:9")),
        (
            "variable-at-parse-time",
            "dags/a.py",
            ("error", "rules.variable-at-parse-time.level", "pyproject.toml:13"),
        ),
        ("dataframe-in-xcom", "dags/old_c.py", ("off", "per-file-ignores", "pyproject.toml:22")),
    ],
)
def test_a_rule_stands_as_the_settings_say(
    root: Path, rule: str, path: str, expected: tuple[str, str, str]
) -> None:
    found = standing(root, rule, path)
    assert (found.level, found.why, str(found.place)) == expected


def test_the_command_line_may_decide(root: Path) -> None:
    def said(rule: str, path: str = "dags/a.py", **asked: object) -> tuple[str, str, str]:
        found = standing(root, rule, path, **asked)
        return found.level, found.why, str(found.place)

    assert said("dataframe-in-xcom", select=("alerts",)) == ("off", "select", "--select")
    assert said("dag-without-failure-alert", select=("alerts",)) == ("error", "select", "--select")
    assert said("dataframe-in-xcom", ignore=("xcom",)) == ("off", "ignore", "--ignore")
    assert said("alert-without-channel", profile="core") == ("off", "only in recommended", "--profile")
    assert said("known-token", "dags/sandbox/b.py", ignore=("secrets",)) == ("off", "ignore", "--ignore")


@given(st.data())
def test_a_rule_stands_as_a_run_judges_it(data: Any) -> None:
    names = st.lists(st.sampled_from(["alerts", "alert-on-success", "known-token", "secrets"]), max_size=2)
    levels = st.dictionaries(st.sampled_from(["alerts", "known-token"]), st.sampled_from(["note", "off"]))
    override = st.fixed_dictionaries(
        {"paths": st.sampled_from([["a.py"], ["b.py"]])},
        optional={"select": names, "ignore": names, "levels": levels},
    )
    table = data.draw(
        st.fixed_dictionaries(
            {"profile": st.sampled_from(["core", "strict"])},
            optional={"select": names, "ignore": names, "levels": levels, "overrides": st.lists(override)},
        )
    )
    settings = Settings.read(Path("/nowhere"), asked=table)
    config = settings.config.at("a.py")
    for rule in (RULES["alert-on-success"], RULES["known-token"]):
        found = Standings.at(Places(settings), "a.py").of(rule)
        runs = config.runs(rule.id, rule.family) and config.wants(rule.id, rule.profile)
        assert found.runs == runs
        if runs:
            assert found.level == (config.level(rule.id, rule.family) or rule.level)


VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


@given(VALUES)
def test_a_value_as_toml_is_the_value(value: object) -> None:
    assert tomllib.loads(f"x = {inline(value)}")["x"] == value


def test_settings_as_toml_say_the_same(root: Path) -> None:
    text = settings_toml(places(root))
    (root / "all.toml").write_text(text, encoding="utf-8")
    assert Config.read(root, root / "all.toml") == Config.read(root)
    assert '  "unused-provider",  # pyproject.toml:7\n' in text
    assert '\n# fail-on = "error"  # default\n' in text


# The command


def shown(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["config", *options]) == 0
    return capsys.readouterr().out


def test_all_settings_are_shown_in_columns(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, "--fail-on", "note").splitlines()
    layers = "defaults, then platform.toml, then pyproject.toml, then the command line"
    assert lines[0] == f"Settings of {root.resolve()}: {layers}."
    rows = [line.split() for line in lines[2:-2]]
    assert ["profile", '"strict"', "pyproject.toml:6"] in rows
    assert ['"unused-provider"', "pyproject.toml:7"] in rows
    assert ["fail-on", '"note"', "--fail-on"] in rows
    assert ["overrides[0].ignore", '["alerts"]', "pyproject.toml:18"] in rows
    assert lines[-1].startswith("Not set: policies, select, exclude")
    column = lines[2].index("pyproject.toml:6")
    assert {line.index("pyproject.toml:7") for line in lines if "pyproject.toml:7" in line} == {column}


def test_a_file_is_shown_with_the_rules_that_run_on_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert root
    lines = shown(capsys, "dags/sandbox/b.py").splitlines()
    assert lines[0].startswith("dags/sandbox/b.py is a DAG file: ")
    assert lines[1] == "The profile is strict (pyproject.toml:6)."
    assert lines[2] == 'An override for ["sandbox/"] is about it (pyproject.toml:16).'
    rows = [line.split() for line in lines]
    assert ["off", "dag-without-failure-alert", "ignore", "pyproject.toml:18"] in rows
    assert ["error", "dataframe-in-xcom", "in", "core"] in rows
    assert not [row for row in rows if "inline-secret-in-values" in row]


def test_a_file_that_no_rule_reads_says_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert root
    assert shown(capsys, "README.md").startswith("README.md is nothing that a rule reads.")


def test_a_rule_is_shown_with_its_options(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert root
    rows = [line.split() for line in shown(capsys, "--rule", "variable-at-parse-time").splitlines()]
    assert rows[0] == ["variable-at-parse-time", "reports", "at", "the", "level", "error."]
    assert ["allow", '["env"]', "pyproject.toml:14"] in rows
    assert ["for", '["sandbox/"]', "allow", '["*"]', "pyproject.toml:19"] in rows
    rows = [line.split() for line in shown(capsys, "--rule", "dataframe-in-xcom").splitlines()]
    assert ["for", '["dags/old_*"]', "off", "per-file-ignores,", "pyproject.toml:22"] in rows
    out = shown(capsys, "--rule", "variable-at-parse-time", "dags/sandbox/b.py")
    assert out.startswith("variable-at-parse-time reports on dags/sandbox/b.py at the level error.")
    assert ["allow", '["*"]', "pyproject.toml:19"] in [line.split() for line in out.splitlines()]


def test_programs_get_json(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = json.loads(shown(capsys, "--format", "json"))
    assert whole["files"] == ["platform.toml", "pyproject.toml"]
    assert {"key": "fail-on", "value": "error", "origin": {"kind": "default"}} in whole["settings"]
    file = json.loads(shown(capsys, "--format", "json", "dags/sandbox/b.py"))
    assert (file["path"], file["kinds"]) == ("dags/sandbox/b.py", ["dag"])
    assert file["overrides"][0]["line"] == 16
    levels = {each["rule"]: each["level"] for each in file["rules"]}
    workspace = Workspace(root, Registry(), Config.read(root))
    assert {each.rule for each in workspace.check(workspace.repo(), ["dags/sandbox/b.py"]).findings} <= {
        rule for rule, level in levels.items() if level != "off"
    }
    rule = json.loads(shown(capsys, "--format", "json", "--rule", "variable-at-parse-time"))
    assert rule["options"][0]["value"] == ["env"]
    assert rule["elsewhere"][0]["paths"] == ["sandbox/"]


def test_toml_goes_to_stdout(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert root
    assert tomllib.loads(shown(capsys, "--format", "toml"))["profile"] == "strict"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["dags"], "dags: is a folder; name one file"),
        (["gone.py"], "gone.py: there is no such file or folder"),
        (["--rule", "known-tokn"], "--rule: there is no rule 'known-tokn' (nearest: 'known-token')"),
        (
            ["--format", "toml", "dags/a.py"],
            "--format toml: shows all settings; for a file or a rule, ask for",
        ),
        (["--select", "xcmo"], "--select: there is no rule or family 'xcmo' (nearest: 'xcom')"),
    ],
)
def test_what_cannot_be_shown_is_said(
    root: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert root
    assert main(["config", *options]) == 2
    assert said in capsys.readouterr().err
