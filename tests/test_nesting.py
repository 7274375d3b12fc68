"""How deeply Python is nested: what is refused, where, and what is not."""

from __future__ import annotations

import pytest
from airwarden.nesting import MOST_CHOICES, MOST_IN_PATTERNS, MOST_LEVELS, MOST_LINKS, fault_of, is_shallow
from airwarden.parsing import parse
from airwarden.source import LARGEST_PYTHON, Source, TooBig, TooDeep, Unreadable

DEEP = {
    "parentheses": ("x = ", "(", "1", ")", ""),
    "lists": ("x = ", "[", "1", "]", ""),
    "dicts": ("x = ", "{1:", "1", "}", ""),
    "calls": ("x = ", "f(a=", "1", ")", ""),
    "subscripts": ("x = ", "f[", "1", "]", ""),
    "signs": ("x = ", "- ", "1", "", ""),
    "not": ("x = ", "not ", "1", "", ""),
    "powers": ("x = a", " ** b", "", "", ""),
    "conditionals": ("x = ", "a if b else ", "1", "", ""),
    "lambdas": ("x = ", "lambda a, b: ", "1", "", ""),
    "defaults of lambdas": ("x = ", "lambda a=", "1", ": 1", ""),
    "comprehensions": ("x = ", "[a for a in ", "b", "]", ""),
    "targets": ("", "(", "x", ",)", " = 1"),
    "contexts": ("with a as ", "(", "x", ",)", ": pass"),
    "defaults": ("def f(a=", "(", "1", ")", "): pass"),
    "brackets that strings seem to close": ("x = ", """(")", """, "1", ")", ""),
    "brackets that comments seem to close": ("x = ", "[  # ]\n", "1", "]", ""),
    "brackets in a field": ("x = f'{", "(", "1", ")", "}'"),
    "fields in fields": ("x = ", 'f"{', "1", '}"', ""),
    "brackets behind a quote in a field": ('x = f"{', '["a", ', "1", "]", '}"'),
    "formats in formats": ("x = f'", "{a:", "", "}", "'"),
    "a line ended by a carriage return": ("a = 1  # \rx = ", "(", "1", ")", ""),
}
CHAINED = {
    "attributes": ("x = a", ".b", "", "", ""),
    "calls": ("x = a", "()", "", "", ""),
    "items": ("x = a", "[0]", "", "", ""),
    "sums": ("x = a", " + b", "", "", ""),
    "over many lines": ("x = (a", "\n + f(b, c)", "", "", "\n)"),
    "and": ("x = a", " and b", "", "", ""),
    "comparisons": ("x = a", " < b", "", "", ""),
    "elif": ("if a: pass\n", "elif b: pass\n", "", "", ""),
    "dotted modules": ("import a", ".b", "", "", ""),
    "loops of a comprehension": ("x = [a ", "for b in c ", "", "", "]"),
}
IN_PATTERNS = {
    "a pattern of lists": ("match a:\n    case ", "[", "1", "]", ": pass"),
    "a pattern of dicts": ("match a:\n    case ", "{1: ", "1", "}", ": pass"),
    "a pattern of classes": ("match a:\n    case ", "A(b=", "1", ")", ": pass"),
    "del": ("del ", "(", "x", ",)", ""),
    "del behind an if": ("if a: del ", "(", "x", ",)", ""),
}


def code(parts: tuple[str, ...], count: int) -> str:
    """What is opened and closed so many times."""
    before, opening, inner, closing, after = parts
    return before + opening * count + inner + closing * count + after + "\n"


@pytest.mark.parametrize("kind", DEEP)
def test_what_is_nested_too_deeply_is_told_before_it_is_parsed(kind: str) -> None:
    fault = fault_of(code(DEEP[kind], MOST_LEVELS + 20))
    assert fault is not None
    assert fault.kind == "deep"


@pytest.mark.parametrize("kind", CHAINED)
def test_chains_that_are_too_long_are_told_before_they_are_parsed(kind: str) -> None:
    fault = fault_of(code(CHAINED[kind], MOST_CHOICES + 20 if kind == "elif" else MOST_LINKS + 20))
    assert fault is not None
    assert fault.kind == "deep"


@pytest.mark.parametrize("kind", IN_PATTERNS)
def test_patterns_and_del_may_be_nested_less_deeply(kind: str) -> None:
    assert fault_of(code(IN_PATTERNS[kind], MOST_IN_PATTERNS + 1)) is not None
    assert fault_of(code(IN_PATTERNS[kind], MOST_IN_PATTERNS - 1)) is None


@pytest.mark.parametrize("kind", DEEP)
def test_a_tenth_of_what_is_too_deep_is_not(kind: str) -> None:
    assert fault_of(code(DEEP[kind], MOST_LEVELS // 10)) is None


@pytest.mark.parametrize("kind", CHAINED)
def test_a_tenth_of_what_is_too_long_is_not(kind: str) -> None:
    assert fault_of(code(CHAINED[kind], MOST_LINKS // 10)) is None


@pytest.mark.parametrize(
    "text",
    [
        "if a:\n    pass\n" * 4_000,
        ("if a:\n    pass\n" + "elif b:\n    pass\n" * 90) * 40,
        "x = {" + "1: [(a, b.c), f(d=-1)], " * 5_000 + "}\n",
        "f(" + ", ".join(["not a", "-b", "c ** 2", "lambda: d", "e if f else g"] * 1_000) + ")\n",
        "x = " + " and ".join(["a is not None", "not b", "-c < -d"] * 100) + "\n",
        "x = (" + 'f"{a} {b.c()}"\n' * 2_000 + ")\n",
        'x = f"{{" + "(" * 300\n' * 300,
        "x = '(((((' # (((((\n" * 300,
        'x = """' + "(" * 5_000 + '"""\n',
        "for a in b:\n    pass\nelse:\n    pass\n" * 300,
        "x = {**a, **b}\nf(*a, **b)\n" * 300,
    ],
)
def test_much_side_by_side_is_not_deep(text: str) -> None:
    assert fault_of(text) is None


def test_what_is_nested_too_deeply_in_too_many_places_is_too_big() -> None:
    fault = fault_of(code(DEEP["parentheses"], 95) * 300)
    assert fault is not None
    assert fault.kind == "big"


def test_a_file_of_the_usual_kind_is_told_at_a_glance() -> None:
    head = 'def f(a, b=(1, 2)):\n    """Text (of (some)) kind"""\n'
    text = head + '    return {a: [f"{b!r:>{a}}", {b["c"]: -1}]}\n\n\n'
    assert is_shallow(text * 200)


def test_the_finding_stands_where_the_limit_is_passed() -> None:
    with pytest.raises(TooDeep) as caught:
        parse(Source("dags/a.py", "import a\n\n" + code(DEEP["parentheses"], 200)))
    assert (caught.value.region.line, caught.value.region.column) == (3, 5 + MOST_LEVELS)


def test_what_is_too_big_to_be_parsed_is_told() -> None:
    with pytest.raises(TooBig):
        parse(Source("dags/a.py", "#" * (LARGEST_PYTHON + 1)))


@pytest.mark.parametrize("parts", [*DEEP.values(), *IN_PATTERNS.values()], ids=[*DEEP, *IN_PATTERNS])
def test_the_parser_comes_back_from_the_deepest_that_it_is_given(parts: tuple[str, ...]) -> None:
    text = next(text for n in range(MOST_LEVELS, 0, -1) if fault_of(text := code(parts, n)) is None)
    try:
        parse(Source("dags/a.py", text))
    except Unreadable as fault:
        pytest.fail(fault.reason)
