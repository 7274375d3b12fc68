"""What the switches of the charts need, beyond the options of Airflow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, partial

from airwarden.charts import Root
from airwarden.distributions.tables import rows
from airwarden.needs.asks import Ask
from airwarden.needs.conditions import counts
from airwarden.values import Entry, ValuesFile
from airwarden.yaml_tree import Scalar


def written_in(entry: Entry | None) -> str:
    """A scalar's text, truth values too; empty for anything else."""
    node = entry.node if entry else None
    return node.text if isinstance(node, Scalar) and node.kind != "null" else ""


def text_at(values_file: ValuesFile, root: Root, path: str) -> str:
    """The text at a dotted path of a chart; empty where there is none."""
    return written_in(values_file.entry((*root.path, *path.split("."))))


def switches_in(values_file: ValuesFile) -> Iterator[tuple[Ask, Entry, str]]:
    """Each switch that is written out and counts: what it asks for, where, and its text."""
    for root in values_file.roots:
        chart = "community" if root.chart == "community" else "official"
        for row in _switches()[chart]:
            entry = values_file.entry((*root.path, *row["path"].split(".")))
            if entry and counts(row["only_with"], row["unless"], partial(text_at, values_file, root)):
                yield Ask.of_row(row), entry, written_in(entry)


@cache
def _switches() -> Mapping[str, tuple[dict[str, str], ...]]:
    return {
        chart: tuple(row for row in rows("switch_needs") if row["chart"] == chart)
        for chart in ("community", "official")
    }
