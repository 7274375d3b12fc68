"""What the fixes of the providers write into the dependencies."""

from __future__ import annotations

import pytest
from airwarden.needs.code import CodeNeeds
from airwarden.needs.remedies import requirement
from airwarden.needs.shortfalls import shortfalls
from airwarden.repo import Repo

from tests.conftest import MakeRepository

SLACK = "apache-airflow-providers-slack"
HOOK = "from airflow.providers.slack.hooks.slack import SlackHook\n"
NOTIFIER = "from airflow.providers.slack.notifications.slack_webhook import SlackWebhookNotifier\n"


@pytest.mark.parametrize(
    ("group", "text", "wanted"),
    [
        ("", HOOK, SLACK),
        ("", NOTIFIER, f"{SLACK}>=8.1.0"),
        ("", HOOK + NOTIFIER, f"{SLACK}>=8.1.0"),
        (SLACK, HOOK, SLACK),
        (f"{SLACK}>=8.5,<10", NOTIFIER, f"{SLACK}>=8.5,<10"),
        (f"{SLACK} ~= 9.0", HOOK, SLACK),
    ],
)
def test_a_requirement_has_the_bound_that_is_needed(
    make_repository: MakeRepository, group: str, text: str, wanted: str
) -> None:
    project = '[project]\nname = "orders"\ndependencies = ["apache-airflow==3.1.*"]\n'
    dev = f'[dependency-groups]\ndev = ["{group}"]\n' if group else ""
    repo = Repo(make_repository({"pyproject.toml": project + dev, "dags/orders.py": text}))
    uses = repo.analysis(CodeNeeds).of(repo.dag_file("dags/orders.py"))
    (found,) = shortfalls(uses, repo, frozenset({"missing", "outside"}))
    assert requirement(found) == wanted
