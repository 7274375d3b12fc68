"""How the findings went from run to run: lines of SVG, with the numbers below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from airwarden.findings import LEVELS, Level
from airwarden.formats.page.families import by_family, families, title
from airwarden.formats.page.markup import Markup, element, joined
from airwarden.formats.summary import counted
from airwarden.formats.view import EarlierRun
from airwarden.report import Report

CURRENT = "this run"

_WIDTH, _HEIGHT, _PAD = 720, 160, 12


def runs(report: Report, history: Sequence[EarlierRun]) -> list[EarlierRun]:
    """The earlier runs, then this one; nothing where there is none to compare with."""
    if not history:
        return []
    return [*history, EarlierRun(CURRENT, report.counts, by_family(report.findings))]


def trend(report: Report, all_runs: Sequence[EarlierRun]) -> Markup:
    """Errors, warnings and notes of each run as lines, and all numbers in a table."""
    series: dict[Level, list[int]] = {}
    for level in LEVELS:
        values = [run.counts.get(level, 0) for run in all_runs]
        series |= {level: values} if any(values) else {}
    legend = (
        element("li", f"{level}s: {values[0]:,}, now {values[-1]:,}", class_=level)
        for level, values in series.items()
    )
    ends = (element("span", run.name) for run in (all_runs[0], all_runs[-1]))
    return joined(
        [
            element("ul", *legend, class_="legend"),
            _chart(series, [run.name for run in all_runs]),
            element("p", *ends, class_="ends"),
            element("details", element("summary", "The numbers"), _table(report, all_runs)),
        ],
        "\n",
    )


def sparkline(family: str, all_runs: Sequence[EarlierRun]) -> Markup:
    """The findings of one family in each run, as one small line."""
    values = [sum(run.families.get(family, {}).values()) for run in all_runs]
    said = f"{counted(values[0], 'finding')} in {all_runs[0].name}, {values[-1]:,} now"
    points = _points(values, max(*values, 1), 120, 28, 3)
    line = element("polyline", points=" ".join(f"{x:g},{y:g}" for x, y in points))
    end = element("circle", cx=f"{points[-1][0]:g}", cy=f"{points[-1][1]:g}", r="2.5")
    return element(
        "svg", element("title", said), line, end, viewBox="0 0 120 28", role="img", class_="sparkline"
    )


def _chart(series: Mapping[Level, Sequence[int]], names: Sequence[str]) -> Markup:
    top = max((value for values in series.values() for value in values), default=1)
    lines = [line for level, values in series.items() for line in _line(level, values, names, top)]
    base = _HEIGHT - _PAD
    axis = element("path", d=f"M{_PAD} {base}H{_WIDTH - _PAD}", class_="axis")
    said = f"Findings of {counted(len(names), 'run')}, from {names[0]} to {names[-1]}"
    view = f"0 0 {_WIDTH} {_HEIGHT}"
    return element("svg", element("title", said), axis, *lines, viewBox=view, role="img", class_="trend")


def _line(level: Level, values: Sequence[int], names: Sequence[str], top: int) -> Iterator[Markup]:
    points = _points(values, top, _WIDTH, _HEIGHT, _PAD)
    yield element("polyline", points=" ".join(f"{x:g},{y:g}" for x, y in points), class_=level)
    for (x, y), value, name in zip(points, values, names, strict=True):
        said = element("title", f"{name}: {counted(value, level)}")
        yield element("circle", said, cx=f"{x:g}", cy=f"{y:g}", r="4", class_=level)


def _points(values: Sequence[int], top: int, width: int, height: int, pad: int) -> list[tuple[float, float]]:
    step = (width - 2 * pad) / max(len(values) - 1, 1)
    scale = (height - 2 * pad) / max(top, 1)
    return [
        (round(pad + place * step, 1), round(height - pad - value * scale, 1))
        for place, value in enumerate(values)
    ]


def _table(report: Report, all_runs: Sequence[EarlierRun]) -> Markup:
    columns = families(report)
    heads = ["Run", *(f"{level}s".capitalize() for level in LEVELS), *map(title, columns)]
    head = element("tr", *(element("th", each, scope="col") for each in heads))
    rows = (_row(run, columns) for run in all_runs)
    body = element("tbody", joined(rows, "\n"))
    table = element("table", element("thead", head), body)
    return element("div", table, class_="numbers", tabindex="0", role="region", aria_label="The numbers")


def _row(run: EarlierRun, columns: Sequence[str]) -> Markup:
    numbers = [*(run.counts.get(level, 0) for level in LEVELS)]
    numbers += [sum(run.families.get(each, {}).values()) for each in columns]
    return element("tr", element("th", run.name, scope="row"), *(element("td", f"{n:,}") for n in numbers))
