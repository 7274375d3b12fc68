"""Notifications: who calls which notifier, what it says, and what the rules about alerts make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from airwarden.alerts.callbacks import Reach
from airwarden.alerts.context import Context, context_names, implied_names
from airwarden.alerts.notifications import Notifications
from airwarden.alerts.notifiers import Notifier, Use
from airwarden.alerts.slack_connections import SlackConnections
from airwarden.config import Config
from airwarden.engine import check
from airwarden.findings import Finding, Fix
from airwarden.registry import Registry
from airwarden.repo import Repo

from tests.conftest import MakeRepository
from tests.test_guide import DAG as GUIDE
from tests.test_guide import DEPENDENCIES

IMPORTS = """
from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
"""
REGISTRY = Registry()
ALERTS = [rule for rule in REGISTRY.files if REGISTRY.families[rule] == "alerts"]

Notify = Callable[..., Notifications]
Check = Callable[..., list[Finding]]


@pytest.fixture
def notify(make_repository: MakeRepository) -> Notify:
    """The notifications of a repository of one DAG file, and of others given by path."""

    def notify(code: str, others: Mapping[str, str] | None = None) -> Notifications:
        files = {"dags/sales.py": IMPORTS + code, **(others or {})}
        return Repo(make_repository(files)).analysis(Notifications)

    return notify


def notifiers(notifications: Notifications, path: str = "dags/sales.py") -> tuple[Notifier, ...]:
    return notifications.made_in(notifications.repo.dag_file(path))


def uses(notifications: Notifications) -> tuple[Use, ...]:
    return notifications.uses(notifications.repo.dag_file("dags/sales.py"))


# Who calls what


CALLERS = """
a, b = (SlackNotifier(channel="#a", text=text) for text in ("{{ run_id }}", "plain"))

def tell(context):
    print(context)

with DAG("sales", on_failure_callback=[a, tell], default_args={"on_retry_callback": b}):
    BashOperator(task_id="load", bash_command="true", on_success_callback=(a, b), on_failure_callback=tell)
"""


def test_every_callback_is_known_with_its_level_and_event(notify: Notify) -> None:
    notifications = notify(CALLERS)
    found = notifications.callbacks(notifications.repo.dag_file("dags/sales.py"))
    assert [(each.level, each.event.removeprefix("on_"), isinstance(each, Use)) for each in found] == [
        ("dag", "failure_callback", True),
        ("dag", "failure_callback", False),
        ("default_args", "retry_callback", True),
        ("task", "failure_callback", False),
        ("task", "success_callback", True),
        ("task", "success_callback", True),
    ]
    assert notifications.of_dag(found[0].dag) == found


def test_a_callback_in_a_list_stands_where_it_is_listed(notify: Notify) -> None:
    notifications = notify(CALLERS)
    first, second, *_ = notifications.callbacks(notifications.repo.dag_file("dags/sales.py"))
    source = notifications.repo.source("dags/sales.py")
    assert [source.slice(each.region) for each in (first, second)] == ["a", "tell"]
    assert first.related.note == "on_failure_callback of DAG 'sales'"


def test_what_never_fires_is_no_callback(notify: Notify) -> None:
    notifications = notify("""
n = SlackNotifier(channel="#a", text="{{ run_id }}")
DAG("a", on_failure_callback=(n,))
late = DAG("b")
late.on_failure_callback = n
""")
    assert uses(notifications) == ()


def test_a_callback_that_replaces_one_is_called(notify: Notify) -> None:
    notifications = notify("""
