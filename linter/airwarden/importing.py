"""Edits that import a name into a Python file: once, and where the file's own order has it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.findings import Edit, Region
from airwarden.patterns import regex
from airwarden.records import dataclass

_LINE_END = regex(r"\r\n|\r|\n")
_PLAIN = regex(r"from[ \t]+[\w.]+[ \t]+import[ \t]+(\w+(?:[ \t]*,[ \t]*\w+)*)")
_REST = regex(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
_HEAD = regex(r"(?:\ufeff|[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*")


@dataclass(frozen=True)
class Imported:
    """The name under which something is known in a file, and the edit that makes it so where it takes one."""

    name: str
    edits: tuple[Edit, ...] = ()


def imported(file: DagFile, module: str, name: str, user: Region) -> Imported | None:
    """How a file gets a name of a module that code at `user` needs; None where it can't be had simply."""
    known = _bound(file, f"{module}.{name}", user)
    if known is not None:
        return Imported(known)
    if file.module.scope.lookup(name) is not None or not _is_free(file, name):
        return None
    edit = _edit(file, module, name, user)
    return None if edit is None else Imported(name, (edit,))


def _bound(file: DagFile, dotted: str, user: Region) -> str | None:
    """The name that an import at the top of the file, before `user`, already gives it."""
    for statement in _at_the_top(file, user):
        for each in statement.names:
            bound = file.module.scope.bindings.get(each.bound or "", ())
            if each.name is not None and each.dotted == dotted and len(bound) == 1:
                return each.bound
    return None


def _is_free(file: DagFile, name: str) -> bool:
    """Whether no scope of the file gives a name another meaning."""
    return name not in file.inner_names and "*" not in file.module.scope.bindings


def _at_the_top(file: DagFile, user: Region) -> list[syntax.Import]:
    """The imports of the module itself that stand before a place."""
    return [each for each in file.top_imports if file.region(each).end_line < user.line]


def _edit(file: DagFile, module: str, name: str, user: Region) -> Edit | None:
    top = _at_the_top(file, user)
    for statement in top:
        if all(each.module == module and each.name for each in statement.names):
            edit = _among(file, file.region(statement), name)
            if edit is not None:
                return edit
    line = f"from {module} import {name}{file.source.newline}"
    others = [each for each in top if each.names[0].module != "__future__"]
    if others:
        return _beside(file, module, line, others)
    return _first(file, line, top)


def _among(file: DagFile, statement: Region, name: str) -> Edit | None:
    """One name more in `from module import a, b`, sorted where these are; None for another form."""
    found = _PLAIN.fullmatch(file.source.slice(statement))
    if found is None:
        return None
    start = file.source.offset(statement.line, statement.column) + found.start(1)
    names = [each.strip() for each in found[1].split(",")]
    ranks = [_rank(each) for each in names]
    place = bisect_left(ranks, _rank(name)) if ranks == sorted(ranks) else len(names)
    if place == len(names):
        end = start + len(found[1])
        return Edit(file.source.region(end, end), f", {name}")
    at = start + sum(len(each) + 1 for each in found[1].split(",")[:place])
    at += len(file.source.text[at:]) - len(file.source.text[at:].lstrip(" \t"))
    return Edit(file.source.region(at, at), f"{name}, ")


def _rank(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions, as import sorters have them."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2), name


def _beside(file: DagFile, module: str, line: str, others: Sequence[syntax.Import]) -> Edit | None:
    """An import of its own: before the first of the same package that sorts behind it, or after the last."""
    root = module.partition(".")[0]
    kin = [each for each in others if each.names[0].module.partition(".")[0] == root]
    later = [each for each in kin if each.names[0].name and each.names[0].module > module]
    if later and kin.index(later[0]) == len(kin) - len(later):
        region = file.region(later[0])
        if region.column == 1:
            return Edit(Region(file.path, region.line, 1, region.line, 1), line)
    return _behind(file, file.region((kin or list(others))[-1]), line)


def _behind(file: DagFile, statement: Region, line: str, above: str = "") -> Edit | None:
    """A line behind a statement; None where something else stands behind it."""
    text = file.source.text
    rest = _REST.match(text, file.source.offset(statement.end_line, statement.end_column))
    ending = None if rest is None else _LINE_END.match(text, rest.end())
    if ending is None:
        return None
    return Edit(file.source.region(ending.end(), ending.end()), f"{above}{line}")


def _first(file: DagFile, line: str, top: Sequence[syntax.Import]) -> Edit | None:
    """The first import: behind `from __future__`, the docstring, or the comments at the head."""
    body = file.module.body
    if top:
        return _behind(file, file.region(top[-1]), line, above=file.source.newline)
    if body and _is_text(body[0]):
        return _behind(file, file.region(body[0]), line, above=file.source.newline)
    head = _HEAD.match(file.source.text)
    start = head.end() if head else 0
    return Edit(file.source.region(start, start), f"{line}{file.source.newline}")


def _is_text(statement: syntax.Statement) -> bool:
    value = statement.value if isinstance(statement, syntax.Evaluate) else None
    return isinstance(value, syntax.Constant) and isinstance(value.value, str)
