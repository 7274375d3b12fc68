"""For whoever answers for a platform: one page that holds the whole report and needs nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path, PurePosixPath
from string import Template
from urllib.parse import unquote

from airwarden import __version__
from airwarden.findings import LEVELS, Finding, Level
from airwarden.formats.page.cards import Cards
from airwarden.formats.page.families import aim, by_family, families, title, told, worst
from airwarden.formats.page.grid import Grid
from airwarden.formats.page.help_text import help_text, inline
from airwarden.formats.page.markup import Markup, element, joined, markup
from airwarden.formats.page.trends import runs, sparkline, trend
from airwarden.formats.summary import counted, failures, headline, what_to_do
from airwarden.formats.view import HOME, PLAIN, View, sentence
from airwarden.report import Report, Silenced, Tally, severity
from airwarden.rule import Rule
from airwarden.rule_pages import address, web_address

MOST = 10_000
"""Findings that the page shows one by one, the worst of them."""

OPEN = 100
"""Findings up to which those of every file are unfolded."""

_QUIET = {"clean": "No findings", "accepted": "Nothing new"}
"""What is said of a policy that nothing breaks, or nothing but what was accepted."""

_PARTS = Path(__file__).parent / "page"


def render(report: Report, view: View = PLAIN) -> str:
    """The report as a page of HTML: readable without JavaScript, and the same bytes for the same report."""
    page = _Page(report, view)
    style, script = (f"\n{_part(name)}" for name in ("page.css", "page.js"))
    sections = {section.anchor: section for section in page.sections()}
    links = (element("a", each.short, href=f"#{name}") for name, each in sections.items())
    return Template(_part("page.html")).substitute(
        policy=_policy(style, script),
        version=__version__,
        title=markup(f"{page.name}: airwarden report"),
        style=style,
        head=page.head(),
        links=joined(links, "\n"),
        sections=joined((each.whole for each in sections.values()), "\n"),
        home=HOME,
        script=script,
    )


def _part(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """A policy for the browser: this style, this script, and nothing from anywhere."""
    digests = (hashlib.sha256(text.encode()).digest() for text in (style, script))
    own_style, own_script = (f"'sha256-{base64.b64encode(each).decode()}'" for each in digests)
    return (
        f"default-src 'none'; style-src {own_style}; script-src {own_script}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


class _Section:
    """A part of the page with a heading; `short` is what the navigation calls it."""

    def __init__(self, anchor: str, short: str, heading: str, *body: str) -> None:
        self.anchor = anchor
        self.short = short
        self.whole = element(
            "section", element("h2", heading), "\n", joined(body, "\n"), id=anchor, tabindex="-1"
        )


class _Page:
    def __init__(self, report: Report, view: View) -> None:
        self.report = report
        self.view = view
        self.runs = runs(report, view.history)

    @property
    def name(self) -> str:
        """The last part of the address of the repository."""
        root = self.report.root.replace("\\", "/")
        name = PurePosixPath(root).name
        return (unquote(name) if root.startswith("file:") else name) or "repository"

    @cached_property
    def anchors(self) -> dict[int, str]:
        """The id of each finding on the page, by the identity of the finding; the same from run to run."""
        names = zip(self.report.findings, self.report.fingerprints, strict=True)
        return {id(finding): f"f-{name[:16]}" for finding, name in names}

    @cached_property
    def files(self) -> dict[str, str]:
        """The id of each file's findings, by path."""
        paths = dict.fromkeys(finding.region.path for finding in self.shown)
        return {path: f"file-{number}" for number, path in enumerate(paths, 1)}

    @cached_property
    def shown(self) -> list[Finding]:
        """The findings that are shown one by one, in order."""
        if len(self.report.findings) <= MOST:
            return list(self.report.findings)
        kept = sorted(enumerate(self.report.findings), key=lambda pair: severity(pair[1]))[:MOST]
        return [finding for _, finding in sorted(kept, key=lambda pair: pair[0])]

    def head(self) -> Markup:
        """What the page is about, and what came of the run."""
        report = self.report
        fixable = sum(fix.safe for fix in map(report.shown_fix, report.findings) if fix)
        tiles: list[tuple[str, int, str, str]]
        tiles = [(level, report.counts[level], f"{level}s", "") for level in LEVELS]
        tiles += [("", report.checked, "files checked", ""), ("", report.suppressed, "silenced", "")]
        tiles += [("", fixable, "safely fixable", "airwarden check --fix")]
        state = "failed" if report.crashes else worst(report.counts) or "clean"
        return joined(
            [
                element("h1", self.name),
                element("p", headline(report), class_=f"verdict {state}"),
                element("dl", *(_tile(*each) for each in tiles), class_="tiles"),
            ],
            "\n",
        )

    def sections(self) -> Iterator[_Section]:
        """The parts of the page, in order."""
        report = self.report
        if report.crashes:
            yield _Section("crashes", "Crashes", "What failed", *_crashes(report))
        yield _Section("policies", "Policies", "Policies", self._policies())
        if self.runs:
            yield _Section("trend", "Trend", "From run to run", trend(report, self.runs))
        if report.findings:
            yield _Section("files", "Files", "Files by policy", self._grid())
            yield _Section("rules", "Rules", "Findings by rule", self._tallies())
        yield _Section("findings", "Findings", "Findings", *self._findings())
        if report.rules:
            yield _Section("help", "Help", "What the rules say", *self._help())
        if report.silenced:
            yield _Section("silenced", "Silenced", "What is silenced", *self._silenced())
        if report.unknown_dags:
            yield _Section("unknown", "Not known", "What can't be known", *self._unknown())

    def _policies(self) -> Markup:
        """A card for each family."""
        counts = by_family(self.report.findings)
        ran = Counter(rule.family for rule in self.report.rules.values())
        cards = (self._policy(each, counts.get(each, Counter()), ran[each]) for each in families(self.report))
        return element("ul", joined(cards, "\n"), class_="policies")

    def _policy(self, family: str, counts: Counter[Level], rules: int) -> Markup:
        level = worst(counts)
        files = len({each.region.path for each in self.report.findings if each.family == family})
        silenced = sum(each.finding.family == family for each in self.report.silenced)
        quiet = "accepted" if silenced else "clean"
        said = f"{told(counts)} in {counted(files, 'file')}" if level else _QUIET[quiet]
        parts = [element("h3", title(family))]
        parts += [element("p", aim(family))] if aim(family) else []
        parts += [element("p", said, class_=f"state {level or quiet}")]
        parts += [element("p", f"{silenced:,} silenced", class_="accepted")] if silenced else []
        parts += [sparkline(family, self.runs)] if self.runs else []
        parts += [element("p", counted(rules, "rule"), class_="faint")]
        return element("li", *parts, class_=level or quiet)

    def _grid(self) -> Markup:
        first: dict[tuple[str, str], str] = {}
        for finding in sorted(self.shown, key=severity):
            first.setdefault((finding.region.path, finding.family), self.anchors[id(finding)])
        return Grid(self.report, self.files, first).tables()

    def _tallies(self) -> Markup:
        heads = (
            ("Level", ""),
            ("Rule", ""),
            ("Policy", "wide"),
            ("Findings", "number"),
            ("Files", "number wide"),
        )
        head = element("tr", *(element("th", text, scope="col", class_=kind or None) for text, kind in heads))
        first: dict[tuple[str, Level], str] = {}
        for finding in self.shown:
            first.setdefault((finding.rule, finding.level), self.anchors[id(finding)])
        rows = (_tally(each, first.get((each.rule, each.level))) for each in self.report.tallies)
        body = element("tbody", joined(rows, "\n"))
        return element("table", element("thead", head), body, class_="tallies")

    def _findings(self) -> Iterator[Markup]:
        if not self.report.findings:
            yield element("p", "There are none.", class_="none")
            return
        yield Markup(_FILTER)
        left = len(self.report.findings) - len(self.shown)
        if left:
            yield element(
                "p", f"The mildest {counted(left, 'finding')} are left out; --format json has them."
            )
        cards = Cards(self.report, self.view)
        is_open = len(self.shown) <= OPEN
        for path, group in groupby(self.shown, key=lambda finding: finding.region.path):
            yield self._file(path, list(group), cards, is_open)

    def _file(self, path: str, findings: Sequence[Finding], cards: Cards, is_open: bool) -> Markup:
        counts = Counter(finding.level for finding in findings)
        marks = (
            element("span", counted(counts[level], level), class_=f"level {level}")
            for level in LEVELS
            if counts[level]
        )
        head = element("summary", element("h3", path), " ", joined(marks, " "))
        body = (cards.card(each, self.anchors[id(each)]) for each in findings)
        return element(
            "details", head, "\n", joined(body, "\n"), id=self.files[path], open=is_open, class_="file"
        )

    def _help(self) -> Iterator[Markup]:
        broken = dict.fromkeys(tally.rule for tally in self.report.tallies)
        for name in sorted(broken):
            yield _rule(self.report.rules[name])
        kept = [self.report.rules[name] for name in sorted(self.report.rules.keys() - broken.keys())]
        if kept:
            items = (element("li", element("code", each.id), " ", inline(each.summary)) for each in kept)
            head = element("summary", f"{counted(len(kept), 'rule')} found nothing")
            yield element("details", head, element("ul", joined(items, "\n")), class_="kept")

    def _silenced(self) -> Iterator[Markup]:
        heads = ("Level", "Finding", "By", "Why")
        head = element("tr", *(element("th", text, scope="col") for text in heads))
        body = element("tbody", joined(map(_silenced, self.report.silenced[:MOST]), "\n"))
        left = len(self.report.silenced) - MOST
        said = f"{counted(len(self.report.silenced), 'finding')}, each with what silences it and why"
        table = element("table", element("thead", head), body, class_="silenced")
        yield element("details", element("summary", said), table)
        if left > 0:
            yield element("p", f"{counted(left, 'more finding')} are left out; --format json has them.")

    def _unknown(self) -> Iterator[Markup]:
        dags = counted(len(self.report.unknown_dags), "DAG")
        yield element(
            "p", f"For {dags} it can't be known, without running code, whether a failure reaches anybody."
        )
        items = (element("li", each) for each in self.report.unknown_dags)
        yield element("details", element("summary", "Which they are"), element("ul", joined(items, "\n")))


