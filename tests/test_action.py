"""The action of GitHub: its steps run as on a runner, on repositories in the shape of pull requests."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.utils import canonicalize_name

from scripts import github_action
from scripts.release import locks
from tests import test_locks
from tests.git_folders import GitFolder, plain_environment

ROOT = Path(__file__).resolve().parent.parent
BROKEN, MENDED = (ROOT / "examples" / name for name in ("broken", "mended"))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
EXPRESSION = re.compile(r"\$\{\{ (inputs|steps\.check\.outputs)\.([a-z-]+) \}\}")


@dataclass
class Runner:
    """As much of a runner as the action needs."""

    home: Path
    action: Path
    workspace: Path
    event: Mapping[str, Any] = field(default_factory=dict)
    head: str = ""
    said: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def run(self, *names: str, **inputs: str) -> Runner:
        """Runs some of the steps with inputs, given with `_` for `-`, until one fails."""
        given = {name: each["default"] for name, each in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        self.outputs, self.failed, self.said = {}, [], ""
        (self.home / "summary").write_text("", encoding="utf-8")
        for step in STEPS:
            if step["name"] in names and not self.failed:
                self._take(step, given)
        return self

    def _take(self, step: dict[str, Any], inputs: Mapping[str, str]) -> None:
        output, script = self.home / "output", self.home / "step.sh"
        output.write_text("", encoding="utf-8")
        script.write_text(step["run"], encoding="utf-8")
        own = {name: self._filled(value, inputs) for name, value in step.get("env", {}).items()}
        folder = self._filled(step.get("working-directory", "."), inputs)
        run = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.workspace / folder,
            env={**self._environment(output), **own},
            capture_output=True,
            text=True,
            check=False,
        )
        self.said += run.stdout + run.stderr
        self.outputs |= dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
        if run.returncode:
            self.failed.append(step["name"])

    def _filled(self, text: str, inputs: Mapping[str, str]) -> str:
        known = {"inputs": inputs, "steps.check.outputs": self.outputs}
        return EXPRESSION.sub(lambda match: known[match[1]].get(match[2], ""), text)

    def _environment(self, output: Path) -> dict[str, str]:
        event = self.home / "event.json"
        event.write_text(json.dumps(self.event), encoding="utf-8")
        plain = {name: value for name, value in plain_environment().items() if not name.startswith("PYTHON")}
        return {
            **plain,
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_EVENT_NAME": "pull_request" if "pull_request" in self.event else "push",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_SHA": self.head,
            "GITHUB_STEP_SUMMARY": str(self.home / "summary"),
            "GITHUB_WORKSPACE": str(self.workspace),
            "PIP_NO_COMPILE": "0",  # pip takes it for what `compile` is to be
            "RUNNER_TEMP": str(self.home / "temp"),
        }

    @property
    def annotations(self) -> list[tuple[str, str]]:
        """The file and the rule of each."""
        found = re.findall(
            r"^::(?:error|warning|notice) file=(.*?),.*?title=(.*?)::", self.said, re.MULTILINE
        )
        return [(file, rule) for file, rule in found]

    @property
    def summary(self) -> str:
        return (self.home / "summary").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def action(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner with the action installed, as it is in this tree."""
    home = tmp_path_factory.mktemp("runner")
    for name in ("temp", "action with a space"):
        (home / name).mkdir()
    own = GitFolder(ROOT, plain_environment()).must(
        "git", "ls-files", "--cached", "--others", "--exclude-standard"
    )
    for name in own.splitlines():
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            target = home / "action with a space" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
    runner = Runner(home, home / "action with a space", home / "workspace")
    for name in (
        "ensurepip",
        "json",
        "logging",
        "pip/__init__",
        "runpy",
        "sitecustomize",
        "subprocess",
        "venv",
    ):
        trap = home / "workspace" / f"{name}.py"
        trap.parent.mkdir(parents=True, exist_ok=True)
        trap.write_text("raise SystemExit('what is checked was run')\n", encoding="utf-8")
    runner.run("Install airwarden", python=sys.executable)
    assert not runner.failed, runner.said
    return runner


@pytest.mark.real
def test_what_is_installed_is_what_is_locked(action: Runner) -> None:
    code = "import importlib.metadata as m; print(*(f'{d.name}=={d.version}' for d in m.distributions()))"
    python = str(action.home / "temp" / "airwarden" / "bin" / "python")
    run = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True)
    installed = (each.split("==") for each in run.stdout.split())
    found = {canonicalize_name(name): version for name, version in installed}
    here = test_locks.environment(platform.python_version())
    locked = {
        pin.name: str(pin.version)
        for pin in (*locks.pins("program"), *locks.pins("build"))
        if pin.counts(here)
    }
    assert found.keys() - locked.keys() == {"airwarden", "pip"}
    assert locked.items() <= found.items()


