"""Policies in Python that a repository names run only where something outside of it says so."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from airwarden.cli import main
from airwarden.config import Config, ConfigError
from airwarden.packs import find
from airwarden.registry import Registry
from airwarden.trust import OWN_FILE, VARIABLE, Trust

from tests.conftest import MakeRepository
from tests.test_packs import install
from tests.test_policy_packs import DAG, FILES, PYTHON, SCHEMA, SETTINGS

REASON = "nothing outside of the repository allows the code of its policies to run"
WAY = "--trust-policies does, or `trusted` in ~/.config/airwarden/config.toml"
LEFT_OUT = f"airwarden: left out, as {REASON}: harm-done; {WAY}\n"
REFUSED = "airwarden: left out, as policies in Python are refused: harm-done\n"


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The home of a user who has said nothing yet."""
    folder = tmp_path_factory.mktemp("home")
    for name in (VARIABLE, "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def root(home: Path, make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose policy in Python leaves a trace beside it when it is run."""
    traced = f"{PYTHON}\nopen({str(home / 'ran')!r}, 'w').close()\n"
    folder = make_repository({**FILES, "policies/shape/harm_done.py": traced})
    monkeypatch.chdir(folder)
    return folder


def allow(home: Path, text: str) -> Path:
    """Writes the user's own configuration."""
    file = home / ".config" / "airwarden" / OWN_FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def trusting(home: Path, *folders: Path | str) -> None:
    allow(home, f"trusted = {json.dumps([str(folder) for folder in folders])}\n")


def ids(capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    kept = [] if "--cache-dir" in options else ["--no-cache"]
    assert main(["check", "--format", "json", *kept, *options]) in (0, 1)
    return [each["rule"] for each in json.loads(capsys.readouterr().out)["findings"]]


BOTH = ["harm-done", "tag-missing"]


@pytest.mark.usefixtures("root")
def test_nothing_runs_unless_somebody_allows_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--no-cache", "--format", "json"]) == 1
    said = capsys.readouterr()
    assert [each["rule"] for each in json.loads(said.out)["findings"]] == ["tag-missing"]
    assert said.err == LEFT_OUT
    assert not (home / "ran").exists()


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    "command",
    [
        ["check", "--no-cache"],
        ["rules"],
        ["explain", "shape"],
        ["config"],
        ["config", "dags/a.py"],
        ["suppressions", "--no-cache"],
        ["baseline", "write", "--no-cache"],
        ["init", "--dry-run"],
    ],
    ids=" ".join,
)
def test_every_command_leaves_it_out_tells_so_and_can_be_told_otherwise(
    home: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(command)
    assert capsys.readouterr().err == LEFT_OUT
    assert not (home / "ran").exists()
    assert main([*command, "--no-trust-policies"]) == code
    assert capsys.readouterr().err == REFUSED
    assert main([*command, "--trust-policies"]) == code
    assert "left out" not in capsys.readouterr().err
    assert (home / "ran").exists() == (command not in (["config"], ["init", "--dry-run"]))


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("command", [["explain", "harm-done"], ["config", "--rule", "harm-done"]])
def test_whoever_asks_for_one_that_is_left_out_is_told_why(
    home: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 2
    assert f"airwarden: harm-done: left out, as {REASON}; {WAY}\n" in capsys.readouterr().err
    assert not (home / "ran").exists()
    assert main([*command, "--trust-policies"]) == 0
    assert "Harm is done." in capsys.readouterr().out


def test_to_name_a_folder_to_test_is_to_allow_it(
    root: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "policies" / "fixtures" / "harm-done").mkdir(parents=True)
    (root / "policies" / "fixtures" / "harm-done" / "accepted.py").write_text("# airflow\n", encoding="utf-8")
    for options, why in (([], REASON), (["policies", "--no-trust-policies"], "these are refused")):
        assert main(["test", *options]) == 2
        way = "`airwarden test policies` names it, and so allows it"
        assert capsys.readouterr().err == f"airwarden: policies: holds policies in Python, and {why}; {way}\n"
    assert not (home / "ran").exists()
    for options in (["policies"], ["--trust-policies"]):
        assert main(["test", *options]) == 0
        assert "1 fixture of 2 rules passed" in capsys.readouterr().out
    assert (home / "ran").exists()


def test_the_users_own_configuration_allows_folders_and_what_is_below(
    root: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in (root, root.parent):
        trusting(home, "/srv/other", folder)
        assert ids(capsys) == BOTH
    link = home / "link"
    link.symlink_to(root)
    trusting(home, "~/link")
    assert ids(capsys) == BOTH
    trusting(home, f"{root}-beside", root / "dags", root / "policies")
    assert ids(capsys) == ["tag-missing"], "of a folder that is only begun with, or holds a part"
    trusting(home, root)
    assert ids(capsys, "--no-trust-policies") == ["tag-missing"]
    allow(home, "")
    assert ids(capsys) == ["tag-missing"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", BOTH),
        ("0", ["tag-missing"]),
        ("", ["tag-missing"]),
        ("{root}", BOTH),
        ("/srv/other:{root}", BOTH),
        ("/srv/other", ["tag-missing"]),
    ],
)
def test_the_environment_allows_all_none_or_folders(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    value: str,
    expected: list[str],
) -> None:
    monkeypatch.setenv(VARIABLE, value.format(root=root).replace(":", os.pathsep))
    assert ids(capsys) == expected


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("value", ["yes", "true", ".", "..", "policies", "1:policies"])
def test_a_value_that_is_neither_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    monkeypatch.setenv(VARIABLE, value)
    assert main(["check", "--no-cache"]) == 2
    name = value.partition(":")[0]
    assert capsys.readouterr().err == (
        f"airwarden: {VARIABLE}: {name!r} is neither 1 nor 0 nor an absolute path of a folder\n"
    )


def test_the_environment_that_refuses_overrules_the_configuration(
    root: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trusting(home, root)
    monkeypatch.setenv(VARIABLE, "0")
    assert ids(capsys) == ["tag-missing"]
    assert ids(capsys, "--trust-policies") == BOTH


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("trusted = [", "is not valid TOML"),
        ("trust = []", "there is no setting 'trust' (nearest: 'trusted')"),
        ("trusted = '/srv'", "trusted: a string stands where a list is wanted"),
        ("trusted = [1]", "trusted[0]: a number stands where a string is wanted"),
        ("trusted = ['']", "trusted[0]: '' is not the path of a folder"),
        ("trusted = ['/srv', 'work']", "trusted[1]: 'work' is no absolute path of a folder"),
        ("trusted = ['/srv/..']", "trusted[0]: '/srv/..' holds everything; name the folders that you trust"),
        ("trusted = ['~nobody-of-this-name/x']", "nobody knows whose home '~nobody-of-this-name/x' is"),
        (f"trusted = {'[' * 20_000}", "nests more than 100 levels deep"),
        ("# \ud800", "is not UTF-8 text"),
        (f"# {'x' * (1 << 20)}", "has more than 1,048,576 bytes"),
    ],
    ids=range(11),
)
def test_a_configuration_that_can_not_be_followed_is_told_and_allows_nothing(
    home: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    file = allow(home, "")
    file.write_bytes(text.encode(errors="surrogatepass"))
    assert main(["check", "--no-cache"]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith(f"airwarden: {file}: ")
    assert said in shown
    assert not (home / "ran").exists()


def test_a_file_that_others_can_write_allows_nothing(
    root: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trusting(home, root)
    file = home / ".config" / "airwarden" / OWN_FILE
    for path in (file, file.parent):
        mode = path.stat().st_mode
        path.chmod(mode | 0o002)
        assert main(["check", "--no-cache"]) == 2
        assert (
            f"{path}: everybody may write it, so it allows nothing; run `chmod o-w" in capsys.readouterr().err
        )
        path.chmod(mode)
    owner = file.stat().st_uid + 1
    monkeypatch.setattr(os, "geteuid", lambda: owner)
    if file.stat().st_uid:
        assert main(["check", "--no-cache"]) == 2
        assert "belongs to another user, so it allows nothing" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.setattr(
        Path, "exists", lambda _: (_ for _ in ()).throw(PermissionError(13, "Permission denied"))
    )
    with pytest.raises(ConfigError, match=r"config.toml: cannot be read: Permission denied"):
        Trust(root).allows(root)


def test_a_configuration_that_the_repository_itself_holds_allows_nothing(
    root: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trusting(home, root)
    shutil.move(home / ".config", root / "settings")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(root / "settings"))
    assert main(["check", "--no-cache"]) == 2
    assert "stands in the repository whose policies it is to allow" in capsys.readouterr().err
    monkeypatch.setenv("XDG_CONFIG_HOME", "settings")
    assert main(["check", "--no-cache"]) in (1, 2)
    assert not (home / "ran").exists()
    monkeypatch.delenv("XDG_CONFIG_HOME")
    (home / ".config").symlink_to(root / "settings")
    assert main(["check", "--no-cache"]) == 2
    assert "stands in the repository whose policies it is to allow" in capsys.readouterr().err


def test_neither_links_nor_paths_lead_out_of_what_is_trusted(
    root: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = home / "elsewhere"
    shutil.copytree(root / "policies", outside)
    trusting(home, root)
    shutil.rmtree(root / "policies")
    (root / "policies").symlink_to(outside)
    assert ids(capsys) == ["tag-missing"], "a link to a folder"
    (root / "policies").unlink()
    (root / "policies" / "shape").mkdir(parents=True)
    for name in ("harm_done.py", "tag-missing.json"):
        (root / "policies" / "shape" / name).symlink_to(outside / "shape" / name)
    assert ids(capsys) == ["tag-missing"], "a link to a file"
    (root / "pyproject.toml").write_text(
        SETTINGS.replace('"policies"', json.dumps(str(outside))), encoding="utf-8"
    )
    assert ids(capsys) == ["tag-missing"], "a path"
    assert not (home / "ran").exists()
    trusting(home, root, outside)
    assert ids(capsys) == BOTH


def test_a_repository_that_nobody_trusts_runs_no_code_of_those_that_are(
    root: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = home / "mine"
    shutil.copytree(root / "policies", mine)
    trusting(home, mine)
    (root / "pyproject.toml").write_text(
        SETTINGS.replace('"policies"', json.dumps(str(mine))), encoding="utf-8"
    )
    assert ids(capsys) == ["tag-missing"]
    (root / "pyproject.toml").write_text(
        f"[tool.airwarden]\nextends = {json.dumps(str(mine / 'a.toml'))}\n", encoding="utf-8"
    )
    (mine / "a.toml").write_text('policies = ["."]\nselect = ["shape"]\n', encoding="utf-8")
    assert ids(capsys) == ["tag-missing"], "which it extends"
    assert not (home / "ran").exists()


def test_a_folder_beside_the_settings_in_one_checkout_is_no_more_trusted(
    root: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "team").mkdir()
    (root / "team" / "airwarden.toml").write_text(
        'policies = ["../policies"]\nselect = ["shape"]\n', encoding="utf-8"
    )
    shutil.move(root / "dags", root / "team" / "dags")
    monkeypatch.chdir(root / "team")
    assert ids(capsys) == ["tag-missing"]
    trusting(home, root / "team")
    assert ids(capsys) == ["tag-missing"]
    trusting(home, root)
    assert ids(capsys) == BOTH


@pytest.mark.parametrize("checked_out", [True, False])
def test_a_package_is_trusted_unless_it_was_checked_out_with_the_repository(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], checked_out: bool
) -> None:
    site = (root if checked_out else root.parent / f"{root.name}-site") / "lib"
    site.mkdir(parents=True)
    monkeypatch.syspath_prepend(str(site))
    shutil.copytree(root / "policies" / "shape", install(site, "acme-airflow", "acme_airflow") / "shape")
    (root / "team").mkdir()
    (root / "team" / "airwarden.toml").write_text(
        'extends = ["acme-airflow"]\nselect = ["shape"]\n', encoding="utf-8"
    )
    shutil.move(root / "dags", root / "team" / "dags")
    monkeypatch.chdir(root / "team")
    assert ids(capsys) == (["tag-missing"] if checked_out else BOTH)


def test_what_tells_of_a_package_in_the_repository_makes_no_code_elsewhere_trusted(
    root: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(home))
    monkeypatch.syspath_prepend(str(root))
    shutil.rmtree(install(root, "evil", "own_scripts"))
    (home / "own_scripts" / "shape").mkdir(parents=True)
    assert not find("evil", root).is_installed


def test_results_with_and_without_are_never_mixed(
    root: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = ["--cache-dir", str(home / "cache")]
    for _ in range(2):
        assert ids(capsys, *cache) == ["tag-missing"]
        assert ids(capsys, *cache, "--trust-policies") == BOTH
        assert ids(capsys, *cache, "--trust-policies") == BOTH
        assert ids(capsys, *cache, "--no-trust-policies") == ["tag-missing"]
    (root / "dags" / "a.py").write_text(f"{DAG}\n", encoding="utf-8")
    assert ids(capsys, *cache) == ["tag-missing"]
    assert ids(capsys, *cache, "--trust-policies") == BOTH


def test_the_baseline_keeps_what_a_rule_that_is_left_out_has_in_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root / ".airwarden-baseline.json"
    assert main(["baseline", "write", "--no-cache", "--trust-policies", "--reason", "old"]) == 0
    text = file.read_text(encoding="utf-8")
    assert "harm-done" in text
    for action in ("prune", "write"):
        assert main(["baseline", action, "--no-cache"]) == 0
        assert file.read_text(encoding="utf-8") == text
    capsys.readouterr()
    assert ids(capsys, "--select", "shape,hygiene") == []
    assert main(["baseline", "show"]) == 0
    assert "harm-done" in capsys.readouterr().out


def test_policies_that_are_required_fail_a_check_that_leaves_them_out(
    root: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "pyproject.toml").write_text(f"{SETTINGS}require-policies = true\n", encoding="utf-8")
    assert Config.read(root).require_policies
    assert main(["check", "--no-cache"]) == 2
    said = f"airwarden: require-policies: {LEFT_OUT.removeprefix('airwarden: ').strip()}"
    assert capsys.readouterr().err == f"{said}; --no-trust-policies goes on without them\n"
    assert ids(capsys, "--no-trust-policies") == ["tag-missing"]
    assert ids(capsys, "--trust-policies") == BOTH
    monkeypatch.setenv(VARIABLE, "0")
    assert ids(capsys) == ["tag-missing"]
    assert main(["rules"]) == 0
    assert (home / "ran").exists()


def test_many_that_are_left_out_are_counted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(13):
        (root / "policies" / "shape" / f"rule_{number:02}.py").touch()
    assert ids(capsys) == ["tag-missing"]
    main(["rules"])
    assert re.search(r": harm-done, rule-00, .*, rule-08 and 4 more; ", capsys.readouterr().err)


def test_schemas_need_no_trust_and_nothing_is_read_for_them(
    root: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    allow(home, "this is no TOML")
    (root / "policies" / "shape" / "harm_done.py").unlink()
    assert ids(capsys) == ["tag-missing"]
    assert SCHEMA


def test_a_registry_without_trust_loads_no_code_of_packs(root: Path) -> None:
    registry = Registry(packs=Config.read(root).packs)
    rules, crashes = registry.load(["harm-done", "tag-missing"])
    assert (list(rules), crashes) == (["tag-missing"], ())
    assert list(registry.load_some(["harm-done", "tag-missing"])) == ["tag-missing"]
    with pytest.raises(ConfigError, match="harm-done: left out"):
        registry.rule("harm-done")


def test_options_of_a_policy_that_does_not_load_are_no_fault_of_our_own(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "pyproject.toml").write_text(
        f"{SETTINGS}[tool.airwarden.rules.harm-done]\na = 1\n", encoding="utf-8"
    )
    (root / "policies" / "shape" / "harm_done.py").write_text("import nobody_has_this", encoding="utf-8")
    assert main(["check", "--no-cache", "--trust-policies"]) == 2
    said = "tool.airwarden.rules.harm-done: the policy 'harm-done' does not load: ModuleNotFoundError"
    assert said in capsys.readouterr().err
