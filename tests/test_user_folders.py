"""The folders of a user, which no repository can move into itself."""

from __future__ import annotations

import os
import pwd
import sys
from pathlib import Path

import pytest
from airwarden import user_folders
from airwarden.cli import main

from tests.conftest import MakeRepository

WINDOWS = {"LOCALAPPDATA": "/c/local"}
XDG = {"XDG_CACHE_HOME": "/x/cache", "XDG_CONFIG_HOME": "/x/config"}
RELATIVE = {"XDG_CACHE_HOME": "cache", "XDG_CONFIG_HOME": "./config", "LOCALAPPDATA": "local"}


@pytest.mark.parametrize(
    ("platform", "environment", "caches", "configuration"),
    [
        ("linux", {}, "/home/a/.cache/airwarden", "/home/a/.config/airwarden"),
        ("linux", XDG, "/x/cache/airwarden", "/x/config/airwarden"),
        ("linux", RELATIVE, "/home/a/.cache/airwarden", "/home/a/.config/airwarden"),
        ("darwin", {}, "/home/a/Library/Caches/airwarden", "/home/a/Library/Application Support/airwarden"),
        ("darwin", XDG, "/x/cache/airwarden", "/x/config/airwarden"),
        ("win32", WINDOWS, "/c/local/airwarden/Cache", "/c/local/airwarden"),
        ("win32", RELATIVE, "/home/a/AppData/Local/airwarden/Cache", "/home/a/AppData/Local/airwarden"),
    ],
)
def test_each_system_has_its_own(
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    environment: dict[str, str],
    caches: str,
    configuration: str,
) -> None:
    for name in RELATIVE:
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/a", **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert user_folders.caches() == Path(caches)
    assert user_folders.configuration() == Path(configuration)


@pytest.mark.parametrize("home", [None, "here"])
def test_without_a_home_nothing_is_written_into_the_repository(
    make_repository: MakeRepository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    home: str | None,
) -> None:
    """A container that runs as a number that no user has."""

    def nobody(_: int) -> pwd.struct_passwd:
        raise KeyError("getpwuid(): uid not found")

    root = make_repository({"dags/a.py": "x = 1\n", "policies/p/q.py": "rule = 1\n"})
    before = sorted(root.rglob("*"))
    for name in (*RELATIVE, "HOME"):
        monkeypatch.delenv(name, raising=False)
    if home is not None:
        monkeypatch.setenv("HOME", home)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    monkeypatch.chdir(root)
    assert main(["check"]) == 0
    assert main(["check"]) == 0
    assert sorted(root.rglob("*")) == before
    (root / "pyproject.toml").write_text('[tool.airwarden]\npolicies = ["policies"]\n', encoding="utf-8")
    assert main(["check"]) == 0
    assert "--trust-policies does\n" in capsys.readouterr().err
    monkeypatch.setenv("XDG_CONFIG_HOME", "/x")
    assert main(["check", "--no-cache"]) == 0
    assert "`trusted` in /x/airwarden/config.toml\n" in capsys.readouterr().err
