"""What Airflow needs to reach a URL."""

from __future__ import annotations

from functools import cache
from typing import Literal

from airwarden.distributions.names import Need
from airwarden.distributions.tables import rows


def need_of_url(url: str, used_for: Literal["storage", "logs"]) -> Need | None:
    """What Airflow needs to reach a URL as object storage, or to write its logs there; None if nothing."""
    scheme, separator, _ = url.strip().partition("://")
    if not separator and used_for == "logs":
        scheme = "wasb" if scheme.startswith("wasb") else ""
    return _schemes().get((scheme.lower(), used_for))


@cache
def _schemes() -> dict[tuple[str, str], Need]:
    return {(row["scheme"], row["used_for"]): Need.parse(row["requirement"]) for row in rows("url_schemes")}
