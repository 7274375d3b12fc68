"""Where suppressions are found, and which lines they speak of."""

from __future__ import annotations

from datetime import date
from unittest.mock import Mock

import pytest
from airwarden import suppressions
from airwarden.findings import Finding, Region
from airwarden.justification import Justification
from airwarden.source import Source
from airwarden.suppressions import Suppression, suppressions_of

KNOWN = {"known-token", "inline-secret-in-values", "secrets", "xcom"}


def found(path: str, *lines: str) -> list[tuple[str, int | None]]:
    return [(s.name, s.line) for s in suppressions_of(Source(path, "\n".join(lines)), KNOWN)]


def finding(rule: str, family: str, line: int) -> Finding:
    return Finding(rule, family, "error", Region("a.py", line, 1, line, 2), "", "")


@pytest.mark.parametrize("path", ["dags/a.py", "values.yaml", "pyproject.toml"])
def test_a_comment_behind_code_speaks_of_its_line(path: str) -> None:
    assert found(path, "a = 1", "b = 2  # airwarden: ignore[known-token] a reason") == [("known-token", 2)]


@pytest.mark.parametrize("path", ["dags/a.py", "values.yaml", "pyproject.toml"])
def test_a_comment_of_its_own_speaks_of_the_next_line_of_code(path: str) -> None:
    lines = ["# airwarden: ignore[known-token]", "", "  # and a word of explanation", "a = 1", "b = 2"]
    assert found(path, *lines) == [("known-token", 4)]


@pytest.mark.parametrize("path", ["dags/a.py", "values.yaml", "pyproject.toml"])
def test_a_comment_may_speak_of_the_whole_file(path: str) -> None:
    assert found(path, "a = 1", "# airwarden: ignore-file[xcom] a laptop's") == [("xcom", None)]


def test_inside_a_statement_of_many_lines_it_speaks_of_the_line_below() -> None:
    lines = ["dag = DAG(", "    # airwarden: ignore[xcom]", "    default_args=x,", ")"]
    assert found("dags/a.py", *lines) == [("xcom", 3)]


def test_several_names_are_several_suppressions_each_with_its_region() -> None:
    line = "a = 1  # noqa # airwarden:ignore[ known-token,xcom ]  both"
    first, second = suppressions_of(Source("a.py", line), KNOWN)
    assert (first.name, second.name) == ("known-token", "xcom")
    assert (first.why.reason, second.why.reason) == ("both", "both")
    source = Source("a.py", line)
    assert [source.slice(first.region), source.slice(second.region)] == ["known-token", "xcom"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Justification()),
        ("a reason", Justification("a reason")),
        ("until=2027-01-31", Justification(until="2027-01-31")),
        (
            "the vault until=2027-01-31 is  late ticket=DATA-12 owner=@data-platform",
            Justification("the vault is late", "@data-platform", "DATA-12", "2027-01-31"),
        ),
        ('owner="Data Platform" late', Justification("late", owner="Data Platform")),
        ("fine until= then", Justification("fine then")),
        ("sought until=soon", Justification("sought", until="soon")),
        ("x-until=2027-01-31", Justification("x-until=2027-01-31")),
        ("until=2027-01-31 until=2028-01-31", Justification(until="2028-01-31")),
        (
            "see #12 in #data-alerts ticket=#12  # noqa: E501",
            Justification("see #12 in #data-alerts", "", "#12"),
        ),
        ("late #noqa", Justification("late")),
    ],
)
def test_words_of_the_reason_may_say_for_whom_and_how_long(text: str, why: Justification) -> None:
    (suppression,) = suppressions_of(Source("a.py", f"a = 1  # airwarden: ignore[xcom] {text}"), KNOWN)
    assert suppression.why == why


@pytest.mark.parametrize(
    ("until", "is_over"),
    [
        ("", False),
        ("2026-11-26", True),
        ("2026-11-27", False),
        ("2026-11-28", False),
        ("2020-02-30", False),
        ("20200101", False),
        ("2020-W01-1", False),
        ("soon", False),
    ],
)
def test_it_holds_through_its_last_day(until: str, is_over: bool) -> None:
    why = Justification(until=until)
    assert why.is_over(date(2026, 11, 27)) is is_over
    assert not why.is_over(None)


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("a = 1  # airwarden: ignore[xcom] why", ["a = 1"]),
        ("a = 1  # noqa  # airwarden: ignore[xcom] why", ["a = 1  # noqa"]),
        ("a = 1  # airwarden: ignore[xcom] why  # noqa", ["a = 1  # noqa"]),
        ("a = 1  # airwarden: ignore[xcom] see #12 ticket=#12", ["a = 1"]),
        ("# airwarden: ignore[xcom] why", [""]),
        ("# airwarden: ignore[xcom] why\nb = 2", ["b = 2"]),
        ("    # airwarden: ignore[xcom]\r\nb = 2", ["b = 2"]),
        ("# why: # airwarden: ignore[xcom]\nb = 2", ["# why:\nb = 2"]),
        (
            "a = 1  # airwarden: ignore[xcom, secrets] x",
            ["a = 1  # airwarden: ignore[secrets] x", "a = 1  # airwarden: ignore[xcom] x"],
        ),
        (
            "a = 1  # airwarden: ignore[xcom] x # airwarden: ignore[secrets]",
            ["a = 1  # airwarden: ignore[secrets]", "a = 1  # airwarden: ignore[xcom] x"],
        ),
    ],
)
def test_a_name_can_be_taken_out_and_nothing_else_goes(line: str, left: list[str]) -> None:
    source, found = Source("a.py", line), []
    for each in suppressions_of(source, KNOWN):
        assert each.cut is not None
        start = source.offset(each.cut.line, each.cut.column)
        end = source.offset(each.cut.end_line, each.cut.end_column)
        found.append(line[:start] + line[end:])
    assert found == left


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    (suppression,) = suppressions_of(Source("a.py", "# airwarden: ignore[known-tokens]"), KNOWN)
    assert not suppression.is_known
    assert suppression.nearest == " (nearest: 'known-token')"


