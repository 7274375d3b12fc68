"""No module is ever looked up in what is linted."""

from __future__ import annotations

import ast
import site
import subprocess
import sys
from pathlib import Path

import pytest
from airwarden import isolation
from airwarden.isolation import keep_out

PROGRAM = Path(isolation.__file__).parent
LOADED_BY_PYTHON = {"os", "site", "sys"}


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout around the current folder."""
    for name in (".git", "dags", "src"):
        (tmp_path / "repository" / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "repository")
    monkeypatch.chdir(tmp_path / "repository" / "dags")
    return tmp_path / "repository"


def left(monkeypatch: pytest.MonkeyPatch, entries: list[str], *places: str) -> list[str]:
    monkeypatch.setattr("sys.path", [*entries])
    keep_out([*places])
    return sys.path


def test_the_checkout_around_the_current_folder_is_kept_out(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [str(checkout), str(checkout / "src"), str(checkout.parent / "link" / "src"), "", ".", ".."]
    others = [str(checkout.parent), f"{checkout}-beside", str(checkout.parent / "nowhere")]
    assert left(monkeypatch, [*whole, *others]) == others


def test_without_one_the_folder_itself_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plain" / "dags").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "plain")
    assert left(monkeypatch, [str(tmp_path / "plain" / "dags"), "", str(tmp_path)]) == [str(tmp_path)]
    monkeypatch.chdir("/")
    assert left(monkeypatch, ["/", "", "/srv/modules"]) == ["/srv/modules"]


def test_checkouts_around_what_is_named_are_kept_out(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for place in (checkout / "dags", checkout / "dags" / "a.py", Path("nowhere/../repository")):
        assert left(monkeypatch, [str(checkout / "src"), "/srv"], "check", "--since", str(place)) == ["/srv"]


def test_an_environment_in_a_checkout_stays_and_a_checkout_in_an_environment_does_not(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.prefix", str(checkout / ".venv"))
    site_packages = str(checkout / ".venv" / "lib" / "site-packages")
    assert left(monkeypatch, [site_packages, str(checkout)]) == [site_packages]
    monkeypatch.setattr("sys.prefix", str(checkout.parent))
    assert left(monkeypatch, [str(checkout), str(checkout.parent / "lib")]) == [str(checkout.parent / "lib")]
    monkeypatch.setattr(site, "ENABLE_USER_SITE", True)
    monkeypatch.setattr(site, "getusersitepackages", lambda: str(checkout / "home"))
    assert left(monkeypatch, [str(checkout / "home"), ""]) == [str(checkout / "home")]


def test_the_folder_of_the_program_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROGRAM)
    if not (PROGRAM.parents[1] / ".git").exists():
        pytest.skip("this is no checkout")
    assert left(monkeypatch, [str(PROGRAM.parent), str(PROGRAM.parents[1])]) == [str(PROGRAM.parent)]


def test_a_current_folder_that_is_gone_has_no_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert left(monkeypatch, ["", "/srv"]) == ["", "/srv"]
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", ["__init__", "__main__", "isolation"])
def test_nothing_is_imported_before_that_is_done(name: str) -> None:
    text = (PROGRAM / f"{name}.py").read_text(encoding="utf-8").partition("    keep_out(")[0]
    nodes = list(ast.walk(ast.parse(text)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    own = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    assert plain <= LOADED_BY_PYTHON
    assert own <= {"airwarden", "airwarden.isolation"}


def test_modules_that_lie_about_in_the_repository_are_not_imported(checkout: Path) -> None:
    names = ("__future__", "argparse", "csv", "gc", "libcst", "rich", "yaml", "tomllib", "tomli", "webcolors")
    for name in names:
        (checkout / "dags" / f"{name}.py").write_text("raise SystemExit('it was run')\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "airwarden", "rules"], cwd=checkout / "dags", capture_output=True, text=True
    )
    assert (run.returncode, run.stderr) == (0, "")
