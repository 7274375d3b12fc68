"""The settings: where they are read, what they mean, and what is said of broken ones."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from airwarden.config import Config, ConfigError, Settings, nearest
from airwarden.config.validation import surely_fits
from airwarden.folders import folder
from airwarden.repo import Repo
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from tests.conftest import MakeRepository

FULL = """
[tool.airwarden]
select = ["secrets"]
ignore = ["known-token"]
fail-on = "warning"
exclude = ["legacy/"]
values-files = ["deploy/*.yaml"]
dag-folders = ["pipelines"]
accepted-notifiers = ["pagerduty", "shop.alerts.tell"]
per-file-ignores = { "dags/old_*.py" = ["xcom"] }
levels = { known-token = "note", provider-not-declared = "off" }
"""


def test_without_settings_the_defaults_hold(tmp_path: Path) -> None:
    config = Config.read(tmp_path)
    assert config == Config()
    assert config.fail_on == "error"
    assert "airflow.providers.slack.notifications.slack.SlackNotifier" in config.accepted_notifiers
    assert not [name for name in config.accepted_notifiers if "pagerduty" in name]


def test_every_setting_is_read(make_repository: MakeRepository) -> None:
    config = Config.read(make_repository({"pyproject.toml": FULL}))
    assert (config.select, config.ignore, config.fail_on) == (("secrets",), ("known-token",), "warning")
    assert (config.exclude, config.values_files) == (("legacy/",), ("deploy/*.yaml",))
    assert config.dag_folders == ("pipelines",)
    assert config.per_file_ignores == {"dags/old_*.py": ("xcom",)}
    assert config.levels == {"known-token": "note", "provider-not-declared": "off"}


def test_a_service_stands_for_all_its_names_and_a_dotted_name_for_itself(
    make_repository: MakeRepository,
) -> None:
    names = Config.read(make_repository({"pyproject.toml": FULL})).accepted_notifiers
    assert "airflow.providers.pagerduty.notifications.pagerduty.PagerdutyNotifier" in names
    assert "airflow.providers.pagerduty.notifications.pagerduty.send_pagerduty_notification" in names
    assert names[-1] == "shop.alerts.tell"
    assert not [name for name in names if "slack" in name]


@pytest.mark.parametrize(
    "text",
    ['[project]\nname = "airwarden-user"\n', '[tool.airwarden.levels]\nknown-token = "off"\n', "x = ["],
    ids=["no table", "a subtable", "broken, and without settings"],
)
def test_a_pyproject_need_not_hold_a_table(make_repository: MakeRepository, text: str) -> None:
    settings = Settings.read(make_repository({"pyproject.toml": text}))
    assert bool(settings.layers) == ("tool.airwarden" in text)


def test_a_place_outside_of_the_current_folder_is_told_in_full(make_repository: MakeRepository) -> None:
    root = make_repository({"pyproject.toml": FULL})
    (layer,) = Settings.read(root).layers
    assert layer.place == f"{root}/pyproject.toml: tool.airwarden."


STACKS = """
[tool.airwarden]
xcom-threshold-range = [1024, 4096]
[tool.airwarden.deployments]
prod = ["deploy/base.yaml", "./deploy/prod [1].yml"]
"""


def test_deployments_are_lists_of_values_files(make_repository: MakeRepository) -> None:
    files = {"pyproject.toml": STACKS, "deploy/base.yaml": "a: 1\n", "deploy/prod [1].yml": "a: 2\n"}
    root = make_repository(files)
    config = Config.read(root)
    assert config.deployments == {"prod": ("deploy/base.yaml", "deploy/prod [1].yml")}
    assert config.xcom_threshold_range == (1024, 4096)
    repo = Repo(root, config)
    assert [path for path in repo.files if repo.is_values_file(path)] == list(config.deployments["prod"])


@pytest.mark.parametrize("text", ['select = ["xcom"]', '[tool.airwarden]\nselect = ["xcom"]'])
def test_a_file_of_its_own_may_hold_them_at_the_top(make_repository: MakeRepository, text: str) -> None:
    root = make_repository({"pyproject.toml": FULL, "team.toml": text})
    assert Config.read(root, root / "team.toml").select == ("xcom",)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("slect = []", "pyproject.toml: tool.airwarden: there is no setting 'slect' (nearest: 'select')"),
        (
            "fail-on = 'eror'",
            "tool.airwarden.fail-on: 'eror' is none of error, warning, note (nearest: 'error')",
        ),
        ("levels.known-token = 'warn'", "tool.airwarden.levels.known-token: 'warn' is none of"),
        ("select = 'xcom'", "tool.airwarden.select: a string stands where a list is wanted"),
        ("select = ['x com']", "tool.airwarden.select[0]: 'x com' is not the name of a rule"),
        ("exclude = [3]", "tool.airwarden.exclude[0]: a number stands where a string is wanted"),
        ("exclude = [2026-01-01]", "tool.airwarden.exclude[0]: this stands where a string is wanted"),
        ("exclude = ['']", "tool.airwarden.exclude[0]: '' is not a pattern"),
        ("per-file-ignores = { 'a b.py' = 1 }", 'tool.airwarden.per-file-ignores."a b.py": a number'),
        ("accepted-notifiers = []", "tool.airwarden.accepted-notifiers: the list is empty"),
        (
            "accepted-notifiers = ['slak']",
            "accepted-notifiers[0]: 'slak' is neither a known service nor a dotted name",
        ),
        ("accepted-notifiers = ['a-b']", "accepted-notifiers[0]: 'a-b' is not the name of a service"),
        ("select = [", "pyproject.toml: is not valid TOML: "),
        ("deployments = ['a.yaml']", "tool.airwarden.deployments: a list stands where a table is wanted"),
        ("deployments.prod = 'a.yaml'", "deployments.prod: a string stands where a list is wanted"),
        ("deployments.prod = []", "tool.airwarden.deployments.prod: the list is empty"),
        ("deployments.prod = [1]", "deployments.prod[0]: a number stands where a string is wanted"),
        ("deployments.prod = ['airflow.cfg']", "deployments.prod[0]: 'airflow.cfg' is not a values file"),
        ("deployments.prod = ['/a.yaml']", "deployments.prod[0]: '/a.yaml' is not a values file"),
        ("deployments.prod = ['a.yaml']", "deployments.prod[0]: there is no file 'a.yaml'"),
        ("deployments.prod = ['../a.yaml']", "deployments.prod[0]: there is no file '../a.yaml'"),
        ("xcom-threshold-range = [1]", "xcom-threshold-range: [1] is not two numbers of bytes"),
        ("xcom-threshold-range = [1, 2, 3]", "xcom-threshold-range: [1, 2, 3] is not two numbers"),
        ("xcom-threshold-range = [-1, 2]", "xcom-threshold-range[0]: -1 is not a number of bytes"),
        ("xcom-threshold-range = ['1', 2]", "xcom-threshold-range[0]: a string stands where a whole number"),
        (
            "profile = 'core '",
            "tool.airwarden.profile: 'core ' is none of core, recommended, strict (nearest: 'core')",
        ),
        ("extends = 3", "tool.airwarden.extends: a number stands where a list or a string is wanted"),
        ("extends = ['']", "tool.airwarden.extends[0]: '' is not the path of a TOML file"),
        ("overrides = [{ select = ['xcom'] }]", "tool.airwarden.overrides[0]: paths is missing"),
        ("overrides = [{ paths = [] }]", "tool.airwarden.overrides[0].paths: the list is empty"),
        ("overrides = [{ paths = ['a'], fail-on = 'note' }]", "overrides[0]: there is no setting 'fail-on'"),
        ("rules.known-token = 'note'", "tool.airwarden.rules.known-token: a string stands where a table"),
        ("rules.known-token.level = 'warn'", "rules.known-token.level: 'warn' is none of error, warning"),
        ("rules.known-token.alow = []", "rules.known-token: there is no option 'alow'"),
        (
            "rules.variable-at-parse-time.alow = []",
            "rules.variable-at-parse-time: there is no option 'alow' (nearest: 'allow')",
        ),
        ("rules.variable-at-parse-time.allow = 'x'", "allow: a string stands where a list is wanted"),
        ("rules.variable-at-parse-time.allow = [1]", "allow[0]: a number stands where a string is wanted"),
        (
            "overrides = [{ paths = ['a'], rules.unused-provider.kep = [] }]",
            "overrides[0].rules.unused-provider: there is no option 'kep' (nearest: 'keep')",
        ),
        ("xcom-threshold-range = [9, 2]", "tool.airwarden.xcom-threshold-range: 9 is more than 2"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    make_repository: MakeRepository, settings: str, said: str
) -> None:
    root = make_repository({"pyproject.toml": f"[tool.airwarden]\n{settings}\n"})
    with pytest.raises(ConfigError) as caught:
        Config.read(root)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('exclude = ["a", "[z-a]"]', "exclude[1]"),
        ('values-files = ["[z-a]"]', "values-files[0]"),
        ('per-file-ignores = { "[z-a]" = ["xcom"] }', 'per-file-ignores."[z-a]"'),
        ('[[tool.airwarden.overrides]]\npaths = ["[z-a]"]\nignore = ["xcom"]', "overrides[0].paths[0]"),
    ],
)
def test_a_pattern_that_means_nothing_is_told(text: str, place: str, make_repository: MakeRepository) -> None:
    with pytest.raises(ConfigError, match=r"is no pattern that \.gitignore knows") as said:
        Config.read(make_repository({"pyproject.toml": f"[tool.airwarden]\n{text}\n"}))
    assert f"tool.airwarden.{place}: '[z-a]'" in str(said.value)


def test_an_unlike_setting_is_answered_with_all_there_are(make_repository: MakeRepository) -> None:
    root = make_repository({"pyproject.toml": "[tool.airwarden]\nzzz = 1\n"})
    with pytest.raises(ConfigError, match=r"'zzz' \(known: profile, .*accepted-notifiers, .*\)"):
        Config.read(root)


def test_a_table_that_is_none_is_refused(make_repository: MakeRepository) -> None:
    root = make_repository({"pyproject.toml": "[tool]\nairwarden = 3\n"})
    with pytest.raises(ConfigError, match=r"tool\.airwarden: a number stands where a table is wanted"):
        Config.read(root)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("gone.toml", None, "gone.toml: cannot be read: No such file or directory"),
        ("latin.toml", "sélect = []", "latin.toml: is not UTF-8 text"),
        ("pyproject.toml", "[project]\nname = 'x'\n", "pyproject.toml: there is no table [tool.airwarden]"),
    ],
)
def test_a_named_file_must_hold_settings(tmp_path: Path, name: str, text: str | None, said: str) -> None:
    if text is not None:
        (tmp_path / name).write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError) as caught:
        Config.read(tmp_path, tmp_path / name)
    assert str(caught.value).endswith(said)


@pytest.mark.parametrize(
    ("select", "ignore", "levels", "runs"),
    [
        ((), (), {}, True),
        (("secrets",), (), {}, True),
        (("known-token",), (), {}, True),
        (("xcom",), (), {}, False),
        ((), ("known-token",), {}, False),
        ((), ("secrets",), {}, False),
        (("known-token",), ("secrets",), {}, True),
        (("secrets",), ("known-token",), {}, False),
        (("known-token",), ("known-token",), {}, False),
        (("known-token",), (), {"known-token": "off"}, False),
        (("known-token",), (), {"secrets": "off"}, False),
        ((), (), {"secrets": "off", "known-token": "error"}, True),
        ((), (), {"known-token": "note"}, True),
    ],
)
def test_a_rules_name_is_heeded_before_its_familys(
    select: tuple[str, ...], ignore: tuple[str, ...], levels: dict[str, str], runs: bool
) -> None:
    config = Config(select=select, ignore=ignore, levels=levels)  # type: ignore[arg-type]
    assert config.runs("known-token", "secrets") is runs


def test_every_name_of_a_rule_is_told_with_its_place(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_repository({"pyproject.toml": FULL})
    monkeypatch.chdir(root)
    assert list(Settings.read(root).names()) == [
        ("pyproject.toml: tool.airwarden.select", "secrets"),
        ("pyproject.toml: tool.airwarden.ignore", "known-token"),
        ("pyproject.toml: tool.airwarden.levels", "known-token"),
        ("pyproject.toml: tool.airwarden.levels", "provider-not-declared"),
        ('pyproject.toml: tool.airwarden.per-file-ignores."dags/old_*.py"', "xcom"),
    ]


def test_the_nearest_name_is_named_only_where_one_is_near() -> None:
    assert nearest("xcm", ["xcom", "secrets"]) == " (nearest: 'xcom')"
    assert nearest("qqq", ["xcom", "secrets"]) == ""


def test_the_validator_is_loaded_only_for_settings(make_repository: MakeRepository) -> None:
    root = make_repository({"pyproject.toml": "[project]\nname = 'airwarden-user'\n"})
    assert {"jsonschema", "argparse"}.isdisjoint(modules_after_reading(root))


def modules_after_reading(root: Path) -> set[str]:
    """The modules that a fresh process has loaded once it has read the settings of a repository."""
    code = (
        "import sys; from pathlib import Path; from airwarden.config import Config;"
        f"Config.read(Path({str(root)!r})); print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


SETTINGS = json.loads((folder("schemas") / "config.json").read_text(encoding="utf-8"))
WORDS = st.sampled_from(["", "a", "xcom", "A b", "error", "off", "x/values.yaml", "/x.yml", "id", "tag"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(-1, 1) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(WORDS | st.sampled_from(["id", "tag", "reason"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*SETTINGS["properties"], "other"]), VALUES, max_size=3))
def test_settings_that_surely_fit_are_those_that_the_validator_lets_pass(table: dict[str, Any]) -> None:
    assert not surely_fits(table, SETTINGS) or Draft202012Validator(SETTINGS).is_valid(table)


def test_right_settings_need_no_validator(make_repository: MakeRepository) -> None:
    root = make_repository({"pyproject.toml": "[tool.airwarden]\nselect = ['xcom']\nfail-on = 'note'\n"})
    assert "jsonschema" not in modules_after_reading(root)


def test_settings_of_every_kind_need_none() -> None:
    assert surely_fits(
        {
            "select": ["xcom"],
            "levels": {"xcom": "note"},
            "per-file-ignores": {"a/*": ["xcom"]},
            "exempt-dags": [{"tag": "old", "reason": "gone"}],
            "deployments": {"prod": ["a/values.yaml"]},
            "dag-policy-attaches-alert": True,
            "xcom-threshold-range": [1, 2],
            "profile": "core",
            "extends": "../a.toml",
            "rules": {"known-token": {"level": "note"}, "unused-provider": {"keep": ["a*"]}, "own": {"x": 1}},
            "overrides": [{"paths": ["a/"], "select": ["xcom"], "rules": {"known-token": {"level": "off"}}}],
        },
        SETTINGS,
    )
    assert not surely_fits({"exempt-dags": [{"tag": "a", "id": "b", "reason": "c"}]}, SETTINGS)
