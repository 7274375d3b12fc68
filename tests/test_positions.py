from __future__ import annotations

import re

import libcst
import pytest
from airwarden import positions, syntax
from airwarden.dag import DagFile
from airwarden.source import Source
from hypothesis import given, settings
from hypothesis import strategies as st
from libcst.metadata import MetadataWrapper, PositionProvider

STATEMENTS = [
    "call( a , key = 'é' )[ 0 ].attribute\n",
    "value = ( first\n  + call(second) )  # comment\n",
    "with open(path) as file, lock :\n    text = f'{file.read()}' 'more'\n",
    "@decorator( 1 )\nasync def work( a , b=2 ) :\n\n    return await a( b )\n",
    "class Made( Base , key=1 ) :\n    field : int = make()\n",
    "from a import b ; import c\n",
    "if a :\n\tb( )\nelif c :\n\td( )\nelse :\n\te( )\n",
    "items = [ f( x ) for x in xs if g( x ) ]\n",
    "text = '''one\ntwo'''\n",
    "try :\n  a( )\nexcept E as e :\n  b( )\nfinally :\n  c( )\n",
    "lambda x , * y : x( y )\n",
]


def nodes_of(tree: syntax.Module) -> list[syntax.Node]:
    nodes: list[syntax.Node] = [site.call for site in tree.calls]
    nodes += [text.node for text in tree.texts]
    return [*nodes, *tree.functions, *tree.classes, *tree.imports, *tree.body]


def expected(tree: syntax.Module) -> list[tuple[int, int, int, int]]:
    ranges = MetadataWrapper(tree.origin, unsafe_skip_copy=True).resolve(PositionProvider)
    found = [ranges[node.origin] for node in nodes_of(tree)]
    return [(r.start.line, r.start.column + 1, r.end.line, r.end.column + 1) for r in found]


@given(st.lists(st.sampled_from(STATEMENTS), min_size=1), st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=150, deadline=None)
def test_positions_are_those_of_libcst(statements: list[str], line_end: str, ends: bool) -> None:
    text = "".join(statements).replace("\n", line_end)
    tree = DagFile.read(Source("a.py", text if ends else text.removesuffix(line_end))).module
    found = positions.regions(tree, "a.py", nodes_of(tree))
    assert [(r.line, r.column, r.end_line, r.end_column) for r in found] == expected(tree)


def test_one_node_is_found_without_the_others() -> None:
    file = DagFile.read(Source("a.py", "".join(STATEMENTS)))
    for site in file.module.calls:
        alone = DagFile(file.source, file.module)
        assert alone.region(site.call) == file.region(site.call)


def test_a_region_holds_the_text_of_its_node() -> None:
    source = Source("a.py", "x = outer(\n    inner( 'é', 1 ),\n)\n")
    file = DagFile.read(source)
    found = [source.slice(file.region(site.call)) for site in file.module.calls]
    assert found == ["inner( 'é', 1 )", source.text[4:-1]]


@pytest.mark.parametrize("terms", [10, 2_500])
def test_chains_longer_than_the_recursion_limit_have_positions(terms: int) -> None:
    file = DagFile.read(Source("a.py", "x = " + "a + " * terms + "f()\n"))
    region = file.region(file.module.calls[0].call)
    assert (region.line, region.column) == (1, 5 + 4 * terms)


def test_the_counter_has_what_libcst_asks_of_its_state() -> None:
    counter = positions._PositionCounter(libcst.parse_module(""), [])
    asked = re.findall(r"^    def (\w+)", _source_of_state(), re.MULTILINE)
    assert [name for name in asked if not hasattr(counter, name)] == []


def _source_of_state() -> str:
    import inspect

    from libcst._nodes.internal import CodegenState

    return inspect.getsource(CodegenState)
