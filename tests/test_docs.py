"""What the documents say is what the program does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
HOOKS = [hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))]


def airwarden(*arguments: str) -> str:
    command = [sys.executable, "-m", "airwarden", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", README, re.DOTALL | re.MULTILINE)
    assert found, f"the README has no section {title!r}"
    return found[1]


def test_the_rule_pages_are_fresh() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "write_rule_pages.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_a_stale_page_is_noticed(tmp_path: Path) -> None:
    """The script, run on a copy of the tree in which one page was changed by hand."""
    for folder in ("scripts", "docs", "rules"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "README.md", tmp_path)
    shutil.copytree(ROOT / "tests" / "fixtures", tmp_path / "tests" / "fixtures")
    page = next((tmp_path / "docs" / "rules").glob("*.md"))
    page.write_text("changed by hand", encoding="utf-8")
    command = [sys.executable, str(tmp_path / "scripts" / "write_rule_pages.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert f"docs/rules/{page.name} is stale" in run.stderr


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_stands_in_the_readme(hook: str) -> None:
    assert f"id: {hook}" in README


def test_every_option_stands_in_the_readme_and_no_other() -> None:
    real = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", airwarden("check", "--help"))) - {"--help"}
    table = set(re.findall(r"`(?:-\w, )?(--[a-z-]+)", section("Options")))
    assert table == real


def test_every_setting_stands_in_the_readme_and_no_other() -> None:
    schema = json.loads((ROOT / "schemas" / "config.json").read_text(encoding="utf-8"))
    named = re.findall(r"^\| `([a-z-]+)`", section("Configuration"), re.MULTILINE)
    assert sorted(named) == sorted(schema["properties"])


def test_the_readmes_configuration_is_valid(tmp_path: Path) -> None:
    (example,) = blocks("toml", section("Configuration"))
    (tmp_path / "pyproject.toml").write_text(example, encoding="utf-8")
    command = [sys.executable, "-m", "airwarden", "check"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "[tool.airwarden]" in example


def test_the_readmes_workflows_are_yaml() -> None:
    workflows = [yaml.safe_load(block) for block in blocks("yaml")]
    kinds = [set(workflow) & {"repos", "jobs", "shard"} for workflow in workflows]
    assert kinds == [{"repos"}, {"jobs"}, {"jobs"}, {"jobs"}, {"shard"}]


def test_the_readmes_picture_is_what_the_program_prints() -> None:
    command = [sys.executable, "-m", "airwarden", "check", "--no-color"]
    broken = ROOT / "examples" / "broken"
    wide = {**os.environ, "COLUMNS": "100"}
    run = subprocess.run(command, cwd=broken, env=wide, capture_output=True, text=True, check=False)
    (picture,) = blocks("text", section("What it says"))
    drawn = [line for line in picture.splitlines() if line not in ("", "...")]
    assert drawn
    assert [line for line in drawn if line not in run.stdout.splitlines()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]
