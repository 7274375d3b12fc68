from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from inspect import isabstract
from pathlib import Path
from typing import Any

import libcst
import pytest
from airwarden import layouts, lean_libcst, syntax
from airwarden.parsing import parse, read_tree
from airwarden.source import Source, Unreadable

from tests.conftest import few

FILES = sorted((Path(__file__).parent / "fixtures").rglob("*.py"))


@pytest.fixture(autouse=True)
def _parser_is_looked_for_anew() -> Iterator[None]:
    lean_libcst._lean_parser.cache_clear()
    yield
    lean_libcst._lean_parser.cache_clear()


def plain_values(module: syntax.Module) -> list[object]:
    """The nodes of a module with their fields that are no nodes, names with how they are bound, and texts."""
    found: list[object] = []
    for node, scope in syntax.nodes_of(module):
        values = [getattr(node, field) for field in type(node).__slots__]
        found.append((type(node), [each for each in values if isinstance(each, (str, bytes, int, complex))]))
        found.append((scope.kind, [(name, [b.order for b in each]) for name, each in scope.bindings.items()]))
    return [*found, *((text.value, text.is_docstring) for text in module.texts)]


def test_the_sample_is_read_lean() -> None:
    assert lean_libcst.is_lean(lean_libcst.parse_module(lean_libcst._SAMPLE))


def test_a_lean_tree_says_what_the_tree_of_libcst_says() -> None:
    for path in few(FILES):
        try:
            source = Source.read(path.parent, path.name)
            plain = read_tree(libcst.parse_module(source.text))
        except (Unreadable, libcst.ParserSyntaxError):
            continue
        lean = parse(source)
        assert lean_libcst.is_lean(lean.origin), path
        assert plain_values(lean) == plain_values(plain), path
        assert layouts.written(lean.origin)[0] == source.text, path


def test_every_kind_of_node_of_libcst_has_a_layout() -> None:
    kinds = [kind for kind in vars(libcst).values() if isinstance(kind, type)]
    nodes = [kind for kind in kinds if issubclass(kind, libcst.CSTNode) and not isabstract(kind)]
    assert [kind for kind in nodes if not layouts.has_layout(kind.__name__)] == []


def test_libcst_itself_stays_as_it_is() -> None:
    lean_libcst.parse_module("a = 1\n")
    assert sys.modules["libcst"] is libcst
    assert isinstance(libcst.parse_module("a = 1\n").body[0], libcst.SimpleStatementLine)


def test_libcst_can_be_imported_afterwards() -> None:
    program = (
        "import sys\n"
        "from airwarden.lean_libcst import is_lean, parse_module\n"
        "assert is_lean(parse_module('a'))\n"
        "assert 'libcst' not in sys.modules\n"
        "import libcst, libcst.metadata\n"
        "assert isinstance(libcst.parse_module('a'), libcst.Module)\n"
        "assert is_lean(parse_module('a'))\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_what_is_no_python_is_refused_where_libcst_refuses_it() -> None:
    for text in ("a = (1\n", "b\n  c\n", "def f(:\n"):
        with pytest.raises(libcst.ParserSyntaxError) as plain:
            libcst.parse_module(text)
        with pytest.raises(lean_libcst.Refused) as lean:
            lean_libcst.parse_module(text)
        assert (lean.value.raw_line, lean.value.raw_column) == (plain.value.raw_line, plain.value.raw_column)
        assert sys.modules["libcst"] is libcst


def test_beside_another_thread_libcst_itself_parses() -> None:
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(lean_libcst.parse_module("a\n")))
    thread.start()
    thread.join()
    assert not lean_libcst.is_lean(found[0])


@pytest.mark.parametrize(
    ("name", "replaced"),
    [
        ("_TRIED", re.compile("never")),
        ("_reads_the_sample", lambda _: False),
        ("_native", lambda: 1 / 0),
    ],
)
def test_where_anything_is_unlike_what_was_tried_libcst_itself_parses(
    monkeypatch: pytest.MonkeyPatch, name: str, replaced: object
) -> None:
    monkeypatch.setattr(lean_libcst, name, replaced)
    assert isinstance(lean_libcst.parse_module("a\n"), libcst.Module)
    with pytest.raises(lean_libcst.Refused) as refused:
        lean_libcst.parse_module("a = (1\n")
    assert refused.value.raw_line > 0


def test_a_file_with_an_unknown_kind_of_node_is_parsed_by_libcst_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lean_libcst, "_reads_the_sample", lambda _: True)
    monkeypatch.delitem(layouts._EXPRESSIONS, "Await")
    assert not lean_libcst.is_lean(lean_libcst.parse_module("async def f(): await a\n"))
    assert lean_libcst.is_lean(lean_libcst.parse_module("a\n"))


@pytest.mark.real
def test_a_process_without_the_memory_for_a_parse_is_told_before_the_parser_ends_it() -> None:
    code = (
        "import resource, sys\n"
        "from airwarden import lean_libcst\n"
        "lean_libcst.parse_module('x = 1\\n')\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "lean_libcst.parse_module('x = 1\\n')\n"
        "try:\n"
        "    lean_libcst.parse_module('x = 1\\n' * 1_000_000)\n"
        "except MemoryError:\n"
        "    sys.exit(3)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 3
