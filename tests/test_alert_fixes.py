"""The fixes of the rules on what Airflow and its Slack provider have retired: applied, and judged again."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest
from airwarden.config import Config
from airwarden.engine import check
from airwarden.findings import Edit, Finding
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.source import Source

MakeRepository: TypeAlias = Callable[[Mapping[str, str]], Path]

REGISTRY = Registry()
PATH = "dags/orders.py"
AIRFLOW_3 = {"requirements.txt": "apache-airflow==3.1.8\napache-airflow-providers-slack==9.1.0\n"}
SLACK_8 = {"requirements.txt": "apache-airflow==2.10.5\napache-airflow-providers-slack~=8.5\n"}
SLACK_9 = {"requirements.txt": "apache-airflow==2.10.5\napache-airflow-providers-slack>=9\n"}
OLD_NOTIFIER = "airflow.providers.slack.notifications.slack_notifier"
NEW_NOTIFIER = "airflow.providers.slack.notifications.slack"
PYTHON = "from airflow.providers.standard.operators.python import PythonOperator"
HOOK = "from airflow.providers.slack.hooks.slack import SlackHook\n"
POST = "from airflow.providers.slack.operators.slack import SlackAPIPostOperator\n"
WEBHOOK = "from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook\n"
SLA = (
    "from datetime import timedelta\n\n"
    "from airflow.providers.standard.operators.empty import EmptyOperator\n"
    "from airflow.sdk import DAG\n\n"
    "HOUR = timedelta(hours=1)\n"
)


def findings(rule_id: str, root: Path) -> Sequence[Finding]:
    rules, _ = REGISTRY.load([rule_id])
    config = Config.read(root)
    report = check(Repo(root, config), None, config, rules, families=REGISTRY.families)
    assert not report.crashes
    return [each for each in report.findings if each.rule == rule_id]


def applied(text: str, edits: Sequence[Edit]) -> str:
    """A text after edits that do not overlap."""
    source = Source(PATH, text)
    for edit in sorted(edits, key=lambda each: each.region, reverse=True):
        start = source.offset(edit.region.line, edit.region.column)
        end = source.offset(edit.region.end_line, edit.region.end_column)
        text = text[:start] + edit.text + text[end:]
    return text


def mend(rule_id: str, root: Path) -> tuple[str, list[bool | None]]:
    """The DAG file's text after all fixes, and of each finding whether its fix is safe: None without one."""
    found = findings(rule_id, root)
    assert found, "nothing was found"
    edits = [edit for each in found if each.fix for edit in each.fix.edits]
    mended = applied((root / PATH).read_bytes().decode(), edits)
    ast.parse(mended)
    return mended, [each.fix.safe if each.fix else None for each in found]


def check_fix(rule_id: str, root: Path, expected: str, safe: bool | None) -> None:
    mended, safety = mend(rule_id, root)
    assert mended == expected
    assert set(safety) == {safe}
    (root / PATH).write_bytes(mended.encode())
    assert not findings(rule_id, root)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("with DAG('a', sla_miss_callback=print):\n    pass\n", "with DAG('a'):\n    pass\n"),
        (
            "with DAG('a', sla_miss_callback=print, tags=[]):\n    pass\n",
            "with DAG('a', tags=[]):\n    pass\n",
        ),
        ("DAG(sla_miss_callback=print, dag_id='a')\n", "DAG(dag_id='a')\n"),
        (
            "with DAG(\n    'a',\n    sla_miss_callback=print,  # loud\n    tags=[],\n):\n    pass\n",
            "with DAG(\n    'a',\n    # loud\n    tags=[],\n):\n    pass\n",
        ),
        (
            "with DAG('a', default_args={'owner': 'x', 'sla': HOUR}):\n    pass\n",
            "with DAG('a', default_args={'owner': 'x'}):\n    pass\n",
        ),
        (
            "with DAG('a', default_args=dict(sla=2 * HOUR, owner='x')):\n    pass\n",
            "with DAG('a', default_args=dict(owner='x')):\n    pass\n",
        ),
        (
            "EmptyOperator(\n    dag=DAG('a'),\n    sla=timedelta(\n        1,\n    ),\n    pool='b',\n)\n",
            "EmptyOperator(\n    dag=DAG('a'),\n    pool='b',\n)\n",
        ),
        (
            "DAG('a', sla_miss_callback=print, default_args={'sla': HOUR}, tags=[EmptyOperator(sla=HOUR)])\n",
            "DAG('a', default_args={}, tags=[EmptyOperator()])\n",
        ),
    ],
)
def test_an_sla_is_deleted(make_repository: MakeRepository, text: str, mended: str) -> None:
    root = make_repository({PATH: SLA + text, **AIRFLOW_3})
    check_fix("retired-sla-alert", root, SLA + mended, safe=True)


