"""Where the time of a command goes: a profile, added up by room of the house."""

from __future__ import annotations

import pstats
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, TypeAlias

Function: TypeAlias = tuple[str, int, str]
"""A function in a profile: its file, line and name."""

BUILT_IN = "~"
"""What stands for the file of a function that has none."""

PACKAGES = ("libcst", "yaml", "jsonschema", "pathspec", "packaging", "rich")


def room(file: str) -> str:
    """What a file of a profile counts among: a module of the program, a rule's family, or a package."""
    parts = PurePath(file).with_suffix("").parts
    if "rules" in parts and parts.index("rules") == len(parts) - 3:
        return f"rules/{parts[-2]}"
    for package in ("airwarden", *PACKAGES):
        if package in parts:
            start = len(parts) - 1 - parts[::-1].index(package)
            return ".".join(parts[start:]) if package == "airwarden" else package
    return f"({parts[-1]})"


def shares(stats: Mapping[Function, tuple[Any, ...]]) -> list[tuple[str, float]]:
    """The share of each room in the time that functions took by themselves, greatest first.

    What a built-in function took counts for the room that called it.
    """
    taken: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, callers) in stats.items():
        if file == BUILT_IN and callers:
            for (caller, _, _), figures in callers.items():
                taken[room(caller)] += figures[2]
        else:
            taken[room(file)] += own
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
