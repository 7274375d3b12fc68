"""The formats: whole reports as snapshots, and what must hold of any report."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from airwarden import __version__
from airwarden.findings import Edit, Finding, Fix, Region, Related
from airwarden.formats import FORMATS, azure, github, job_summary, renderer, text
from airwarden.formats.cells import MASK, columns, wrapped
from airwarden.formats.github import escape_data, escape_property
from airwarden.formats.prose import escape
from airwarden.formats.view import PLAIN, Detail, View, visible
from airwarden.report import Crash, Report
from airwarden.source import Source
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from tests import reports
from tests.reports import NO_ALERT, PASSWORD, SECRET, TOKEN, UNUSED, anything

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOTS = Path(__file__).parent / "snapshots"
SCHEMA = json.loads((ROOT / "schemas" / "report.json").read_text(encoding="utf-8"))
ENDINGS = {
    "text": "txt",
    "json": "json",
    "github": "txt",
    "sarif": "json",
    "job_summary": "md",
    "html": "html",
    "markdown": "md",
    "junit": "xml",
    "gitlab": "json",
    "azure": "txt",
    "rdjson": "json",
}
DETAILS: tuple[Detail, ...] = ("summary", "usual", "everything")


def rendered(report: Report, name: str, view: View = PLAIN) -> str:
    return job_summary.render(report, view) if name == "job_summary" else renderer(name)(report, view)


# Whole reports


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("kind", ["clean", "messy"])
def test_whole_reports(kind: str, name: str) -> None:
    """AIRWARDEN_UPDATE_SNAPSHOTS=1 writes the snapshots anew."""
    found = rendered(getattr(reports, kind)(), name).replace(__version__, "(version)")
    found = re.sub(r"(?s)(?<=<style>).*(?=</style>)|(?<=<script>).*(?=</script>)|sha256-[^']+", "", found)
    file = SNAPSHOTS / f"{kind}.{name}.{ENDINGS[name]}"
    if os.environ.get("AIRWARDEN_UPDATE_SNAPSHOTS"):
        file.write_text(found, encoding="utf-8", newline="\n")
    assert found == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ENDINGS)
def test_a_report_is_the_same_from_run_to_run(name: str) -> None:
    first, second = reports.messy(), reports.messy()
    second = replace(second, rules=dict(reversed([*second.rules.items()])))
    assert rendered(first, name) == rendered(second, name)


@pytest.mark.parametrize("name", ENDINGS)
def test_every_format_ends_its_last_line(name: str) -> None:
    for report in (reports.messy(), reports.clean()):
        found = rendered(report, name)
        assert found == "" or re.search(r"[^\n]\n\Z", found)


def test_formats_are_loaded_when_asked_for() -> None:
    code = "import sys, airwarden.formats as f; print([n for n in sys.modules if f.__name__ + '.' in n])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
    assert [renderer(name).__module__ for name in FORMATS] == [
        f"airwarden.formats.{name}" for name in FORMATS
    ]


# Secrets

LETTERS = "QXZJVWK"
secrets = st.text(LETTERS, min_size=12, max_size=60)
around = st.text(
    st.characters(exclude_categories=("Zl", "Zp"), exclude_characters=f"{LETTERS}\r\n"), max_size=40
)


def fragments(secret: str) -> list[str]:
    return [secret[start : start + 6] for start in range(len(secret) - 5)]


def leaking(secret: str, before: str, after: str) -> Report:
    """A secret on a line of another finding, in several lines of its own, and in a fix."""
    source = Source("values.yaml", f"{before}{secret}{after}\nkey: |\n  {secret}\n  {secret[::-1]}\nend: 1\n")
    place = len(before)
    first = source.region(place, place + len(secret))
    block = source.region(source.text.index("|\n") + 2, source.text.index("\nend"))
    fix = Fix("Move it", (Edit(first, f"moved: {secret}"),))
    findings = [
        SECRET.finding(first, "a secret", secret=True, fix=fix),
        TOKEN.finding(block, "a secret of several lines", secret=True, related=[Related(first, "there")]),
        UNUSED.finding(source.region(0, len(source.line(1))), "the same line"),
        UNUSED.finding(Region("values.yaml", 4, 1, 4, 4), "inside the block", fix=fix),
    ]
    return reports.report(findings, [source])


@pytest.mark.parametrize("name", ENDINGS)
@given(secret=secrets, before=around, after=around)
def test_no_format_shows_a_secret(name: str, secret: str, before: str, after: str) -> None:
    report = leaking(secret, before, after)
    found = "".join(rendered(report, name, View(detail=detail, color=True)) for detail in DETAILS)
    assert not [part for part in (*fragments(secret), *fragments(secret[::-1])) if part in found]


def test_a_secret_on_the_line_is_masked_also_where_no_rule_found_it() -> None:
    source = Source("values.yaml", f'password: "{PASSWORD}"  # airwarden: ignore[x]\n')
    comment = source.region(source.text.index("#"), len(source.text) - 1)
    found = text.render(reports.report([UNUSED.finding(comment, "idle")], [source]))
    assert PASSWORD not in found
    line, carets = (row[8:] for row in found.splitlines()[2:4])
    assert line == f'password: "{MASK}"  # airwarden: ignore[x]'
    assert (carets.index("^"), len(carets)) == (line.index("#"), len(line))


def test_a_mask_does_not_tell_the_length() -> None:
    shown = {
        text.render(leaking("Q0" * size, "pass: ", "")).split("pass: ")[1].split("\n")[0] for size in (6, 20)
    }
    assert shown == {MASK}


# Text


def excerpt(line: str, word: str, width: int = 100, end: int | None = None) -> tuple[str, str]:
    source = Source("dags/a.py", f"{line}\nsecond line\n")
    place = source.text.index(word)
    region = source.region(place, place + len(word) if end is None else end)
    found = text.render(reports.report([UNUSED.finding(region, "here")], [source]), View(width=width))
    shown, carets = found.splitlines()[2:4]
    assert (shown[:8], carets[:8]) == ("    1 | ", "      | ")
    return shown[8:], carets[8:]


@pytest.mark.parametrize(
    ("line", "word", "shown", "carets"),
    [
        ("x = bad(1)", "bad", "x = bad(1)", "    ^^^"),
        ("\tx = bad(1)", "bad", "    x = bad(1)", "        ^^^"),
        ("ab\tbad\tx", "bad\t", "ab  bad x", "    ^^^^"),
        ("'数据' bad", "bad", "'数据' bad", "       ^^^"),
        ("x = '数据'", "数据", "x = '数据'", "     ^^^^"),
        ("e\u0301 bad", "bad", "e\u0301 bad", "  ^^^"),
        ("\x1b[2J bad", "bad", r"\x1b[2J bad", "        ^^^"),
        ("a\u202eb bad", "bad", r"a\u202eb bad", "         ^^^"),
    ],
)
def test_the_underline_stays_in_place(line: str, word: str, shown: str, carets: str) -> None:
    assert excerpt(line, word) == (shown, carets)


def test_a_place_between_two_characters_gets_one_caret() -> None:
    assert excerpt("x = (", "(", end=4) == ("x = (", "    ^")
    assert excerpt("x = ", "\n", end=4)[1] == "   ^"


def test_a_region_of_many_lines_is_underlined_to_the_end_of_the_first() -> None:
    assert excerpt("x = f(  ", "f(", end=14) == ("x = f(", "    ^^ to line 2")


@given(st.integers(0, 400), st.integers(0, 400), st.integers(40, 160), st.sampled_from(",\t数\x1b"))
def test_a_long_line_is_cut_around_the_region(before: int, after: int, width: int, filler: str) -> None:
    shown, carets = excerpt(filler * before + "bad" + filler * after, "bad", width)
    place = carets.index("^")
    columns = "".join(f"{char}\0" if char == "数" else char for char in shown)
    assert columns[place : place + 3] == "bad"
    assert carets[place:] == "^^^"
    assert len(columns) <= width - 8


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (10, 10, "," * 10 + "bad" + "," * 10),
        (90, 2, "..." + "," * 28 + "bad,,"),
        (2, 90, ",,bad" + "," * 29 + "..."),
        (90, 90, "..." + "," * 11 + "bad" + "," * 20 + "..."),
    ],
)
def test_a_mark_stands_where_a_line_is_cut(before: int, after: int, shown: str) -> None:
    assert excerpt("," * before + "bad" + "," * after, "bad", 48)[0] == shown


@given(anything, anything, anything, anything)
def test_nothing_that_a_terminal_obeys_gets_through(path: str, message: str, note: str, line: str) -> None:
    source = Source(f"a{path}", line)
    finding = UNUSED.finding(
        Region(source.path, 1, 1, 1, 2),
        message,
        related=[Related(Region(path, 1, 1, 1, 1), note)],
        remedy=note,
    )
    report = reports.report([finding], [source])
    report = replace(report, crashes=(Crash("r", path, message),), unknown_dags=(note,))
    for detail in DETAILS:
        found = text.render(report, View(detail=detail))
        assert visible(found, keep="\n") == found
        assert found.encode()


def test_colours_come_only_when_asked_for() -> None:
    plain, colored = (text.render(reports.messy(), View(color=color)) for color in (False, True))
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == plain
    assert colored.count("\x1b[") == 2 * colored.count("\x1b[0m") > 50


@given(anything, st.integers(20, 120), st.integers(0, 30))
def test_words_are_kept_whole_and_lines_short(message: str, width: int, taken: int) -> None:
    text = visible(message)
    first, *rest = wrapped(text, width, taken, 8).split("\n")
    assert " ".join([first, *(line[8:] for line in rest)]).split() == text.split()
    for line, before in [(first, taken), *((line, 0) for line in rest)]:
        assert before + columns(line) <= width or " " not in line.strip() or line.endswith(" ")
    assert all(line.startswith(" " * 8) for line in rest)


def test_sentences_are_broken_on_a_terminal_alone() -> None:
    report = reports.report(
        [UNUSED.finding(Region("a.py", 1, 1, 1, 2), "word " * 20 + "end", remedy="do it " * 20)]
    )
    shown = (text.render(report, View(width=60, wrap=wrap)) for wrap in (False, True))
    plain, broken = (each.partition("\nFound ")[0] for each in shown)
    assert max(map(len, broken.splitlines())) <= 60 < max(map(len, plain.splitlines()))
    assert "\n        word" in broken
    assert "\n              do it" in broken
    assert plain.split() == broken.split()
    colored = text.render(report, View(width=60, wrap=True, color=True))
    assert re.sub(r"\x1b\[[\d;]*m", "", colored).startswith(broken)


def test_a_safe_fix_is_told() -> None:
    edit = (Edit(Region("a.py", 1, 1, 1, 1), "x"),)
    for safe in (True, False):
        finding = UNUSED.finding(Region("a.py", 1, 1, 1, 2), "x", fix=Fix("Mend it", edit, safe=safe))
        found = text.render(reports.report([finding]))
        assert ("= help: Delete it. (--fix does it)\n" in found) == safe


def test_what_is_silenced_is_shown_where_that_is_wanted() -> None:
    lines = text.render(reports.messy(), View(suppressed=True)).splitlines()
    assert "Silenced:" in lines
    (told,) = (line for line in lines if "(by the baseline, " in line)
    assert told.startswith("  chart/values.yaml:2:")
    assert "DATA-12" in told
    assert "Silenced:" not in text.render(reports.messy()).splitlines()
    assert "Silenced:" not in text.render(reports.messy(), View(suppressed=True, detail="summary"))


def many(number: int, files: int, **facts: Any) -> list[Finding]:
    places = [Region(f"dags/{place % files}.py", place + 1, 1, place + 1, 2) for place in range(number)]
    return [NO_ALERT.finding(place, "alerts nobody", **facts) for place in places]


def places_shown(found: str, rule: str = NO_ALERT.id) -> list[str]:
    return re.findall(rf"^(\S+):\d+:\d+ \w+ {rule} ", found, re.MULTILINE)


def test_all_findings_are_shown_as_long_as_they_are_few() -> None:
    found = text.render(reports.report(many(text.MANY, 5)))
    assert len(places_shown(found)) == text.MANY
    assert "shown" not in found
    assert "-v" not in found


@pytest.mark.parametrize(("files", "expected"), [(1, [5]), (2, [3, 2]), (5, [1] * 5), (40, [1] * 5)])
def test_examples_stand_for_many_findings(files: int, expected: list[int]) -> None:
    found = text.render(reports.report(many(text.MANY + 1, files)))
    shown = places_shown(found)
    assert [shown.count(path) for path in dict.fromkeys(shown)] == expected
    assert f"51 in {files} file{'s' * (files > 1)}, 5 shown" in found
    assert re.search(r"airwarden check -v +shows the other 46 findings\n", found)


def test_findings_of_one_cause_are_told_as_one() -> None:
    folded = replace(NO_ALERT, folded=True)
    one, other = many(8, 8, subject="ssh"), many(2, 2, subject="slack")
    whole = replace(reports.report([*one, *other]), rules={folded.id: folded})
    found = text.render(whole)
    assert places_shown(found) == ["dags/0.py", "dags/0.py"]
    further = ", ".join(f"dags/{n}.py:{n + 1}:1" for n in range(1, 6))
    assert f"also: {further} and 2 more (-v shows them)" in found
    assert "also: dags/1.py:2:1\n" in found
    assert "shows the other" not in found
    assert len(places_shown(text.render(whole, View(detail="everything")))) == 10


def test_one_provider_that_two_lists_miss_is_told_twice() -> None:
    folded = replace(NO_ALERT, folded=True)
    found = [each for name in "ab" for each in many(2, 2, subject="ssh", remedy=f"add it to {name}")]
    whole = replace(reports.report(found), rules={folded.id: folded})
    assert len(places_shown(text.render(whole))) == 2


def test_everything_shows_everything() -> None:
    found = text.render(reports.report(many(text.MANY + 1, 40)), View(detail="everything"))
    assert len(places_shown(found)) == 51
    assert "-v" not in found


def test_a_rules_few_errors_do_not_drown_in_its_notes() -> None:
    error = NO_ALERT.finding(Region("dags/z.py", 1, 1, 1, 2), "surely alerts nobody")
    found = text.render(reports.report([*many(300, 300, level="note"), error]))
    assert "dags/z.py:1:1 error" in found
    assert len(places_shown(found)) == 6


def test_a_first_run_fits_on_a_few_pages_and_says_where_to_begin() -> None:
    report = reports.large(3000)
    found = text.render(report)
    assert len(found.splitlines()) < 300
    summary = found[found.index("Found ") :].splitlines()
    assert summary[0] == "Found 2,993 errors and 7 warnings in 900 files (1,200 files checked)."
    assert [line.split()[1] for line in summary[2:7]] == [tally.rule for tally in report.tallies]
    assert summary[8].startswith(f"Next: airwarden explain {NO_ALERT.id} ")
    assert "airwarden check --select secrets " in summary[9]
    assert "airwarden check -v " in summary[10]


def test_where_nothing_was_checked_nothing_is_called_clean() -> None:
    nothing = reports.report([])
    assert text.render(nothing) == (
        "Nothing to check: there is no DAG and no values file here; "
        "`dag-folders` and `values-files` tell of more.\n"
    )
    colored = text.render(reports.clean(), View(color=True))
    assert colored == "\x1b[32mNo findings: 12 files checked.\x1b[0m\n"
    crashed = replace(reports.clean(), crashes=(Crash("r", "p", "m"),))
    assert "\x1b[1mNo findings: 12 files checked." in text.render(crashed, View(color=True))


def test_carets_stand_below_a_line_of_any_number() -> None:
    source = Source("a.py", "\n" * 123_455 + "bad")
    found = text.render(reports.report([UNUSED.finding(reports.region(source, "bad"), "x")], [source]))
    assert found.splitlines()[2:4] == ["123456 | bad", "       | ^^^"]


LINKING = ("json", "rdjson", "sarif", "html", "job_summary", "markdown")


@pytest.mark.parametrize("name", LINKING)
def test_a_rule_is_linked_to_its_own_page(name: str) -> None:
    page = "https://github.com/airwarden/airwarden/blob/main/docs/rules/unused-suppression.md"
    finding = UNUSED.finding(Region("a.py", 1, 1, 1, 2), "x")
    found = rendered(replace(reports.report([finding]), rules={UNUSED.id: UNUSED}), name)
    assert page in found
    assert (UNUSED.see in found) == (name in ("sarif", "html")), "the evidence stands where there is room"


@pytest.mark.parametrize("name", LINKING)
def test_a_rule_of_a_pack_is_linked_to_what_it_names_itself(name: str) -> None:
    own = replace(UNUSED, module="airwarden_policies.shape.unused_suppression")
    report = reports.report([own.finding(Region("a.py", 1, 1, 1, 2), "x")])
    found = rendered(replace(report, rules={own.id: own}), name)
    assert own.see in found
    assert "docs/rules/" not in found
    silent = rendered(replace(report, rules={own.id: replace(own, see="")}), name)
    assert "docs/rules/" not in silent
    assert not re.search(r"\]\(\)|<>|See \.|Evidence: \.|\"helpUri\": \"\"|\"url\": \"\"", silent)


@pytest.mark.parametrize("name", [*FORMATS, "job_summary"])
def test_a_policy_that_fails_is_not_told_as_our_own_fault(name: str) -> None:
    said = "ValueError in the policy shape/harm_done.py, line 7"
    policy, own = (
        Crash("harm-done", "a.py", said, "policy"),
        Crash("known-token", "a.py", "KeyError in b"),
    )
    found = html.unescape(rendered(replace(reports.clean(), crashes=(policy,)), name))
    assert said in found
    assert name == "json" or "policy failed" in found.lower()
    assert "itself failed" not in found
    assert "/issues" not in found
    both = html.unescape(rendered(replace(reports.clean(), crashes=(policy, own)), name))
    assert said in both
    assert name == "json" or ("policy failed" in both.lower() and "airwarden itself failed" in both)


def test_quiet_is_the_summary_alone() -> None:
    found = text.render(reports.messy(), View(detail="summary"))
    assert found.startswith("airwarden itself failed here.")
    assert places_shown(found, ".*") == []
    assert "dag-without-failure-alert  2 in 1 file\n" in found
    assert "Next:" not in found


def test_verbose_names_the_dags_whose_alert_is_not_known() -> None:
    assert "dags/factory.py:9 sales" in text.render(reports.messy(), View(detail="everything"))
    assert "dags/factory.py:9 sales" not in text.render(reports.messy())
    assert "1 DAG it can't be known" in text.render(reports.messy())


def test_related_places_are_few_unless_all_are_wanted() -> None:
    related = [Related(Region("a.py", line, 1, line, 2), f"place {line}") for line in range(1, 9)]
    report = reports.report([UNUSED.finding(Region("b.py", 1, 1, 1, 2), "x", related=related)])
    assert text.render(report).count("= see: a.py:") == 5
    assert "      = and 3 more places (-v shows them)\n" in text.render(report)
    assert text.render(report, View(detail="everything")).count("= see: a.py:") == 8


# JSON


@pytest.mark.parametrize("report", [reports.clean(), reports.messy(), reports.large(200)])
def test_json_is_as_its_schema_says(report: Report) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    body = json.loads(rendered(report, "json"))
    Draft202012Validator(SCHEMA).validate(body)
    assert len(body["findings"]) == body["summary"]["findings"] == len(report.findings)
    assert sum(rule["findings"] for rule in body["summary"]["rules"]) == len(report.findings)


@pytest.mark.parametrize("key", ["rule", "path", "end_column", "related", "fix", "fingerprint", "help_url"])
def test_the_schema_knows_every_key_and_no_other(key: str) -> None:
    body = json.loads(rendered(reports.messy(), "json"))
    finding = body["findings"][0]
    value = finding.pop(key)
    with pytest.raises(ValidationError, match=f"'{key}' is a required property"):
        Draft202012Validator(SCHEMA).validate(body)
    finding.update({key: value, "snippet": ""})
    with pytest.raises(ValidationError, match="'snippet' was unexpected"):
        Draft202012Validator(SCHEMA).validate(body)


@given(anything, anything)
def test_json_gives_back_what_it_was_given(path: str, message: str) -> None:
    finding = UNUSED.finding(
        Region(f"a{path}", 1, 2, 3, 4), message, related=[Related(Region(path, 1, 1, 1, 1), path)]
    )
    found = rendered(reports.report([finding]), "json")
    assert found.isascii()
    (back,) = json.loads(found)["findings"]
    assert (back["path"], back["message"], back["related"][0]["message"]) == (f"a{path}", message, path)


# GitHub


def parsed(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as the runner reads it."""
    match = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
    assert match, line
    properties = dict(part.split("=", 1) for part in match[2].split(","))
    return match[1], {key: unescaped(value) for key, value in properties.items()}, unescaped(match[3])


