"""Whatever names, messages and files hold, it is shown and never obeyed, in any output."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from airwarden.formats import FORMATS, job_summary, renderer
from airwarden.formats.prose import comment, prose
from airwarden.formats.view import EarlierRun, View, is_unseen, visible
from airwarden.report import Report
from airwarden.server.explanations import explanation
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from tests.conftest import some
from tests.hostile import EVERYTHING, GROUPS, report_of, rule_of, words

SCHEMA = json.loads((Path(__file__).parent.parent / "schemas" / "report.json").read_text(encoding="utf-8"))
BLOB = "https://github.com/o/r/blob/abc/"
HISTORY = (EarlierRun(EVERYTHING, {"error": 1}, {}),)
VIEW = View(detail="everything", suppressed=True, blob=BLOB, history=HISTORY)
COMMAND = re.compile(r"^\s*::[a-z]|##(?:\[|vso\[|teamcity\[)", re.IGNORECASE | re.MULTILINE)
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def unseen(text: str) -> set[str]:
    return {char for char in set(text) if is_unseen(char)} - {"\n"}


def assert_plain(text: str) -> None:
    assert not unseen(text)
    assert not COMMAND.search(text)


# What each format is read as


class Html(HTMLParser):
    """Elements and pieces of text, as a browser finds them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.inside = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside not in ("script", "style"):
            self.texts.append(data)

    @property
    def links(self) -> set[str]:
        return {facts["href"] or "" for tag, facts in self.elements if tag == "a" and "href" in facts}


def check_text(text: str, _: Report) -> None:
    assert_plain(text)
    coloured = renderer("text")(_, View(detail="everything", suppressed=True, color=True))
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == renderer("text")(
        _, View(detail="everything", suppressed=True)
    )


def check_github(text: str, report: Report) -> None:
    lines = text.removesuffix("\n").split("\n")
    commands = [line for line in lines if COMMAND.match(line)]
    assert len(commands) == len(report.findings) + len(report.crashes)
    for line in commands:
        found = re.fullmatch(r"::(?:error|warning|notice) ([^:]*)::([^\r\n]*)", line)
        assert found
        assert not unseen(found[0])
        assert [each.partition("=")[0] for each in found[1].split(",")] in (
            ["file", "line", "endLine", "col", "endColumn", "title"],
            ["file", "line", "endLine", "title"],
            ["title"],
        )


def check_azure(text: str, report: Report) -> None:
    lines = text.removesuffix("\n").split("\n")
    assert not unseen(text)
    assert text.count("##") == sum(line.startswith("##vso[task.logissue ") for line in lines)
    assert text.count("##") == sum(each.level != "note" for each in report.findings) + len(report.crashes)


def check_junit(text: str, report: Report) -> None:
    root = ET.fromstring(text.encode())
    kinds = {each.tag for each in root.iter()}
    assert kinds <= {"testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"}
    for each in root.iter():
        for told in (*each.attrib.values(), each.text or ""):
            assert_plain(told)
    assert len(list(root.iter("error"))) == len(report.crashes)


def check_json(text: str, report: Report) -> None:
    body = json.loads(text)
    assert text.isascii()
    assert_plain(text)
    Draft202012Validator(SCHEMA).validate(body)
    assert [each["message"] for each in body["findings"]] == [each.message for each in report.findings]


def check_sarif(text: str, report: Report) -> None:
    assert text.isascii()
    assert_plain(text)
    (run,) = json.loads(text)["runs"]
    assert len(run["results"]) == len(report.findings) + len(report.silenced)
    for told in texts_in(run):
        if "message" in told or "justification" in told:
            assert_plain(told["said"])
            assert all(each.isdigit() for each in re.findall(r"(?<!\\)\]\((.*?)\)", told["said"]))
        if "uri" in told:
            assert re.fullmatch(r"[\w./~%-]+", told["said"], re.ASCII)
        if "helpUri" in told or "informationUri" in told:
            assert told["said"].startswith("https://")


