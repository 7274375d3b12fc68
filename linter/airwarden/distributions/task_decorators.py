"""Which provider has a decorator of tasks, as in `@task.docker`."""

from __future__ import annotations

from functools import cache

from airwarden.distributions.names import Need
from airwarden.distributions.tables import rows


def need_of_task_decorator(variant: str) -> Need | None:
    """What has to be installed for `@task.<variant>`; None of one that is not known."""
    return _decorators().get(variant)


@cache
def _decorators() -> dict[str, Need]:
    return {row["variant"]: Need(row["distribution"]) for row in rows("task_decorators")}
