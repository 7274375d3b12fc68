"""libcst's parser without the Python half of libcst: a stand-in for the package gives it plain nodes to fill.

The native parser looks up the class of each node that it makes in the module `libcst`. Here it finds a
stand-in: nodes are plain objects that nothing validates, and white space and punctuation are the strings
they stand for. That takes 0.61 to 0.69 of libcst's parse, and loading it 9 ms where `import libcst` takes
160. The stand-in is in place only while the parser runs, and only where there is no other thread to see it,
so libcst itself is never changed.

Where anything is unlike what was tried (another release of libcst, a kind of node without a layout, a sample
that is read otherwise), libcst parses as ever.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from airwarden.layouts import CLOSING, INDENTATION, OPENING, TOKENS, fields, has_layout, written
from airwarden.patterns import regex

_TRIED = regex(r"""^__version__ = .*['"]1\.[89]\.\d+['"]$""", re.MULTILINE)
_FURTHER_FIELDS = {
    "Annotation": ("whitespace_before_indicator",),
    "Module": ("default_indent", "default_newline", "has_trailing_newline", "encoding"),
}
"""Fields that the parser fills, and that are no part of what the node itself writes."""

_SAMPLE = '''\
# A module
import a.b as c, d
from . import (e, f as g,)  # why
@h(1, *i, j = "k", **l)
async def m(n, /, o: p = 2, *q, r, **s) -> t:
    """u"""
    async with v as w, x: return await y
    for z in [*a, b][1:2, ::3]:
        if not c and d.e != 1 or f not in g: del h

        # further in
        elif i: yield j; yield from k
        else: raise l from m
    try: n += (o if p else - 1.5j)
    except (Q, R) as s: pass
    else:
        lambda *t, u=1: {**v, w: {x for x in y if z}}
class A(B, c=d):
    e: F = f'g{h!r:>{i}}{{}}' "j"
while k := (
    l,  # m
    [n for o in p async for q in r],

): global s
'''


class Refused(Exception):
    """The parser refuses a text, at a line (from 1) and a column (from 0)."""

    def __init__(self, message: str, *, raw_line: int, raw_column: int, **_: object) -> None:
        super().__init__(message)
        self.raw_line = raw_line
        self.raw_column = raw_column


class _UnknownKind(Exception):
    """The parser makes a node that has no layout."""


def parse_module(text: str) -> Any:
    """The tree of a module. Raises `Refused`, and `MemoryError` where it takes more than there may be."""
    _must_have_room(_NEEDED * len(text) + _NEEDED_ANYWAY)
    parse = _lean_parser()
    if parse is not None and threading.active_count() == 1:
        try:
            return parse(text)
        except (_UnknownKind, TypeError):  # TypeError: a field that no layout speaks of
            pass
    return _plainly_parsed(text)


_NEEDED = 1_500
"""Bytes that the parser takes for a character, of what takes most."""

_NEEDED_ANYWAY = 16 << 20


def _must_have_room(size: int) -> None:
    """Raises `MemoryError` where the process may not have so many bytes more: the parser would end it."""
    try:
        import resource
    except ImportError:
        return
    if resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY:
        return
    import mmap

    try:
        mmap.mmap(-1, size).close()
    except OSError:
        raise MemoryError from None


def is_lean(tree: Any) -> bool:
    """Whether a tree is made of plain nodes."""
    return isinstance(tree, _Node)


def _plainly_parsed(text: str) -> Any:
    import libcst

    try:
        return libcst.parse_module(text)
    except libcst.ParserSyntaxError as error:
        raise Refused(error.message, raw_line=error.raw_line, raw_column=error.raw_column) from None


@cache
def _lean_parser() -> Callable[[str], Any] | None:
    """The parser with the stand-in, if it reads the sample as it is written."""
    try:
        native = _native()
        parse = None if native is None else _LeanParser(native).parse
        return parse if parse is not None and _reads_the_sample(parse) else None
    except Exception:
        return None