def _crashes(report: Report) -> Iterator[Markup]:
    for head, crashes in failures(report):
        yield element("p", head)
        yield element("ul", *(element("li", str(crash)) for crash in crashes))
        yield element("p", inline(what_to_do(crashes)))
        if crashes[0].fault == "own":
            yield element("p", _link(f"{HOME}/issues/new", "A new issue"))


def _tile(level: str, number: int, said: str, how: str) -> Markup:
    name = f"{level if number else ''} tile".strip()
    return element("div", element("dt", said, title=how or None), element("dd", f"{number:,}"), class_=name)


def _tally(tally: Tally, anchor: str | None) -> Markup:
    number = f"{tally.findings:,}"
    return element(
        "tr",
        element("td", element("span", tally.level, class_=f"level {tally.level}")),
        element("th", element("a", tally.rule, href=f"#rule-{tally.rule}"), scope="row"),
        element("td", title(tally.family), class_="wide"),
        element("td", element("a", number, href=f"#{anchor}") if anchor else number, class_="number"),
        element("td", f"{tally.files:,}", class_="number wide"),
    )


def _silenced(each: Silenced) -> Markup:
    finding, region = each.finding, each.finding.region
    place = element("span", f"{region.path}:{region.line} {finding.rule}", class_="place")
    return element(
        "tr",
        element("td", element("span", finding.level, class_=f"level {finding.level}")),
        element("td", element("p", place), element("p", inline(finding.message))),
        element("td", "baseline" if each.kind == "baseline" else "comment"),
        element("td", inline(str(each.why))),
    )


