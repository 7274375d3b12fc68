"""Earlier runs, read from their reports."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from airwarden.config import ConfigError
from airwarden.formats import json as json_format
from airwarden.formats.history import earlier_runs
from airwarden.shards import Shard

from tests import reports


def written(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def test_a_run_is_what_its_report_counts(tmp_path: Path) -> None:
    report = reports.messy()
    (run,) = earlier_runs([written(tmp_path / "monday.json", json_format.render(report))])
    assert run.name == "monday"
    assert run.counts == {"error": 8, "warning": 1, "note": 1} == dict(report.counts)
    assert run.families["secrets"] == {"error": 4}
    assert sum(sum(counts.values()) for counts in run.families.values()) == len(report.findings)


def test_files_keep_their_order_and_those_of_a_folder_go_by_name(tmp_path: Path) -> None:
    text = json_format.render(reports.clean())
    folder = tmp_path / "runs"
    folder.mkdir()
    for name in ("2026-02.json", "2026-01.json", "other.txt"):
        written(folder / name, text)
    last = written(tmp_path / "0.json", text)
    assert [run.name for run in earlier_runs([folder, last])] == ["2026-01", "2026-02", "0"]
    assert earlier_runs([]) == ()


SHARD = Shard(1, 2, "0" * 16, "0" * 16, "error")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"tool": {"name": "other"}}',
        "[" * 100_000,
        json_format.render(reports.messy()).replace('"level": "error"', '"level": "fatal"'),
        json_format.render(replace(reports.clean(), shard=SHARD)),
        json_format.render(reports.clean()).replace('"errors": 0', '"errors": 1e999'),
    ],
)
def test_what_is_no_report_of_a_run_is_refused_by_name(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"bad\.json: is no report of a whole run of airwarden in JSON"):
        earlier_runs([written(tmp_path / "bad.json", text)])


def test_a_report_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.json: cannot be read: No such file"):
        earlier_runs([tmp_path / "gone.json"])


def test_keys_of_later_versions_do_no_harm(tmp_path: Path) -> None:
    body = json.loads(json_format.render(reports.messy()))
    body["further"] = body["findings"][0]["further"] = 1
    assert earlier_runs([written(tmp_path / "a.json", json.dumps(body))])[0].counts["error"] == 8
