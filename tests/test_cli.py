"""The command line: what it takes, what it says where, and its exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from airwarden import terminal
from airwarden.cli import COMMANDS, main
from airwarden.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import MakeRepository

ERROR = {"dags/bad.py": "dag = = 1\n"}
WARNING = {"dags/idle.py": "x = 1  # airwarden: ignore[no-such-rule]\n"}
CLEAN = {"dags/good.py": "import airflow\n"}
HEAVY = {"libcst", "jsonschema", "rich", "yaml", "pathspec", "packaging"}


@pytest.fixture
def here(make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Makes a repository and goes there, with no word from the environment."""
    for name in [name for name in os.environ if name.startswith("GITHUB_") or name in ("NO_COLOR", "TERM")]:
        monkeypatch.delenv(name)

    def make(*parts: dict[str, str]) -> Path:
        root = make_repository({path: text for part in parts for path, text in part.items()})
        monkeypatch.chdir(root)
        return root

    return make


@pytest.fixture
def found(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[tuple[str, str]]]:
    """Runs `airwarden check` and returns path and rule of each finding."""

    def run(*arguments: str) -> list[tuple[str, str]]:
        main(["check", "--format", "json", *arguments])
        report = json.loads(capsys.readouterr().out)
        assert report["errors"] == []
        return [(finding["path"], finding["rule"]) for finding in report["findings"]]

    return run


def modules_after(*arguments: str) -> set[str]:
    """The modules that a fresh process has loaded after a command, save those of every process."""
    code = (
        "import sys\nbefore = set(sys.modules)\nsys.argv[0] = 'airwarden'\n"
        "from airwarden.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('\\n' + ' '.join(sys.modules.keys() - before))"
    )
    command = [sys.executable, "-c", code, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines()[-1].split())


# Exit codes