def _rule(rule: Rule) -> Markup:
    head = element("h3", rule.id)
    facts = element("small", f"{title(rule.family)}, {rule.level}")
    silence = element(
        "p", "To silence it: ", element("code", f"# airwarden: ignore[{rule.id}] and the reason")
    )
    parts = [
        help_text(rule.help or ""),
        element(
            "p", element("b", "Way out:"), " ", inline(sentence(rule.remedy, capital=True)), class_="out"
        ),
        *_links(rule),
        silence,
    ]
    body = element("div", joined(parts, "\n"))
    return element(
        "details", element("summary", head, " ", facts), body, id=f"rule-{rule.id}", class_="rule-help"
    )


def _links(rule: Rule) -> Iterator[Markup]:
    page = address(rule)
    if page:
        yield element("p", "See ", _link(page, page))
    if rule.see != page:
        yield element("p", "Evidence: ", _link(web_address(rule.see), rule.see))


def _link(url: str, text: str) -> Markup:
    """A link that leads out, unless its address could run anything."""
    if not url.startswith(("https://", "http://")):
        return element("span", text)
    return element("a", text, href=url, rel="noopener noreferrer")


_FILTER = """\
<form class="filter" id="filter" role="search" hidden>
<label>Search <input type="search" id="q" placeholder="message, rule, path" autocomplete="off"></label>
<label>File <input type="search" id="file" list="paths" placeholder="any" autocomplete="off"></label>
<datalist id="paths"></datalist>
<label>Policy <select id="family"><option value="">all</option></select></label>
<label>Rule <select id="rule"><option value="">all</option></select></label>
<fieldset><legend class="unseen">Levels</legend></fieldset>
<button type="button" id="fold">Unfold all</button>
<button type="reset">Clear</button>
<p id="count" role="status"></p>
</form>"""
