from __future__ import annotations

import base64
import csv
import json
import random
from pathlib import Path

import pytest
from airwarden import tables
from airwarden.credentials.connections import connection_credentials
from airwarden.credentials.literals import is_literal_secret, is_placeholder, is_reference
from airwarden.credentials.masks import mask_line, masked
from airwarden.credentials.names import is_secret_name, names_a_secret
from airwarden.credentials.texts import header_credential, written_secrets
from airwarden.credentials.tokens import is_fernet_key, mentions_token, tokens
from airwarden.credentials.urls import url_password, url_passwords
from hypothesis import given, settings
from hypothesis import strategies as st

TABLES = Path(tables.__file__).parent

REFERENCES = """
    {{ conn.warehouse.password }}
    {{ .Values.redis.password | quote }}
    prefix-{{ var.value.suffix }}
    ${DB_PASSWORD}
    $DB_PASSWORD
    $(DB_PASSWORD)
    %(password)s
    %s
    {password}
    {}
    ENC[AES256_GCM,data:q1w2,iv:e3,tag:r4,type:str]
    ref+vault://secret/airflow#/password
    vault:secret/data/airflow#password
    <path:secret/data/airflow#password>
    op://platform/airflow/password
    arn:aws:secretsmanager:eu-west-1:000000000000:secret:airflow
    projects/acme/secrets/airflow/versions/latest
    file:/run/secrets/password
    /run/secrets/password
    ~/.ssh/id_ed25519
    ./keys/warehouse.p8
    keys/warehouse.pem
    @Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/a)
    !vault |
"""
PLACEHOLDERS = """
    changeme
    CHANGE_ME
    change-me-in-production
    <password>
    [your password]
    xxxx
    xxxx-xxxx
    ***
    ...
    REPLACE_ME
    replace-with-real
    your-password-here
    yourpassword
    insert-token-here
    TODO
    tbd
    example-token
    dummy
    fake-password
    aaaa
    none
    null
    __DB_PASSWORD__
    @@PASSWORD@@
    redacted
    FILTERED
    xoxb-your-token
    xoxb-1234567890-abcdefghij
"""
LITERALS = """
    hunter2
    airflow
    postgres
    admin
    pa$$w0rd
    n0t-a-real-password
    not-a-real-password-1
    correct horse battery staple
    a/b+c=
    THIS IS UNSAFE!
    42
    vaultkeeper
    filed
"""
SAY_SECRET = """
    password DB_PASSWORD dbPassword smtp_password postgresqlPassword defaultUserPassword
    adminpassword password1 passwd pwd pass REDIS_PASS passphrase token slack_token SLACK_BOT_TOKEN
    X-Auth-Token refreshToken secret client_secret clientSecret jwtSecret
    AIRFLOW__API_AUTH__JWT_SECRET secret_key webserverSecretKey apiSecretKey AWS_SECRET_ACCESS_KEY
    aws_secret api_key apikey API_KEY X-Api-Key access_key private_key private_key_content
    fernet_key fernetKey AIRFLOW__CORE__FERNET_KEY accountKey signing_key encryptionKey auth_header
    GITHUB_PAT extra__snowflake__private_key PASSWORD_PROD token_value sas_token --password
    spark.hadoop.fs.s3a.secret.key
"""
SAY_NO_SECRET = """
    DB_SECRET_ID DB_SECRET_NAME AUTH_TOKEN_ENV_NAME PASSWORD_PATH TOKEN_URL access_token_url
    token_endpoint token_key token_type tokenizer max_tokens xcom_token_task_ids password_file
    passwordSecret passwordSecretName secretName secretKeyRef existingSecret
    existingSecretPasswordKey passwordSecretKey basicAuthSecretKey sshKeySecret
    automountServiceAccountToken serviceAccountToken my_conn_id secrets secrets_backend
    partition_key primary_key foreign_key public_key key next_page_token nextToken
    client_request_token pad_token show_password use_token no_password
    AIRFLOW__CORE__FERNET_KEY_SECRET AIRFLOW__CORE__FERNET_KEY_CMD aws_access_key_id first_pass
    bypass compass passenger pass_value author authenticator keyring password_policy
    encrypted_password USER_ID
"""


