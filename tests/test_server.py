"""What an editor is told is what a check finds, whatever was typed before."""

from __future__ import annotations

import io
import json
import os
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from unittest.mock import patch

import pytest
import tomlkit
from airwarden.cli import main, parser_of
from airwarden.config import Config
from airwarden.findings import Finding, Region
from airwarden.judging import Judge
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.rule_pages import address
from airwarden.server.actions import actions, all_fixes, has_safe_fix, line_edits
from airwarden.server.documents import Documents, file_of, uri_of
from airwarden.server.explanations import explanation, message_of
from airwarden.server.faults import fault_of
from airwarden.server.ignoring import ignoring
from airwarden.server.places import Encoding, offset_of, region_of, span_of, units
from airwarden.server.protocol import serve
from airwarden.server.session import Judged, Look, Session
from airwarden.source import Source
from airwarden.suppressions import suppressions_of
from airwarden.workspace import Workspace
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import MakeRepository, some

ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
TEXTS = st.text(alphabet=st.sampled_from('ab \t"#é漢字😀\u2028\x0c\x85\r\n'), max_size=40)

DAG = """\
from datetime import datetime

from airflow.providers.ssh.hooks.ssh import SSHHook
from airflow.sdk import dag

from tools.alerts import ALERT


@dag(schedule=None, start_date=datetime(2024, 1, 1), on_failure_callback=ALERT)
def sales():
    pass


sales()
"""
ALERTS = """\
from airflow.providers.slack.notifications.slack import send_slack_notification

ALERT = send_slack_notification(text="failed", channel="#ops")
"""
PROJECT = """\
[project]
name = "sales"
version = "1"
dependencies = [
  "apache-airflow==3.0.0",
  "apache-airflow-providers-slack",
]
"""
VALUES = """\
airflowVersion: "3.0.0"
executor: KubernetesExecutor
env:
  - name: AIRFLOW__CORE__FERNET_KEY
    value: not-a-real-password
"""
FILES = {
    "dags/sales.py": DAG,
    "dags/tools/alerts.py": ALERTS,
    "dags/tools/__init__.py": "",
    "pyproject.toml": PROJECT,
    "chart/values.yaml": VALUES,
}


