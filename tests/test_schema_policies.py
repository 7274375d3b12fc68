"""Policies that are a JSON Schema: what they find, where, in which words; and which of them are not sound."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from airwarden.config import Config, ConfigError
from airwarden.engine import check
from airwarden.findings import Finding
from airwarden.packs import at
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.schema_policies.reading import verify

from tests.conftest import MakeRepository

HEAD = """\
from airflow.sdk import DAG, TaskGroup, dag, task
from airflow.providers.standard.operators.bash import BashOperator
"""
DEFAULTS = 'DEFAULTS = {"owner": "airflow", "retries": 1}\n'
VALUES = "defaultAirflowTag: 3.1.5\nexecutor: CeleryExecutor\n"


def policy(schema: dict[str, Any], on: str = "dag", **facts: str) -> str:
    return json.dumps({"title": "Harm is done.", "x-rule": {"on": on, **facts}, **schema}, indent=2)


def argument(name: str, schema: object, *, required: bool = False) -> dict[str, Any]:
    return {"properties": {name: schema}, **({"required": [name]} if required else {})}


def judged(root: Path) -> tuple[Finding, ...]:
    """What the policies in the folder `policies` find."""
    registry = Registry([], [at("policies", root, root)])
    registry.verify_schemas()
    rules, crashes = registry.load()
    config = Config(exclude=("/policies/",))
    report = check(Repo(root, config), None, config, rules, families=registry.families)
    assert not crashes
    assert not report.crashes
    return report.findings


def told(root: Path) -> list[tuple[str, str]]:
    """Each finding as what its region holds, and its message."""
    sources = {path: Repo(root).source(path) for path in Repo(root).files}
    return [(sources[each.region.path].slice(each.region), each.message) for each in judged(root)]


TEAM = argument("tags", {"contains": {"pattern": "^team:"}})
RETRIES = argument("default_args", argument("retries", {"minimum": 2}, required=True))
TASK_RETRIES = argument(
    "tasks", {"items": argument("arguments", argument("retries", {"minimum": 2}, required=True))}
)
NAME = argument("dag_id", {"pattern": "^[a-z_]+$"})
OWNER = argument("default_args", argument("owner", {"not": {"const": "airflow"}}, required=True))
CATCHUP = argument("catchup", {"const": False}, required=True)
SCHEDULE = argument("schedule", {"not": {"type": "null"}}, required=True)
RUNS = argument("max_active_runs", {"maximum": 4})


@pytest.mark.parametrize(
    ("schema", "code", "expected"),
    [
        (TEAM, 'DAG("a", tags=["team:sales"])', []),
        (TEAM, 'DAG("a", tags={"x", "team:sales"})', []),
        (
            TEAM,
            'DAG("a", tags=["sales"])',
            [('["sales"]', "`tags` of DAG 'a' is ['sales'], and must hold an item that matches `^team:`")],
        ),
        (TEAM, 'DAG("a")', [("DAG", "`tags` of DAG 'a' is [], and must hold an item that matches `^team:`")]),
        (TEAM, 'DAG("a", tags=["sales", nobody.knows()])', []),
        (TEAM, 'DAG("a", tags=nobody.knows())', []),
        (TEAM, 'DAG("a", **nobody.knows())', []),
        (TEAM, 'made = DAG("a")\nmade.tags = ["team:sales"]', []),
        (RETRIES, 'DAG("a", default_args={"retries": 2})', []),
        (
            RETRIES,
            'DAG("a", default_args=DEFAULTS)',
            [("1", "`default_args.retries` of DAG 'a' is 1, and must be at least 2")],
        ),
        (RETRIES, 'DAG("a", default_args={**DEFAULTS, "retries": 3})', []),
        (RETRIES, 'DAG("a")', [("DAG", "`default_args.retries` of DAG 'a' is not set")]),
        (
            RETRIES,
            'DAG("a", default_args={"pool": "x"})',
            [('{"pool": "x"}', "`default_args.retries` of DAG 'a' is not set")],
        ),
        (RETRIES, 'DAG("a", default_args={"retries": nobody.knows()})', []),
        (RETRIES, 'DAG("a", default_args={**nobody.knows()})', []),
        (TASK_RETRIES, 'with DAG("a", default_args={"retries": 3}):\n    BashOperator(task_id="x")', []),
        (TASK_RETRIES, 'with DAG("a"):\n    BashOperator(task_id="x", retries=2)', []),
        (
            TASK_RETRIES,
            'with DAG("a", default_args={"retries": 3}):\n    BashOperator(task_id="x", retries=0)',
            [("0", "`retries` of task 'x' of DAG 'a' is 0, and must be at least 2")],
        ),
        (
            TASK_RETRIES,
            'with DAG("a", default_args=DEFAULTS):\n    BashOperator(task_id="x")',
            [("1", "`retries` of task 'x' of DAG 'a' is 1, and must be at least 2")],
        ),
        (
            TASK_RETRIES,
            'with DAG("a"):\n    BashOperator(task_id="x")',
            [("BashOperator", "`retries` of task 'x' of DAG 'a' is not set")],
        ),
        (TASK_RETRIES, 'with DAG("a"):\n    BashOperator(task_id="x", **nobody.knows())', []),
        (
            TASK_RETRIES,
            'with DAG("a"), TaskGroup("g", default_args={"retries": 3}):\n    BashOperator(task_id="x")',
            [],
        ),
        (NAME, 'DAG("orders_daily")', []),
        (
            NAME,
            'DAG("Orders")',
            [('"Orders"', "`dag_id` of DAG 'Orders' is 'Orders', and must match `^[a-z_]+$`")],
        ),
        (
            NAME,
            "@dag\ndef Orders(): ...\nOrders()",
            [("dag", "`dag_id` of DAG 'Orders' is 'Orders', and must match `^[a-z_]+$`")],
        ),
        (NAME, "DAG(nobody.knows())", []),
        (
            NAME,
            'for name in ("A", "B", "c"):\n    DAG(name)',
            [
                ("name", "`dag_id` of DAG 'A' is 'A', and must match `^[a-z_]+$`"),
                ("name", "`dag_id` of DAG 'B' is 'B', and must match `^[a-z_]+$`"),
            ],
        ),
        (OWNER, 'DAG("a", default_args={"owner": "sales"})', []),
        (
            OWNER,
            'DAG("a", default_args=DEFAULTS)',
            [('"airflow"', "`default_args.owner` of DAG 'a' must not be 'airflow'")],
        ),
        (CATCHUP, 'DAG("a", catchup=False)', []),
        (CATCHUP, 'DAG("a", catchup=True)', [("True", "`catchup` of DAG 'a' is true, and must be false")]),
        (CATCHUP, 'DAG("a")', [("DAG", "`catchup` of DAG 'a' is not set")]),
        (SCHEDULE, 'DAG("a", schedule="@daily")', []),
        (SCHEDULE, 'DAG("a", schedule_interval="@daily")', []),
        (SCHEDULE, 'from datetime import timedelta\nDAG("a", schedule=timedelta(days=1))', []),
        (SCHEDULE, 'DAG("a", schedule=None)', [("None", "`schedule` of DAG 'a' must not be null")]),
        (SCHEDULE, 'DAG("a")', [("DAG", "`schedule` of DAG 'a' is not set")]),
        (RUNS, 'DAG("a", max_active_runs=4)', []),
        (
            RUNS,
            'DAG("a", max_active_runs=5)',
            [("5", "`max_active_runs` of DAG 'a' is 5, and must be at most 4")],
        ),
        (
            RUNS,
            'for name in "ab":\n    DAG(name, max_active_runs=5)',
            [("5", "`max_active_runs` of DAG 'a' (and 1 more) is 5, and must be at most 4")],
        ),
    ],
)
def test_arguments_of_dags(
    make_repository: MakeRepository, schema: dict[str, Any], code: str, expected: list[tuple[str, str]]
) -> None:
    root = make_repository(
        {"policies/shape/harm.json": policy(schema), "dags/a.py": f"{HEAD}{DEFAULTS}{code}\n"}
    )
    assert told(root) == expected


def test_what_is_written_in_another_file_is_shown_there(make_repository: MakeRepository) -> None:
    root = make_repository(
        {
            "policies/shape/harm.json": policy(RETRIES),
            "dags/common.py": f"# airflow\n{DEFAULTS}",
            "dags/a.py": f'{HEAD}from common import DEFAULTS\nDAG("a", default_args=DEFAULTS)\n',
        }
    )
    (found,) = judged(root)
    assert (found.region.path, found.region.line, found.region.column) == ("dags/a.py", 4, 23)
    assert [(each.region.path, each.region.line) for each in found.related] == [("dags/common.py", 2)]
    assert found.subject == "dag a: default_args.retries"


def test_a_cluster_policy_has_its_say(make_repository: MakeRepository) -> None:
    files = {"policies/shape/harm.json": policy(TEAM), "dags/a.py": f'{HEAD}DAG("a")\n'}
    settings = "# airflow\ndef dag_policy(dag):\n    dag.tags = ['team:all']\n"
    assert judged(make_repository(files))
    assert not judged(make_repository({"config/airflow_local_settings.py": settings}))


def test_a_policy_on_tasks_is_silent_where_a_cluster_policy_changes_tasks(
    make_repository: MakeRepository,
) -> None:
    code = f'{HEAD}with DAG("a"):\n    BashOperator(task_id="x", retries=0)\n'
    files = {"policies/shape/harm.json": policy(TASK_RETRIES), "dags/a.py": code}
    settings = "# airflow\ndef task_policy(task):\n    task.retries = 2\n"
    assert judged(make_repository(files))
    assert not judged(make_repository({"config/airflow_local_settings.py": settings}))


SCHEDULERS = argument("scheduler", argument("replicas", {"minimum": 2}, required=True), required=True)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"values.yaml": "scheduler:\n  replicas: 2\n"}, []),
        (
            {"values.yaml": "scheduler:\n  replicas: 1\n"},
            [("1", "`scheduler.replicas` is 1, and must be at least 2")],
        ),
        ({"values.yaml": "scheduler:\n  x: 1\n"}, [("scheduler", "`scheduler.replicas` is not set")]),
        ({"values.yaml": "x: 1\n"}, [("defaultAirflowTag", "`scheduler` is not set")]),
        ({"values.yaml": 'scheduler:\n  replicas: "{{ .Values.x }}"\n'}, []),
        ({"values.yaml": "scheduler:\n  replicas: ${REPLICAS}\n"}, []),
        ({"values.yaml": "scheduler:\n  {{- if .x }}\n  replicas: 1\n  {{- end }}\n"}, []),
        (
            {"values.yaml": "scheduler: &a\n  replicas: 1\ntriggerer: *a\n"},
            [("1", "`scheduler.replicas` is 1, and must be at least 2")],
        ),
        (
            {"values.yaml": "scheduler:\n  replicas: 1\n", "values-prod.yaml": "scheduler:\n  replicas: 2\n"},
            [],
        ),
        (
            {"values.yaml": "scheduler:\n  replicas: 2\n", "values-prod.yaml": "scheduler:\n  replicas: 1\n"},
            [("1", "`scheduler.replicas` is 1, and must be at least 2")],
        ),
        ({"values.yaml": "x: 1\n", "deploy.sh": "helm install airflow --set scheduler.replicas=3\n"}, []),
    ],
)
def test_helm_values(
    make_repository: MakeRepository, files: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    texts = {path: VALUES + text if path == "values.yaml" else text for path, text in files.items()}
    root = make_repository({"policies/shape/harm.json": policy(SCHEDULERS, "values"), **texts})
    assert told(root) == expected


def test_values_in_a_release_are_told_by_their_whole_path(make_repository: MakeRepository) -> None:
    values = (
        "airflow:\n  defaultAirflowTag: 3.1.5\n  executor: CeleryExecutor\n  scheduler:\n    replicas: 1\n"
    )
    root = make_repository({"policies/shape/harm.json": policy(SCHEDULERS, "values"), "values.yaml": values})
    assert told(root) == [("1", "`airflow.scheduler.replicas` is 1, and must be at least 2")]


def test_a_policy_on_one_chart_is_silent_on_another(make_repository: MakeRepository) -> None:
    schema = argument("scheduler", argument("replicas", {"minimum": 2}))
    files = {"values.yaml": f"{VALUES}scheduler:\n  replicas: 1\n"}
    for chart, count in (("official", 1), ("community", 0)):
        files["policies/shape/harm.json"] = policy(schema, "values", chart=chart)
        assert len(judged(make_repository(files))) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[tool.ruff]\nline-length = 110\n", []),
        (
            "[tool.ruff]\nline-length = 200\n",
            [("200", "`tool.ruff.line-length` is 200, and must be at most 120")],
        ),
        ("[tool.ruff]\n", [("[tool.ruff]", "`tool.ruff.line-length` is not set")]),
        (
            "[tool]\nruff = {line-length = 200}\n",
            [("200", "`tool.ruff.line-length` is 200, and must be at most 120")],
        ),
    ],
)
def test_pyproject(make_repository: MakeRepository, text: str, expected: list[tuple[str, str]]) -> None:
    schema = argument("tool", argument("ruff", argument("line-length", {"maximum": 120}, required=True)))
    root = make_repository({"policies/shape/harm.json": policy(schema, "pyproject"), "pyproject.toml": text})
    assert told(root) == expected


def test_the_facts_of_a_policy_are_those_of_its_rule(make_repository: MakeRepository) -> None:
    facts = {"level": "note", "remedy": "tag it", "see": "https://example.org", "profile": "strict"}
    text = json.loads(policy(TEAM, **facts, message="{dag_id}: {argument} is {value}, not {wanted}"))
    text["description"] = "Somebody must be woken."
    root = make_repository(
        {"policies/shape/no-team.json": json.dumps(text), "dags/a.py": f'{HEAD}DAG("a", tags=["x"])\n'}
    )
    (rule,) = Registry([], [at("policies", root, root)]).load()[0].values()
    assert (rule.id, rule.family, rule.level, rule.remedy) == ("no-team", "shape", "note", "tag it")
    assert (rule.see, rule.profile, rule.summary) == ("https://example.org", "strict", "Harm is done.")
    assert rule.help == "Harm is done.\n\nSomebody must be woken."
    (found,) = judged(root)
    assert found.message == "a: tags is ['x'], not hold an item that matches `^team:`"
    assert (found.level, found.remedy) == ("note", "tag it")


@pytest.mark.parametrize(
    "code",
    [
        'DAG("a", default_args={"password": "not-a-real-password-1"})',
        'DAG("a", default_args={"uri": "https://shop:not-a-real-1@shop.svc"})',
    ],
)
def test_no_secret_is_told(make_repository: MakeRepository, code: str) -> None:
    schema = argument("default_args", {"additionalProperties": {"maxLength": 3}})
    root = make_repository({"policies/shape/harm.json": policy(schema), "dags/a.py": f"{HEAD}{code}\n"})
    (found,) = judged(root)
    assert "not-a-real" not in found.message + found.remedy + found.subject
    assert found.secret
    assert found.message.endswith("must have at most 3 characters")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", r":1: is no JSON: Expecting property name"),
        ("[]", r": a policy is a JSON object"),
        ("{}", r':1: there is no "x-rule" that says what the policy is about'),
        ('{"x-rule": {"on": "dag"}}', r':1: there is no "title", the sentence that names the harm'),
        ('{"title": "x",\n"x-rule": {}}', r":2: x-rule: on is missing: one of dag, values, pyproject"),
        (
            '{"title": "x",\n"x-rule": {"on": "dags"}}',
            r":2: x-rule.on: 'dags' is none of .* \(nearest: 'dag'\)",
        ),
        (
            '{"title": "x", "x-rule": {"on": "dag", "levle": "note"}}',
            r"x-rule.levle: there is no such fact \(nearest: 'level'\)",
        ),
        (
            '{"title": "x", "x-rule": {"on": "dag", "level": "bad"}}',
            r"x-rule.level: 'bad' is none of error, warning, note",
        ),
        ('{"title": "x", "x-rule": {"on": "dag", "see": "wiki"}}', r"x-rule.see: 'wiki' is no address"),
        (
            '{"title": "x", "x-rule": {"on": "dag", "remedy": 3}}',
            r"x-rule.remedy: a string of one line is wanted",
        ),
        (
            '{"title": "x", "x-rule": {"on": "dag", "message": "{dag}"}}',
            r"\{dag\} stands for nothing \(known: argument, dag_id",
        ),
        ('{"title": "x", "x-rule": {"on": "dag", "message": "{"}}', r"x-rule.message: is no template"),
        (
            '{"title": "x", "x-rule": {"on": "dag", "message": "{value:>999999999}"}}',
            r"x-rule.message: \{value\} is put in as it is: nothing stands behind the name",
        ),
        (
            '{"title": "x", "x-rule": {"on": "dag", "message": "{value!r:{wanted}}"}}',
            r"x-rule.message: \{value\} is put in as it is",
        ),
        (
            '{"title": "x", "x-rule": {"on": "dag", "message": "{value.__class__}"}}',
            r"\{value.__class__\} stands for nothing",
        ),
        (
            '{"title": "x", "x-rule": {"on": "dag"},\n"requierd": ["a"]}',
            r":2: requierd: there is no such keyword \(nearest: 'required'\)",
        ),
        (
            '{"title": "x", "x-rule": {"on": "dag"},\n"properties": {\n"a": {"minimum":\n"two"}}}',
            r":3: properties.a.minimum: 'two' is not of type 'number'",
        ),
        ('{"title": "x", "x-rule": {"on": "dag"}, "pattern": "("}', r"pattern: '\(' is not a 'regex'"),
        (
            '{"title": "x", "x-rule": {"on": "dag"}, "$ref": "#/$defs/a"}',
            r"\$ref: '#/\$defs/a' leads to nothing in this file",
        ),
        (
            '{"title": "x", "x-rule": {"on": "dag"}, "$ref": "https://example.org/a.json"}',
            r"leads to nothing in this file",
        ),
    ],
)
def test_a_policy_that_is_not_sound_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "harm.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"^{file}.*{said}"):
        verify(file)


def test_a_reference_inside_of_a_policy_is_followed(make_repository: MakeRepository) -> None:
    schema = {"$defs": {"few": {"maximum": 4}}, **argument("max_active_runs", {"$ref": "#/$defs/few"})}
    files = {"policies/shape/harm.json": policy(schema), "dags/a.py": f'{HEAD}DAG("a", max_active_runs=5)\n'}
    assert [each.message for each in judged(make_repository(files))] == [
        "`max_active_runs` of DAG 'a' is 5, and must be at most 4"
    ]


def test_false_forbids_an_argument(make_repository: MakeRepository) -> None:
    files = {
        "policies/shape/harm.json": policy(argument("sla_miss_callback", False)),
        "dags/a.py": f'{HEAD}DAG("a", sla_miss_callback=print)\nDAG("b")\n',
    }
    assert [each.message for each in judged(make_repository(files))] == [
        "`sla_miss_callback` of DAG 'a' must not be there"
    ]


def test_a_comment_silences_a_policy_on_pyproject(make_repository: MakeRepository) -> None:
    schema = argument("tool", argument("ruff", argument("line-length", {"maximum": 120})))
    text = "[tool.ruff]\nline-length = 200  # airwarden: ignore[harm] wide screens\n"
    files = {"policies/shape/harm.json": policy(schema, "pyproject"), "pyproject.toml": text}
    assert not judged(make_repository(files))
