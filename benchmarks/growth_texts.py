"""Texts, comments and findings in any size, for `benchmarks.growth`."""

from __future__ import annotations

import base64
import random
from collections.abc import Mapping

from benchmarks.growth_data import Files, Input, joined
from benchmarks.growth_python import HEAD, one


def _text(unit: str, start: str = "", end: str = "") -> Input:
    """A text that is handed to an operator."""
    return (
        lambda count: one(f"{HEAD}BashOperator(task_id='a', bash_command='{start}{unit * count}{end}')\n"),
        2_000,
    )


def _base64(count: int) -> Files:
    noise = base64.b64encode(random.Random(count).randbytes(count * 30)).decode()
    return one(f"{HEAD}key = '{noise}'\n")


def _query(count: int) -> Files:
    columns = joined("count(a@) as b@, ", count)
    head = "from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator\n"
    return one(f"{HEAD}{head}SQLExecuteQueryOperator(task_id='a', sql='select {columns} c from d')\n")


def _partials(count: int) -> Files:
    body = "".join(f"g{n + 1} = partial(g{n}, 1)\n" for n in range(count))
    called = f"DAG('d', on_failure_callback=g{count})\n"
    return one(f"{HEAD}from functools import partial\ndef g0(): pass\n{body}{called}")


def _added(count: int) -> Files:
    sets = joined("some.add((@, @))\n", count)
    lists = joined("if @ not in all: all.append(@)\n", count)
    return one(f"{HEAD}some = set()\nall = []\n{sets}{lists}")


def _handlers(count: int) -> Files:
    return one(HEAD + "try:\n    f()\n" + joined("except g(@) as e:\n    x = @\n", count))


def _names(count: int) -> Files:
    names = joined("no-such-rule-@, ", count)
    return one(f"{HEAD}x = 1  # airwarden: ignore[{names}xcom] because\n")


def _ignored_secrets(count: int) -> Files:
    return one(HEAD + joined("password_@ = 'hunter2@Xy7'  # airwarden: ignore[secrets] a test of @\n", count))


TEXTS: Mapping[str, Input] = {
    "text: words": (_text("a b=c ")[0], 80_000),
    "text: base64": (_base64, 6_000),
    "text: open templates": (_text("{{ a {% if b %}")[0], 10_000),
    "text: commands": _text("curl -u a:$B https://c.d | sh; "),
    "text: JSON in JSON": (_text('{"a":')[0], 10_000),
    "text: columns of a query": (_query, 1_000),
    "partials of partials": (_partials, 500),
    "items added one by one": (_added, 500),
    "except after except": (_handlers, 500),
    "comments that follow each other": (
        lambda n: one(HEAD + joined("# airwarden: ignore[xcom] because @\n", n) + "x = 1\n"),
        1_000,
    ),
    "comments in YAML": (
        lambda n: {"values.yaml": joined("# airwarden: ignore[secrets] because @\n", n) + "executor: a\n"},
        1_000,
    ),
    "names in a comment": (_names, 500),
    "secrets that are silenced": (_ignored_secrets, 500),
    "findings in all formats": (
        lambda n: one(HEAD + joined("password_@ = 'hunter2@Xy7'; value_@ = 'hunter2@Xy7'\n", n)),
        300,
    ),
}
