"""Setting: for whom a value holds, and which texts are no values of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from airwarden.deployment.settings import ALL, Setting, joined, merged, written
from airwarden.findings import Region


def setting(line: int, *components: str, variable: str = "AIRFLOW__API__BASE_URL") -> Setting:
    region = Region("values.yaml", line, 1, line, 9)
    return Setting(variable, region, region, "not-a-real-password", "chart", frozenset(components) or ALL)


def test_what_holds_for_all_reaches_each() -> None:
    assert setting(1).reaches("triggerer")
    assert setting(1, "workers").reaches("workers")
    assert not setting(1, "workers").reaches("triggerer")


def test_all_and_some_are_all() -> None:
    assert joined([frozenset({"workers"}), ALL]) == ALL
    assert joined([frozenset({"workers"}), frozenset({"scheduler"})]) == {"scheduler", "workers"}
    assert joined([]) == frozenset()


def test_one_place_is_told_once_and_places_stand_in_order() -> None:
    found = merged([setting(7, "workers"), setting(2, "scheduler"), setting(7, "triggerer")])
    assert [(each.region.line, sorted(each.components)) for each in found] == [
        (2, ["scheduler"]),
        (7, ["triggerer", "workers"]),
    ]


REFERENCES = [
    "$URL",
    "${URL:-x}",
    "https://$(HOST)/",
    "{{ .Values.url }}",
    "%(codec)s",
    "<path:data/airflow#bucket>",
    "ref+vault://data/airflow",
    "ENC[AES256_GCM,data:x]",
    "s3://__BUCKET__/xcom",
    "@@CODEC@@",
    "(( grab codec ))",
]


@pytest.mark.parametrize("text", REFERENCES)
def test_a_reference_is_no_text(text: str) -> None:
    assert written(text) is None


@pytest.mark.parametrize("text", ["https://airflow.example.com", "", "costs 5$", "a$1"])
def test_any_other_text_is_itself(text: str) -> None:
    assert written(text) == text


CALLED = {
    "variable": ({}, "AIRFLOW__API__BASE_URL"),
    "option": ({"is_option": True}, "[api] base_url"),
    "option in values": ({"is_option": True, "path": ("config", "api", "base_url")}, "config.api.base_url"),
}


@pytest.mark.parametrize(("facts", "expected"), CALLED.values(), ids=CALLED)
def test_what_the_user_calls_an_option(facts: dict[str, Any], expected: str) -> None:
    assert replace(setting(1), **facts).called("api", "base_url") == expected


def test_the_text_is_not_shown() -> None:
    assert "not-a-real-password" not in repr(setting(1))
