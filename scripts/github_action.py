"""What action.yml runs: `airwarden check` with the inputs of the action, for the commit that a job is about.

The inputs come by the environment, so that no shell ever reads them. Nothing fails here because of findings:
the last step of the action does, so that the reports are uploaded before.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FAILED = 2
EVERYTHING = "none"
NO_BASE = (
    "The base of the pull request is not in this clone: give actions/checkout `fetch-depth: 0`, "
    "or this action `since: none` to report everything."
)
LED_ASTRAY = (
    "The path of sarif-file leads out of the workspace by a link of the repository, so nothing is written."
)
LEFT_OUT = "airwarden: left out, as "
OWN_EVENTS = frozenset({"merge_group", "pull_request", "push", "schedule", "workflow_dispatch"})
"""Events that are about code of people who may write to the repository, pull requests of forks aside. Others,
such as pull_request_target, issue_comment and workflow_run, have secrets and may be about anybody's code.
"""
GIT_OPTIONS = (
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"),
    *("-c", "safe.bareRepository=explicit"),
)


def main() -> int:
    """Checks, and tells the outputs of the action."""
    base = _base()
    fault = NO_BASE if base is None else LED_ASTRAY if _is_led_astray(_input("SARIF_FILE")) else ""
    if fault:
        _annotate(fault)
        _tell({"exit-code": str(FAILED)})
        return 0
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        changes = [f"--since={base}"] if base else []
        code = _check("--format", _input("FORMAT") or "github", "--also", f"json={report}", *changes)
        summary = json.loads(report.read_text(encoding="utf-8"))["summary"] if report.exists() else {}
    sarif = _sarif_file() if code != FAILED else None
    if sarif is not None:
        code = max(code, FAILED if _check("--quiet", "--format", "sarif", "--output", sarif) == FAILED else 0)
    if _input("FAIL_ON") == "never" and code != FAILED:
        code = 0
    counts = {name: str(summary.get(name, "")) for name in ("findings", "errors")}
    _tell({**counts, "sarif-file": sarif or "", "exit-code": str(code)})
    return 0


def _check(*options: str) -> int:
    """One run of airwarden, with the options that every run has."""
    command = [sys.executable, "-I", "-m", "airwarden", "check", *options, *_common(), *_trust()]
    run = subprocess.run([*command, "--", *_paths()], stderr=subprocess.PIPE, check=False)
    said = run.stderr.decode(errors="replace")
    sys.stderr.write(said)
    for line in said.splitlines() if "--quiet" not in options else ():
        if line.startswith(LEFT_OUT):
            _annotate(line.removeprefix("airwarden: "), "warning")
    return run.returncode


def _common() -> Iterator[str]:
    yield f"--cache-dir={Path(os.environ['RUNNER_TEMP'], 'airwarden-cache')}"
    for option, name in (("--config", "CONFIG"), ("--baseline", "BASELINE"), ("--fail-on", "FAIL_ON")):
        value = _input(name)
        if value and value != "never":
            yield f"{option}={value}"
    yield from shlex.split(_input("ARGS"))


def _trust() -> Iterator[str]:
    """What is said of policies in Python, behind all other options: the last one counts."""
    if not _is_own(_event()):
        yield "--no-trust-policies"
    elif _input("TRUST_POLICIES") == "true":
        yield "--trust-policies"


def _is_own(event: dict[str, Any]) -> bool:
    """Whether what is checked comes from people who may write to the repository."""
    if os.environ.get("GITHUB_EVENT_NAME") not in OWN_EVENTS:
        return False
    if "pull_request" not in event:
        return True
    sides = [(event["pull_request"].get(side) or {}).get("repo") or {} for side in ("head", "base")]
    head, base = (side.get("id") for side in sides)
    return head is not None and head == base


def _is_led_astray(wanted: str) -> bool:
    """Whether a path in the workspace leads out of it, by a link that stands there."""
    workspace = Path(os.environ.get("GITHUB_WORKSPACE", os.curdir))
    plain, real = Path(os.path.abspath(wanted)), Path(wanted).resolve()  # noqa: PTH100
    is_inside = any(plain.is_relative_to(each) for each in (workspace, workspace.resolve()))
    return bool(wanted) and is_inside and not real.is_relative_to(workspace.resolve())


def _paths() -> list[str]:
    return [line.strip() for line in _input("PATHS").splitlines() if line.strip()]


def _sarif_file() -> str | None:
    """Where the report for code scanning is to be written, if it is."""
    wanted = _input("SARIF_FILE")
    if wanted or _input("CODE_SCANNING") == "true":
        return str(Path(wanted or Path(os.environ["RUNNER_TEMP"], "airwarden.sarif")).resolve())
    return None


def _input(name: str) -> str:
    return os.environ.get(f"AIRWARDEN_{name}", "").strip()


def _base() -> str | None:
    """The commit since which changes count: empty where everything does, None where it can't be had."""
    since, base = _input("SINCE"), _base_of(_event())
    if since or not base:
        return "" if since == EVERYTHING else since
    return _base_of_merge() or (base if _git("merge-base", base, "HEAD") else None)


def _event() -> dict[str, Any]:
    try:
        event: dict[str, Any] = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    except (KeyError, OSError, ValueError):
        return {}
    return event


def _base_of(event: dict[str, Any]) -> str:
    """The commit that a pull request, alone or in a merge queue, is to be merged into."""
    pull_request, group = event.get("pull_request") or {}, event.get("merge_group") or {}
    return str((pull_request.get("base") or {}).get("sha") or group.get("base_sha") or "")


def _base_of_merge() -> str:
    """The first parent of the merge that GitHub makes of a pull request, where that is checked out; a clone
    of one commit gets it.
    """
    head = os.environ.get("GITHUB_SHA", "")
    is_made = os.environ.get("GITHUB_EVENT_NAME") in ("pull_request", "merge_group")
    if not is_made or _git("rev-parse", "--verify", "--quiet", "HEAD") != head:
        return ""
    if not _git("rev-parse", "--verify", "--quiet", "HEAD^2"):
        _git("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--depth=2", "origin", head)
    is_merge = _git("rev-parse", "--verify", "--quiet", "HEAD^2")
    return _git("rev-parse", "--verify", "--quiet", "HEAD^1") if is_merge else ""


def _git(*arguments: str) -> str:
    """What git says; nothing where it fails."""
    program = _program()
    if program is None:
        return ""
    command = [str(program), *GIT_OPTIONS, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    return "" if run.returncode else run.stdout.strip()


def _program() -> Path | None:
    """Git outside of the workspace: one that stands in it came with what is checked."""
    workspace = Path(os.environ.get("GITHUB_WORKSPACE", os.curdir)).resolve()
    folders = [Path(each) for each in os.environ.get("PATH", os.defpath).split(os.pathsep)]
    safe = [each for each in folders if each.is_absolute() and not each.resolve().is_relative_to(workspace)]
    found = (each / ("git.exe" if os.name == "nt" else "git") for each in safe)
    return next((each for each in found if each.is_file() and os.access(each, os.X_OK)), None)


def _annotate(text: str, kind: str = "error") -> None:
    print(f"::{kind} title=airwarden::{text.replace('%', '%25')}", flush=True)


def _tell(outputs: dict[str, str]) -> None:
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8", errors="backslashreplace") as stream:
        stream.writelines(f"{name}={' '.join(value.splitlines())}\n" for name, value in outputs.items())


if __name__ == "__main__":
    sys.exit(main())
