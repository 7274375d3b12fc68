"""The two examples: one breaks every core policy, the other is the same repository mended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from airwarden.registry import Registry

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
CORE = {"alerts", "xcom", "secrets", "providers"}
RARE = {
    "alert-connection-out-of-reach",
    "inline-secret-beside-reference",
    "provider-too-new",
    "provider-too-old",
    "published-default-key",
}
LOST = {
    "alert-link-to-localhost",
    "shared-notifier",
    "xcom-backend-never-offloads",
}


def check(example: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "airwarden", "check", *options]
    return subprocess.run(command, cwd=EXAMPLES / example, capture_output=True, text=True, check=False)


def report(example: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(check(example, "--format", "json").stdout)
    return loaded


def core_rules() -> set[str]:
    """The rules of the four policies that stop a run, but for those about what new code hardly has."""
    rules, _ = Registry().load()
    core = {rule.id for rule in rules.values() if rule.family in CORE and rule.profile == "core"}
    return {name for name in core if not name.startswith("retired-")} - RARE


def test_the_broken_one_breaks_every_core_rule() -> None:
    found = report("broken")
    assert {finding["rule"] for finding in found["findings"]} == core_rules() | LOST
    assert found["errors"] == []


def test_each_breach_stands_under_a_comment_that_tells_of_it() -> None:
    for finding in report("broken")["findings"]:
        lines = (EXAMPLES / "broken" / finding["path"]).read_text(encoding="utf-8").splitlines()
        assert any("#" in line for line in lines[max(finding["line"] - 4, 0) : finding["line"]]), finding


def test_the_mended_one_is_clean() -> None:
    found = report("mended")
    assert found["findings"] == []
    assert found["errors"] == []
    assert check("mended").returncode == 0


def test_the_mended_one_is_the_same_repository() -> None:
    files = {
        example: {path.relative_to(EXAMPLES / example) for path in (EXAMPLES / example).rglob("*.*")}
        for example in ("broken", "mended")
    }
    assert files["mended"] - files["broken"] == {Path("dags/alerts.py")}


def test_the_demo_shows_both(tmp_path: Path) -> None:
    airwarden = tmp_path / "airwarden"
    airwarden.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m airwarden "$@"\n', encoding="utf-8")
    airwarden.chmod(0o755)
    demo = [str(ROOT / "scripts" / "demo"), str(airwarden)]
    plain = {**os.environ, "NO_COLOR": "1"}
    run = subprocess.run(demo, capture_output=True, text=True, check=False, env=plain)
    assert run.returncode == 0, run.stderr
    assert all(rule in run.stdout for rule in core_rules())
    assert "not-a-real" not in run.stdout
