"""The page that `--format html` writes: what it holds, and how it fares in a real browser."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from airwarden.config import Config
from airwarden.engine import check
from airwarden.findings import Edit, Finding, Fix, Region
from airwarden.formats import html
from airwarden.formats.excerpt import Excerpts
from airwarden.formats.page.diffs import Hunk, hunks
from airwarden.formats.page.help_text import help_text, inline
from airwarden.formats.page.markup import Markup, element
from airwarden.formats.view import EarlierRun, View, visible
from airwarden.justification import Justification
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.report import Report, Silenced
from airwarden.rule import Rule
from airwarden.source import Source
from hypothesis import given

from tests import node_packages, reports
from tests.reports import NO_ALERT, SECRET, UNUSED, anything

Json: TypeAlias = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent
VOID = {"meta", "link", "wbr", "input", "br"}
HISTORY = (
    EarlierRun(
        "monday", {"error": 9, "warning": 2, "note": 0}, {"alerts": {"error": 9}, "xcom": {"warning": 2}}
    ),
    EarlierRun(
        "tuesday", {"error": 4, "warning": 2, "note": 0}, {"alerts": {"error": 4}, "xcom": {"warning": 2}}
    ),
)


class Page(HTMLParser):
    """A page as a browser reads it: its elements, and the texts in them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute of {tag} is there twice"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, name: str, key: str) -> list[str]:
        return [facts[key] for tag, facts in self.elements if tag == name and key in facts]

    @property
    def text(self) -> str:
        return "".join(text for tag, text in self.texts if tag not in ("style", "script"))


def page_of(report: Report, view: View | None = None) -> Page:
    return Page(html.render(report, view or View()))


def one(message: str = "x", path: str = "a.py", **facts: Any) -> Report:
    return reports.report([UNUSED.finding(Region(path, 3, 5, 3, 9), message, **facts)])


def example(name: str) -> Report:
    registry = Registry()
    root = ROOT / "examples" / name
    return check(Repo(root), None, Config(), registry.load()[0], families=registry.families)


EVERY = [
    pytest.param(reports.clean(), id="clean"),
    pytest.param(reports.messy(), id="messy"),
    pytest.param(reports.large(400), id="large"),
    pytest.param(Report("/", ()), id="nothing"),
]


@pytest.mark.parametrize("report", EVERY)
@pytest.mark.parametrize("history", [(), HISTORY])
def test_a_page_is_whole_and_leads_only_to_what_it_has(
    report: Report, history: tuple[EarlierRun, ...]
) -> None:
    page = page_of(report, View(history=history))
    ids = Counter(facts["id"] for _, facts in page.elements if "id" in facts)
    assert [name for name, times in ids.items() if times > 1] == []
    inner = [link[1:] for link in page.all("a", "href") if link.startswith("#")]
    assert [link for link in inner if link not in ids] == []


@pytest.mark.parametrize("report", EVERY)
def test_a_page_loads_nothing_and_runs_nothing_but_its_own(report: Report) -> None:
    text = html.render(report)
    page = Page(text)
    for tag, facts in page.elements:
        assert not [name for name in facts if name == "style" or name.startswith("on")], tag
        assert "src" not in facts
        assert tag not in ("iframe", "object", "embed", "base", "img")
    assert [link[:5] for link in page.all("link", "href")] == ["data:"]
    assert not re.search(r"url\(|@import", text)
    (policy,) = (c for c in page.all("meta", "content") if c.startswith("default-src"))
    for name in ("style", "script"):
        (body,) = (text for tag, text in page.texts if tag == name)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none'; ")


@given(anything, anything, anything)
def test_whatever_is_found_is_text(path: str, message: str, dag: str) -> None:
    trap = "</article><script>alert(1)</script>\"'"
    report = one(f"{message}{trap}", f"a{path}{trap}", subject=f"dag {dag}{trap}", remedy=f"{dag}{trap}")
    page = page_of(replace(report, unknown_dags=(f"{dag}{trap}",)))
    assert len(page.all("script", "src")) == 0
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert [text for tag, text in page.texts if tag == "h3" and text.endswith(trap)] == [
        visible(f"a{path}{trap}", keep="\n")
    ]


