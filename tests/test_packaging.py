"""What is installed: all of the tree, and nothing under a name that is not ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata

from scripts.release import archives

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("linter", "rules", "docs", "schemas", "pyproject.toml", "README.md", "LICENSE", "MANIFEST.in")
MOMENT = 1_800_000_000

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archives of this tree, built the way those of a release are."""
    return archives_of(tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


def archives_of(home: Path) -> Path:
    tree, rubbish = home / "tree", shutil.ignore_patterns("__pycache__", "*.egg-info")
    tree.mkdir()
    for part in (ROOT / name for name in PARTS):
        if part.is_dir():
            shutil.copytree(part, tree / part.name, ignore=rubbish)
        else:
            shutil.copy(part, tree)
    archives.build(tree, home / "dist", MOMENT)
    return home / "dist"


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a fresh environment that holds the wheel, and what is locked for it."""
    home = tmp_path_factory.mktemp("home")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    install = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        str(home / "bin" / "python"),
    ]
    locked = ["--require-hashes", "--requirement", str(ROOT / "locks" / "program.txt")]
    subprocess.run([*install, *locked], check=True, capture_output=True)
    subprocess.run([*install, "--offline", str(wheel)], check=True, capture_output=True)
    return home / "bin"


def test_two_builds_are_the_same_to_the_byte(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    before = os.umask(0o077)
    try:
        again = archives_of(tmp_path)
    finally:
        os.umask(before)
    for kind in ("*.tar.gz", "*.whl"):
        (first,), (second,) = built.glob(kind), again.glob(kind)
        assert first.name == second.name
        assert first.read_bytes() == second.read_bytes()


def test_the_source_distribution_holds_what_builds_the_wheel_and_no_tests(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        members = archive.getmembers()
    parts = {member.name.split("/")[1] for member in members if "/" in member.name}
    assert parts == {*PARTS, "PKG-INFO", "setup.cfg"}
    assert {(member.mtime, member.uid, member.uname) for member in members} == {(MOMENT, 0, "")}


def test_the_metadata_is_sound(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        found = Metadata.from_email(archive.read(name), validate=True)
    assert (found.license_expression, found.license_files) == ("Apache-2.0", ["LICENSE"])
    assert {"Changelog", "Documentation", "Issues", "Source"} <= (found.project_urls or {}).keys()


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
