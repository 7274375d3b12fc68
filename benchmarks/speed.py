"""How fast airwarden is: one table, each figure a ratio of two commands in the same run.

    python -m benchmarks.speed [--corpus FOLDER] [--only NAMES] [--output FILE]
    python -m benchmarks.speed --corpus FOLDER --explain NAME    the profile behind a measure

Figures are processor time with all child processes where nothing else is said; medians of several rounds.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.bench import Bench, Subject, Unmeasured
from benchmarks.clock import TooLong, Usage, adopt_orphans
from benchmarks.corpora import HOW_TO_GET_ONE
from benchmarks.measures import MEASURES, Measure, Reached
from benchmarks.peers import PEERS, Peer
from benchmarks.rooms import profiled

NONE = "-"


def verdict(measure: Measure, reached: float) -> str:
    """Whether a measure is what it has to be, as it would be shown."""
    shown = round(reached, 3)
    if shown > measure.required:
        return "**no**"
    return "yes" if shown > measure.stretch else "yes, and the stretch"


def row(cells: Iterable[object]) -> str:
    """A row of a table in Markdown."""
    return f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def figure(value: float) -> str:
    """A ratio with as many digits as it is worth."""
    return f"{value:.0f}" if value == int(value) else f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def measured(measure: Measure, bench: Bench) -> str:
    """The row of a measure."""
    bounds = (f"`{measure.name}`", measure.what, figure(measure.required), figure(measure.stretch))
    try:
        reached: Reached = measure.reach(bench)
    except (Unmeasured, TooLong) as why:
        return row((*bounds, *[NONE] * 2, why))
    return row((*bounds, figure(reached.value), verdict(measure, reached.value), reached.note))


def table_of_measures(bench: Bench, measures: Sequence[Measure]) -> Iterator[str]:
    """The measures, one by one as they are taken."""
    yield row(("", "measure", "required", "stretch", "reached", "met", ""))
    yield row(("---", "---", "---:", "---:", "---:", "---", "---"))
    for measure in measures:
        yield measured(measure, bench)


def table_of_peers(bench: Bench) -> Iterator[str]:
    """airwarden and other tools on the same folder of DAG files."""
    unit = bench.whole["parse"]
    yield row(("tool", "version", "CPU / bare parse", "wall / bare parse", "peak MB", "what it did"))
    yield row(("---", "---", "---:", "---:", "---:", "---"))
    cache = bench.home / "cache_of_dags"
    for name, flags in (("cold", bench.flags(jobs=1)), ("warm", bench.flags(cache=cache))):
        yield _own_row(bench, unit, name, flags)
    for peer in PEERS:
        yield _peer_row(bench, unit, peer)


def _own_row(bench: Bench, unit: Usage, name: str, flags: Sequence[str]) -> str:
    subject = Subject(("check", *flags), bench.dags)
    try:
        if name == "warm":
            bench.need("--cache-dir")
            bench.airwarden(subject)
        return row((f"airwarden, {name}", "", *_shares(bench.airwarden(subject), unit), "all its rules"))
    except (Unmeasured, TooLong) as why:
        return row((f"airwarden, {name}", "", *[NONE] * 3, why))


def _peer_row(bench: Bench, unit: Usage, peer: Peer) -> str:
    try:
        usage = bench.on_dags(peer)
    except (Unmeasured, TooLong) as why:
        return row((peer.package, peer.version, *[NONE] * 3, why))
    told = peer.does if usage.code in (0, 1) else f"{peer.does}; exit code {usage.code}"
    return row((peer.package, peer.version, *_shares(usage, unit), told))


def _shares(usage: Usage, unit: Usage) -> tuple[str, str, str]:
    return figure(usage.cpu / unit.cpu), figure(usage.wall / unit.wall), f"{usage.peak:.0f}"


def about(bench: Bench) -> str:
    """What was measured, and on what."""
    files = [path for path in bench.tree.rglob("*") if path.is_file()]
    size = sum((bench.tree / path).stat().st_size for path in bench.paths) / 1e6
    python = sum(path.suffix == ".py" for path in files)
    return (
        f"{len(bench.paths):,} DAG files ({size:.1f} MB) among {python:,} Python files "
        f"and {len(files):,} files in all; "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {bench.rounds} rounds."
    )


def lines(bench: Bench, names: Sequence[str]) -> Iterator[str]:
    """The whole report, line by line as it comes into being."""
    if bench.corpus is None:
        yield HOW_TO_GET_ONE
    yield f"{about(bench)}\n"
    measures = [measure for measure in MEASURES if not names or measure.name in names]
    if measures:
        yield from table_of_measures(bench, measures)
        yield "\nWhat explains a figure: `python -m benchmarks.speed --corpus FOLDER --explain NAME`.\n"
    if not names or "peers" in names:
        yield from table_of_peers(bench)


def explained(bench: Bench, name: str) -> Iterator[str]:
    """The rooms that a measure's time is spent in."""
    measure = next(measure for measure in MEASURES if measure.name == name)
    subject = measure.subject(bench)
    if "--cache-dir" in subject.arguments:
        bench.airwarden(subject)
    yield f"{measure.name}: {measure.what}\n"
    yield profiled(subject.arguments, subject.folder, bench.environment, bench.home)


def _options() -> argparse.Namespace:
    names = [measure.name for measure in MEASURES]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, help="a folder of repositories with DAG files")
    parser.add_argument(
        "--chart", type=Path, help="a folder with a chart of Airflow (default: from the corpus)"
    )
    parser.add_argument("--only", default="", help=f"of these, with commas: {', '.join([*names, 'peers'])}")
    parser.add_argument("--rounds", type=int, default=3, help="how often the long commands are run")
    parser.add_argument("--sizes", default="1000,10000", help="of the trees that show how the cost grows")
    parser.add_argument("--output", type=Path, help="write the tables to a file as well")
    parser.add_argument("--explain", choices=names, help="show the profile behind a measure instead")
    return parser.parse_args()


def main() -> None:
    """Prints the tables as they come into being."""
    options, told = _options(), list[str]()
    adopt_orphans()
    sizes = tuple(int(size) for size in options.sizes.split(","))
    names = [name.strip() for name in options.only.split(",") if name.strip()]
    with tempfile.TemporaryDirectory(prefix="airwarden-bench-") as home:
        corpus = options.corpus and options.corpus.resolve()
        bench = Bench(Path(home).resolve(), corpus, options.chart, options.rounds, sizes)
        for line in explained(bench, options.explain) if options.explain else lines(bench, names):
            print(line, flush=True)
            told.append(line)
    if options.output:
        options.output.write_text("\n".join([*told, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
