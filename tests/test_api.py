"""The public API: what rules of others rest on is there, typed, documented, and as it was."""

from __future__ import annotations

import ast
import inspect
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from airwarden import api
from airwarden.config import Config
from airwarden.repo import Repo

from tests.conftest import MakeRepository

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "tests" / "snapshots" / "api.txt"
SOURCE = ROOT / "linter" / "airwarden" / "api.py"


def members() -> list[tuple[str, str]]:
    return [(kind, name) for kind, names in api.PROMISED.items() for name in names]


def fields_of(kind: type[Any]) -> dict[str, str]:
    """The annotations of a class and of what its constructor sets."""
    found = {
        name: str(annotation)
        for base in kind.__mro__
        for name, annotation in vars(base).get("__annotations__", {}).items()
    }
    constructor = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    for node in ast.walk(constructor):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and ast.unparse(node.value) == "self"
        ):
            found.setdefault(node.attr, "")
    return found


def described(kind: type[Any], name: str) -> str:
    """A member as the snapshot has it."""
    found = inspect.getattr_static(kind, name, None)
    if inspect.isfunction(found):
        return f"{name}{inspect.signature(found)}"
    getter = getattr(found, "fget", None) or getattr(found, "func", None) or getattr(found, "_make", None)
    if getter is not None:
        return f"{name} -> {inspect.signature(getter).return_annotation}"
    return f"{name}: {fields_of(kind)[name]}".removesuffix(": ")


def drawn() -> Iterator[str]:
    for kind, names in api.PROMISED.items():
        yield f"class {kind}"
        yield from (f"    {described(getattr(api, kind), name)}" for name in names)
    yield f"dags_of{inspect.signature(api.dags_of)}"


def test_the_api_is_as_it_was() -> None:
    """AIRWARDEN_UPDATE_SNAPSHOTS=1 writes the snapshot anew; what is taken away or changed breaks packs."""
    text = "".join(f"{line}\n" for line in drawn())
    if os.environ.get("AIRWARDEN_UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert text == SNAPSHOT.read_text(encoding="utf-8")


@pytest.mark.parametrize(("kind", "name"), members())
def test_what_is_promised_is_documented(kind: str, name: str) -> None:
    made = getattr(api, kind)
    found = inspect.getattr_static(made, name, None)
    is_told = name in fields_of(made) or bool(inspect.getdoc(getattr(found, "_make", found)))
    assert is_told
    assert inspect.getdoc(made)


def test_every_name_is_there_and_no_other() -> None:
    assert {name for name in api.__all__ if getattr(api, name, None) is None} == set()
    assert set(api.__all__) == {*api._HOMES, "PROMISED", "dags_of"}
    assert set(api.PROMISED) | {"Level"} == set(api._HOMES)
    with pytest.raises(AttributeError, match="no attribute 'Judge'"):
        getattr(api, "Judge")  # noqa: B009


def test_type_checkers_see_the_names_where_they_are() -> None:
    homes = {
        alias.name: (node.module or "").removeprefix("airwarden.")
        for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("airwarden.")
        for alias in node.names
    }
    del homes["DagArguments"]
    assert homes == api._HOMES


def test_a_name_is_loaded_when_it_is_asked_for() -> None:
    code = (
        "import sys\nfrom airwarden.api import Finding, Rule\n"
        "print(*sorted(set(sys.argv[1:]) & sys.modules.keys()))"
    )
    heavy = ["airwarden.dag", "airwarden.values", "airwarden.repo", "libcst", "yaml", "jsonschema"]
    run = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert run.stdout == "\n"


DAGS = """\
import requests as r
from airflow.sdk import DAG

rows = r.get("https://example.org", timeout=3)
with DAG("orders", tags=["team:sales"], schedule=unknown(), default_args={"retries": 2, "owner": unknown()}):
    pass
"""


def test_the_arguments_of_dags_are_answered_with_what_is_known(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": DAGS})
    repo = Repo(root, Config())
    (dag,) = api.dags_of(repo.dag_file("dags/a.py"), repo)
    assert (dag.id, dag.title, dag.subject, dag.region.line) == ("orders", "DAG 'orders'", "dag orders", 5)
    assert dag.get("tags") == ["team:sales"]
    assert dag.get("tags.0") == "team:sales"
    assert dag.get("default_args") == {"retries": 2}
    assert dag.get("default_args.retries") == 2
    assert dag.get("default_args.owner", "nobody") == "nobody"
    assert [dag.is_known(path) for path in ("schedule", "default_args.owner", "catchup", "tags.1")] == [
        *(False, False),
        *(True, True),
    ]
    assert repo.source("dags/a.py").slice(dag.region_of("default_args.retries")) == "2"
    assert dag.written("catchup") is None
    assert dag.region_of("catchup") == dag.region


def test_calls_are_found_by_their_full_name(make_repository: MakeRepository) -> None:
    repo = Repo(make_repository({"dags/a.py": DAGS}), Config())
    file = repo.dag_file("dags/a.py")
    (site,) = file.calls_of("requests.get", "requests.post")
    written = site.call.argument(0, "url")
    assert written is not None
    assert file.text(written, site.scope) == "https://example.org"
    assert file.region(site.call).line == 4
