"""What holds for some files: overrides, one over the other, and over what holds for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from airwarden.config import Config, Override, Settings
from airwarden.registry import Registry
from airwarden.workspace import Workspace
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import MakeRepository, some

DAG = 'from airflow import DAG\nwith DAG("orders"):\n    pass\n'
RULE = "dag-without-failure-alert"
NEXT = "[[tool.airwarden.overrides]]\n"
FILES = {"dags/a.py": DAG, "dags/sandbox/b.py": DAG, "dags/sandbox/kept.py": DAG}


def found(root: Path, home: Path | None = None) -> dict[str, str]:
    """The level of the finding in each file."""
    workspace = Workspace(root, Registry(), Settings.read(root).config, home)
    report = workspace.check(workspace.repo())
    assert not report.crashes
    return {
        each.region.path.removeprefix("dags/"): each.level for each in report.findings if each.rule == RULE
    }


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ('paths = ["sandbox/"]\nignore = ["alerts"]', {"a.py": "error"}),
        (f'paths = ["sandbox/"]\nlevels.{RULE} = "off"', {"a.py": "error"}),
        ('paths = ["sandbox/"]\nselect = ["xcom"]', {"a.py": "error"}),
        (
            'paths = ["sandbox/", "!kept.py"]\nlevels.alerts = "note"',
            {"a.py": "error", "sandbox/b.py": "note", "sandbox/kept.py": "error"},
        ),
        (
            f'paths = ["sandbox/"]\nrules.{RULE}.level = "note"\nselect = ["alerts"]',
            {"a.py": "error", "sandbox/b.py": "note", "sandbox/kept.py": "note"},
        ),
        (
            f'paths = ["sandbox/"]\nignore = ["alerts"]\n{NEXT}paths = ["kept.py"]\nselect = ["alerts"]',
            {"a.py": "error", "sandbox/kept.py": "error"},
        ),
        (
            f'paths = ["dags/"]\nignore = ["alerts"]\n{NEXT}paths = ["dags/a.py"]\nselect = ["{RULE}"]',
            {"a.py": "error"},
        ),
    ],
)
def test_later_overrides_win(
    make_repository: MakeRepository, overrides: str, expected: dict[str, str], tmp_path: Path
) -> None:
    root = make_repository({**FILES, "pyproject.toml": f"[[tool.airwarden.overrides]]\n{overrides}\n"})
    assert found(root) == expected
    for _ in range(2):
        assert found(root, tmp_path / "cache") == expected


def test_they_may_ask_for_what_is_ignored_elsewhere(make_repository: MakeRepository) -> None:
    settings = '[tool.airwarden]\nignore = ["alerts"]\n[[tool.airwarden.overrides]]\npaths = ["a.py"]\n'
    for asked in ('levels.alerts = "warning"', 'select = ["alerts"]', f"rules.{RULE} = {{}}"):
        root = make_repository({**FILES, "pyproject.toml": settings + asked})
        assert list(found(root)) == (["a.py"] if RULE not in asked else [])


def test_what_a_file_is_exempt_from_stays_so(make_repository: MakeRepository) -> None:
    settings = (
        f'[[tool.airwarden.overrides]]\npaths = ["dags/"]\nlevels.{RULE} = "note"\n'
        '[tool.airwarden.per-file-ignores]\n"sandbox/" = ["alerts"]\n'
    )
    assert found(make_repository({**FILES, "pyproject.toml": settings})) == {"a.py": "note"}


def test_a_change_of_them_needs_no_new_judgement(make_repository: MakeRepository, tmp_path: Path) -> None:
    root, home = make_repository(FILES), tmp_path / "cache"
    assert len(found(root, home)) == 3
    make_repository(
        {"pyproject.toml": '[[tool.airwarden.overrides]]\npaths = ["b.py"]\nignore = ["alerts"]\n'}
    )
    assert len(found(root, home)) == 2


NAMES = st.lists(st.sampled_from(["alerts", RULE, "xcom"]), max_size=2).map(tuple)
LEVELS = st.dictionaries(st.sampled_from(["alerts", RULE]), st.sampled_from(["note", "off"]), max_size=2)
OVERRIDES = st.builds(Override, st.just(("a.py",)), NAMES, NAMES, LEVELS)


@given(st.lists(OVERRIDES, max_size=3), NAMES, NAMES, LEVELS)
def test_what_runs_on_a_file_may_run_at_all(
    overrides: list[Override], select: tuple[str, ...], ignore: tuple[str, ...], levels: dict[str, str]
) -> None:
    config = Config(select=select, ignore=ignore, levels=levels, overrides=tuple(overrides))  # type: ignore[arg-type]
    if config.at("a.py").runs(RULE, "alerts"):
        assert config.may_run(RULE, "alerts")
    if config.at("a.py").wants(RULE, "strict"):
        assert config.may_want(RULE, "strict")
    assert config.at("b.py") is config


RULES = st.sampled_from(["alerts", RULE, "secrets", "variable-at-parse-time", "metadata-database-in-dag"])
SOME = st.lists(RULES, max_size=2)
SAID = {
    "select": SOME,
    "ignore": SOME,
    "levels": st.dictionaries(RULES, st.sampled_from(["error", "note", "off"]), max_size=2),
    "rules": st.just({"variable-at-parse-time": {"allow": ["env"]}}),
}
PATHS = {"paths": st.sampled_from([["sandbox/"], ["*.py", "!kept.py"]])}
ASKED = st.fixed_dictionaries(
    {"profile": st.sampled_from(["core", "recommended", "strict"])},
    optional={**SAID, "overrides": st.lists(st.fixed_dictionaries(PATHS, optional=SAID), max_size=2)},
)
LOOKUP = f'from airflow.models import Variable\nx = Variable.get("env")\n{DAG}'


@settings(max_examples=some(20), deadline=None)
@given(asked=st.lists(ASKED, min_size=2, max_size=3))
def test_what_is_known_from_earlier_runs_is_what_a_run_would_find(
    asked: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root, home = tmp_path_factory.mktemp("repository"), tmp_path_factory.mktemp("cache")
    for path in FILES:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(LOOKUP, encoding="utf-8")
    for table in asked:
        config = Settings.read(root, asked=table).config
        reports = [
            workspace.check(workspace.repo())
            for workspace in (Workspace(root, Registry(), config, where) for where in (home, None))
        ]
        assert reports[0].findings == reports[1].findings
        assert reports[0].checked == reports[1].checked
