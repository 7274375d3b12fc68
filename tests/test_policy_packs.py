"""Rules of packs in a run: which count, what they may run, what of earlier runs holds, and their trials."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from airwarden.cli import main
from airwarden.config import ConfigError
from airwarden.formats import FORMATS
from airwarden.packs import pack_in
from airwarden.registry import Registry
from airwarden.trials import Trial, tried
from airwarden.trust import VARIABLE, Trust

from tests.conftest import MakeRepository
from tests.test_packs import install

SETTINGS = '[tool.airwarden]\npolicies = ["policies"]\nselect = ["shape"]\n'
DAG = 'from airflow.sdk import DAG\n\nDAG("orders")\n'
PYTHON = '''"""Harm is done.

Mend it.
"""
from airwarden.api import Rule, dags_of

rule = Rule(__name__, help=__doc__, level="error", remedy="mend it", see="https://example.org")


@rule.dag
def check(dag_file, repo):
    """Flags every DAG."""
    for dag in dags_of(dag_file, repo):
        yield rule.finding(dag.region, "harm is done")
'''
SCHEMA = json.dumps({"title": "No tag.", "x-rule": {"on": "dag"}, "properties": {"tags": {"minItems": 1}}})
FILES = {
    "pyproject.toml": SETTINGS,
    "dags/a.py": DAG,
    "policies/shape/harm_done.py": PYTHON,
    "policies/shape/tag-missing.json": SCHEMA,
}


@pytest.fixture
def root(make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two policies of its own, around the current folder, whose code may run."""
    home = make_repository(FILES)
    monkeypatch.chdir(home)
    monkeypatch.setenv(VARIABLE, "1")
    return home


def found(capsys: pytest.CaptureFixture[str], *options: str, cache: Path | None = None) -> list[str]:
    """The ids of the rules that a run reports."""
    kept = ["--no-cache"] if cache is None else ["--cache-dir", str(cache)]
    assert main(["check", "--format", "json", *kept, *options]) in (0, 1)
    return [each["rule"] for each in json.loads(capsys.readouterr().out)["findings"]]


@pytest.mark.usefixtures("root")
def test_policies_of_both_kinds_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert found(capsys) == ["harm-done", "tag-missing"]


def test_they_are_selected_ignored_and_silenced_like_any_rule(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found(capsys, "--select", "tag-missing") == ["tag-missing"]
    assert found(capsys, "--ignore", "tag-missing") == ["harm-done"]
    text = DAG.replace('("orders")', '("orders")  # airwarden: ignore[harm-done] for a test')
    (root / "dags" / "a.py").write_text(text, encoding="utf-8")
    assert found(capsys) == ["tag-missing"]
    assert found(capsys, "--select", "unused-suppression") == []


def test_what_stands_in_their_folder_is_not_judged(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "policies" / "dags").mkdir()
    (root / "policies" / "dags" / "example.txt").touch()
    shutil.copy(root / "dags" / "a.py", root / "policies" / "dags-of-old.py")
    assert found(capsys) == ["harm-done", "tag-missing"]


@pytest.mark.usefixtures("root")
def test_a_policy_that_is_named_is_told_to_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--no-cache", "policies/shape/harm_done.py"]) == 0
    told = "airwarden: policies/shape/harm_done.py: not checked, for it belongs to the policies\n"
    assert told in capsys.readouterr().err


def test_options_of_a_rule_that_is_left_out_are_not_looked_up_in_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "policies" / "shape" / "harm_done.py").write_text(
        "raise SystemExit('it was run')", encoding="utf-8"
    )
    text = f"{SETTINGS}\n[tool.airwarden.rules.harm-done]\nallow = ['x']\n"
    (root / "pyproject.toml").write_text(text, encoding="utf-8")
    assert found(capsys, "--no-trust-policies") == ["tag-missing"]


