"""A comment that silences a rule on a line, put where a file can hold one without meaning anything else."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TypeAlias

from airwarden import yaml_tree
from airwarden.findings import Edit, Finding
from airwarden.patterns import regex
from airwarden.source import Source, Unreadable
from airwarden.suppressions import suppressions_of
from airwarden.toml_file import TomlFile

REASON = "reason"
"""Stands where the reader is to say why."""

_ABOUT_FILES = frozenset({"too-big", "too-deep", "unreadable-file", "unused-suppression"})
_INDENT = regex(r"[ \t]*")
_VARIABLE = regex(r"\s*(export\s+)?\w+\s*=")
_CONTAINER_FILE = regex(r"(.*\.)?(Dockerfile|Containerfile)(\..*)?", re.IGNORECASE)
_BEHIND = (".py", ".yaml", ".yml", ".toml", ".txt", ".in")
_ABOVE = (*_BEHIND, ".cfg", ".ini", ".conf", ".tf", ".hcl")

_Meaning: TypeAlias = object


def ignoring(source: Source, finding: Finding) -> Edit | None:
    """The edit that silences the rule of a finding where it stands; None where no comment can."""
    if finding.rule in _ABOUT_FILES:
        return None
    before = _meaning(source)
    if before is None:
        return None
    for edit, moved in _candidates(source, finding):
        after = Source(source.path, _with(source, edit))
        if _silences(after, finding, moved) and _meaning(after) == before:
            return edit
    return None


def _candidates(source: Source, finding: Finding) -> Iterator[tuple[Edit, int]]:
    """What might do, each with the number of lines by which the finding moves down."""
    line, known = finding.region.line, {finding.rule, finding.family}
    for each in suppressions_of(source, known):
        if each.line == line and each.name:
            offset = source.offset(each.region.end_line, each.region.end_column)
            yield Edit(source.region(offset, offset), f", {finding.rule}"), 0
    text, start = source.line(line), source.starts[line - 1]
    comment = f"# airwarden: ignore[{finding.rule}] {REASON}"
    name = PurePosixPath(source.path).name
    if name.endswith(_BEHIND) or name == "Pipfile":
        end = start + len(text)
        bare = start + len(text.rstrip())
        yield Edit(source.region(bare, end), f"  {comment}"), 0
    indent = _INDENT.match(text)
    yield Edit(source.region(start, start), f"{indent[0] if indent else ''}{comment}{_line_end(source)}"), 1


def _line_end(source: Source) -> str:
    return "\r\n" if "\r\n" in source.text else "\n"


def _with(source: Source, edit: Edit) -> str:
    start = source.offset(edit.region.line, edit.region.column)
    end = source.offset(edit.region.end_line, edit.region.end_column)
    return source.text[:start] + edit.text + source.text[end:]


def _silences(source: Source, finding: Finding, moved: int) -> bool:
    """Whether a suppression of the text covers the rule on the line on which its finding stands by then."""
    line = finding.region.line + moved
    found = suppressions_of(source, {finding.rule, finding.family})
    return any(each.name == finding.rule and each.line == line for each in found)


def _meaning(source: Source) -> _Meaning | None:
    """Whatever of a file a comment must leave as it is; None where a comment can't be put in for sure."""
    name = PurePosixPath(source.path).name
    if name.endswith(".py"):
        return _tokens(source.text)
    if name.endswith((".yaml", ".yml")):
        return _shape(source.text)
    if name.endswith(".toml") or name == "Pipfile":
        return _tables(source)
    if name.endswith(_ABOVE) or _CONTAINER_FILE.fullmatch(name):
        return _plain_lines(source)
    return _variables(source) if name.startswith(".env") or name.endswith(".env") else None


def _tokens(text: str) -> list[tuple[int, str]] | None:
    try:
        found = list(tokenize.generate_tokens(io.StringIO(text, newline="").readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    told = (token for token in found if token.type not in (tokenize.COMMENT, tokenize.NL))
    return [(token.type, token.string) for token in told]


def _shape(text: str) -> list[object] | None:
    """The nodes of a YAML file in order, each without its place; of one that is named again, its number."""
    try:
        pending: list[object] = list(reversed(yaml_tree.compose(text)))
    except yaml_tree.NotYaml:
        return None
    shape: list[object] = []
    seen: dict[int, int] = {}
    while pending:
        node = pending.pop()
        if id(node) in seen:
            shape.append(seen[id(node)])
            continue
        seen[id(node)] = len(seen)
        if isinstance(node, yaml_tree.Scalar):
            shape.append((node.kind, node.style, node.text))
        elif isinstance(node, (yaml_tree.Sequence, yaml_tree.Mapping)):
            shape.append((type(node).__name__, len(node.children)))
            pending += reversed(node.children)
    return shape


def _tables(source: Source) -> object | None:
    try:
        return TomlFile.read(source).data
    except Unreadable:
        return None


def _plain_lines(source: Source) -> list[str] | None:
    """The lines without comments; None where a line may go on in the next, or be one of a longer text."""
    lines = [source.line(number) for number in range(1, len(source.starts) + 1)]
    if "<<" in source.text or any(line.rstrip().endswith(("\\", "`")) for line in lines):
        return None
    bare = [re.sub(r"(^|\s)#.*", "", line).strip() for line in lines]
    return [line for line in bare if line]


def _variables(source: Source) -> list[str] | None:
    """The lines of a file of variables; None where one is anything else than a variable or a comment."""
    lines = _plain_lines(source)
    return lines if lines is None or all(_VARIABLE.match(line) for line in lines) else None
