"""Which provider has the hook of a type of connections."""

from __future__ import annotations

from functools import cache

from airwarden.distributions.names import Need
from airwarden.distributions.tables import rows


def need_of_connection_type(conn_type: str) -> Need | None:
    """What has to be installed to use connections of a type; None of one that is not known.

    Types are compared as Airflow does: `google-cloud-platform` in a URL is `google_cloud_platform`.
    """
    return _types().get(conn_type.strip().lower().replace("-", "_"))


@cache
def _types() -> dict[str, Need]:
    return {
        row["conn_type"].lower().replace("-", "_"): Need(row["distribution"])
        for row in rows("connection_types")
    }
