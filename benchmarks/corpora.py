"""The files that are measured: a corpus that the user brings, or what this repository has, and more trees."""

from __future__ import annotations

import re
import shutil
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
HOW_TO_GET_ONE = """\
No corpus was given, so this repository's own examples and fixtures are measured: too few to tell much. Make
a corpus by cloning public repositories with Airflow DAGs into one folder, at least 1,500 DAG files:

    mkdir corpus && cd corpus && git clone --depth 1 https://github.com/OWNER/NAME    (as many as you like)
    make bench CORPUS=$PWD
"""
_LEFT_OUT = shutil.ignore_patterns(".git", "node_modules", "__pycache__", ".venv", "site-packages")
_OWN = ("examples", "tests/fixtures")
_NO_ENV = re.compile(r"^env: \[\]$", re.MULTILINE)


@dataclass(frozen=True)
class Chart:
    """A Helm chart of Airflow: its values, the schema of them, and what says which chart it is."""

    values: Path
    schema: Path
    about: Path


def copied(source: Path | None, target: Path) -> Path:
    """A copy of a corpus in which anything may be done; without one, of this repository's own DAG files."""
    if source:
        shutil.copytree(source, target, ignore=_LEFT_OUT, symlinks=True)
    else:
        for folder in _OWN:
            alone(HOME / folder, _python_files(HOME / folder), target / folder)
    (target / ".git").mkdir(exist_ok=True)
    return target


def _python_files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))


def checked_out_anew(tree: Path) -> None:
    """The same tree at the same place, with every file new: other times, other inodes, the same content."""
    fresh = tree.with_name(f"{tree.name}.new")
    shutil.copytree(tree, fresh, copy_function=shutil.copy, symlinks=True)
    shutil.rmtree(tree)
    fresh.rename(tree)


def alone(tree: Path, paths: Sequence[str], target: Path) -> Path:
    """A tree of these files and no others."""
    for path in paths:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tree / path, target / path)
    (target / ".git").mkdir()
    return target


def spread(paths: Sequence[str], amount: int) -> list[str]:
    """As many paths as wanted, taken evenly from all of them; all where there are fewer."""
    amount = min(amount, len(paths))
    return [paths[place * len(paths) // amount] for place in range(amount)]


def grown(tree: Path, paths: Sequence[str], amount: int, target: Path) -> Path:
    """A tree of so many files: the given ones again and again, in other folders and not quite alike."""
    if target.exists():
        return target
    for number in range(amount):
        copy, place = divmod(number, len(paths))
        file = target / f"part_{copy:03}" / paths[place]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes((tree / paths[place]).read_bytes() + b"\n# copy %d\n" % copy)
    (target / ".git").mkdir(parents=True)
    return target


def plain(target: Path, amount: int = 6_000) -> Path:
    """A tree of about so many files that have nothing to do with Airflow: the standard library, repeated."""
    library = Path(sysconfig.get_path("stdlib"))
    files = [path for path in sorted(library.rglob("*.py")) if "site-packages" not in path.parts]
    for number in range(amount):
        copy, place = divmod(number, len(files))
        file = target / f"service_{copy}" / files[place].relative_to(library)
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(files[place], file)
    (target / ".git").mkdir()
    return target


def chart_in(tree: Path) -> Chart | None:
    """The first chart of Airflow in a tree that has a schema of its values."""
    for schema in sorted(tree.rglob("values.schema.json")):
        chart = Chart(*(schema.with_name(name) for name in ("values.yaml", schema.name, "Chart.yaml")))
        if chart.about.is_file() and chart.values.is_file() and "dagProcessor" in schema.read_text("utf-8"):
            return chart
    return None


def long_chart(chart: Chart, target: Path, lines: int = 4_000) -> Path | None:
    """A chart with values of so many lines, by a long `env`; None where it has no empty one to fill."""
    text = chart.values.read_text("utf-8")
    more = range((lines - text.count("\n")) // 2)
    if not _NO_ENV.search(text):
        return None
    env = "".join(f"\n  - name: LIMIT_OF_STEP_{number}\n    value: '{number}'" for number in more)
    target.mkdir()
    (target / ".git").mkdir()
    (target / "values.yaml").write_text(_NO_ENV.sub(f"env:{env}", text, count=1), encoding="utf-8")
    shutil.copy(chart.schema, target / "values.schema.json")
    shutil.copy(chart.about, target / "Chart.yaml")
    return target