def test_a_suppression_of_a_rule_that_is_left_out_is_neither_unknown_nor_unused(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = DAG.replace('("orders")', '("orders")  # airwarden: ignore[harm-done] for a test')
    (root / "dags" / "a.py").write_text(text, encoding="utf-8")
    assert found(capsys, "--no-trust-policies", "--select", "shape,hygiene") == ["tag-missing"]


def test_a_changed_policy_gives_fresh_results(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = tmp_path / "cache"
    rule = root / "policies" / "shape" / "harm_done.py"
    schema = root / "policies" / "shape" / "tag-missing.json"
    (root / ".gitignore").write_text("cache/\n", encoding="utf-8")
    assert found(capsys, cache=cache) == ["harm-done", "tag-missing"]
    assert found(capsys, cache=cache) == ["harm-done", "tag-missing"]
    schema.write_text(SCHEMA.replace("minItems", "maxItems"), encoding="utf-8")
    assert found(capsys, cache=cache) == ["harm-done"]
    rule.write_text(PYTHON.replace("yield rule", "return\n        yield rule"), encoding="utf-8")
    assert found(capsys, cache=cache) == []
    schema.unlink()
    (root / "policies" / "shape" / "other.json").write_text(SCHEMA, encoding="utf-8")
    assert found(capsys, cache=cache) == ["other"]


@pytest.mark.usefixtures("root")
def test_what_a_policy_found_is_judged_anew_where_another_file_changes_it(
    make_repository: MakeRepository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    retries = {"properties": {"default_args": {"properties": {"retries": {"minimum": 2}}}}}
    replicas = {"required": ["scheduler"], "properties": {"scheduler": {"required": ["replicas"]}}}
    code = 'from airflow.sdk import DAG\nfrom common import DEFAULTS\nDAG("b", default_args=DEFAULTS)\n'
    before = {
        "pyproject.toml": SETTINGS,
        "policies/shape/few-retries.json": json.dumps({"title": "x", "x-rule": {"on": "dag"}, **retries}),
        "policies/shape/single.json": json.dumps({"title": "x", "x-rule": {"on": "values"}, **replicas}),
        "dags/common.py": "# airflow\nDEFAULTS = {'retries': 1}\n",
        "dags/b.py": code,
        "values.yaml": "defaultAirflowTag: 3.1.5\nexecutor: CeleryExecutor\n",
        "values-prod.yaml": "webserver:\n  replicas: 2\n",
    }
    (tmp_path / "policies" / "shape" / "harm_done.py").unlink()
    cache = tmp_path.parent / f"{tmp_path.name}-cache"
    make_repository(before)
    assert found(capsys, cache=cache) == ["tag-missing", "tag-missing", "few-retries", "single"]
    make_repository({"dags/common.py": "# airflow\nDEFAULTS = {'retries': 2}\n"})
    assert found(capsys, cache=cache) == ["tag-missing", "tag-missing", "single"]
    make_repository({"values.yaml": f"{before['values.yaml']}scheduler:\n  replicas: 2\n"})
    assert found(capsys, cache=cache) == ["tag-missing", "tag-missing"]


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_renders_what_a_policy_finds(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--no-cache", "--format", name]) == 1
    assert "tag-missing" in capsys.readouterr().out


@pytest.mark.usefixtures("root")
def test_results_that_hold_load_no_policy(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom airwarden.cli import main\n"
        "main(['check', '-q', '--jobs', '1', '--cache-dir', sys.argv[1]])\n"
        "print(*sorted({'airwarden_policies.shape.harm_done', 'jsonschema'} & sys.modules.keys()))"
    )
    command = [sys.executable, "-c", code, str(tmp_path.parent / f"{tmp_path.name}-cache")]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert [run.splitlines()[-1] for run in runs] == ["airwarden_policies.shape.harm_done jsonschema", ""]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"policies/shape/known-token.json": SCHEMA},
            r"known-token.json: there is a rule 'known-token' already, in .*known_token.py",
        ),
        ({"policies/shape/harm-done.json": SCHEMA}, r"there is a rule 'harm-done' already, in .*harm.done"),
        (
            {"policies/other/harm_done.py": PYTHON},
            r"there is a rule 'harm-done' already, in .*policies/other/harm_done.py",
        ),
        (
            {"policies/shape/secrets.json": SCHEMA},
            r"secrets: a family has the name of the rule .*policies/shape/secrets.json",
        ),
        (
            {"policies/shape/Bad.json": SCHEMA},
            r"Bad.json: a rule and its family are named in small letters and dashes",
        ),
        ({"policies/shape/tag-missing.json": "{"}, r"policies/shape/tag-missing.json:1: is no JSON"),
    ],
)
@pytest.mark.usefixtures("root")
def test_what_can_not_be_a_policy_is_refused_with_its_place(
    make_repository: MakeRepository,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str],
    said: str,
) -> None:
    make_repository(files)
    assert main(["check", "--no-cache"]) == 2
    assert re.search(said, capsys.readouterr().err)


