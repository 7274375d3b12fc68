"""Real Airflow is the oracle: what airwarden says of a DAG is what Airflow makes of it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.oracle.comparison import DAGS, compared, root_of, truth_of

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
AIRFLOW = os.environ.get("AIRWARDEN_ORACLE_PYTHON", str(ROOT / ".venv-oracle" / "bin" / "python"))
MOST_UNKNOWN = 0.03

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not Path(AIRFLOW).exists(), reason="there is no Airflow here: make oracle"),
]


def test_there_are_enough_dag_files() -> None:
    assert len([path for path in DAGS.rglob("*.py") if b"DAG" in path.read_bytes()]) >= 120


def test_our_own_dag_files() -> None:
    found = compared(DAGS, truth_of(AIRFLOW, [DAGS])[str(DAGS)], DAGS.parent)
    assert not found.failures
    assert not found.wrong, str(found)
    assert not found.invented, str(found)
    assert len(found.unknown) < MOST_UNKNOWN * found.dags, str(found)


def test_the_fixtures_of_the_rules(tmp_path: Path) -> None:
    """Each fixture is a repository of its own; those whose imports are not installed Airflow leaves out."""
    folders = [settled(fixture, tmp_path / f"{n}") for n, fixture in enumerate(fixtures_with_dags())]
    truth = truth_of(AIRFLOW, folders)
    outcomes = [compared(folder, truth[str(folder)], folder.parent) for folder in folders]
    assert sum(found.dags for found in outcomes) > 40
    assert not [str(found) for found in outcomes if found.wrong]


def fixtures_with_dags() -> list[Path]:
    """Those with a cluster policy are left out: it is no DAG file, and is not loaded with them."""
    cases = [case for case in sorted(FIXTURES.glob("*/*")) if not [*case.rglob("airflow_local_settings.py")]]
    files = [case for case in cases if case.suffix == ".py" and b"DAG(" in case.read_bytes()]
    return [*files, *(case for case in cases if (case / "dags").is_dir())]


def settled(fixture: Path, root: Path) -> Path:
    """A copy of a fixture as a repository; returns its DAG folder."""
    if fixture.is_dir():
        shutil.copytree(fixture, root)
    else:
        (root / "dags").mkdir(parents=True)
        shutil.copy(fixture, root / "dags" / fixture.name)
    (root / ".git").mkdir(exist_ok=True)
    return root / "dags"


def more_folders() -> list[Path]:
    given = os.environ.get("AIRWARDEN_ORACLE_DAGS", "").split(os.pathsep)
    return [Path(each).resolve() for each in given if each]


@pytest.mark.parametrize("folder", more_folders(), ids=str)
def test_a_folder_of_your_own(folder: Path) -> None:
    found = compared(folder, truth_of(AIRFLOW, [folder])[str(folder)], root_of(folder))
    assert not found.wrong, str(found)
