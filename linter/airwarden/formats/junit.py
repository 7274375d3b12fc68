"""For CI servers that read JUnit's XML: a suite a family, a case for each file that breaks a rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from airwarden.findings import LEVELS, Finding
from airwarden.formats.summary import counted
from airwarden.formats.view import PLAIN, View, visible
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.report import Crash, Report, Silenced, Silencer, severity

_ILLEGAL = regex("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Whatever XML 1.0 has no way to write."""

_BY: Mapping[Silencer, str] = {"in-source": "by a comment", "baseline": "by the baseline"}
_OWN = "airwarden"
"""The suite of crashes of rules whose family is not known."""


@dataclass(frozen=True)
class _Case:
    """A test case: its name, what came of it (`passed`, `failure`, `error` or `skipped`), and where."""

    name: str
    outcome: str
    place: tuple[str, int] | None = None
    message: str = ""
    kind: str = ""
    text: str = ""


def render(report: Report, view: View = PLAIN) -> str:
    """The report as test suites. A finding that fails the run fails its case; a milder one is output."""
    suites = _suites(report, view)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f"<testsuites {_attributes({'name': 'airwarden', **_counts(_all(suites), 'skipped')})}>")
    for family, cases in sorted(suites.items()):
        lines.append(f"  <testsuite {_attributes({'name': f'airwarden.{family}', **_counts(cases)})}>")
        lines += [line for case in cases for line in _case(case, family)]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _suites(report: Report, view: View) -> Mapping[str, list[_Case]]:
    """The cases by family: of each rule, one for each file that breaks it, or one that passes."""
    suites: defaultdict[str, list[_Case]] = defaultdict(list)
    groups: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        groups[finding.rule, finding.region.path].append(finding)
    found = {rule for rule, _ in groups} | {crash.rule for crash in report.crashes}
    for crash in report.crashes:
        suites[_family(crash, report)].append(_crash(crash, view))
    for (_, path), group in sorted(groups.items()):
        suites[group[0].family].append(_broken(path, group, view))
    for case, family in _silenced(report, view):
        suites[family].append(case)
    found |= {each.finding.rule for each in report.silenced}
    for rule in report.rules.values():
        if rule.id not in found:
            suites[rule.family].append(_Case(rule.id, "passed"))
    return {family: sorted(cases, key=lambda each: each.name) for family, cases in suites.items()}


def _silenced(report: Report, view: View) -> Iterator[tuple[_Case, str]]:
    """A case for each rule and file with silenced findings, and its family."""
    groups: defaultdict[tuple[str, str], list[Silenced]] = defaultdict(list)
    for each in report.silenced:
        groups[each.finding.rule, each.finding.region.path].append(each)
    for (rule, path), group in sorted(groups.items()):
        file, first = view.prefix + path, group[0].finding
        why = "; ".join(dict.fromkeys(f"{_BY[each.kind]}: {each.why}".removesuffix(": ") for each in group))
        place = (file, first.region.line)
        yield _Case(f"{rule} in {file} (silenced)", "skipped", place, why, "silenced"), first.family


def _family(crash: Crash, report: Report) -> str:
    return report.rules[crash.rule].family if crash.rule in report.rules else _OWN


def _broken(path: str, group: Sequence[Finding], view: View) -> _Case:
    worst = min(group, key=severity)
    fails = severity(worst) <= LEVELS.index(view.fail_on)
    more = f" (and {counted(len(group) - 1, 'more finding')})" if len(group) > 1 else ""
    file = view.prefix + path
    return _Case(
        f"{worst.rule} in {file}",
        "failure" if fails else "passed",
        (file, worst.region.line),
        f"{worst.message}{more}",
        worst.level,
        "\n".join(line for finding in group for line in _told(finding, file)),
    )


def _told(finding: Finding, file: str) -> Iterator[str]:
    region = finding.region
    yield f"{visible(file)}:{region.line}:{region.column} {finding.level} {visible(finding.message)}"
    if finding.remedy:
        yield f"  help: {visible(finding.remedy)}"


def _crash(crash: Crash, view: View) -> _Case:
    file = view.prefix + crash.path
    message = f"{crash.title}: {crash.message}"
    return _Case(f"{crash.rule} in {file}", "error", (file, 1), message, "crash", visible(str(crash)))


def _case(case: _Case, family: str) -> Iterator[str]:
    named = {"name": case.name, "classname": f"airwarden.{family}"}
    if case.place:
        named |= {"file": case.place[0], "line": str(case.place[1])}
    head = f"    <testcase {_attributes({**named, 'time': '0'})}"
    if case.outcome == "passed" and not case.text:
        yield f"{head}/>"
        return
    yield f"{head}>"
    if case.outcome == "passed":
        yield f"      <system-out>{_text(case.text)}</system-out>"
    else:
        said = _attributes({"message": case.message, "type": case.kind})
        yield f"      <{case.outcome} {said}>{_text(case.text)}</{case.outcome}>"
    yield "    </testcase>"


def _all(suites: Mapping[str, Sequence[_Case]]) -> list[_Case]:
    return [case for cases in suites.values() for case in cases]


def _counts(cases: Iterable[_Case], without: str = "") -> dict[str, str]:
    outcomes = [case.outcome for case in cases]
    counts = {"tests": len(outcomes), "failures": outcomes.count("failure")}
    counts |= {"errors": outcomes.count("error"), "skipped": outcomes.count("skipped")}
    told = {key: str(number) for key, number in counts.items() if key != without}
    return {**told, "time": "0"}


def _attributes(values: Mapping[str, str]) -> str:
    return " ".join(f"{key}={quoteattr(_legal(visible(value)))}" for key, value in values.items())


def _text(text: str) -> str:
    return escape(_legal(text))


def _legal(text: str) -> str:
    return _ILLEGAL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