class Desk:
    """A repository whose files are opened and typed in."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.session = Session([root])
        self.documents = Documents("utf-32")

    def show(self, path: str, text: str) -> None:
        uri = uri_of(self.root / path)
        if self.documents.get(uri) is None:
            self.documents.open(uri, text)
        else:
            self.documents.change(uri, [(None, text)])

    def hide(self, path: str) -> None:
        self.documents.close(uri_of(self.root / path))

    def look(self, *first: str) -> Look:
        """The last look of two: the first is at some documents alone."""
        documents = self.documents.all()
        *_, look = self.session.looks(documents, [uri_of(self.root / path) for path in first])
        return look

    def judged(self, path: str) -> Judged:
        return self.look().judged[uri_of(self.root / path)]

    def rules(self, path: str) -> list[str]:
        return [each.rule for each in self.judged(path).findings]


def checked(root: Path, texts: Mapping[str, str]) -> tuple[Finding, ...]:
    """What a check finds in files that hold these texts."""
    config = Config.read(root)
    repo = Repo(root, config, {path: Source(path, text) for path, text in texts.items()})
    return Workspace(root, Registry(), config).check(repo, list(texts)).findings


# What the page for editors says


def test_the_settings_for_editors_start_the_server() -> None:
    page = (Path(__file__).parent.parent / "docs" / "editors.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert len([json.loads(text) for kind, text in blocks if kind == "json"]) == 3
    assert len([tomlkit.parse(text) for kind, text in blocks if kind == "toml"]) == 1
    starting = [text for kind, text in blocks if kind != "sh" and "airwarden" in text]
    assert len([text for text in starting if re.search(r"['\"]server['\"]", text)]) == len(starting) - 1
    assert parser_of(["server"]).parse_args(["server"]).run


# Places


@given(text=TEXTS, encoding=st.sampled_from(ENCODINGS), data=st.data())
def test_a_region_is_found_again_by_its_span(text: str, encoding: Encoding, data: st.DataObject) -> None:
    source = Source("a.py", text)
    starts = st.integers(0, len(text)).filter(lambda at: text[at - 1 : at + 1] != "\r\n")
    start, end = sorted((data.draw(starts), data.draw(starts)))
    region = source.region(start, end)
    span = span_of(source, region, encoding)
    assert region_of(source, span, encoding) == region
    (line, column), _ = span
    before = source.line(line + 1)[: region.column - 1]
    sizes = {"utf-8": 1, "utf-16": 2, "utf-32": 4}
    assert (
        column == len(before.encode(f"{encoding}-le" if encoding != "utf-8" else encoding)) // sizes[encoding]
    )


def test_what_lies_past_the_end_is_the_end_and_the_middle_of_a_character_its_start() -> None:
    source = Source("a.py", "a😀b\r\nc")
    assert units("a😀b", "utf-16") == 4
    assert [offset_of(source, (0, column), "utf-16") for column in range(6)] == [0, 1, 1, 2, 3, 3]
    assert offset_of(source, (0, 99), "utf-8") == 3
    assert offset_of(source, (7, 0), "utf-16") == len(source.text)


# Documents


@given(text=TEXTS, changes=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), TEXTS), max_size=4))
def test_changes_add_up_to_the_text(text: str, changes: list[tuple[int, int, str]]) -> None:
    documents = Documents("utf-16")
    documents.open("file:///a.py", text)
    for first, second, new in changes:
        start, end = sorted(min(each, len(text)) for each in (first, second))
        if "\r\n" in (text[start - 1 : start + 1], text[end - 1 : end + 1]):
            continue
        region = Source("", text).region(start, end)
        documents.change("file:///a.py", [(span_of(Source("", text), region, "utf-16"), new)])
        text = text[:start] + new + text[end:]
    document = documents.get("file:///a.py")
    assert document
    assert document.text == text


def test_only_files_are_taken_in() -> None:
    documents = Documents()
    assert not documents.open("untitled:Untitled-1", "x")
    assert not documents.open("git:/a/b.py?ref=x", "x")
    documents.change("untitled:Untitled-1", [(None, "y")])
    documents.close("untitled:Untitled-1")
    assert not documents.all()


def test_half_a_character_does_no_harm() -> None:
    documents = Documents()
    documents.open("file:///a.py", "'\ud83d'")
    assert documents.all()["file:///a.py"].text == "'\ufffd'"


@pytest.mark.skipif(os.name == "nt", reason="paths of another kind")
def test_addresses_are_those_of_files() -> None:
    file = Path("/a b/ü#%/c.py")
    assert file_of(uri_of(file)) == file
    assert uri_of(file) == "file:///a%20b/%C3%BC%23%25/c.py"
    assert file_of("file://localhost/a.py") == Path("/a.py")
    assert file_of("https://example.com/a.py") is None


@pytest.mark.parametrize(
    "uri", ["file://[", "http://[::1", "file:///%00", "file:///a\0.py", "", "a", "\ud83d"]
)
def test_an_address_that_no_file_has_is_none(uri: str) -> None:
    assert file_of(uri) is None


# Sessions


def test_a_finding_goes_as_soon_as_its_cause_does(make_repository: MakeRepository) -> None:
    root = make_repository(FILES)
    desk = Desk(root)
    desk.show("dags/sales.py", DAG)
    assert desk.rules("dags/sales.py") == ["provider-not-declared"]
    desk.show("pyproject.toml", PROJECT.replace("-slack", '-slack",\n  "apache-airflow-providers-ssh'))
    assert desk.rules("dags/sales.py") == []
    desk.hide("pyproject.toml")
    assert desk.rules("dags/sales.py") == ["provider-not-declared"]
    (root / "pyproject.toml").write_text(
        PROJECT.replace("-slack", '-slack",\n  "apache-airflow-providers-ssh')
    )
    assert desk.rules("dags/sales.py") == []
    desk.show("dags/tools/alerts.py", "ALERT = None\n")
    assert desk.rules("dags/sales.py") == ["dag-without-failure-alert"]


def test_only_what_a_change_may_have_touched_is_judged_again(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []
    real = Judge.outcome

    def outcome(judge: Judge, path: str) -> object:
        judged.append(path)
        return real(judge, path)

    monkeypatch.setattr(Judge, "outcome", outcome)
    desk = Desk(make_repository(FILES))
    for path in FILES:
        desk.show(path, FILES[path])
    desk.look()
    assert sorted(judged) == sorted(FILES)
    judged.clear()
    desk.look()
    assert not judged
    desk.show("dags/sales.py", f"{DAG}\n")
    desk.look()
    assert "dags/sales.py" in judged
    assert "dags/tools/__init__.py" not in judged


TYPED = (
    *(
        '  "apache-airflow-providers-ssh",',
        '  "apache-airflow-providers-slack",',
        '  "apache-airflow==2.9.0",',
    ),
    *("ALERT = None", "from tools.alerts import ALERT", "import os", "from airflow.models import Variable"),
    *('x = Variable.get("x")', 'PASSWORD = "not-a-real-password-1"', "    ", '"""', "]", "{", "# airflow"),
    *("  - name: X", "    value: not-a-real-password", "executor: CeleryExecutor", "a: &a [1, *a]"),
    *("# airwarden: ignore[provider-not-declared] reason", "  # airwarden: ignore-file[secrets] reason"),
)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=some(15), deadline=None)
def test_what_is_shown_is_what_a_check_finds(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    chance = random.Random(seed)
    root = tmp_path_factory.mktemp("typed")
    (root / ".git").mkdir()
    texts: dict[str, str] = {}
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    desk = Desk(root)
    for _ in range(8):
        path = chance.choice((*FILES, "dags/new.py"))
        lines = texts.get(path, FILES.get(path, DAG)).splitlines(keepends=True)
        at = chance.randrange(len(lines) + 1)
        lines[at : at + chance.choice((0, 0, 1))] = chance.choice(([], [f"{chance.choice(TYPED)}\n"]))
        _act(chance, desk, texts, path, "".join(lines))
        look = desk.look(*chance.sample(sorted(texts), chance.randrange(len(texts) + 1)))
        shown = [finding for each in look.judged.values() for finding in each.findings]
        assert sorted(shown, key=str) == sorted(checked(root, texts), key=str)
        assert not look.crashes


def _act(chance: random.Random, desk: Desk, texts: dict[str, str], path: str, text: str) -> None:
    """Types, closes, or writes to the file behind the editor's back."""
    match chance.choice(("type", "type", "type", "close", "write")):
        case "type":
            texts[path] = text
            desk.show(path, text)
        case "close":
            texts.pop(path, None)
            desk.hide(path)
        case "write":
            (desk.root / path).write_text(text)


def test_what_was_typed_in_comes_first(make_repository: MakeRepository) -> None:
    desk = Desk(make_repository(FILES))
    desk.show("dags/sales.py", DAG)
    desk.show("pyproject.toml", PROJECT)
    changed = uri_of(desk.root / "dags/sales.py")
    first, last = desk.session.looks(desk.documents.all(), {changed})
    assert [*first.judged] == [changed]
    assert first.judged[changed].findings == last.judged[changed].findings
    assert last.judged.keys() == desk.documents.all().keys()


def test_a_look_at_what_is_no_longer_open_is_given_up(make_repository: MakeRepository) -> None:
    desk = Desk(make_repository(FILES))
    desk.show("dags/sales.py", DAG)
    desk.show("pyproject.toml", PROJECT)
    documents = desk.documents.all()
    changed = uri_of(desk.root / "dags/sales.py")
    [first] = desk.session.looks(documents, {changed}, lambda: True)
    assert [*first.judged] == [changed]
    assert desk.rules("dags/sales.py") == ["provider-not-declared"]


def test_each_file_belongs_to_the_repository_around_it(tmp_path: Path) -> None:
    inner, other, bare = tmp_path / "mono" / "inner", tmp_path / "other", tmp_path / "bare"
    for folder in (inner, other, bare):
        (folder / "dags").mkdir(parents=True)
        (folder / "dags" / "sales.py").write_text(DAG)
    (tmp_path / "mono" / ".git").mkdir()
    (inner / "pyproject.toml").write_text('[tool.airwarden]\nignore = ["providers", "alerts"]\n')
    (other / ".git").mkdir()
    session, documents = Session([other]), Documents()
    for folder in (inner, other, bare):
        documents.open(uri_of(folder / "dags" / "sales.py"), DAG)
    look = session.look(documents.all())
    roots = {each.checked.repo.root: [found.rule for found in each.findings] for each in look.judged.values()}
    assert roots.keys() == {inner.resolve(), other.resolve()}
    assert not roots[inner.resolve()]
    assert roots[other.resolve()]
    session.folders.append(bare.resolve())
    assert bare.resolve() in {
        each.checked.repo.root for each in session.look(documents.all()).judged.values()
    }


def test_files_that_are_left_out_are_not_judged(make_repository: MakeRepository) -> None:
    root = make_repository({**FILES, ".gitignore": "/scratch/\n", "scratch/sales.py": DAG})
    desk = Desk(root)
    desk.show("scratch/sales.py", DAG)
    desk.show("dags/sales.py", DAG)
    assert desk.rules("scratch/sales.py") == []
    (root / "pyproject.toml").write_text(f'{PROJECT}\n[tool.airwarden]\nexclude = ["/dags/sales.py"]\n')
    assert desk.rules("dags/sales.py") == []


def test_settings_count_once_they_are_saved(make_repository: MakeRepository) -> None:
    root = make_repository(FILES)
    desk = Desk(root)
    desk.show("dags/sales.py", DAG)
    (root / "pyproject.toml").write_text(f'{PROJECT}\n[tool.airwarden]\nignore = ["providers"]\n')
    assert desk.rules("dags/sales.py") == []
    (root / "pyproject.toml").write_text(f'{PROJECT}\n[tool.airwarden]\nignroe = ["providers"]\n')
    look = desk.look()
    [(home, message)] = look.faults.items()
    assert home == root.resolve()
    assert "ignroe" in message
    assert not look.judged[uri_of(root / "dags/sales.py")].findings, "the last good settings count"
    fault = fault_of(home, message)
    assert fault.file == root.resolve() / "pyproject.toml"
    assert fault.source.slice(fault.region).startswith("[tool.airwarden]")
    (root / "pyproject.toml").write_text(PROJECT)
    assert desk.rules("dags/sales.py") == ["provider-not-declared"]
    assert not desk.look().faults


def test_the_baseline_counts_as_it_is_now(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_repository(FILES)
    desk = Desk(root)
    desk.show("dags/sales.py", DAG)
    assert desk.rules("dags/sales.py") == ["provider-not-declared"]
    monkeypatch.chdir(root)
    assert main(["baseline", "write", "--no-cache"]) == 0
    assert desk.rules("dags/sales.py") == []
    (root / ".airwarden-baseline.json").write_text("{")
    assert "baseline" in str(desk.look().faults)
    assert desk.rules("dags/sales.py") == []
    (root / ".airwarden-baseline.json").unlink()
    assert desk.rules("dags/sales.py") == ["provider-not-declared"]


def test_settings_may_stand_in_a_file_of_their_own(make_repository: MakeRepository) -> None:
    root = make_repository(FILES)
    desk = Desk(root)
    desk.show("dags/sales.py", DAG)
    (root / "airwarden.toml").write_text("levels = { providers = 'note' }\n")
    [finding] = desk.judged("dags/sales.py").findings
    assert finding.level == "note"
    (root / "airwarden.toml").write_text("levels = { providers = 'loud' }\n")
    [message] = desk.look().faults.values()
    fault = fault_of(root, message)
    assert fault.file.name == "airwarden.toml"
    assert "providers" in fault.source.slice(fault.region) or "levels" in fault.source.slice(fault.region)


@pytest.mark.parametrize("trust", [None, False, True])
def test_no_code_of_a_repository_runs_as_it_is_opened(
    make_repository: MakeRepository, tmp_path_factory: pytest.TempPathFactory, trust: bool | None
) -> None:
    trace = tmp_path_factory.mktemp("ran") / "trace"
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A DAG without tags is nobody's.",
        "description": "Add a tag.",
        "x-rule": {"on": "dag", "level": "error", "remedy": "add a tag"},
        "properties": {"tags": {"contains": {"pattern": "^team:"}}},
    }
    text = 'from airflow.sdk import DAG\n\nwith DAG("orders", tags=["daily"]):\n    pass\n'
    settings = '[tool.airwarden]\npolicies = ["policies"]\nignore = ["providers"]\n'
    root = make_repository(
        {
            **FILES,
            "pyproject.toml": f"{PROJECT}\n{settings}",
            "policies/own/says_more.py": f"open({str(trace)!r}, 'w').close()\n",
            "policies/own/tags-missing.json": json.dumps(schema),
        }
    )
    documents = Documents()
    documents.open(uri_of(root / "dags/sales.py"), text)
    look = Session([root], trust=trust).look(documents.all())
    [judged] = look.judged.values()
    assert trace.exists() == bool(trust)
    assert [text for text in look.left_out if "says-more" in text] == ([] if trust else list(look.left_out))
    assert len(look.left_out) == (not trust)
    [finding] = [each for each in judged.findings if each.rule == "tags-missing"]
    assert "](None)" not in explanation(finding, judged.checked.report.rules[finding.rule])


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ('select = ["no-such-rule"]', "select"),
        ('fail-on = "never"', "fail-on"),
        ("fail-on = error", "fail-on = error"),
        ('[tool.airwarden.levels]\n"known-token" = "loud"', '"known-token"'),
    ],
)
def test_a_fault_stands_at_its_key(make_repository: MakeRepository, settings: str, place: str) -> None:
    root = make_repository({"pyproject.toml": f"[tool.airwarden]\n{settings}\n", "dags/sales.py": DAG})
    desk = Desk(root)
    desk.show("dags/sales.py", DAG)
    [message] = desk.look().faults.values()
    fault = fault_of(root, message)
    assert place.endswith(fault.source.slice(fault.region))
    assert fault.region.line > 1


