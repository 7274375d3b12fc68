"""What is installed: all of the tree, and nothing under a name that is not ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("linter", "rules", "docs", "schemas", "pyproject.toml", "README.md", "LICENSE")

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built the way a release is: from a source distribution, in an environment of its own."""
    tree = tmp_path_factory.mktemp("tree")
    rubbish = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for part in (ROOT / name for name in PARTS):
        if part.is_dir():
            shutil.copytree(part, tree / part.name, ignore=rubbish)
        else:
            shutil.copy(part, tree)
    command = [sys.executable, "-m", "build", "--outdir", str(tree / "dist"), str(tree)]
    subprocess.run(command, check=True, capture_output=True)
    return next((tree / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a fresh environment that holds the wheel."""
    home = tmp_path_factory.mktemp("home")
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    install = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    return home / "bin"


def tracked(folder: str, pattern: str) -> set[str]:
    return {path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder).rglob(pattern)}


def test_the_wheel_holds_the_tree_and_nothing_else(wheel: Path) -> None:
    program = {
        f"airwarden/{name.removeprefix('airwarden/')}"
        for pattern in ("*.py", "*.csv", "*.yml", "py.typed", "page.*")
        for name in tracked("linter", pattern)
    }
    rules = {f"airwarden/rules/{name}" for name in tracked("rules", "*.py")}
    pages = {f"airwarden/rule_docs/{name}" for name in tracked("docs/rules", "*.md")}
    schemas = {f"airwarden/schemas/{name}" for name in tracked("schemas", "*.json")}
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name for name in names if ".dist-info/" not in name} == program | rules | pages | schemas


def test_no_file_of_the_tree_is_of_a_kind_that_is_left_out() -> None:
    kinds = {
        path.suffix or path.name
        for folder in ("linter/airwarden", "rules", "schemas")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert kinds <= {".py", ".csv", ".json", ".yml", ".typed", ".html", ".css", ".js"}


def test_the_installed_program_finds_its_rules_from_any_folder(installed: Path, tmp_path: Path) -> None:
    other = tmp_path / "rules" / "__init__.py"
    other.parent.mkdir()
    other.write_text('raise SystemExit("a user\'s own rules folder was imported")\n', encoding="utf-8")
    run = subprocess.run(
        [str(installed / "airwarden"), "rules"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    ids = {Path(name).stem.replace("_", "-") for name in tracked("rules", "*/*.py")} - {"--init--"}
    assert ids
    assert all(rule in run.stdout for rule in ids)


def test_nothing_generic_is_installed(installed: Path, tmp_path: Path) -> None:
    code = "import importlib.util as u; print([n for n in ('rules', 'linter', 'schemas') if u.find_spec(n)])"
    run = subprocess.run(
        [str(installed / "python"), "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