def unescaped(value: str) -> str:
    for char, code in (("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C"), ("%", "%25")):
        value = value.replace(code, char)
    return value


@given(anything, anything, anything)
def test_the_runner_reads_what_was_meant(path: str, message: str, remedy: str) -> None:
    finding = UNUSED.finding(Region(f"a{path}", 3, 5, 3, 9), message, remedy=remedy)
    line, *rest = github.render(reports.report([finding]), View(prefix="sub:dir/")).split("\n")
    expected = {"file": f"sub:dir/a{path}", "line": "3", "endLine": "3", "col": "5", "endColumn": "9"}
    expected = {key: visible(value, keep="\r\n") for key, value in expected.items()} | {"title": UNUSED.id}
    said = visible("\n".join(filter(None, (message, remedy))), keep="\r\n")
    assert parsed(line) == ("warning", expected, said)
    assert rest == ["Found 1 warning in 1 file (0 files checked).", ""]


def test_escapes() -> None:
    assert escape_data("100%\r\na:b,c") == "100%25%0D%0Aa:b,c"
    assert escape_property("100%\r\na:b,c") == "100%25%0D%0Aa%3Ab%2Cc"


def test_columns_are_given_for_one_line_only() -> None:
    one, more = (UNUSED.finding(Region("a.py", 3, 5, line, 9), "x") for line in (3, 4))
    lines = github.render(reports.report([one, more])).splitlines()
    first, second = (parsed(line)[1] for line in lines[:2])
    assert first == {
        "file": "a.py",
        "line": "3",
        "endLine": "3",
        "col": "5",
        "endColumn": "9",
        "title": UNUSED.id,
    }
    assert second == {"file": "a.py", "line": "3", "endLine": "4", "title": UNUSED.id}