late = DAG("b", on_failure_callback=print)
late.on_failure_callback = SlackNotifier(channel="#a", text="{{ run_id }}")
""")
    assert [use.is_dag_failure for use in uses(notifications)] == [True]


def test_a_notifier_is_known_where_it_is_made(notify: Notify) -> None:
    notifications = notify(
        "from common import alerts\nfrom hop import again\n"
        'DAG("a", on_failure_callback=alerts.made)\nDAG("b", on_failure_callback=again)',
        {
            "dags/common/alerts.py": f'{IMPORTS}made = SlackNotifier(channel="#a", text="{{{{ run_id }}}}")',
            "dags/hop.py": "from common.alerts import made as again\n",
        },
    )
    (made,) = notifiers(notifications, "dags/common/alerts.py")
    assert (made.short_name, made.region.line, len(made.uses)) == ("SlackNotifier", 5, 2)
    assert notifiers(notifications) == ()
    assert [use.dag.id for use in made.of_failed_dags] == ["a", "b"]
    assert len(notifications.sharing(made)) == 2


def test_default_args_are_those_at_the_time(notify: Notify) -> None:
    notifications = notify("""
args = {"on_failure_callback": SlackNotifier(channel="#a", text="{{ run_id }}")}
DAG("a", default_args=args)
args["on_failure_callback"] = None
DAG("b", default_args=args)
""")
    assert [use.dag.id for use in uses(notifications)] == ["a"]


# What they say


def test_texts_of_all_fields_are_read(notify: Notify) -> None:
    notifications = notify("""
LOUD = "{{ reason }}"
STAGE = __import__("os").environ["STAGE"]
DAG("a", on_failure_callback=SlackNotifier(
    channel=LOUD, text="{{ run_id }}", username=f"{STAGE} {{{{ dag }}}}", blocks=[{"a": ["b"]}], icon_url="x",
))
""")
    (made,) = notifiers(notifications)
    found = {(each.field, each.text, each.literal, each.is_whole) for each in made.templates()}
    assert found == {
        ("channel", "{{ reason }}", False, True),
        ("text", "{{ run_id }}", True, True),
        ("username", "? {{ dag }}", True, False),
        ("blocks", "b", False, True),
    }


def test_each_use_has_its_own_text(notify: Notify) -> None:
    notifications = notify("""
def slack(text):
    return SlackNotifier(channel="#a", text=text)
DAG("a", on_failure_callback=slack("A"), on_success_callback=slack("B"))
""")
    (made,) = notifiers(notifications)
    texts = [[each.text for each in made.templates_of(use) if each.field == "text"] for use in made.uses]
    assert texts == [["A"], ["B"]]


def test_own_classes_render_what_they_say(notify: Notify) -> None:
    notifications = notify("""
class Own(SlackNotifier):
    template_fields = ("body",)
    def __init__(self, body):
        super().__init__(channel="#a")
        self.body = body + " {{ run_id }}"
DAG("a", on_failure_callback=Own("A"))
""")
    (made,) = notifiers(notifications)
    assert made.is_own
    assert [(each.field, each.text) for each in made.templates()] == [("body", "A {{ run_id }}")]


# What Airflow's version tells


@pytest.mark.parametrize(
    ("requirement", "importing", "context"),
    [
        ("apache-airflow~=2.10.0", "from airflow import DAG", Context.ALWAYS),
        ("apache-airflow==3.0.2", "from airflow import DAG", Context.NEVER),
        ("apache-airflow>=3,<3.0.4", "from airflow.sdk import DAG", Context.NEVER),
        ("apache-airflow>=3", "from airflow import DAG", Context.SOMETIMES),
        ("apache-airflow==3.1.5", "from airflow import DAG", Context.SOMETIMES),
        ("apache-airflow>=2.10", "from airflow import DAG", Context.UNKNOWN),
        ("apache-airflow>=2.10", "from airflow.sdk import DAG", Context.SOMETIMES),
        ("apache-airflow<3.0.4", "from airflow import DAG", Context.UNKNOWN),
        ("requests", "from airflow import DAG", Context.UNKNOWN),
        ("requests", "from airflow.sdk import DAG", Context.SOMETIMES),
        (
            "requests",
            "try:\n    from airflow.sdk import DAG\nexcept ImportError:\n    from airflow import DAG",
            Context.UNKNOWN,
        ),
    ],
)
def test_context(make_repository: MakeRepository, requirement: str, importing: str, context: Context) -> None:
    code = f"""
{importing}
from airflow.providers.slack.notifications.slack import SlackNotifier
DAG("a", on_failure_callback=SlackNotifier(channel="#a", text="A"))
"""
    notifications = Repo(make_repository({"dags/sales.py": code, "requirements.txt": requirement})).analysis(
        Notifications
    )
    assert [notifications.context(use) for use in uses(notifications)] == [context]


def test_the_table_of_names_is_whole() -> None:
    names = context_names()
    assert list(names) == sorted(names)
    assert set(names.values()) == {"Airflow 2", "logical date", "task callback", "task instance"}
    assert not names.keys() & {"dag", "reason", "run_id"}
    assert {"ti", "task"} <= implied_names()["ds"]
    assert "ds" not in implied_names()["ti"]


# What is the same


SAME = """
def tell(context):
    SlackNotifier(channel="#a", text="A")(context)