@pytest.mark.parametrize(
    "comment", ["# airwarden: ignore", "# airwarden: ignore[]", "# airwarden: ignore-file all"]
)
def test_a_suppression_without_a_name_is_one_all_the_same(comment: str) -> None:
    (suppression,) = suppressions_of(Source("a.py", f"a = 1  {comment}"), KNOWN)
    assert suppression.name == ""
    assert not suppression.is_known
    assert suppression.nearest == ""


@pytest.mark.parametrize(
    "comment", ["# airwarden is fine", "# airwarden: ignored[x]", "# airwarden: see [xcom]"]
)
def test_talk_of_the_program_is_no_suppression(comment: str) -> None:
    assert found("a.py", comment) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", 'x = "# airwarden: ignore[xcom]"'),
        ("a.py", "x = '''\n# airwarden: ignore[xcom]\n'''"),
        ("a.yaml", 'x: "a # airwarden: ignore[xcom]"'),
        ("a.yaml", r'x: "a \" # airwarden: ignore[xcom]"'),
        ("a.yaml", "x: ['a', 'b # airwarden: ignore[xcom]']"),
        ("a.yaml", "x: a#airwarden: ignore[xcom]"),
        ("a.toml", "x = 'a # airwarden: ignore[xcom]'"),
    ],
)
def test_text_is_no_comment(path: str, line: str) -> None:
    assert found(path, line) == []


@pytest.mark.parametrize(
    "line",
    [
        "x: it's plain  # airwarden: ignore[xcom]",
        "x: 'it''s quoted'  # airwarden: ignore[xcom]",
        r'x: "a \" # b"  # airwarden: ignore[xcom]',
        "x: a#b  # airwarden: ignore[xcom]",
        "x: ''  # airwarden: ignore[xcom]",
    ],
)
def test_quotes_of_yaml_end_where_they_end(line: str) -> None:
    assert found("values.yaml", line) == [("xcom", 1)]


def test_a_file_that_does_not_parse_still_has_comments() -> None:
    lines = ["x = (", "# airwarden: ignore-file[xcom]", "y = '# airwarden: ignore[secrets]'"]
    assert found("dags/a.py", *lines) == [("xcom", None)]


def test_a_comment_at_the_end_of_a_file_speaks_of_itself() -> None:
    assert found("a.py", "x = 1", "# airwarden: ignore[xcom]") == [("xcom", 2)]


@pytest.mark.parametrize("path", ["a.py", "values.yaml"])
def test_all_of_a_comment_of_its_own_speaks_of_the_same_line(path: str) -> None:
    line = "# airwarden: ignore[xcom] a reason # airwarden: ignore[known-token] another"
    assert found(path, line, "a = 1") == [("xcom", 2), ("known-token", 2)]


@pytest.mark.parametrize("last", ["", "x = 1"])
def test_lines_are_read_once_for_all_comments(last: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Mock(side_effect=Source.line)
    monkeypatch.setattr(Source, "line", lambda self, number: read(self, number))
    lines = ["# airwarden: ignore[xcom]"] * 100
    assert len(found("a.py", *lines, last)) == 100
    assert read.call_count < 7 * 100


def test_unknown_names_are_compared_as_long_as_they_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = Mock(return_value="")
    monkeypatch.setattr(suppressions, "nearest", compared)
    for names in (["xcon"] * 300, [f"no-{number}" for number in range(300)]):
        assert len(found("a.py", f"a = 1  # airwarden: ignore[{','.join(names)}]")) == 300
    assert compared.call_count == 1 + 100


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_end_of_line_will_do(end: str) -> None:
    text = end.join(["x = 1", "y = 2  # airwarden: ignore[xcom]", ""])
    assert [(s.line, s.region.line) for s in suppressions_of(Source("a.py", text), KNOWN)] == [(2, 2)]


@pytest.mark.parametrize(
    ("name", "line", "covers"),
    [
        ("known-token", 3, True),
        ("secrets", 3, True),
        ("secrets", None, True),
        ("known-token", 4, False),
        ("xcom", 3, False),
    ],
)
def test_a_suppression_covers_what_it_names_where_it_speaks_of(
    name: str, line: int | None, covers: bool
) -> None:
    suppression = Suppression(name, line, Justification(), Region("a.py", 1, 1, 1, 2))
    assert suppression.covers(finding("known-token", "secrets", 3)) is covers