def lines(block: str) -> list[str]:
    return [line.strip() for line in block.strip().splitlines()]


@pytest.mark.parametrize("text", lines(REFERENCES))
def test_a_reference_is_no_literal(text: str) -> None:
    assert is_reference(text)
    assert not is_literal_secret(text)


@pytest.mark.parametrize("text", lines(PLACEHOLDERS))
def test_a_placeholder_is_no_literal(text: str) -> None:
    assert is_placeholder(text)
    assert not is_literal_secret(text)


@pytest.mark.parametrize("text", lines(LITERALS))
def test_a_literal_is_neither_reference_nor_placeholder(text: str) -> None:
    assert not is_reference(text)
    assert not is_placeholder(text)
    assert is_literal_secret(text)


@pytest.mark.parametrize("value", ["", "  ", None, True, False, [], {"a": "b"}])
def test_what_is_no_text_or_number_is_no_literal(value: object) -> None:
    assert not is_literal_secret(value)


@pytest.mark.parametrize("value", [42, 3.5, b"hunter2"])
def test_numbers_and_bytes_may_be_literals(value: object) -> None:
    assert is_literal_secret(value)


@pytest.mark.parametrize("text", ["password", "db_password", "DB-PASSWORD", "dbPassword"])
def test_a_value_that_repeats_its_key_is_a_placeholder(text: str) -> None:
    assert is_literal_secret(text)
    assert is_placeholder(text, "warehouse_db_password")
    assert not is_literal_secret(text, "warehouse_db_password")


def test_a_value_that_only_resembles_its_key_is_a_literal() -> None:
    assert is_literal_secret("passwordword", "password")
    assert is_literal_secret("!!", "password")


@pytest.mark.parametrize("name", SAY_SECRET.split())
def test_names_that_say_secret(name: str) -> None:
    assert names_a_secret(name)


@pytest.mark.parametrize("name", ["", "1", "__", "p" * 200 + "_password", *SAY_NO_SECRET.split()])
def test_names_that_do_not_say_secret(name: str) -> None:
    assert not names_a_secret(name)


@pytest.mark.parametrize("text", ["db_password", "API-KEY", "S3_API_KEY", "slack token", "password:"])
def test_texts_that_are_names_of_secrets(text: str) -> None:
    assert is_secret_name(text)


@pytest.mark.parametrize(
    "text", ["hunter2", "password1", "mypassword", "not-a-real-password-1", "order_id", ""]
)
def test_texts_that_are_no_names_of_secrets(text: str) -> None:
    assert not is_secret_name(text)


@pytest.mark.parametrize(
    ("text", "password"),
    [
        ("postgresql://etl:hunter2@db/dwh", "hunter2"),
        ("redis://:hunter2@redis:6379/0", "hunter2"),
        ("db+postgresql://etl:hunter2@db/dwh", "hunter2"),
        ("mongodb+srv://etl:p%40ss1@one,two/db", "p%40ss1"),
        ("postgresql://etl:p@ss@db/dwh", "p@ss"),
        ("postgresql://etl@acme:hunter2@db/dwh", "hunter2"),
        ("postgres://etl:hunter2@{{ .Release.Name }}-db:5432", "hunter2"),
        ("postgres://${DB_USER}:hunter2@${DB_HOST}/dwh", "hunter2"),
        ("sentinel://:hunter2@one:1;sentinel://:hunter3@two:1", "hunter2"),
        ("redis://one:6379,redis://:hunter2@two:6379", "hunter2"),
        ("s3://key1d:s3cr3tkey@bucket/path", "s3cr3tkey"),
        ("https://oauth2:t0k3n@git.example.com/a.git", "t0k3n"),
        ("https://n0tarealtokenbutlong1@github.com/a.git", "n0tarealtokenbutlong1"),
        ("https://n0tarealtokenbutlong1:x-oauth-basic@github.com/a.git", "n0tarealtokenbutlong1"),
        ("jdbc:postgresql://db/dwh?user=etl&password=hunter2", "hunter2"),
        ("jdbc:sqlserver://db:1433;user=etl;password=hunter2;encrypt=true", "hunter2"),
        ("https://api.example.com/?format=csv&access_token=hunter2", "hunter2"),
    ],
)
def test_passwords_in_urls(text: str, password: str) -> None:
    span = url_password(f"see {text} there")
    assert span is not None
    assert f"see {text} there"[slice(*span)] == password