def log(context):
    print(context)

with DAG("a", on_failure_callback={one}, default_args={{"on_failure_callback": {other}}}):
    pass
"""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("SlackNotifier(channel='#a', text='A')", "SlackNotifier(text='B', channel='#a')", True),
        ("SlackNotifier(channel='#a')", "SlackNotifier(channel='#b')", False),
        ("SlackNotifier(channel='#a')", "SlackNotifier()", False),
        ("SlackNotifier()", "SlackNotifier()", True),
        ("SlackNotifier(slack_conn_id='a')", "SlackNotifier(slack_conn_id='b')", False),
        ("SlackNotifier(**unknown)", "SlackNotifier(**unknown)", False),
        ("SlackNotifier(channel=unknown)", "SlackNotifier(channel=unknown)", False),
        ("tell", "tell", True),
        ("tell", "log", False),
        ("log", "log", False),
        ("tell", "SlackNotifier(channel='#a')", False),
    ],
)
def test_the_same_alert(notify: Notify, one: str, other: str, same: bool) -> None:
    notifications = notify(SAME.format(one=one, other=other))
    first, second = notifications.callbacks(notifications.repo.dag_file("dags/sales.py"))
    assert notifications.is_same_alert(first, second) is same


def test_reach(notify: Notify) -> None:
    notifications = notify(SAME.format(one="tell", other="log"))
    found = notifications.callbacks(notifications.repo.dag_file("dags/sales.py"))
    assert [notifications.reach(each) for each in found] == [Reach.ACCEPTED, Reach.OTHER]


def test_connections_of_slack(notify: Notify) -> None:
    notifications = notify("""
from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook
ID = "hook"
def tell(context):
    SlackWebhookHook(slack_webhook_conn_id=ID)
    SlackWebhookHook(slack_webhook_conn_id=context["id"])
    SlackNotifier()
    SlackNotifier(slack_conn_id="bot")
    SlackNotifier(**context)
""")
    found = SlackConnections(notifications.repo)
    assert list(found.of("api")) == ["slack_api_default", "bot"]
    assert list(found.of("webhook")) == ["hook"]
    assert found.of("webhook")["hook"].region.line == 9


# The rules


@pytest.fixture
def find(make_repository: MakeRepository) -> Check:
    """What rules find in a repository of one DAG file."""

    def find(code: str, *rules: str, project: str = DEPENDENCIES) -> list[Finding]:
        root = make_repository({"dags/sales.py": code, "pyproject.toml": project})
        config = Config.read(root)
        loaded, crashes = REGISTRY.load(list(rules))
        report = check(Repo(root, config), None, config, loaded, families=REGISTRY.families)
        assert not crashes
        assert not report.crashes
        return list(report.findings)

    return find


def mended(text: str, fix: Fix) -> str:
    """A text with the edits of a fix made."""
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:row])) for row in range(len(lines) + 1)]
    for edit in sorted(fix.edits, key=lambda edit: edit.region, reverse=True):
        start = starts[edit.region.line - 1] + edit.region.column - 1
        end = starts[edit.region.end_line - 1] + edit.region.end_column - 1
        text = text[:start] + edit.text + text[end:]
    return text


def test_the_guides_own_dag_has_two_faults(find: Check) -> None:
    found = find(GUIDE, *ALERTS)
    assert [(each.rule, each.region.line, each.level) for each in found] == [
        ("shared-notifier", 7, "warning"),
        ("alert-template-can-fail", 10, "warning"),
    ]


def test_the_guides_text_is_mended_where_only_the_dag_uses_it(find: Check) -> None:
    without = GUIDE.replace("        on_failure_callback=[slack_failed],  # also", "        # also")
    assert without != GUIDE
    (finding,) = find(without, "alert-template-can-fail")
    assert finding.fix is not None
    assert finding.fix.safe
    text = mended(without, finding.fix)
    assert "`{{ ti.task_id if ti is defined else 'n/a' }}`" in text
    assert find(text, *ALERTS) == []


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("'{{ ds }}: {{ ti.log_url }}'", None),
        ('"""{{ ti.task_id }}\n{{ exception }}"""', None),
        ("TEXT", "TEXT"),
        ('f"{STAGE}: {{{{ ti.task_id }}}}"', "f"),
        ('"{% if ti %}x{% endif %}"', "if"),
        ('"{{ ti.task_id }}" + STAGE', "sum"),
    ],
)
def test_a_plain_literal_is_mended_and_nothing_else(find: Check, text: str, after: str | None) -> None:
    code = f"""{IMPORTS}
