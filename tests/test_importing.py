"""Edits that import a name: once, in its place, in the style of the file."""

from __future__ import annotations

import ast

import pytest
from airwarden.dag import DagFile
from airwarden.importing import imported
from airwarden.source import Source

MODULE, NAME = "airflow.providers.slack.notifications.slack", "send"
OWN = "from own import b\n"
LINE = f"from {MODULE} import {NAME}\n"


def with_import(text: str, module: str = MODULE, name: str = NAME) -> tuple[str, str] | None:
    """The name to use at the last line of a text, and the text with the import."""
    source = Source("dags/a.py", text)
    file = DagFile.read(source)
    found = imported(file, module, name, source.region(len(text.rstrip()), len(text.rstrip())))
    if found is None:
        return None
    for edit in found.edits:
        start = source.offset(edit.region.line, edit.region.column)
        end = source.offset(edit.region.end_line, edit.region.end_column)
        text = text[:start] + edit.text + text[end:]
    ast.parse(text.removeprefix("\ufeff"))
    return found.name, text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from airflow import DAG\n\nx = 1\n", f"from airflow import DAG\n{LINE}\nx = 1\n"),
        ("from airflow.sdk import DAG\nx = 1\n", f"{LINE}from airflow.sdk import DAG\nx = 1\n"),
        (
            f"import os\n\nfrom airflow.models import A\nfrom airflow.sdk import B\n\n{OWN}x = 1\n",
            f"import os\n\nfrom airflow.models import A\n{LINE}from airflow.sdk import B\n\n{OWN}x = 1\n",
        ),
        ("import os; import sys\nx = 1\n", f"import os; import sys\n{LINE}x = 1\n"),
        ("import airflow\nx = 1\n", f"import airflow\n{LINE}x = 1\n"),
        ("import os  # why\nx = 1\n", f"import os  # why\n{LINE}x = 1\n"),
        (
            "from airflow import (\n    A,\n    B,\n)\nx = 1\n",
            f"from airflow import (\n    A,\n    B,\n)\n{LINE}x = 1\n",
        ),
        ("from airflow import A, \\\n    B\nx = 1\n", f"from airflow import A, \\\n    B\n{LINE}x = 1\n"),
        (
            "from __future__ import annotations\nx = 1\n",
            f"from __future__ import annotations\n\n{LINE}x = 1\n",
        ),
        ('"""Docs.\n\nMore.\n"""\nx = 1\n', f'"""Docs.\n\nMore.\n"""\n\n{LINE}x = 1\n'),
        (
            '"""Docs."""\n\nfrom __future__ import annotations\n\nx = 1\n',
            f'"""Docs."""\n\nfrom __future__ import annotations\n\n{LINE}\nx = 1\n',
        ),
        (
            "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\nx = 1\n",
            f"#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\n{LINE}\nx = 1\n",
        ),
        ("x = 1\n", f"{LINE}\nx = 1\n"),
        ("\ufeffx = 1\n", f"\ufeff{LINE}\nx = 1\n"),
        ("import os\r\nx = 1\r\n", f"import os\r\n{LINE[:-1]}\r\nx = 1\r\n"),
        (f"from {MODULE} import a, z\nx = 1\n", f"from {MODULE} import a, send, z\nx = 1\n"),
        (f"from {MODULE} import A, B\nx = 1\n", f"from {MODULE} import A, B, send\nx = 1\n"),
        (f"from {MODULE} import z, a\nx = 1\n", f"from {MODULE} import z, a, send\nx = 1\n"),
        (f"from {MODULE} import z  # why\nx = 1\n", f"from {MODULE} import send, z  # why\nx = 1\n"),
        (f"from {MODULE} import (\n    a,\n)\nx = 1\n", f"from {MODULE} import (\n    a,\n)\n{LINE}x = 1\n"),
        (f"from {MODULE} import a as b\nx = 1\n", f"from {MODULE} import a as b\n{LINE}x = 1\n"),
        (
            "try:\n    import a\nexcept ImportError:\n    a = None\nx = 1\n",
            f"{LINE}\ntry:\n    import a\nexcept ImportError:\n    a = None\nx = 1\n",
        ),
    ],
)
def test_an_import_gets_its_place(before: str, after: str) -> None:
    assert with_import(before) == (NAME, after)


def test_only_imports_before_the_place_count() -> None:
    text = "import os\n\nx = 1\n"
    source = Source("dags/a.py", f"{text}import sys\n")
    found = imported(DagFile.read(source), MODULE, NAME, source.region(len(text) - 2, len(text) - 1))
    assert found is not None
    assert [edit.region.line for edit in found.edits] == [2]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"from {MODULE} import send\nx = 1\n", "send"),
        (f"from {MODULE} import send as tell\nx = 1\n", "tell"),
    ],
)
def test_what_is_imported_already_is_not_imported_again(text: str, name: str) -> None:
    assert with_import(text) == (name, text)


@pytest.mark.parametrize(
    "text",
    [
        "def send():\n    pass\nx = 1\n",
        "from other import send\nx = 1\n",
        "def make():\n    send = 1\n    return send\nx = 1\n",
        "from other import *\nx = 1\n",
    ],
)
def test_a_name_that_may_mean_something_else_is_left_alone(text: str) -> None:
    assert with_import(text) is None