@pytest.mark.parametrize(
    "text",
    [
        "",
        "postgresql://db:5432/dwh",
        "postgresql://etl@db/dwh",
        "postgresql://etl:@db/dwh",
        "postgresql://etl:{{ conn.db.password }}@db/dwh",
        "postgresql://etl:{password}@db/dwh",
        "postgresql://{}:{}@db/dwh",
        "postgresql://etl:${DB_PASSWORD}@db/dwh",
        "postgresql://etl:$DB_PASSWORD@db/dwh",
        "postgresql://etl:$(DB_PASSWORD)@db/dwh",
        "postgresql://etl:%(password)s@db/dwh",
        "postgresql://%s:%s@db/dwh",
        "postgresql://etl:<password>@db/dwh",
        "postgresql://user:password@host:5432/db",
        "postgresql://user:changeme@host:5432/db",
        "postgresql://user:****@host:5432/db",
        r"^(\w+)://([^:]+):([^@]+)@(.+)$",
        "s3://aws_default@bucket/path",
        "git@github.com:acme/dags.git",
        "ssh://git@github.com/acme/dags.git",
        "https://git@github.com/acme/dags.git",
        "https://2f4b8f0c5d1e9a7b3c6d8e0f1a2b4c5d@sentry.example.com/7",
        "https://example.com/a:b@c",
        "https://example.com/?mail=a:b@example.com",
        "https://example.com/?next_page_token=abcdefgh",
        "https://example.com/?token={{ token }}",
        "https://example.com:8080/ and me@example.com",
        "mailto:etl@example.com",
    ],
)
def test_urls_without_a_password(text: str) -> None:
    assert url_password(text) is None


def test_the_host_of_a_url_may_be_added_later() -> None:
    assert url_password("mysql://root:hunter2@") == (13, 20)


def test_every_password_of_several_urls_is_found() -> None:
    text = "sentinel://:hunter2@one:1;sentinel://:hunter3@two:1;sentinel://:hunter4@three:1"
    assert [text[slice(*span)] for span in url_passwords(text)] == ["hunter2", "hunter3", "hunter4"]


EXTRA = json.dumps(
    {"region_name": "eu-west-1", "aws_secret_access_key": "hunter2", "nested": {"api_key": "hunter2"}}
)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("postgresql://etl:hunter2@db:5432/dwh", ("password",)),
        ("aws://AKIA:hunter%2F2@/?region_name=eu-west-1", ("password",)),
        ("http://api?__extra__=%7B%22api_key%22%3A+%22hunter2%22%7D", ("extra.api_key",)),
        (
            "snowflake://etl@/?extra__snowflake__private_key_content=hunter2",
            ("extra.extra__snowflake__private_key_content",),
        ),
        (
            "google-cloud-platform://?keyfile_dict=%7B%22private_key%22%3A%22hunter2%22%7D",
            ("extra.keyfile_dict.private_key",),
        ),
        (json.dumps({"conn_type": "postgres", "password": "hunter2"}), ("password",)),
        (json.dumps({"conn_type": "postgres", "password": 12345}), ("password",)),
        (json.dumps({"extra": EXTRA}), ("extra.aws_secret_access_key", "extra.nested.api_key")),
        (json.dumps({"extra": json.loads(EXTRA)}), ("extra.aws_secret_access_key", "extra.nested.api_key")),
        (json.dumps({"host": "http://etl:hunter2@api"}), ("host",)),
        (json.dumps({"extra": {"proxy": "http://etl:hunter2@proxy"}}), ("extra.proxy",)),
    ],
)
def test_credentials_of_connections(text: str, fields: tuple[str, ...]) -> None:
    assert connection_credentials(text) == fields


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kubernetes://",
        "spark-connect://spark.example.com:15002",
        "aws://?region_name=eu-west-1&role_arn=arn%3Aaws%3Aiam%3A%3A0%3Arole%2Fetl",
        "sftp://etl@files.example.com:22?key_file=%2Fkeys%2Fid_rsa",
        "google-cloud-platform://?extra__google_cloud_platform__key_path=%2Fkeys%2Fgcp.json",
        "postgresql://etl:{{ password }}@db/dwh",
        "{{ .Values.connection }}",
        "$(CONNECTION)",
        '{"conn_type": "postgres", "login": "etl", "password": ""}',
        '{"conn_type": "postgres", "password": "${DB_PASSWORD}"}',
        '{"conn_type": "aws", "extra": "{}"}',
        '{"conn_type": "aws", "extra": "not json"}',
        '{"extra": {"use_token": "yes", "password": null}}',
        "{not json",
        "[1, 2]",
    ],
)
def test_connections_without_credentials(text: str) -> None:
    assert connection_credentials(text) == ()