STAGE, TEXT = "prod", "{{{{ ti.task_id }}}}"
DAG("a", on_failure_callback=SlackNotifier(channel="#a", text={text}))
"""
    (finding,) = find(code, "alert-template-can-fail")
    if after is not None:
        assert finding.fix is None
        return
    assert finding.fix is not None
    text = mended(code, finding.fix)
    compile(text, "sales.py", "exec")
    assert find(text, "alert-template-can-fail") == []


def test_a_text_that_tasks_use_too_is_left_alone(find: Check) -> None:
    (finding,) = find(GUIDE, "alert-template-can-fail")
    assert finding.fix is None


@pytest.mark.parametrize(
    ("version", "text", "level", "words"),
    [
        ("==3.0.2", "{{ ti.task_id }}", "error", "`ti`, which Airflow before 3.0.4 does not give"),
        (">=3.1", "{{ ti.task_id }} {{ ds }}", "warning", "`ti` and `ds`, which may be missing"),
        (">=3.1", "{{ ti.task_id }} {{ exception }}", "warning", "`exception`, which only the callback of"),
        (">=3.1", "{{ execution_date }}", "warning", "`execution_date`, which Airflow 3 does not have"),
        ("~=2.10.0", "{{ exception }}", "warning", "`exception`, which only the callback of a task"),
    ],
)
def test_how_bad_it_is(find: Check, version: str, text: str, level: str, words: str) -> None:
    code = f'{IMPORTS}\nDAG("a", on_failure_callback=SlackNotifier(channel="#a", text="{text}"))\n'
    (finding,) = find(code, "alert-template-can-fail", project=DEPENDENCIES.replace(">=3", version))
    assert finding.level == level
    assert words in finding.message
    assert finding.subject == "dag a"


def test_one_place_is_told_once_for_all_its_dags(find: Check) -> None:
    code = f"""{IMPORTS}
def slack():
    return SlackNotifier(channel="#a", text="A")
ARGS = {{"on_failure_callback": slack()}}
for name in ("a", "b", "c"):
    DAG(name, default_args=ARGS, on_failure_callback=slack())
"""
    (finding,) = find(code, "duplicate-failure-alert")
    assert finding.message.startswith("all tasks of DAG 'a' (and 2 more) send the alert")
    assert [each.region.line for each in finding.related] == [10]


def test_what_is_frozen_is_named(find: Check) -> None:
    code = f"""{IMPORTS}
from datetime import datetime
DAG("a", on_failure_callback=SlackNotifier(channel="#a", text=f"{{datetime.now()}} {{{{ ti.x }}}}"))
"""
    found = find(code, "alert-text-frozen-at-parse")
    assert [each.message for each in found] == [
        "{{ ti.x }} in the text is sent as it stands, not when the run fails",
        "datetime.now() in the text is put in when the file is loaded, not when the run fails",
    ]
