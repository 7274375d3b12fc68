"""A fault of airwarden: one paragraph with a way to report it, and a report that gives nothing away."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from airwarden import __version__, cli
from airwarden.crashes import crash
from airwarden.formats import FORMATS, text
from airwarden.placeholders import anonymous, known_names
from airwarden.reduction import Budget, reduced
from airwarden.repo import Repo
from airwarden.report import Crash
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import MakeRepository

SECRET = "hunter2-Tr0ub4dor"
PRIVATE = "acmecorp"
DAG = f"""\
# the DAG of {PRIVATE}
import pandas as pd
from airflow import DAG
from {PRIVATE}.loaders import {PRIVATE}_load

PASSWORD = "{SECRET}"
URL = f"postgres://{PRIVATE}:{SECRET}@db.{PRIVATE}.internal/{{PASSWORD}}"

with DAG("{PRIVATE}_sales", schedule="@daily", description="{SECRET}") as dag:
    for {PRIVATE}_region in ["{PRIVATE}-eu"]:
        @task(task_id="{PRIVATE}")
        def {PRIVATE}_rows(customer="{SECRET}"):
            frame = pd.read_csv("/{PRIVATE}/{SECRET}.csv")
            return frame  # {SECRET}
"""
VALUES = f"fernetKey: {SECRET}\n{PRIVATE}: {{executor: {PRIVATE}}}\nexecutor: CeleryExecutor\n"
PATH = f"dags/{PRIVATE}_sales.py"
FILES = {PATH: DAG, "values.yaml": VALUES, "dags/fine.py": "from airflow import DAG\n"}
WORDS = {word for word in re.split(r"\W+", f"{SECRET} {PRIVATE}") if len(word) > 3}


def assert_silent(told: str, root: Path) -> None:
    """Nothing of the files, of their names and of this machine is told."""
    for word in (*WORDS, str(root), root.name, str(Path.home()), "values.yaml", "fine.py", sys.prefix):
        assert word not in told, word


@pytest.fixture
def root(make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = make_repository(FILES)
    monkeypatch.chdir(found)
    monkeypatch.setenv("XDG_CACHE_HOME", str(found / ".cache"))
    return found


def break_reader(monkeypatch: pytest.MonkeyPatch, error: type[BaseException] = ValueError) -> None:
    """Has DAG files fail that read a CSV, and quote all they hold."""
    whole = Repo.dag_file

    def broken(self: Repo, path: str) -> Any:
        found = whole(self, path)
        if re.search(r"^ *def \w+\(.*\):\n.*\bread_csv\(", self.source(path).text, re.MULTILINE):
            raise error(self.source(path).text)
        return found

    monkeypatch.setattr(Repo, "dag_file", broken)


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("error", [ValueError, RecursionError, AssertionError])
def test_a_fault_in_reading_is_one_paragraph_and_the_rest_is_checked(
    error: type[BaseException],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    break_reader(monkeypatch, error)
    code, out, err = ran(capsys, "check", "--no-cache")
    assert code == 2
    assert err == ""
    [paragraph] = [each for each in out.split("\n\n") if "itself failed" in each]
    assert f"of airwarden {__version__}, and nothing of your files" in paragraph
    assert f"(reading) on {PATH}: {error.__name__} in airwarden." in paragraph
    assert f"Please report it: `airwarden crash-report {PATH}` writes" in paragraph
    assert "inline-secret-in-values" in out, "the other files are checked"
    assert SECRET not in out


@pytest.mark.usefixtures("root")
def test_every_format_tells_a_fault_without_its_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    break_reader(monkeypatch)
    for name in FORMATS:
        code, out, err = ran(capsys, "check", "--no-cache", "--format", name)
        assert code == 2
        assert "ValueError" in out
        assert SECRET not in out + err


@pytest.mark.parametrize("form", ["markdown", "json"])
def test_a_report_tells_where_and_nothing_of_the_files(
    form: str, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    break_reader(monkeypatch)
    code, out, err = ran(capsys, "crash-report", "--format", form, PATH)
    assert (code, err) == (1, "")
    assert_silent(out, root)
    assert __version__ in out
    assert "ValueError" in out
    assert re.search(r"airwarden\.judging:\d+ (Judge\.)?outcome", out)
    assert "a DAG file" in out
    if form == "json":
        [fault] = json.loads(out)["faults"]
        assert (fault["rule"], fault["files"]) == ("reading", 1)
        assert fault["shape"]["bytes"] == len(DAG.encode())
        assert fault["shape"]["text"] is None


def test_what_remains_of_a_file_fails_in_the_same_way(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    break_reader(monkeypatch)
    code, out, _ = ran(capsys, "crash-report", "--reduced", "--format", "json", PATH)
    assert code == 1
    assert_silent(out, root)
    [fault] = json.loads(out)["faults"]
    remains = fault["shape"]["text"]
    assert re.fullmatch(r"def n\d+\(n\d+=\"s\d+\"\):\n +n?\w+ = pd\.read_csv\(\"/s\d+\"\)\n", remains), (
        remains
    )
    _, shown, _ = ran(capsys, "crash-report", "--reduced", PATH)
    assert f"```python\n{remains}```" in shown


def test_a_file_that_fails_by_its_texts_alone_is_not_shown(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = Repo.dag_file

    def broken(self: Repo, path: str) -> Any:
        if SECRET in self.source(path).text:
            raise KeyError(SECRET)
        return whole(self, path)

    monkeypatch.setattr(Repo, "dag_file", broken)
    code, out, _ = ran(capsys, "crash-report", "--reduced", PATH)
    assert code == 1
    assert "It fails by names or texts of its own, so nothing of it is shown." in out
    assert_silent(out, root)


POLICY = f'''\
"""{PRIVATE} wants order.