def basic(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"Basic {basic('etl:hunter2')}", basic("etl:hunter2")),
        (f"Authorization: Basic {basic('n0tareal:')}", basic("n0tareal:")),
        ("Bearer n0tarealtokenbutlong1", "n0tarealtokenbutlong1"),
        ("curl -H 'Authorization: Token n0tarealtokenbutlong1' /", "n0tarealtokenbutlong1"),
    ],
)
def test_credentials_of_headers(text: str, value: str) -> None:
    span = header_credential(text)
    assert span is not None
    assert text[slice(*span)] == value


@pytest.mark.parametrize(
    "text",
    [
        "Basic ",
        "Basic authentication is used",
        "Basic Authentication2",
        f"Basic {basic('etl:changeme')}",
        f"Basic {basic('etl:{{ password }}')}",
        "Bearer {}",
        "Bearer ${API_TOKEN}",
        "Bearer authentication-failed-again",
        "Bearer xxxxxxxxxxxxxxxxxxxxxxx1",
    ],
)
def test_headers_without_a_credential(text: str) -> None:
    assert header_credential(text) is None


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("PGPASSWORD=hunter2 psql -h db", {"PGPASSWORD": "hunter2"}),
        ("export API_TOKEN='hunter2' && run", {"API_TOKEN": "hunter2"}),
        (
            "run --user etl --password hunter2 --api-token=hunter3",
            {"password": "hunter2", "api-token": "hunter3"},
        ),
        ("host=db user=etl password=hunter2", {"password": "hunter2"}),
        ("DRIVER={ODBC};SERVER=db;UID=etl;PWD=hunter2;", {"PWD": "hunter2"}),
        ("PGPASSWORD=$DB_PASSWORD psql", {}),
        ("PGPASSWORD={{ password }} psql", {}),
        ("--password {} --token ${TOKEN}", {}),
        ("run --password-file /run/pw", {}),
        ("SELECT * FROM users WHERE password='hunter2' AND host='db'", {}),
        ("password=hunter2", {}),
    ],
)
def test_secrets_of_commands_and_connection_strings(text: str, secrets: dict[str, str]) -> None:
    assert {name: text[start:end] for name, start, end in written_secrets(text)} == secrets


LUCK = random.Random(20)
ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
HEX, UPPER = "0123456789abcdef", ALNUM[:26] + ALNUM[-10:]


