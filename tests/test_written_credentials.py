from __future__ import annotations

from textwrap import dedent

import pytest
from airwarden.dag import DagFile
from airwarden.source import Source
from airwarden.written_credentials import is_credential, written_credentials


def written(code: str, **imported: str) -> list[tuple[str, int]]:
    file = DagFile.read(Source("dags/a.py", dedent(code)))
    found = written_credentials(file, lambda name: imported.get(name.replace(".", "_")))
    return [(each.name, file.region(each.node).line) for each in found]


def test_a_credential_is_told_once_where_its_literal_stands() -> None:
    code = """\
    WORD = "n0tareal"
    url = f"postgresql://etl:{WORD}@db/dwh"
    connect(password=WORD)
    connect(passwd=WORD)
    """
    assert written(code) == [("password", 1)]


def test_a_text_of_another_module_is_told_where_it_is_used() -> None:
    code = 'from common import WORD\nurl = f"postgresql://etl:{WORD}@db/dwh"'
    assert written(code, common_WORD="n0tareal") == [("A URL", 2)]
    assert written(code) == []


def test_positions_of_own_functions_have_their_names() -> None:
    code = """\
    class A:
        def f(self, user, password): ...
    A().f("etl", "n0tareal")
    def g(user, /, password=None): ...
    g("etl", "n0tareal")
    g(*row, "n0tareal")
    """
    assert written(code) == [("password", 3), ("password", 5)]


def test_messages_hold_no_part_of_a_credential() -> None:
    code = """\
    a = f(password="n0tareal")
    b = "CREATE USER x IDENTIFIED BY 'n0tareal'"
    c = ["curl", "-u", "etl:n0tareal"]
    d = '{"client_secret": "n0tareal-0auth"}'
    """
    file = DagFile.read(Source("dags/a.py", dedent(code)))
    found = list(written_credentials(file))
    assert len(found) == 4
    assert not [each for each in found if "n0ta" in each.message + each.name]


@pytest.mark.parametrize(
    "text", ["password", "db_password", "a b c", "{x}", "^[a-z]+$", "string", "s3://x", ""]
)
def test_what_is_no_password(text: str) -> None:
    assert not is_credential(text, "password")


@pytest.mark.parametrize("text", ["cloud", "google_default", "slack-token-v2", "abcde"])
def test_what_is_no_token(text: str) -> None:
    assert not is_credential(text, "token")
