"""What the program does with long texts and many findings grows no faster than these."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import Mock

import pytest
from airwarden.alerts.templates import is_broken, is_template, needs
from airwarden.bulk.queries import is_bounded, is_thin
from airwarden.credentials.masks import mask_line
from airwarden.credentials.tokens import tokens
from airwarden.findings import Finding, Region
from airwarden.formats import excerpt
from airwarden.formats.excerpt import Excerpts
from airwarden.outputs.statements import gives_all_rows, statements
from airwarden.report import Report
from airwarden.source import Source

from tests.pumping import is_steep
from tests.reports import TOKEN

SIZE = 24_000
PARTS = {
    "base64": (lambda text: mask_line(text), "", "aZ4+/x9K"),
    "secrets in a line": (lambda text: mask_line(text), "", "password = 'x1y2z3a4', "),
    "ciphertexts and tokens": (lambda text: list(tokens(text)), "", f"ENC[a] ghp_{'aZ4x9K' * 6} "),
    "columns": (is_bounded, "select ", "count(a) as b, "),
    "parentheses": (is_bounded, "select a from b where ", "("),
    "columns of a thin query": (is_thin, "select ", "a, "),
    "keys": (is_bounded, "select a from b ", "where id = 1 or "),
    "statements": (statements, "", "select 'a'; "),
    "pieces of a statement": (statements, "", "'a' "),
    "enclosed statements": (gives_all_rows, "", "("),
    "open templates": (is_template, "", "{{ a "),
    "raw blocks": (is_broken, "", "{% raw %} "),
    "names that are set": (needs, "", "{% set a = 1 %}{{ b }}"),
    "branches": (needs, "{% if a is defined %}", "{% elif b is defined %}"),
}


@pytest.mark.parametrize(("judge", "start", "unit"), PARTS.values(), ids=PARTS)
def test_long_texts_are_read_in_linear_time(judge: Callable[[str], object], start: str, unit: str) -> None:
    assert not is_steep(judge, (start, unit, "\n)"), [SIZE])


def report(text: str, regions: list[Region]) -> Report:
    findings = tuple(
        Finding("known-token", "secrets", "error", region, "a token", "remove it", secret=True)
        for region in regions
    )
    source = Source("dags/a.py", text)
    return Report("", findings, rules={"known-token": TOKEN}, sources={source.path: source}, checked=1)


def test_a_line_with_many_findings_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Mock(side_effect=str)
    monkeypatch.setattr(excerpt, "mask_line", read)
    regions = [Region("dags/a.py", 1, at, 1, at + 3) for at in range(1, 900, 5)]
    excerpts = Excerpts(report("x = 1; " * 200, regions), 80)
    assert all(excerpts.of(region) for region in regions)
    assert read.call_count == 1


def test_a_long_line_is_shown_in_part() -> None:
    line = "x = 'a b' + " * 50_000
    excerpts = Excerpts(report(line, []), 80)
    region = Region("dags/a.py", 1, 1, 1, len(line))
    assert len(excerpts.stretch(region)) == excerpt.LONGEST
    shown = excerpts.of(region)
    assert shown
    assert all(len(each) <= 80 for each in shown)


def test_what_is_far_from_a_finding_is_still_hidden() -> None:
    line = "".join(f"x = 'secret{number:03}'; " for number in range(200))
    regions = [Region("dags/a.py", 1, at, 1, at + 9) for at in range(6, 3400, 17)]
    excerpts = Excerpts(report(line, regions), 80)
    assert not any("ecret" in (excerpts.of(region) or ("", ""))[0] for region in regions[:100])