def test_errors_come_first_and_what_is_not_shown_is_counted() -> None:
    findings = [*many(13, 13, level="note"), *many(10, 10, level="warning"), *many(11, 11)]
    report = replace(reports.report(findings), crashes=(Crash("r", "p", "m"),))
    *lines, left, last = github.render(report).splitlines()
    commands = [parsed(line)[0] for line in lines]
    assert commands == ["error"] * 12 + ["warning"] * 10 + ["notice"] * 13
    assert parsed(lines[0])[1] == {"title": "airwarden itself failed"}
    assert (
        left == "GitHub shows 10 annotations of a level. Not shown: 2 errors and 3 notes (see the summary)."
    )
    assert last == "Found 11 errors, 10 warnings and 13 notes in 13 files (0 files checked)."


def test_the_log_of_a_green_run_tells_what_was_checked() -> None:
    for each in (github, azure):
        assert each.render(reports.clean()) == "No findings: 12 files checked.\n"


# The job summary

ROW = re.compile(r"\| ([^|]*) \| ([^|]*) \|")


def rows(found: str) -> list[tuple[str, ...]]:
    """The rows of the tables of findings, as a browser shows them."""
    tables = re.findall(r"\| Place \| Finding \|\n\| --- \| --- \|\n((?:\|.*\n)*)", found)
    matches = [ROW.fullmatch(line) for table in tables for line in table.splitlines()]
    assert all(matches)
    return [
        tuple(html.unescape(cell.replace("<!-- -->", "")) for cell in match.groups())
        for match in matches
        if match
    ]


