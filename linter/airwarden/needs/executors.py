"""The executors that a value of `[core] executor` names."""

from __future__ import annotations

import re

from airwarden.patterns import regex

_PART = regex(r"[\w.]+")


def executors_in(text: str, has_teams: bool, are_in_core: bool) -> str:
    """The executors, as names or dotted, with commas between them.

    `Alias:executor` counts as its executor. What `team=` has is left out unless Airflow `has_teams`, as it
    heeds it only then. Names are left out where Airflow has the executors that it knows by name in itself.
    """
    groups = [group for group in text.split(";") if has_teams or not re.match(r"\s*\w+=", group)]
    entries = (entry for group in groups for entry in group.rpartition("=")[2].split(","))
    found = [name for entry in entries for name in _of_entry(entry)]
    return ",".join(name for name in found if "." in name or not are_in_core)


def _of_entry(entry: str) -> list[str]:
    """The executor of an entry; those who write the alias behind it mean it all the same."""
    parts = _PART.findall(entry)
    return [part for part in parts if "." in part] or parts[-1:]
