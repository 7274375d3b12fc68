"""Bombs: small texts that ask for a lot, of depth, of length or of copies."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

MOST_BYTES = 400_000
_OPENINGS = (
    *(
        "[",
        "{",
        "(",
        "{a: ",
        "[[",
        "- ",
        "? ",
        "? - ",
        '{"a":',
        "f(",
        "lambda: ",
        "not ",
        "-",
        "~",
        "x[",
        "@",
    ),
    *(
        "if x:\n ",
        "{{",
        "${",
        "!a ",
        "&a ",
        "x=",
        "x.",
        "'' ",
        "*",
        "a:\n",
        "%{if ",
        "x if x else ",
        "await ",
    ),
    *(
        "try:\n",
        '"""',
        "f'{",
        "[tool.",
        "a.",
        "((\n",
        "/*",
        "<<A\n",
        "RUN \\\n",
        "-r a\n",
        "[a]\n",
        "[[a]]\n",
    ),
)
_FORMS = (
    *("k{0}: {0}\n", "k{0} = {0}\n", "[k{0}]\n", "import k{0}\n", "k{0}={0}\n", "- k{0}\n"),
    *("def k{0}(): pass\n", "apache-airflow-providers-{0}\n", "x{0} = x{1} + x{1}\n", "ENV K{0} k\n"),
    *("&k{0} a: *k{1}\n", "k.k{0} = 1\n"),
)


def _deep(random: Random) -> bytes:
    """Something that is opened again and again, and perhaps closed as often."""
    opening = random.choice(_OPENINGS)
    times = _count(random, MOST_BYTES // (2 * len(opening)))
    closing = {"[": "]", "{": "}", "(": ")"}.get(opening[-1:], "")
    return (random.choice(("", "a: ", "a = ")) + opening * times + "a" + closing * times).encode()


def _stairs(random: Random) -> bytes:
    """Lines that are indented deeper and deeper."""
    head = random.choice(("if x:", "a:", "-", "def f():", "class A:", "with x:", "for x in x:"))
    lines = [" " * depth + head for depth in range(_count(random, 700))]
    return ("\n".join(lines) + "\n").encode()


def _aliases(random: Random) -> bytes:
    """YAML whose aliases name lists of aliases, or as many aliases as fit."""
    if random.random() < 0.5:
        return b"a: &a 1\nb: [" + b"*a," * _count(random, MOST_BYTES // 3) + b"]\n"
    merge = random.choice(("[{0}, {0}, {0}]", "{{<<: [{0}, {0}], k{1}: {0}}}"))
    depth = _count(random, 300)
    lines = (f"a{n}: &a{n} " + merge.format(f"*a{n - 1}", n) for n in range(1, depth))
    return ("airflowVersion: &a0 {x: y}\n" + "\n".join(lines) + "\n").encode()


def _long(random: Random) -> bytes:
    """One thing over and over: a line without an end, or lines without number."""
    piece = random.choice(
        (*_OPENINGS, "a", "a ", "\n", " ", "a=1\n", "a: 1\n", "[a]\n", "#", "\\", "'", "\t", "0", "/")
    )
    head = random.choice(("", "a = ", "a: ", "# ", "'", "[", "from airflow import DAG\nx = "))
    return (head + piece * _count(random, MOST_BYTES // len(piece))).encode()


def _many(random: Random) -> bytes:
    """Many things of which no two are the same."""
    form = random.choice(_FORMS)
    return "".join(form.format(n, n - 1) for n in range(_count(random, 10_000))).encode()


def _count(random: Random, most: int) -> int:
    """A number of any magnitude."""
    return min(most, int(2 ** random.uniform(0, max(most, 2).bit_length())))


BOMBS: tuple[Callable[[Random], bytes], ...] = (_deep, _stairs, _aliases, _long, _many)
