"""What the fixtures of a rule give to its page: the clearest examples, short, and what its fix changes."""

from __future__ import annotations

import ast
import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.config import Config
from airwarden.engine import check
from airwarden.fixer import diff
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.source import Source

if TYPE_CHECKING:
    from airwarden.findings import Edit, Fix
    from airwarden.report import Report
    from airwarden.rule import Rule

FIXTURES = Path(__file__).resolve().parent.parent / "tests" / "fixtures"
LANGUAGES = {
    ".py": "python",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".toml": "toml",
    ".cfg": "ini",
    ".tf": "hcl",
    ".json": "json",
}
PLACES = {".py": "dags/{}.py", ".yaml": "values.yaml", ".toml": "pyproject.toml", ".cfg": "airflow.cfg"}
MARKER = re.compile(r"[ \t]*# expect: [a-z0-9-]+")
INVENTED = re.compile(r"not-?a-?real|n0t-?a|hunter2", re.IGNORECASE)
"""What secrets in fixtures look like."""

LONG = 40
"""Lines beyond which an example is cut."""
ENOUGH = 24
"""Lines that a cut example may have beside its imports."""
WAYS = {
    True: "Safe: `airwarden check --fix` does it.",
    False: "Unsafe, so look at it: `airwarden check --fix --unsafe-fixes` does it.",
}
SHORT = 4
"""Lines below which an example tells too little."""


def examples(rule: str) -> Iterator[str]:
    """The sections of a flagged and of an accepted example."""
    flagged = clearest(rule, "flagged")
    if flagged is None:
        return
    yield from section(flagged, rule, "Flagged")
    accepted = clearest(rule, "accepted", suffix=flagged.stem.removeprefix("flagged"))
    if accepted is not None:
        yield from section(accepted, rule, "Accepted")


def clearest(rule: str, kind: str, suffix: str = "") -> Path | None:
    """Of the fixtures of a kind, the one that the table names, with the given suffix or with none; or else
    the shortest.
    """
    named = clearest_ones().get(rule, {}).get(kind)

    def order(path: Path) -> tuple[int, ...]:
        own = path.stem.removeprefix(kind)
        lines = length(path)
        return (path.name != named, own != suffix, own != "", lines > LONG, lines < SHORT, lines)

    return min(sorted((FIXTURES / rule).glob(f"{kind}*")), key=order, default=None)


@cache
def clearest_ones() -> dict[str, dict[str, str]]:
    """The fixtures that show best what a rule is about, where their names do not tell."""
    with (Path(__file__).parent / "rule_examples.csv").open(encoding="utf-8", newline="") as table:
        return {row["rule"]: row for row in csv.DictReader(table)}


def length(fixture: Path) -> int:
    """How many lines a fixture has, all of its files together."""
    return sum(len(path.read_bytes().splitlines()) for path in files_of(fixture))