def checked(action: Runner, workspace: Path, event: Mapping[str, Any] | None = None, **inputs: str) -> Runner:
    """What the rest of the steps makes of a checkout."""
    head = GitFolder(workspace, plain_environment()).run("git", "rev-parse", "HEAD").stdout.strip()
    return Runner(action.home, action.action, workspace, event or {}, head).run("Check", "Verdict", **inputs)


@dataclass
class PullRequest:
    """A repository on a server, with the merge that GitHub makes of a pull request."""

    git: GitFolder
    base: str
    merge: str

    @property
    def event(self) -> dict[str, Any]:
        return {"pull_request": {"base": {"sha": self.base}}}

    def checkout(self, folder: Path, *options: str, ref: str = "") -> Path:
        """What actions/checkout makes of it."""
        clone = GitFolder.made(folder)
        clone.must("git", "remote", "add", "origin", f"file://{self.git.folder}")
        clone.must("git", "fetch", "--quiet", "--no-tags", *options, "origin", ref or self.merge)
        clone.must("git", "checkout", "--quiet", "--detach", "FETCH_HEAD")
        return folder


@pytest.fixture
def pull_request(tmp_path: Path) -> PullRequest:
    """One that adds a secret to the values of the broken example, beside other work on the main branch."""
    git = GitFolder.made(tmp_path / "server")
    git.must("git", "config", "uploadpack.allowAnySHA1InWant", "true")
    shutil.copytree(BROKEN, git.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    git.commit()
    git.must("git", "switch", "--quiet", "--create", "work")
    values = (BROKEN / "values.yaml").read_text(encoding="utf-8")
    git.commit({"values.yaml": f"{values}apiSecretKey: not-a-real-secret-key-1\n"})
    git.must("git", "switch", "--quiet", "main")
    base = git.commit({"dags/other.py": "import airflow\nx = = 1\n"})
    git.must("git", "switch", "--quiet", "--detach", "main")
    git.must("git", "merge", "--quiet", "--no-ff", "--message", "a merge", "work")
    return PullRequest(git, base, git.must("git", "rev-parse", "HEAD"))


NEW = [("values.yaml", "inline-secret-in-values"), ("values.yaml", "inline-secret-beside-reference")]
"""The second stands on a line that the pull request does not change."""


@pytest.mark.real
@pytest.mark.parametrize(
    "options", [["--depth=1"], ["--depth=2"], []], ids=["one commit", "two commits", "all commits"]
)
def test_a_pull_request_is_annotated_where_it_changes_something(
    action: Runner, pull_request: PullRequest, tmp_path: Path, options: list[str]
) -> None:
    clone = pull_request.checkout(tmp_path / "clone", *options)
    run = checked(action, clone, pull_request.event, sarif_file="out.sarif")
    assert run.annotations == NEW, run.said
    assert run.failed == ["Verdict"]
    assert "in what changed, 25 elsewhere" in run.summary
    sarif = clone / "out.sarif"
    assert run.outputs == {"findings": "2", "errors": "1", "sarif-file": str(sarif), "exit-code": "1"}
    assert len(json.loads(sarif.read_text(encoding="utf-8"))["runs"][0]["results"]) == 27
    assert "not-a-real" not in run.said + run.summary
    assert "The report is in" not in run.said
    assert re.search(r"^Found .* in what changed, .* checked", run.said, re.MULTILINE)


@pytest.mark.real
def test_the_head_of_a_pull_request_may_be_checked_out(
    action: Runner, pull_request: PullRequest, tmp_path: Path
) -> None:
    clone = pull_request.checkout(tmp_path / "clone", ref="work")
    event, git = pull_request.event, GitFolder(clone, plain_environment())
    run = Runner(action.home, action.action, clone, event, pull_request.merge).run("Check", "Verdict")
    assert (run.annotations, run.failed, run.outputs["exit-code"]) == ([], ["Verdict"], "2"), (
        "no base in the clone"
    )
    assert "fetch-depth: 0" in run.said
    git.must("git", "fetch", "--quiet", "origin", "main")
    run.run("Check", "Verdict")
    assert run.annotations == NEW


@pytest.mark.real
def test_a_push_is_checked_as_a_whole(action: Runner, pull_request: PullRequest, tmp_path: Path) -> None:
    clone = pull_request.checkout(tmp_path / "clone", "--depth=1")
    run = checked(action, clone)
    assert (len(run.annotations), run.failed) == (27, ["Verdict"])
    assert run.outputs["sarif-file"] == ""
    whole = checked(action, clone, pull_request.event, since="none")
    assert (whole.annotations, whole.summary) == (run.annotations, run.summary)
    assert "Found 22 errors and 5 warnings" in run.summary


@pytest.mark.real
def test_inputs_narrow_and_soften_it(action: Runner, pull_request: PullRequest, tmp_path: Path) -> None:
    clone = pull_request.checkout(tmp_path / "clone", "--depth=1")
    clean = checked(action, clone, paths="dags/alerts.py\ndags/orders.py\n", args="--select 'xcom' -q")
    assert clean.outputs["exit-code"] == "2", "there is no such file"
    soft = checked(action, clone, paths="  dags/orders.py\n", args="--select 'xcom'", fail_on="never")
    assert {file for file, _ in soft.annotations} == {"dags/orders.py"}
    assert (soft.failed, soft.outputs["exit-code"]) == ([], "0")
    text = checked(action, clone, format="text", working_directory="dags", paths="orders.py")
    assert "dags/orders.py:18:9 error" in text.said
    assert text.annotations == []
    assert text.summary == ""
    assert int(text.outputs["findings"]) > 0


@pytest.mark.real
def test_a_clean_repository_passes(action: Runner, tmp_path: Path) -> None:
    shutil.copytree(MENDED, tmp_path / "mended")
    run = checked(action, tmp_path / "mended", code_scanning="true")
    assert (run.annotations, run.failed, run.outputs["findings"]) == ([], [], "0")
    assert Path(run.outputs["sarif-file"]).is_file()


@pytest.mark.real
@pytest.mark.parametrize(
    "inputs",
    [
        {"paths": "$(touch hacked)"},
        {"since": "--output=hacked"},
        {"since": "$(touch hacked)"},
        {"args": "; touch hacked"},
        {"config": "`touch hacked`"},
        {"baseline": '"; touch hacked; "'},
        {"fail_on": "error\nfindings=7"},
        {"format": "json --output hacked"},
    ],
)
def test_no_input_is_ever_read_by_a_shell(
    action: Runner, pull_request: PullRequest, tmp_path: Path, inputs: dict[str, str]
) -> None:
    clone = pull_request.checkout(tmp_path / "clone", "--depth=1")
    run = checked(action, clone, None, **inputs)
    assert not (clone / "hacked").exists()
    assert run.failed == ["Verdict"]
    assert run.outputs["exit-code"] == "2"


def test_shells_get_inputs_by_the_environment_alone() -> None:
    for step in STEPS:
        assert "${{" not in step.get("run", "")
        for value in step.get("env", {}).values():
            assert re.fullmatch(r"\$\{\{ [a-z.-]+ \}\}", value), "nothing but an input or an output"
    taken = {name for step in STEPS for _, name in EXPRESSION.findall(json.dumps(step))}
    assert taken >= ACTION["inputs"].keys() - {"code-scanning"}


def test_every_output_is_told() -> None:
    told = {name for step in STEPS for _, name in EXPRESSION.findall(json.dumps(step))}
    outputs = {EXPRESSION.fullmatch(each["value"])[2] for each in ACTION["outputs"].values()}  # type: ignore[index]
    assert outputs == ACTION["outputs"].keys()
    assert told


# Policies in Python

POLICY = '''"""It is run."""
from airwarden.api import Rule

rule = Rule(__name__, help=__doc__, level="error", remedy="none", see="https://example.org")


@rule.dag
def check(dag_file, repo):
    """Flags each file."""
    yield rule.finding(dag_file.region(dag_file.module), "it was run")
'''


def pull_request_from(head: int | None, base: int = 1) -> dict[str, Any]:
    return {"pull_request": {"head": {"repo": head and {"id": head}}, "base": {"repo": {"id": base}}}}


@pytest.mark.parametrize(
    ("name", "event", "wanted", "given"),
    [
        ("push", {}, "true", ["--trust-policies"]),
        ("push", {}, "false", []),
        ("push", {}, "yes", []),
        ("merge_group", {"merge_group": {}}, "true", ["--trust-policies"]),
        ("pull_request", pull_request_from(1), "true", ["--trust-policies"]),
        ("pull_request", pull_request_from(1), "false", []),
        ("pull_request", pull_request_from(2), "true", ["--no-trust-policies"]),
        ("pull_request", pull_request_from(None), "true", ["--no-trust-policies"]),
        ("pull_request", {"pull_request": {}}, "true", ["--no-trust-policies"]),
        ("pull_request", {"pull_request": {"head": None, "base": None}}, "true", ["--no-trust-policies"]),
        ("pull_request_target", pull_request_from(1), "true", ["--no-trust-policies"]),
        ("pull_request_target", pull_request_from(2), "true", ["--no-trust-policies"]),
        ("issue_comment", {"issue": {"pull_request": {}}}, "true", ["--no-trust-policies"]),
        ("workflow_run", {"workflow_run": {}}, "true", ["--no-trust-policies"]),
        ("", {}, "true", ["--no-trust-policies"]),
    ],
)
def test_policies_run_for_those_who_may_write_and_only_where_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, event: Any, wanted: str, given: list[str]
) -> None:
    monkeypatch.setenv("GITHUB_EVENT_NAME", name)
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))
    monkeypatch.setenv("AIRWARDEN_TRUST_POLICIES", wanted)
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    assert list(github_action._trust()) == given


