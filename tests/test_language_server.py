"""The server as editors meet it: a process that speaks the protocol over stdin and stdout."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import MakeRepository
from tests.editor import CAPABILITIES, Editor, span
from tests.test_server import DAG, FILES, PROJECT

pytestmark = pytest.mark.real

SECRET = "not-a-real-Pa55word"
WIDE = '"😀漢字"; '


@pytest.fixture
def editors() -> Iterator[list[Editor]]:
    """Editors that are closed in the end."""
    opened: list[Editor] = []
    yield opened
    for each in opened:
        each.process.kill()
        each.process.wait()
        for stream in (each.process.stdin, each.process.stdout, each.process.stderr):
            assert stream
            stream.close()


def test_from_opening_to_leaving(make_repository: MakeRepository, editors: list[Editor]) -> None:
    root = make_repository(FILES)
    editor = Editor(root)
    editors.append(editor)
    uri = editor.open(root / "dags" / "sales.py")
    [found] = editor.shown(uri)
    assert (found["code"], found["severity"], found["source"]) == ("provider-not-declared", 1, "airwarden")
    assert found["codeDescription"]["href"].endswith("/docs/rules/provider-not-declared.md")
    assert found["range"] == span(DAG, DAG.index("from airflow.providers"), DAG.index("\nfrom airflow.sdk"))
    assert found["relatedInformation"][0]["location"]["uri"] == (root / "pyproject.toml").as_uri()
    editor.type(uri, "from airflow.providers.ssh.hooks.ssh import SSHHook\n", "")
    assert editor.rules(uri) == []
    editor.type(
        uri, "from airflow.sdk", "from airflow.providers.ssh.hooks.ssh import SSHHook\nfrom airflow.sdk"
    )
    [found] = editor.shown(uri)
    fix = editor.actions(uri, found, "quickfix")[0]
    assert fix["isPreferred"]
    assert fix["diagnostics"][0]["code"] == "provider-not-declared"
    editor.apply(fix)
    editor.tell("workspace/didChangeWatchedFiles", {"changes": []})
    editor.until(uri)
    assert "apache-airflow-providers-ssh" in (root / "pyproject.toml").read_text()
    assert editor.hover(uri, "def sales") is None
    editor.type(uri, "on_failure_callback=ALERT", "")
    assert editor.rules(uri) == ["dag-without-failure-alert"]
    shown = editor.hover(uri, "dag(schedule")
    assert shown
    assert shown.startswith("**dag-without-failure-alert** (alerts, error)")
    assert editor.leave() == 0
    assert editor.talk == ""


def test_what_is_open_counts_and_is_edited_at_its_version(
    make_repository: MakeRepository, editors: list[Editor]
) -> None:
    root = make_repository(FILES)
    editor = Editor(root)
    editors.append(editor)
    dag, project = editor.open(root / "dags" / "sales.py"), editor.open(root / "pyproject.toml")
    [found] = editor.shown(dag)
    fix = editor.actions(dag, found, "quickfix")[0]
    [change] = fix["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": project, "version": 1}
    editor.apply(fix)
    editor.until(dag)
    assert (root / "pyproject.toml").read_text() == PROJECT
    editor.close(project)
    editor.until(dag, "provider-not-declared")


def test_all_safe_fixes_at_once(make_repository: MakeRepository, editors: list[Editor]) -> None:
    root = make_repository(FILES)
    late, early = Editor(root), Editor(root, capabilities={})
    editors += [late, early]
    for editor in (late, early):
        uri = editor.open(root / "dags" / "sales.py")
        [found] = editor.shown(uri)
        [action] = editor.actions(uri, found, "source.fixAll")
        assert action["kind"] == "source.fixAll.airwarden"
        assert ("edit" in action) == (editor is early)
        editor.apply(action)
        editor.tell("textDocument/didSave", {"textDocument": {"uri": uri}})
        editor.until(uri)
        (root / "pyproject.toml").write_text(PROJECT)


def test_a_line_is_ignored_with_a_comment(make_repository: MakeRepository, editors: list[Editor]) -> None:
    root = make_repository({**FILES, "dags/sales.py": DAG.replace("\n", "\r\n")})
    editor = Editor(root)
    editors.append(editor)
    uri = editor.open(root / "dags" / "sales.py")
    [found] = editor.shown(uri)
    [ignore] = [each for each in editor.actions(uri, found) if each["title"].startswith("Ignore")]
    editor.apply(ignore)
    assert "SSHHook  # airwarden: ignore[provider-not-declared] reason\r\n" in editor.texts[uri]
    assert editor.rules(uri) == []


@pytest.mark.parametrize(
    ("encodings", "chosen", "size"),
    [((), "utf-16", 8), (("utf-32", "utf-16"), "utf-32", 7), (("utf-8",), "utf-8", 14)],
)
def test_columns_are_counted_as_the_client_does(
    make_repository: MakeRepository, editors: list[Editor], encodings: tuple[str, ...], chosen: str, size: int
) -> None:
    root = make_repository(FILES)
    editor = Editor(root, encodings=encodings)
    editors.append(editor)
    assert editor.begun["capabilities"]["positionEncoding"] == chosen
    uri = editor.open(
        root / "dags" / "sales.py", DAG.replace("from airflow.prov", f"{WIDE}from airflow.prov")
    )
    [found] = editor.shown(uri)
    assert found["range"]["start"] == {"line": 2, "character": size}


def test_typing_among_wide_characters(make_repository: MakeRepository, editors: list[Editor]) -> None:
    root = make_repository(FILES)
    editor = Editor(root)
    editors.append(editor)
    uri = editor.open(root / "dags" / "sales.py")
    editor.type(uri, "def sales", f"{WIDE}\n\n\ndef sales")
    editor.type(uri, "漢", "漢\u2028漢")
    editor.type(uri, WIDE.replace("漢", "漢\u2028漢"), "")
    editor.type(uri, "import SSHHook", 'import SSHHook; x = "😀"; y = 1')
    editor.type(uri, "; y = 1", "")
    [found] = editor.shown(uri)
    start = editor.texts[uri].index("from airflow.providers")
    assert found["range"] == span(editor.texts[uri], start, editor.texts[uri].index("; x ="))


def test_broken_settings_are_shown_where_they_stand(
    make_repository: MakeRepository, editors: list[Editor]
) -> None:
    root = make_repository(
        {**FILES, "pyproject.toml": f"{PROJECT}\n[tool.airwarden]\nselect = ['no-rule']\n"}
    )
    editor = Editor(root)
    editors.append(editor)
    dag = editor.open(root / "dags" / "sales.py")
    assert editor.rules(dag) == ["provider-not-declared"]
    project = (root / "pyproject.toml").as_uri()
    editor.until(project, "")
    [fault] = editor.diagnostics[project]
    assert fault["range"]["start"] == {"line": 9, "character": 0}
    assert "no-rule" in fault["message"]
    editor.type(dag, "    pass", "    pass  # still")
    editor.shown(dag)
    assert len(editor.said("window/showMessage")) == 1
    (root / "pyproject.toml").write_text(f"{PROJECT}\n[tool.airwarden]\nignore = ['providers']\n")
    editor.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": project, "type": 2}]})
    editor.until(dag)
    editor.until(project)


def test_several_folders_and_files_that_belong_to_none(tmp_path: Path, editors: list[Editor]) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "sales.py").write_text(DAG)
    (tmp_path / "two" / "pyproject.toml").write_text("[tool.airwarden]\nselect = ['alerts']\n")
    editor = Editor(tmp_path / "one", tmp_path / "two")
    editors.append(editor)
    one, two, three = (editor.open(tmp_path / name / "sales.py") for name in ("one", "two", "three"))
    assert editor.rules(one)
    assert editor.rules(two) == []
    assert editor.rules(three) == []
    folder = {"uri": (tmp_path / "three").as_uri(), "name": "three"}
    editor.tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [folder], "removed": []}})
    editor.until(three, *editor.rules(one))


def test_untitled_documents_are_left_alone(make_repository: MakeRepository, editors: list[Editor]) -> None:
    root = make_repository(FILES)
    editor = Editor(root)
    editors.append(editor)
    untitled = "untitled:Untitled-1"
    document = {"uri": untitled, "languageId": "python", "version": 1, "text": DAG}
    editor.tell("textDocument/didOpen", {"textDocument": document})
    changed = {"textDocument": {"uri": untitled, "version": 2}, "contentChanges": [{"text": ""}]}
    editor.tell("textDocument/didChange", changed)
    uri = editor.open(root / "dags" / "sales.py")
    assert editor.rules(uri) == ["provider-not-declared"]
    assert untitled not in editor.diagnostics
    editor.texts[untitled] = DAG
    assert editor.hover(untitled, "import SSHHook") is None
    assert editor.actions(untitled, span(DAG, 0, 5)) == []


def test_a_request_that_is_cancelled_is_answered_and_the_next_one_too(
    make_repository: MakeRepository, editors: list[Editor]
) -> None:
    root = make_repository(FILES)
    editor = Editor(root)
    editors.append(editor)
    uri = editor.open(root / "dags" / "sales.py")
    where = {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 3}}
    numbers = []
    for count in range(5):
        editor.type(uri, "    pass" + " " * count, "    pass" + " " * (count + 1))
        numbers.append(editor.begin("textDocument/hover", where))
        editor.tell("$/cancelRequest", {"id": numbers[-1]})
    answers = [editor.answer(number) for number in numbers]
    assert all("result" in each or each["error"]["code"] == -32800 for each in answers)
    assert editor.rules(uri) == ["provider-not-declared"]
    shown = editor.hover(uri, "import SSHHook")
    assert shown
    assert "provider-not-declared" in shown
    assert editor.leave() == 0


def test_no_secret_leaves(make_repository: MakeRepository, editors: list[Editor]) -> None:
    root = make_repository(FILES)
    editor = Editor(root)
    editors.append(editor)
    text = DAG.replace("    pass", f'    return SSHHook(password="{SECRET}")')
    uri = editor.open(root / "dags" / "sales.py", text)
    assert "hardcoded-credential" in editor.rules(uri)
    for found in editor.shown(uri):
        editor.actions(uri, found)
    editor.hover(uri, SECRET)
    assert SECRET not in json.dumps(editor.heard)
    assert editor.leave() == 0
    assert SECRET not in editor.talk


def test_a_crash_is_logged_and_what_is_printed_goes_elsewhere(
    make_repository: MakeRepository, editors: list[Editor], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = make_repository(FILES)
    start = tmp_path_factory.mktemp("start") / "start.py"
    start.write_text(
        textwrap.dedent("""\
            import os
            from airwarden.cli import main
            from airwarden.repo import Repo

            def broken(repo, path):
                print("this is no part of the protocol", flush=True)
                os.write(1, b"neither is this")
                raise ValueError(repo.source(path).text)

            Repo.is_values_file = broken
            raise SystemExit(main(["server"]))
        """)
    )
    editor = Editor(root, start=(sys.executable, str(start)))
    editors.append(editor)
    uri = editor.open(root / "dags" / "sales.py")
    editor.type(uri, "    pass", "    pass  # changed")
    editor.hover(uri, "def sales")
    [logged] = editor.said("window/logMessage")
    assert "ValueError" in logged["message"]
    assert "dags/sales.py" in logged["message"]
    assert "import" not in logged["message"]
    assert editor.leave() == 0
    assert "this is no part of the protocol" in editor.talk


def test_a_request_that_fails_is_answered_without_a_word_of_the_file(
    make_repository: MakeRepository, editors: list[Editor], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = make_repository(FILES)
    start = tmp_path_factory.mktemp("start") / "start.py"
    start.write_text(
        textwrap.dedent(f"""\
            from airwarden.cli import main
            from airwarden.server.session import Judged

            def broken(judged, place):
                raise ValueError("{SECRET} in " + judged.source.text)

            Judged.at = broken
            raise SystemExit(main(["server"]))
        """)
    )
    editor = Editor(root, start=(sys.executable, str(start)))
    editors.append(editor)
    uri = editor.open(root / "dags" / "sales.py")
    place = {"line": 0, "character": 0}
    asked = editor.begin("textDocument/hover", {"textDocument": {"uri": uri}, "position": place})
    answer = editor.answer(asked)
    assert answer["error"]["message"] == "airwarden failed by its own fault; its log tells where"
    assert "data" not in answer["error"]
    [logged] = editor.said("window/logMessage")
    assert "ValueError in airwarden.server" in logged["message"]
    assert "`airwarden crash-report`" in logged["message"]
    assert editor.shown(uri)
    editor.type(uri, "    pass", "    pass  # changed")
    assert len(editor.said("window/logMessage")) == 1
    assert SECRET not in json.dumps(editor.heard)
    assert editor.leave() == 0
    assert SECRET not in editor.talk


def test_what_fails_when_findings_are_told_is_logged_without_a_word_of_the_file(
    make_repository: MakeRepository, editors: list[Editor], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = make_repository(FILES)
    start = tmp_path_factory.mktemp("start") / "start.py"
    start.write_text(
        textwrap.dedent(f"""\
            from airwarden.cli import main
            from airwarden.server.protocol import Server

            def broken(server, uri, version, found):
                raise ValueError("{SECRET}")

            Server._publish = broken
            raise SystemExit(main(["server"]))
        """)
    )
    editor = Editor(root, start=(sys.executable, str(start)))
    editors.append(editor)
    uri = editor.open(root / "dags" / "sales.py")
    place = {"line": 0, "character": 0}
    for _ in range(2):
        editor.answer(editor.begin("textDocument/hover", {"textDocument": {"uri": uri}, "position": place}))
    assert "ValueError in airwarden.server" in editor.said("window/logMessage")[0]["message"]
    assert editor.leave() == 0
    assert SECRET not in json.dumps(editor.heard) + editor.talk


def test_nonsense_is_no_end(make_repository: MakeRepository, editors: list[Editor]) -> None:
    root = make_repository(FILES)
    editor = Editor(root, capabilities={"textDocument": {}, "workspace": {}})
    editors.append(editor)
    editor.tell("textDocument/didOpen", {"textDocument": {"text": SECRET}})
    editor.tell("textDocument/hover", {"position": SECRET})
    editor.tell(
        "textDocument/didChange",
        {"textDocument": {"uri": "file:///x.py", "version": 2}, "contentChanges": []},
    )
    editor.tell("textDocument/didClose", {"textDocument": {"uri": "file:///x.py"}})
    uri = editor.open(root / "dags" / "sales.py")
    [found] = editor.shown(uri)
    assert not {"codeDescription", "relatedInformation", "data", "tags"} & found.keys()
    fix = editor.actions(uri, found)[0]
    assert [*fix["edit"]["changes"]] == [(root / "pyproject.toml").as_uri()]
    assert SECRET not in json.dumps(editor.heard)
    assert editor.leave() == 0
    assert SECRET not in editor.talk


def test_who_is_cut_off_did_not_say_goodbye(tmp_path: Path, editors: list[Editor]) -> None:
    editor = Editor(tmp_path)
    editors.append(editor)
    assert editor.process.stdin
    editor.process.stdin.close()
    assert editor.process.wait(timeout=60) == 2


def test_tags_tell_what_is_not_needed_and_what_is_gone(
    make_repository: MakeRepository, editors: list[Editor]
) -> None:
    text = f"{DAG}\n\nx = 1  # airwarden: ignore[known-token] no longer\n"
    editor = Editor(root := make_repository(FILES))
    editors.append(editor)
    uri = editor.open(root / "dags" / "sales.py", text)
    tags = {each["code"]: each.get("tags") for each in editor.shown(uri)}
    assert tags == {"provider-not-declared": None, "unused-suppression": [1]}


def test_without_pygls_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "sys.modules['pygls'] = sys.modules['lsprotocol'] = None\n"
        "from airwarden.cli import main\n"
        "raise SystemExit(main(['server']))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert run.returncode == 2
    assert run.stderr == (
        'airwarden: the server needs pygls, which is not installed: pip install "airwarden[server]"\n'
    )
    assert run.stdout == ""


def test_what_is_typed_quickly_is_judged_once(make_repository: MakeRepository, editors: list[Editor]) -> None:
    root = make_repository(FILES)
    editor = Editor(root, capabilities=CAPABILITIES)
    editors.append(editor)
    uri = editor.open(root / "dags" / "sales.py")
    editor.shown(uri)
    time.sleep(0.5)
    editor.heard.clear()
    for letter in "abcdefgh":
        editor.type(uri, "    pass", f"    pass; {letter} = 1\n    pass")
        editor.set(uri, editor.texts[uri].replace(f"    pass; {letter} = 1\n", ""))
    editor.shown(uri)
    assert len(editor.said("textDocument/publishDiagnostics")) == 1
