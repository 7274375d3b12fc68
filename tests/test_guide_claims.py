"""Where the guide that this project follows is wrong: real Airflow shows it, docs/guide.md tells it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from airwarden.registry import Registry

from tests.test_oracle import AIRFLOW

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
OBSERVE = Path(__file__).parent / "oracle" / "guide_observe.py"
LINK = "http://localhost:8080/dags/shop/runs/manual__1/tasks/load?try_number=1"

CLAIMS: dict[str, Any] = {
    "remarks_behind_values": ["AirflowConfigException", "'gzip        # optional'", "ValueError"],
    "snappy": "ValueError",
    "common_io": ["apache-airflow-providers-common-io"],
    "order_of_lookup": "of-the-backend",
    "commands": {"fernet_key": "from-a-command", "parallelism": "32", "connection": "None"},
    "shared_notifier": ["first: run of first", "first: run of first"],
    "task_in_the_text": {"ti.task_id": [], "ti.task_id if ti is defined": ["Task: -"]},
    "link_to_the_log": LINK,
    "slas": {"warned": True, "stored": False},
    "deadlines": [
        "ValueError",
        "AttributeError",
        "'airflow.providers.slack.notifications.slack.SlackNotifier'",
    ],
    "default_connections": {"api": "slack_api_default", "webhook": "slack_default"},
}
"""What comes of each claim in real Airflow."""


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Airflow makes of all of them, told by one process in an empty AIRFLOW_HOME."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("AIRFLOW")}
    home = {**kept, "AIRFLOW_HOME": str(tmp_path_factory.mktemp("home"))}
    run = subprocess.run([AIRFLOW, str(OBSERVE)], env=home, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return told


@pytest.mark.real
@pytest.mark.skipif(not Path(AIRFLOW).exists(), reason="there is no Airflow here: make oracle")
@pytest.mark.parametrize("claim", CLAIMS)
def test_real_airflow_does_otherwise(claim: str, truth: dict[str, Any]) -> None:
    assert truth[claim] == CLAIMS[claim]


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_page_names_the_proof(claim: str) -> None:
    assert f"test_real_airflow_does_otherwise[{claim}]" in PAGE


def test_every_proof_on_the_page_is_there() -> None:
    named = re.findall(r"`(tests/\w+\.py)::(\w+)(?:\[(\w+)\])?", PAGE)
    assert len(named) > len(CLAIMS)
    for file, test, claim in named:
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")
        assert not claim or claim in CLAIMS


def test_every_rule_on_the_page_is_there_and_has_its_evidence() -> None:
    rules = set(re.findall(r"\(rules/([a-z0-9-]+)\.md\)", PAGE))
    assert rules <= set(Registry().files)
    assert len(rules) >= len(CLAIMS)
    sections = PAGE.split("\n### ")[1:]
    assert [each.partition("\n")[0] for each in sections if "Evidence: <https://" not in each] == []
