"""The chart refuses to render: `extraEnv` and `extraEnvFrom` are texts, and here stands a list or a map.

The official chart renders both as templates, so its schema takes a string alone: `helm install` stops at
`Invalid type. Expected: [null,string]`. Its own guide shows a map in one place. The User-Community's chart
is the other way round: its `airflow.extraEnv` is a list.

Make a text of it with `|-`:

    extraEnv: |-
      - name: AIRFLOW_CONN_WAREHOUSE
        valueFrom:
          secretKeyRef:
            name: warehouse
            key: connection
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.deployment.chart_values import is_surely_official
from airwarden.findings import Edit, Finding, Fix, Region
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import Entry, ValuesFile
from airwarden.yaml_tree import Mapping, Sequence

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="make it a text with |-",
    see="https://airflow.apache.org/docs/helm-chart/stable/adding-connections-and-variables.html",
    applies_to="official chart",
    profile="recommended",
    severity=4.0,
)


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Flags a list or a map where the schema wants a string."""
    for root in values.roots:
        for key in ("extraEnv", "extraEnvFrom") if is_surely_official(values, root, repo) else ():
            entry = values.entry((*root.path, key))
            region = entry.key_region if entry else None
            if entry and region and isinstance(entry.node, (Mapping, Sequence)) and not entry.node.in_text:
                form = "a map" if isinstance(entry.node, Mapping) else "a list"
                message = f"{key} is {form}: the schema of the chart takes a string only"
                yield rule.finding(region, message, subject=entry.dotted, fix=_fix(values, entry, region))


def _fix(values: ValuesFile, entry: Entry, key: Region) -> Fix | None:
    """Puts `|-` behind the key of a list that stands below it."""
    if not isinstance(entry.node, Sequence) or not entry.node.children:
        return None
    text = values.source.text
    start = values.source.offset(key.end_line, key.end_column)
    end = text.find(":", start) + 1
    between = text[end : entry.node.start]
    is_below = "\n" in between and between.strip() == "" and entry.region.column > key.column
    if text[start:end] != ":" or not is_below:
        return None
    return Fix("make it a text", (Edit(values.source.region(end, end), " |-"),))
