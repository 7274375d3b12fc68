"""What is measured: each measure by name, with what is required of it and what it should come to."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import corpora
from benchmarks.bench import ONE_FILE, WORK, Bench, Subject, Unmeasured
from benchmarks.clock import exponent, in_turn, run
from benchmarks.peers import CHECK_JSONSCHEMA, CHECKOV, DETECT_SECRETS, FIXIT, RUFF


@dataclass(frozen=True)
class Reached:
    """What came of a measure, and what else there is to say of it."""

    value: float
    note: str = ""


@dataclass(frozen=True)
class Measure:
    """One row of the table. `subject` is the run whose profile explains it."""

    name: str
    what: str
    required: float
    stretch: float
    reach: Callable[[Bench], Reached]
    subject: Callable[[Bench], Subject]


# What airwarden is given


def cold(bench: Bench) -> Subject:
    """The whole tree, nothing known of it."""
    return Subject(("check", *bench.flags()), bench.tree)


def warm(bench: Bench) -> Subject:
    """The whole tree, all known of it."""
    return Subject(("check", *bench.flags(cache=bench.cache)), bench.tree)


def one_file(bench: Bench) -> Subject:
    """One small DAG file, nothing known of it."""
    return Subject(("check", *bench.flags(), ONE_FILE), bench.example)


def one_known_file(bench: Bench) -> Subject:
    """One small DAG file, all known of it."""
    bench.need("--cache-dir")
    return Subject(("check", *bench.flags(cache=bench.home / "cache_of_one"), ONE_FILE), bench.example)


def version(bench: Bench) -> Subject:
    """Only to say which version it is."""
    return Subject(("--version",), bench.example)


def policies(bench: Bench) -> list[Subject]:
    """The whole tree, all known of it under another policy."""
    levels = bench.home / "policy.toml"
    levels.write_text('[levels]\nalerts = "note"\n', encoding="utf-8")
    others = (("--select", "secrets"), ("--ignore", "xcom"), ("--config", str(levels)))
    known = warm(bench)
    return [Subject((*known.arguments, *other), known.folder) for other in others]


def other_policy(bench: Bench) -> Subject:
    """The first of the other policies."""
    return policies(bench)[0]


def secret_rules(bench: Bench) -> Subject:
    """The whole tree, for the rules on secrets alone."""
    return Subject(("check", *bench.flags(), "--select", "secrets"), bench.tree)


def values(bench: Bench) -> Subject:
    """A values file of 4,000 lines."""
    return Subject(("check", *bench.flags(), "values.yaml"), bench.long_chart)


def plain(bench: Bench) -> Subject:
    """A tree without Airflow."""
    return Subject(("check", *bench.flags()), bench.plain)


def largest_tree(bench: Bench) -> Subject:
    """The largest of the grown trees, nothing known of it."""
    return Subject(("check", *bench.flags()), _grown_tree(bench))


def largest_known_tree(bench: Bench) -> Subject:
    """The largest of the grown trees, all known of it."""
    bench.need("--cache-dir")
    tree = _grown_tree(bench)
    return Subject(("check", *bench.flags(cache=bench.home / f"cache_{max(bench.sizes)}")), tree)


def _grown_tree(bench: Bench) -> Path:
    bench.grown  # noqa: B018 (makes the trees and fills their caches)
    return bench.home / f"grown_{max(bench.sizes)}"


# What it took


def of_a_parse(bench: Bench) -> Reached:
    """A cold run in one process."""
    taken = bench.whole
    return Reached(taken["cold"].cpu / taken["parse"].cpu, f"a parse takes {taken['parse'].cpu:.1f} s")


def of_a_parse_on_two_cores(bench: Bench) -> Reached:
    """A cold run in two processes, by the clock on the wall."""
    bench.need("--jobs")
    return Reached(bench.whole["two"].wall / bench.whole["parse"].wall, "wall clock")


def of_fixit(bench: Bench) -> Reached:
    """A cold run, beside another linter on libcst."""
    return Reached(bench.whole["cold"].cpu / bench.on_dags(FIXIT).cpu)


def of_ruff(bench: Bench) -> Reached:
    """A warm run over files that nobody touched."""
    subject = warm(bench)
    taken = in_turn({"warm": lambda: bench.airwarden(subject)}, max(bench.rounds, 3))["warm"]
    alone = taken.cpu / bench.on_dags(RUFF).cpu
    return Reached(taken.cpu / bench.ruff.cpu, f"{alone:.2f} of ruff on the DAG files alone")


def of_ruff_in_a_fresh_checkout(bench: Bench) -> Reached:
    """A warm run over files that are new, but hold what they held."""
    subject = warm(bench)
    taken = []
    for _ in range(bench.rounds):
        corpora.checked_out_anew(bench.tree)
        taken.append(bench.airwarden(subject).cpu)
    return Reached(statistics.median(taken) / bench.ruff.cpu)


def of_cold_for_another_policy(bench: Bench) -> Reached:
    """The dearest of some runs that each ask for something else."""
    bench.airwarden(warm(bench))
    taken = [bench.airwarden(subject).cpu for subject in policies(bench)]
    shares = [each / bench.whole["cold"].cpu for each in taken]
    return Reached(max(shares), "--select, --ignore, levels: " + ", ".join(f"{each:.3f}" for each in shares))


def of_importing_libcst(bench: Bench) -> Reached:
    """One small DAG file."""
    taken = bench.small({"file": one_file(bench), "import": ("-c", "import libcst")})
    return Reached(taken["file"].cpu / taken["import"].cpu)


def of_python(subject: Callable[[Bench], Subject]) -> Callable[[Bench], Reached]:
    """What needs no parser."""

    def reach(bench: Bench) -> Reached:
        taken = bench.small({"own": subject(bench), "python": ("-c", "pass")})
        return Reached(taken["own"].cpu / taken["python"].cpu)

    return reach


def memory(bench: Bench) -> Reached:
    """The largest process."""
    taken = bench.whole
    parse = taken["parse"].peak
    one, two = taken["cold"].peak / parse, taken["two"].peak / parse if "two" in taken else None
    alone = f"{one:.2f} in one process alone; a parse holds {parse:.0f} MB"
    return Reached(one if two is None else two, alone)


def growth(kind: str) -> Callable[[Bench], Reached]:
    """By which power of the number of files a run grows."""

    def reach(bench: Bench) -> Reached:
        if kind == "warm":
            bench.need("--cache-dir")
        points = bench.grown[kind]
        if min(points.values()) <= 0:
            raise Unmeasured("takes no longer than a run over nothing")
        return Reached(
            exponent(points), ", ".join(f"{size:,} files: {cpu:.2f} s" for size, cpu in points.items())
        )

    return reach


def secrets_of_a_parse(bench: Bench) -> Reached:
    """The rules on secrets, on models that are there."""
    return Reached(bench.secrets["scan"] / bench.secrets["parse"])


def secrets_of_a_scanner(bench: Bench) -> Reached:
    """The rules on secrets, beside a scanner for nothing else."""
    return Reached(bench.secrets["scan"] / bench.on_dags(DETECT_SECRETS).cpu)


def values_of_a_schema_check(bench: Bench) -> Reached:
    """A long values file, beside its chart's schema."""
    subject = values(bench)
    runs = {
        "own": lambda: bench.airwarden(subject),
        "other": lambda: bench.peer(CHECK_JSONSCHEMA, bench.long_chart),
    }
    taken = in_turn(runs, 5)
    return Reached(taken["own"].cpu / taken["other"].cpu)


