"""Writes docs/assets/check.svg: what `airwarden check` shows of the example that breaks every policy.

With --check nothing is written: exit 1 where the picture is stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from airwarden.config import Config
from airwarden.formats import text
from airwarden.formats.view import View
from airwarden.registry import Registry
from airwarden.workspace import Workspace

from scripts.written_pages import ROOT, run

RULES = ("failure-alert-on-tasks-only", "query-rows-in-xcom", "inline-secret-in-config")
COLUMNS = 112
WIDE, HIGH, EDGE, TOP = 7.8, 19, 20, 48
"""Pixels of a character, of a line, and around the text."""

STYLES = {
    "": "#d7e0e2",
    "1": "#ffffff",
    "2": "#7f9499",
    "1;31": "#ff7b72",
    "1;33": "#f2cc60",
    "1;36": "#76d9e6",
    "32": "#7ee787",
}
"""The colours of the terminal's styles."""

HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" \
aria-label="airwarden check">
<rect width="{width}" height="{height}" rx="10" fill="#0f1b1e"/>
<g fill="#3b5157"><circle cx="22" cy="20" r="6"/><circle cx="42" cy="20" r="6"/>\
<circle cx="62" cy="20" r="6"/></g>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace" font-size="13">
"""


def shown() -> str:
    """What the program prints, with colours."""
    root = ROOT / "examples" / "broken"
    workspace = Workspace(root, Registry(), Config(select=RULES))
    report = workspace.check(workspace.repo())
    command = f"\x1b[2m$\x1b[0m \x1b[1mairwarden check --select {','.join(RULES)}\x1b[0m\n\n"
    return command + text.render(report, View(color=True, width=COLUMNS, wrap=True))


def parts(line: str) -> Iterator[tuple[str, str]]:
    """The pieces of a line, each with its style."""
    style = ""
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        if piece.startswith("\x1b"):
            style = piece[2:-1].removeprefix("0")
        elif piece:
            yield style, piece


def rows(line: str) -> list[list[tuple[str, str]]]:
    """A line as a terminal wraps it."""
    found: list[list[tuple[str, str]]] = [[]]
    room = COLUMNS
    for style, piece in parts(line):
        rest = piece
        while len(rest) > room:
            found[-1].append((style, rest[:room]))
            rest, room = rest[room:], COLUMNS
            found.append([])
        found[-1].append((style, rest))
        room -= len(rest)
    return found


def picture() -> str:
    """The whole picture."""
    lines = [row for line in shown().rstrip("\n").split("\n") for row in rows(line)]
    body = "".join(drawn(row, TOP + HIGH * number) for number, row in enumerate(lines, 1))
    size = {"width": round(2 * EDGE + WIDE * COLUMNS), "height": TOP + HIGH * len(lines) + EDGE}
    return f"{HEAD.format(**size)}{body}</g>\n</svg>\n"


def drawn(row: list[tuple[str, str]], y: int) -> str:
    """One line, its characters in columns whatever the font."""
    found, column = [], 0
    for style, piece in row:
        weight = ' font-weight="bold"' if style.startswith("1") else ""
        for words in re.finditer(r"\S+(?: \S+)*", piece):
            x, length = EDGE + WIDE * (column + words.start()), WIDE * len(words[0])
            place = f'x="{x:.1f}" y="{y}" textLength="{length:.1f}"'
            found.append(f'<text {place} fill="{STYLES[style]}"{weight}>{escape(words[0])}</text>\n')
        column += len(piece)
    return "".join(found)


def main() -> int:
    """Writes or, with --check, compares."""
    return run(__doc__ or "", {ROOT / "docs" / "assets" / "check.svg": picture()})


if __name__ == "__main__":
    raise SystemExit(main())
