"""What the connections that settings make need."""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.credentials.connections import connection_of
from airwarden.distributions.connection_types import need_of_connection_type
from airwarden.findings import Region
from airwarden.needs.use import Use
from airwarden.values import ValuesFile
from airwarden.yaml_tree import Mapping, Scalar, Sequence

PREFIX = "AIRFLOW_CONN_"
_IN_CORE = frozenset({"fs", "package_index"})
"""Types whose hooks every Airflow has, now in a provider that it brings."""

HARM = "what asks the connection for its hook fails"


def use_of_connection(text: str, region: Region, name: str, trusts_image: bool = False) -> Iterator[Use]:
    """What the connection in a URI or JSON needs, at the place where that stands."""
    yield from _use_of_type(connection_of(text).kind, region, name, trusts_image)


def listed_connections(values_file: ValuesFile) -> Iterator[Use]:
    """What the connections need that the community chart makes, each at its type."""
    for root in values_file.roots:
        path = (*root.path, "airflow", "connections")
        listed = values_file.entry(path) if root.chart == "community" else None
        items = listed.node.children if listed and isinstance(listed.node, Sequence) else []
        for place, item in enumerate(items):
            kind = item.get("type") if isinstance(item, Mapping) else None
            entry = values_file.entry((*path, place, "type"))
            if isinstance(kind, Scalar) and entry:
                yield from _use_of_type(kind.text, entry.region, entry.dotted, trusts_image=False)


def _use_of_type(kind: str, region: Region, name: str, trusts_image: bool) -> Iterator[Use]:
    if kind in _IN_CORE:
        return
    need = need_of_connection_type("postgres" if kind == "postgresql" else kind) if kind else None
    if need is not None:
        yield Use(need, region, name, "run", trusts_image=trusts_image, level="warning", harm=HARM)
