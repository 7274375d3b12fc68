"""ConfigFile: the options of an airflow.cfg as configparser reads them, and where they stand."""

from __future__ import annotations

import configparser

import pytest
from airwarden.deployment.config_file import ConfigFile, may_be_config
from airwarden.source import Source
from hypothesis import given
from hypothesis import strategies as st

TEXT = """\
# comment = no option
orphan = no section

[core]
Executor = CeleryExecutor
dags_folder: /opt/dags
empty =
; also = a comment
[secrets]
backend_kwargs = {
    "url": "https://vault",
    # in between
    "token": "not-a-real-token"
    }

  indented = 1
[API]
base_url = https://airflow.example.com  # kept, as Airflow keeps it
sql = a=b:c
"""


def read(text: str) -> ConfigFile:
    return ConfigFile(Source("airflow.cfg", text))


def test_the_options() -> None:
    found = [(each.section, each.key, each.text) for each in read(TEXT).options]
    assert found == [
        ("core", "executor", "CeleryExecutor"),
        ("core", "dags_folder", "/opt/dags"),
        ("core", "empty", ""),
        (
            "secrets",
            "backend_kwargs",
            '{\n"url": "https://vault",\n"token": "not-a-real-token"\n}\n\nindented = 1',
        ),
        ("api", "base_url", "https://airflow.example.com  # kept, as Airflow keeps it"),
        ("api", "sql", "a=b:c"),
    ]


def test_where_they_stand() -> None:
    file = read(TEXT)
    shown = {
        each.key: (file.source.slice(each.key_region), file.source.slice(each.region))
        for each in file.options
    }
    assert shown["executor"] == ("Executor", "CeleryExecutor")
    assert shown["empty"] == ("empty", "")
    assert shown["backend_kwargs"][1].startswith("{\n")
    assert shown["sql"] == ("sql", "a=b:c")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_make_no_difference(end: str) -> None:
    file = read(f"[api]{end}base_url = here{end}{end}[core]{end}x = 1{end}")
    assert [(each.key, each.text, each.region.line) for each in file.options] == [
        ("base_url", "here", 2),
        ("x", "1", 5),
    ]


LINES = st.sampled_from(
    [
        "[core]",
        "[api]",
        "a = 1",
        "b: two",
        "c =",
        "  more",
        "# note",
        "; note",
        "",
        "d = e = f",
        " # deep",
        "\tg = 1",
    ]
)


@given(st.lists(LINES, max_size=12))
def test_configparser_reads_the_same(lines: list[str]) -> None:
    text = "\n".join(["[first]", *lines])
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    expected = {
        (section.lower(), key, value)
        for section in parser.sections()
        for key, value in parser[section].items()
    }
    last = {(each.section, each.key): each.text for each in read(text).options}
    assert {(section, key, value) for (section, key), value in last.items()} == expected


@pytest.mark.parametrize(
    "path", ["airflow.cfg", "config/airflow.cfg", "airflow-prod.cfg", "local_airflow.cfg", "airflow.cfg.tmpl"]
)
def test_names_of_such_files(path: str) -> None:
    assert may_be_config(path)


@pytest.mark.parametrize(
    "path",
    ["setup.cfg", "airflow.yaml", "cairflow.cfg", "airflow/setup.cfg", "airflow.cfg.old", "airflow.cfg.bak"],
)
def test_names_of_other_files(path: str) -> None:
    assert not may_be_config(path)
