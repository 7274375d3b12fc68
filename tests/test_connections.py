"""Connections: which fields of their texts are credentials, in every way to write them."""

from __future__ import annotations

import json
from urllib.parse import quote, quote_plus

import pytest
from airwarden.credentials.connections import connection_credentials, connection_of

SECRET = "n0t-4-r3al-s3cret-x9"
HOOK = "/".join(["services", "T0N0TR3AL", "B0N0TR3AL", "n0tar3alh00kn0tar3alh00k"])


def as_json(kind: str, **fields: object) -> str:
    return json.dumps({"conn_type": kind, **fields})


def as_uri(kind: str, **extra: object) -> str:
    return f"{kind}://?__extra__={quote_plus(json.dumps(extra))}"


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (f"postgres://shop:{SECRET}@db.shop.example/shop", ("password",)),
        ("postgres://shop:n0t%2Fa%40real@db/shop", ("password",)),
        ("postgres://shop:n0t/4/r3al+k3y@db/shop", ("password",)),
        (f"google_cloud_platform://:{SECRET}@", ("password",)),
        (f"aws://AKIDOFNOBODY:{quote(SECRET, safe='')}@/?region_name=eu-west-1", ("password",)),
        (f"http://bot:{SECRET}@https%3A%2F%2Fapi.shop.example", ("password",)),
        (f"http://https://bot:{SECRET}@api.shop.example", ("password",)),
        (f"slackwebhook://:{HOOK.removeprefix('services/')}@https%3A%2F%2Fhooks.slack.com", ("password",)),
        (f"http://https%3A%2F%2Fhooks.slack.com%2F{quote(HOOK, safe='')}/", ("host",)),
        (as_json("slackwebhook", host=f"https://hooks.slack.com/{HOOK}"), ("host",)),
        (as_json("aws", login="AKIDOFNOBODY", password=SECRET), ("password",)),
        (as_json("aws", extra={"aws_secret_access_key": SECRET}), ("extra.aws_secret_access_key",)),
        (as_json("aws", extra=json.dumps({"aws_session_token": SECRET})), ("extra.aws_session_token",)),
        (as_json("alibaba_cloud", extra={"access_key_secret": SECRET}), ("extra.access_key_secret",)),
        (as_json("yandexcloud", extra={"oauth": SECRET}), ("extra.oauth",)),
        (as_json("databricks", extra={"token": SECRET}), ("extra.token",)),
        (as_json("ssh", extra={"private_key": SECRET}), ("extra.private_key",)),
        (as_json("snowflake", extra={"private_key_content": SECRET}), ("extra.private_key_content",)),
        (as_json("http", extra={"headers": {"X-Api-Key": SECRET}}), ("extra.headers.X-Api-Key",)),
        (as_json("wasb", extra={"sas_token": f"?sv=2024&sig={SECRET}"}), ("extra.sas_token",)),
        (
            as_json("wasb", extra={"connection_string": f"AccountName=shop;AccountKey={SECRET}=="}),
            ("extra.connection_string",),
        ),
        (as_json("azure_service_bus", schema=f"Endpoint=sb://shop/;SharedAccessKey={SECRET}"), ("schema",)),
        (
            as_json("discord", extra={"webhook_endpoint": f"webhooks/1234567/{SECRET}"}),
            ("extra.webhook_endpoint",),
        ),
        (
            as_json("kubernetes", extra={"kube_config": f"users: [{{user: {{token: {SECRET}}}}}]"}),
            ("extra.kube_config",),
        ),
        (
            as_uri(
                "google-cloud-platform", extra__google_cloud_platform__keyfile_dict={"private_key": SECRET}
            ),
            ("extra.extra__google_cloud_platform__keyfile_dict.private_key",),
        ),
        (as_uri("kafka", **{"sasl.password": SECRET}), ("extra.sasl.password",)),
        (as_uri("kafka", **{"sasl.jaas.config": f"password={SECRET};"}), ("extra.sasl.jaas.config",)),
        (json.dumps({"uri": f"postgres://shop:{SECRET}@db/shop"}), ("password", "uri")),
    ],
)
def test_what_is_a_credential(text: str, fields: tuple[str, ...]) -> None:
    assert connection_credentials(text) == fields


@pytest.mark.parametrize(
    "text",
    [
        "https://api.shop.example:8443/v1/a:b@c",
        "google-cloud-platform://",
        "aws://?region_name=eu-west-1&role_arn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fshop",
        "aws://AKIDOFNOBODY@",
        "postgres://shop:{{ password }}@db/shop",
        "postgres://shop:%3Cpassword%3E@db/shop",
        "http://https%3A%2F%2Fhooks.shop.example%2Fdaily",
        "not a uri",
        "",
        "{broken",
        "{{ .Values.connection }}",
        as_json("aws", extra={"region_name": "eu-west-1", "aws_access_key_id": "AKIDOFNOBODY"}),
        as_json("ssh", extra={"host_key": "AAAAB3NzaC1yc2EAAAADAQABAAABgQC7", "key_file": "/keys/id_rsa"}),
        as_json("snowflake", login="shop", extra={"account": "a1b2c3d4", "private_key_file": "/keys/rsa.p8"}),
        as_json("google_cloud_platform", extra={"key_path": "/keys/shop.json", "key_secret_name": "shop-x9"}),
        as_json("databricks", host="https://adb-1234567890123456.7.azuredatabricks.net", login="token"),
        as_json("wasb", login="shop", extra={"tenant_id": "a1b2c3d4-0000-4000-8000-a1b2c3d4e5f6"}),
        as_json("wasb", extra={"connection_string": "UseDevelopmentStorage=true"}),
        as_json("discord", extra={"webhook_endpoint": "{{ var.value.endpoint }}"}),
        as_json("kubernetes", extra={"kube_config_path": "/config", "in_cluster": True}),
        as_json("kafka", extra={"bootstrap.servers": "kafka:9092", "sasl.username": "shop"}),
    ],
)
def test_what_is_none(text: str) -> None:
    assert connection_credentials(text) == ()


def test_the_host_and_the_type() -> None:
    connection = connection_of(f"google-cloud-platform://shop:{SECRET}@db.shop.example:5432/shop")
    assert (connection.kind, connection.host) == ("google_cloud_platform", "db.shop.example:5432")
    assert SECRET not in repr(connection)


def test_deep_extras_end() -> None:
    extra: object = SECRET
    for _ in range(200):
        extra = {"inner": extra}
    assert connection_credentials(as_json("http", extra=extra)) == ()