def _native() -> Any:
    """libcst's parser, loaded without the package around it; None for a release that was not tried."""
    package = find_spec("libcst")
    folders = package.submodule_search_locations if package else None
    if not folders or not _TRIED.search((Path(folders[0]) / "_version.py").read_text()):
        return None
    if (loaded := sys.modules.get("libcst.native")) is not None:
        return loaded
    spec = PathFinder.find_spec("libcst.native", folders)
    if spec is None or spec.loader is None:
        return None
    native = module_from_spec(spec)
    spec.loader.exec_module(native)
    return native


def _reads_the_sample(parse: Callable[[str], Any]) -> bool:
    tree = parse(_SAMPLE)
    function = tree.body[2]
    parameter = function.params.params[0]
    return written(tree)[0] == _SAMPLE and parameter.name.value == "o" and parameter.default.value == "2"


class _Node:
    """A node with the fields that the parser gives it; the others are None."""

    __slots__ = ()


def _node_class(kind: str) -> type[_Node]:
    """A class for one kind of node, with the plainest of all constructors."""
    names = (*fields(kind), *_FURTHER_FIELDS.get(kind, ()))
    parameters = ", ".join(f"{name}=None" for name in names)
    assignments = "; ".join(f"self.{name} = {name}" for name in names) or "pass"
    made: dict[str, Any] = {}
    exec(f"def __init__(self, {parameters}): {assignments}", made)
    return type(kind, (_Node,), {"__slots__": names, "__init__": made["__init__"]})


class _StandIn(ModuleType):
    """What the parser takes for the package `libcst`."""

    def __init__(self) -> None:
        super().__init__("libcst")
        self.ParserSyntaxError = Refused
        for kind, token in TOKENS.items():
            setattr(self, kind, _between(token))
        for kind, token in OPENING.items():
            setattr(self, kind, _before(token))
        for kind, token in CLOSING.items():
            setattr(self, kind, _after(token))
        self.SimpleWhitespace = self.Comment = "{value}".format
        self.Newline = _newline
        self.TrailingWhitespace = _trailing_whitespace
        self.EmptyLine = _empty_line
        self.ParenthesizedWhitespace = _whitespace_in_brackets

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        kind = _node_class(name) if has_layout(name) else _unknown
        setattr(self, name, kind)
        return kind


class _LeanParser:
    """The native parser together with the stand-in that it fills."""

    def __init__(self, native: Any) -> None:
        self.native_parse = native.parse_module
        self.stand_in = _StandIn()

    def parse(self, text: str) -> Any:
        package = sys.modules.get("libcst")
        sys.modules["libcst"] = self.stand_in
        try:
            return _without_imports(self.native_parse, text)
        finally:
            if package is None:
                del sys.modules["libcst"]
            else:
                sys.modules["libcst"] = package


def _call(function: Callable[[str], Any], text: str) -> Any:
    return function(text)


# The parser imports `libcst` anew for each node, and then takes it from `sys.modules`, whatever the import
# gave. So it may as well call something that costs next to nothing; a quarter of the time goes there else.
_without_imports = FunctionType(_call.__code__, {"__builtins__": {"__import__": "".format}})


def _unknown(**_: object) -> Any:
    raise _UnknownKind


def _between(token: str) -> Callable[[Any, Any], Any]:
    def written(whitespace_before: Any, whitespace_after: Any) -> Any:
        try:
            return whitespace_before + token + whitespace_after
        except TypeError:
            return (whitespace_before, token, whitespace_after)

    return written


def _before(token: str) -> Callable[[Any], Any]:
    def written(whitespace_after: Any) -> Any:
        return token + whitespace_after if type(whitespace_after) is str else (token, whitespace_after)

    return written


def _after(token: str) -> Callable[[Any], Any]:
    def written(whitespace_before: Any) -> Any:
        return whitespace_before + token if type(whitespace_before) is str else (whitespace_before, token)

    return written


def _newline(value: str | None = None) -> str:
    return value or "\n"


def _trailing_whitespace(whitespace: str, newline: str, comment: str = "") -> str:
    return whitespace + comment + newline


def _empty_line(indent: bool, whitespace: str, newline: str, comment: str = "") -> Any:
    text = whitespace + comment + newline
    return (INDENTATION, text) if indent else text


def _whitespace_in_brackets(first_line: str, empty_lines: Any, indent: bool, last_line: str) -> Any:
    return (first_line, empty_lines, INDENTATION if indent else "", last_line)