def values_of_checkov(bench: Bench) -> Reached:
    """A long values file, beside a scanner of Kubernetes and all else."""
    own = in_turn({"own": lambda: bench.airwarden(values(bench))}, 3)["own"]
    return Reached(own.cpu / bench.peer(CHECKOV, bench.long_chart).cpu)


def of_reading(bench: Bench) -> Reached:
    """A repository without Airflow."""
    subject = plain(bench)
    runs = {
        "own": lambda: bench.airwarden(subject),
        "read": lambda: bench.python(WORK, "read", ".", folder=bench.plain),
    }
    taken = in_turn(runs, 5)
    return Reached(taken["own"].cpu / taken["read"].cpu)


# Whether it is right


def wrong_positions(bench: Bench) -> Reached:
    """How many regions in Python files stand where nothing stands."""
    bench.whole  # noqa: B018 (has the report written)
    found = bench.home / "positions.json"
    command = [sys.executable, WORK, "positions", ".", str(bench.reports["cold"])]
    if run(command, bench.tree, bench.environment, found).code:
        raise Unmeasured("could not be compared")
    told = json.loads(found.read_text("utf-8"))
    kinds = ", ".join(f"{amount:,} {kind}" for kind, amount in sorted(told["kinds"].items()))
    return Reached(len(told["wrong"]), kinds + "".join(f"; {place}" for place in told["wrong"][:5]))


