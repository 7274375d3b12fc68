"""A placeholder where a secret belongs goes live when nobody fills it in.

`changeme`, `<password>` or `xxxx` is no secret that leaks. It is one that everybody knows, as soon as the
file is used as it stands: as the key of a server, as the password of a database that takes any.

Flagged are placeholders under names that say secret: in values, in an airflow.cfg, a Dockerfile, a compose or
an .env file, and as arguments of calls in DAG files. Files that are called an example, a sample or a template
are there to be filled in, and pass. Take the secret from where it is kept, so that nothing has to be filled
in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from airwarden.credentials.literals import asks_for_secret
from airwarden.credentials.names import names_a_secret
from airwarden.findings import Finding, Region
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.rule import Rule

if TYPE_CHECKING:
    from airwarden import syntax
    from airwarden.dag import DagFile
    from airwarden.deployment.effective import Deployment
    from airwarden.deployment.settings import Setting
    from airwarden.values import Path, ValuesFile

rule = Rule(
    __name__,
    help=__doc__,
    level="note",
    remedy="take the secret from a Secret, a connection or a variable of the environment, by its name",
    see="https://airflow.apache.org/docs/apache-airflow/stable/security/secrets/index.html",
    profile="recommended",
    severity=3.0,
)

TO_FILL_IN = regex(
    r"(?:.*[-_./])?(?:dist|docs?|examples?|samples?|templates?|tmpl|tpl|tutorials?)(?:[-_./].*)?",
    re.IGNORECASE,
)
REMARKS = regex(r".*(?:annotations|labels)", re.IGNORECASE)


@rule.values
def check_values(values: ValuesFile, _: Repo) -> Iterator[Finding]:
    """Flags placeholders in values: options, variables and other keys."""
    from airwarden.values import lasting

    if TO_FILL_IN.fullmatch(values.path):
        return
    for region, name, path, text in _named(values):
        if text and _is_open(name, text) and not any(map(_is_remark, path)):
            yield rule.finding(region, f"{name} is still a placeholder", subject=lasting(path, name))


def _named(values: ValuesFile) -> Iterator[tuple[Region, str, Path, str | None]]:
    """Variables, those inside of texts among them, and all other values that have a key."""
    variables = {item.region: item for item in values.env_items()}
    yield from ((each.region, each.name, each.path, each.text) for each in variables.values())
    for entry in values.entries():
        if entry.key and entry.region not in variables:
            yield entry.region, entry.name, entry.path, entry.text


@rule.deployment
def check_settings(deployment: Deployment, _: Repo) -> Iterator[Finding]:
    """Flags placeholders in the other files that settings are taken from."""
    options = (each for each in deployment.settings if each.place == "config")
    for setting in (*options, *deployment.variables):
        is_model = TO_FILL_IN.fullmatch(setting.region.path) is not None
        if setting.text and not is_model and _is_open(setting.variable, setting.text):
            message = f"{_called(setting)} is still a placeholder"
            yield rule.finding(setting.region, message, subject=_called(setting))


@rule.dag
def check_dag(dag_file: DagFile, _: Repo) -> Iterator[Finding]:
    """Flags placeholders that calls are given as secrets."""
    if TO_FILL_IN.fullmatch(dag_file.path):
        return
    for site in dag_file.module.calls:
        for argument in site.call.arguments:
            if argument.keyword and _asks(argument.value) and _wants_secret(argument.keyword):
                message = f"{argument.keyword} is still a placeholder"
                yield rule.finding(dag_file.region(argument.value), message, subject=argument.keyword)


def _asks(value: syntax.Expression) -> bool:
    from airwarden.syntax import Constant

    match value:
        case Constant(value=str(text)):
            return asks_for_secret(text)
        case _:
            return False


def _is_open(name: str, text: str) -> bool:
    """Whether a placeholder stands where a secret belongs, and nobody may have taken it for one."""
    from airwarden.credentials.sensitive import is_plain_secret

    return asks_for_secret(text) and _wants_secret(name) and not is_plain_secret(text, name)


def _wants_secret(name: str) -> bool:
    from airwarden.credentials.sensitive import setting_of

    option = setting_of(name)
    return (option is not None and option.form == "literal") or names_a_secret(name)


def _called(setting: Setting) -> str:
    return setting.called(setting.section, setting.variable.rpartition("__")[2].lower())


def _is_remark(part: str | int) -> bool:
    return isinstance(part, str) and REMARKS.fullmatch(part) is not None
