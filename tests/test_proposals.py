"""The alert that is proposed for a DAG without one: which, how it is written, and that it is right."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest
from airwarden.config import Config
from airwarden.engine import check
from airwarden.findings import Finding
from airwarden.fixer import Mended, foreseen
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.report import Report

from tests.conftest import MakeRepository

REGISTRY = Registry()
RULES, _ = REGISTRY.load()
PATH = "dags/sales.py"
DEPENDENCIES = {"requirements.txt": "apache-airflow==3.1.8\napache-airflow-providers-slack==9.6.0\n"}
NOTIFIER = "from airflow.providers.slack.notifications.slack import send_slack_notification\n"
WEBHOOK = "from airflow.providers.slack.notifications.slack_webhook import send_slack_webhook_notification\n"
SDK = "from airflow.sdk import DAG, dag\n"
TEXT = 'text=":red_circle: *{{ dag.dag_id }}* failed: run `{{ run_id }}` ({{ reason }})"'
OWN = "def tell(context):\n    SlackHook().call('chat.postMessage')\n"
HOOK = "from airflow.providers.slack.hooks.slack import SlackHook\n"


def look_at(root: Path) -> tuple[Repo, Report, Mended]:
    """A repository, what all rules find there, and what all fixes make of it."""
    config = Config.read(root)

    def look(repo: Repo) -> Report:
        report = check(repo, None, config, RULES, families=REGISTRY.families, fixes=True)
        assert not report.crashes
        return report

    repo = Repo(root, config)
    result = foreseen(repo, look, unsafe=True)
    return repo, result.reports[0], result


def without_alert(report: Report) -> list[Finding]:
    names = ("dag-without-failure-alert", "failure-alert-on-tasks-only")
    return [each for each in report.findings if each.rule in names]


def proposed(root: Path, path: str = PATH) -> tuple[str, str]:
    """The title of the one proposal for a file, and the text that comes of it, which every rule accepts."""
    _, before, result = look_at(root)
    fixes = [each.fix for each in without_alert(before) if each.region.path == path]
    assert fixes
    assert fixes[0] is not None
    assert not any(fix and fix.safe for fix in fixes)
    assert result.withheld == []
    rest = [each for each in result.report.findings if each.family in ("alerts", "providers")]
    assert [each for each in rest if each.level != "note"] == []
    text = result.new[path].text
    ast.parse(text)
    return fixes[0].title, text


def left_alone(root: Path) -> bool:
    found = without_alert(look_at(root)[1])
    assert found
    return all(each.fix is None for each in found)


def configured(text: str, **more: str) -> Mapping[str, str]:
    return {"pyproject.toml": f"[tool.airwarden]\n{text}\n", **DEPENDENCIES, **more}


# How it is written

INNER = f'slack_conn_id="slack_api_default",\n@channel="#airflow-alerts",\n@{TEXT},'


def call(indent: str, unit: str = "    ", newline: str = "\n") -> str:
    """The callback as it is written out on a line that is indented so."""
    deep = indent + unit + unit
    inner = INNER.replace("@", deep)
    text = f"[\n{indent}{unit}send_slack_notification(\n{deep}{inner}\n{indent}{unit}),\n{indent}]"
    return text.replace("\n", newline)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('with DAG("a"):\n    pass\n', 'with DAG("a", on_failure_callback=@):\n    pass\n'),
        ('dag = DAG("a")\n', 'dag = DAG("a", on_failure_callback=@)\n'),
        ('DAG("a")\n', 'DAG("a", on_failure_callback=@)\n'),
        ("DAG(dag_id='a',)\n", "DAG(dag_id='a', on_failure_callback=@)\n"),
        ('DAG("a", on_failure_callback=None)\n', 'DAG("a", on_failure_callback=@)\n'),
        ('DAG("a", on_failure_callback=[], tags=[])\n', 'DAG("a", on_failure_callback=@, tags=[])\n'),
        ('DAG("a", on_failure_callback=(None))\n', 'DAG("a", on_failure_callback=(@))\n'),
        ("@dag\ndef a():\n    pass\n\n\na()\n", "@dag(on_failure_callback=@)\ndef a():\n    pass\n\n\na()\n"),
        ("@dag()\ndef a():\n    pass\n\n\na()", "@dag(on_failure_callback=@)\ndef a():\n    pass\n\n\na()"),
        (
            "@dag(schedule=None)\ndef a():\n    pass\n\n\na()\n",
            "@dag(schedule=None, on_failure_callback=@)\ndef a():\n    pass\n\n\na()\n",
        ),
        ("def make():\n    return DAG('a')\n\n\na = make()\n",
         "def make():\n    return DAG('a', on_failure_callback=@1)\n\n\na = make()\n"),
        ("with DAG(\n    'a',\n    tags=[]  # why\n):\n    pass\n",
         "with DAG(\n    'a',\n    tags=[],  # why\n    on_failure_callback=@1,\n):\n    pass\n"),
        ("with (\n    DAG('a') as one,\n):\n    pass\n",
         "with (\n    DAG('a', on_failure_callback=@1) as one,\n):\n    pass\n"),
        (
            "for name in 'ab':\n    globals()[name] = DAG(name)\n",
            "for name in 'ab':\n    globals()[name] = DAG(name, on_failure_callback=@1)\n",
        ),
        ("COMMON = {'tags': []}\nDAG('a', **COMMON)\n",
         "COMMON = {'tags': []}\nDAG('a', **COMMON, on_failure_callback=@)\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_form_of_a_dag_is_given_it(
    before: str, after: str, newline: str, mark: str, make_repository: MakeRepository
) -> None:
    text = f"{mark}{SDK}\n{before}".replace("\n", newline)
    title, found = proposed(make_repository({PATH: text, **DEPENDENCIES}))
    after = after.replace("@1", call("    ")).replace("=@", f"={call('')}").replace("(@)", f"({call('')})")
    assert found == f"{NOTIFIER}{SDK}\n{after}".replace("\n", newline)
    assert title == (
        "alert Slack's #airflow-alerts when a run fails; "
        "change the channel #airflow-alerts and the connection slack_api_default to yours"
    )


def test_tabs_are_kept(make_repository: MakeRepository) -> None:
    text = f"{SDK}\nwith DAG(\n\t'a',\n):\n\tpass\n"
    _, found = proposed(make_repository({PATH: text, **DEPENDENCIES}))
    code = call("\t", unit="\t")
    assert found == f"{NOTIFIER}{SDK}\nwith DAG(\n\t'a',\n\ton_failure_callback={code},\n):\n\tpass\n"


def test_all_dags_of_a_file_are_mended_at_once(make_repository: MakeRepository) -> None:
    text = f"{SDK}\n{''.join(f'DAG({name!r})' + chr(10) for name in 'abc')}"
    _, found = proposed(make_repository({PATH: text, **DEPENDENCIES}))
    assert found.count(NOTIFIER) == 1
    assert found.count("send_slack_notification(") == 3


def test_the_provider_is_declared_in_the_same_run(make_repository: MakeRepository) -> None:
    root = make_repository({PATH: f"{SDK}DAG('a')\n", "requirements.txt": "apache-airflow==3.1.8\n"})
    result = look_at(root)[2]
    assert "apache-airflow-providers-slack" in result.new["requirements.txt"].text
    assert result.by_rule == {"dag-without-failure-alert": 1, "provider-not-declared": 1}


@pytest.mark.parametrize(
    "text",
    [
        "def make(alert=None):\n    return DAG('a', on_failure_callback=alert)\n\n\na = make()\n",
        "for each in ({'dag_id': 'a'}, {'dag_id': 'b'}):\n    globals()[each['dag_id']] = DAG(**each)\n",
        "def make(**more):\n    return DAG('a', **more)\n\n\na = make(tags=[])\n",
        "class Own(DAG):\n    pass\n\n\nOwn('a')\n",
        "COMMON = {'on_failure_callback': None}\nDAG('a', **COMMON)\n",
        "def a():\n    pass\n\n\na = dag(a)()\n",
        "def send_slack_notification():\n    pass\n\n\nDAG('a')\n",
    ],
)
def test_what_others_may_have_a_say_in_is_left_to_its_author(
    text: str, make_repository: MakeRepository
) -> None:
    assert left_alone(make_repository({PATH: f"{SDK}\n{text}", **DEPENDENCIES}))


def test_a_policy_has_the_last_word(make_repository: MakeRepository) -> None:
    policy = "def dag_policy(dag):\n    dag.on_failure_callback = None\n"
    assert left_alone(make_repository({PATH: f"{SDK}DAG('a')\n", "airflow_local_settings.py": policy}))


# What the settings ask for

DAG_FILE = f"{SDK}\nDAG('a')\n"


@pytest.mark.parametrize(
    ("settings", "imports", "code", "title"),
    [
        (
            'alert-channels = ["#ops", "#data"]',
            NOTIFIER,
            ['slack_conn_id="slack_api_default"', 'channel="#ops"'],
            "alert Slack's #ops when a run fails; change the connection slack_api_default to yours",
        ),
        (
            'alert-channels = ["#ops"]\nalert-connections = ["slack_bot"]',
            NOTIFIER,
            ['slack_conn_id="slack_bot"', 'channel="#ops"'],
            "alert Slack's #ops when a run fails",
        ),
        (
            'alert-connections = ["slack_webhook_ops"]',
            WEBHOOK,
            ['slack_webhook_conn_id="slack_webhook_ops"'],
            "alert Slack through the webhook of slack_webhook_ops when a run fails",
        ),
        (
            'alert-connections = ["slack_default"]',
            WEBHOOK,
            ['slack_webhook_conn_id="slack_default"'],
            "alert Slack through the webhook of slack_default when a run fails",
        ),
    ],
)
def test_slack_is_addressed_as_the_settings_allow(
    settings: str, imports: str, code: list[str], title: str, make_repository: MakeRepository
) -> None:
    said, found = proposed(make_repository(configured(settings, **{PATH: DAG_FILE})))
    assert said == title
    assert found.startswith(imports)
    lines = [line.strip().rstrip(",") for line in found.splitlines()]
    assert lines[lines.index(f"{imports.split()[-1]}(") + 1 :][: len(code) + 1] == [*code, TEXT]


@pytest.mark.parametrize(
    ("service", "provider", "name"),
    [
        ("pagerduty", "pagerduty", "send_pagerduty_notification"),
        ("opsgenie", "opsgenie", "send_opsgenie_notification"),
        ("discord", "discord", "DiscordNotifier"),
        ("apprise", "apprise", "send_apprise_notification"),
    ],
)
def test_another_service_is_taken_where_slack_is_not_accepted(
    service: str, provider: str, name: str, make_repository: MakeRepository
) -> None:
    files = configured(f'accepted-notifiers = ["{service}"]', **{PATH: DAG_FILE})
    files = {**files, "requirements.txt": f"apache-airflow==3.1.8\napache-airflow-providers-{provider}\n"}
    _, found = proposed(make_repository(files))
    assert f"import {name}\n" in found


def test_a_service_that_needs_to_know_more_is_not_guessed(make_repository: MakeRepository) -> None:
    assert left_alone(make_repository(configured('accepted-notifiers = ["smtp"]', **{PATH: DAG_FILE})))


@pytest.mark.parametrize(
    ("module", "code"),
    [
        (f"{HOOK}\n\n{OWN}", "[tell]"),
        ("class tell:\n    def __call__(self, context):\n        print(context)\n", "[tell()]"),
        (None, "[tell]"),
    ],
)
def test_a_callback_of_ones_own_goes_first(
    module: str | None, code: str, make_repository: MakeRepository
) -> None:
    files = configured('accepted-notifiers = ["slack", "company.alerts.tell"]', **{PATH: DAG_FILE})
    more = {} if module is None else {"dags/company/alerts.py": module, "dags/company/__init__.py": ""}
    title, found = proposed(make_repository({**files, **more}))
    assert title == "alert through company.alerts.tell, which the settings accept"
    assert f"from company.alerts import tell\n\nDAG('a', on_failure_callback={code})\n" in found


def test_a_callback_that_needs_more_than_the_context_is_not_passed(make_repository: MakeRepository) -> None:
    files = configured('accepted-notifiers = ["company.tell"]', **{PATH: DAG_FILE})
    assert left_alone(
        make_repository({**files, "dags/company.py": "def tell(context, channel):\n    pass\n"})
    )


# What the repository uses

COMMON = {"dags/common/__init__.py": "", "dags/common/alerts.py": f"{HOOK}\n\n{OWN}"}
IMPORTED = "from common.alerts import tell\n"


@pytest.mark.parametrize(
    ("other", "imports", "code"),
    [
        (f"{IMPORTED}DAG('b', on_failure_callback=tell)\n", IMPORTED, "[tell]"),
        (f"{IMPORTED}DAG('b', on_failure_callback=[tell])\n", IMPORTED, "[tell]"),
        ("import common.alerts\nDAG('b', on_failure_callback=common.alerts.tell)\n", IMPORTED, "[tell]"),
        ("from common import alerts as a\nDAG('b', on_failure_callback=a.tell)\n", IMPORTED, "[tell]"),
        (
            "from common.alerts import made\nDAG('b', on_failure_callback=[made('#ops', loud=True)])\n",
            "from common.alerts import made\n",
            "[made('#ops', loud=True)]",
        ),
        (
            f"{IMPORTED}DAG('b', default_args=dict(on_failure_callback=tell), on_failure_callback=tell)\n",
            IMPORTED,
            "[tell]",
        ),
    ],
)
def test_it_is_what_other_dags_use(
    other: str, imports: str, code: str, make_repository: MakeRepository
) -> None:
    made = "\n\ndef made(channel, loud):\n    return tell\n"
    common = {**COMMON, "dags/common/alerts.py": f"{HOOK}\n\n{OWN}{made}"}
    root = make_repository({PATH: DAG_FILE, "dags/b.py": f"{SDK}{other}", **common, **DEPENDENCIES})
    _, before, result = look_at(root)
    (found,) = without_alert(before)
    assert found.fix is not None
    assert found.fix.title.endswith("as other DAGs here do")
    text = result.new[PATH].text
    assert text == f"{SDK}{imports}\nDAG('a', on_failure_callback={code})\n"
    assert not without_alert(result.report)


SLACK_CALL = (
    "send_slack_notification(slack_conn_id='bot', channel='#ops', username='x', text='{{ ti.x }} failed')"
)


@pytest.mark.parametrize(
    "other",
    [
        f"DAG('b', on_failure_callback={SLACK_CALL})\n",
        f"failed = {SLACK_CALL}\nDAG('b', on_failure_callback=[failed])\n",
        f"DAG('b', default_args=dict(on_failure_callback={SLACK_CALL}))\n",
    ],
)
def test_slack_is_addressed_as_other_dags_do(other: str, make_repository: MakeRepository) -> None:
    root = make_repository({PATH: DAG_FILE, "dags/b.py": f"{NOTIFIER}{SDK}{other}", **DEPENDENCIES})
    found = next(each for each in without_alert(look_at(root)[1]) if each.region.path == PATH)
    assert found.fix is not None
    assert found.fix.title == "alert Slack's #ops when a run fails, as other DAGs do"
    code = found.fix.edits[-1].text
    assert 'slack_conn_id="bot"' in code
    assert 'channel="#ops"' in code
    assert TEXT in code


def test_no_file_imports_from_itself(make_repository: MakeRepository) -> None:
    other = {
        f"dags/{name}.py": f"{SDK}from sales import tell\nDAG('{name}', on_failure_callback=tell)\n"
        for name in "bc"
    }
    root = make_repository({PATH: f"{HOOK}{SDK}\n\n{OWN}\n\nDAG('a')\n", **other, **DEPENDENCIES})
    found = next(each for each in without_alert(look_at(root)[1]) if each.region.path == PATH)
    assert found.fix is not None
    assert "import tell" not in "".join(edit.text for edit in found.fix.edits)


def test_most_dags_decide(make_repository: MakeRepository) -> None:
    two = {
        f"dags/{name}.py": f"{SDK}{IMPORTED}DAG('{name}', on_failure_callback=tell)\n" for name in ("b", "c")
    }
    one = f"{NOTIFIER}{SDK}DAG('0', on_failure_callback={SLACK_CALL})\n"
    root = make_repository({PATH: DAG_FILE, "dags/a0.py": one, **two, **COMMON, **DEPENDENCIES})
    assert "on_failure_callback=[tell]" in look_at(root)[2].new[PATH].text


def test_what_the_same_file_uses_comes_first(make_repository: MakeRepository) -> None:
    other = {"dags/b.py": f"{SDK}{IMPORTED}DAG('b', on_failure_callback=tell)\n", **COMMON}
    text = f"{HOOK}{SDK}\n\ndef alarm(context):\n    SlackHook().call('x')\n\n\n"
    text += "DAG('a', on_failure_callback=alarm)\n{}\n"
    root = make_repository({PATH: text.format("DAG('b')"), **other, **DEPENDENCIES})
    title, found = proposed(root)
    assert title == "alert through alarm, as other DAGs of this file do"
    assert found == text.format("DAG('b', on_failure_callback=[alarm])")


@pytest.mark.parametrize(
    "other",
    [
        "DAG('b', on_failure_callback=print)\n",
        "DAG('b', on_failure_callback=None)\n",
        "DAG('b', on_failure_callback=lambda context: SlackHook().call('x'))\n",
        "from nowhere import tell\nDAG('b', on_failure_callback=tell)\n",
        "made = lambda token: SlackHook().call\nDAG('b', on_failure_callback=made('x'))\n",
    ],
)
def test_what_does_not_reach_slack_or_can_not_be_had_is_no_example(
    other: str, make_repository: MakeRepository
) -> None:
    root = make_repository({PATH: DAG_FILE, "dags/b.py": f"{HOOK}{SDK}{other}", **DEPENDENCIES})
    found = next(each for each in without_alert(look_at(root)[1]) if each.region.path == PATH)
    assert found.fix is not None
    assert found.fix.title.startswith("alert Slack's #airflow-alerts")


@pytest.mark.parametrize("argument", ["'xoxb-12-not-real'", "token='hunter2'", "'Pa55word'", "'https://x.y'"])
def test_no_secret_is_repeated(argument: str, make_repository: MakeRepository) -> None:
    made = "\n\ndef made(where=None, token=None):\n    return tell\n"
    common = {**COMMON, "dags/common/alerts.py": f"{HOOK}\n\n{OWN}{made}"}
    other = f"{SDK}from common.alerts import made\nDAG('b', on_failure_callback=made({argument}))\n"
    root = make_repository({PATH: DAG_FILE, "dags/b.py": other, **common, **DEPENDENCIES})
    for each in without_alert(look_at(root)[1]):
        assert each.fix is not None
        assert "made" not in each.fix.edits[-1].text


# Beside another callback


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("print", "[print, tell]"),
        ("[print]", "[print, tell]"),
        ("[print, repr, ]", "[print, repr, tell]"),
        ("(lambda context: print(context))", "([lambda context: print(context), tell])"),
    ],
)
def test_it_stands_beside_a_callback_that_reaches_nobody(
    before: str, after: str, make_repository: MakeRepository
) -> None:
    dag_file = f"{SDK}{{}}\nDAG('a', on_failure_callback={{}})\n"
    other = f"{SDK}{IMPORTED}DAG('b', on_failure_callback=tell)\n"
    files = {PATH: dag_file.format("", before), "dags/b.py": other, "dags/c.py": other.replace("'b'", "'c'")}
    _, before_all, result = look_at(make_repository({**files, **COMMON, **DEPENDENCIES}))
    (found,) = [each for each in before_all.findings if each.rule == "failure-alert-not-slack"]
    assert found.fix is not None
    assert found.fix.title == "also alert through tell, as other DAGs here do"
    assert result.new[PATH].text == dag_file.format(IMPORTED, after)
    assert [each for each in result.report.findings if each.family == "alerts"] == []


def test_what_is_long_stands_on_lines_of_its_own(make_repository: MakeRepository) -> None:
    root = make_repository({PATH: f"{SDK}\nDAG('a', on_failure_callback=print)\n", **DEPENDENCIES})
    code = call("").replace("[", "[\n    print,", 1)
    assert look_at(root)[2].new[PATH].text == f"{NOTIFIER}{SDK}\nDAG('a', on_failure_callback={code})\n"


@pytest.mark.parametrize(
    "text",
    [
        "ALL = [print]\nDAG('a', on_failure_callback=ALL)\n",
        "DAG('a', on_failure_callback=[\n    print,  # loud\n])\n",
        "DAG('a', **{'on_failure_callback': print})\n",
        "for alert in (print, repr):\n    globals()['a'] = DAG('a', on_failure_callback=alert)\n",
        "def make(alert):\n    return DAG('a', on_failure_callback=alert)\n\n\na = make(print)\n",
    ],
)
def test_a_callback_of_another_form_is_left_to_its_author(text: str, make_repository: MakeRepository) -> None:
    report = look_at(make_repository({PATH: f"{SDK}\n{text}", **DEPENDENCIES}))[1]
    (found,) = [each for each in report.findings if each.rule == "failure-alert-not-slack"]
    assert found.fix is None


# Tasks

DEFAULTS = "DEFAULTS = {'retries': 2, 'on_failure_callback': tell}\n"
LESS = "DEFAULTS = {'retries': 2}\n"
B = "DAG('b', default_args={**DEFAULTS, 'x': 1}, on_failure_callback=[tell])\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "DAG('a', default_args={'retries': 2, 'on_failure_callback': tell})\n",
            "DAG('a', default_args={'retries': 2}, on_failure_callback=[tell])\n",
        ),
        (
            "DAG('a', default_args=dict(on_failure_callback=[tell]), tags=[])\n",
            "DAG('a', default_args=dict(), tags=[], on_failure_callback=[tell])\n",
        ),
        (
            f"{DEFAULTS}DAG('a', default_args=DEFAULTS)\n",
            "DEFAULTS = {'retries': 2}\nDAG('a', default_args=DEFAULTS, on_failure_callback=[tell])\n",
        ),
        (
            f"{DEFAULTS}DAG('a', default_args=DEFAULTS)\nDAG('b', default_args={{**DEFAULTS, 'x': 1}})\n",
            f"{LESS}DAG('a', default_args=DEFAULTS, on_failure_callback=[tell])\n{B}",
        ),
    ],
)
def test_the_alert_of_all_tasks_moves_to_the_dag(
    before: str, after: str, make_repository: MakeRepository
) -> None:
    root = make_repository({PATH: f"{SDK}{IMPORTED}{before}", **COMMON, **DEPENDENCIES})
    title, found = proposed(root)
    assert title.endswith("and no longer to each task")
    assert found == f"{SDK}{IMPORTED}{after}"


def test_no_two_dags_share_a_notifier_that_moves(make_repository: MakeRepository) -> None:
    made = "send_slack_notification(channel='#ops', text='{{ dag.dag_id }}')"
    text = f"{NOTIFIER}{SDK}tell = {made}\n{DEFAULTS}"
    dags = "DAG('{0}', default_args=DEFAULTS{1})\n"
    root = make_repository({PATH: text + "".join(dags.format(name, "") for name in "ab"), **DEPENDENCIES})
    _, found = proposed(root)
    given = f", on_failure_callback=[{made}]"
    assert found.endswith("".join(dags.format(name, given) for name in "ab"))


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (
            f"{DEFAULTS}DAG('a', default_args=DEFAULTS)\n{B.replace('[tell]', 'tell')}",
            {},
        ),
        (
            f"{DEFAULTS}DAG('a', default_args=DEFAULTS)\n",
            {"dags/b.py": f"{SDK}from sales import DEFAULTS\nDAG('b', default_args=DEFAULTS)\n"},
        ),
        ("from common.alerts import DEFAULTS\nDAG('a', default_args=DEFAULTS)\n", {}),
        ("DAG('a', default_args={'on_failure_callback': print})\n", {}),
    ],
)
def test_an_entry_that_others_use_stays(
    text: str, more: Mapping[str, str], make_repository: MakeRepository
) -> None:
    common = {**COMMON, "dags/common/alerts.py": f"{HOOK}\n\n{OWN}\n\n{DEFAULTS}"}
    assert left_alone(make_repository({PATH: f"{SDK}{IMPORTED}{text}", **more, **common, **DEPENDENCIES}))


def test_a_dag_gets_an_alert_beside_those_of_some_tasks(make_repository: MakeRepository) -> None:
    text = (
        f"from airflow.providers.standard.operators.bash import BashOperator\n{SDK}{IMPORTED}\n"
        "with DAG('a'):\n    BashOperator(task_id='x', bash_command='true', on_failure_callback=tell)\n"
        "    BashOperator(task_id='y', bash_command='true')\n"
    )
    root = make_repository({PATH: text, **COMMON, **DEPENDENCIES})
    assert proposed(root)[1] == text.replace("DAG('a')", "DAG('a', on_failure_callback=[tell])")
