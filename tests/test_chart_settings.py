"""Chart settings: what values set, at which place, for which components, and what they leave open."""

from __future__ import annotations

import pytest
from airwarden.deployment.chart_settings import outside_of, settings_of
from airwarden.deployment.settings import ALL, Setting, joined
from airwarden.source import Source
from airwarden.values import ValuesFile

OFFICIAL = "defaultAirflowTag: 3.1.5\n"
ITEM = "[{name: AIRFLOW_CONN_X, value: here}]"


def read(text: str) -> ValuesFile:
    values = ValuesFile.read(Source("values.yaml", text))
    assert values is not None, "not recognised as values"
    return values


def settings(text: str) -> list[Setting]:
    return list(settings_of(read(text)))


def only(text: str, variable: str = "AIRFLOW_CONN_X") -> Setting:
    (found,) = [each for each in settings(text) if each.variable == variable]
    return found


COMPONENTS = {
    "env": "all",
    "scheduler.env": "scheduler",
    "dagProcessor.env": "dag-processor",
    "triggerer.env": "triggerer",
    "apiServer.env": "api-server",
    "webserver.env": "webserver",
    "workers.env": "workers",
    "workers.celery.env": "workers",
    "workers.kubernetes.env": "workers",
    "createUserJob.env": "create-user-job",
    "some.where.env": "all",
    "extraEnvVars": "all",
}


@pytest.mark.parametrize(("path", "component"), COMPONENTS.items(), ids=COMPONENTS)
@pytest.mark.parametrize("below", ["", "airflow."], ids=["chart", "umbrella"])
def test_for_whom_a_list_of_variables_is(path: str, component: str, below: str) -> None:
    keys = f"{below}{path}".split(".")
    tag = OFFICIAL if not below else "airflow:\n  defaultAirflowTag: 3.1.5\n"
    lines = [f"{'  ' * depth}{key}:" for depth, key in enumerate(keys)]
    text = tag + "\n".join(lines[1:] if below else lines) + f" {ITEM}\n"
    assert only(text).components == {component}


def test_each_set_of_workers() -> None:
    text = f"{OFFICIAL}workers:\n  celery:\n    sets:\n      - name: a\n        env: {ITEM}\n"
    assert only(text).components == {"workers"}


ASIDE = {
    "sidecar": f"scheduler:\n  extraContainers:\n    - name: x\n      env: {ITEM}\n",
    "init container": f"workers:\n  extraInitContainers:\n    - name: x\n      env: {ITEM}\n",
    "migrations": f"workers:\n  waitForMigrations:\n    env: {ITEM}\n",
    "git-sync": f"dags:\n  gitSync:\n    env: {ITEM}\n",
    "pgbouncer": f"pgbouncer:\n  env: {ITEM}\n",
    "flag": "enableBuiltInSecretEnvVars:\n  AIRFLOW_CONN_X: false\n",
}


@pytest.mark.parametrize("text", ASIDE.values(), ids=ASIDE)
def test_what_is_no_variable_of_a_component(text: str) -> None:
    assert settings(OFFICIAL + text) == []


def test_a_list_under_an_anchor_counts_where_it_is_used() -> None:
    text = f"{OFFICIAL}x-env: &env {ITEM}\nworkers:\n  env: *env\nscheduler:\n  env: *env\n"
    assert joined(each.components for each in settings(text)) == {"scheduler", "workers"}


EXTRA = """\
extraEnv: |
  - name: AIRFLOW_CONN_X
    value: "https://{{ .Values.host }}"
  {{- if .Values.more }}
  - name: AIRFLOW_VAR_Y
    value: it's here
  {{- end }}
"""


def test_variables_in_a_text() -> None:
    text = OFFICIAL + EXTRA
    values = read(text)
    found = {each.variable: each for each in settings_of(values)}
    assert found["AIRFLOW_CONN_X"].text is None
    assert found["AIRFLOW_VAR_Y"].text == "it's here"
    shown = [
        values.source.slice(found["AIRFLOW_VAR_Y"].name_region),
        values.source.slice(found["AIRFLOW_VAR_Y"].region),
    ]
    assert shown == ["AIRFLOW_VAR_Y", "it's here"]
    assert joined(outside_of(values)) == frozenset()


