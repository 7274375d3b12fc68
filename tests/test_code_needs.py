"""What Python files need to be installed, each kind of place told from the others."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping

import pytest
from airwarden.distributions.names import Need
from airwarden.needs.code import CodeNeeds
from airwarden.needs.mentions import Mentions
from airwarden.needs.use import Use
from airwarden.repo import Repo
from airwarden.source import Source

from tests.conftest import MakeRepository

PREFIX = "apache-airflow-providers-"
VARIANTS = {"docker": "docker", "kubernetes": "cncf-kubernetes", "virtualenv": "standard"}
Uses = Callable[..., tuple[Use, ...]]


def provider(name: str) -> Need:
    return Need(f"{PREFIX}{name}")


def behind(dotted: str, airflow: tuple[int, int]) -> Need | None:
    if dotted.startswith("airflow.operators.bash"):
        return provider("standard") if airflow >= (3, 0) else None
    return provider("amazon") if dotted.startswith("airflow.contrib.hooks.aws") and airflow < (3, 0) else None


@pytest.fixture(autouse=True)
def _facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few facts, so that no test depends on the tables of a day."""
    decorators = {variant: provider(name) for variant, name in VARIANTS.items()}
    sensor = "airflow.providers.amazon.aws.sensors.s3.S3KeySensor"
    arguments = {(sensor, "use_regex"): "8.14.0"}
    monkeypatch.setattr("airwarden.needs.calls.need_of_task_decorator", decorators.get)
    monkeypatch.setattr("airwarden.needs.found.need_behind", behind)
    monkeypatch.setattr("airwarden.needs.mentions.need_behind", behind)
    monkeypatch.setattr(
        "airwarden.needs.arguments.argument_since", lambda made, argument: arguments.get((made, argument))
    )


@pytest.fixture
def uses(make_repository: MakeRepository) -> Uses:
    """The uses of one file, `dags/made.py` where it is given as a text; with further files beside it."""

    def found(text: str, others: Mapping[str, str] | None = None) -> tuple[Use, ...]:
        files = {"dags/made.py": textwrap.dedent(text), **(others or {})}
        repo = Repo(make_repository(files))
        return repo.analysis(CodeNeeds).of(repo.dag_file("dags/made.py"))

    return found


def told(found: tuple[Use, ...]) -> list[str]:
    """Each use as `line when name`."""
    return [f"{use.region.line} {use.when} {use.name}" for use in found]


