from __future__ import annotations

from typing import Any

import libcst
import pytest
from airwarden import layouts, positions, syntax
from airwarden.dag import DagFile
from airwarden.lean_libcst import is_lean
from airwarden.parsing import parse, read_tree
from airwarden.source import Source
from hypothesis import given, settings
from hypothesis import strategies as st
from libcst.metadata import MetadataWrapper, PositionProvider

from tests.conftest import some

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
    "( ( a ) ) . b [ 1 : , :: 2 , * c ] ; d = ( e ) ; pass\n",
    "# first\nclass A :\n\n  # second\n  def f( self , / , * , a : B = 1 , ** c ) -> D : return\n  # third\n",
    "value = (  # one\n    # two\n  a  # three\n  if not b else [  # four\n\n  c , * d , ]\n)\n",
    "async def g( ) :\n  async with a as b , c : yield b\n  async for d in e : f( )\n  else : raise G\n",
    "from . . a import ( b as c , d , )\nfrom .e import *\nimport f . g as h , i\n",
    "match a :\n  case B( 1 , c = [ d , * _ ] ) | { 'e' : f , ** g } if h( ) : i( )\n  case None : j( )\n",
    "a : b = c ; d += e ; del f , g ; assert h != i , j ; global k\n",
    "x = { 'a' : b , ** c , } ; y = { a , b } ; z = { a : b for a in c if d for b in a }\n",
    "f'a{ b !r:>{ c }}' 'd' ; f'{ e = }'\n",
    'f"""\n{ g( ) }"""\n',
    "while a := b < c not in d is not e : break\nelse : continue\n",
    "try : a( )\nexcept ( B , C ) : d( )\nexcept : e( )\nelse : f( )\n",
    "x = - 1 ** ~ y @ z // ( w or not v and u )\n",
    "with ( open( a ) as b , c , ) : d( b )\n",
    "def h [ T : int , * U , ** V ] ( a : T ) : i( a )\ntype W = X [ Y ]\n",
    "raise a from b\n",
    "a \\\n  = b( \\\n c )\n",
    "if a : b( ) ; c( )\n",
    "\n\f\n  \n# end\n",
]


def nodes_of(tree: syntax.Module) -> list[syntax.Node]:
    return [*(node for node, _ in syntax.nodes_of(tree)), *(text.node for text in tree.texts)]


def expected(tree: Any, nodes: list[syntax.Node]) -> list[tuple[int, int, int, int]]:
    ranges = MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
    found = [ranges[node.origin] for node in nodes]
    return [(r.start.line, r.start.column + 1, r.end.line, r.end.column + 1) for r in found]


def places(tree: syntax.Module, nodes: list[syntax.Node]) -> list[tuple[int, int, int, int]]:
    found = positions.regions(tree, "a.py", nodes)
    return [(r.line, r.column, r.end_line, r.end_column) for r in found]


def as_libcst_parses(text: str) -> syntax.Module:
    return read_tree(libcst.parse_module(text))


@given(
    st.lists(st.sampled_from(STATEMENTS), min_size=1), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans()
)
@settings(max_examples=some(150), deadline=None)
def test_positions_are_those_of_libcst(statements: list[str], line_end: str, ends: bool) -> None:
    text = "".join(statements).replace("\n", line_end)
    text = text if ends else text.removesuffix(line_end)
    lean, plain = parse(Source("a.py", text)), as_libcst_parses(text)
    wanted = expected(plain.origin, nodes_of(plain))
    assert is_lean(lean.origin)
    assert places(lean, nodes_of(lean)) == wanted
    assert places(plain, nodes_of(plain)) == wanted


def test_a_tree_of_libcst_with_an_unknown_kind_of_node_has_positions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = as_libcst_parses("".join(STATEMENTS))
    wanted = places(plain, nodes_of(plain))
    monkeypatch.delitem(layouts._EXPRESSIONS, "Await")
    assert places(plain, nodes_of(plain)) == wanted


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


@pytest.mark.parametrize("terms", [10, 980])
def test_long_chains_have_positions(terms: int) -> None:
    file = DagFile.read(Source("a.py", "x = " + "a + " * terms + "f()\n"))
    region = file.region(file.module.calls[0].call)
    assert (region.line, region.column) == (1, 5 + 4 * terms)
