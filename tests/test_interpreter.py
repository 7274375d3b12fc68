from __future__ import annotations

import inspect
import sys

import pytest
from airwarden import syntax
from airwarden.interpreter.modules import Interpreter
from airwarden.interpreter.values import (
    Arguments,
    Choice,
    Data,
    Instance,
    Items,
    Known,
    Symbol,
    Table,
    Unknown,
    Value,
    may_be_absent,
)
from airwarden.repo import Repo

from tests.conftest import MakeRepository


class Asked(Interpreter):
    """Keeps what the last call of `ask` was given."""

    answer: Value | None = None

    def outside(self, callee: Symbol, arguments: Arguments, call: syntax.Call | None) -> Value:
        if callee.name == "elsewhere.ask":
            self.answer = arguments.positional[0]
        return super().outside(callee, arguments, call)


def answer(make: MakeRepository, text: str, **modules: str) -> Value | None:
    """What the last call of `ask` in a module is given."""
    files = {f"dags/{name}.py": body for name, body in modules.items()}
    repo = Repo(make({"dags/main.py": f"from elsewhere import ask, unknown\n{text}", **files}))
    run = Asked(repo)
    run.follow(repo.dag_file("dags/main.py"))
    return run.answer


CONSTANTS = [
    ("ask(1)", 1),
    ("a = 1\na = 2\nask(a)", 2),
    ("a, b = 1, 2\nask(b)", 2),
    ("a, *b = 1, 2, 3\nask(b[-1])", 3),
    ("x = 1\nx += 1\nask(x)", 2),
    ("a = {'k': 1}\na['k'] = 2\nask(a['k'])", 2),
    ("a = {'k': 1}\na.update(k=3)\nask(a['k'])", 3),
    ("a = {'k': 1}\na.update([('k', 4)])\nask(a.get('k'))", 4),
    ("a = {}\na.setdefault('k', 5)\nask(a.pop('k'))", 5),
    ("a = {'k': 1}\ndel a['k']\nask(a.get('k', 6))", 6),
    ("a = dict(k=1)\nask({**a, 'j': 2}['k'])", 1),
    ("ask(({'k': 1} | {'k': 2})['k'])", 2),
    ("import copy\na = {'k': 1}\nb = copy.deepcopy(a)\nb['k'] = 2\nask(a['k'])", 1),
    ("def f(x, y=2):\n    return y\nask(f(1))", 2),
    ("def f(x, y=2):\n    return y\nask(f(1, y=3))", 3),
    ("def f(*, key):\n    return key\nask(f(**{'key': 4}))", 4),
    ("def f(x, *more):\n    return more[1]\nask(f(*[1, 2, 3]))", 3),
    ("def f(x, **more):\n    return more['k']\nask(f(1, k=5))", 5),
    ("def f(x):\n    if x > 1:\n        return 1\n    return 2\nask(f(1))", 2),
    ("def f(a={}):\n    a['n'] = a.get('n', 0) + 1\n    return a['n']\nf()\nask(f())", 2),
    ("f = lambda x: x\nask(f(5))", 5),
    ("class A:\n    k = 6\nclass B(A): ...\nask(B().k)", 6),
    ("class A:\n    def __init__(self, k):\n        self.k = k\nask(A(7).k)", 7),
    ("class A:\n    @property\n    def k(self):\n        return 8\nask(A().k)", 8),
    ("class A:\n    @classmethod\n    def m(cls):\n        return cls.k\n    k = 9\nask(A.m())", 9),
    (
        "class A:\n def f(self): return 1\nclass B(A):\n def f(self): return super().f() + 1\nask(B().f())",
        2,
    ),
    ("def outer(k):\n    def inner():\n        return k\n    return inner\nask(outer(9)())", 9),
    ("def f():\n    global g\n    g = 3\nf()\nask(g)", 3),
    (
        "def f():\n n = 1\n def g():\n  nonlocal n\n  n = 2\n g()\n return n\nask(f())",
        2,
    ),
    ("ask('a' 'b' + f'{1:02d}')", "ab01"),
    ("ask('%s-%s' % ('a', 1))", "a-1"),
    ("ask('{}-{b}'.format('a', b=2))", "a-2"),
    ("ask('-'.join(['a', 'b']).upper())", "A-B"),
    ("t = 0\nfor n in range(4):\n    if n == 1: continue\n    if n == 3: break\n    t += n\nask(t)", 2),
    ("n = 0\nwhile n < 5:\n    n += 1\nask(n)", 5),
    ("ask([n for n in range(9) if n % 2][-1])", 7),
    ("ask({k: v for k, v in zip('ab', (1, 2))}['b'])", 2),
    ("match 'b':\n    case 'a':\n        n = 1\n    case 'b' | 'c':\n        n = 2\nask(n)", 2),
    ("try:\n    raise ValueError\nexcept ValueError:\n    n = 1\nfinally:\n    m = 2\nask(n + m)", 3),
    ("try:\n    n = {}['k']\nexcept KeyError:\n    n = 4\nask(n)", 4),
    ("import functools\ndef f(a, b): return b\nask(functools.partial(f, b=3)(1))", 3),
    (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n k: int = 1\n j: int = 2\nask(A(j=5).j)",
        5,
    ),
    (
        "from typing import NamedTuple\nclass A(NamedTuple):\n k: int\n j: int = 2\nx, y = A(1)\nask(y)",
        2,
    ),
    ("import enum\nclass A(enum.Enum):\n    K = 'k'\nask(A.K.value + A['K'].name)", "kK"),
    ("import json\nask(json.loads('{\"k\": [1, 2]}')['k'][1])", 2),
    ("from pathlib import Path\nask(Path(__file__).stem)", "main"),
    (
        "def w(f):\n def g(*a):\n  return f(*a) + 1\n return g\n@w\ndef h(x):\n return x\nask(h(1))",
        2,
    ),
    ("def f():\n    yield 1\n    yield 2\nask(list(f())[1])", 2),
    ("ask((lambda: 3)() if False else 4)", 4),
    ("if unknown:\n    n = 1\nelse:\n    n = 1\nask(n)", 1),
    ("a = None\nask(a or 5)", 5),
    ("def f(): ...\nask(f())", None),
]


