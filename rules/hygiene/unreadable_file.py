"""A file that can't be read as what it is was judged by no rule, so its silence proves nothing.

Airflow skips a DAG file that does not compile and shows an import error in its place: the DAGs of the file
no longer run. Helm stops at a values file that is no YAML. A pyproject.toml that is no TOML installs no
provider. The finding stands where the reader gave up, which may be a line after the fault.

Mend the file. Where it is meant to be like this, such as a template that only looks like YAML, name it under
`exclude` in `[tool.airwarden]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.findings import Finding
from airwarden.rule import Rule
from airwarden.source import TooBig, TooDeep, Unreadable

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="mend the file, or name it under `exclude` in [tool.airwarden]",
    see="https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html",
)


@rule.unreadable
def check(unreadable: Unreadable) -> Iterator[Finding]:
    """Reports where reading stopped, and why."""
    if not isinstance(unreadable, TooBig | TooDeep):
        yield rule.finding(unreadable.region, f"The file {unreadable.reason}", subject="unreadable")