SSH = "airflow.providers.ssh.hooks.ssh"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"import {SSH}", [f"1 load {SSH}"]),
        (f"from {SSH} import SSHHook", [f"1 load {SSH}.SSHHook"]),
        (f"from {SSH} import *", [f"1 load {SSH}"]),
        ("from airflow.providers import ssh", ["1 load airflow.providers.ssh"]),
        ("from cosmos import DbtDag as D", ["1 load cosmos.DbtDag"]),
        ("import os, json\nfrom airflow import DAG\nfrom airflow.providers.unheard_of import x", []),
        ("from .airflow.providers.ssh import x", []),
        (f"import importlib\nimportlib.import_module('{SSH}')", [f"2 load {SSH}"]),
        (f"from importlib import import_module as load\nload(name='{SSH}')", [f"2 load {SSH}"]),
        (f"x = __import__('{SSH}')", [f"1 load {SSH}"]),
        (
            f"from airflow.utils.module_loading import import_string\nimport_string('{SSH}.SSHHook')",
            [f"2 load {SSH}.SSHHook"],
        ),
        (f"import importlib\nimportlib.reload('{SSH}')\nimportlib.import_module(x)", []),
    ],
)
def test_every_form_of_import(uses: Uses, text: str, expected: list[str]) -> None:
    found = uses(text)
    assert told(found) == expected
    assert all(
        use.need == (provider("ssh") if "ssh" in use.name else Need("astronomer-cosmos")) for use in found
    )
    assert all(use.member == use.name for use in found)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("{}", "load"),
        ("class A:\n    {}", "load"),
        ("def f():\n    {}", "run"),
        ("def f():\n    {}\nf()", "load"),
        ("def g():\n    {}\ndef f():\n    g()\nf()", "load"),
        ("def g():\n    {}\ndef f():\n    g()", "run"),
        ("def f():\n    {}\nif __name__ == '__main__':\n    f()", "run"),
        ("class A:\n    def __init__(self):\n        {}\nA()", "load"),
        ("class A:\n    def execute(self, context):\n        {}\nA()", "run"),
        ("from airflow.sdk import dag\n@dag\ndef f():\n    {}", "load"),
        (
            "from airflow.sdk import dag, task\n@dag\ndef f():\n    @task\n    def g():\n        {}\nf()",
            "run",
        ),
        ("from airflow.sdk import task_group\n@task_group()\ndef f():\n    {}", "load"),
        ("def deco(f):\n    {}\n    return f\n@deco\ndef g(): pass", "load"),
        ("x = lambda: 1\nwith open('x') as f:\n    {}", "load"),
        ("for x in y:\n    {}", "load"),
        ("try:\n    {}\nexcept ImportError:\n    x = None", "guarded"),
        ("try:\n    {}\nexcept (ValueError, ModuleNotFoundError):\n    pass", "guarded"),
        ("try:\n    {}\nexcept Exception as e:\n    print(e)", "guarded"),
        ("try:\n    {}\nexcept:\n    pass", "guarded"),
        ("try:\n    {}\nexcept MISSING:\n    pass", "guarded"),
        ("try:\n    {}\nexcept ValueError:\n    pass", "load"),
        ("try:\n    {}\nfinally:\n    pass", "load"),
        ("try:\n    {}\nexcept ImportError:\n    raise", "load"),
        (
            "try:\n    {}\nexcept ImportError as e:\n    x = 1\n    raise RuntimeError('none') from e",
            "load",
        ),
        ("try:\n    import x\nexcept ImportError:\n    {}", "guarded"),
        ("try:\n    import x\nexcept ImportError:\n    x = 1\nelse:\n    {}", "load"),
        ("def f():\n    try:\n        {}\n    except ImportError:\n        return None", "guarded"),
        ("try:\n    def f():\n        {}\nexcept ImportError:\n    pass", "guarded"),
        ("if VERSION >= (3, 0):\n    {}", "guarded"),
        ("if VERSION >= (3, 0):\n    pass\nelse:\n    {}", "guarded"),
        ("match VERSION:\n    case 3:\n        {}", "guarded"),
        ("import contextlib\nwith contextlib.suppress(ImportError):\n    {}", "guarded"),
        ("from contextlib import suppress\nwith suppress(KeyError):\n    {}", "load"),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {}", "types"),
        ("import typing\nif typing.TYPE_CHECKING:\n    {}\nelse:\n    pass", "types"),
        ("import typing\nif typing.TYPE_CHECKING:\n    pass\nelse:\n    {}", "load"),
        ("import typing\nif not typing.TYPE_CHECKING:\n    {}", "load"),
        ("import typing\nif not typing.TYPE_CHECKING:\n    pass\nelse:\n    {}", "types"),
    ],
)
@pytest.mark.parametrize("statement", [f"import {SSH}", f"x = __import__('{SSH}')"])
def test_when_an_import_is_needed(uses: Uses, text: str, when: str, statement: str) -> None:
    assert [use.when for use in uses(text.format(statement))] == [when]


