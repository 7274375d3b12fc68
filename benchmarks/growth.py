"""How the cost of a check grows with what is checked: one table of hostile inputs, each in several sizes.

    python -m benchmarks.growth [--only NAME ...] [--sizes 100,200,400] [--limit SECONDS] [--list]

Each size is made anew and checked without a cache, with one job, in a process of its own whose processor time
and memory are bounded. Seconds are processor time with all child processes, less that of the same input in
the size 1, which is what starting up takes. The exponent is the power of the size by which they grow: 1 is
linear, 2 is quadratic. What takes less than a fifth of a second has none.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.clock import TooLong, Usage, adopt_orphans, exponent, run
from benchmarks.growth_data import FILES, FOLDERS, Files, Input
from benchmarks.growth_python import PYTHON
from benchmarks.growth_texts import TEXTS
from benchmarks.speed import NONE, row

INPUTS: Mapping[str, Input] = {**PYTHON, **TEXTS, **FILES, **FOLDERS}
TIMES = (1, 2, 4)
"""The sizes of an input, in its smallest one."""

LIMIT = 30
"""Seconds of processor time that a check may take."""

MEMORY = 4_000_000_000
"""Bytes of addresses that a check may hold."""

NOISE = 0.2
"""Seconds that tell nothing of how the cost grows."""

LONGEST = 100
"""The most that is told of an error, in characters."""

FORMATS = ("text", "github", "sarif", "html", "markdown", "junit", "gitlab", "azure", "rdjson")
COMMAND = (sys.executable, "-m", "airwarden", "check", "--no-cache", "--jobs", "1", "--format", "json")


@dataclass(frozen=True)
class Checked:
    """A check of an input in a size: what it took, None where it was stopped, and what is told of it."""

    size: int
    usage: Usage | None
    told: str

    @property
    def is_done(self) -> bool:
        """Whether it came to its end, whatever it found."""
        return self.usage is not None and self.usage.code in (0, 1)


def planted(files: Files, root: Path) -> None:
    """Writes a repository."""
    for path, text in {"pyproject.toml": "[tool.airwarden]\n", **files}.items():
        place = root / path
        _folder(place.parent)
        place.write_text(text, encoding="utf-8")


def _folder(folder: Path) -> None:
    """Makes a folder, of which the parents may be more than Python's own way has room for on the stack."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir()


def checked(name: str, size: int, limit: int) -> Checked:
    """One check of an input in one size."""
    with tempfile.TemporaryDirectory() as home:
        root, report, faults = (Path(home, each) for each in ("repository", "report", "faults"))
        planted(INPUTS[name][0](size), root)
        also = [f"--also={each}={home}/{each}" for each in FORMATS if name == "findings in all formats"]

        def bound() -> None:
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

        try:
            usage = run([*COMMAND, *also], root, os.environ, report, faults, 20 * limit, bound)
        except TooLong as why:
            return Checked(size, None, f"**{why}**")
        if usage.code == -signal.SIGXCPU:
            return Checked(size, None, f"**> {limit} s**")
        return Checked(size, usage, told(usage.code, report, faults))


def told(code: int, report: Path, faults: Path) -> str:
    """What a check said: of files that it did not judge, and how much it found; or how it failed."""
    if code not in (0, 1) or faults.stat().st_size:
        said = " ".join(faults.read_text("utf-8", "replace").split())
        return f"**ended with {code}**: {said[-LONGEST:]}"
    rules = Counter(finding["rule"] for finding in json.loads(report.read_text("utf-8"))["findings"])
    unjudged = [rule for rule in sorted(rules) if rule.startswith(("too-", "unreadable"))]
    found = sum(count for rule, count in rules.items() if rule not in unjudged)
    return ", ".join([*(f"`{rule}`" for rule in unjudged), f"{found:,} found" if found else ""]).strip(", ")


def grown(name: str, sizes: Sequence[int], limit: int) -> str:
    """The row of an input."""
    start = checked(name, 1, limit)
    checks = list[Checked]()
    for size in sizes:
        checks.append(checked(name, size, limit))
        if not checks[-1].is_done:
            break
    base = start.usage.cpu if start.usage else 0
    points = {each.size: each.usage.cpu - base for each in checks if each.usage}
    last = checks[-1]
    return row((
        name,
        " ".join(f"{each.size:,}" for each in checks),
        " ".join(f"{max(points[each.size], 0):.2f}" if each.usage else NONE for each in checks),
        power(points),
        f"{last.usage.peak:.0f}" if last.usage else NONE,
        last.told,
    ))  # fmt: skip


def power(points: Mapping[int, float]) -> str:
    """By which power of the size the seconds grow, where they are enough to tell."""
    known = {size: seconds for size, seconds in points.items() if seconds > NOISE / 4}
    if len(known) < 2 or max(known.values()) < NOISE:
        return NONE
    return f"{exponent(known):.2f}"


def table(names: Sequence[str], sizes: Sequence[int], limit: int) -> Iterator[str]:
    """The rows, one by one as they are measured."""
    yield row(("input", "sizes", "seconds", "exponent", "peak MB", "what is told of the largest"))
    yield row(("---", "---:", "---:", "---:", "---:", "---"))
    for name in names:
        first = INPUTS[name][1]
        yield grown(name, sizes or [first * times for times in TIMES], limit)


def asked(only: Sequence[str]) -> list[str]:
    """The inputs whose names begin with what is asked for; all where nothing is."""
    names = [name for name in INPUTS if not only or name.startswith(tuple(only))]
    unknown = [each for each in only if not any(name.startswith(each) for name in names)]
    if unknown:
        raise SystemExit(f"There is no input {', '.join(unknown)}; --list names them.")
    return names


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; fails where a check did."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--only", nargs="+", metavar="NAME", default=[], help="inputs that begin with this")
    parser.add_argument("--sizes", type=_sizes, default=(), help="in place of those of each input: 100,200")
    parser.add_argument("--limit", type=int, default=LIMIT, help="seconds of processor time of a check")
    parser.add_argument("--list", action="store_true", help="name the inputs")
    options = parser.parse_args(arguments)
    names = asked(options.only)
    if options.list:
        print(*names, sep="\n")
        return 0
    failed = False
    for line in table(names, options.sizes, options.limit):
        print(line, flush=True)
        failed |= "**" in line
    return int(failed)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


if __name__ == "__main__":
    adopt_orphans()
    sys.exit(main())