def some(alphabet: str, length: int) -> str:
    """Letters in an order that nobody would call an example."""
    return "".join(LUCK.sample(alphabet * (length // len(alphabet) + 1), length))


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def web_token(header: dict[str, str], claims: dict[str, str]) -> str:
    parts = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)
    )
    return ".".join([*parts, some(ALNUM, 43)])


FERNET = base64.urlsafe_b64encode(some(ALNUM, 32).encode()).decode()
KEY_LINES = "\n".join(some(ALNUM, 64) for _ in range(4))
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{KEY_LINES}\n-----END RSA PRIVATE KEY-----"
GUID = f"{some(HEX, 8)}-{some(HEX, 4)}-{some(HEX, 4)}-{some(HEX, 4)}-{some(HEX, 12)}"
SLACK = (
    ("b", "bot"),
    ("p", "user"),
    ("a", "workspace"),
    ("e", "configuration"),
    ("o", "legacy"),
    ("r", "refresh"),
)
GITHUB = ("p", "personal access"), ("o", "OAuth"), ("u", "user"), ("s", "server"), ("r", "refresh")
GITLAB = {
    "glpat": "personal access token", "gldt": "deploy token", "glrt": "runner token", "glcbt": "job token",
    "glptt": "trigger token", "glsoat": "SCIM token", "glft": "feed token", "glimt": "mail token",
    "glagent": "agent token",
}  # fmt: skip

LENGTHS = {"glptt": 40, "glimt": 25, "glagent": 50}
SLACK_HOOKS, GOOGLE_CHAT = "https://hooks.slack", "https://chat.googleapis.com"
TEAMS = "https://acme.webhook.office.com/webhookb2"

EXAMPLES: list[tuple[str, str, str]] = [
    *((f"Slack {word} token", "", f"xox{letter}-" + some(ALNUM, 40)) for letter, word in SLACK),
    ("Slack session token", "", "xoxs-" + some(ALNUM, 40)),
    ("Slack app-level token", "", "xapp-1-" + some(ALNUM, 40)),
    ("Slack webhook URL", "", f"{SLACK_HOOKS}.com/services/T{some(UPPER, 9)}/B{some(ALNUM, 24)}"),
    ("Slack webhook URL", "", f"{SLACK_HOOKS}-gov.com/workflows/T{some(UPPER, 9)}/A{some(UPPER, 40)}"),
    *((f"GitHub {word} token", "", f"gh{letter}_" + some(ALNUM, 36)) for letter, word in GITHUB),
    ("GitHub fine-grained token", "", "github_pat_" + some(ALNUM, 22) + "_" + some(ALNUM, 59)),
    *((f"GitLab {word}", "", f"{pre}-" + some(ALNUM, LENGTHS.get(pre, 20))) for pre, word in GITLAB.items()),
    ("Google API key", "", "AIza" + some(ALNUM, 35)),
    ("Google OAuth client secret", "", "GOCSPX-" + some(ALNUM, 28)),
    ("Google OAuth access token", "", "ya29." + some(ALNUM, 60)),
    ("Google Chat webhook URL", "", f"{GOOGLE_CHAT}/v1/spaces/A/messages?key=a&token={some(ALNUM, 43)}"),
    ("AWS secret access key", "aws_secret_access_key = ", some(ALNUM, 40)),
    ("AWS secret access key", '"SecretAccessKey": "', some(ALNUM, 40)),
    ("AWS secret access key", "- name: AWS_SECRET_ACCESS_KEY\n  value: ", some(ALNUM, 40)),
    ("AWS secret access key", f"aws://AKIA{'QWERTYUIOPASDFGH'}:", some(ALNUM, 37) + "%2F" + some(ALNUM, 2)),
    ("Azure storage account key", "AccountName=a;AccountKey=", some(ALNUM, 86) + "=="),
    ("Azure shared access key", "SharedAccessKey=", some(ALNUM, 43) + "="),
    ("Azure shared access signature", "https://a.example.net/?sv=2024-11-04&sig=", some(ALNUM, 43) + "%3D"),
    ("Azure client secret", "", some(ALNUM, 3) + "8Q~" + some(ALNUM, 34)),
    ("private key", "", PEM),
    ("private key", "", PEM.replace("\n", "\\n")),
    ("private key", "", PEM.replace("\n", "\n    ")),
    ("private key", "", PEM.replace("RSA ", "OPENSSH ")),
    ("private key in base64", "gitSshKey: ", encoded(PEM)),
    ("private key in base64", "client-key-data: ", encoded(PEM.replace("RSA ", ""))),
    ("JSON Web Token", "", web_token({"alg": "HS256", "typ": "JWT"}, {"sub": "etl"})),
    ("Fernet key", "fernetKey: ", FERNET),
    ("Fernet key", "- name: AIRFLOW__CORE__FERNET_KEY\n  value: '", FERNET),
    ("npm token", "", "npm_" + some(ALNUM, 36)),
    ("PyPI token", "", "pypi-AgE" + some(ALNUM, 80)),
    ("Stripe secret key", "", "sk_live_" + some(ALNUM, 24)),
    ("Stripe restricted key", "", "rk_live_" + some(ALNUM, 24)),
    ("Stripe webhook secret", "", "whsec_" + some(ALNUM, 32)),
    ("SendGrid API key", "", f"SG.{some(ALNUM, 22)}.{some(ALNUM, 43)}"),
    ("Twilio auth token", "TWILIO_AUTH_TOKEN=", some(HEX, 32)),
    ("Databricks token", "", "dapi" + some(HEX, 32)),
    ("Hugging Face token", "", "hf_" + some(ALNUM, 34)),
    ("OpenAI API key", "", f"sk-{some(ALNUM, 20)}T3BlbkFJ{some(ALNUM, 20)}"),
    ("OpenAI API key", "", "sk-proj-" + some(ALNUM, 60)),
    ("Anthropic API key", "", "sk-ant-" + "api03-" + some(ALNUM, 90)),
    ("OpenRouter API key", "", "sk-or-v1-" + some(HEX, 64)),
    ("DigitalOcean personal access token", "", "dop_v1_" + some(HEX, 64)),
    ("DigitalOcean OAuth token", "", "doo_v1_" + some(HEX, 64)),
    ("DigitalOcean refresh token", "", "dor_v1_" + some(HEX, 64)),
    ("Docker Hub access token", "", "dckr_pat_" + some(ALNUM, 27)),
    ("Docker Hub organization token", "", "dckr_oat_" + some(ALNUM, 32)),
    ("Telegram bot token", "bot=", "5298731046:AA" + some(ALNUM, 33)),
    ("Discord webhook URL", "", f"https://discord.com/api/webhooks/109582736451827364/{some(ALNUM, 68)}"),
    ("Microsoft Teams webhook URL", "", f"{TEAMS}/{GUID}@{GUID}/IncomingWebhook/{some(HEX, 32)}/{GUID}"),
    ("PagerDuty key", "PAGERDUTY_API_KEY = '", "u+" + some(ALNUM, 18)),
    ("PagerDuty key", "pagerduty_routing_key: ", some(HEX, 32)),
    ("Feishu webhook URL", "", f"https://open.feishu.cn/open-apis/bot/v2/hook/{GUID}"),
    ("DingTalk webhook URL", "", f"https://oapi.dingtalk.com/robot/send?access_token={some(HEX, 64)}"),
    ("WeCom webhook URL", "", f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={GUID}"),
    ("HashiCorp Vault token", "", "hvs." + some(ALNUM, 90)),
    ("HashiCorp Vault batch token", "", "hvb." + some(ALNUM, 140)),
    ("HCP Terraform token", "", f"{some(ALNUM, 14)}.atlasv1.{some(ALNUM, 67)}"),
    ("Pulumi access token", "", "pul-" + some(HEX, 40)),
    ("New Relic user key", "", "NRAK-" + some(UPPER, 27)),
    ("Grafana service account token", "", f"glsa_{some(ALNUM, 32)}_{some(HEX, 8)}"),
    ("Grafana Cloud token", "", "glc_eyJ" + some(ALNUM, 80)),
    ("Sentry token", "", f"sntrys_eyJ{some(ALNUM, 100)}_{some(ALNUM, 43)}"),
    ("Sentry user token", "", "sntryu_" + some(HEX, 64)),
    ("Linear API key", "", "lin_api_" + some(ALNUM, 40)),
    ("Notion token", "", "ntn_" + some(ALNUM, 46)),
    ("Atlassian API token", "", "ATATT3" + some(ALNUM, 180)),
    ("Mailchimp API key", "", some(HEX, 32) + "-us21"),
    ("Mailgun API key", "", "key-" + some(HEX, 32)),
    ("Postman API key", "", f"PMAK-{some(HEX, 24)}-{some(HEX, 34)}"),
    ("Shopify access token", "", "shpat_" + some(HEX, 32)),
    ("Shopify shared secret", "", "shpss_" + some(HEX, 32)),
    ("Shopify custom app token", "", "shpca_" + some(HEX, 32)),
    ("Shopify private app token", "", "shppa_" + some(HEX, 32)),
    ("RubyGems API key", "", "rubygems_" + some(HEX, 48)),
    ("Doppler personal token", "", "dp.pt." + some(ALNUM, 43)),
    ("Doppler service token", "", "dp.st.prd." + some(ALNUM, 43)),
    ("Doppler service account token", "", "dp.sa." + some(ALNUM, 43)),
    ("Supabase access token", "", "sbp_" + some(HEX, 40)),
    ("PlanetScale password", "", "pscale_pw_" + some(ALNUM, 43)),
    ("PlanetScale token", "", "pscale_tkn_" + some(ALNUM, 43)),
    ("PlanetScale OAuth token", "", "pscale_oauth_" + some(ALNUM, 43)),
    ("Prefect API key", "", "pnu_" + some(ALNUM, 36)),
    ("age secret key", "", "AGE-SECRET-KEY-1" + some(UPPER, 58)),
    ("1Password service account token", "", "ops_eyJ" + some(ALNUM, 200)),
    ("dbt Cloud service token", "", "dbtc_" + some(ALNUM, 40)),
    ("dbt Cloud user token", "", "dbtu_" + some(ALNUM, 40)),
    ("Replicate API token", "", "r8_" + some(ALNUM, 37)),
    ("Groq API key", "", "gsk_" + some(ALNUM, 52)),
    ("LangSmith API key", "", f"lsv2_pt_{some(HEX, 32)}_{some(HEX, 10)}"),
    ("NVIDIA API key", "", "nvapi-" + some(ALNUM, 64)),
    ("Tailscale key", "", f"tskey-auth-{some(ALNUM, 16)}-{some(ALNUM, 32)}"),
    ("Artifactory API key", "", "AKCp" + some(ALNUM, 69)),
    ("Heroku API key", "", "HRKU-" + some(ALNUM, 60)),
    ("Figma token", "", "figd_" + some(ALNUM, 40)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "before", "token"), EXAMPLES)
def test_tokens_of_every_form_are_found(kind: str, before: str, token: str) -> None:
    text = f'first line\n{before}{token}" # last'
    found = [(each.kind, text[each.start : each.end]) for each in tokens(text)]
    assert found == [(kind, token)]
    assert mentions_token(text)


@pytest.mark.parametrize(
    ("kind", "before", "token"), [each for each in EXAMPLES if each[0] != "JSON Web Token"]
)
def test_tokens_of_one_letter_are_examples(kind: str, before: str, token: str) -> None:
    form = next(each for each in tokens(before + token) if each.kind == kind)
    body = token.removeprefix(form.prefix)
    plain = "".join("a" if letter.isalnum() else letter for letter in body)
    assert not [each for each in tokens(before + form.prefix + plain) if each.kind == kind]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AKIA" + "QWERTYUIOPASDFGH",
        "xoxb-xxxxxxxxxxxx-xxxxxxxxxxxx",
        "xoxb-your-token-number-1",
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        "https://hooks.slack.com/services/workspace/channel/token",
        "ghp_1234567890abcdefghijklmnopqrstuvwxyz",
        "aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "-----BEGIN PUBLIC KEY-----\n" + KEY_LINES,
        encoded(PEM.replace("RSA PRIVATE KEY", "CERTIFICATE")),
        encoded("-----BEGIN RSA PRIVATE KEY-----\n" + "." * 90),
        web_token({"typ": "JWT"}, {"sub": "etl"}),
        web_token({"alg": "HS256"}, {"name": "John Doe"}),
        "eyJub3QiOiAiYSB0.eyJ0b2tlbiI6ICIxMjM0.c2lnbmF0dXJlLi4u",
        FERNET,
        "fernet_key = " + "A" * 43 + "=",
        r"xox[bp]-[0-9A-Za-z-]{10,}",
        "prefixghp_" + some(ALNUM, 36),
        "ghp_" + some(ALNUM, 35),
        "sk-learn-pipeline-with-a-long-name",
    ],
)
def test_what_is_no_token(text: str) -> None:
    assert list(tokens(text)) == []


