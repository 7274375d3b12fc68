"""Reports, several of a run, and the summaries of jobs."""

from __future__ import annotations

import errno
import json
import os
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from airwarden.cli import main
from airwarden.formats import FORMATS

from tests.conftest import MakeRepository

DAG = """\
from airflow.sdk import DAG

with DAG("sales", schedule=None):
    pass
"""
JOBS = (
    *("GITHUB_WORKSPACE", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA", "GITHUB_STEP_SUMMARY"),
    *("CI_PROJECT_DIR", "CI_PROJECT_URL", "CI_COMMIT_SHA", "BUILD_SOURCESDIRECTORY", "AGENT_TEMPDIRECTORY"),
)


@pytest.fixture
def repository(make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = make_repository({"dags/sales.py": DAG})
    monkeypatch.chdir(root)
    for name in JOBS:
        monkeypatch.delenv(name, raising=False)
    return root


def check(*arguments: str) -> int:
    return main(["check", "--no-cache", "--select", "dag-without-failure-alert", *arguments])


def test_one_run_writes_as_many_reports_as_are_wanted(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    further = [f"--also={name}={name}.out" for name in FORMATS]
    assert check("--format", "github", *further) == 1
    shown = capsys.readouterr()
    assert shown.out.startswith("::error file=dags/sales.py,")
    assert shown.err == "", "whoever reads this one knows which others were wanted"
    texts = {name: (repository / f"{name}.out").read_text(encoding="utf-8") for name in FORMATS}
    assert texts["github"] == shown.out
    assert json.loads(texts["json"])["summary"]["errors"] == 1
    assert len(json.loads(texts["sarif"])["runs"][0]["results"]) == 1
    assert ElementTree.fromstring(texts["junit"]).attrib["failures"] == "1"
    assert texts["html"].startswith("<!DOCTYPE html>")
    assert "\x1b" not in texts["text"]


def test_all_files_are_named_where_the_report_itself_is_one(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check("--output", "a.txt", "--also", "html=b.html") == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.endswith("(1 file checked). The report is in a.txt and b.html.\n")
    assert (repository / "b.html").exists()
    assert check("-q", "--output", "a.txt", "--also", "html=b.html") == 1
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("given", ["html", "html=", "=a.html", "pdf=a.pdf"])
@pytest.mark.usefixtures("repository")
def test_a_further_report_needs_a_format_and_a_file(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        check("--also", given)
    assert f"{given!r} is no FORMAT=FILE; the formats are text, json," in capsys.readouterr().err


def test_every_format_takes_names_that_are_no_utf_8(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        (repository / os.fsdecode(b"dags/\xff\x1b.py")).write_text(DAG, encoding="utf-8")
    except OSError:
        pytest.skip("this file system has no such names")
    for name in FORMATS:
        assert check("--format", name, "--output", "report.out") == 1
        assert "failed" not in capsys.readouterr().err
        text = (repository / "report.out").read_text(encoding="utf-8")
        assert "\x1b" not in text
        assert (
            "xff" in text.lower() or "%ff" in text.lower() or "udcff" in text or "%ed%b3%bf" in text.lower()
        )


def test_junit_fails_what_the_run_fails_on(repository: Path) -> None:
    (repository / "pyproject.toml").write_text(
        '[tool.airwarden]\nfail-on = "warning"\nlevels = {dag-without-failure-alert = "warning"}\n',
        encoding="utf-8",
    )
    for option, failures in ((["--fail-on", "error"], "0"), ([], "1")):
        assert check("--format", "junit", "--output", "a.xml", *option) == int(failures)
        text = (repository / "a.xml").read_text(encoding="utf-8")
        assert ElementTree.fromstring(text).attrib["failures"] == failures


def test_earlier_reports_make_a_trend(repository: Path) -> None:
    (repository / "runs").mkdir()
    for name in ("monday", "tuesday"):
        check("--format", "json", "--output", f"runs/{name}.json")
    assert check("--format", "html", "--output", "a.html", "--history", "runs") == 1
    text = (repository / "a.html").read_text(encoding="utf-8")
    assert "errors: 1, now 1" in text
    assert '<th scope="row">tuesday</th>' in text


def test_a_history_that_is_none_is_told(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "a.json").write_text("{}", encoding="utf-8")
    assert check("--format", "html", "--history", "a.json") == 2
    assert capsys.readouterr().err.startswith("airwarden: a.json: is no report of a whole run")


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY"])
def test_paths_lead_from_the_checkout_of_the_job(
    variable: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(repository.parent))
    check("--format", "gitlab", "--output", "a.json")
    (violation,) = json.loads((repository / "a.json").read_text(encoding="utf-8"))
    assert violation["location"]["path"] == f"{repository.name}/dags/sales.py"


def test_links_lead_to_the_commit_of_a_job_on_gitlab(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI_PROJECT_URL", "https://gitlab.test/data/platform")
    monkeypatch.setenv("CI_COMMIT_SHA", "abc")
    check("--format", "markdown", "--output", "a.md")
    link = "(https://gitlab.test/data/platform/-/blob/abc/dags/sales.py#L3-3)"
    assert link in (repository / "a.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["markdown", "summary", "html"])
def test_links_lead_to_the_commit_of_a_job_on_github(
    name: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(repository.parent))
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.test")
    monkeypatch.setenv("GITHUB_REPOSITORY", "data/platform")
    monkeypatch.setenv("GITHUB_SHA", "abc")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(repository / "summary.out"))
    check("--format", "github", "--also", "markdown=markdown.out", "--also", "html=html.out")
    link = f"https://github.test/data/platform/blob/abc/{repository.name}/dags/sales.py#L3-L3"
    assert link in (repository / f"{name}.out").read_text(encoding="utf-8")


def test_azure_gets_a_summary(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AGENT_TEMPDIRECTORY", str(repository))
    check("--format", "azure")
    file = repository / "airwarden.md"
    assert capsys.readouterr().out.splitlines()[-1] == f"##vso[task.uploadsummary]{file}"
    assert file.read_text(encoding="utf-8").startswith("## airwarden\n")


def test_github_gets_its_summary_also_for_a_further_report(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = repository / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    check("--also", "github=a.txt")
    assert summary.read_text(encoding="utf-8").startswith("## airwarden\n")


@pytest.mark.parametrize(
    "name", ["dags/a.py", "values.yaml", "pyproject.toml", "link", ".airwarden-baseline.json"]
)
@pytest.mark.parametrize("option", ["--output={}", "--also=json={}"])
def test_no_report_is_written_over_a_file_that_is_read(
    name: str, option: str, make_repository: MakeRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_repository({"dags/a.py": "", "values.yaml": "", "pyproject.toml": ""})
    (root / ".airwarden-baseline.json").touch()
    (root / "link").symlink_to("dags/a.py")
    assert main(["check", "--no-cache", "--no-baseline", option.format(root / name), str(root)]) == 2
    assert "no report is written over such a file; name another one" in capsys.readouterr().err
    assert not (root / name).read_bytes()


def test_a_report_that_cannot_be_written_leaves_the_one_before(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_repository({"dags/a.py": "x = 1\n", "report.json": "before\n"})

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert main(["check", "--no-cache", "--output", str(root / "report.json"), str(root)]) == 2
    assert capsys.readouterr().err.endswith("report.json: cannot be written: No space left on device\n")
    assert (root / "report.json").read_text() == "before\n"


def test_a_closed_stdout_is_no_fault(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_repository({"dags/a.py": "x = 1\n"})
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["check", "--no-cache", str(root)]) == 0
    assert main(["check", "--no-cache", str(root / "nowhere")]) == 2