def test_a_link_that_could_run_something_is_none() -> None:
    bad = Rule("rules.hygiene.unused_suppression", "Help.", "warning", "mend it", "javascript:alert(1)")
    report = replace(one(), rules={UNUSED.id: bad})
    assert not [link for link in page_of(report).all("a", "href") if link.startswith("javascript")]


def test_every_finding_is_there_with_its_way_out() -> None:
    page = page_of(reports.messy())
    for finding in reports.messy().findings:
        assert visible(finding.message, keep="\n").replace("`", "") in page.text.replace("`", "")
        assert finding.remedy.rstrip(".") in page.text
    assert [tag for tag, _ in page.elements].count("article") == len(reports.messy().findings)


def test_an_address_of_a_finding_holds_from_run_to_run() -> None:
    moved = replace(one().findings[0], region=Region("a.py", 40, 1, 40, 2))
    for report in (one(), reports.report([moved])):
        assert f"f-{one().fingerprints[0][:16]}" in page_of(report).all("article", "id")


def test_the_size_of_a_large_page() -> None:
    text = html.render(reports.large(5000))
    assert len(text.encode()) < 5_000_000
    assert text.count("<article ") == 5000


def test_of_more_than_anybody_reads_the_worst_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MOST", 50)
    page = page_of(reports.large(400))
    levels = [facts["class"].split()[1] for tag, facts in page.elements if tag == "article"]
    assert levels == ["error"] * 50
    assert "The mildest 350 findings are left out" in page.text


def test_few_findings_are_unfolded_and_many_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def folds() -> set[bool]:
        page = page_of(reports.large(20))
        return {"open" in facts for tag, facts in page.elements if facts.get("class") == "file"}

    assert folds() == {True}
    monkeypatch.setattr(html, "OPEN", 10)
    assert folds() == {False}


def test_what_is_silenced_is_listed_with_the_reason() -> None:
    finding = one("quiet now").findings[0]
    report = replace(reports.clean(), silenced=(Silenced(finding, "in-source", Justification("it is fine")),))
    page = page_of(report)
    assert "quiet now" in page.text
    assert "it is fine" in page.text
    assert "Nothing new" in page.text
    assert "1 silenced" in page.text
    assert [tag for tag, _ in page.elements].count("article") == 0


# The grid


