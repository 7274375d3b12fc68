"""For code scanning: SARIF 2.1.0 as GitHub takes it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

from airwarden import __version__
from airwarden.findings import Edit, Finding, Fix, Region, Related
from airwarden.formats.sarif_rules import descriptor
from airwarden.formats.summary import counted
from airwarden.formats.view import HOME, PLAIN, View, json_text, sentence
from airwarden.report import Crash, Report, Silenced, severity

if TYPE_CHECKING:
    from airwarden.shards import Shard

Json: TypeAlias = dict[str, Any]

RESULTS = 25_000
"""Results of one run past which GitHub refuses the file; it shows the worst 5,000."""

BYTES = 10_000_000
"""Size, compressed, past which GitHub refuses the file."""

RELATED = 100
"""Places of one result that GitHub takes in."""

LINKS = 5
"""Related places that the message itself names."""

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "SRCROOT"
_TOOL = {"name": "airwarden", "version": __version__, "semanticVersion": __version__, "informationUri": HOME}


def render(report: Report, view: View = PLAIN) -> str:
    """The report as a SARIF log, the worst findings first, no line of source in it.

    Code scanning takes silenced results for open alerts, so only a view that asks for them gets them.
    """
    ids = sorted(report.rules)
    every = list(_ranked(report, view.suppressed))
    results = [
        {
            "ruleId": finding.rule,
            "ruleIndex": ids.index(finding.rule),
            **_result(report, finding, name, view),
            **more,
        }
        for finding, name, more in every[:RESULTS]
    ]
    return log(
        [descriptor(report.rules[rule]) for rule in ids],
        results,
        [_crash(crash, report) for crash in report.crashes],
        left=len(every) - len(results),
        shard=report.shard,
    )


def _ranked(report: Report, has_silenced: bool) -> Iterator[tuple[Finding, str, Json]]:
    """Each finding with its fingerprint and what is to be told of its being silenced; silenced ones last."""
    none: Json = {"suppressions": []} if has_silenced else {}
    named = zip(report.findings, report.fingerprints, strict=True)
    yield from ((*pair, none) for pair in sorted(named, key=lambda pair: severity(pair[0])))
    if has_silenced:
        silenced = zip(report.silenced, report.silenced_fingerprints, strict=True)
        for each, name in sorted(silenced, key=lambda pair: severity(pair[0].finding)):
            yield each.finding, name, {"suppressions": [_suppression(each)]}


def _suppression(silenced: Silenced) -> Json:
    kind = "inSource" if silenced.kind == "in-source" else "external"
    why = str(silenced.why)
    return {"kind": kind, "status": "accepted", **({"justification": _said(why)} if why else {})}


def log(
    rules: Sequence[Json],
    results: Sequence[Json],
    crashes: Sequence[Json],
    *,
    left: int = 0,
    shard: Shard | None = None,
) -> str:
    """A log of rules, results and notifications of crashes that have the form of this format; the results,
    worst first, as far as GitHub takes them, and how many are `left` out already.
    """
    most = RESULTS
    text = _log(rules, results, crashes, left, shard, most)
    while len(text) > BYTES and len(gzip.compress(text.encode(), 6)) > BYTES:
        most //= 2
        text = _log(rules, results, crashes, left, shard, most)
    return text


def _log(
    rules: Sequence[Json],
    results: Sequence[Json],
    crashes: Sequence[Json],
    left: int,
    shard: Shard | None,
    most: int,
) -> str:
    left += len(results[most:])
    run = {
        "tool": {"driver": {**_TOOL, "rules": rules}},
        "invocations": [_invocation(crashes, left)],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": results[:most],
    }
    if shard is not None:
        run["properties"] = {"shard": {**asdict(shard), "left_out": left}}
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(report: Report, finding: Finding, fingerprint: str, view: View) -> Json:
    related = finding.related[:RELATED]
    result: Json = {
        "level": finding.level,
        "message": {"text": _message(finding)},
        "locations": [_location(finding.region, view)],
        "partialFingerprints": {"airwarden/v1": fingerprint},
    }
    if related:
        result["relatedLocations"] = [_related(*pair, view) for pair in enumerate(related, 1)]
    if finding.steps:
        result["codeFlows"] = [_flow(finding, view)]
    fix = report.shown_fix(finding)
    if fix:
        result["fixes"] = [_fix(fix, view)]
    return result


def _message(finding: Finding) -> str:
    """What is wrong, the way out, and links to the related places, which GitHub shows in no other way."""
    links = [f"[{_link(other.note)}]({number})" for number, other in enumerate(finding.related[:LINKS], 1)]
    remedy = sentence(finding.remedy, capital=True) if finding.remedy else ""
    see = f"See {', '.join(links)}." if links else ""
    return " ".join(filter(None, (_said(finding.message), _unlinked(remedy), see)))


def _related(number: int, other: Related, view: View) -> Json:
    return {"id": number, **_location(other.region, view), "message": {"text": _said(other.note)}}


def _flow(finding: Finding, view: View) -> Json:
    """The way of a value, step by step; the last one is the place of the finding."""
    steps = [*finding.steps, Related(finding.region, finding.message)]
    locations = [
        {"location": {**_location(step.region, view), "message": {"text": _said(step.note)}}}
        for step in steps
    ]
    return {"threadFlows": [{"locations": locations}]}


def _location(region: Region, view: View) -> Json:
    return {"physicalLocation": {**_artifact(region.path, view), "region": _region(region)}}


def _artifact(path: str, view: View) -> Json:
    return {"artifactLocation": {"uri": view.uri(path), "uriBaseId": _ROOT}}


def _region(region: Region) -> Json:
    return {
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    }


def _fix(fix: Fix, view: View) -> Json:
    edits = sorted(fix.edits, key=lambda edit: edit.region)
    changes = [
        {**_artifact(path, view), "replacements": [_replacement(edit) for edit in group]}
        for path, group in groupby(edits, key=lambda edit: edit.region.path)
    ]
    return {"description": {"text": _said(fix.title)}, "artifactChanges": changes}


def _replacement(edit: Edit) -> Json:
    return {"deletedRegion": _region(edit.region), "insertedContent": {"text": edit.text}}


def _invocation(crashes: Sequence[Json], left: int) -> Json:
    """How the run went: its crashes, and how many findings were left out."""
    notes = list(crashes)
    if left:
        text = f"Code scanning takes no more of a run: the mildest {counted(left, 'finding')} are left out."
        notes.append({"level": "warning", "message": {"text": text}})
    return {"executionSuccessful": not crashes, "toolExecutionNotifications": notes}


def _crash(crash: Crash, report: Report) -> Json:
    rule = {"associatedRule": {"id": crash.rule}} if crash.rule in report.rules else {}
    return {"level": "error", "message": {"text": _said(f"{crash.title}: {crash}")}, **rule}


def place_of_result(result: Json) -> tuple[str | int, ...]:
    """Where a result stands: the path from the root of the checkout on, and the four ends of its region."""
    place = result["locations"][0]["physicalLocation"]
    path = unquote(place["artifactLocation"]["uri"], errors="surrogatepass")
    ends = ("startLine", "startColumn", "endLine", "endColumn")
    return path, *(int(place["region"][end]) for end in ends)


def is_silenced(result: Json) -> bool:
    """Whether a result is there for the record alone."""
    return bool(result.get("suppressions"))


def path_of_crash(notification: Json) -> str:
    """The path that the notification of a crash names."""
    return str(notification["message"]["text"]).partition(" on ")[2].rpartition(": ")[0]


def _said(text: str) -> str:
    """A sentence without links."""
    return _unlinked(sentence(text))


def _unlinked(text: str) -> str:
    """The text of a message in which a viewer finds no link (SARIF 2.1.0, 3.11.6). Braces stay as they are:
    they stand for something only where a message has arguments.
    """
    return text.replace("](", "] (")


def _link(text: str) -> str:
    """The text of a link in a message (SARIF 2.1.0, 3.11.6)."""
    return re.sub(r"([\\\[\]])", r"\\\1", sentence(text)[:-1])
