from __future__ import annotations

import csv
import re
import time
from pathlib import Path

import pytest
from airwarden import tables
from airwarden.credentials.masks import mask_line
from airwarden.credentials.statements import address_secrets, command_secrets, statement_secrets

TABLES = Path(tables.__file__).parent


@pytest.mark.parametrize(
    "text",
    [
        "curl -u etl:n0tareal https://x",
        "curl --user 'etl:n0tareal' https://x",
        "curl --user=etl:n0tareal https://x",
        "/usr/bin/curl -s -u etl:n0tareal https://x",
        "mysql -uroot -pn0tareal db",
        "mysqldump -pn0tareal db | gzip",
        "sshpass -p n0tareal ssh etl@x",
        'sshpass -p "n0tareal" ssh etl@x',
        "lftp -u etl,n0tareal sftp://x",
        "smbclient //x/y -U etl%n0tareal",
        "openssl enc -pass pass:n0tareal",
        "redis-cli -a n0tareal ping",
        "cd x && unzip -P n0tareal a.zip",
        "airflow variables set db_password n0tareal",
    ],
)
def test_passwords_of_commands_are_found_and_masked(text: str) -> None:
    assert [text[start:end] for _, start, end in command_secrets(text)] == ["n0tareal"]
    assert "n0tareal" not in mask_line(text)


@pytest.mark.parametrize(
    "text",
    [
        "curl -u $USER:$PASSWORD https://x",
        "curl -u {{ conn.x.login }}:{{ conn.x.password }} https://x",
        "curl -u etl https://x",
        "curl https://x; mkdir -p n0tareal",
        "mysql -u root -p db",
        "mysql -P 3306 -p3306 db",
        "mkdir -p n0tareal; docker run -p 8080:80 -u a:b image",
        "unzip -P ${ZIP_PASSWORD} a.zip",
        "sshpass -e ssh etl@x",
        "airflow variables set bucket n0tareal",
    ],
)
def test_commands_without_a_literal_password_have_none(text: str) -> None:
    assert list(command_secrets(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "CREATE USER etl IDENTIFIED BY 'n0tareal'",
        "create or replace secret lake (type s3, secret 'n0tareal')",
        "ALTER ROLE etl WITH ENCRYPTED PASSWORD 'n0tareal'",
        "COPY t FROM 's3://b' CREDENTIALS 'aws_access_key_id=a;aws_secret_access_key=n0tareal'",
        "CREATE TABLE t (a int) WITH ('password' = 'n0tareal')",
        "SET s3_secret_access_key = 'n0tareal'",
        "CREATE STAGE s CREDENTIALS = (AWS_SECRET_KEY = 'n0tareal')",
    ],
)
def test_secrets_of_statements_are_found_and_masked(text: str) -> None:
    assert [text[start:end] for _, start, end in statement_secrets(text)] == ["n0tareal"]
    assert "n0tareal" not in mask_line(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM users WHERE password = 'n0tareal'",
        "CREATE VIEW v AS SELECT * FROM users WHERE password = 'n0tareal'",
        "CREATE TABLE t (token varchar DEFAULT 'n0tareal')",
        "CREATE USER etl IDENTIFIED BY '{{ conn.x.password }}'",
        "CREATE USER etl IDENTIFIED BY '%s'",
        "COPY t FROM 's3://b' IAM_ROLE 'arn:aws:iam::0:role/n0tareal'",
        "the password 'n0tareal' is an example",
    ],
)
def test_statements_that_set_no_secret_have_none(text: str) -> None:
    assert list(statement_secrets(text)) == []


def test_addresses() -> None:
    oracle = "jdbc:oracle:thin:etl/n0tareal@db:1521/x"
    assert [oracle[start:end] for _, start, end in address_secrets(oracle)] == ["n0tareal"]
    assert not list(address_secrets("jdbc:oracle:thin:@db:1521/x"))
    azure = "AccountName=x;AccountKey=n0tarealkey==;EndpointSuffix=y"
    assert [azure[start:end] for _, start, end in address_secrets(azure)] == ["n0tarealkey=="]


HOSTILE = [
    "create secret " + " " * 2_000,
    "create secret " + "a " * 1_000 + "'",
    "create secret " + "password" + " " * 2_000 + "x'",
    "create secret " + "a-" * 1_000 + "'",
    "curl " + "-u " * 1_000,
    "curl " + "'" * 1_000,
    "jdbc:oracle:thin:" + "a" * 2_000,
    "variables set " * 500,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_take_time_in_proportion(text: str) -> None:
    def taken(times: int) -> float:
        started = time.process_time()
        for find in (statement_secrets, command_secrets, address_secrets):
            list(find(text * times))
        return time.process_time() - started

    short = max(min(taken(2) for _ in range(3)), 0.002)
    assert min(taken(8) for _ in range(3)) < short * 16


@pytest.mark.parametrize("name", ["command_passwords.csv", "credential_positions.csv", "masked_fields.csv"])
def test_tables_are_sorted_and_without_doubles(name: str) -> None:
    with (TABLES / name).open(newline="") as rows:
        table = [tuple(row) for row in csv.reader(rows)][1:]
    assert table == sorted(set(table))
    assert all(re.fullmatch(r"[\w.,%:-]+", cell) for row in table for cell in row)
