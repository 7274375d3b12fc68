"""Requirements files and setup.cfg: lists without a syntax tree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from airwarden.dependencies.declarations import (
    DependencyList,
    beside,
    declaration,
    file_group,
    flat_list,
)
from airwarden.distributions.names import normalised
from airwarden.patterns import regex
from airwarden.source import Source

_INCLUDE = regex(r"(?:-r|--requirement)[\s=]*(\S+)")
_COMMENT = regex(r"(?:^|\s)#.*")
_EDITABLE = regex(r"(?:-e|--editable)[\s=]*")
_OPTION = regex(r"\s--?\w")
_KEYS = {
    ("options", "install_requires"): "",
    ("options", "tests_require"): "tests",
    ("options", "setup_requires"): "build",
}


def read_requirements(source: Source) -> DependencyList:
    """A requirements file's list, and the files it includes."""
    declarations, includes = [], []
    group = file_group(source.path)
    for text, start in _logical_lines(source):
        include = _INCLUDE.match(text)
        if include:
            includes.append(beside(source.path, include[1]))
        elif declared := declaration(_bare(text), source.region(start, start + len(text)), group):
            declarations.append(declared)
    return flat_list("requirements", source, declarations, includes)


def _logical_lines(source: Source) -> Iterator[tuple[str, int]]:
    """Each line that says something, without its comment, and the offset of its first character."""
    continued = False
    for number, start in enumerate(source.starts, start=1):
        line = source.line(number)
        text = _COMMENT.sub("", line) if "#" in line else line
        stripped = text.strip().removesuffix("\\").rstrip()
        if stripped and not continued:
            yield stripped, start + len(text) - len(text.lstrip())
        continued = text.rstrip().endswith("\\")


def _bare(text: str) -> str:
    """A requirement line without the options of pip that may stand in it."""
    editable = _EDITABLE.match(text)
    if editable:
        return text[editable.end() :]
    return "" if text.startswith("-") else _OPTION.split(text, maxsplit=1)[0]


def read_setup_cfg(source: Source) -> DependencyList:
    """A setup.cfg's list: install_requires and all extras."""
    declarations, section, group = [], "", None
    for text, start in _logical_lines(source):
        indented = source.text[start - 1 : start] in (" ", "\t")
        header = re.fullmatch(r"\[(.*)\]", text)
        if header:
            section, group = header[1], None
            continue
        if not indented:
            key, _, value = text.partition("=")
            group = _group(section, key.strip())
            start, text = start + len(text) - len(value.lstrip()), value.strip()
        region = source.region(start, start + len(text))
        if group is not None and (declared := declaration(text, region, group)):
            declarations.append(declared)
    return flat_list("project", source, declarations)


def _group(section: str, key: str) -> str | None:
    return normalised(key) if section == "options.extras_require" else _KEYS.get((section, key))