def test_an_sla_may_be_deleted_where_airflow_3_is_not_declared(make_repository: MakeRepository) -> None:
    root = make_repository({PATH: f"{SLA}DAG('a', sla_miss_callback=print)\n"})
    check_fix("retired-sla-alert", root, f"{SLA}DAG('a')\n", safe=False)


@pytest.mark.parametrize(
    "text",
    ["late = DAG('a')\nlate.sla_miss_callback = print\n", "EmptyOperator(task_id='b', sla=(HOUR + HOUR))\n"],
)
def test_an_sla_of_another_form_is_left_to_its_author(make_repository: MakeRepository, text: str) -> None:
    root = make_repository({PATH: f"{SLA}{text}", **AIRFLOW_3})
    assert mend("retired-sla-alert", root) == (f"{SLA}{text}", [None])


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        (f"from {OLD_NOTIFIER} import SlackNotifier\n", f"from {NEW_NOTIFIER} import SlackNotifier\n"),
        (
            f"from {OLD_NOTIFIER} import (\n    a,\n    b as c,  # d\n)\n",
            f"from {NEW_NOTIFIER} import (\n    a,\n    b as c,  # d\n)\n",
        ),
        (f"from {OLD_NOTIFIER} import *\n", f"from {NEW_NOTIFIER} import *\n"),
        (
            "from airflow.providers.slack.notifications import slack_notifier\n",
            "from airflow.providers.slack.notifications import slack as slack_notifier\n",
        ),
        (
            f"import {OLD_NOTIFIER} as notifier  # ours\n",
            "from airflow.providers.slack.notifications import slack as notifier  # ours\n",
        ),
        (
            f"def tell():\n    from {OLD_NOTIFIER} import a; a()\n",
            f"def tell():\n    from {NEW_NOTIFIER} import a; a()\n",
        ),
    ],
)
def test_the_notifier_is_imported_from_its_new_module(
    make_repository: MakeRepository, text: str, mended: str
) -> None:
    root = make_repository({PATH: text, **SLACK_9})
    check_fix("retired-slack-module", root, mended, safe=True)


@pytest.mark.parametrize(
    "text",
    [
        f"import {OLD_NOTIFIER}\n",
        "from airflow.providers.slack.notifications import slack, slack_notifier\n",
    ],
)
def test_a_slack_module_under_its_own_name_is_left_to_its_author(
    make_repository: MakeRepository, text: str
) -> None:
    root = make_repository({PATH: text, **AIRFLOW_3})
    assert mend("retired-slack-module", root)[0] == text


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        (
            "from airflow.operators.slack_operator import SlackAPIPostOperator as Post\n",
            "from airflow.providers.slack.operators.slack import SlackAPIPostOperator as Post\n",
        ),
        (
            "from airflow.contrib.hooks.slack_webhook_hook import SlackWebhookHook\n",
            "from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook\n",
        ),
        (
            "from airflow.hooks import slack_hook\n",
            "from airflow.providers.slack.hooks import slack as slack_hook\n",
        ),
    ],
)
def test_a_slack_module_of_airflow_may_take_other_arguments(
    make_repository: MakeRepository, text: str, mended: str
) -> None:
    root = make_repository({PATH: text, **AIRFLOW_3})
    check_fix("retired-slack-module", root, mended, safe=False)


def test_no_import_of_a_provider_that_is_not_declared_is_written(make_repository: MakeRepository) -> None:
    text = "from airflow.hooks.slack_hook import SlackHook\n"
    root = make_repository({PATH: text, "Dockerfile": "FROM apache/airflow:3.1.8\n"})
    assert mend("retired-slack-module", root) == (text, [None])


@pytest.mark.parametrize(
    "files", [{}, {"requirements.txt": "apache-airflow==2.10.5\napache-airflow-providers-slack>=7\n"}]
)
def test_what_no_file_tells_is_a_warning_with_an_unsafe_fix(
    make_repository: MakeRepository, files: Mapping[str, str]
) -> None:
    text = f"from {OLD_NOTIFIER} import a\n{HOOK}SlackHook(slack_conn_id='a', token='b')\n"
    root = make_repository({PATH: text, **files})
    for rule_id in ("retired-slack-module", "retired-slack-argument"):
        (found,) = findings(rule_id, root)
        assert found.level == "warning"
        assert found.fix is not None
        assert not found.fix.safe