def test_variables_out_of_secrets() -> None:
    text = OFFICIAL + "secret:\n  - envName: AIRFLOW_CONN_X\n    secretName: slack\n"
    found = only(text)
    assert (found.text, found.components) == (None, ALL)
    assert read(text).source.slice(found.name_region) == "AIRFLOW_CONN_X"


OPTIONS = {
    "config": ("config:\n  api:\n    base_url: https://a\n", "AIRFLOW__API__BASE_URL", "https://a"),
    "with a dot": ("config:\n  common.io:\n    x: 1\n", "AIRFLOW__COMMON_IO__X", "1"),
    "a truth value": (
        "config:\n  core:\n    load_examples: false\n",
        "AIRFLOW__CORE__LOAD_EXAMPLES",
        "false",
    ),
    "a template": ("config:\n  core:\n    x: '{{ .Values.x }}'\n", "AIRFLOW__CORE__X", None),
    "the executor": ("executor: CeleryExecutor\n", "AIRFLOW__CORE__EXECUTOR", "CeleryExecutor"),
    "the DAG processor": (
        "dagProcessor:\n  enabled: true\n",
        "AIRFLOW__SCHEDULER__STANDALONE_DAG_PROCESSOR",
        "true",
    ),
    "a Secret": ("data:\n  metadataSecretName: db\n", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", None),
}


@pytest.mark.parametrize(("text", "name", "expected"), OPTIONS.values(), ids=OPTIONS)
def test_options(text: str, name: str, expected: str | None) -> None:
    found = only(OFFICIAL + text, name)
    assert (found.text, found.is_option, found.components) == (expected, True, ALL)


def test_null_decides_nothing() -> None:
    assert settings(OFFICIAL + "dagProcessor:\n  enabled: ~\nexecutor: ''\nextraEnv: ~\n") == []


def test_the_community_chart_knows_variables_only() -> None:
    text = """\
airflow:
  executor: KubernetesExecutor
  config:
    AIRFLOW__WEBSERVER__BASE_URL: https://a
  extraEnv:
    - name: AIRFLOW_CONN_X
      valueFrom: {secretKeyRef: {name: a, key: b}}
"""
    found = [(each.variable, each.text, each.is_option) for each in settings(text)]
    assert found == [
        ("AIRFLOW__WEBSERVER__BASE_URL", "https://a", False),
        ("AIRFLOW__CORE__EXECUTOR", "KubernetesExecutor", True),
        ("AIRFLOW_CONN_X", None, False),
    ]


OUTSIDE = {
    "nothing": ("env: []\nextraEnvFrom: ~\nextraEnv: |\n  # none\n", frozenset()),
    "for all": ("extraEnvFrom: |\n  - secretRef: {name: a}\n", ALL),
    "for one": ("workers:\n  envFrom:\n    - secretRef: {name: a}\n", frozenset({"workers"})),
    "beside": ("dags:\n  gitSync:\n    envFrom: |\n      - secretRef: {name: a}\n", frozenset()),
    "by a template": ("extraEnv: |\n  {{- toYaml .Values.more | nindent 2 }}\n", ALL),
    "by a text that is no list": ("extraEnv: |\n  {{ range .Values.x }}a: b{{ end }}: {\n", ALL),
    "by Vault's injector": ("airflowPodAnnotations:\n  vault.hashicorp.com/agent-inject: 'true'\n", ALL),
}


@pytest.mark.parametrize(("text", "expected"), OUTSIDE.values(), ids=OUTSIDE)
def test_who_gets_variables_from_outside(text: str, expected: frozenset[str]) -> None:
    assert joined(outside_of(read(OFFICIAL + text))) == expected


def test_a_chart_of_ones_own_may_do_anything() -> None:
    values = read("worker:\n  env:\n    AIRFLOW__CORE__EXECUTOR: LocalExecutor\n")
    assert values.dialect == "own-chart"
    assert joined(outside_of(values)) == ALL
