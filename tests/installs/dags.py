"""DAG files that use providers: in each form that an import takes in real code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import indent

Files = Mapping[str, str]


@dataclass(frozen=True)
class Provider:
    """A distribution, and something of it that a DAG file imports."""

    distribution: str
    module: str
    member: str

    @property
    def statement(self) -> str:
        return f"from {self.module} import {self.member}"


def provider(module: str, member: str) -> Provider:
    """One of Airflow's own, whose distribution is named after its package."""
    return Provider(distribution_of(f"airflow.providers.{module}"), f"airflow.providers.{module}", member)


NAMESPACES = ("apache", "atlassian", "cncf", "common", "dbt", "microsoft")
"""The packages below `airflow.providers` that are no provider but hold some."""

LIBRARIES = {"cosmos": "astronomer-cosmos", "dagfactory": "dag-factory"}


def distribution_of(module: str) -> str:
    """What has to be installed for a module, by the naming rule of the providers; else its first name."""
    parts = module.split(".")
    if parts[:2] != ["airflow", "providers"] or len(parts) < 3:
        return LIBRARIES.get(parts[0], parts[0])
    depth = 4 if parts[2] in NAMESPACES else 3
    return "-".join(["apache-airflow-providers", *parts[2:depth]])


SMALL = {
    "apprise": provider("apprise.notifications.apprise", "AppriseNotifier"),
    "asana": provider("asana.hooks.asana", "AsanaHook"),
    "dingding": provider("dingding.hooks.dingding", "DingdingHook"),
    "discord": provider("discord.notifications.discord", "DiscordNotifier"),
    "docker": provider("docker.operators.docker", "DockerOperator"),
    "ftp": provider("ftp.hooks.ftp", "FTPHook"),
    "github": provider("github.hooks.github", "GithubHook"),
    "http": provider("http.operators.http", "HttpOperator"),
    "imap": provider("imap.hooks.imap", "ImapHook"),
    "jenkins": provider("jenkins.hooks.jenkins", "JenkinsHook"),
    "livy": provider("apache.livy.hooks.livy", "LivyHook"),
    "opsgenie": provider("opsgenie.notifications.opsgenie", "OpsgenieNotifier"),
    "pagerduty": provider("pagerduty.hooks.pagerduty", "PagerdutyHook"),
    "postgres": provider("postgres.hooks.postgres", "PostgresHook"),
    "redis": provider("redis.hooks.redis", "RedisHook"),
    "samba": provider("samba.hooks.samba", "SambaHook"),
    "sftp": provider("sftp.hooks.sftp", "SFTPHook"),
    "slack": provider("slack.notifications.slack", "SlackNotifier"),
    "sqlite": provider("sqlite.hooks.sqlite", "SqliteHook"),
    "ssh": provider("ssh.operators.ssh", "SSHOperator"),
    "telegram": provider("telegram.hooks.telegram", "TelegramHook"),
    "winrm": provider("microsoft.winrm.hooks.winrm", "WinRMHook"),
}
"""Providers that are quick to install."""

PREINSTALLED = {
    "common-io": provider("common.io.operators.file_transfer", "FileTransferOperator"),
    "common-sql": provider("common.sql.operators.sql", "SQLExecuteQueryOperator"),
    "smtp": provider("smtp.hooks.smtp", "SmtpHook"),
    "standard": provider("standard.operators.bash", "BashOperator"),
}
"""Those that every Airflow 3 has."""

AMAZON = provider("amazon.aws.hooks.s3", "S3Hook")
S3 = Provider("apache-airflow-providers-amazon", "", "s3")
SFTP = Provider("apache-airflow-providers-sftp", "", "sftp")
KUBERNETES = provider("cncf.kubernetes.operators.pod", "KubernetesPodOperator")
COSMOS = Provider("astronomer-cosmos", "cosmos", "ProfileConfig")
DAG_FACTORY = Provider("dag-factory", "dagfactory", "load_yaml_dags")

TEMPLATE = '''\
"""Made for a test."""

from __future__ import annotations

{imports}
{top}

with DAG("{name}", schedule=None, start_date=None):

    @task
    def work():
{body}
        return 1

    work()
'''
SDK = "from airflow.sdk import DAG, task"
AIRFLOW_2 = "from airflow import DAG\nfrom airflow.decorators import task"


def dag(name: str, top: str = "", body: str = "", imports: str = SDK) -> str:
    """A DAG file with `top` at its start, and `body` in its only task."""
    return TEMPLATE.format(imports=imports, top=top, name=name, body=indent(body or "pass", " " * 8))


Shape = Callable[[str, Provider, str], Files]
"""Makes the files of a DAG that uses a provider in one way, by the name of the file, the provider and the
folder of the DAGs."""


def on_storage(name: str, used: Provider, folder: str) -> Files:
    """Imports nothing of the provider, but reaches what its scheme stands for."""
    body = f'from airflow.sdk import ObjectStoragePath\n\nprint(ObjectStoragePath("{used.member}://ours@place/data"))'
    return {f"{folder}/{name}.py": dag(name, body=body)}