def test_tokens_come_in_order_and_never_overlap() -> None:
    first, second = "xoxb-" + some(ALNUM, 30), "ghp_" + some(ALNUM, 36)
    text = f"https://oauth2:{second}@github.com {first} {second}"
    spans = [(each.start, each.end) for each in tokens(text)]
    assert spans == sorted(spans)
    assert [text[slice(*span)] for span in spans] == [second, first, second]


def test_fernet_keys() -> None:
    assert is_fernet_key(FERNET)
    assert not is_fernet_key(FERNET[:-1])
    assert not is_fernet_key("A" * 43 + "=")
    assert not is_fernet_key("hunter2")


@pytest.mark.parametrize(
    "name", ["connection_fields.csv", "secret_names.csv", "secrets_backends.csv", "token_patterns.csv"]
)
def test_tables_are_sorted_and_without_doubles(name: str) -> None:
    with (TABLES / name).open(newline="") as rows:
        table = list(csv.reader(rows))[1:]
    keys = [(row[0].lower(), *row) for row in table]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize(("before", "token"), [(before, token) for _, before, token in EXAMPLES])
def test_the_masked_form_gives_four_public_letters_at_most(before: str, token: str) -> None:
    shown, _, rest = masked(token).partition("***")
    assert rest == f" ({len(token)} characters)"
    assert len(shown) <= 4
    assert token.startswith(shown)
    assert mask_line(before + token).count(token) == 0