@given(anything, anything)
def test_markdown_shows_what_was_meant(path: str, message: str) -> None:
    report = reports.report([UNUSED.finding(Region(f"a{path}", 3, 5, 3, 9), message)])
    found = job_summary.render(report)
    ((place, shown),) = rows(found)
    assert place == visible(f"a{path}:3:5".replace("\r\n", "\n"), keep="\n").replace("\n", "<br>")
    assert shown == visible(message.replace("\r\n", "\n"), keep="\n").replace("\n", "<br>")
    cell = escape(message)
    assert not set(re.sub(r"&#\d+;|<br>|<!-- -->", "", cell)) & set("&<>|`*_[]\n\\")


def test_places_are_links_where_the_address_is_known() -> None:
    view = View(prefix="air flow/", blob="https://github.com/o/r/blob/abc/")
    found = job_summary.render(reports.report([UNUSED.finding(Region("dags/(a).py", 3, 5, 4, 9), "x")]), view)
    assert (
        "| [dags/(a).py:3:5](https://github.com/o/r/blob/abc/air%20flow/dags/%28a%29.py#L3-L4) | x |" in found
    )


def test_what_does_not_fit_into_the_job_summary_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    report = reports.large(2000)
    assert len(rows(job_summary.render(report))) == 2000
    monkeypatch.setattr(job_summary, "LIMIT", 60_000)
    found = job_summary.render(report)
    left = re.search(r"\n([\d,]+) more findings did not fit here", found)
    assert left
    assert 50_000 < len(found.encode()) <= 60_000
    assert len(rows(found)) + int(left[1].replace(",", "")) == 2000
    assert found.count("<details>") == found.count("</details>")
    assert found.count("<details>") > 0


def test_a_huge_report_stays_below_what_github_takes() -> None:
    assert len(job_summary.render(reports.large(12_000)).encode()) <= job_summary.LIMIT < 2**20


# The report


def test_tallies_are_worst_first() -> None:
    tallies = reports.messy().tallies
    assert [(tally.level, tally.rule, tally.findings, tally.files) for tally in tallies] == [
        ("error", "dag-without-failure-alert", 2, 1),
        ("error", "dataframe-in-xcom", 2, 1),
        ("error", "inline-secret-in-values", 2, 1),
        ("error", "known-token", 2, 2),
        ("warning", "unused-suppression", 1, 1),
        ("note", "provider-not-declared", 1, 1),
    ]
    assert [tally.findings for tally in reports.large(500).tallies] == [400, 49, 46, 4, 1]