AWAY = """from airflow.decorators import task
from airflow.operators.python import PythonOperator, PythonVirtualenvOperator
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@task.virtualenv\ndef f():\n    {}", []),
        ("@task.virtualenv(requirements=['x'])\ndef f():\n    {}", []),
        ("@task.external_python(python='/x')\ndef f():\n    {}", []),
        ("@task.branch_virtualenv()\ndef f():\n    {}", []),
        ("@task.branch_external_python(python='/x')\ndef f():\n    {}", []),
        ("@task.pyspark()\ndef f(spark):\n    {}", ["run"]),
        ("@task\ndef f():\n    {}", ["run"]),
        ("def f():\n    {}\nPythonVirtualenvOperator(task_id='a', python_callable=f)", []),
        (
            "def f():\n    {}\nPythonVirtualenvOperator.partial(python_callable=f).expand(x=[1])",
            [],
        ),
        ("@task.virtualenv\ndef f():\n    def g():\n        {}\n    g()", []),
        ("def g():\n    {}\n@task.virtualenv\ndef f():\n    g()", []),
        ("def h():\n    {}\ndef g():\n    h()\n@task.virtualenv\ndef f():\n    g()", []),
        ("def g():\n    {}\n@task.virtualenv\ndef f():\n    g()\n@task\ndef h():\n    g()", ["run"]),
        ("def g():\n    {}\n@task.virtualenv\ndef f():\n    g()\ng()", ["load"]),
        ("def g():\n    {}\n@task.virtualenv\ndef f():\n    return 1", ["run"]),
        (
            "def f(): {}\nPythonVirtualenvOperator(python_callable=f)\nPythonOperator(python_callable=f)",
            ["run"],
        ),
    ],
)
def test_what_runs_in_another_environment_needs_nothing_here(
    uses: Uses, text: str, expected: list[str]
) -> None:
    found = uses(AWAY + text.format(f"import {SSH}"))
    assert [use.when for use in found if use.need == provider("ssh")] == expected


def test_containers_need_their_decorator_and_not_what_they_import(uses: Uses) -> None:
    text = f"""
    from airflow.decorators import dag, task
    @task.docker(image="python")
    def f():
        import {SSH}
    @dag
    def made():
        @task.kubernetes
        def g():
            import {SSH}
    def later():
        return task.docker(image="python")(f)
    """
    assert told(uses(text)) == ["3 load @task.docker", "8 load @task.kubernetes", "12 run @task.docker"]


@pytest.mark.parametrize(
    ("airflow", "expected"), [("2.10.5", []), ("3.1.0", ["2 load @task.virtualenv"]), ("", [])]
)
def test_airflow_2_has_decorators_of_its_own(uses: Uses, airflow: str, expected: list[str]) -> None:
    text = (
        "from airflow.decorators import task\n@task.virtualenv\ndef f(): pass\n@task.unheard\ndef g(): pass"
    )
    declared = {"requirements.txt": f"apache-airflow=={airflow}\n"} if airflow else {}
    assert told(uses(text, declared)) == expected


@pytest.mark.parametrize(
    ("module", "declared", "expected"),
    [
        ("airflow.operators.bash.BashOperator", "apache-airflow==3.1.0", "standard"),
        ("airflow.operators.bash.BashOperator", "apache-airflow==2.10.0", ""),
        ("airflow.operators.bash.BashOperator", "apache-airflow>=2.9", ""),
        ("airflow.operators.bash.BashOperator", "apache-airflow-providers-ssh", ""),
        ("airflow.contrib.hooks.aws_hook.AwsHook", "apache-airflow==2.3.0", "amazon"),
        ("airflow.contrib.hooks.aws_hook.AwsHook", "apache-airflow==3.1.0", ""),
    ],
)
def test_modules_of_core_that_import_a_provider(
    uses: Uses, module: str, declared: str, expected: str
) -> None:
    home, _, name = module.rpartition(".")
    found = uses(f"from {home} import {name}", {"requirements.txt": declared + "\n"})
    assert [use.need for use in found] == ([provider(expected)] if expected else [])
    assert [use.name for use in found] == ([module] if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from airflow.sdk import ObjectStoragePath\nX = ObjectStoragePath('s3://aws@b/x')", ["2 run s3://"]),
        ("from airflow.io.path import ObjectStoragePath as P\nX = P('s3://b') / 'x'", ["2 run s3://"]),
        (
            "import airflow.sdk\ndef f(k):\n    return airflow.sdk.ObjectStoragePath(f's3://b/{k}')",
            ["3 run s3://"],
        ),
        (
            "from airflow.sdk import ObjectStoragePath\nB = 's3://b'\nX = ObjectStoragePath(B + x)",
            ["3 run s3://"],
        ),
        (
            "from airflow.sdk import ObjectStoragePath\nB = 's3://b'\nX = ObjectStoragePath(f'{B}/{x}')",
            ["3 run s3://"],
        ),
        (
            "from airflow.sdk import ObjectStoragePath\nB = 's3://b'\nX = ObjectStoragePath(B)",
            ["3 run s3://"],
        ),
        (
            "from airflow.sdk import ObjectStoragePath\nX = ObjectStoragePath('s3://b' + '/x')",
            ["2 run s3://"],
        ),
        ("from airflow.sdk import ObjectStoragePath\nX = ObjectStoragePath('file:///b')", []),
        ("from airflow.sdk import ObjectStoragePath\nX = ObjectStoragePath(name)", []),
        ("from pathlib import Path as ObjectStoragePath\nX = ObjectStoragePath('s3://b')", []),
        ("from airflow.io.store import attach\nX = attach('s3', 'aws')", ["2 run s3://"]),
        ("from airflow.sdk.io import attach\nX = attach(protocol='s3', conn_id='aws')", ["2 run s3://"]),
        (
            "import airflow.sdk as a\ntry:\n    a.ObjectStoragePath('s3://b')\nexcept Exception:\n    pass",
            ["3 guarded s3://"],
        ),
    ],
)
def test_paths_of_object_storage(uses: Uses, text: str, expected: list[str]) -> None:
    found = uses(text)
    assert told(found) == expected
    assert all(use.need == Need(f"{PREFIX}amazon", "s3fs") for use in found)


@pytest.mark.parametrize(
    ("executor", "expected"),
    [
        ("KubernetesExecutor", "cncf-kubernetes"),
        ("CeleryExecutor", "celery"),
        ("airflow.providers.amazon.aws.executors.ecs.ecs_executor.AwsEcsExecutor", "amazon"),
        ("LocalExecutor", ""),
        ("our.executors.Fast", ""),
    ],
)
def test_executors_of_tasks(uses: Uses, executor: str, expected: str) -> None:
    for call in ("@task(executor='{}')\ndef f(): pass", "BaseOperator(task_id='x', executor='{}')"):
        found = uses("from airflow.sdk import BaseOperator, task\n" + call.format(executor))
        assert [use.need for use in found] == ([provider(expected)] if expected else [])
        assert all(use.trusts_image and use.when == "run" for use in found)


SENSOR = "from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S3KeySensor(task_id='a', use_regex=True)", ["load"]),
        ("S3KeySensor.partial(task_id='a', use_regex=True).expand(bucket_key=[])", ["load"]),
        ("S3KeySensor.partial(task_id='a').expand(use_regex=[True])", ["load"]),
        ("def f():\n    S3KeySensor(task_id='a', use_regex=True)", ["run"]),
        ("S3KeySensor(task_id='a', bucket_key='x')", []),
        ("Other(task_id='a', use_regex=True)", []),
    ],
)
def test_arguments_that_are_younger_than_their_class(uses: Uses, text: str, expected: list[str]) -> None:
    found = [use for use in uses(SENSOR + text) if use.argument]
    assert [use.when for use in found] == expected
    for use in found:
        assert (use.argument, use.name) == ("use_regex", "S3KeySensor(use_regex=...)")
        assert use.member == "airflow.providers.amazon.aws.sensors.s3.S3KeySensor"
        assert use.region.end_column - use.region.column in (len("use_regex=True"), len("use_regex=[True]"))


def test_a_module_of_the_repository_is_no_use(uses: Uses) -> None:
    assert (
        uses("import cosmos.dag\nfrom gusty import x", {"cosmos/dag.py": "", "plugins/gusty/__init__.py": ""})
        == ()
    )


def test_what_a_module_needs_that_nothing_else_checks(uses: Uses) -> None:
    others = {"include/dbt.py": "X = 1\nfrom cosmos import DbtDag\n", "include/__init__.py": ""}
    (use,) = uses("from airflow import DAG\nfrom include.dbt import X\nimport include.dbt", others)
    assert (use.need, use.name, use.when) == (Need("astronomer-cosmos"), "include.dbt", "load")
    assert (use.region.line, use.member) == (2, "cosmos.DbtDag")
    assert [(each.region.path, each.region.line, each.note) for each in use.way] == [
        ("include/dbt.py", 2, "imports cosmos.DbtDag here")
    ]


@pytest.mark.parametrize(
    ("importing", "there", "when"),
    [
        ("import include.dbt", "from cosmos import DbtDag", "load"),
        ("def f():\n    import include.dbt", "from cosmos import DbtDag", "run"),
        ("import include.dbt", "def f():\n    from cosmos import DbtDag", "run"),
        (
            "def f():\n    import include.dbt",
            "import typing\nif typing.TYPE_CHECKING:\n    import cosmos",
            "types",
        ),
        (
            "try:\n    import include.dbt\nexcept ImportError:\n    pass",
            "from cosmos import DbtDag",
            "guarded",
        ),
    ],
)
def test_the_milder_of_both_counts(uses: Uses, importing: str, there: str, when: str) -> None:
    assert [use.when for use in uses(importing, {"include/dbt.py": there})] == [when]


def test_the_way_leads_through_several_modules_and_ends_in_circles(uses: Uses) -> None:
    others = {
        "include/__init__.py": "",
        "include/one.py": "from include import two\n",
        "include/two.py": "from . import one\nfrom .three import y\n",
        "include/three.py": "import cosmos\nfrom include.one import x\n",
    }
    (use,) = uses("def f():\n    from include.one import x\nimport include.one", others)
    assert (use.region.line, use.when, use.name) == (3, "load", "include.one")
    assert [each.region.path for each in use.way] == ["include/one.py", "include/two.py", "include/three.py"]


def test_what_is_checked_itself_and_what_runs_elsewhere_is_left_to_itself(uses: Uses) -> None:
    others = {
        "dags/shared.py": "import cosmos\n",
        "include/dbt.py": "import cosmos\n",
        "include/__init__.py": "",
    }
    text = f"{AWAY}import shared\n@task.virtualenv\ndef f():\n    import include.dbt"
    assert [use for use in uses(text, others) if use.need.distribution == "astronomer-cosmos"] == []


def test_what_airflow_ignores_counts_only_where_it_is_imported(uses: Uses) -> None:
    others = {"dags/old.py": "import cosmos\n", "dags/.airflowignore": "old.py\n"}
    assert told(uses("import old", others)) == ["1 load old"]
    assert uses("import cosmos", {"dags/.airflowignore": "made.py\n"}) == ()


def test_a_file_without_own_modules_has_no_other_file_read(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = Repo(make_repository({"dags/made.py": "import os\n", "include/big.py": "import cosmos\n"}))
    file = repo.dag_file("dags/made.py")
    needs = repo.analysis(CodeNeeds)
    source = repo.source
    read: list[str] = []

    def reading(path: str) -> Source:
        read.append(path)
        return source(path)

    monkeypatch.setattr(repo, "source", reading)
    assert needs.of(file) == ()
    assert read == []


def test_packages_on_the_way_are_loaded_too(uses: Uses) -> None:
    others = {"include/__init__.py": "import cosmos\n", "include/plain.py": ""}
    assert told(uses("from include.plain import x", others)) == ["1 load include"]


@pytest.mark.parametrize(
    ("files", "distribution", "is_named"),
    [
        ({"a.py": "from airflow.providers.ssh.hooks.ssh import SSHHook"}, "ssh", True),
        ({"tests/test_a.py": "from airflow.providers import ssh"}, "ssh", True),
        ({"a.py": "from airflow.providers import (\n    slack,\n    ssh,\n)"}, "ssh", True),
        ({"a.py": "try:\n    import airflow.providers.ssh\nexcept ImportError:\n    pass"}, "ssh", True),
        ({"dag.yaml": "operator: airflow.providers.ssh.operators.ssh.SSHOperator"}, "ssh", True),
        ({"Dockerfile": "COPY x /usr/lib/airflow/providers/ssh/"}, "ssh", True),
        ({"README.md": "airflow.providers.ssh"}, "ssh", False),
        ({"a.py": "import airflow.providers.sshd"}, "ssh", False),
        ({"requirements.txt": "apache-airflow-providers-ssh\napache-airflow[ssh]"}, "ssh", False),
        ({"requirements.txt": "apache-airflow[celery]\ncelery==5\n"}, "celery", False),
        ({"install.sh": "pip install apache-airflow-providers-celery"}, "celery", False),
        ({"Dockerfile": "FROM apache/airflow\nENV AIRFLOW__CORE__EXECUTOR=CeleryExecutor"}, "celery", True),
        ({"a.py": "@task.docker(image='x')\ndef f(): pass"}, "docker", True),
        ({"a.py": "import docker"}, "docker", False),
        ({".env": "AIRFLOW_CONN_X='ssh://me@host'"}, "ssh", True),
        ({"a.py": "Connection(conn_type='ssh')"}, "ssh", True),
        ({"c.json": '{"x": {"conn_type": "google_cloud_platform"}}'}, "google", True),
        ({"c.yaml": "x: google-cloud-platform://?extra=1"}, "google", True),
        ({"a.py": "p = ObjectStoragePath('gs://b')"}, "google", True),
        ({"a.py": "p = ObjectStoragePath(given)"}, "google", True),
        ({"a.py": "p = ObjectStoragePath(given)"}, "ssh", False),
        ({"a.py": "x = SQLExecuteQueryOperator(conn_id='x')"}, "postgres", True),
        ({"a.py": "x = SQLExecuteQueryOperator(conn_id='x')"}, "ssh", False),
        ({"a.py": "x = BaseHook.get_connection('x').get_hook()"}, "ssh", True),
        ({"values.yaml": "executor: KubernetesExecutor"}, "cncf-kubernetes", True),
        ({"a.py": "from airflow.contrib.hooks.aws_hook import AwsHook"}, "amazon", True),
        ({"a.py": "x = 1"}, "openlineage", True),
        ({"a.py": "x = 1"}, "unheard-of", True),
        ({"a.py": "x = 1"}, "postgres", False),
    ],
)
def test_whether_anything_names_a_provider(
    make_repository: MakeRepository, files: Mapping[str, str], distribution: str, is_named: bool
) -> None:
    repo = Repo(make_repository(files))
    assert repo.analysis(Mentions).of(f"{PREFIX}{distribution}") is is_named


def test_libraries_are_named_by_their_modules(make_repository: MakeRepository) -> None:
    repo = Repo(make_repository({"a.py": "from cosmos import DbtDag\n"}))
    assert repo.analysis(Mentions).of("astronomer_cosmos")
    assert not repo.analysis(Mentions).of("gusty")


@pytest.mark.parametrize(
    ("test", "when"),
    [
        ("sys.version_info >= (3, 9)", "load"),
        ("sys.version_info > (3,)", "load"),
        ("sys.version_info >= (3, 13)", "guarded"),
        ("sys.version_info < (3, 9)", "guarded"),
        ("sys.version_info >= wanted", "guarded"),
        ("airflow.__version__ >= '3'", "guarded"),
    ],
)
def test_a_python_that_all_have_makes_no_condition(uses: Uses, test: str, when: str) -> None:
    text = f"import sys\nif {test}:\n    from airflow.providers.ssh.hooks.ssh import SSHHook\n"
    assert [each.when for each in uses(text)] == [when]


def test_places_are_not_worked_out_where_nothing_falls_short(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = Repo(make_repository({"dags/made.py": "import cosmos\n"}))
    file = repo.dag_file("dags/made.py")
    needs = repo.analysis(CodeNeeds)
    monkeypatch.setattr(file, "locate", lambda _: pytest.fail("nobody asked for a place"))
    assert [each.name for each in needs.found(file)] == ["cosmos"]
    assert needs.where(lambda each: each.name == "other", file) == ()
    monkeypatch.undo()
    assert needs.where(lambda each: each.name == "cosmos", file) == needs.of(file) != ()