@pytest.mark.real
def test_policies_that_are_left_out_are_annotated(action: Runner, tmp_path: Path) -> None:
    root = tmp_path / "mended"
    shutil.copytree(MENDED, root)
    with (root / "pyproject.toml").open("a", encoding="utf-8") as stream:
        stream.write('\npolicies = ["policies"]\n')
    (root / "policies" / "own").mkdir(parents=True)
    (root / "policies" / "own" / "runs_code.py").write_text(POLICY, encoding="utf-8")
    run = checked(action, root)
    assert run.said.count("::warning title=airwarden::left out, as nothing outside of the repository") == 1
    assert run.failed == []
    assert checked(action, root, trust_policies="true").failed == ["Verdict"]
    for options in ("", "--trust-policies"):
        forked = checked(
            action, root, pull_request_from(2), trust_policies="true", since="none", args=options
        )
        assert (
            "::warning title=airwarden::left out, as policies in Python are refused: runs-code" in forked.said
        )
        assert forked.failed == []
    assert checked(action, root, pull_request_from(2), since="none", args="--").outputs["exit-code"] == "2"


# What a checkout may hold


@pytest.mark.parametrize("name", ["out.sarif", "reports/out.sarif"])
def test_a_link_in_the_workspace_leads_no_report_out_of_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    monkeypatch.chdir(workspace)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(workspace))
    assert not github_action._is_led_astray(name)
    assert not github_action._is_led_astray(str(tmp_path / "out.sarif"))
    assert not github_action._is_led_astray("")
    (workspace / Path(name).parts[0]).symlink_to(tmp_path / "elsewhere")
    assert github_action._is_led_astray(name)
    assert github_action._is_led_astray(str(workspace / name))


