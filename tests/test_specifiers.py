"""Specifiers: the few versions that are tried tell what all of them would."""

from __future__ import annotations

from itertools import product

import pytest
from airwarden.dependencies import build_files
from airwarden.dependencies.bounds import raised
from airwarden.dependencies.markers import may_hold
from airwarden.dependencies.specifiers import allowed, allows_any, allows_series, parsed
from airwarden.source import Source
from hypothesis import example, given
from hypothesis import strategies as st

number = st.sampled_from([0, 1, 2, 3, 5, 9, 28, 29, 30, 31])
version = st.lists(number, min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
clause = st.one_of(
    st.builds(
        "{}{}".format, st.sampled_from([">=", "<=", ">", "<", "==", "!=", "~=", "^", "~", ""]), version
    ),
    st.builds("{}{}.*".format, st.sampled_from(["==", "!="]), version),
    st.builds(
        "{}{}{}".format, st.sampled_from([">", "<", "=="]), version, st.sampled_from(["rc1", ".post1"])
    ),
)
specifier = st.lists(clause, min_size=1, max_size=3).map(",".join)


@example(">=3,==2.*", "2")
@example("===2.10.*", "2")
@given(specifier, st.sampled_from(["2", "3", "2.0", "2.9", "3.5", "2.29", "29"]))
def test_a_series_is_allowed_where_any_of_its_versions_is(text: str, series: str) -> None:
    found = parsed(text)
    if found is None:
        assert allows_series(text, series)
        return
    rest = product(range(30), repeat=2 - series.count("."))
    versions = [".".join((series, *map(str, numbers))) for numbers in rest]
    own = [each for each in _versions(text) if f"{each}.".startswith(f"{series}.")]
    whole = any(found.contains(each, prereleases=True) for each in (*versions, *own))
    assert allows_series(text, series) == whole


def test_what_is_no_version_is_the_same_to_nothing() -> None:
    assert not allows_any("===2.10.*", ["2.10.1"])


def _versions(text: str) -> list[str]:
    return [each.strip("=!<>~^").removesuffix(".*") for each in text.split(",")]


@pytest.mark.parametrize(
    ("specifiers", "left"),
    [([], "1.0 1.5 2.0"), ([">1.0"], "1.5 2.0"), ([">1.0", "<2"], "1.5"), (["^1 || ^2"], "1.0 1.5 2.0")],
)
def test_what_all_specifiers_allow_is_left(specifiers: list[str], left: str) -> None:
    assert allowed(specifiers, ["1.0", "1.5", "2.0"]) == tuple(left.split())


LONG = "1" * 5000
"""More digits than Python makes a number of."""


@pytest.mark.parametrize("form", ["=={}", "^{}", "~{}", ">=1,<{}", "{}.*"])
def test_a_number_that_no_version_has_is_another_form(form: str) -> None:
    text = form.format(LONG)
    assert parsed(text) is None
    assert allows_series(text, "3")
    assert allowed([text], ["1.0"]) == ("1.0",)
    assert raised(text, "1.2") is None


@pytest.mark.parametrize(
    "marker", [f"python_version > '{LONG}'", f"{'(' * 5000}python_version > '3'{')' * 5000}"]
)
def test_a_marker_beyond_all_bounds_may_hold(marker: str) -> None:
    assert may_hold(marker)


def test_an_image_of_a_version_beyond_all_bounds_is_of_some_version() -> None:
    text = f"FROM apache/airflow:3.{LONG}\nFROM astro-runtime:{LONG}.{LONG}\n"
    assert list(build_files.versions(Source("Dockerfile", text)))
