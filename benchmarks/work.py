"""What is measured in a process of its own: the bare work that airwarden's is compared with, and its insides.

python benchmarks/work.py parse LIST      libcst parses the files that LIST names, one after the other
python benchmarks/work.py read FOLDER     every file is read
python benchmarks/work.py list FOLDER     prints the DAG files, as airwarden tells them
python benchmarks/work.py secrets FOLDER  prints the seconds of the secret rules and of a parse, as JSON
python benchmarks/work.py positions FOLDER REPORT    prints how the report's regions stand, as JSON
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import time
import tokenize
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

Place: TypeAlias = tuple[int, int]
Range: TypeAlias = tuple[Place, Place]


def parse(listing: str) -> None:
    """What no tool on libcst can do without; where a file can't be parsed, so far as it gets."""
    import libcst

    for path in Path(listing).read_text("utf-8").splitlines():
        with contextlib.suppress(UnicodeDecodeError, libcst.ParserSyntaxError, RecursionError):
            libcst.parse_module(Path(path).read_text("utf-8-sig"))


def read(folder: str) -> None:
    """Reads every file below a folder."""
    for place, _, names in os.walk(folder):
        for name in names:
            with open(f"{place}/{name}", "rb") as file:  # noqa: PTH123 (a Path would cost more than the reading)
                file.read()


def listed(folder: str) -> None:
    """Prints the path of each DAG file."""
    from airwarden.repo import Repo

    repo = Repo(Path(folder))
    print(*(path for path in repo.files if repo.is_dag_file(path)), sep="\n")


def secrets(folder: str) -> None:
    """The rules on secrets alone, on models that are there already: what they add to an analysis.

    Each folder in the folder is taken for a repository, for all models of a corpus are too much at once.
    """
    taken: Counter[str] = Counter()
    for root in sorted(path for path in Path(folder).iterdir() if path.is_dir()):
        taken.update(_secrets_of(root))
    print(json.dumps(taken))


def _secrets_of(root: Path) -> dict[str, float]:
    import libcst
    from airwarden.config import Config
    from airwarden.engine import check
    from airwarden.registry import Registry
    from airwarden.repo import Repo

    registry, repo = Registry(), Repo(root)
    loaded, _ = registry.load(name for name, family in registry.families.items() if family == "secrets")
    rules = {name: rule for name, rule in loaded.items() if rule.profile != "strict"}
    files = [repo.readable_dag_file(path) for path in repo.files if repo.is_dag_file(path)]
    texts = [file.source.text for file in files if file]
    bare = _seconds(lambda: [libcst.parse_module(text) for text in texts])
    idle = _seconds(lambda: check(repo, None, Config(), {}, families=registry.families))
    full = _seconds(lambda: check(repo, None, Config(), rules, families=registry.families))
    return {"parse": bare, "scan": full - idle}


def _seconds(step: Callable[[], object]) -> float:
    start = time.process_time()
    step()
    return time.process_time() - start


def positions(folder: str, report: str) -> None:
    """How many regions in Python files are those of a libcst node, of what kind the others are, and where the
    wrong ones stand: neither a node's, nor from one node to another, nor in one text or comment.
    """
    kinds: Counter[str] = Counter()
    wrong = []
    for path, places in _places(json.loads(Path(report).read_text("utf-8"))).items():
        try:
            known = Known((Path(folder) / path).read_bytes())
        except Exception:
            kinds["in files that libcst can't parse"] += len(places)
            continue
        for place in places:
            kind = known.kind(place)
            kinds[kind] += 1
            wrong += [f"{path}:{place[0][0]}:{place[0][1] + 1}"] if kind == "wrong" else []
    print(json.dumps({"kinds": kinds, "wrong": wrong}))


def _places(report: dict[str, Any]) -> dict[str, list[Range]]:
    """The regions of findings and of the places related to them, by Python file, in libcst's count."""
    places = defaultdict(list)
    for finding in report["findings"]:
        for each in [finding, *finding["related"]]:
            start, end = (each["line"], each["column"] - 1), (each["end_line"], each["end_column"] - 1)
            if each["path"].endswith(".py"):
                places[each["path"]].append((start, end))
    return places


class Known:
    """The ranges of a file in which something stands: nodes, by libcst's PositionProvider, and comments."""

    def __init__(self, data: bytes) -> None:
        import libcst
        from libcst.metadata import MetadataWrapper, PositionProvider

        wrapper = MetadataWrapper(libcst.parse_module(data), unsafe_skip_copy=True)
        found = wrapper.resolve(PositionProvider)
        blank = (libcst.BaseParenthesizableWhitespace, libcst.TrailingWhitespace, libcst.EmptyLine)
        pairs = [
            (node, ((r.start.line, r.start.column), (r.end.line, r.end.column)))
            for node, r in found.items()
            if not isinstance(node, (*blank, libcst.Newline, libcst.Comment))
        ]
        texts = (libcst.SimpleString, libcst.FormattedString, libcst.ConcatenatedString)
        self.nodes = {place for _, place in pairs}
        self.starts = {start for start, _ in self.nodes}
        self.ends = {end for _, end in self.nodes}
        self.texts = Stretches(place for node, place in pairs if isinstance(node, texts))
        self.comments = Stretches(_comments(data))

    def kind(self, place: Range) -> str:
        """What a region is that of."""
        if place in self.nodes:
            return "a node's"
        if self.texts.hold(place):
            return "in a text"
        if self.comments.hold(place):
            return "in a comment"
        return "from node to node" if place[0] in self.starts and place[1] in self.ends else "wrong"


class Stretches:
    """Ranges that may lie in one another, to be asked whether one of them holds a range."""

    def __init__(self, ranges: Iterable[Range]) -> None:
        self._starts: list[Place] = []
        self._ends: list[Place] = []
        for start, end in sorted(ranges):
            self._starts.append(start)
            self._ends.append(max(end, self._ends[-1]) if self._ends else end)

    def hold(self, place: Range) -> bool:
        """Whether a range lies within one of these, or within several that reach into one another."""
        before = bisect_right(self._starts, place[0])
        return before > 0 and place[1] <= self._ends[before - 1]


def _comments(data: bytes) -> Iterator[Range]:
    with contextlib.suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.tokenize(io.BytesIO(data).readline):
            if token.type == tokenize.COMMENT:
                yield token.start, token.end


def main(given: Sequence[str]) -> None:
    """Does the work that the first word names."""
    works: dict[str, Callable[..., None]] = {
        "parse": parse, "read": read, "list": listed, "secrets": secrets, "positions": positions,
    }  # fmt: skip
    works[given[0]](*given[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