def test_a_fault_without_a_place_stands_at_the_top(tmp_path: Path) -> None:
    fault = fault_of(tmp_path, "something is wrong: but nobody knows where")
    assert (fault.file.name, fault.region) == ("pyproject.toml", Region("pyproject.toml", 1, 1, 1, 1))


def test_a_rule_that_crashes_is_told_without_the_text(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(repo: Repo, path: str) -> bool:
        raise ValueError(repo.source(path).text)

    desk = Desk(make_repository(FILES))
    desk.show("dags/sales.py", DAG)
    monkeypatch.setattr(Repo, "is_values_file", broken)
    [crash] = desk.look().crashes
    assert "ValueError" in str(crash)
    assert "import" not in str(crash)
    monkeypatch.undo()
    assert desk.rules("dags/sales.py") == ["provider-not-declared"]
    assert not desk.look().crashes


# Actions


def everywhere(judged: Judged) -> Region:
    return judged.source.region(0, len(judged.source.text))


def test_a_fix_may_stand_in_another_file(make_repository: MakeRepository) -> None:
    desk = Desk(make_repository(FILES))
    desk.show("dags/sales.py", DAG)
    judged = desk.judged("dags/sales.py")
    fix, ignore = actions(judged, everywhere(judged))
    assert (fix.kind, fix.is_preferred, ignore.is_preferred) == ("quickfix", True, False)
    assert [edit.region.path for edit in fix.edits] == ["pyproject.toml"]
    assert fix.title == "Add apache-airflow-providers-ssh to pyproject.toml"
    assert ignore.title == "Ignore provider-not-declared on this line"
    assert not [*actions(judged, judged.source.region(0, 1))]
    assert has_safe_fix(judged)
    desk.show("pyproject.toml", with_edits(PROJECT, all_fixes(judged).edits))
    assert desk.rules("dags/sales.py") == []


def with_edits(text: str, edits: Sequence[object]) -> str:
    source = Source("", text)
    for each in sorted(edits, key=lambda each: getattr(each, "region"), reverse=True):  # noqa: B009
        region = getattr(each, "region")  # noqa: B009
        start, end = (
            source.offset(region.line, region.column),
            source.offset(region.end_line, region.end_column),
        )
        text = text[:start] + getattr(each, "text") + text[end:]  # noqa: B009
    return text


@given(old=TEXTS, new=TEXTS)
def test_line_edits_lead_from_one_text_to_another(old: str, new: str) -> None:
    assert with_edits(old, [*line_edits(Source("", old), new)]) == new


def test_no_action_repeats_a_secret(make_repository: MakeRepository) -> None:
    secret = "not-a-real-Pa55word"
    text = DAG.replace("def sales():\n    pass", f'def sales():\n    return SSHHook(password="{secret}")')
    desk = Desk(make_repository(FILES))
    desk.show("dags/sales.py", text)
    judged = desk.judged("dags/sales.py")
    assert any(each.secret for each in judged.findings)
    rules = judged.checked.report.rules
    shown = [explanation(each, rules[each.rule]) + message_of(each) for each in judged.findings]
    shown += [edit.text for action in actions(judged, everywhere(judged)) for edit in action.edits]
    shown += [edit.text for edit in all_fixes(judged).edits]
    assert not [each for each in shown if secret in each]


def test_a_rules_own_page_is_named(make_repository: MakeRepository) -> None:
    desk = Desk(make_repository(FILES))
    desk.show("dags/sales.py", DAG)
    judged = desk.judged("dags/sales.py")
    [finding] = judged.findings
    rule = judged.checked.report.rules[finding.rule]
    name = address(rule).rpartition("/blob/main/")[2]
    assert (Path(__file__).parent.parent / name).is_file()
    text = explanation(finding, rule)
    assert (rule.help or "").strip() in text
    assert address(rule) in text


# Ignoring


def finding_at(path: str, text: str, part: str, rule: str = "known-token") -> tuple[Source, Finding]:
    source = Source(path, text)
    start = text.index(part)
    region = source.region(start, start + len(part))
    return source, Finding(rule, "secrets", "error", region, "x", "y")


@pytest.mark.parametrize(
    ("path", "text", "part", "expected"),
    [
        ("a.py", "x = 1\n", "1", "x = 1  # airwarden: ignore[known-token] reason\n"),
        ("a.py", "x = 1 \r\n", "1", "x = 1  # airwarden: ignore[known-token] reason\r\n"),
        ("a.py", "x = 1  # noqa\n", "1", "x = 1  # noqa  # airwarden: ignore[known-token] reason\n"),
        (
            "a.py",
            "def f():\n    return '''one\n    two'''\n",
            "'''one",
            "def f():\n    # airwarden: ignore[known-token] reason\n    return '''one\n    two'''\n",
        ),
        ("a.py", "x = '''\ntoken\n'''\n", "token", None),
        (
            "a.py",
            "x = 1 + \\\n    token\n",
            "token",
            "x = 1 + \\\n    token  # airwarden: ignore[known-token] reason\n",
        ),
        ("a.py", "x = \\\n    token + \\\n    1\n", "token", None),
        ("a.py", "x = (\n", "x", None),
        (
            "a.py",
            "x = 1  # airwarden: ignore[other-rule] it is so\n",
            "1",
            "x = 1  # airwarden: ignore[other-rule, known-token] it is so\n",
        ),
        ("a.yaml", "a: 'x'\n", "'x'", "a: 'x'  # airwarden: ignore[known-token] reason\n"),
        ("a.yaml", "a: |\n  token\n", "token", None),
        ("a.yaml", "a: |\n  token\n", "a", "a: |  # airwarden: ignore[known-token] reason\n  token\n"),
        ("a.yaml", 'a: "one\n  two"\n', '"one', '# airwarden: ignore[known-token] reason\na: "one\n  two"\n'),
        ("a.yaml", "a: {{ x }} {{ y }}\n", "x", None),
        ("a.toml", 'a = "x"\n', '"x"', 'a = "x"  # airwarden: ignore[known-token] reason\n'),
        ("a.toml", 'a = """\nx\n"""\n', "x", None),
        ("requirements.txt", "a==1\n", "a==1", "a==1  # airwarden: ignore[known-token] reason\n"),
        ("requirements.txt", "a==1 \\\n  --hash=x\n", "a==1", None),
        ("airflow.cfg", "[core]\na = 1\n", "1", "[core]\n# airwarden: ignore[known-token] reason\na = 1\n"),
        (
            "Dockerfile",
            "FROM a\nENV b=c\n",
            "b=c",
            "FROM a\n# airwarden: ignore[known-token] reason\nENV b=c\n",
        ),
        (".env", "A=1\nB=2\n", "2", "A=1\n# airwarden: ignore[known-token] reason\nB=2\n"),
        (".env", 'A="1\nB=2\n3"\n', "2", None),
        ("a.json", '{"a": 1}\n', "1", None),
    ],
)
def test_a_comment_is_put_where_it_means_nothing_else(
    path: str, text: str, part: str, expected: str | None
) -> None:
    source, finding = finding_at(path, text, part)
    edit = ignoring(source, finding)
    assert (None if edit is None else with_edits(text, [edit])) == expected


def test_a_comment_is_not_put_where_it_would_be_a_finding(make_repository: MakeRepository) -> None:
    desk = Desk(make_repository(FILES))
    for path, text in FILES.items():
        desk.show(path, text)
        judged = desk.judged(path)
        for action in actions(judged, everywhere(judged)):
            if action.title.startswith("Ignore") and action.finding:
                desk.show(path, with_edits(text, action.edits))
                found = desk.rules(path)
                assert action.finding.rule not in found
                assert "unused-suppression" not in found
                desk.show(path, text)


@given(
    lines=st.lists(st.sampled_from((*TYPED, "x: 1", "a:", "  b: c", "x = 1")), min_size=1, max_size=5),
    data=st.data(),
)
def test_a_comment_changes_nothing_but_what_is_silenced(lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    path = data.draw(st.sampled_from(("a.py", "a.yaml", "a.toml", "requirements.txt", "airflow.cfg", ".env")))
    source = Source(path, text)
    line = data.draw(st.integers(1, len(lines)))
    finding = Finding("known-token", "secrets", "error", Region(path, line, 1, line, 1), "x", "y")
    edit = ignoring(source, finding)
    if edit is not None:
        after = Source(path, with_edits(text, [edit]))
        moved = line + edit.text.endswith("\n")
        assert any(
            each.covers(finding_on(finding, moved)) for each in suppressions_of(after, {"known-token"})
        )


def finding_on(finding: Finding, line: int) -> Finding:
    region = Region(finding.region.path, line, 1, line, 1)
    return Finding(finding.rule, finding.family, finding.level, region, finding.message, finding.remedy)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"{", "a message of the editor can't be understood: JSONDecodeError"),
        (b"[]", "a message of the editor can't be understood: AttributeError"),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "no/such", "params": 1}', "can't be understood: JsonRpc"),
        (b'{"jsonrpc": "2.0", "method": "initialized", "params": {}}', ""),
    ],
)
def test_what_no_editor_should_send_is_no_fault_of_ours(sent: bytes, told: str) -> None:
    heard = io.BytesIO()
    with patch.object(heard, "close"):
        serve(io.BytesIO(b"Content-Length: %d\r\n\r\n%b" % (len(sent), sent)), heard)
    assert told in heard.getvalue().decode()
    assert "own fault" not in heard.getvalue().decode()