@pytest.mark.parametrize(
    ("text", "mended", "safe"),
    [
        (f"{HOOK}SlackHook(slack_conn_id='a', token='b')\n", f"{HOOK}SlackHook(slack_conn_id='a')\n", True),
        (f"{HOOK}SlackHook(token='b', slack_conn_id=C)\n", f"{HOOK}SlackHook(slack_conn_id=C)\n", True),
        (f"{HOOK}SlackHook(token='b')\n", f"{HOOK}SlackHook()\n", False),
        (
            f"{POST}SlackAPIPostOperator(\n    task_id='a',\n    token=TOKEN,  # bot\n    text='b',\n)\n",
            f"{POST}SlackAPIPostOperator(\n    task_id='a',\n    # bot\n    text='b',\n)\n",
            False,
        ),
        (
            f"{POST}SlackAPIPostOperator(task_id='a', slack_conn_id='s', token='b', text='c')\n",
            f"{POST}SlackAPIPostOperator(task_id='a', slack_conn_id='s', text='c')\n",
            True,
        ),
        (
            f"{WEBHOOK}SlackWebhookHook(slack_webhook_conn_id='a', webhook_token='b')\n",
            f"{WEBHOOK}SlackWebhookHook(slack_webhook_conn_id='a')\n",
            True,
        ),
    ],
)
def test_a_token_is_deleted(make_repository: MakeRepository, text: str, mended: str, safe: bool) -> None:
    root = make_repository({PATH: text, **SLACK_8})
    check_fix("retired-slack-argument", root, mended, safe=safe)


@pytest.mark.parametrize(
    "text",
    [
        f"{WEBHOOK}SlackWebhookHook(webhook_token='b')\n",
        f"{WEBHOOK}SlackWebhookHook(webhook_token='b', slack_webhook_conn_id=None)\n",
        f"{POST}SlackAPIPostOperator(task_id='a', token='b', **options)\n",
        f"{HOOK}SlackHook('b')\n",
    ],
)
def test_a_token_without_a_connection_beside_it_is_left_to_its_author(
    make_repository: MakeRepository, text: str
) -> None:
    root = make_repository({PATH: text, **SLACK_8})
    assert mend("retired-slack-argument", root) == (text, [None])


def test_a_token_is_not_told(make_repository: MakeRepository) -> None:
    text = f"{POST}SlackAPIPostOperator(task_id='a', slack_conn_id='s', token='not-a-real-token')\n"
    (found,) = findings("retired-slack-argument", make_repository({PATH: text, **SLACK_8}))
    assert found.secret
    assert "not-a-real-token" not in repr(found)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        (
            "from airflow.operators.bash import BashOperator\n",
            "from airflow.providers.standard.operators.bash import BashOperator\n",
        ),
        (
            "from airflow.decorators import dag, task as t  # a\n",
            "from airflow.sdk import dag, task as t  # a\n",
        ),
        (
            "from airflow.sensors.base import (\n    BaseSensorOperator,\n    PokeReturnValue as Value,\n)\n",
            "from airflow.sdk import (\n    BaseSensorOperator,\n    PokeReturnValue as Value,\n)\n",
        ),
        (
            "from airflow.operators.python_operator import PythonOperator\n",
            "from airflow.providers.standard.operators.python import PythonOperator\n",
        ),
        (
            "def a():\n    from airflow.hooks.base import BaseHook; return BaseHook\n",
            "def a():\n    from airflow.sdk import BaseHook; return BaseHook\n",
        ),
        (
            "from airflow.operators.email import EmailOperator\n",
            "from airflow.providers.smtp.operators.smtp import EmailOperator\n",
        ),
    ],
)
def test_an_import_moves(make_repository: MakeRepository, text: str, mended: str) -> None:
    root = make_repository({PATH: text, **AIRFLOW_3})
    check_fix("retired-airflow-import", root, mended, safe=True)


@pytest.mark.parametrize(
    ("text", "mended", "safe"),
    [
        (
            "from airflow.operators.python import PythonOperator, get_current_context  # both\n",
            f"{PYTHON}\nfrom airflow.sdk import get_current_context  # both\n",
            True,
        ),
        (
            "def a():\n    from airflow.models.dag import DagModel, DAG as D\n",
            "def a():\n    from airflow.models.dag import DagModel\n    from airflow.sdk import DAG as D\n",
            True,
        ),
        (
            "from airflow.operators.dummy import DummyOperator\n",
            "from airflow.providers.standard.operators.empty import EmptyOperator as DummyOperator\n",
            False,
        ),
        (
            "from airflow.datasets import Dataset as D\r\n",
            "from airflow.sdk import Asset as D\r\n",
            False,
        ),
    ],
)
def test_an_import_becomes_several(
    text: str, mended: str, safe: bool, make_repository: MakeRepository
) -> None:
    check_fix("retired-airflow-import", make_repository({PATH: text, **AIRFLOW_3}), mended, safe=safe)


