"""Passwords among the words of a command."""

from __future__ import annotations

import pytest
from airwarden.credentials.arguments import argument_secrets


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--password", "hunter2-x"], ["hunter2-x"]),
        (["--db-password=hunter2-x", "--token", "hunter2-y"], ["hunter2-x", "hunter2-y"]),
        (["airflow", "users", "create", "-u", "a", "-p", "hunter2-x"], ["hunter2-x"]),
        (["users", "reset-password", "-p", "hunter2-x"], ["hunter2-x"]),
        (["bash", "-c", "airflow users create -u a -p hunter2-x -r Admin"], ["hunter2-x"]),
        (["bash", "-c", "airflow users create -u a \\\n  -p 'hunter2-x'"], ["hunter2-x"]),
        (["tool --password hunter2-x && y"], ["hunter2-x"]),
        (["--password", "$(PASSWORD)", "--password", "${PASSWORD}", "--password", "{{ .Values.p }}"], []),
        (["--password", "--verbose"], []),
        (["--password"], []),
        (["--password-file", "/etc/x", "--secret-name", "airflow"], []),
        (["-p", "hunter2-x"], []),
        (["mkdir -p hunter2-x"], []),
        (["airflow users list", "mkdir -p hunter2-x"], []),
        (["airflow users create -u a && mkdir -p hunter2-x"], []),
        (["airflow users create -p $PASSWORD"], []),
        (["curl", "-u", "etl:hunter2-x", "https://a"], ["hunter2-x"]),
        (["/usr/bin/curl", "--user=etl:hunter2-x", "https://a"], ["hunter2-x"]),
        (["sh", "-c", "curl -u etl:hunter2-x https://a"], ["hunter2-x"]),
        (["mysql", "-phunter2-x", "-e", "SELECT 1"], ["hunter2-x"]),
        (["redis-server", "--requirepass", "hunter2-x"], ["hunter2-x"]),
        (["-H", "Authorization: Bearer h2nt3r4x5y6z7a8b9c0d1e2"], ["h2nt3r4x5y6z7a8b9c0d1e2"]),
        (["curl", "-u", "etl", "-u", "etl:$PASSWORD", "-u", "$(USER):$(PASSWORD)"], []),
        (["mysql", "-p", "-P3306"], []),
        ([], []),
    ],
)
def test_literal_passwords_are_found_where_they_stand(words: list[str], found: list[str]) -> None:
    places = list(argument_secrets(words))
    assert [words[place][start:end] for place, start, end in places] == found
