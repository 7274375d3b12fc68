"""Start-up: how long `airwarden` takes, in units of `python -c "import libcst"` on the same machine.

Each command runs once to warm the caches, then all of them in turn; the median of each counts.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 15
EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "mended"
AIRWARDEN = ["-m", "airwarden"]
UNIT = "import libcst"
COMMANDS = {
    "nothing": ["-c", ""],
    UNIT: ["-c", "import libcst"],
    "airwarden --version": [*AIRWARDEN, "--version"],
    "airwarden check values.yaml": [*AIRWARDEN, "check", "values.yaml"],
    "airwarden check dags/orders.py": [*AIRWARDEN, "check", "dags/orders.py"],
    "airwarden check": [*AIRWARDEN, "check"],
}


def repository(folder: Path, settings: str) -> Path:
    """The mended example as a repository of its own, with these settings in its pyproject.toml."""
    shutil.copytree(EXAMPLE, folder)
    (folder / ".git").mkdir()
    project = folder / "pyproject.toml"
    project.write_text(
        project.read_text("utf-8").partition("[tool.airwarden]")[0] + settings, encoding="utf-8"
    )
    return folder


def seconds(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    """The wall-clock time of one run of Python."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - start


def medians(folder: Path, environment: dict[str, str]) -> dict[str, float]:
    """The median time of each command in a repository."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for command in COMMANDS.values():
        seconds(command, folder, environment)
    for name in [*COMMANDS] * ROUNDS:
        times[name].append(seconds(COMMANDS[name], folder, environment))
    return {name: statistics.median(taken) for name, taken in times.items()}


def main() -> None:
    """Prints a table for a repository without settings and one for a repository with them."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as home:
        environment = {**kept, "PYTHONPYCACHEPREFIX": f"{home}/byte code"}
        for title, settings in (
            ("without settings", ""),
            ("with settings", '[tool.airwarden]\nfail-on = "error"\n'),
        ):
            taken = medians(repository(Path(home, title), settings), environment)
            print(f"{title:32}{'ms':>8}{'ratio':>8}")
            for name, median in taken.items():
                print(f"  {name:30}{median * 1000:8.0f}{median / taken[UNIT]:8.2f}")


if __name__ == "__main__":
    main()