@pytest.mark.parametrize(
    "text",
    [
        "from airflow.operators.python import (\n    PythonOperator,\n    get_current_context,\n)\n",
        "import os; from airflow.operators.dummy import DummyOperator\n",
        "from airflow.operators.dummy import DummyOperator; import os\n",
        "from airflow.operators.python import PythonOperator, \\\n    get_current_context\n",
        "from airflow.utils.dates import days_ago\n",
        "from airflow.contrib.hooks.aws_hook import AwsHook\n",
        "from airflow . decorators import task\n",
        "import airflow.operators.bash_operator as bash\n",
    ],
)
def test_an_import_of_another_form_stays(make_repository: MakeRepository, text: str) -> None:
    root = make_repository({PATH: text, **AIRFLOW_3})
    assert mend("retired-airflow-import", root) == (text, [None])


# What the settings allow

SLACK = "from airflow.providers.slack.notifications.slack import send_slack_notification\n"
DAG_OF = SLACK + "from airflow.sdk import DAG\n\nDAG('a', on_failure_callback={})\n"


def allowing(setting: str, text: str) -> Mapping[str, str]:
    return {"pyproject.toml": f"[tool.airwarden]\n{setting}\n", PATH: text, **AIRFLOW_3}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("send_slack_notification(text='x')", "send_slack_notification(text='x', channel=\"#ops\")"),
        (
            "send_slack_notification(channel='#general', text='x')",
            "send_slack_notification(channel='#ops', text='x')",
        ),
        (
            "send_slack_notification(text='x', channel=('#general'))",
            "send_slack_notification(text='x', channel=('#ops'))",
        ),
    ],
)
def test_the_one_channel_that_is_allowed_is_written(
    before: str, after: str, make_repository: MakeRepository
) -> None:
    root = make_repository(allowing('alert-channels = ["#ops"]', DAG_OF.format(before)))
    check_fix("alert-without-channel", root, DAG_OF.format(after), safe=False)


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ('alert-channels = ["#ops", "#data"]', "send_slack_notification(text='x')"),
        ('alert-channels = ["#ops"]', "send_slack_notification(channel='#ops')"),
        ("", "send_slack_notification(text='x')"),
    ],
)
def test_a_channel_is_not_guessed(setting: str, code: str, make_repository: MakeRepository) -> None:
    root = make_repository(allowing(setting, DAG_OF.format(code)))
    assert mend("alert-without-channel", root)[1] == [None]


CONNECTED = "send_slack_notification(slack_conn_id='{}', channel='#ops', text='x')"


def test_the_one_connection_that_is_allowed_is_written(make_repository: MakeRepository) -> None:
    text = DAG_OF.format(CONNECTED.format("mine"))
    root = make_repository(allowing('alert-connections = ["bot"]', text))
    check_fix("wrong-slack-connection", root, text.replace("mine", "bot"), safe=False)


@pytest.mark.parametrize(
    ("setting", "more"),
    [
        ('alert-connections = ["bot", "other"]', ""),
        ('alert-connections = ["bot"]', f"{WEBHOOK}SlackWebhookHook(slack_webhook_conn_id='bot')\n"),
    ],
)
def test_a_connection_of_another_kind_is_not_written(
    setting: str, more: str, make_repository: MakeRepository
) -> None:
    root = make_repository(allowing(setting, DAG_OF.format(CONNECTED.format("mine")) + more))
    assert mend("wrong-slack-connection", root)[1] == [None]


# What is told twice

TOLD = SLACK + "from airflow.sdk import DAG\n\nTELL = send_slack_notification(channel='#a', text='failed')\n"


def test_an_alert_that_the_dag_sends_itself_is_taken_from_its_tasks(make_repository: MakeRepository) -> None:
    dag = "DAG('{}', on_failure_callback=TELL, default_args=ARGS)\n"
    text = TOLD + "ARGS = {'retries': 1, 'on_failure_callback': TELL}\n" + dag.format("a") + dag.format("b")
    root = make_repository({PATH: text, **AIRFLOW_3})
    check_fix(
        "duplicate-failure-alert", root, text.replace(", 'on_failure_callback': TELL}", "}"), safe=False
    )


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("ARGS = {{'on_failure_callback': TELL}}\n{}DAG('b', default_args=ARGS)\n", ""),
        ("ARGS = {{'on_failure_callback': [TELL, print]}}\n{}", ""),
        ("ARGS = {{'on_failure_callback': TELL}}\n{}", "from orders import ARGS\n"),
    ],
)
def test_an_entry_that_others_may_need_is_not_taken_out(
    text: str, more: str, make_repository: MakeRepository
) -> None:
    dag = "DAG('a', on_failure_callback=TELL, default_args=ARGS)\n"
    other = {"dags/b.py": f"{TOLD}{more}DAG('b', default_args=ARGS)\n"} if more else {}
    root = make_repository({PATH: TOLD + text.format(dag), **other, **AIRFLOW_3})
    assert mend("duplicate-failure-alert", root)[1] == [None]