def test_two_packs_with_one_rule_are_told_apart_by_nobody(root: Path) -> None:
    packs = [pack_in(root / "policies", "policies", root)]
    shutil.copytree(root / "policies", root / "more")
    packs.append(pack_in(root / "more", "more", root))
    with pytest.raises(
        ConfigError, match=r"more/shape/harm_done.py: .* already, in .*policies/shape/harm_done.py"
    ):
        _ = Registry(packs=packs).files


def test_a_rule_that_does_not_load_is_told_in_its_own_words(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "policies" / "shape" / "harm_done.py").write_text("import nobody_has_this", encoding="utf-8")
    assert main(["check", "--no-cache"]) == 2
    assert "No module named 'nobody_has_this'" in capsys.readouterr().out


def test_rules_and_explain_know_them(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.endswith("[policies]")] == [
        line for line in lines if "harm-done" in line or "tag-missing" in line
    ]
    assert main(["explain", "tag-missing"]) == 0
    assert str(root / "policies" / "shape" / "tag-missing.json") in capsys.readouterr().out
    assert main(["explain", "shape"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_an_installed_pack_brings_rules_and_settings(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path.parent / f"{tmp_path.name}-site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    folder = install(site, "acme-airflow", "acme_airflow")
    shutil.copytree(root / "policies" / "shape", folder / "shape")
    (folder / "airwarden.toml").write_text('ignore = ["tag-missing"]\n', encoding="utf-8")
    text = '[tool.airwarden]\nextends = ["acme-airflow"]\nselect = ["shape"]\n'
    (root / "pyproject.toml").write_text(text.replace('select = ["shape"]\n', ""), encoding="utf-8")
    assert "harm-done" in found(capsys)
    assert "tag-missing" not in found(capsys)
    assert "harm-done" in found(capsys, "--no-trust-policies")
    shutil.rmtree(folder)
    assert main(["check", "--no-cache"]) == 2
    assert "pyproject.toml: tool.airwarden.extends" in capsys.readouterr().err


# Trials


def trial(root: Path, fixture: str, text: str) -> Trial:
    path = root / "policies" / "fixtures" / fixture
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    pack = pack_in(root / "policies", "policies", root)
    return tried(path, Registry(packs=[pack], trust=Trust(root, True)))


@pytest.mark.parametrize(
    ("fixture", "text", "problems"),
    [
        ("harm-done/flagged.py", DAG.replace(")\n", ")  # expect: harm-done\n"), []),
        ("harm-done/accepted.py", "# airflow\n", []),
        ("harm-done/flagged.py", DAG, ["dags/flagged.py:3 is flagged and not marked", "it marks no line"]),
        (
            "harm-done/flagged.py",
            "x = 1  # airflow  # expect: harm-done\n",
            ["dags/flagged.py:1 is not flagged"],
        ),
        (
            "harm-done/flagged.py",
            DAG.replace(")\n", ")  # expect: other\n"),
            [
                "dags/flagged.py:3 is not flagged",
                "dags/flagged.py:3 is flagged and not marked",
                "a marker names 'other', another rule",
            ],
        ),
        (
            "harm-done/accepted.py",
            DAG.replace(")\n", ")  # expect: harm-done\n"),
            ["it marks a line, though it is called accepted"],
        ),
        ("harm-done/other.py", "# airflow\n", ["its name begins with neither 'accepted' nor 'flagged'"]),
        ("harm-done/accepted.py", "def x(:  # airflow\n", ["dags/accepted.py:1 is flagged and not marked"]),
        (
            "harm-done/accepted.txt",
            "x",
            ["a fixture is a folder or a file that ends in one of .cfg, .py, .toml, .yaml"],
        ),
        ("nobody/accepted.py", "# airflow\n", ["there is no rule 'nobody'"]),
    ],
)
def test_a_trial_tells_what_is_not_as_it_should_be(
    root: Path, fixture: str, text: str, problems: list[str]
) -> None:
    found = trial(root, fixture, text)
    assert list(found.problems()) == problems
    assert found.is_passed == (not problems)


def test_a_rule_that_fails_fails_its_trial(root: Path) -> None:
    text = PYTHON.replace("    for dag", "    raise ValueError\n    for dag")
    (root / "policies" / "shape" / "harm_done.py").write_text(text, encoding="utf-8")
    (problem,) = trial(root, "harm-done/accepted.py", "# airflow\n").problems()
    assert problem.startswith(
        "harm-done on dags/accepted.py: ValueError in the policy shape/harm_done.py, line"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "    for dag",
            "    raise ValueError\n    for dag",
            "ValueError in the policy shape/harm_done.py, line 13",
        ),
        ("dags_of(dag_file", "dags_of(None", ", called in the policy shape/harm_done.py, line 13"),
        ("rule = ", "rule = = ", "SyntaxError"),
    ],
)
def test_a_policy_that_fails_is_told_to_its_authors(
    old: str, new: str, said: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root / "policies" / "shape" / "harm_done.py"
    file.write_text(PYTHON.replace(old, new), encoding="utf-8")
    assert main(["check", "--no-cache"]) == 2
    shown = capsys.readouterr().out
    assert "A policy failed here." in shown
    assert said in shown
    assert "harm_done.py, line" in shown
    assert "report this" not in shown
    for command in (["suppressions"], ["baseline", "write"]):
        assert main([*command, "--no-cache"]) == 2
        shown = capsys.readouterr().err
        assert "airwarden: a policy failed: harm-done on " in shown
        assert "report this" not in shown


def test_the_command_tells_lines_and_fails(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trial(root, "harm-done/flagged.py", f"x = 1  # expect: harm-done\n{DAG}")
    (root / "policies" / "fixtures" / "tag-missing" / "accepted-many" / "dags").mkdir(parents=True)
    (root / "policies" / "fixtures" / "tag-missing" / "accepted-many" / "dags" / "x.py").write_text(
        DAG, encoding="utf-8"
    )
    assert main(["test"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "policies/fixtures/harm-done/flagged.py",
        "  line 1 is not flagged",
        "  line 4 is flagged, and not marked",
        "",
        "policies/fixtures/tag-missing/accepted-many",
        "  line 3 of dags/x.py is flagged, and not marked",
        "",
        "harm-done has no fixture that is accepted",
        "tag-missing has no fixture that is flagged",
        "policies: 2 of 2 fixtures of 2 rules failed",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["policies"], "policies: there is no fixture in fixtures/<rule-id>/"),
        (
            ["nowhere"],
            "nowhere: there is no such folder, and no package is installed that has a pack 'nowhere'",
        ),
    ],
)
@pytest.mark.usefixtures("root")
def test_a_test_of_nothing_is_no_success(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["test", *arguments]) == 2
    assert said in capsys.readouterr().err


# What is begun works


@pytest.mark.parametrize("options", [[], ["--schema"]])
def test_a_new_rule_passes_its_trial_at_once(
    root: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    shutil.rmtree(root / "policies" / "shape")
    assert main(["new", "rule", "ownership", "owner-missing", *options]) == 0
    ending = "owner-missing.json" if options else "owner_missing.py"
    assert capsys.readouterr().out.splitlines() == [
        f"policies/ownership/{ending}",
        "policies/fixtures/owner-missing/flagged.py",
        "policies/fixtures/owner-missing/accepted.py",
    ]
    assert main(["test"]) == 0
    assert capsys.readouterr().out == "policies: 2 fixtures of 1 rule passed\n"
    (root / "pyproject.toml").write_text(SETTINGS.replace("shape", "ownership"), encoding="utf-8")
    assert found(capsys) == ["owner-missing"]


def test_a_new_rule_in_a_new_folder_is_told_how_to_run(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "pyproject.toml").unlink()
    assert main(["new", "rule", "alerts", "owner-missing", "--in", "rules-of-ours"]) == 0
    assert 'policies = ["rules-of-ours"]' in capsys.readouterr().err
    assert main(["test", "rules-of-ours"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["alerts", "known-token"], "there is a rule 'known-token' already"),
        (["alerts", "secrets"], "there is a rule 'secrets' already: a family"),
        (["alerts", "Owner"], "'Owner' is no name of a rule"),
        (["My alerts", "owner-missing"], "'My alerts' is no name of a family"),
    ],
)
@pytest.mark.usefixtures("root")
def test_a_new_rule_needs_a_name_of_its_own(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["new", "rule", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_rule_of_our_own_goes_where_the_others_are(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "pyproject.toml").unlink()
    monkeypatch.setattr("airwarden.folders.folder", lambda name: root / name)
    assert main(["new", "rule", "alerts", "owner-missing", "--schema"]) == 2
    assert "name a folder of policies with --in" in capsys.readouterr().err
    assert main(["new", "rule", "alerts", "owner-missing"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "rules/alerts/owner_missing.py",
        "tests/fixtures/owner-missing/flagged.py",
        "tests/fixtures/owner-missing/accepted.py",
    ]
    assert said.err == "airwarden: try it: pytest -k owner-missing\n"


def test_nothing_is_written_over(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "rule", "ownership", "owner-missing"]) == 0
    shutil.rmtree(root / "policies" / "ownership")
    (root / "policies" / "fixtures" / "owner-missing" / "flagged.py").write_text("mine", encoding="utf-8")
    assert main(["new", "rule", "ownership", "owner-missing"]) == 2
    assert "flagged.py: is there already" in capsys.readouterr().err
    assert not (root / "policies" / "ownership").exists()


def test_without_a_folder_of_policies_one_must_be_named(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "pyproject.toml").unlink()
    assert main(["new", "rule", "ownership", "owner-missing"]) == 2
    assert "name one, such as --in policies" in capsys.readouterr().err


@pytest.mark.real
def test_a_new_pack_can_be_installed_and_extended(root: Path, tmp_path: Path) -> None:
    away = tmp_path.parent / f"{tmp_path.name}-away"
    (away / ".git").mkdir(parents=True)
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join([str(away / "site"), *sys.path[1:]])}

    def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        whole = [sys.executable, "-m", *command]
        return subprocess.run(whole, cwd=cwd, env=paths, capture_output=True, text=True, check=False)

    assert run("airwarden", "new", "pack", "acme-airflow", cwd=away).returncode == 0
    assert run("airwarden", "test", cwd=away / "acme-airflow").stdout.endswith(
        "4 fixtures of 2 rules passed\n"
    )
    install = [
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--target",
        str(away / "site"),
        str(away / "acme-airflow"),
    ]
    made = run(*install, cwd=away)
    assert made.returncode == 0, made.stderr
    (root / "pyproject.toml").write_text('[tool.airwarden]\nextends = ["acme-airflow"]\n', encoding="utf-8")
    told = run("airwarden", "check", "--no-cache", "--format", "json", cwd=root)
    levels = {each["rule"]: each["level"] for each in json.loads(told.stdout)["findings"]}
    assert (levels["owner-missing"], levels["team-tag-missing"]) == ("error", "warning")
    assert (
        run("airwarden", "test", "acme-airflow", cwd=root).stdout
        == "acme-airflow: 4 fixtures of 2 rules passed\n"
    )


@pytest.mark.usefixtures("root")
def test_shards_of_a_run_with_policies_are_joined(tmp_path: Path) -> None:
    reports = [tmp_path.parent / f"{tmp_path.name}-{index}.json" for index in (1, 2)]
    for index, report in enumerate(reports, 1):
        shard = ["--shard", f"{index}/2", "--format", "json", "--output", str(report)]
        assert main(["check", "--no-cache", "-q", *shard]) in (0, 1)
    assert main(["merge", *map(str, reports)]) == 1