More of it.
"""

from airwarden.api import Rule

rule = Rule(__name__, help=__doc__, level="error", remedy="x", see="https://example.com")


class {PRIVATE.title()}Error(Exception):
    pass


@rule.dag
def check(dag_file, repo):
    raise {PRIVATE.title()}Error(repo.source(dag_file.path).text)
    yield
'''


def test_a_policy_that_fails_is_its_authors_and_has_no_name_in_a_report(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = '[tool.airwarden]\npolicies = ["policies"]\n'
    name = f"policies/team/{PRIVATE}_order.py"
    root = make_repository({**FILES, "pyproject.toml": settings, name: POLICY})
    monkeypatch.chdir(root)
    code, out, err = ran(capsys, "check", "--no-cache", "--trust-policies")
    assert code == 2
    assert "A policy failed here" in out
    assert "Please report it" not in out + err
    assert SECRET not in out + err
    code, out, err = ran(capsys, "crash-report", "--rule", f"{PRIVATE}-order", PATH)
    assert (code, out) == (2, "")
    assert "left out" in err
    code, out, err = ran(capsys, "crash-report", "--trust-policies", PATH)
    assert code == 1
    assert "`a policy` failed with `an error of its own`" in out
    assert "a policy:17" in out
    assert_silent(out + err, root)


# Faults elsewhere

PLACES = {
    "settings": ("airwarden.config.Settings.read", ("check",)),
    "engine": ("airwarden.settlement.Settlement.report", ("check",)),
    "format": ("airwarden.formats.text.headline", ("check",)),
    "cache": ("airwarden.workspace.Workspace.check", ("check",)),
    "baseline": ("airwarden.upkeep.written", ("baseline", "write")),
    "command": ("airwarden.provenance.views.settings_text", ("config",)),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_fault_anywhere_ends_with_a_sentence_and_a_command_that_tells_more(
    place: str, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name, arguments = PLACES[place]

    def broken(*_: object, **__: object) -> object:
        raise RuntimeError(f"{SECRET} in {root}")

    monkeypatch.setattr(name, broken)
    code, out, err = ran(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "failed by its own fault: RuntimeError in airwarden." in err
    assert f"`airwarden crash-report --run {' '.join(arguments)}`" in err.replace("'", "")
    assert SECRET not in err
    code, out, err = ran(capsys, "crash-report", "--run", " ".join(arguments))
    assert (code, err) == (1, "")
    assert "The run failed with `RuntimeError`" in out
    assert_silent(out, root)


def test_a_fault_of_the_command_line_itself_is_told_alike(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: object) -> object:
        raise KeyError(SECRET)

    monkeypatch.setattr(cli, "parser_of", broken)
    code, _, err = ran(capsys, "check")
    assert code == 2
    assert "failed by its own fault: KeyError" in err
    assert SECRET not in err


@pytest.mark.usefixtures("root")
def test_where_nothing_fails_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, "crash-report") == (0, "", "airwarden: nothing fails here.\n")
    assert ran(capsys, "crash-report", "--run", "rules") == (0, "", "airwarden: nothing fails here.\n")
    code, _, err = ran(capsys, "crash-report", "--rule", "known-tokne")
    assert code == 2
    assert "there is no rule 'known-tokne' (nearest: 'known-token')" in err
    assert ran(capsys, "crash-report", "--run", "server")[0] == 2


def test_the_command_can_be_copied() -> None:
    assert Crash("known-token", "dags/$(touch x).py", "").command == (
        "airwarden crash-report --rule known-token 'dags/$(touch x).py'"
    )
    assert Crash("(reading)", "-x.py", "").command == "airwarden crash-report -- -x.py"
    assert Crash("known-token", "a\n\x1b.py", "").command == "airwarden crash-report --rule known-token"


def test_a_fault_that_every_file_meets_is_told_in_short() -> None:
    from dataclasses import replace

    from tests import reports

    crashes = tuple(Crash("r", f"{number}.py", "KeyError") for number in range(300))
    shown = text.render(replace(reports.clean(), crashes=crashes))
    assert "  and 280 more (-v shows them)\n" in shown
    assert shown.count("KeyError") == 20


def test_an_endless_recursion_is_told_in_short(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless() -> None:
        endless()

    monkeypatch.setitem(endless.__globals__, "__name__", "airwarden.endless")
    with pytest.raises(RecursionError) as raised:
        endless()
    found = crash("r", "a.py", raised.value)
    assert found.message.startswith("RecursionError in airwarden.endless, line ")
    assert len(found.frames) == 41
    assert re.fullmatch(r"\([\d,]+ more\)", found.frames[20])


# Reduction


def test_only_guilty_lines_remain() -> None:
    lines = [f"line {number}\n" for number in range(500)]
    tries: list[str] = []

    def happens(text: str) -> bool:
        tries.append(text)
        return "line 77\n" in text and "line 400\n" in text

    assert reduced("".join(lines), happens) == "line 77\nline 400\n"
    assert len(tries) < 200
    assert reduced("".join(lines), happens, Budget(tries=3)) == "".join(lines[:250] + lines[250:])


def test_blocks_go_as_a_whole_or_leave_their_head() -> None:
    source = "if a:\n    b()\n    if c:\n        d()\n        guilty()\n"
    assert reduced(source, lambda text: "guilty()" in text and _compiles(text)) == "guilty()\n"


def _compiles(source: str) -> bool:
    try:
        compile(source, "x", "exec")
    except SyntaxError:
        return False
    return True


# Placeholders


def test_python_keeps_its_form() -> None:
    shown = anonymous(DAG, is_python=True)
    assert shown.count("\n") == DAG.count("\n")
    assert _compiles(shown)
    assert 'with DAG("s' in shown
    assert 'schedule="@daily"' in shown
    assert "pd.read_csv" in shown
    assert not [word for word in WORDS if word in shown]


secrets = st.text(st.sampled_from("abcXYZ0189_-.:/@#$%&*!?'\"\\ \t{}[]()|>=~`é数\n"), min_size=4, max_size=24)
FRAMES = {
    "a.py": ("x = '{}'\n", "{} = 1\n", "# {}\n", "f({}, b'{}')\n", "f'{{a}} {}'\n", "{}\n", "if x:\n {}\n"),
    "a.yaml": (
        "a: {}\n",
        "{}: a\n",
        "- {}\n",
        "a: {{b: {}}}\n",
        "a: |\n  {}\n",
        "# {}\n",
        "x={}\n",
        "[{}]\n",
    ),
}


@given(st.sampled_from(sorted(FRAMES)), st.data(), secrets)
def test_nothing_that_is_not_known_remains(path: str, data: st.DataObject, secret: str) -> None:
    frame = data.draw(st.sampled_from(FRAMES[path]))
    shown = anonymous(frame.replace("{}", secret), path.endswith(".py"))
    without = re.sub(r"\b[sSnN]\d+\b|https://example\.com/|@daily|2026-01-01|\b0 0 \* \* \*", " ", shown)
    for word in re.findall(r"\w{3,}", secret):
        assert word in known_names() or word not in without, (shown, word)