@pytest.mark.parametrize(("text", "constant"), CONSTANTS)
def test_constants(make_repository: MakeRepository, text: str, constant: object) -> None:
    value = answer(make_repository, text)
    assert isinstance(value, Known), value
    assert value.value == constant


def test_names_of_other_modules(make_repository: MakeRepository) -> None:
    text = "import other, settings as s\nfrom s1 import A\nfrom settings import *\nask([A, s.B, C, other.D])"
    value = answer(make_repository, text, s1="A = 1", settings="from s2 import B\nC = 3\n", s2="B = 2")
    assert isinstance(value, Items)
    assert [getattr(item, "value", None) for item in value.items[:3]] == [1, 2, 3]
    assert isinstance(value.items[3], Symbol)
    assert value.items[3].name == "other.D"


def test_modules_that_import_each_other_end(make_repository: MakeRepository) -> None:
    value = answer(make_repository, "import a\nask(a.A)", a="import b\nA = 1\n", b="import a\nB = 2\n")
    assert isinstance(value, Known)


@pytest.mark.parametrize(
    "text",
    [
        "for x in unknown:\n    ask(x)",
        "ask(undefined)",
        "n = 0\nfor x in unknown:\n    n += 1\nask(n)",
        "def f(n):\n    return f(n + 1) if unknown else n\nask(f(0))",
        "ask({'k': 1}[unknown] if unknown else undefined)",
        "ask('{:>99999999}'.format('a'))\nask(undefined)",
        "a = 1\nif unknown:\n    a = undefined\nask(a)",
    ],
)
def test_what_only_a_run_can_tell(make_repository: MakeRepository, text: str) -> None:
    assert isinstance(answer(make_repository, text), Unknown)


