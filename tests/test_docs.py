"""What the documents say is what the program does."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from airwarden.config import Config, Settings
from airwarden.packs import Pack
from airwarden.registry import Registry

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
HOOKS = [hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))]

WORKFLOWS = {
    "README.md": ["repos", "jobs"],
    "docs/code-scanning.md": ["jobs"],
    "docs/shards.md": ["jobs", "shard"],
}
LONGEST = 200
"""Lines of a page that somebody reads to its end."""


def airwarden(*arguments: str) -> str:
    command = [sys.executable, "-m", "airwarden", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.real
def test_the_generated_picture_is_fresh() -> None:
    told = run("-m", "scripts.write_picture", "--check")
    assert told.returncode == 0, told.stderr


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of what pages are made of, in which two pages were changed by hand and one is of no rule."""
    for folder in ("scripts", "docs", "rules", "schemas", "tests/fixtures"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for page in ("rules/index.md", "commands.md"):
        (tmp_path / "docs" / page).write_text("changed by hand", encoding="utf-8")
    (tmp_path / "docs" / "rules" / "no-such-rule.md").touch()
    return tmp_path


def differing(root: Path, folder: str) -> list[str]:
    """The pages that another tree has not, or has with another text."""
    texts = [{path.name: path.read_bytes() for path in (each / folder).glob("*.md")} for each in (ROOT, root)]
    return sorted({name for name, _ in texts[0].items() ^ texts[1].items()})


@pytest.mark.real
def test_the_pages_of_the_rules_are_fresh_and_stale_ones_are_mended(copied: Path) -> None:
    assert differing(copied, "docs/rules") == ["index.md", "no-such-rule.md"]
    told = run("-m", "scripts.write_rule_pages", cwd=copied)
    assert told.returncode == 0, told.stderr
    assert differing(copied, "docs/rules") == [], "run `make pages`"


@pytest.mark.real
def test_a_stale_page_is_noticed_and_mended(copied: Path) -> None:
    told = run("-m", "scripts.write_reference", "--check", cwd=copied)
    assert (told.returncode, told.stderr) == (1, "docs/commands.md is stale: run `make pages`\n")
    assert run("-m", "scripts.write_reference", cwd=copied).returncode == 0
    assert differing(copied, "docs") == []
    assert (copied / "docs" / "rules" / "no-such-rule.md").exists()


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "rules").glob("*-*.md")), ids=lambda page: page.stem)
def test_a_rules_page_is_short_and_whole(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    titles = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert [title for title in titles if title not in ("Fix", "Options")] == [
        "Flagged",
        "Accepted",
        "Switching it off",
        "Evidence",
    ]
    assert "<- flagged" in text or page.stem == "unreadable-file"
    assert len(text.splitlines()) < LONGEST


def test_the_fixes_on_the_pages_show_no_secret() -> None:
    pages = (page.read_text(encoding="utf-8") for page in (ROOT / "docs" / "rules").glob("*.md"))
    diffs = [
        diff
        for text in pages
        for diff in re.findall(r"^````diff\n(.*?)^````", text, re.DOTALL | re.MULTILINE)
    ]
    assert len(diffs) > 10
    assert [diff for diff in diffs if re.search(r"not-?a-?real|n0t|hunter2", diff, re.IGNORECASE)] == []


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_stands_in_the_readme(hook: str) -> None:
    assert f"id: {hook}" in README


def test_every_option_stands_among_the_commands_and_no_other() -> None:
    real = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", airwarden("check", "--help"))) - {"--help"}
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    table = page.partition("## airwarden check\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `[^`]*?(--[a-z-]+)", table, re.MULTILINE)) == real


def test_every_setting_stands_in_the_configuration_and_no_other() -> None:
    schema = json.loads((ROOT / "schemas" / "config.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == list(schema["properties"])


@pytest.mark.parametrize(
    ("page", "example"),
    [(page.stem, block) for page in PAGES for block in blocks("toml", page.read_text(encoding="utf-8"))],
)
def test_every_setting_that_is_shown_is_valid(page: str, example: str, tmp_path: Path) -> None:
    if "tool.airwarden" not in example:
        pytest.skip(f"{page} shows something else")
    for named in ("pyproject.toml", *re.findall(r'"([\w./-]+\.(?:toml|ya?ml|txt|json))"', example)):
        (tmp_path / "dags" / named).resolve().parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "dags" / named).write_text("" if named != "pyproject.toml" else example, encoding="utf-8")
    for folder in re.findall(r'policies = \["([\w./-]+)"\]', example):
        (tmp_path / "dags" / folder).mkdir()
    pack = Pack("acme-airflow", tmp_path, None, (), is_local=False)
    settings = Settings.read(tmp_path / "dags", find_pack={"acme-airflow": pack}.__getitem__)
    Registry().verify_settings(settings)
    is_said = settings.config != Config() or "policies" in settings.merged.table
    assert is_said or len(settings.layers) > 1


def test_the_workflows_are_yaml() -> None:
    pages = {page: (ROOT / page).read_text(encoding="utf-8") for page in WORKFLOWS}
    found = {page: [yaml.safe_load(block) for block in blocks("yaml", text)] for page, text in pages.items()}
    kinds = {page: [set(each) & {"repos", "jobs", "shard"} for each in all_] for page, all_ in found.items()}
    assert kinds == {page: [{kind} for kind in wanted] for page, wanted in WORKFLOWS.items()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]
