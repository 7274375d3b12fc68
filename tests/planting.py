"""Repositories with secrets planted at random, for the proof that no output gives one away."""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ALPHABETS = {
    "password": string.ascii_letters + string.digits + "-_.~!",
    "hex": "0123456789abcdef",
    "base62": string.ascii_letters + string.digits,
    "words": "bcdfghjklmnpqrstvwxz",
}
"""None holds what ends a text or a URL, so that each secret may stand anywhere."""

PREFIXES = {
    "xoxb-": "base62",
    "glpat-": "base62",
    "ghp_": "base62",
    "dapi": "hex",
    "sk_live_": "base62",
    "hvs.": "base62",
}
"""How tokens of some issuers start, which everybody may know."""

VALUES = (
    "fernetKey: {secret}",
    "webserverSecretKey: '{secret}'",
    "data:\n  metadataConnection:\n    user: airflow\n    pass: {secret}\n    host: db.internal",
    "data:\n  brokerUrl: redis://:{secret}@redis:6379/0",
    'config:\n  database:\n    sql_alchemy_conn: "postgresql://airflow:{secret}@db/airflow"',
    "config:\n  common.io:\n    xcom_objectstorage_path: s3://key:{secret}@bucket/xcom\n    xcom_x: '0'",
    "config:\n  smtp:\n    smtp_password: {secret}  # set by hand",
    "env:\n  - name: AIRFLOW_CONN_WAREHOUSE\n    value: snowflake://loader:{secret}@account/db",
    'env:\n  - name: AIRFLOW_CONN_API\n    value: \'{{"extra": {{"token": "{secret}"}}}}\'',
    "extraEnv: |\n  - name: DB_PASSWORD\n    value: {secret}\n  - name: B\n    value: b",
    "extraSecrets:\n  warehouse:\n    stringData: |\n      password: {secret}",
    "extraSecrets:\n  warehouse:\n    data: |\n      password: {base64}",
    "extraConfigMaps:\n  settings:\n    data: |\n      AIRFLOW_CONN_DB: mysql://root:{secret}@db/x",
    "dags:\n  gitSync:\n    enabled: true\n    repo: https://bot:{secret}@git.internal/dags.git",
    "createUserJob:\n  defaultUser:\n    password: {secret}",
    "webserver:\n  webserverConfig: |\n    CLIENT_SECRET = '{secret}'\n    X = 1",
    "workers:\n  extraContainers:\n    - name: sync\n      args: ['--password={secret}', '-v']",
    "jwtSecret: a: {secret}",
    "config:\n  core: {{fernet_key_cmd: echo {secret}}}",
    "# api_key: {secret}\nexecutor: CeleryExecutor",
    "redis:\n  password: {secret}\n  passwordSecretName: redis",
    "postgresql: {{auth: {{postgresPassword: {secret}, password: {secret}}}}}",
)
DAGS = (
    "PASSWORD = '{secret}'",
    "hook = PostgresHook(password='{secret}', host='db')",
    "conn = Connection(conn_id='x', conn_type='postgres', password='{secret}')",
    "engine = create_engine('postgresql://loader:{secret}@db.internal/shop')",
    "requests.get('https://x', headers={{'Authorization': 'Bearer {secret}'}}, auth=('me', '{secret}'))",
    "os.environ['AIRFLOW_CONN_X'] = 'postgres://u:{secret}@h/db'",
    "key = os.getenv('API_KEY', '{secret}')",
    "secret = Variable.get('api_token', default_var='{secret}')",
    "run = BashOperator(task_id='t', bash_command='PGPASSWORD={secret} psql -h db')",
    "pod = KubernetesPodOperator(task_id='p', env_vars={{'DB_PASSWORD': '{secret}'}})",
    "def login(password='{secret}'):\n    return password",
    "TEXT = '''\nfirst\nexport API_TOKEN={secret}\nlast\n'''",
    "url = 'https://hooks.internal/services?token={secret}'",
    "# password = '{secret}'",
    "pw = Variable.get('pw', default='{secret}')",
    "d = {{'password' '{secret}' : 3 4}}",
    "with DAG('{again}', schedule=None):\n    pass",
    "names = ['{again}']\nwith DAG(names[0], on_failure_callback=names[0]) as other:\n    pass",
    "def on_failure(context):\n    client.send(token='{secret}')",
)
SETTINGS = {
    "airflow.cfg": (
        "[core]\nfernet_key = {secret}\n",
        "[database]\nsql_alchemy_conn = postgresql://airflow:{secret}@db/airflow\n",
        "[celery]\nbroker_url = redis://:{secret}@redis/0\n[common.io]\nxcom_objectstorage_path = s3://a:{secret}@b\n",
        "[smtp]\nsmtp_password = {secret} ; by hand\n",
        '[secrets]\nbackend_kwargs = {{"token": "{secret}", "url": "https://vault"}}\n',
    ),
    ".env": ("AIRFLOW_CONN_DB=postgres://u:{secret}@h/db\nAIRFLOW__CORE__FERNET_KEY={secret}\n",),
    "Dockerfile": (
        "FROM apache/airflow:3.0.2\nENV AIRFLOW__API__SECRET_KEY={secret}\n",
        "FROM apache/airflow:3.0.2\nARG PIP_TOKEN={secret}\nENV AIRFLOW_CONN_A='http://u:{secret}@h'\n",
        (
            "FROM apache/airflow:3.0.2\nRUN pip install --index-url https://u:{secret}@index/simple "
            "apache-airflow-providers-slack\n"
        ),
    ),
    "docker-compose.yaml": (
        (
            "services:\n  scheduler:\n    image: apache/airflow\n    environment:\n"
            "      AIRFLOW__CORE__FERNET_KEY: {secret}\n      POSTGRES_PASSWORD: {secret}\n"
        ),
    ),
    "pyproject.toml": (
        (
            '[project]\nname = "x"\nversion = "1"\ndependencies = ["apache-airflow>=3", '
            '"acme @ https://u:{secret}@git.internal/acme.zip"]\n'
        ),
    ),
}
UNTOLD = ("#", "d = ", "pw = ")
"""How texts start whose secret no finding names, so that it may not be told from a name elsewhere."""
IMPORTS = "import os\nimport requests\nfrom airflow.sdk import DAG, Connection, Variable\n"
PIPELINE = "with DAG('orders', schedule=None) as dag:\n    pass\n"


