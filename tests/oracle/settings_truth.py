"""What real Airflow makes of the settings of a repository, and what the rules find and mend in it."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from airwarden.config import Config
from airwarden.engine import check
from airwarden.findings import Edit, Finding
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.source import Source

from tests.oracle.settings import Case, Files

HERE = Path(__file__).parent
CHART = os.environ.get("AIRWARDEN_CHART", str(HERE.parent / "charts" / "config"))
"""A chart of our own, or the folder of the one of Apache Airflow that is given."""

CONNECTIONS = {"AIRFLOW_CONN_LAKE": "generic://", "AIRFLOW_CONN_WASB_DEFAULT": "generic://"}
REGISTRY = Registry()
REFUSED = "refused"
"""What comes of values that the schema of a chart refuses."""

POD = "{pod}"
"""Stands for the folder on the disk of the pod that a task runs in."""


def written(files: Files, root: Path) -> Path:
    """A repository of these files."""
    (root / ".git").mkdir(parents=True)
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace(POD, str(root / "pod")), encoding="utf-8")
    return root


# What the rules say


def findings(root: Path, *names: str) -> Sequence[Finding]:
    """What some rules find in a repository."""
    rules, _ = REGISTRY.load(names)
    report = check(Repo(root), None, Config(), rules, families=REGISTRY.families)
    assert not report.crashes
    return report.findings


def mended(files: Files, found: Sequence[Finding]) -> Files:
    """The files after all safe fixes."""
    edits = {edit for each in found if each.fix and each.fix.safe for edit in each.fix.edits}
    return {
        path: _edited(path, text, [e for e in edits if e.region.path == path]) for path, text in files.items()
    }


def _edited(path: str, text: str, edits: Sequence[Edit]) -> str:
    source = Source(path, text)
    for edit in sorted(edits, key=lambda each: each.region, reverse=True):
        start = source.offset(edit.region.line, edit.region.column)
        text = text[:start] + edit.text + text[source.offset(edit.region.end_line, edit.region.end_column) :]
    return text


def fixed(case: Case, folder: Path) -> Case:
    """The case after the safe fixes of its rule."""
    files = mended(case.files, findings(written(case.files, folder), case.rule))
    return replace(case, files=files, flagged=False, outcome=case.mended, mended="")


# What Airflow says


def truth_of(python: str, cases: Sequence[Case], folder: Path) -> list[str]:
    """What Airflow makes of each case; cases that are alike to it are told once."""
    manifests = iter(rendered(python, [c.files["values.yaml"] for c in cases if "values.yaml" in c.files]))
    requests: dict[str, dict[str, Any]] = {}
    keys = [_key(case) for case in cases]
    answers: dict[str, str] = {}
    for key, case in zip(keys, cases, strict=True):
        options = next(manifests) if "values.yaml" in case.files else ""
        if options is None:
            answers[key] = REFUSED
        elif key not in requests:
            requests[key] = _request(case, options, written(case.files, folder / str(len(requests))))
    told = _answered(python, "settings_observe.py", list(requests.values()))
    answers.update(zip(requests, told, strict=True))
    return [answers[key] for key in keys]


def _key(case: Case) -> str:
    return repr((case.files, case.asks, case.buckets, case.same_disk))


def _request(case: Case, options: str, home: Path) -> dict[str, Any]:
    if options:
        (home / "airflow.cfg").write_text(options.replace(POD, str(home / "pod")), encoding="utf-8")
    return {
        "home": str(home),
        "variables": {**CONNECTIONS, **_variables(case.files.get("airflow.env", ""))},
        "asks": case.asks,
        "buckets": case.buckets,
        "same_disk": case.same_disk,
    }


def _variables(text: str) -> Mapping[str, str]:
    """The variables of a file, as plain as we write them."""
    pairs = (line.partition("=") for line in text.splitlines())
    return {name: value for name, _, value in pairs}


def rendered(python: str, texts: Sequence[str]) -> list[str | None]:
    """The airflow.cfg that the chart makes of values; None where it refuses them."""
    answers = _answered(python, "settings_render.py", list(texts), CHART)
    return [None if isinstance(each, str) else _options(each) for each in answers]


def _options(manifests: Mapping[str, str]) -> str:
    texts = [text for path, text in manifests.items() if path.endswith(".yaml") and "airflow.cfg" in text]
    documents = [each for text in texts for each in yaml.safe_load_all(text) if isinstance(each, dict)]
    (held,) = [each["data"]["airflow.cfg"] for each in documents if "airflow.cfg" in each.get("data", {})]
    return str(held)


def _answered(python: str, script: str, request: object, *options: str) -> Any:
    """What a script of this folder answers in the environment of Airflow."""
    with tempfile.TemporaryDirectory() as folder:
        asked, answer = Path(folder, "request.json"), Path(folder, "answer.json")
        asked.write_text(json.dumps(request), encoding="utf-8")
        command = [python, str(HERE / script), *options, str(asked), str(answer)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert run.returncode == 0, run.stderr[-2000:]
        return json.loads(answer.read_text(encoding="utf-8"))