def other_reports(bench: Bench) -> Reached:
    """How many reports of the whole tree are not the first one, byte for byte."""
    bench.whole  # noqa: B018 (has the reports written)
    if "--jobs" in bench.options:
        bench.reported("four jobs", *bench.flags(jobs=4))
    if "--cache-dir" in bench.options:
        known = bench.flags(cache=bench.cache)
        bench.reported("warm", *known)
        corpora.checked_out_anew(bench.tree)
        bench.reported("fresh checkout", *known)
        bench.reported("four jobs, warm", *bench.flags(4, bench.cache))
    first = bench.reports["cold"].read_bytes()
    others = [name for name, file in bench.reports.items() if file.read_bytes() != first]
    told = f"differ: {', '.join(others)}" if others else f"compared: {', '.join(bench.reports)}"
    if len(bench.reports) == 1:
        raise Unmeasured("not yet: no option --jobs, --cache-dir")
    return Reached(len(others), told)


MEASURES: Sequence[Measure] = (
    Measure("cold", "cold, one process, every finding with its place / bare libcst parse", 1.30, 1.05,
            of_a_parse, cold),
    Measure("two-cores", "cold, two processes / bare libcst parse in one, wall", 0.70, 0.55,
            of_a_parse_on_two_cores, cold),
    Measure("fixit", "cold / fixit with 3 of its rules", 0.20, 0.13, of_fixit, cold),
    Measure("warm", "warm, files untouched / ruff, AIR rules, no cache", 0.50, 0.35, of_ruff, warm),
    Measure("checkout", "warm, fresh checkout / ruff, AIR rules, no cache", 0.80, 0.50,
            of_ruff_in_a_fresh_checkout, warm),
    Measure("policy", "another policy, files untouched / cold", 0.05, 0.02,
            of_cold_for_another_policy, other_policy),
    Measure("one-file", "one small DAG file, cold / import libcst", 1.25, 0.60,
            of_importing_libcst, one_file),
    Measure("version", "--version / python -c pass", 3, 1.5, of_python(version), version),
    Measure("one-hit", "one small DAG file, warm / python -c pass", 3, 1.5,
            of_python(one_known_file), one_known_file),
    Measure("memory", "peak memory of a worker / bare libcst parse", 1.20, 1.08, memory, cold),
    Measure("growth-cold", "exponent of the cost by the number of files, cold", 1.05, 1.03,
            growth("cold"), largest_tree),
    Measure("growth-warm", "exponent of the cost by the number of files, warm", 1.05, 1.03,
            growth("warm"), largest_known_tree),
    Measure("secrets", "secret rules on parsed files / bare libcst parse", 0.08, 0.05,
            secrets_of_a_parse, secret_rules),
    Measure("detect-secrets", "secret rules on parsed files / detect-secrets", 0.03, 0.015,
            secrets_of_a_scanner, secret_rules),
    Measure("values", "values.yaml of 4,000 lines / check-jsonschema with the chart's schema", 0.75, 0.60,
            values_of_a_schema_check, values),
    Measure("checkov", "values.yaml of 4,000 lines / checkov", 0.06, 0.04, values_of_checkov, values),
    Measure("plain", "a tree without Airflow, cold / reading all its files", 1.5, 1.2, of_reading, plain),
    Measure("positions", "regions that are no libcst node's, text's or comment's", 0, 0,
            wrong_positions, cold),
    Measure("same", "reports that differ: cold, warm, by number of jobs", 0, 0, other_reports, cold),
)  # fmt: skip
