"""Data files and repositories in any size, for `benchmarks.growth`: YAML, TOML, lists, folders."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import TypeAlias

Files: TypeAlias = Mapping[str, str]
"""What stands in a repository, by path."""

Input: TypeAlias = tuple[Callable[[int], Files], int]
"""What makes a repository of a size, and the smallest size that is looked at."""

_DAG = "from airflow import DAG\n\nwith DAG('one'):\n    pass\n"
_VALUES = "executor: CeleryExecutor\nfernetKey: ''\nwebserverSecretKeySecretName: web\n"
_PROJECT = "[project]\nname = 'p@'\ndependencies = ['apache-airflow==2.10.0', 'pandas']\n"
_STOCK = "FROM apache/airflow:2.10.0\n"
_PINNED = "apache-airflow==2.10.0\n"
_CHART = (
    "apiVersion: v2\nname: c@\ndependencies:\n- name: airflow\n  repository: https://airflow.apache.org\n"
)
_SERVICE = "    image: apache/airflow:2.10.0\n    environment:\n      AIRFLOW__CORE__K@: a\n"
_RELEASE = "  - {name: a@, chart: apache-airflow/airflow, values: [{executor: x@}]}\n"
_HELM = 'resource "helm_release" "airflow" {\nchart = "airflow"\nrepository = "https://airflow.apache.org"\n'


def joined(line: str, count: int) -> str:
    """A line so many times, each with its number in the place of `@`."""
    return "".join(line.replace("@", str(number)) for number in range(count))


def _in(path: str, line: str, head: str = "", foot: str = "") -> Callable[[int], Files]:
    """One file of so many lines."""
    return lambda count: {path: f"{head}{joined(line, count)}{foot}"}


def _values(line: str, head: str = "") -> Callable[[int], Files]:
    return _in("values.yaml", line, _VALUES + head)


def _many(files: Files) -> Callable[[int], Files]:
    """Each of some files so many times, with a number in the place of `@` in path and text."""
    return lambda count: {
        path.replace("@", str(number)): text.replace("@", str(number))
        for number in range(count)
        for path, text in files.items()
    }


def _with(files: Files, others: Callable[[int], Files]) -> Callable[[int], Files]:
    return lambda count: {**others(count), **files}


def _connection(size: int) -> Files:
    """A connection whose extra holds base64 of base64 of a nested JSON."""
    text = '{"a":' * 50 + json.dumps("x" * size) + "}" * 50
    for _ in range(3):
        text = base64.b64encode(text.encode()).decode()
    said = json.dumps({"conn_type": "http", "extra": {"keyfile": text}})
    return {"values.yaml": f"{_VALUES}extraEnvVars:\n  AIRFLOW_CONN_A: '{said}'\n"}


def _laughs(count: int) -> Files:
    lines = "".join(
        f"l{number}: &l{number + 1} [{', '.join([f'*l{number}'] * 9)}]\n" for number in range(count)
    )
    return {"values.yaml": f"{_VALUES}l: &l0 [1]\n{lines}"}


def _locals(count: int) -> Files:
    chain = "".join(f"a{number} = local.a{number + 1}\n" for number in range(count))
    return {"main.tf": f"locals {{\n{chain}}}\n{_HELM}values = [local.a0]\n}}\n"}


def _circle(count: int) -> Files:
    """Lists that include each other."""
    some = {f"requirements-{number}.txt": f"-r requirements.txt\ndep{number}\n" for number in range(count)}
    return {**some, "requirements.txt": _PINNED + joined("-r requirements-@.txt\n", count)}


FILES: Mapping[str, Input] = {
    "YAML: keys": (_values("k@: v\n"), 5_000),
    "YAML: repeated keys": (_values("fernetKey: k@\n"), 1_250),
    "YAML: environment": (_values("  - name: AIRFLOW__CORE__K@\n    value: a\n", "env:\n"), 1_250),
    "YAML: options": (_values("    k@: a\n", "config:\n  core:\n"), 2_500),
    "YAML: sections": (_values("  s@:\n    k: a\n", "config:\n"), 1_250),
    "YAML: secrets": (_values("  password@: hunter2zxcvq@\n", "config:\n"), 1_000),
    "YAML: connections": (
        _values("  AIRFLOW_CONN_C@: postgres://u:p4ss@x@host/db\n", "extraEnvVars:\n"),
        250,
    ),
    "YAML: a huge connection": (_connection, 10_000),
    "YAML: aliases": (_values("  - *a\n", "a: &a {password: hunter2zxcvq}\nl:\n"), 2_500),
    "YAML: laughs": (_laughs, 50),
    "YAML: merges": (_values("m@: {<<: *a, k@: 1}\n", "a: &a {x: 1}\n"), 1_000),
    "YAML: documents": (_values("---\nexecutor: CeleryExecutor\n"), 1_000),
    "YAML: depth": (lambda n: {"values.yaml": f"{_VALUES}a: {'[' * n}{']' * n}"}, 10_000),
    "YAML: maps as keys": (_values("? {a: @}\n: 1\n"), 5_000),
    "YAML: tags": (_values("k@: !!python/object/apply:os.system [a@]\n"), 2_500),
    "YAML: a text of YAML": (_values("  - name: AIRFLOW__A__K@\n    value: a\n", "extraEnv: |\n"), 1_000),
    "YAML: templates": (_values("k@: '{{ .Values.a }}'\n"), 5_000),
    "YAML: a long text": (lambda n: {"values.yaml": f"{_VALUES}a: {'x' * n}\n"}, 100_000),
    "helmfile: releases": (_in("helmfile.yaml", _RELEASE, "releases:\n"), 100),
    "Terraform: releases": (_in("main.tf", _HELM + "values = [yamlencode({executor = 1})]\n}\n"), 100),
    "Terraform: assignments": (_in("main.tf", 'set {\n name = "a@"\n value = "b"\n}\n', _HELM, "}\n"), 3_000),
    "Terraform: a chain of locals": (_locals, 500),
    "Terraform: depth": (lambda n: {"main.tf": f"{_HELM}values = {'[' * n}{']' * n}\n}}\n"}, 10_000),
    "TOML: tables": (_in("p/pyproject.toml", "[tool.t@]\na = 1\n", _PROJECT), 5_000),
    "TOML: depth": (lambda n: {"p/pyproject.toml": f"{_PROJECT}[tool.a]\na = {'[' * n}{']' * n}\n"}, 10_000),
    "TOML: a dotted key": (lambda n: {"p/pyproject.toml": f"{_PROJECT}[tool.a]\n{'a.' * n}a = 1\n"}, 10_000),
    "setup.cfg": (_in("setup.cfg", "    dep@\n", f"[options]\ninstall_requires =\n    {_PINNED}"), 10_000),
    "airflow.cfg: options": (_in("airflow.cfg", "k@ = %(k@)s\n", "[core]\n"), 2_500),
    "airflow.cfg: sections": (
        _in("airflow.cfg", "[s@]\nk = v\n", "[core]\nexecutor = LocalExecutor\n"),
        2_500,
    ),
    "requirements: lines": (_in("requirements.txt", "dep@==1.@\n", _PINNED), 10_000),
    "requirements: a circle": (_circle, 50),
    "Dockerfile: lines": (_in("Dockerfile", " a@ \\\n", f"{_STOCK}RUN pip install \\\n", " b\n"), 30_000),
    "Dockerfile: stages": (_in("Dockerfile", f"{_STOCK.strip()} AS s@\nRUN pip install x@\n"), 1_000),
    "Dockerfile: installs": (
        _in("Dockerfile", "COPY a@.txt b@.txt\nRUN pip install -r b@.txt\n", _STOCK),
        500,
    ),
    "compose: services": (_in("docker-compose.yml", f"  s@:\n{_SERVICE}", "services:\n"), 250),
    ".env: variables": (_in(".env", "AIRFLOW__CORE__K@=a\n"), 5_000),
    ".gitignore: lines": (_with({"a.py": _DAG}, _in(".gitignore", "/a@/**/b*.txt\n")), 3_000),
    ".gitignore: stars": (lambda n: {".gitignore": "*a" * n + "b\n", f"{'a' * 200}.py": _DAG}, 8),
    ".airflowignore": (
        lambda n: {**_many({"dags/a@.py": _DAG})(n), "dags/.airflowignore": joined("b@/*\n", n)},
        50,
    ),
}
"""One file, or a few that make one matter."""

FOLDERS: Mapping[str, Input] = {
    "files: DAGs": (_many({"dags/a@.py": _DAG}), 125),
    "files: plain Python": (_many({"lib/a@.py": "x = 1\n"}), 2_000),
    "files: YAML": (_many({"data/a@.yaml": "a: 1\n"}), 1_500),
    "files: data": (_many({"data/a@.csv": "1"}), 4_000),
    "files: values": (_many({"d@/values.yaml": f"{_VALUES}config:\n  core:\n    k: a\n"}), 125),
    "files: charts": (_many({"c@/Chart.yaml": _CHART, "c@/values.yaml": f"airflow:\n  {_VALUES}"}), 125),
    "files: projects": (_many({"p@/pyproject.toml": _PROJECT, "p@/dags/a.py": f"{_DAG}import pandas\n"}), 60),
    "files: requirements": (_many({"r@/requirements.txt": _PINNED, "r@/dags/a.py": f"{_DAG}import x\n"}), 60),
    "files: Dockerfiles": (_many({"d@/Dockerfile": f"{_STOCK}ENV AIRFLOW__CORE__K=@\n"}), 125),
    "files: airflow.cfg": (_many({"d@/airflow.cfg": "[core]\nexecutor = LocalExecutor\n"}), 125),
    "files: .gitignore": (_many({"d@/.gitignore": "*.log\n", "d@/a.py": _DAG}), 125),
    "folders in folders": (lambda n: {f"{'d/' * n}dags/a.py": _DAG}, 100),
}
"""Repositories of many files."""