def test_git_of_the_workspace_is_no_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "git").write_text("#!/bin/sh\n: > ran\n", encoding="utf-8")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("PATH", os.pathsep.join(("", ".", str(tmp_path), os.environ["PATH"])))
    assert github_action._git("--version").startswith("git version")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert github_action._git("--version") == ""
    assert not (tmp_path / "ran").exists()


# The base of a pull request


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in [name for name in os.environ if name.startswith(("GIT_", "GITHUB_", "AIRWARDEN_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))
    return monkeypatch


@pytest.mark.parametrize(
    ("name", "event", "since", "is_merge"),
    [
        ("pull_request", "pull_request", "", True),
        ("merge_group", "merge_group", "", True),
        ("pull_request_target", "pull_request", "", False),
        ("push", "", None, False),
    ],
)
def test_which_base_an_event_has(
    job: pytest.MonkeyPatch,
    pull_request: PullRequest,
    tmp_path: Path,
    name: str,
    event: str,
    since: str | None,
    is_merge: bool,
) -> None:
    job.chdir(pull_request.checkout(tmp_path / "clone"))
    job.setenv("GITHUB_EVENT_NAME", name)
    job.setenv("GITHUB_SHA", pull_request.merge)
    forked = pull_request.git.must("git", "rev-parse", "main~")
    told = {"pull_request": {"base": {"sha": forked}}, "merge_group": {"base_sha": forked}}
    (tmp_path / "event.json").write_text(json.dumps({event: told.get(event)}), encoding="utf-8")
    expected = pull_request.base if is_merge else forked if since is not None else ""
    assert github_action._base() == expected
    job.setenv("AIRWARDEN_SINCE", "v1")
    assert github_action._base() == "v1"
    job.setenv("AIRWARDEN_SINCE", "none")
    assert github_action._base() == ""
