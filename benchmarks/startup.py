"""Start-up: how long `airwarden` takes, in units of `python -c "import libcst"` and of `python -c pass`.

Each command runs once to warm the caches, then all of them in turn; the median of each counts, of the time
that the processor spends on it and of the time on the clock.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROUNDS = 15
EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "mended"
AIRWARDEN = ["-m", "airwarden"]
NOTHING, LIBCST = "pass", "import libcst"
COMMANDS = {
    NOTHING: ["-c", NOTHING],
    LIBCST: ["-c", LIBCST],
    "airwarden --version": [*AIRWARDEN, "--version"],
    "airwarden check README.md": [*AIRWARDEN, "check", "README.md"],
    "airwarden check values.yaml": [*AIRWARDEN, "check", "values.yaml"],
    "airwarden check dags/orders.py": [*AIRWARDEN, "check", "dags/orders.py"],
    "airwarden check": [*AIRWARDEN, "check"],
}


def repository(folder: Path, settings: str) -> Path:
    """The mended example as a repository of its own, with these settings in its pyproject.toml."""
    shutil.copytree(EXAMPLE, folder)
    (folder / ".git").mkdir()
    (folder / "README.md").write_text("# Pipelines\n", encoding="utf-8")
    project = folder / "pyproject.toml"
    project.write_text(
        project.read_text("utf-8").partition("[tool.airwarden]")[0] + settings, encoding="utf-8"
    )
    return folder


class Time(NamedTuple):
    """Seconds of one run of Python: of the processor, in user and system mode, and on the clock."""

    processor: float
    clock: float


def run(command: list[str], folder: Path, environment: dict[str, str]) -> Time:
    """Runs Python once."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Time(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock)


def medians(folder: Path, environment: dict[str, str]) -> dict[str, Time]:
    """The median times of each command in a repository."""
    times: dict[str, list[Time]] = {name: [] for name in COMMANDS}
    for command in COMMANDS.values():
        run(command, folder, environment)
    for name in [*COMMANDS] * ROUNDS:
        times[name].append(run(COMMANDS[name], folder, environment))
    return {
        name: Time(*(statistics.median(column) for column in zip(*taken, strict=True)))
        for name, taken in times.items()
    }


def show(title: str, taken: dict[str, Time]) -> None:
    """Prints a table: of the processor's time and its ratios to both units, and of the time on the clock."""
    print(f"{title:32}{'cpu ms':>8}{'/ pass':>8}{'/ libcst':>10}{'wall ms':>9}{'/ libcst':>10}")
    for name, (processor, clock) in taken.items():
        ratios = f"{processor / taken[NOTHING].processor:8.2f}{processor / taken[LIBCST].processor:10.2f}"
        print(f"  {name:30}{processor * 1000:8.0f}{ratios}", end="")
        print(f"{clock * 1000:9.0f}{clock / taken[LIBCST].clock:10.2f}")


def main() -> None:
    """Prints a table for a repository without settings and one for a repository with them."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as home:
        environment = {**kept, "PYTHONPYCACHEPREFIX": f"{home}/byte code"}
        for title, settings in (
            ("without settings", ""),
            ("with settings", '[tool.airwarden]\nfail-on = "error"\n'),
        ):
            show(title, medians(repository(Path(home, title), settings), environment))


if __name__ == "__main__":
    main()
