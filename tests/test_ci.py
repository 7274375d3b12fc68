"""The workflows of our own and those that we show: they are what their systems take, and safe."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.git_folders import GitFolder

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples" / "ci"
SHOWN = sorted(EXAMPLES.glob("github*.yml"))
OWN = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = [*SHOWN, *OWN, ROOT / "action.yml"]
AZURE = ("--data-transform", "azure-pipelines", "--regex-variant", "nonunicode")
SCHEMAS = {
    **{path: ["vendor.github-workflows"] for path in (*SHOWN, *OWN)},
    ROOT / "action.yml": ["vendor.github-actions"],
    ROOT / ".github" / "dependabot.yml": ["vendor.dependabot"],
    EXAMPLES / "gitlab.yml": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
    EXAMPLES / "gitlab-shards.yml": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
    EXAMPLES / "azure.yml": ["vendor.azure-pipelines", *AZURE],
}
HOOKS = [hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))]
POLICY = """\
rules:
  unpinned-uses: {config: {policies: {airwarden/airwarden: any, "*": hash-pin}}}
  self-repository: {disable: true}
"""


def label(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def said_by(*command: str | Path, cwd: Path = ROOT) -> str:
    """What a program says that accepts something."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1"}
    program = shutil.which(command[0], path=path)
    assert program, f"{command[0]} is not installed: pip install --group test"
    run = subprocess.run(
        [program, *command[1:]], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


@pytest.mark.real
@pytest.mark.parametrize("path", SCHEMAS, ids=label)
def test_their_systems_take_them(path: Path) -> None:
    said_by("check-jsonschema", "--builtin-schema", *SCHEMAS[path], path)


@pytest.mark.real
def test_what_runs_on_github_is_safe(tmp_path: Path) -> None:
    """As strict as zizmor gets, save that nobody can pin a commit of ours but who uses it."""
    (tmp_path / "zizmor.yml").write_text(POLICY, encoding="utf-8")
    for path in (*ACTIONS, ROOT / ".github" / "dependabot.yml"):
        target = tmp_path / (label(path) if path not in SHOWN else f".github/workflows/{path.name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    options = ("--offline", "--persona=pedantic", "--config=zizmor.yml")
    said_by("zizmor", *options, ".", cwd=tmp_path)


@pytest.mark.parametrize("path", ACTIONS, ids=label)
def test_one_commit_stands_for_one_version(path: Path) -> None:
    pinned = dict[str, set[str]]()
    for each in ACTIONS:
        for used, version in re.findall(
            r"uses: (\S+@[0-9a-f]{40}) # (v\S+)", each.read_text(encoding="utf-8")
        ):
            pinned.setdefault(used.partition("@")[0], set()).add(f"{used} {version}")
    assert all(len(uses) == 1 for uses in pinned.values())
    for used in re.findall(r"uses: (\S+)", path.read_text(encoding="utf-8")):
        assert re.search(r"@[0-9a-f]{40}$", used) or used == "./" or used.startswith("airwarden/")


def workflows(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


RELEASING = {
    "attest": {"attestations": "write", "id-token": "write"},
    "publish": {"id-token": "write"},
    "announce": {"contents": "write"},
}
"""What jobs of a release may do, none of which runs code of this repository."""


@pytest.mark.parametrize("path", [*SHOWN, *OWN], ids=label)
def test_jobs_have_the_least_permissions(path: Path) -> None:
    workflow = workflows(path)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        uploads = any("upload-sarif" in step.get("uses", "") for step in job["steps"]) or any(
            step.get("with", {}).get("code-scanning") for step in job["steps"]
        )
        more = {"security-events": "write", "actions": "read"} if uploads else {}
        assert job["permissions"] == RELEASING.get(job["name"], {"contents": "read", **more})
        assert job["timeout-minutes"]


def test_what_may_release_runs_nothing_of_the_repository() -> None:
    """It takes what an earlier job built, looks whether it is that, and hands it on."""
    jobs = workflows(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
    assert jobs.keys() == {"build", *RELEASING}
    for name in RELEASING:
        steps = jobs[name]["steps"]
        assert steps[0]["with"] == {"artifact-ids": "${{ needs.build.outputs.artifact }}"}
        assert steps[1]["run"] == 'sha256sum --check --strict <<< "$SUMS"'
        assert not [step for step in steps if "actions/checkout" in step.get("uses", "")]


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=label)
def test_the_commands_that_are_shown_are_real(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    help_of = {name: _help(name) for name in ("check", "merge")}
    for name, options in re.findall(r"airwarden (check|merge)([^\n|]*)", text):
        for option in re.findall(r"--[a-z-]+", options):
            assert option in help_of[name]
    inputs = workflows(ROOT / "action.yml")["inputs"]
    for given in re.findall(r"uses: airwarden/airwarden@.*\n        with:\n((?:          .*\n)+)", text):
        assert set(re.findall(r"^ {10}([a-z-]+):", given, re.MULTILINE)) <= inputs.keys()
    for revision in re.findall(r"airwarden/airwarden@(\S+)", text):
        assert revision == "main"


@cache
def _help(name: str) -> str:
    command = [sys.executable, "-m", "airwarden", name, "--help"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


GITLAB = workflows(EXAMPLES / "gitlab.yml")["airwarden"]["script"]
AZURE_STEP = [step["bash"] for step in workflows(EXAMPLES / "azure.yml")["steps"] if "bash" in step]
JENKINS = re.findall(
    r"^ +\.venv/bin/(airwarden .*)$", (EXAMPLES / "Jenkinsfile").read_text(encoding="utf-8"), re.MULTILINE
)


@pytest.mark.real
@pytest.mark.parametrize(
    ("lines", "reviewed", "report"),
    [
        (GITLAB, {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "main"}, "gl-code-quality-report.json"),
        (
            AZURE_STEP,
            {"BUILD_REASON": "PullRequest", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"},
            "airwarden.xml",
        ),
        (JENKINS, {"CHANGE_TARGET": "main"}, "airwarden.xml"),
    ],
    ids=["gitlab", "azure", "jenkins"],
)
def test_scripts_report_everything_and_fail_for_what_changed(
    tmp_path: Path, lines: list[str], reviewed: dict[str, str], report: str
) -> None:
    git = GitFolder.made(tmp_path / "repo")
    shutil.copytree(ROOT / "examples" / "broken", git.folder, dirs_exist_ok=True)
    git.commit()
    git.must("git", "update-ref", "refs/remotes/origin/main", "HEAD")
    program = tmp_path / "bin" / "airwarden"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m airwarden "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    path = os.pathsep.join((str(program.parent), os.environ["PATH"]))
    plain = {"BUILD_REASON": "IndividualCI", "XDG_CACHE_HOME": str(tmp_path), **git.environment, "PATH": path}

    def ends_with(environment: dict[str, str]) -> int:
        (git.folder / report).unlink(missing_ok=True)
        git.environment = {**plain, **environment}
        run = git.run("sh", "-e", "-c", "\n".join(lines))
        assert (git.folder / report).read_text(encoding="utf-8").count("query-rows-in-xcom") > 0, run.stderr
        return run.returncode

    assert lines
    assert ends_with({}) == 1
    assert ends_with(reviewed) == 0
    values = git.folder / "values.yaml"
    values.write_text(
        values.read_text(encoding="utf-8") + "webserverSecretKey: not-a-real-key-1\n", encoding="utf-8"
    )
    assert ends_with(reviewed) == 1


def _shown() -> list[tuple[str, str]]:
    """What pages show of the files of other systems."""
    pages = [
        ROOT / "README.md",
        *(ROOT / "docs" / f"{name}.md" for name in ("ci", "code-scanning", "shards")),
    ]
    return [
        (page.name, block)
        for page in pages
        for block in re.findall(
            r"^```(?:yaml|groovy)\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        )
        if re.search(r"^(jobs|repos|steps|shard|airwarden|pipeline)\b", block, re.MULTILINE)
    ]


@pytest.mark.parametrize(("page", "block"), _shown())
def test_pages_show_the_examples_as_they_are(page: str, block: str) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLES.iterdir()}
    plain = {re.sub(r" +#", " #", text) for text in texts.values()}
    assert re.sub(r" +#", " #", block) in plain, f"{page} shows what is none of the examples"


def test_the_page_tells_every_input_and_output_of_the_action() -> None:
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    action = workflows(ROOT / "action.yml")
    told = {
        name
        for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
        for name in re.findall(r"`(.*?)`", row)
    }
    assert told - set(HOOKS) == {*action["inputs"], *action["outputs"]}


def test_init_writes_the_workflow_that_is_shown() -> None:
    written = (ROOT / "linter" / "airwarden" / "adoption" / "workflow.yml").read_text(encoding="utf-8")
    _, _, shown = (EXAMPLES / "github.yml").read_text(encoding="utf-8").partition("\n")
    assert written == shown.replace("@main # pin the commit", "@REVISION")
