"""Of two places that set one connection Airflow takes one without a word, and the other is edited in vain.

A variable `AIRFLOW_CONN_*` that stands twice in the environment of a pod has the value of the last one:
`extraEnv` comes after `secret`, and that after `env`. And Airflow looks into its environment before its
database, so a connection that the community chart keeps there, in `airflow.connections`, is never used while
`AIRFLOW_CONN_*` sets one of the same id. Whoever rotates the password in the wrong place changes nothing.

Flagged is the place that loses, in one values file or one file of variables, unless both say the same. That
one component gets a connection of its own is left alone. Keep one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from airwarden.deployment.effective import Deployment
from airwarden.deployment.settings import ALL, Setting
from airwarden.findings import Finding, Related
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import ValuesFile
from airwarden.yaml_tree import Scalar
from airwarden.yaml_tree import Sequence as YamlSequence

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="keep one of the two",
    see="https://airflow.apache.org/docs/apache-airflow/stable/howto/connection.html",
    profile="recommended",
)

PREFIX = "AIRFLOW_CONN_"
LISTS = ("env", "secret", "extraEnv")
"""The lists of variables of the official chart, in the order in which a pod gets them."""


@rule.deployment
def check(deployment: Deployment, _: Repo) -> Iterator[Finding]:
    """Flags variables that another one follows, then connections in the database that a variable hides."""
    variables = [
        each for each in deployment.settings if each.variable.startswith(PREFIX) and _is_for_all(each)
    ]
    ordered = sorted(variables, key=_place)
    for _key, group in groupby(ordered, key=lambda each: _place(each)[:3]):
        yield from _overtaken(list(group))
    for values in deployment.values_files:
        yield from _in_database(values, deployment)


def _is_for_all(setting: Setting) -> bool:
    if setting.place == "env":
        return True
    return (
        setting.place == "chart"
        and setting.components == ALL
        and setting.path[-1:] in [(key,) for key in LISTS]
    )


def _place(setting: Setting) -> tuple[str, str, str, int, object]:
    """File, variable and the values around the list, then in which order they count."""
    last = LISTS.index(str(setting.path[-1])) if setting.path else 0
    return setting.region.path, setting.variable, repr(setting.path[:-1]), last, setting.region


def _overtaken(rivals: Sequence[Setting]) -> Iterator[Finding]:
    winner = rivals[-1]
    for each in rivals[:-1]:
        if each.text is None or each.text != winner.text:
            message = f"{each.variable} is set once more, on line {winner.name_region.line}, which counts"
            related = [Related(winner.name_region, "this one counts")]
            yield rule.finding(each.name_region, message, related=related, subject=each.variable)


def _in_database(values: ValuesFile, deployment: Deployment) -> Iterator[Finding]:
    for root in values.roots:
        listed = values.entry((*root.path, "airflow", "connections")) if root.chart == "community" else None
        items = listed.node.children if listed and isinstance(listed.node, YamlSequence) else ()
        for place, _ in enumerate(items):
            entry = values.entry((*root.path, "airflow", "connections", place, "id"))
            if entry is None or not isinstance(entry.node, Scalar):
                continue
            name = f"{PREFIX}{entry.node.text.upper()}"
            hiding = [each for each in deployment.variable(name) if each.region.path == values.path]
            if any(_is_for_all(each) for each in hiding):
                message = f"the variable {name} hides the connection {entry.node.text!r} of the database"
                related = [Related(hiding[0].name_region, "this one counts")]
                yield rule.finding(entry.region, message, related=related, subject=entry.node.text)
