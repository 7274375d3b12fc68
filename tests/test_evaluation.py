from __future__ import annotations

import pytest
from airwarden.evaluated import Choice, Data, Items, Known, Place, Symbol, Table, Unknown, Value
from airwarden.evaluation import Evaluator
from airwarden.repo import Repo

from tests.conftest import MakeRepository


def evaluated(make: MakeRepository, text: str, **modules: str) -> Value:
    """What the argument of the last call of `ask` in a module is known to be."""
    files = {f"dags/{name}.py": body for name, body in modules.items()}
    repo = Repo(make({"dags/main.py": text, **files}))
    file = repo.dag_file("dags/main.py")
    site = [site for site in file.module.calls if getattr(site.call.function, "id", "") == "ask"][-1]
    argument = site.call.positional(0)
    assert argument is not None
    return Evaluator(repo).evaluate(argument, Place(file, site.scope, order=site.order))


@pytest.mark.parametrize(
    ("text", "constant"),
    [
        ("ask(1)", 1),
        ("a = 1\nask(a)", 1),
        ("a = 1\na = 2\nask(a)", 2),
        ("a, b = 1, 2\nask(b)", 2),
        ("a = {'k': 1}\nask(a['k'])", 1),
        ("a = {'k': 1}\na['k'] = 2\nask(a['k'])", 2),
        ("a = {'k': 1}\na.update(k=3)\nask(a['k'])", 3),
        ("a = dict(k=1)\nask({**a, 'j': 2}['k'])", 1),
        ("a = {'k': 1} | {'k': 2}\nask(a['k'])", 2),
        ("a = {'k': 1}.copy()\nask(a['k'])", 1),
        ("def f(x, y=2):\n    return y\nask(f(1))", 2),
        ("def f(x, y=2):\n    return y\nask(f(1, y=3))", 3),
        ("def f(*, key):\n    return key\nask(f(**{'key': 4}))", 4),
        ("def f(x, **more):\n    return more['k']\nask(f(1, k=5))", 5),
        ("f = lambda x: x\nask(f(5))", 5),
        ("class A:\n    k = 6\nask(A.k)", 6),
        ("class A:\n    k = 6\nclass B(A): ...\nask(B().k)", 6),
        ("class A:\n    def __init__(self, k):\n        self.k = k\nask(A(7).k)", 7),
        ("class A:\n    def k(self):\n        return 8\nask(A().k())", 8),
        ("def outer(k):\n    def inner():\n        return k\n    return inner\nask(outer(9)())", 9),
        ("ask('a' 'b' + f'{1}')", "ab1"),
        ("ask([1, 2][-1])", 2),
        (
            "import functools\ndef f(): ...\nask(getattr(A, 'k'))\nclass A:\n    k = 3\nask(getattr(A, 'k'))",
            3,
        ),
        ("def f(): ...\nask(f())", None),
    ],
)
def test_constants(make_repository: MakeRepository, text: str, constant: object) -> None:
    value = evaluated(make_repository, text)
    assert isinstance(value, Known), value
    assert value.value == constant


def test_names_of_other_modules(make_repository: MakeRepository) -> None:
    text = (
        "from settings import A\nimport settings\nfrom settings import *\nask([A, settings.B, C, other.D])\n"
    )
    value = evaluated(
        make_repository,
        "import other\n" + text,
        settings="A = 1\nfrom deeper import B\nC = 3\n",
        deeper="B = 2",
    )
    assert isinstance(value, Items)
    assert [getattr(item, "value", None) for item in value.items[:3]] == [1, 2, 3]
    assert isinstance(value.items[3], Symbol)
    assert value.items[3].name == "other.D"


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n    ask(x)",
        "for x in y:\n    ask(x)",
        "ask(undefined)",
        "x = 1\nx += 1\nask(x)",
        "def f():\n    return f()\nask(f())",
        "def f():\n    yield 1\nask(f())",
        "async def f():\n    return 1\nask(f())",
        "ask({'k': 1}[unknown])",
        "a = b\nb = a\nask(a)",
    ],
)
def test_what_only_a_run_can_tell(make_repository: MakeRepository, text: str) -> None:
    assert isinstance(evaluated(make_repository, text), Unknown)


def test_several_possible_values(make_repository: MakeRepository) -> None:
    value = evaluated(make_repository, "a = 1\nif x:\n    a = 2\nelse:\n    a = 3\nask(a)")
    assert isinstance(value, Choice)
    assert [getattr(each, "value", None) for each in value.values] == [1, 2, 3]
    value = evaluated(make_repository, "ask(1 if x else 2)")
    assert isinstance(value, Choice)


def test_tables_know_when_they_are_incomplete(make_repository: MakeRepository) -> None:
    complete = evaluated(make_repository, "ask({'a': 1, 'b': x})")
    assert isinstance(complete, Table)
    assert complete.complete
    for text in ("ask({'a': 1, **x})", "ask({x: 1})", "a = {'k': 1}\na.update(x)\nask(a)", "ask(dict(x))"):
        table = evaluated(make_repository, text)
        assert isinstance(table, Table), text
        assert not table.complete, text


def test_data_made_of_known_things_is_harmless(make_repository: MakeRepository) -> None:
    assert isinstance(evaluated(make_repository, "ask('a'.join)"), Data)
    assert isinstance(evaluated(make_repository, "ask(f'{x}')"), Data)


def test_an_endless_computation_ends(make_repository: MakeRepository) -> None:
    doubling = "".join(f"def f{n}():\n    return [f{n + 1}(), f{n + 1}()]\n" for n in range(40))
    value = evaluated(make_repository, doubling + "ask(f0())\n")
    assert isinstance(value, Items)