def grid_of(report: Report) -> list[list[str]]:
    """The cells of all rows of the grid."""
    text = html.render(report)
    tables = re.findall(r'<table class="grid">.*?</table>', text, re.DOTALL)
    rows = [row for table in tables for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)]
    return [[re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


SHAPE = replace(NO_ALERT, module="airwarden_policies.shape.no_tag")
SUBJECTS = ("dag sales: tags", "dag returns: tasks.a.retries", "dag: tags", "dag with an owner", "dags", "")


def test_a_family_of_a_pack_has_no_empty_line_on_its_card() -> None:
    report = reports.report([SHAPE.finding(Region("dags/a.py", 3, 1, 3, 2), "y")])
    found = html.render(replace(report, rules={SHAPE.id: SHAPE}))
    assert "<h3>Shape</h3>" in found
    assert "<p></p>" not in found


def test_a_cell_tells_how_many_there_are_and_the_worst_of_them() -> None:
    found = [
        NO_ALERT.finding(Region("dags/a.py", 1, 1, 1, 2), "x", subject="dag sales"),
        NO_ALERT.finding(Region("dags/a.py", 2, 1, 2, 2), "y", level="note"),
        *(SHAPE.finding(Region("dags/a.py", 3, 1, 3, 2), "y", subject=each) for each in SUBJECTS),
        SECRET.finding(Region("values.yaml", 2, 1, 2, 2), "z"),
    ]
    rows = grid_of(replace(reports.report(found), rules={**reports.RULES, SHAPE.id: SHAPE}))
    heads = rows[0]
    assert heads[:3] == ["File", "Failure alerts", "XCom"]
    (dag,) = (row for row in rows if row[0].startswith("dags/a.py"))
    assert dag[0] == "dags/a.pysales, returns", "what else a finding is about is no DAG"
    assert dag[heads.index("Failure alerts")] == "2 1 error, 1 note"
    assert dag[heads.index("Secrets")] == ""
    (values,) = (row for row in rows if row[0] == "values.yaml")
    assert values[heads.index("Secrets")] == "1 1 error"


def test_the_worst_files_come_first() -> None:
    found: list[Finding] = []
    for name, level, times in (("a", "note", 5), ("b", "error", 1), ("c", "error", 2)):
        places = (Region(f"{name}.py", line, 1, line, 2) for line in range(1, times + 1))
        found += [NO_ALERT.finding(place, "x", level=level) for place in places]  # type: ignore[arg-type]
    assert [row[0] for row in grid_of(reports.report(found))][1:] == ["c.py", "b.py", "a.py"]


def test_many_files_are_summed_up_by_folder() -> None:
    places = [(team, number) for team in ("one", "two") for number in range(30)]
    found = [NO_ALERT.finding(Region(f"dags/{t}/{n}.py", 1, 1, 1, 2), "x") for t, n in places]
    rows = grid_of(reports.report(found))
    folders = [row for row in rows if row[0].startswith("dags/") and row[0].endswith("files")]
    assert [row[:2] for row in folders] == [
        [f"dags/{team}/ 30 files", "30 30 errors"] for team in ("one", "two")
    ]
    assert len(rows) == 2 + 1 + 40 + 1 + 1 + 20


# Trends


def test_lines_lead_from_run_to_run() -> None:
    text = html.render(one(level="error"), View(history=HISTORY))
    assert "errors: 9, now 1" in text
    assert "warnings: 2, now 0" in text
    lines = re.findall(r'<polyline points="([^"]*)" class="error">', text)
    assert [len(line.split()) for line in lines] == [3]
    heights = [float(point.split(",")[1]) for point in lines[0].split()]
    assert heights == sorted(heights), "fewer errors are lower down"
    assert "trend" not in Page(html.render(one())).all("section", "id")


def test_the_numbers_of_each_run_are_in_a_table() -> None:
    text = page_of(one(), View(history=HISTORY)).text
    for name in ("monday", "tuesday", "this run"):
        assert name in text


# Fixes


def shown_hunks(source: Source, *edits: tuple[str, str], found: list[Finding] | None = None) -> list[Hunk]:
    fix = Fix("Mend it", tuple(Edit(reports.region(source, old), new) for old, new in edits))
    report = reports.report(found or [UNUSED.finding(fix.edits[0].region, "x", fix=fix)], [source])
    return list(hunks(fix, Excerpts(report, 160)))


TOML = Source("pyproject.toml", 'dependencies = [\n  "airflow",\n]\n')


def test_a_new_line_is_all_that_is_shown() -> None:
    place = TOML.region(len("dependencies = ["), len("dependencies = ["))
    fix = Fix("Add it", (Edit(place, '\n  "slack",'),))
    report = reports.report([UNUSED.finding(place, "x", fix=fix)], [TOML])
    assert list(hunks(fix, Excerpts(report, 160))) == [Hunk("pyproject.toml", 2, [], ['  "slack",'])]


def test_edits_of_one_line_make_one_change() -> None:
    source = Source("a.py", "first\nx = call(one, two)\nlast\n")
    assert shown_hunks(source, ("one", "[one"), ("two", "two]")) == [
        Hunk("a.py", 2, ["x = call(one, two)"], ["x = call([one, two])"])
    ]


def test_edits_of_several_lines_keep_what_is_between() -> None:
    source = Source("a.py", "a = 1\nb = 2\nc = 3\nd = 4\n")
    assert shown_hunks(source, ("1\nb", "1\nB"), ("2\nc", "2\nC"), ("4", "5")) == [
        Hunk("a.py", 2, ["b = 2", "c = 3"], ["B = 2", "C = 3"]),
        Hunk("a.py", 4, ["d = 4"], ["d = 5"]),
    ]


def test_a_diff_masks_what_it_takes_away() -> None:
    secret = "QXZJ" * 4
    source = Source("values.yaml", f"pass: {secret}  # old\n")
    place = reports.region(source, secret)
    finding = SECRET.finding(place, "a secret", secret=True)
    (hunk,) = shown_hunks(source, (secret, "x"), found=[finding])
    assert hunk.old == ["pass: ********  # old"]
    assert hunk.new == ["pass: x  # old"]


def test_a_fix_of_a_file_that_is_not_at_hand_is_shown_as_far_as_it_is_known() -> None:
    fix = Fix("Add it", (Edit(Region("gone.toml", 7, 3, 7, 3), "new"),))
    report = reports.report([UNUSED.finding(Region("a.py", 1, 1, 1, 2), "x", fix=fix)])
    assert list(hunks(fix, Excerpts(report, 160))) == [Hunk("gone.toml", 7, [""], ["new"])]


def test_the_file_that_a_fix_changes_is_shown_from_the_repository() -> None:
    text = html.render(example("broken"))
    assert '<ins>+   "apache-airflow-providers-slack&gt;=7.3.0",\n</ins>' in text


# Words


def test_help_is_paragraphs_lists_and_examples() -> None:
    shown = help_text(
        "Use `a < b`\nand more.\n\n- one\n- two `x`\n  goes on\n\n    x = 1\n\n    y = 2\n\nEnd."
    )
    assert shown == (
        "<p>Use <code>a &lt; b</code>\nand more.</p>\n"
        "<ul><li>one</li><li>two <code>x</code>\n  goes on</li></ul>\n"
        "<pre><code>x = 1\n\ny = 2</code></pre>\n<p>End.</p>"
    )


@given(anything)
def test_any_help_is_markup_that_closes(text: str) -> None:
    Page(help_text(text))
    assert (
        Page(inline(text)).text.replace("`", "").split() == visible(text, keep="\n").replace("`", "").split()
    )


def test_an_element_takes_texts_and_elements() -> None:
    inner = element("b", "<&>")
    assert inner == "<b>&lt;&amp;&gt;</b>"
    attributes: dict[str, str | bool | None] = {"class_": 'x"y', "data_x": "1", "hidden": True, "id": None}
    assert element("a", inner, "&", **attributes) == (
        '<a class="x&quot;y" data-x="1" hidden><b>&lt;&amp;&gt;</b>&amp;</a>'
    )
    assert isinstance(inner, Markup)


# In a browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")
def packages(request: pytest.FixtureRequest) -> Path:
    """What drives the browser, kept from run to run; AIRWARDEN_BROWSER names another folder for it."""
    named = os.environ.get("AIRWARDEN_BROWSER")
    home = Path(named) if named else request.config.cache.mkdir("browser")
    run = node_packages.install("browser", home, *(["--omit=dev"] if chromium() else []))
    if run.returncode:
        pytest.skip(f"no browser is to be had: {run.stderr[-500:]}")
    return home


def chromium() -> str | None:
    """The browser of this machine; where it has none, npm brings one."""
    named = os.environ.get("AIRWARDEN_CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


def looked_at(text: str, packages: Path, folder: Path) -> Json:
    """What came of a page in the browser; AIRWARDEN_SCREENSHOTS names a folder for pictures."""
    file, unpacked = folder / "page.html", packages / "unpacked"
    file.write_text(text, encoding="utf-8")
    unpacked.mkdir(exist_ok=True)
    env = {**os.environ, "TMPDIR": str(unpacked), "CHROMIUM": chromium() or ""}
    pictures = os.environ.get("AIRWARDEN_SCREENSHOTS")
    script = str(Path(__file__).with_name("browser.mjs"))
    command = [
        *node_packages.node_tool("node"),
        script,
        str(packages),
        str(file),
        *([pictures] if pictures else []),
    ]
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if run.returncode and "error while loading shared libraries" in run.stderr:
        env["AWS_EXECUTION_ENV"] = "AWS_Lambda_nodejs20.x"  # makes it use the libraries that it brings
        run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if run.returncode and "Failed to launch" in run.stderr:
        pytest.skip(f"the browser does not start here: {run.stderr[-500:]}")
    assert run.returncode == 0, run.stderr
    found: Json = json.loads(run.stdout)
    return found


@pytest.fixture(scope="module", params=["broken", "clean", "messy", "large"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def report(kind: str) -> Report:
    if kind == "broken":
        return example("broken")
    return reports.large(120) if kind == "large" else getattr(reports, kind)()


@pytest.fixture(scope="module")
def seen(report: Report, packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Json:
    text = html.render(report, View(history=HISTORY))
    return looked_at(text, packages, tmp_path_factory.mktemp("page"))


@pytest.mark.real
def test_the_browser_has_nothing_to_complain_of(seen: Json) -> None:
    assert seen["said"] == []
    assert {address.partition(":")[0] for address in seen["asked"]} <= {"file", "data"}
    assert len([address for address in seen["asked"] if address.startswith("file")]) == 1


@pytest.mark.real
def test_all_is_there_without_javascript(seen: Json, report: Report) -> None:
    plain = seen["plain"]
    assert plain["articles"] == len(report.findings)
    assert plain["filter"] == 0
    assert plain["shown"] == (len(report.findings) if len(report.findings) <= html.OPEN else 0)
    for finding in report.findings:
        assert visible(finding.message, keep="\n").replace("`", "") in plain["text"].replace("`", "")


@pytest.mark.real
def test_everybody_can_read_it(seen: Json) -> None:
    for scheme in ("light", "dark"):
        for width in (1280, 390):
            look = seen[f"{scheme} {width}"]
            assert look["faults"] == []
            assert look["wide"] <= width, "nothing leads out of the page"
    assert seen["light 1280"]["background"] != seen["dark 1280"]["background"]


@pytest.mark.real
def test_the_keyboard_leads_through_it_in_order(seen: Json) -> None:
    keys = seen["keys"]
    assert keys["visited"][0] == "#findings", "the first stop skips to the findings"
    assert keys["visited"][: len(keys["order"])] == keys["order"]
    assert keys["visited"][len(keys["order"])] in ("", keys["order"][0]), "and out again"
    assert keys["outlined"] == "solid"


@pytest.mark.real
def test_the_filter_shows_what_is_asked_for(seen: Json, report: Report) -> None:
    if not report.findings:
        assert "filter" not in seen
        return
    filter_, total = seen["filter"], len(report.findings)
    assert filter_["all"][0] == f"{total} findings"
    rule, said, shown = filter_["words"]
    assert set(shown) == {rule}
    assert said == f"{len(shown)} of {total} findings" or len(shown) == total
    family, shown = filter_["family"]
    assert shown == [family] * sum(each.family == family for each in report.findings)
    assert filter_["level"] == 0
    assert filter_["none"] == [f"0 of {total} findings", 0]
    assert filter_["cleared"] == f"{total} findings"


@pytest.mark.real
def test_keys_and_cells_lead_to_findings(seen: Json, report: Report) -> None:
    if not report.findings:
        return
    filter_ = seen["filter"]
    assert (filter_["slash"], filter_["escaped"]) == ("q", "")
    first, second, back = filter_["steps"]
    assert first == back != second
    expected, shown, _, is_visible = filter_["cell"]
    assert expected == shown
    assert is_visible
    assert filter_["arrow"]
    assert seen["linked"], "an address unfolds what it leads to"
    assert seen["theme"][0] != seen["theme"][1]
