"""The laws of the house that a machine can hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import few

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "linter" / "airwarden"
DESIGN = ROOT / "docs" / "design.md"
RULE_FILES = sorted(path for path in (ROOT / "rules").glob("*/*.py") if path.name != "__init__.py")
OWN_FILES = sorted([*PROGRAM.rglob("*.py"), *(ROOT / "rules").rglob("*.py")])
HEAVY = ("jsonschema", "libcst", "packaging", "pathspec", "pygls", "rich", "yaml")
KNOWN_BY = {
    "libcst": {"lean_libcst", "parsing", "positions"},
    "yaml": {"yaml_tree"},
    "pygls": {"server.protocol"},
}
LONGEST = 40

MAY_RUN_OUT_OF_STACK = {"cache", "parsing"}
"""Modules that catch a RecursionError: of the cache, which somebody may have tampered with, nothing is taken
then, and of CPython's parser only the words for what libcst has refused.
"""

MAY_RUN = {
    "asyncio": {"server.protocol"},
    "concurrent": {"server.protocol"},
    "multiprocessing": {"workers"},
    "subprocess": {"git"},
    "urllib.request": {"server.documents"},
}
"""Modules that start processes, make sockets or wait for them, and who may import them: git and copies of
this process are all that is ever started, and of urllib.request nothing is used but a conversion of paths.
"""

NEVER_IMPORTED = frozenset(
    {
        *("code", "codeop", "ctypes", "dbm", "dill", "cloudpickle", "ftplib", "http", "httpx", "imaplib"),
        *(
            "imp",
            "jinja2",
            "marshal",
            "nntplib",
            "pickle",
            "pickletools",
            "poplib",
            "pty",
            "pydoc",
            "requests",
        ),
        *(
            "runpy",
            "shelve",
            "smtplib",
            "socket",
            "socketserver",
            "ssl",
            "telnetlib",
            "urllib3",
            "webbrowser",
        ),
        *("wsgiref", "xmlrpc", "zipimport"),
    }
)
"""What goes over the network, makes objects out of what is read, or runs it."""

MAY_CALL = {
    "Popen": {"git"},
    "exec": {"lean_libcst"},
    "execv": {"__main__"},
    "exec_module": {"lean_libcst", "registry"},
    "import_module": {"api", "cli", "commands.completion", "formats"},
    "literal_eval": {"alerts.templates", "parsing"},
}
"""Calls that run something or make values of text, and who makes them: `exec` writes the methods of stand-ins
for libcst's nodes, `exec_module` loads the native parser and the rules, `import_module` modules of our own
that a table names, and `literal_eval` reads the literals of Python and nothing else. `Popen` starts git, so
that it can be ended with all that it started. `execv` begins this very command again where Python would
not take the names of files for UTF-8.
"""

NEVER_CALLED = frozenset(
    {
        *("eval", "compile", "__import__", "breakpoint", "system", "popen", "startfile", "fork", "forkpty"),
        *("execl", "execle", "execlp", "execve", "execvp", "execvpe", "posix_spawn", "posix_spawnp"),
        *("spawnl", "spawnle", "spawnlp", "spawnv", "spawnve", "spawnvp", "check_call", "check_output"),
        *("getoutput", "getstatusoutput", "urlopen", "urlretrieve", "unsafe_load", "full_load"),
    }
)


def name_of(path: Path) -> str:
    """`formats.sarif` for linter/airwarden/formats/sarif.py; `rules` for any rule."""
    if not path.is_relative_to(PROGRAM):
        return "rules"
    parts = path.relative_to(PROGRAM).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def label(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> tuple[str, ...]:
    """Every module a file imports, wherever the import stands, as a dotted name."""
    names = list[str]()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(names)


def own_imports(path: Path) -> set[str]:
    """The modules of the program that a file imports, itself left out."""
    names = {name.removeprefix("airwarden.") for name in imported(path) if name.startswith("airwarden.")}
    modules = {module for name in names for module in (name, name.rpartition(".")[0])}
    return (modules & FLOORS.keys()) - {name_of(path)}


def floors() -> dict[str, int]:
    """The floor of each module, as docs/design.md draws them: one floor a line, from the ground up."""
    block = re.search(r"```floors\n(.*?)```", DESIGN.read_text(encoding="utf-8"), re.DOTALL)
    assert block, "docs/design.md has no ```floors block"
    rows = block[1].splitlines()
    return {name: floor for floor, row in enumerate(rows) for name in row.split()}


FLOORS = floors()


def drawn_paths() -> Iterator[str]:
    """The paths that the annotated tree of docs/design.md names."""
    block = re.search(r"```tree\n(.*?)```", DESIGN.read_text(encoding="utf-8"), re.DOTALL)
    assert block, "docs/design.md has no ```tree block"
    folders: list[str] = []
    for line in filter(str.strip, block[1].splitlines()):
        depth = (len(line) - len(line.lstrip())) // 4
        name = line.split()[0]
        yield "".join([*folders[:depth], name])
        folders[depth:] = [name]


@pytest.mark.parametrize("path", few(sorted(PROGRAM.rglob("*.py"))), ids=label)
def test_every_module_stands_on_a_floor(path: Path) -> None:
    name = name_of(path)
    assert not name or name in FLOORS, f"give {name} a floor in docs/design.md"


@pytest.mark.parametrize("path", few(OWN_FILES), ids=label)
def test_imports_go_down(path: Path) -> None:
    floor = FLOORS.get(name_of(path), -1)
    assert not [other for other in own_imports(path) if FLOORS[other] >= floor], "stand no lower"


def test_no_floor_is_drawn_for_a_module_that_is_gone() -> None:
    assert set(FLOORS) - {"rules"} == {name_of(path) for path in PROGRAM.rglob("*.py")} - {""}


@pytest.mark.parametrize("path", few(OWN_FILES), ids=label)
def test_a_parser_is_known_to_its_own_model_alone(path: Path) -> None:
    known = {name.split(".")[0] for name in imported(path)} & KNOWN_BY.keys()
    assert not [parser for parser in known if name_of(path) not in KNOWN_BY[parser]]


@pytest.mark.parametrize("path", few(RULE_FILES), ids=label)
def test_a_rule_imports_no_rule(path: Path) -> None:
    assert not [name for name in imported(path) if "rules" in name.split(".")]


@pytest.mark.parametrize("path", few(OWN_FILES), ids=label)
def test_functions_are_short(path: Path) -> None:
    lengths = {
        node.name: (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST}


@pytest.mark.parametrize("path", few(OWN_FILES), ids=label)
def test_every_module_says_what_it_is(path: Path) -> None:
    module = tree(path)
    first = (ast.get_docstring(module) or "").partition("\n")[0]
    assert not module.body or re.search(r"[.:]$", first), "its first line is no sentence"


@pytest.mark.parametrize("path", few(RULE_FILES), ids=label)
def test_a_rules_help_says_why_and_what_to_do(path: Path) -> None:
    first, _, rest = (ast.get_docstring(tree(path)) or "").partition("\n")
    assert re.fullmatch(r"[A-Z`].*[.]", first), "the first line is a whole sentence that names the harm"
    assert re.match(r"\n\S", rest), "then a blank line, then why and what to do"


@pytest.mark.parametrize("path", few(RULE_FILES), ids=label)
def test_a_rule_states_its_remedy_and_its_evidence(path: Path) -> None:
    facts = {
        keyword.arg: keyword.value
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Rule"
        for keyword in node.keywords
    }
    assert ast.unparse(facts["help"]) == "__doc__"
    remedy, see = (ast.literal_eval(facts[name]) for name in ("remedy", "see"))
    assert remedy.strip()
    assert "\n" not in remedy
    assert see.startswith("https://")


@pytest.mark.parametrize("path", few(OWN_FILES), ids=label)
def test_only_the_command_line_talks(path: Path) -> None:
    said = [
        ast.unparse(node)
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Name) and node.id == "print")
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in {"sys.stdout", "sys.stderr"})
    ]
    assert not said or name_of(path) in {"cli", "__main__", "terminal"} or "commands" in path.parts


def test_what_could_run_or_send_something_stands_where_it_is_known() -> None:
    """Only files whose text has one of these words are looked at, for there are many files."""
    calls = {*MAY_CALL, *NEVER_CALLED}
    word = re.compile(rf"\b({'|'.join(sorted({*MAY_RUN, *NEVER_IMPORTED, *calls}))})\b")
    for path in OWN_FILES:
        if not word.search(path.read_text(encoding="utf-8")):
            continue
        names = {".".join(each.split(".")[:count]) for each in imported(path) for count in (1, 2)}
        assert not names & NEVER_IMPORTED, path
        assert not {each for each in names & MAY_RUN.keys() if name_of(path) not in MAY_RUN[each]}, path
        called = set(calls_in(path))
        assert not called & NEVER_CALLED, path
        assert not {each for each in called & MAY_CALL.keys() if name_of(path) not in MAY_CALL[each]}, path


def test_nothing_is_left_to_the_end_of_the_stack() -> None:
    """What is read of others has limits of its own, and gives the same whatever the stack has left."""
    caught = {name_of(path) for path in OWN_FILES if "RecursionError" in path.read_text(encoding="utf-8")}
    assert caught == MAY_RUN_OUT_OF_STACK


def test_of_urllib_request_nothing_is_used_that_requests() -> None:
    path = PROGRAM / "server" / "documents.py"
    assert [name for name in imported(path) if "request" in name] == ["urllib.request.url2pathname"]


def calls_in(path: Path) -> Iterator[str]:
    """The last name of each thing that is called; `re.compile` and its like are other things."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            is_other = node.func.attr in ("compile", "system") and owner not in ("os", "builtins")
            yield "" if is_other else node.func.attr


def test_no_room_is_a_drawer_for_everything() -> None:
    folders = ("linter", "rules", "scripts", "benchmarks")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    files += (ROOT / "tests").glob("*.py")
    assert not [path for path in files if re.search(r"utils?|helpers?|common", path.stem)]


def test_the_drawn_tree_is_the_real_one() -> None:
    drawn = set(drawn_paths())
    assert not {path for path in drawn if not (ROOT / path).exists()}
    real = {label(path) for path in PROGRAM.glob("*.py")} | {f"{label(path.parent)}/" for path in RULE_FILES}
    assert real - drawn == {"linter/airwarden/__init__.py"}


def test_version_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from airwarden.cli import main\n"
        "try:\n    main(['--version'])\nexcept SystemExit:\n    pass\n"
        "print('heavy:', *sorted(set(sys.argv[1:]) & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"airwarden \d.*\nheavy:\n", run.stdout)
