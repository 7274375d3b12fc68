"""Start-up: how long `airwarden` takes, in units of `python -c "import libcst"` on the same machine.

Each command runs once to warm the caches, then all of them in turn; the median of each counts.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 15
PYTHON = sys.executable
COMMANDS = {
    'python -c ""': [PYTHON, "-c", ""],
    'python -c "import libcst"': [PYTHON, "-c", "import libcst"],
    "airwarden --version": [PYTHON, "-m", "airwarden", "--version"],
    "airwarden check values.yaml": [PYTHON, "-m", "airwarden", "check", "values.yaml"],
    "airwarden check dags/orders.py": [PYTHON, "-m", "airwarden", "check", "dags/orders.py"],
    "airwarden check": [PYTHON, "-m", "airwarden", "check"],
}
UNIT = 'python -c "import libcst"'
EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "mended"


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """The wall-clock time of one run in the mended example."""
    start = time.perf_counter()
    subprocess.run(command, cwd=EXAMPLE, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def measure() -> dict[str, float]:
    """The median time of each command, the commands taken in turn, with byte code cached as for a user."""
    with tempfile.TemporaryDirectory() as cache:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "PYTHONPYCACHEPREFIX": cache}
        for command in COMMANDS.values():
            seconds(command, environment)
        times: dict[str, list[float]] = {name: [] for name in COMMANDS}
        for name in [*COMMANDS] * ROUNDS:
            times[name].append(seconds(COMMANDS[name], environment))
    return {name: statistics.median(taken) for name, taken in times.items()}


def main() -> None:
    """Prints the table."""
    medians = measure()
    print(f"{'command':32}{'ms':>8}{'ratio':>8}")
    for name, median in medians.items():
        print(f"{name:32}{median * 1000:8.0f}{median / medians[UNIT]:8.2f}")


if __name__ == "__main__":
    main()
