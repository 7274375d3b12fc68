"""The formats of a report, found by name and loaded when asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from airwarden.formats.view import View
    from airwarden.report import Report

FORMATS = ("text", "json", "github", "sarif", "html", "markdown", "junit", "gitlab", "azure", "rdjson")


def renderer(name: str) -> Callable[[Report, View], str]:
    """The `render` of the format `name`, one of `FORMATS`."""
    return cast("Callable[[Report, View], str]", import_module(f"airwarden.formats.{name}").render)
