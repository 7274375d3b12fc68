"""Mutator: inputs made of seeds that are cut, flipped, spliced and stretched, and of grammars."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from fuzzing.bombs import BOMBS
from fuzzing.grammar import Grammar

LONGEST = 60_000
"""Bytes of an input, bombs aside: what is longer is cut."""

_WORD = re.compile(rb"[A-Za-z_]\w*|\d+|[^\w\s]")
_NUMBERS = (b"0", b"-1", b"1e999", b"99999999999999999999999", b"0x7f", b"1_000", b"NaN", b"1" * 5000)
_ODD = (
    *(b"\0", b"\x0b", b"\x0c", b"\x1b[31m", b"\x7f", b"\x85", b"\xa0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf"),
    *("\u2028\u2029\u202e\u0130\u00df\ufb01\u0345\ue000\ufffd\U0001f600".encode(),),
    *(
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\r",
        b"\r\n",
        b"\n",
        b"\t",
        b" ",
        b"\\",
        b"'",
        b'"',
        b'"""',
        b"`",
    ),
    *(b"{{", b"}}", b"{%", b"${", b"$$", b"<<: *a", b"&a ", b"*a", b"!!", b"#", b"//", b"%", b"@", b"\\\n"),
    *(b"# airwarden: ignore[", b"# -*- coding: latin-1 -*-\n", b"---\n", b"...\n", b"|-\n", b">+\n"),
)


class Mutator:
    """Makes inputs of `seeds` and a grammar, each of `random`. `bombs` is the share of bombs among them."""

    def __init__(self, random: Random, seeds: Sequence[bytes], grammar: Grammar, bombs: float = 0.01) -> None:
        self._random = random
        self._bombs = bombs
        self._seeds = list(seeds) or [b""]
        self._grammar = grammar
        self._changes: tuple[Callable[[bytes], bytes], ...] = (
            *(self._flip, self._cut, self._end, self._repeat, self._ends),
            *(self._put, self._splice, self._lines, self._word) * 2,
        )
        self._words = [word.encode() for word in grammar.words] + list(_ODD)

    def input(self) -> bytes:
        """A seed or a text of the grammar, changed a few times or not at all; now and then a bomb."""
        chance = self._random.random()
        if chance < self._bombs:
            return self._random.choice(BOMBS)(self._random)
        data = self._written() if chance < 0.4 else self._piece(self._random.choice(self._seeds))
        for _ in range(self._random.choice((0, 1, 1, 1, 2, 3, 5, 8))):
            data = self.mutated(data)
        return data[:LONGEST]

    def mutated(self, data: bytes) -> bytes:
        """The same bytes, changed once."""
        return self._random.choice(self._changes)(data)[: 2 * LONGEST]

    def _written(self) -> bytes:
        return self._grammar.text(self._random).encode(errors="surrogatepass")

    def _piece(self, seed: bytes) -> bytes:
        """A few lines of a seed, or now and then all of it: much can be tried while one long text is read."""
        if len(seed) < 600 or self._random.random() < 0.15:
            return seed
        start = seed.rfind(b"\n", 0, self._random.randrange(len(seed))) + 1
        end = seed.find(b"\n", start + self._random.randrange(1000))
        return seed[start : end if end > 0 else None]

    def _span(self, data: bytes, most: int = 200) -> tuple[int, int]:
        start = self._random.randint(0, len(data))
        return start, min(len(data), start + self._random.randint(0, most))

    def _flip(self, data: bytes) -> bytes:
        if not data:
            return b"\0"
        at = self._random.randrange(len(data))
        return data[:at] + bytes([data[at] ^ (1 << self._random.randrange(8))]) + data[at + 1 :]

    def _put(self, data: bytes) -> bytes:
        at = self._random.randint(0, len(data))
        return data[:at] + self._random.choice(self._words) + data[at:]

    def _cut(self, data: bytes) -> bytes:
        start, end = self._span(data)
        return data[:start] + data[end:]

    def _end(self, data: bytes) -> bytes:
        return data[: self._random.randint(0, len(data))]

    def _repeat(self, data: bytes) -> bytes:
        start, end = self._span(data, self._random.choice((3, 30, 300)))
        return data[:end] + data[start:end] * self._random.choice((1, 2, 10, 200)) + data[end:]

    def _splice(self, data: bytes) -> bytes:
        other = self._random.choice(self._seeds) if self._random.random() < 0.7 else self._written()
        start, end = self._span(other, 2000)
        at, to = self._span(data)
        return data[:at] + other[start:end] + data[self._random.choice((at, to)) :]

    def _word(self, data: bytes) -> bytes:
        """A word or a sign in the place of another."""
        near = self._random.randint(0, len(data))
        found = _WORD.search(data, near)
        if found is None:
            return self._put(data)
        word = self._random.choice(_NUMBERS if found[0].isdigit() else self._words)
        return data[: found.start()] + word + data[found.end() :]

    def _lines(self, data: bytes) -> bytes:
        """Lines that are swapped, doubled, joined or moved in."""
        lines = data.split(b"\n")
        one, other = (self._random.randrange(len(lines)) for _ in range(2))
        way = self._random.randrange(4)
        if way == 0:
            lines[one], lines[other] = lines[other], lines[one]
        elif way == 1:
            lines.insert(other, lines[one])
        elif way == 2:
            lines[one] = self._random.choice((b" ", b"  ", b"\t", b"        ")) + lines[one]
        else:
            lines[one] = lines[one].lstrip()
        return b"\n".join(lines)

    def _ends(self, data: bytes) -> bytes:
        return data.replace(b"\n", self._random.choice((b"\r\n", b"\r", b"\n\n", b"\x0c\n", b"")))