def at_the_top(name: str, used: Provider, folder: str) -> Files:
    return {f"{folder}/{name}.py": dag(name, used.statement)}


def as_a_module(name: str, used: Provider, folder: str) -> Files:
    return {
        f"{folder}/{name}.py": dag(name, f"import {used.module} as outside\n\nKIND = outside.{used.member}")
    }


def in_a_function(name: str, used: Provider, folder: str) -> Files:
    return {f"{folder}/{name}.py": dag(name, body=f"{used.statement}\n\nprint({used.member})")}


def guarded(name: str, used: Provider, folder: str) -> Files:
    top = f"try:\n    {used.statement}\nexcept ImportError:\n    {used.member} = None"
    return {f"{folder}/{name}.py": dag(name, top)}


def for_types_alone(name: str, used: Provider, folder: str) -> Files:
    top = f"from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    {used.statement}"
    return {f"{folder}/{name}.py": dag(name, top)}


def by_name(name: str, used: Provider, folder: str) -> Files:
    top = f"import importlib\n\nKIND = importlib.import_module({used.module!r}).{used.member}"
    return {f"{folder}/{name}.py": dag(name, top)}


def in_a_branch(name: str, used: Provider, folder: str) -> Files:
    top = (
        f"import sys\n\nif sys.version_info >= (3, 9):\n    {used.statement}\nelse:\n    {used.member} = None"
    )
    return {f"{folder}/{name}.py": dag(name, top)}


def through_a_module(name: str, used: Provider, folder: str) -> Files:
    inner = f'"""Made for a test."""\n\n{used.statement}\n\nKIND = {used.member}\n'
    return {
        f"{folder}/parts_of_{name}/__init__.py": "",
        f"{folder}/parts_of_{name}/outside.py": inner,
        f"{folder}/{name}.py": dag(name, f"from parts_of_{name}.outside import KIND"),
    }


def through_a_package(name: str, used: Provider, folder: str) -> Files:
    """The package's `__init__` hands on what its module imports."""
    inner = f'"""Made for a test."""\n\n{used.statement}\n\nKIND = {used.member}\n'
    return {
        f"{folder}/parts_of_{name}/__init__.py": "from .outside import KIND\n",
        f"{folder}/parts_of_{name}/outside.py": inner,
        f"{folder}/{name}.py": dag(name, f"import parts_of_{name}"),
    }


def later_through_a_module(name: str, used: Provider, folder: str) -> Files:
    inner = f'"""Made for a test."""\n\n\ndef kind():\n    {used.statement}\n\n    return {used.member}\n'
    return {
        f"{folder}/parts_of_{name}.py": inner,
        f"{folder}/{name}.py": dag(name, f"from parts_of_{name} import kind", "print(kind())"),
    }


def in_a_plugin(name: str, used: Provider, folder: str) -> Files:
    inner = f'"""Made for a test."""\n\n{used.statement}\n\n\nclass Ours({used.member}):\n    pass\n'
    plugins = f"{folder.rpartition('dags')[0]}plugins"
    return {
        f"{plugins}/ours_for_{name}.py": inner,
        f"{folder}/{name}.py": dag(name, f"from ours_for_{name} import Ours"),
    }


def of_the_package(name: str, used: Provider, folder: str) -> Files:
    package, _, module = used.module.rpartition(".")
    return {f"{folder}/{name}.py": dag(name, f"from {package} import {module} as outside")}


def in_a_class(name: str, used: Provider, folder: str) -> Files:
    return {f"{folder}/{name}.py": dag(name, f"class Ours:\n    {used.statement}")}


def in_a_coroutine(name: str, used: Provider, folder: str) -> Files:
    top = f"async def kind():\n    {used.statement}\n\n    return {used.member}"
    return {f"{folder}/{name}.py": dag(name, top)}


def raised_again(name: str, used: Provider, folder: str) -> Files:
    top = f"try:\n    {used.statement}\nexcept ImportError:\n    print('not there')\n    raise"
    return {f"{folder}/{name}.py": dag(name, top)}


def suppressed(name: str, used: Provider, folder: str) -> Files:
    top = f"from contextlib import suppress\n\nwith suppress(ImportError):\n    {used.statement}"
    return {f"{folder}/{name}.py": dag(name, top)}


def unless_for_types(name: str, used: Provider, folder: str) -> Files:
    top = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from typing import Any\nelse:\n"
    return {f"{folder}/{name}.py": dag(name, f"{top}    {used.statement}")}


SHAPES: tuple[Shape, ...] = (
    of_the_package,
    in_a_class,
    in_a_coroutine,
    raised_again,
    suppressed,
    unless_for_types,
    at_the_top,
    as_a_module,
    in_a_function,
    guarded,
    for_types_alone,
    by_name,
    in_a_branch,
    through_a_module,
    through_a_package,
    later_through_a_module,
    in_a_plugin,
)
