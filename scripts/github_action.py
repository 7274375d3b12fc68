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


def main() -> int:
    """Checks, and tells the outputs of the action."""
    base = _base()
    if base is None:
        _annotate(NO_BASE)
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
    command = [sys.executable, "-I", "-m", "airwarden", "check", *options, *_common(), "--", *_paths()]
    return subprocess.run(command, check=False).returncode


def _common() -> Iterator[str]:
    yield f"--cache-dir={Path(os.environ['RUNNER_TEMP'], 'airwarden-cache')}"
    for option, name in (("--config", "CONFIG"), ("--baseline", "BASELINE"), ("--fail-on", "FAIL_ON")):
        value = _input(name)
        if value and value != "never":
            yield f"{option}={value}"
    yield from shlex.split(_input("ARGS"))


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
    try:
        run = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return "" if run.returncode else run.stdout.strip()


def _annotate(text: str) -> None:
    print(f"::error title=airwarden::{text}", flush=True)


def _tell(outputs: dict[str, str]) -> None:
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8", errors="backslashreplace") as stream:
        stream.writelines(f"{name}={' '.join(value.splitlines())}\n" for name, value in outputs.items())


if __name__ == "__main__":
    sys.exit(main())