def test_several_possible_values(make_repository: MakeRepository) -> None:
    value = answer(make_repository, "if unknown:\n    a = 2\nelse:\n    a = 3\nask(a)")
    assert isinstance(value, Choice)
    assert [getattr(each, "value", None) for each in value.values] == [2, 3]
    assert isinstance(answer(make_repository, "ask(1 if unknown else 2)"), Choice)


def test_what_a_branch_may_leave(make_repository: MakeRepository) -> None:
    table = answer(make_repository, "a = {}\nif unknown:\n    a['k'] = 1\nask(a)")
    assert isinstance(table, Table)
    assert may_be_absent(table.content.values["k"])
    items = answer(make_repository, "a = [1]\nif unknown:\n    a.append(2)\nask(a)")
    assert isinstance(items, Items)
    assert [may_be_absent(item) for item in items.items] == [False, True]


def test_what_a_branch_makes_is_whole(make_repository: MakeRepository) -> None:
    text = "def f():\n if unknown:\n  a = []\n  a.append(1)\n  return a\n return [1]\nask(f())"
    value = answer(make_repository, text)
    assert isinstance(value, Choice)
    assert all(isinstance(each, Items) and each.is_fixed and len(each.items) == 1 for each in value.values)


def test_a_function_that_leaves_early_on_one_way(make_repository: MakeRepository) -> None:
    text = "a = {'k': 1}\ndef f():\n    if unknown:\n        return\n    a['k'] = 2\nf()\nask(a['k'])"
    value = answer(make_repository, text)
    assert isinstance(value, Choice)
    assert {getattr(each, "value", None) for each in value.values} == {1, 2}


def test_tables_know_when_they_are_incomplete(make_repository: MakeRepository) -> None:
    complete = answer(make_repository, "ask({'a': 1, 'b': unknown})")
    assert isinstance(complete, Table)
    assert complete.content.complete
    for text in (
        "ask({'a': 1, **unknown()})",
        "ask({unknown(): 1})",
        "a = {'k': 1}\na.update(unknown())\nask(a)",
        "ask(dict(unknown()))",
        "a = {}\nundefined(a)\nask(a)",
    ):
        table = answer(make_repository, text)
        assert isinstance(table, Table), text
        assert not table.content.complete, text


def test_a_text_of_unknown_parts_is_data(make_repository: MakeRepository) -> None:
    assert isinstance(answer(make_repository, "ask(f'{undefined}')"), Data)


def test_what_is_outside_is_named(make_repository: MakeRepository) -> None:
    value = answer(make_repository, "import pandas as pd\nask(pd.read_csv('x'))")
    assert isinstance(value, Instance)
    assert isinstance(value.callee, Symbol)
    assert value.callee.name == "pandas.read_csv"


