from __future__ import annotations

from textwrap import dedent

import pytest
from airwarden.dag import DagFile
from airwarden.logged_secrets import is_masked, logged_secrets
from airwarden.source import Source

HEAD = dedent(
    """
    import logging, os
    from airflow.sdk import BaseHook, Connection, Variable
    log = logging.getLogger()
    """
)


def logged(code: str) -> list[tuple[str, str, bool]]:
    file = DagFile.read(Source("dags/a.py", HEAD + dedent(code)))
    return [(each.name, each.source, each.is_masked) for each in logged_secrets(file)]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("print(BaseHook.get_connection('x').password)", ("password", "connection", True)),
        ("c = Connection.get('x')\nlog.info('%s', c.get_uri())", ("get_uri()", "uri", False)),
        ("print(Variable.get('api_key'))", ("api_key", "variable", True)),
        ("print(Variable.get('db_pwd'))", ("db_pwd", "variable", False)),
        ("print(os.environ['API_KEY'])", ("API_KEY", "environment", False)),
        ("print(os.environ)", ("os.environ", "everything", False)),
        ("print(client.get_secret_value(SecretId='x'))", ("get_secret_value", "store", False)),
        ("def f(password):\n    print(password)", ("password", "name", False)),
        ("def f(access_token):\n    print(access_token)", ("access_token", "name", False)),
        ("Operator(bash_command='echo $API_KEY')", ("$API_KEY", "environment", False)),
        ("Operator(bash_command='echo {{ conn.x.password }}')", ("password", "connection", True)),
        ("Operator(bash_command='printenv')", ("the whole environment", "everything", False)),
    ],
)
def test_where_a_logged_secret_comes_from(code: str, found: tuple[str, str, bool]) -> None:
    assert logged(code) == [found]


@pytest.mark.parametrize(
    "code",
    [
        "def f(token, secret):\n    print(token, secret)",
        "print(os.environ['HOME'], Variable.get('bucket'))",
        "print(math.log(password))",
        "x = 'password'\nprint(x)",
        "password = 'changeme'\nprint(password)",
        "password = a is None\nprint(password)",
        "print(password == other)",
        "print(len(password))",
        "Operator(bash_command='echo $API_KEY | login')",
        "Operator(bash_command='echo $API_KEY >> file')",
        "Operator(bash_command='env X=1 load')",
        "Operator(bash_command='env', env={})",
    ],
)
def test_what_holds_no_secret_or_goes_elsewhere(code: str) -> None:
    assert logged(code) == []


@pytest.mark.parametrize("name", ["api_key", "DB_PASSWORD", "my-token-1", "webhook_url"])
def test_airflow_masks_by_parts_of_names(name: str) -> None:
    assert is_masked(name)


@pytest.mark.parametrize("name", ["db_pwd", "pin", "credentials", "bucket"])
def test_airflow_does_not_know_other_names(name: str) -> None:
    assert not is_masked(name)