@dataclass(frozen=True)
class Planted:
    """The files of a repository, and the secrets in them without what all of their kind start with."""

    files: Mapping[str, str]
    secrets: tuple[str, ...]


def plant(shape: int, filling: int) -> Planted:
    """A repository whose form is that of `shape` and whose secrets are those of `filling`.

    Two of one shape differ in nothing but their secrets, which are as long as each other.
    """
    form, letters = random.Random(shape), random.Random(f"{shape} {filling}")
    secrets: list[str] = []
    told: list[str] = []

    def fill(text: str) -> str:
        secret = _secret(form, letters, secrets)
        again = form.choice(told[-3:] or ["spare"])
        if "{secret}" in text and not text.startswith(UNTOLD):
            told.append(secret)
        return text.format(secret=secret, base64=base64.b64encode(secret.encode()).decode(), again=again)

    files = {path: fill(form.choice(texts)) for path, texts in SETTINGS.items() if form.random() < 0.6}
    told.clear()
    files["dags/orders.py"] = _dag(form, fill)
    files["values.yaml"] = _values(form, fill)
    return Planted(
        {path: _disturbed(form, text) for path, text in files.items()},
        tuple({each for secret in secrets for each in (secret, base64.b64encode(secret.encode()).decode())}),
    )


def _secret(form: random.Random, letters: random.Random, made: list[str]) -> str:
    prefix, alphabet = "", form.choice(list(ALPHABETS))
    if form.random() < 0.3:
        prefix = form.choice(list(PREFIXES))
        alphabet = PREFIXES[prefix]
    length = form.choice([32, 36, 40]) if prefix else form.randint(12, 44)
    made.append("".join(letters.choice(ALPHABETS[alphabet]) for _ in range(length)))
    return prefix + made[-1]


def _dag(form: random.Random, fill: Callable[[str], str]) -> str:
    lines = [fill(text) for text in form.sample(DAGS, form.randint(1, 6))]
    lines.insert(form.randint(0, len(lines)), PIPELINE)
    return IMPORTS + "\n".join(lines) + "\n"


def _values(form: random.Random, fill: Callable[[str], str]) -> str:
    parts = [fill(text) for text in form.sample(VALUES, form.randint(1, 5))]
    text = "\n".join(["executor: CeleryExecutor", "airflowVersion: 3.1.0", *parts]) + "\n"
    if form.random() < 0.3:
        return "airflow:\n" + "".join(f"  {line}\n" for line in text.splitlines())
    return text


def _disturbed(form: random.Random, text: str) -> str:
    """Now and then a file that is broken, has the line ends of Windows, or one endless line."""
    chance = form.random()
    if chance < 0.1:
        return text + form.choice(["\n  : [", "\n(((", "\n\tx: 'y", '\n"""'])
    if chance < 0.2:
        return text.replace("\n", "\r\n")
    if chance < 0.3:
        return text.replace("\n", f"  # {'long ' * 60}\n", 1)
    return text