def test_clean_is_0(here: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    here(CLEAN)
    assert main(["check"]) == 0
    assert capsys.readouterr() == ("No findings: 1 file checked.\n", "")


def test_findings_are_1(here: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    here(CLEAN, ERROR)
    assert main(["check"]) == 1
    said = capsys.readouterr()
    assert "dags/bad.py:1:" in said.out
    assert "unreadable-file" in said.out
    assert said.err == ""


@pytest.mark.parametrize(
    ("settings", "arguments", "code"),
    [
        ("", [], 0),
        ("", ["--fail-on", "warning"], 1),
        ("", ["--fail-on", "note"], 1),
        ("fail-on = 'warning'", [], 1),
        ("fail-on = 'warning'", ["--fail-on", "error"], 0),
        ("levels.unused-suppression = 'error'", [], 1),
        ("levels.unused-suppression = 'note'", ["--fail-on", "warning"], 0),
        ("levels.unused-suppression = 'off'", ["--fail-on", "note"], 0),
    ],
)
def test_what_fails_is_for_the_user_to_say(
    here: Callable[..., Path], settings: str, arguments: list[str], code: int
) -> None:
    here(WARNING, {"pyproject.toml": f"[tool.airwarden]\n{settings}\n"})
    assert main(["check", *arguments]) == code


def test_a_crash_is_2_and_the_report_is_still_given(
    here: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here(ERROR, CLEAN)
    from airwarden.repo import Repo

    def fail(self: Repo, path: str) -> bool:  # noqa: ARG001
        if path == "dags/good.py":
            raise KeyError("not-a-real-password")
        return path.endswith(".py")

    monkeypatch.setattr(Repo, "is_dag_file", fail)
    assert main(["check", "--format", "json"]) == 2
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert [(error["rule"], error["path"]) for error in report["errors"]] == [("(reading)", "dags/good.py")]
    assert [finding["path"] for finding in report["findings"]] == ["dags/bad.py"]
    assert "not-a-real" not in said.out + said.err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("check gone.py", "gone.py: there is no such file or folder"),
        (
            "check --select known-tokn",
            "--select: there is no rule or family 'known-tokn' (nearest: 'known-token')",
        ),
        ("check --ignore hygeine", "--ignore: there is no rule or family 'hygeine' (nearest: 'hygiene')"),
        ("check --config gone.toml", "gone.toml: cannot be read: No such file or directory"),
        ("check --config broken.toml", "broken.toml: there is no setting 'slect' (nearest: 'select')"),
        ("check --config unknown.toml", "unknown.toml: levels: there is no rule or family 'nosuch'"),
        ("check --output no/where.txt", "no/where.txt: cannot be written: No such file or directory"),
        ("check dags ..", "..: stands outside of "),
        (
            "explain unreadable",
            "explain: there is no rule or family 'unreadable' (nearest: 'unreadable-file')",
        ),
    ],
)
def test_what_cannot_be_done_is_2_and_one_sentence(
    here: Callable[..., Path], capsys: pytest.CaptureFixture[str], command: str, said: str
) -> None:
    here(CLEAN, {"broken.toml": "slect = []", "unknown.toml": "levels.nosuch = 'off'"})
    assert main(command.split()) == 2
    output = capsys.readouterr()
    assert output.err.startswith(f"airwarden: {said}")
    assert output.err.count("\n") == 1
    assert output.out == ""


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("chek", "airwarden: there is no command 'chek' (nearest: 'check')"),
        ("xyzzy", "airwarden: there is no command 'xyzzy' (there are check, "),
        ("check --format jsn", "airwarden check: --format: 'jsn' is none of text, "),
        ("check --selct xcom", "airwarden check: there is no option --selct (nearest: '--select')"),
        ("check --no-colr=1", "airwarden check: there is no option --no-colr (nearest: '--no-color')"),
        ("check --jobs 0", "airwarden check: --jobs: '0' is no number of processes"),
        ("check --output", "airwarden check: --output: expected one argument"),
        ("check -q -v", "airwarden check: -v/--verbose: not allowed with argument -q/--quiet"),
        ("explain known-token more", "airwarden explain: 'more' is one argument too many"),
        ("merge", "airwarden merge: it takes REPORT"),
    ],
)
def test_a_wrong_command_is_2_and_told_in_one_sentence(
    command: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(command.split())
    assert caught.value.code == 2
    output = capsys.readouterr()
    assert output.err.startswith(said)
    assert output.err.count("\n") == 1
    assert "--help` tells what there is" in output.err
    assert output.out == ""


def test_no_command_at_all_gets_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2
    said = capsys.readouterr()
    assert said.err.startswith("usage: airwarden")
    assert all(command in said.err for command in COMMANDS)


def test_a_fault_of_its_own_is_2_without_a_word_of_the_files(
    here: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here(CLEAN)

    def fail(*_: Any) -> None:
        raise KeyError("not-a-real-password")

    monkeypatch.setattr("airwarden.formats.text.render", fail)
    assert main(["check"]) == 2
    said = capsys.readouterr()
    assert re.fullmatch(
        r"airwarden: failed by its own fault: KeyError in airwarden\.commands\.delivery, line \d+\. .*\n",
        said.err,
    )
    assert said.out == ""


def test_an_interruption_is_told_in_a_word(
    here: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here(CLEAN)

    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("airwarden.workspace.check", interrupt)
    assert main(["check"]) == 130
    assert capsys.readouterr() == ("", "airwarden: interrupted\n")


def test_a_reader_who_has_gone_is_no_fault(here: Callable[..., Path]) -> None:
    here({f"dags/bad_{number}.py": "x = = 1\n" for number in range(40)})
    command = f"'{sys.executable}' -m airwarden check -v | head -n 1; exit ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (1, "")
    assert len(run.stdout.splitlines()) == 1


# Which files


def test_without_a_path_it_is_the_whole_repository(
    here: Callable[..., Path], found: Callable[..., list[tuple[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = here(ERROR, WARNING, {"plugins/deep/x.txt": ""})
    expected = [("dags/bad.py", "unreadable-file"), ("dags/idle.py", "unused-suppression")]
    assert found() == expected
    monkeypatch.chdir(root / "plugins" / "deep")
    assert found() == expected
    assert found(".") == []


def test_paths_are_told_from_the_root_whoever_names_them(
    here: Callable[..., Path],
    found: Callable[..., list[tuple[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = here(ERROR)
    (root / "link.py").symlink_to("dags/bad.py")
    once = [("dags/bad.py", "unreadable-file")]
    assert found("dags/bad.py", "./dags/../dags/bad.py", str(root / "dags/bad.py"), "link.py", "dags") == once
    monkeypatch.chdir(root / "dags")
    assert found("bad.py") == once
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert found(str(root / "dags/bad.py")) == once


def test_a_project_inside_is_judged_by_the_settings_around_the_current_folder(
    here: Callable[..., Path], found: Callable[..., list[tuple[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = here(
        {"air/dags/bad.py": "x = = 1\n", "air/pyproject.toml": "[tool.airwarden]\nexclude = ['dags/']\n"}
    )
    assert found("air/dags/bad.py") == found() == [("air/dags/bad.py", "unreadable-file")]
    monkeypatch.chdir(root / "air")
    assert found("dags/bad.py") == found() == []


def test_a_repository_in_a_folder_that_is_none_is_found_by_its_path(
    here: Callable[..., Path], found: Callable[..., list[tuple[str, str]]]
) -> None:
    root = here({"shop/.git/HEAD": "", "shop/dags/bad.py": "x = = 1\n"})
    (root / ".git").rmdir()
    assert found("shop") == [("dags/bad.py", "unreadable-file")]


@pytest.mark.parametrize(
    ("path", "why"),
    [("build/a.py", ".gitignore or `exclude` leaves it out"), ("out.py", "it leads out of the repository")],
)
def test_a_file_that_is_left_out_is_told(
    here: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
    path: str,
    why: str,
) -> None:
    root = here({".gitignore": "build/\n", "build/a.py": "x = = 1\n"})
    outside = tmp_path_factory.mktemp("outside") / "a.py"
    outside.write_text("x = = 1\n", encoding="utf-8")
    (root / "out.py").symlink_to(outside)
    assert main(["check", path]) == 0
    assert capsys.readouterr().err == f"airwarden: {path}: not checked, for {why}\n"
    assert main(["check", "--quiet", path]) == 0
    assert capsys.readouterr().err == ""


# Shards


def test_shards_are_merged_to_the_report_of_the_whole(
    here: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    here(ERROR, WARNING, CLEAN)
    reports = [str(tmp_path_factory.mktemp("reports") / name) for name in ("1.json", "2.json")]
    for index, report in enumerate(reports, 1):
        main(["check", "-q", "--format", "json", "--shard", f"{index}/2", "--output", report])
    assert main(["check", "--format", "json"]) == 1
    whole = capsys.readouterr().out
    assert main(["merge", *reports]) == 1
    assert capsys.readouterr().out == whole
    joined = f"{reports[0]}.joined"
    assert main(["merge", *reports, "--output", joined]) == 1
    assert (Path(joined).read_text(encoding="utf-8"), capsys.readouterr().out) == (whole, "")
    assert main(["merge", reports[0]]) == 2
    assert (
        capsys.readouterr().err
        == "airwarden: shard 2 of 2: no such report is given; name those of all shards\n"
    )


def test_what_fails_a_merged_report_is_for_the_shards_or_the_user_to_say(
    here: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    here(WARNING, {"pyproject.toml": '[tool.airwarden]\nfail-on = "warning"\n'})
    report = str(tmp_path_factory.mktemp("reports") / "1.sarif")
    main(["check", "-q", "--format", "sarif", "--shard", "1/1", "--output", report])
    assert main(["merge", report]) == 1
    assert main(["merge", report, "--fail-on", "error"]) == 0


def test_a_shard_that_there_is_not_is_told(
    here: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    here(CLEAN)
    assert main(["check", "--shard", "3/2"]) == 2
    assert capsys.readouterr().err == "airwarden: --shard 3/2: the shards are numbered from 1 to 2\n"
    assert main(["check", "--shard", "1/2", "--fix"]) == 2
    assert "--fix and --shard don't go together" in capsys.readouterr().err


# Which rules


def test_rules_are_selected_and_ignored_by_name_family_and_list(
    here: Callable[..., Path], found: Callable[..., list[tuple[str, str]]]
) -> None:
    here(WARNING, {"pyproject.toml": "[tool.airwarden]\nignore = ['hygiene']\n"})
    idle = [("dags/idle.py", "unused-suppression")]
    assert found() == []
    assert found("--select", "unused-suppression") == found("--select", "secrets, hygiene") == idle
    assert found("--select", "secrets", "--select", "hygiene") == idle
    assert found("--select", "hygiene", "--ignore", "unused-suppression") == []


def test_a_file_nobody_can_read_is_told_of_whatever_is_selected(
    here: Callable[..., Path], found: Callable[..., list[tuple[str, str]]]
) -> None:
    here(ERROR)
    assert found("--select", "secrets") == [("dags/bad.py", "unreadable-file")]
    assert found("--ignore", "unreadable-file") == []


# Where the report goes


def test_a_report_may_go_to_a_file(here: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    root = here(ERROR)
    assert main(["check", "--format", "json", "--output", "report.json"]) == 1
    said = "airwarden: Found 1 error in 1 file (1 file checked). The report is in report.json.\n"
    assert capsys.readouterr() == ("", said)
    assert main(["check", "--format", "json", "--output", "report.json", "--quiet"]) == 1
    assert capsys.readouterr() == ("", "")
    assert json.loads((root / "report.json").read_text(encoding="utf-8"))["version"] == 1


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_the_same_from_run_to_run(
    here: Callable[..., Path], capsys: pytest.CaptureFixture[str], name: str
) -> None:
    here(ERROR, WARNING, CLEAN)
    outputs = {main(["check", "--format", name]): capsys.readouterr().out for _ in range(2)}
    assert list(outputs) == [1]
    first = outputs[1]
    assert main(["check", "--format", name]) == 1
    assert capsys.readouterr().out == first != ""


def test_github_gets_its_job_summary(
    here: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = here(
        {f"air/{path}": text for path, text in ERROR.items()}, {"air/pyproject.toml": "[tool.airwarden]\n"}
    )
    monkeypatch.chdir(root / "air")
    summary = root / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    for name, value in {
        "STEP_SUMMARY": str(summary),
        "WORKSPACE": str(root),
        "SERVER_URL": "https://github.example",
        "REPOSITORY": "shop/pipelines",
        "SHA": "0" * 40,
    }.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    assert main(["check", "--format", "github"]) == 1
    assert capsys.readouterr().out.startswith("::error file=air/dags/bad.py,line=1,")
    written = summary.read_text(encoding="utf-8")
    assert written.startswith("before\n")
    assert f"https://github.example/shop/pipelines/blob/{'0' * 40}/air/dags/bad.py#L1" in written
    main(["check", "--format", "text"])
    assert summary.read_text(encoding="utf-8") == written


class Terminal:
    """A stream that says that it is a terminal."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("arguments", "environment", "coloured"),
    [
        ([], {}, True),
        (["--no-color"], {}, False),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"NO_COLOR": ""}, True),
        ([], {"TERM": "dumb"}, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    here: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    environment: dict[str, str],
    coloured: bool,
) -> None:
    here(ERROR)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    assert main(["check", *arguments]) == 1
    assert ("\x1b[" in screen.text) is coloured


def test_without_a_terminal_there_are_no_colours(
    here: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    here(ERROR)
    main(["check"])
    assert "\x1b" not in capsys.readouterr().out


def test_any_text_can_be_printed_to_any_terminal(here: Callable[..., Path]) -> None:
    here({"dags/bad.py": "from airflow import DAG\nDAG('größe \N{SNOWMAN}')\n"})
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "airwarden", "check"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (1, "")
    assert "gr\\xf6\\xdfe" in run.stdout


# Talk


def test_quiet_is_the_summary_and_verbose_is_everything(
    here: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    here({f"dags/bad_{number:02}.py": "x = = 1\n" for number in range(60)})
    lengths = []
    for arguments in (["-q"], [], ["-v"]):
        main(["check", *arguments])
        lengths.append(len(capsys.readouterr().out.splitlines()))
    quiet, usual, verbose = lengths
    assert quiet < usual < verbose
    assert quiet < 6 < 60 < verbose


def test_a_long_run_shows_a_bar_on_a_terminal_and_hands_on_every_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(terminal, "_PATIENCE", -1.0)
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    files = [f"{number}.py" for number in range(20)]
    assert list(terminal.progress(files)) == files
    assert "Checking" in screen.text


def test_a_short_run_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    assert list(terminal.progress(["a.py", "b.py"])) == ["a.py", "b.py"]
    assert screen.text == ""


# explain, rules, version, help


def test_explain_gives_a_rules_help_and_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "unused-suppression"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("# unused-suppression\n\nA suppression that suppresses nothing hides")
    assert "# airwarden: ignore[unused-suppression]" in said


def test_explain_of_a_family_lists_its_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "hygiene"]) == 0
    assert [line.split()[2] for line in capsys.readouterr().out.splitlines()] == [
        "expired-suppression",
        "too-big",
        "too-deep",
        "unreadable-file",
        "unused-baseline-entry",
        "unused-suppression",
    ]


def test_rules_lists_every_rule_with_family_level_and_harm(capsys: pytest.CaptureFixture[str]) -> None:
    from airwarden.registry import Registry

    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[2] for line in lines] == list(Registry().files)
    assert all(re.fullmatch(r"\w+ +(error|warning|note) +[a-z0-9-]+ +[A-Z`].*", line) for line in lines)


def test_the_version_loads_the_version() -> None:
    ours = {name for name in modules_after("--version") if not name.startswith("__editable__")}
    assert ours <= {"airwarden", "airwarden.__main__", "__future__"}


def test_help_loads_nothing_heavy() -> None:
    assert not {*HEAVY, "airwarden.config", "dataclasses"} & modules_after("-h")


@pytest.mark.parametrize("path", ["README.md", "setup/plain.py", "notes.rst"])
def test_a_file_that_is_ruled_out_loads_no_model(here: Callable[..., Path], path: str) -> None:
    here({path: "import os\n", "pyproject.toml": "[tool.airwarden]\nselect = ['xcom', 'secrets']\n"})
    loaded = modules_after("check", path)
    assert not HEAVY & loaded
    assert not {"airwarden.syntax", "airwarden.alerts.callbacks", "airwarden.dependencies.effective"} & loaded
    assert not {name for name in loaded if name.startswith("airwarden.rules.")}


def test_a_values_file_alone_loads_no_model_of_python(here: Callable[..., Path]) -> None:
    here({"values.yaml": "airflowVersion: 3.1.5\nexecutor: CeleryExecutor\n"})
    loaded = modules_after("check", "values.yaml")
    assert "airwarden.values" in loaded
    assert not {"libcst", "rich", "pathspec", "airwarden.syntax", "airwarden.needs.code"} & loaded


def test_a_dag_file_alone_loads_no_model_of_charts(here: Callable[..., Path]) -> None:
    here(CLEAN)
    loaded = modules_after("check", "dags/good.py")
    assert "airwarden.lean_libcst" in loaded
    assert not HEAVY & loaded
    assert not {"airwarden.values", "airwarden.deployment.effective"} & loaded


@pytest.mark.parametrize("arguments", [["-h"], ["check", "-h"]])
def test_the_help_has_an_example(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 0
    assert "airwarden check dags/orders.py" in capsys.readouterr().out


def test_two_dashes_are_no_value_of_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["check", "--since=--"])
    assert end.value.code == 2
    assert "'--since=--' gives the option no value" in capsys.readouterr().err
