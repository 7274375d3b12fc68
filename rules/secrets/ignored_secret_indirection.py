"""Airflow ignores the command or the path that is to give a value, and runs with its default instead.

`<OPTION>_CMD` and `<OPTION>_SECRET`, in airflow.cfg `<option>_cmd` and `<option>_secret`, are heeded for
options that Airflow or a provider declares sensitive, and for no others. `[elasticsearch] host` is not one
of them, nor is any connection: `AIRFLOW_CONN_AIRFLOW_DB_CMD` makes a connection called `airflow_db_cmd`.

Flagged are options that are known and not sensitive, and connections that end so and hold neither a URI
nor JSON. Options that nobody knows are left alone.

Take the value itself from a Secret, with `valueFrom.secretKeyRef` or the list `secret` of the chart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airwarden.deployment.effective import Deployment
from airwarden.deployment.indirections import base_of, is_heeded, is_known
from airwarden.deployment.settings import Setting
from airwarden.findings import Finding
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="take the value itself from a Secret: valueFrom.secretKeyRef, or the list `secret` of the chart",
    see="https://airflow.apache.org/docs/apache-airflow/stable/howto/set-config.html",
    profile="recommended",
    severity=4.0,
)

CONNECTION = regex(r"AIRFLOW_CONN_(?P<id>\w+)_(?:CMD|SECRET)")
METADATA = regex(r"AIRFLOW_CONN_AIRFLOW_DB_(?:CMD|SECRET)")
COMMAND = regex(r"(?:bash|cat|echo|sh|/[\w./-]+)\s+\S.*|[\w-]+(?:/[\w-]+)+", re.DOTALL)
"""A command line, or the path of a secret; no connection is written like either."""


@rule.deployment
def check(deployment: Deployment, _: Repo) -> Iterator[Finding]:
    """Flags each setting that Airflow reads nowhere."""
    for setting in deployment.settings:
        base = base_of(setting.variable)
        if setting.text == "":
            continue
        if base and is_known(base) and not is_heeded(base):
            called = _called(setting)
            message = f"{called} is ignored: Airflow heeds it for sensitive options only, and {base} is none"
            yield rule.finding(setting.name_region, message, subject=setting.variable)
        elif _is_no_connection(setting):
            name = setting.variable.removeprefix("AIRFLOW_CONN_").lower()
            message = f"{setting.variable} makes a connection {name!r}: connections take no command or path"
            yield rule.finding(setting.name_region, message, subject=setting.variable)


def _called(setting: Setting) -> str:
    if not setting.is_option:
        return setting.variable
    prefix = f"AIRFLOW__{setting.section.replace('.', '_')}__".upper()
    return setting.called(setting.section, setting.variable.removeprefix(prefix).lower())


def _is_no_connection(setting: Setting) -> bool:
    """Whether a connection is meant to be given by a command or a path."""
    if setting.is_option or not CONNECTION.fullmatch(setting.variable):
        return False
    return bool(METADATA.fullmatch(setting.variable) or COMMAND.fullmatch((setting.text or "").strip()))