DOUBLINGS = [
    "s = s + s\n",
    "s = f'{s}{s}'\n",
    "s = '{0}{0}'.format(s)\n",
    "s = '{a}{a}'.format(a=s)\n",
    "s = '%s%s' % (s, s)\n",
    "s = s.join([s, s, s])\n",
    "s = s.replace('a', s + 'a')\n",
]


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"def f{n}():\n    return [f{n + 1}(), f{n + 1}()]\n" for n in range(40)) + "f0()",
        "def f(): return f()\nf()",
        "while True:\n    pass",
        "for n in range(10 ** 9):\n    pass",
        "a = [0]\nfor x in a:\n    a.append(x)",
        "x = 'a' * 10 ** 12",
        "x = '{:1000000000}'.format(1)",
        "x = 9 ** 9 ** 9 ** 9",
        "x = " + "(" * 60 + "1" + ")" * 60,
        "x = " + " + ".join(["unknown"] * 900),
        "x = [" + "1, " * 12_000 + "]",
        "x = {" + "1, " * 2 + ", ".join(map(str, range(12_000))) + "}",
        "x = {" + ", ".join(f"{n}: {n}" for n in range(12_000)) + "}",
        "s = set()\nfor n in range(2_000):\n    s.add(n)",
        "x = range(10 ** 30)\nfor n in range(1000000000000000000000000000000):\n    pass",
        "x = () * 1000000000000000000000000000000",
        "x = int(float('1e999'))",
        "x = '%.999999999f' % 1.0",
        "x = '%1.5000000000d' % 1",
        "x = '{{{:>9999999999}}}'.format(1)",
        "x = 0x" + "f" * 200_000 + "\ny = x * x\nz = y % 7",
        *(f"s = 'a'\n{doubling * 60}" for doubling in DOUBLINGS),
        "x = ['a']\n" + "x = x + x\n" * 60,
        "x = ()\n" + "x = (x, x)\n" * 60 + "y = x == x\nz = {x: '%s' % (x,)}",
        "x = []\nfor n in range(2_000):\n    x = [x]\ny = x == x",
        "import json\nx = json.loads('" + "[" * 20_000 + "')",
        "from functools import partial\ndef f(*a): pass\nfor n in range(2_000):\n    f = partial(f, n)\nf()",
        "if unknown():\n    pass\n" + "elif unknown():\n    x = 1\n" * 2_500,
        "with " + ", ".join(["unknown()"] * 2_500) + ":\n    pass",
        "try:\n    raise ValueError\n" + "except unknown():\n    x = 1\n" * 2_500,
        "x = [n " + "for n in unknown " * 450 + "]",
        "x = unknown" + ".f()" * 450,
    ],
)
def test_an_endless_computation_ends(make_repository: MakeRepository, text: str) -> None:
    assert answer(make_repository, f"ask(1)\n{text}") is not None


def test_what_is_known_does_not_depend_on_how_deep_the_caller_stands(make_repository: MakeRepository) -> None:
    one = "def f@(x):\n    if unknown:\n        return f%(x)\n    return x\n"
    calls = "".join(one.replace("@", str(n)).replace("%", str(n + 1)) for n in range(12))
    text = f"{calls}def f12(x):\n    return x\nask(f0(7))"

    def deep(count: int) -> Value | None:
        return deep(count - 1) if count else answer(make_repository, text)

    used = sys.getrecursionlimit() - 350
    with pytest.raises(RecursionError):
        deep(used + 400)
    given = deep(used - len(inspect.stack(0)))
    assert isinstance(given, Known)
    assert given.value == 7


@pytest.mark.parametrize(
    ("made", "used"),
    [
        ("s = set(range(200))", "s.add(1)"),
        ("s = set(range(200))", "s.update([1])"),
        ("s = set(range(200))", "s | s"),
        ("s = list(range(200))", "9 in s"),
        ("s = list(range(200))", "set(s)"),
        ("from functools import partial\ns = partial(unknown, *range(200))", "s()"),
    ],
)
def test_what_looks_at_many_values_uses_up_more_of_the_budget(
    made: str, used: str, make_repository: MakeRepository
) -> None:
    repo = Repo(make_repository({"dags/main.py": f"from elsewhere import unknown\n{made}\n{used}\n{used}\n"}))
    run = Interpreter(repo, most_steps=55)
    run.follow(repo.dag_file("dags/main.py"))
    assert run.exhausted == {"dags/main.py"}


def test_what_ways_that_leave_keep_uses_up_the_budget(make_repository: MakeRepository) -> None:
    variables = "".join(f" v{number} = a\n" for number in range(200))
    text = f"def f(a):\n{variables}" + " if unknown():\n  return a\n" * 100
    repo = Repo(make_repository({"dags/main.py": f"from elsewhere import unknown\n{text}f(1)\n"}))
    run = Interpreter(repo, most_steps=1_600)
    run.follow(repo.dag_file("dags/main.py"))
    assert run.exhausted == {"dags/main.py"}
