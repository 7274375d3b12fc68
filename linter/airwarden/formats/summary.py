"""A run in a few lines: how much was found, of which rules, and what to do now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from airwarden.findings import LEVELS, Level
from airwarden.formats.view import View, visible
from airwarden.report import Crash, Fault, Report

MOST_CRASHES = 20
"""Crashes that are told one by one: a fault of our own may be met in every file."""

_FAULTS: Mapping[Fault, str] = {
    "own": "airwarden itself failed here. The fault is its own, not your repository's:",
    "policy": "A policy failed here. The fault is in the policy, not in airwarden or the file it read:",
    "machine": "This was not checked, for the machine could not give what it takes:",
}


def headline(report: Report) -> str:
    """One sentence: how much was found and checked."""
    if not report.checked and not report.findings and not report.elsewhere:
        more = "`dag-folders` and `values-files` tell of more"
        return f"Nothing to check: there is no DAG and no values file here; {more}."
    checked = f"{counted(report.checked, 'file')} checked"
    accepted = sum(each.kind == "baseline" for each in report.silenced)
    if report.suppressed > accepted:
        checked += f", {counted(report.suppressed - accepted, 'finding')} suppressed"
    if accepted:
        checked += f", {counted(accepted, 'finding')} in the baseline"
    if report.elsewhere is not None:
        return _of_changes(report, checked)
    if not report.findings:
        return f"No findings: {checked}."
    files = counted(len({finding.region.path for finding in report.findings}), "file")
    return f"Found {levels(report.counts)} in {files} ({checked})."


def failures(report: Report) -> Iterator[tuple[str, Sequence[Crash]]]:
    """The crashes by whose fault they are, each kind with a sentence that says so."""
    for fault, said in _FAULTS.items():
        crashes = [crash for crash in report.crashes if crash.fault == fault]
        if crashes:
            yield said, crashes


def what_to_do(crashes: Sequence[Crash]) -> str:
    """What came of the rest of the run, and what to do about crashes of one kind."""
    advice = f" {crashes[0].advice}." if crashes[0].fault == "own" else ""
    return f"All other checks were made.{visible(advice)}"


def _of_changes(report: Report, checked: str) -> str:
    """What was found where something changed, and how much stands elsewhere."""
    found = f"Found {levels(report.counts)}" if report.findings else "No findings"
    return f"{found} in what changed, {len(report.elsewhere or ()):,} elsewhere ({checked})."


def levels(counts: Mapping[Level, int]) -> str:
    """`2 errors and 1 note`."""
    return listed([counted(counts[level], level) for level in LEVELS if counts[level]])


def counted(number: int, noun: str) -> str:
    """`1 file`, `1,204 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def table(report: Report, shown: Counter[tuple[str, Level]], view: View) -> Iterator[str]:
    """One line a rule, worst first; `shown` says how many findings of it the reader has before him."""
    names = max(len(tally.rule) for tally in report.tallies)
    digits = max(len(f"{tally.findings:,}") for tally in report.tallies)
    for tally in report.tallies:
        level = view.paint(f"{tally.level:<7}", tally.level)
        number = f"{tally.findings:>{digits},} in {counted(tally.files, 'file')}"
        few = shown[tally.rule, tally.level]
        more = f", {few} shown" if 0 < few < tally.findings else ""
        yield f"  {level}  {tally.rule:<{names}}  {number}{more}"


def next_steps(report: Report, hidden: int) -> Iterator[str]:
    """What to do now: understand the worst rule, begin with the smallest family, see what is `hidden`."""
    steps = [(f"airwarden explain {report.tallies[0].rule}", "why it matters and what to do")]
    sizes = Counter(finding.family for finding in report.findings)
    worst = {tally.family for tally in report.tallies if tally.level == report.tallies[0].level}
    if hidden and len(sizes) > 1:
        family = min(worst, key=lambda name: (sizes[name], name))
        steps.append(
            (f"airwarden check --select {family}", f"a small start: {counted(sizes[family], 'finding')}")
        )
    steps += _mending(report)
    if hidden:
        steps.append(("airwarden check -v", f"shows the other {counted(hidden, 'finding')}"))
    wide = max(len(command) for command, _ in steps)
    for place, (command, gain) in enumerate(steps):
        yield f"{'' if place else 'Next:':<5} {command:<{wide}}  {gain}"


def _mending(report: Report) -> Iterator[tuple[str, str]]:
    """How many findings can be mended without a doubt, and how many more with a look at what was done."""
    fixes = [each.fix.safe for each in report.findings if each.fix and each.fix.edits]
    safe, unsafe = sum(fixes), len(fixes) - sum(fixes)
    if safe:
        yield "airwarden check --fix", f"mends {counted(safe, 'finding')}"
    if unsafe:
        how_many = f"{unsafe:,} more" if safe else counted(unsafe, "finding")
        yield "airwarden check --fix --unsafe-fixes", f"mends {how_many}, to be looked at"