def test_the_masked_form_of_a_password_gives_its_length_only() -> None:
    assert masked("hunter2") == "*** (7 characters)"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('password = "hunter2"', 'password = "***"'),
        ("password: hunter2  # why", "password: ***  # why"),
        ('api_key: str = "hunter2"', 'api_key: str = "***"'),
        ('Variable.set("db_password", "hunter2")', 'Variable.set("db_password", "***")'),
        ('os.environ["DB_PASSWORD"] = "hunter2"', 'os.environ["DB_PASSWORD"] = "***"'),
        ('{"user": "etl", "password": "hun\\"ter2"}', '{"user": "etl", "password": "***"}'),
        ("url: postgresql://etl:hunter2@db/dwh", "url: postgresql://etl:***@db/dwh"),
        (f'"Basic {basic("etl:hunter2")}"', '"Basic ***"'),
        ("run --password hunter2 -v", "run --password *** -v"),
        ("  " + KEY_LINES[:64], "  ***"),
        ("password = get(name)", "password = get(name)"),
        ('password = "{{ conn.db.password }}"', 'password = "{{ conn.db.password }}"'),
        ('user = "etl"', 'user = "etl"'),
        ("", ""),
    ],
)
def test_lines_are_masked(line: str, shown: str) -> None:
    assert mask_line(line) == shown


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_judged_without_a_crash(text: str) -> None:
    assert is_literal_secret(text) == bool(
        text.strip() and not is_reference(text) and not is_placeholder(text)
    )
    names_a_secret(text)
    connection_credentials(text)
    for start, end in url_passwords(text):
        assert 0 <= start < end <= len(text)
    assert len(mask_line(text)) <= max(len(text) * 3, 3)


@pytest.mark.parametrize(
    "unit", ["{", "{{", "a://", "://a?b=c&", "a-", "A=", "eyJa.", "fernet ", "password=", "<", "x"]
)
def test_long_texts_are_judged_in_linear_time(unit: str) -> None:
    text = unit * 20_000
    for judge in (
        is_literal_secret,
        is_secret_name,
        names_a_secret,
        url_password,
        header_credential,
        mask_line,
    ):
        judge(text)
    assert list(tokens(text)) == []


def test_a_name_that_is_imported_is_shown() -> None:
    line = "from airflow.providers.snowflake.transfers.s3_to_snowflake import S3ToSnowflakeOperatorV2x"
    assert mask_line(line) == line
    assert mask_line(f"key = {line.split()[-1]}9aB") != f"key = {line.split()[-1]}9aB"