def texts_in(value: Any, *route: str) -> Iterator[dict[str, str]]:
    """All texts of a value of JSON, each under `said` and beside the keys that lead to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from texts_in(inner, *route, key)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner, *route)
    elif isinstance(value, str) and "insertedContent" not in route:
        yield {**dict.fromkeys(route, ""), "said": value}


def check_gitlab(text: str, report: Report) -> None:
    body = json.loads(text)
    assert text.isascii()
    assert len(body) == len(report.findings) + len(report.crashes)
    for told in texts_in(body):
        assert_plain(told["said"])


def check_rdjson(text: str, report: Report) -> None:
    body = json.loads(text)
    assert text.isascii()
    assert len(body["diagnostics"]) == len(report.findings) + len(report.crashes)
    for each in body["diagnostics"]:
        for told in texts_in({key: value for key, value in each.items() if key != "suggestions"}):
            assert_plain(told["said"])
        page = Html(MARKDOWN.render(each["message"]))
        assert not page.links
        assert not {tag for tag, _ in page.elements} & {
            "img",
            "script",
            "svg",
            "a",
            "details",
            "base",
            "link",
        }


OURS = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "a", "br", "b", "ul", "li", "strong"}


def check_markdown(text: str, _: Report) -> None:
    assert not unseen(text)
    page = Html(MARKDOWN.render(text))
    assert {tag for tag, _ in page.elements} <= OURS | {"details", "summary"}
    assert all(link.startswith(BLOB) for link in page.links)
    for told in page.texts:
        assert not re.search(r"https?://|www\.|[#!]\d|\bGH-\d", told, re.IGNORECASE)
        assert not re.search(r"@\S", told)


def check_html(text: str, _: Report) -> None:
    page = Html(text)
    assert not unseen(text)
    for name in ("script", "style", "meta", "link", "title"):
        count = sum(tag == name for tag, _ in page.elements)
        assert count == sum(tag == name for tag, _ in CLEAN.elements), name
    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in CLEAN.elements}
    assert all(link.startswith(("#", "https://github.com/")) for link in page.links)
    for _tag, facts in page.elements:
        assert not [name for name in facts if name.startswith("on") or name in ("src", "style", "action")]


CLEAN = Html(renderer("html")(report_of("a", "b"), VIEW))
CHECKS = {
    "text": check_text,
    "json": check_json,
    "github": check_github,
    "sarif": check_sarif,
    "html": check_html,
    "markdown": check_markdown,
    "junit": check_junit,
    "gitlab": check_gitlab,
    "azure": check_azure,
    "rdjson": check_rdjson,
    "job_summary": check_markdown,
}


def rendered(name: str, report: Report) -> str:
    render = job_summary.render if name == "job_summary" else renderer(name)
    return render(report, VIEW)


@pytest.mark.parametrize("name", CHECKS)
def test_each_piece_is_shown_and_not_obeyed(name: str) -> None:
    assert CHECKS.keys() == {*FORMATS, "job_summary"}
    for piece in (*map(" ".join, zip_longest(*(GROUPS), fillvalue="")), EVERYTHING):
        report = report_of(piece, f"a {piece}")
        CHECKS[name](rendered(name, report), report)


@pytest.mark.parametrize("name", CHECKS)
@given(words, words)
@settings(max_examples=some(10))
def test_no_mixture_of_pieces_is_obeyed(name: str, text: str, other: str) -> None:
    report = report_of(text, other)
    CHECKS[name](rendered(name, report), report)


@given(words)
def test_what_is_visible_stays_so(text: str) -> None:
    shown = visible(text)
    assert_plain(shown)
    assert visible(shown) == shown
    shown.encode()


@given(words)
def test_an_editor_shows_a_finding_as_text(text: str) -> None:
    report = report_of(text, text)
    rule = rule_of("plain", "https://airflow.apache.org/docs")
    page = Html(MARKDOWN.render(explanation(report.findings[0], rule)))
    assert page.links == {rule.see}
    assert {tag for tag, _ in page.elements} <= {"p", "strong", "hr", "a", "code"}


def test_code_stays_code_in_an_editor_and_in_a_review() -> None:
    assert prose("`a_b` is *not* @task") == r"`a_b` is \*not\* \@task"
    assert comment("`@task` and @task, a[0] and [x](y) <b>") == r"`@task` and `@task`, a[0] and [x\](y) \<b>"
    assert comment("`` ` `` `") == r"`` ` `` \`"
    assert comment(r"\`<img>`") == r"\\`<img>`", "a backslash before code would make text of it"


# In a browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.mark.real
@pytest.mark.parametrize("name", ["html", "job_summary", "markdown"])
def test_a_browser_runs_nothing_and_asks_for_nothing(name: str, tmp_path: Path) -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("there is no browser")
    text = rendered(name, report_of(EVERYTHING, f"other {EVERYTHING}"))
    text = text if name == "html" else f"<!DOCTYPE html><meta charset=utf-8>{MARKDOWN.render(text)}"
    file = tmp_path / "page.html"
    file.write_text(text.replace("window.evil=1", "document.title='mine'"), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom"]
        flags += [
            f"--host-resolver-rules=MAP evil.example 127.0.0.1:{port}",
            f"--user-data-dir={tmp_path / 'x'}",
        ]
        command = [browser, *flags, file.as_uri()]
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    if run.returncode:
        pytest.skip(f"the browser does not start here: {run.stderr[-300:]}")
    page = Html(run.stdout)
    assert "<title>mine" not in run.stdout
    known = (
        {tag for tag, _ in CLEAN.elements} | OURS | {"html", "head", "body", "details", "summary", "option"}
    )
    assert {tag for tag, _ in page.elements} <= known