def files_of(fixture: Path) -> list[Path]:
    """The files of a fixture, which is one or a folder of them."""
    if fixture.is_file():
        return [fixture]
    return sorted(path for path in fixture.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def section(fixture: Path, rule: str, title: str) -> Iterator[str]:
    """A section with the text of a fixture, file by file."""
    yield f"## {title}"
    for path in files_of(fixture):
        if fixture.is_dir():
            yield f"`{path.relative_to(fixture).as_posix()}`"
        yield fenced(path, rule)


def fenced(path: Path, rule: str) -> str:
    """A fixture as a reader wants it: short, and the marker of an expected finding becomes an arrow."""
    lines = path.read_text(encoding="utf-8").strip("\n").splitlines()
    text = "\n".join(shortened(lines, path.suffix)).replace(f"# expect: {rule}", "# <- flagged")
    return f"````{LANGUAGES.get(path.suffix, 'text')}\n{text}\n````"


def shortened(lines: Sequence[str], suffix: str) -> list[str]:
    """The lines of a text, of a long one the first blocks with flagged lines, and what these take."""
    if len(lines) <= LONG:
        return list(lines)
    blocks = list(blocks_of(lines, suffix))
    wanted = [number for number, block in enumerate(blocks) if is_marked(block)]
    wanted = wanted or [number for number, block in enumerate(blocks) if not is_import(block)]
    kept, room = set(wanted[:1]), ENOUGH - len(blocks[wanted[0]])
    for number in wanted[1:]:
        room -= len(blocks[number])
        if room < 0:
            break
        kept.add(number)
    return list(joined(blocks, kept | (needed(blocks, kept) if suffix == ".py" else set())))


def needed(blocks: Sequence[Sequence[str]], kept: set[int]) -> set[int]:
    """The blocks that make names for others, and for each other."""
    found = set(kept)
    names = {number: names_of("\n".join(block)) for number, block in enumerate(blocks)}
    for number in sorted(set(names) - kept, reverse=True):
        later = "\n".join(line for each in found for line in blocks[each])
        if any(re.search(rf"\b{re.escape(name)}\b", later) for name in names[number]):
            found.add(number)
    return found - kept


def names_of(code: str) -> set[str]:
    """What a statement of Python makes: the names that it imports, defines or assigns."""
    (node,) = ast.parse(code).body
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def blocks_of(lines: Sequence[str], suffix: str) -> Iterator[list[str]]:
    """Statements of Python, each with the lines above it, or else what begins at the left edge."""
    if suffix == ".py":
        ends = [node.end_lineno or node.lineno for node in ast.parse("\n".join(lines)).body]
        ends[-1] = len(lines)
    else:
        starts = [number for number, line in enumerate(lines) if re.match(r"[^\s#]", line)]
        ends = [*starts[1:], len(lines)]
    begin = 0
    for end in ends:
        yield list(lines[begin:end])
        begin = end


def is_marked(block: Sequence[str]) -> bool:
    """Whether a block has a flagged line."""
    return any(MARKER.search(line) for line in block)


def is_import(block: Sequence[str]) -> bool:
    """Whether a block is an import."""
    return any(re.match(r"(from|import) ", line) for line in block)


def joined(blocks: Sequence[Sequence[str]], kept: Iterable[int]) -> Iterator[str]:
    """The lines of blocks that are kept, in order, with dots where others are left out."""
    chosen = sorted(kept)
    for number in chosen:
        lines = list(blocks[number])
        yield from lines if number != chosen[0] else "\n".join(lines).lstrip("\n").splitlines()
    if chosen[-1] != len(blocks) - 1:
        yield from ("", "# ...")


# The fix


def fix(rule: Rule) -> Iterator[str]:
    """The section that shows what the fix of a rule changes in the first fixture that it mends."""
    if "fix=" not in source_of(rule).read_text(encoding="utf-8"):
        return
    shown: dict[bool, str] = {}
    for fixture in in_order(rule.id):
        with tempfile.TemporaryDirectory() as folder:
            settle(fixture, Path(folder))
            for found in fixes(rule.id, Path(folder)):
                if found.safe not in shown and (change := changed(Path(folder), found.edits)):
                    title = f"{found.title[:1].upper()}{found.title[1:]}"
                    shown[found.safe] = f"**{title}.** {WAYS[found.safe]}\n\n````diff\n{change}````"
    if shown:
        yield "## Fix"
        yield from (shown[safe] for safe in sorted(shown, reverse=True))


def source_of(rule: Rule) -> Path:
    """The file of a built-in rule."""
    return FIXTURES.parent.parent / "rules" / rule.family / f"{rule.id.replace('-', '_')}.py"


def in_order(rule: str) -> list[Path]:
    """The flagged fixtures of a rule, the one that is its example first."""
    example = clearest(rule, "flagged")
    return sorted((FIXTURES / rule).glob("flagged*"), key=lambda path: (path != example, path.name))


def settle(fixture: Path, root: Path) -> None:
    """Copies a fixture without its markers to where such a file stands in a repository."""
    for file in files_of(fixture):
        place = PLACES[file.suffix].format(file.stem) if file == fixture else file.relative_to(fixture)
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        (root / place).write_bytes(MARKER.sub("", text).encode("utf-8", "surrogateescape"))


def fixes(rule: str, root: Path) -> Iterator[Fix]:
    """The fixes of what a rule finds in a repository."""
    findings = judged([rule], root, None).findings
    return (each.fix for each in findings if each.fix is not None and each.rule == rule)


def judged(rules: Sequence[str], root: Path, paths: Sequence[str] | None) -> Report:
    """What some rules find in a repository."""
    registry = Registry()
    config = Config.read(root)
    loaded, _ = registry.load(rules)
    return check(Repo(root, config), paths, config, loaded, families=registry.families)


def changed(root: Path, edits: Sequence[Edit]) -> str:
    """The diff that edits make; empty where it would show a secret."""
    repo = Repo(root, Config.read(root))
    old = {edit.region.path: repo.source(edit.region.path) for edit in edits}
    new = {path: Source(path, applied(source, edits)) for path, source in old.items()}
    rules = [name for name, family in Registry().families.items() if family == "secrets"]
    found = diff(old, new, judged(rules, root, list(old)).secrets)
    return "" if found.left_out or INVENTED.search(found.text) else found.text


def applied(source: Source, edits: Sequence[Edit]) -> str:
    """The text of a file with the edits that are about it made."""
    text = source.text
    own = [edit for edit in edits if edit.region.path == source.path]
    for edit in sorted(own, key=lambda edit: edit.region, reverse=True):
        start = source.offset(edit.region.line, edit.region.column)
        end = source.offset(edit.region.end_line, edit.region.end_column)
        text = text[:start] + edit.text + text[end:]
    return text
