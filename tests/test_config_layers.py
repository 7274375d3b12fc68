"""Settings over settings: files that extend others, what counts of several, and where each comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from airwarden.config import Config, ConfigError, Settings
from airwarden.config.building import fields_of
from airwarden.config.layers import Layer, Merged, merged
from airwarden.packs import Pack
from airwarden.registry import Registry
from airwarden.repo import find_root
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.conftest import MakeRepository

NAMES = st.sampled_from(["xcom", "secrets", "known-token", "alert-on-success"])
LISTS = st.lists(NAMES, max_size=3)
LEVELS = st.dictionaries(NAMES, st.sampled_from(["error", "note", "off"]), max_size=2)
OPTIONS = st.fixed_dictionaries(
    {}, optional={"level": st.sampled_from(["error", "off"]), "allow": LISTS, "keep": LISTS}
)
RULES = st.dictionaries(st.sampled_from(["known-token", "alert-on-success"]), OPTIONS, max_size=2)
TABLES = st.fixed_dictionaries(
    {},
    optional={
        "profile": st.sampled_from(["core", "recommended", "strict"]),
        "fail-on": st.sampled_from(["error", "note"]),
        "select": LISTS,
        "ignore": LISTS,
        "exclude": st.lists(st.sampled_from(["a/", "!a/", "b/"]), max_size=3),
        "alert-channels": st.lists(st.sampled_from(["#a", "#b"]), min_size=1, max_size=2),
        "levels": LEVELS,
        "rules": RULES,
        "per-file-ignores": st.dictionaries(st.sampled_from(["a/", "b/"]), LISTS, max_size=2),
        "overrides": st.lists(
            st.fixed_dictionaries(
                {"paths": st.just(["a/"])}, optional={"select": LISTS, "ignore": LISTS, "rules": RULES}
            ),
            max_size=2,
        ),
    },
)


def over(*tables: Any) -> Merged:
    return merged(Layer(table, f"{number}: ") for number, table in enumerate(tables))


def config(whole: Merged) -> Config:
    return Config(**fields_of(whole, Path()))


@given(TABLES, TABLES, TABLES)
def test_it_does_not_matter_which_layers_are_laid_over_each_other_first(a: Any, b: Any, c: Any) -> None:
    assert config(over(over(a, b).table, c)) == config(over(a, b, c)) == config(over(a, over(b, c).table))


@given(TABLES, TABLES)
def test_the_higher_layer_wins(low: Any, high: Any) -> None:
    table, levels = over(low, high).table, {**high.get("levels", {})}
    for key in {"profile", "fail-on", "select", "alert-channels"} & {*high}:
        assert table[key] == high[key]
    for key in {"exclude", "overrides"} & {*high}:
        assert table[key] == [*low.get(key, []), *high[key]]
    assert {*high.get("ignore", [])} <= {*table.get("ignore", [])}
    for rule, said in high.get("rules", {}).items():
        levels |= {rule: said["level"]} if "level" in said else {}
        assert {name: value for name, value in said.items() if name != "level"}.items() <= table["rules"][
            rule
        ].items()
    assert levels.items() <= table.get("levels", {}).items()


@given(TABLES, TABLES)
def test_every_value_comes_from_where_it_says(low: Any, high: Any) -> None:
    whole = over(low, high)
    for route, origin in whole.origins.items():
        value: Any = whole.table
        written: Any = origin.layer.table
        for key in route:
            value = value[key]
        for key in origin.route:
            written = written[key]
        assert written == value or route[0] == "rules"
        assert str(origin).startswith(origin.layer.place)


@given(TABLES, TABLES)
def test_a_table_over_nothing_is_itself(table: Any, other: Any) -> None:
    assert config(over({}, table)) == config(over(table)) == config(over(table, {}))
    assert config(over(other, table, table)).profile == config(over(other, table)).profile


@given(TABLES, st.text("abcdefghij-", min_size=1, max_size=9))
def test_an_unknown_setting_is_always_named(table: Any, name: str) -> None:
    from airwarden.config.validation import validate

    with pytest.raises(ConfigError) as caught:
        validate("here: ", {**table, name: 1})
    assert f"here: there is no setting {name!r}" in str(caught.value)


PLATFORM = """
profile = "strict"
ignore = ["failure-alert-not-slack", "alert-on-success"]
alert-channels = ["#data"]
accepted-notifiers = ["slack", "pagerduty"]
levels.known-token = "note"
rules.variable-at-parse-time = { level = "error", allow = ["env"] }
"""


def settings(make: MakeRepository, own: str, **files: str) -> Settings:
    named = {f"{name}.toml": text for name, text in files.items()}
    return Settings.read(make({"pyproject.toml": f"[tool.airwarden]\n{own}\n", **named}))


def test_a_file_that_is_extended_lies_below(make_repository: MakeRepository) -> None:
    own = """
    extends = ["platform.toml"]
    ignore = ["unused-provider"]
    alert-channels = ["#sales"]
    levels = { alert-on-success = "warning" }
    rules.variable-at-parse-time.level = "note"
    """
    read = settings(make_repository, own, platform=PLATFORM).config
    assert read.profile == "strict"
    assert read.ignore == ("failure-alert-not-slack", "unused-provider")
    assert read.alert_channels == ("#sales",)
    assert read.levels == {
        "known-token": "note",
        "variable-at-parse-time": "note",
        "alert-on-success": "warning",
    }
    assert read.rules == {"variable-at-parse-time": {"allow": ["env"]}}
    assert [name for name in read.accepted_notifiers if "pagerduty" in name]


def test_a_selection_begins_anew(make_repository: MakeRepository) -> None:
    own = 'extends = "platform.toml"\nselect = ["alerts"]\nignore = ["alert-without-channel"]'
    read = settings(make_repository, own, platform=PLATFORM).config
    assert (read.select, read.ignore) == (("alerts",), ("alert-without-channel",))


def test_later_files_lie_over_earlier_ones_and_each_over_what_it_extends(
    make_repository: MakeRepository,
) -> None:
    files = {
        "a": 'fail-on = "note"\nexclude = ["a/"]',
        "b": 'extends = "a.toml"\nprofile = "core"\nexclude = ["b/"]',
        "c": 'profile = "strict"\nexclude = ["c/"]',
    }
    read = settings(make_repository, 'extends = ["b.toml", "c.toml"]\nexclude = ["own/"]', **files).config
    assert (read.profile, read.fail_on, read.exclude) == ("strict", "note", ("a/", "b/", "c/", "own/"))


def test_a_file_is_found_beside_the_one_that_names_it(tmp_path: Path) -> None:
    for path, text in {
        "platform/base.toml": 'profile = "core"',
        "platform/airwarden.toml": 'extends = "base.toml"',
        "team/airwarden.toml": 'extends = "../platform/airwarden.toml"',
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert Config.read(tmp_path / "team").profile == "core"


def test_a_file_may_be_extended_twice_but_not_by_itself(make_repository: MakeRepository) -> None:
    files = {"a": "", "b": 'extends = "a.toml"', "c": 'extends = "a.toml"'}
    settings(make_repository, 'extends = ["b.toml", "c.toml"]', **files)
    root = make_repository({"a.toml": 'extends = "b.toml"'})
    with pytest.raises(ConfigError, match=r"/a\.toml: extends: .*/b\.toml extends this file in turn"):
        Config.read(root)
    make_repository({"a.toml": 'extends = ["./a.toml"]'})
    with pytest.raises(ConfigError, match=r"a\.toml: extends\[0\]: a file can't extend itself"):
        Config.read(root)


@pytest.mark.parametrize(
    ("own", "base", "said"),
    [
        ('extends = ["gone.toml"]', "", "tool.airwarden.extends[0]: there is no file 'gone.toml'"),
        ('extends = "acme"', "", "tool.airwarden.extends: no package is installed that has a pack 'acme'"),
        ('extends = "base.toml"', "slect = []", "base.toml: there is no setting 'slect' (nearest: 'select')"),
        ('extends = "base.toml"', "x = [", "base.toml: is not valid TOML"),
        (
            'extends = "base.toml"',
            'deployments.prod = ["values.yaml"]',
            "base.toml: deployments.prod[0]: there is no file 'values.yaml'",
        ),
        (
            'extends = "base.toml"',
            'accepted-notifiers = ["slak"]',
            "base.toml: accepted-notifiers[0]: 'slak'",
        ),
    ],
)
def test_what_is_wrong_is_said_of_the_file_that_has_it(
    make_repository: MakeRepository, own: str, base: str, said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(make_repository, own, base=base)
    assert said in str(caught.value)


def test_a_name_that_no_rule_has_is_told_with_the_file_that_names_it(make_repository: MakeRepository) -> None:
    read = settings(
        make_repository, 'extends = "base.toml"', base='overrides = [{ paths = ["a"], ignore = ["xcm"] }]'
    )
    with pytest.raises(
        ConfigError, match=r"base\.toml: overrides\[0\]\.ignore: there is no .* 'xcm' \(nearest"
    ):
        Registry().verify_settings(read)
    read = settings(make_repository, "rules.secrets.level = 'note'")
    with pytest.raises(ConfigError, match=r"rules\.secrets: 'secrets' is a family of rules; write its level"):
        Registry().verify_settings(read)
    read = settings(make_repository, "rules.known-tokn.level = 'note'")
    with pytest.raises(
        ConfigError, match=r"rules\.known-tokn: there is no rule 'known-tokn' \(nearest: 'known-t"
    ):
        Registry().verify_settings(read)


def test_a_name_without_a_suffix_is_a_policy_pack(make_repository: MakeRepository) -> None:
    root = make_repository(
        {"pyproject.toml": '[tool.airwarden]\nextends = ["acme", "bare"]\n', "p.toml": PLATFORM}
    )
    packs = {
        "acme": Pack("acme", root, root / "p.toml", (root,), is_local=False),
        "bare": Pack("bare", root, None, (root,), is_local=False),
    }
    read = Settings.read(root, find_pack=packs.__getitem__)
    assert read.config.packs == (packs["acme"], packs["bare"])
    assert read.config.profile == "strict"


# Files of their own


@pytest.mark.parametrize("name", ["airwarden.toml", ".airwarden.toml"])
def test_a_file_of_its_own_holds_settings_and_marks_the_root(
    make_repository: MakeRepository, name: str
) -> None:
    root = make_repository({name: 'profile = "strict"', "dags/a.py": "", "pyproject.toml": "[project]\n"})
    (root / ".git").rmdir()
    assert find_root(root / "dags" / "a.py") == root.resolve()
    assert Config.read(root).profile == "strict"


def test_a_file_of_its_own_has_no_table_in_a_table(make_repository: MakeRepository) -> None:
    root = make_repository({"airwarden.toml": 'profile = "core"\n[tool.airwarden]\nprofile = "strict"\n'})
    with pytest.raises(
        ConfigError, match=r"airwarden\.toml: settings stand at the top of this file; take out"
    ):
        Config.read(root)


def test_two_places_of_settings_are_one_too_many(make_repository: MakeRepository) -> None:
    root = make_repository({"airwarden.toml": "", "pyproject.toml": "[tool.airwarden]\n"})
    with pytest.raises(
        ConfigError, match=r"/airwarden\.toml: .*pyproject\.toml holds settings too; keep them in one"
    ):
        Config.read(root)


# The command line


def test_the_command_line_lies_over_all(make_repository: MakeRepository) -> None:
    root = make_repository({"pyproject.toml": f"[tool.airwarden]\n{PLATFORM}"})
    asked = {"profile": "core", "ignore": ("xcom",)}
    read = Settings.read(root, asked=asked)
    assert (read.config.profile, read.config.ignore[-1]) == ("core", "xcom")
    assert read.merged.at("profile") == "--profile"
    assert Settings.read(root, asked={"select": ("xcom",)}).config.ignore == ()


OVERRIDDEN = """
[tool.airwarden]
[[tool.airwarden.overrides]]
paths = ["dags/"]
select = ["alerts"]
ignore = ["alert-on-success"]
levels = { xcom = "note" }
"""


def test_what_the_command_line_selects_and_ignores_holds_for_all_files(
    make_repository: MakeRepository,
) -> None:
    root = make_repository({"pyproject.toml": OVERRIDDEN})

    def at_dags(**asked: tuple[str, ...]) -> Config:
        return Settings.read(root, asked=asked).config.at("dags/a.py")

    assert at_dags().select == ("alerts",)
    assert at_dags(select=("xcom",)).select == ("xcom",)
    assert at_dags(select=("xcom",)).ignore == ("alert-on-success",)
    assert not at_dags(ignore=("alerts",)).runs("dag-without-failure-alert", "alerts")
    assert not at_dags(select=("xcom",), ignore=("xcom",)).runs("dataframe-in-xcom", "xcom")
