"""Where the time of a command goes: a profile, added up by room of the house."""

from __future__ import annotations

import pstats
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

PACKAGES = ("libcst", "yaml", "jsonschema", "pathspec", "packaging", "rich")


def room(file: str) -> str:
    """What a file of a profile counts among: a module of the program, a rule's family, or a package."""
    parts = PurePath(file).with_suffix("").parts
    if file == "~":
        return "(built in)"
    if "rules" in parts and parts.index("rules") == len(parts) - 3:
        return f"rules/{parts[-2]}"
    for package in ("airwarden", *PACKAGES):
        if package in parts:
            start = len(parts) - 1 - parts[::-1].index(package)
            return ".".join(parts[start:]) if package == "airwarden" else package
    return "(standard library)" if file.endswith(".py") else "(other)"


def shares(stats: Mapping[tuple[str, int, str], tuple[Any, ...]]) -> list[tuple[str, float]]:
    """The share of each room in the time that functions took by themselves, greatest first."""
    taken: Counter[str] = Counter()
    for (file, _, name), figures in stats.items():
        key = f"(built in) {name.strip('<>')}" if file == "~" else room(file)
        taken[key] += figures[2]
    total = sum(taken.values()) or 1.0
    return [(name, seconds / total) for name, seconds in taken.most_common()]


def profiled(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], home: Path, top: int = 25
) -> str:
    """The rooms in which `airwarden` with these arguments spends the most time, as a table."""
    kept = home / "profile"
    command = [sys.executable, "-m", "cProfile", "-o", str(kept), "-m", "airwarden", *arguments]
    subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    stats: Any = pstats.Stats(str(kept))
    rows = [f"| {name} | {share:.1%} |" for name, share in shares(stats.stats)[:top]]
    return "\n".join(
        [f"`airwarden {' '.join(arguments)}`", "", "| room | self time |", "| --- | ---: |", *rows]
    )
