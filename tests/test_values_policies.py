"""The policies on values: the schemas and tables behind them, and what the three rules make of them."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from airwarden import charts, policies
from airwarden.config import Config
from airwarden.credentials import sensitive
from airwarden.engine import check
from airwarden.findings import Finding
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.values import ValuesFile
from airwarden.yaml_tree import compose
from jsonschema import Draft202012Validator, FormatChecker

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
TABLES = ROOT / "linter" / "airwarden" / "tables"
CHARTS = ("official", "community")
RULES = ("inline-secret-in-values", "inline-secret-in-env", "inline-secret-in-config")
MARKER = re.compile(r"[ \t]*# expect: [a-z-]+")
REGISTRY = Registry()


def schema(chart: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        (ROOT / "schemas" / f"values-{chart}.json").read_text(encoding="utf-8")
    )
    return loaded


def policed(
    node: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Each subschema that names a rule, with a path that leads to a value it speaks of."""
    if policies.RULE in node:
        yield path, node
    for key, below in node.get("properties", {}).items():
        yield from policed(below, (*path, key))
    for keyword, part in (("additionalProperties", "any"), ("items", 0)):
        if keyword in node:
            yield from policed(node[keyword], (*path, part))
    for keyword in ("then", "else"):
        if keyword in node:
            yield from policed(node[keyword], path)


POLICIES = [(chart, path, keywords) for chart in CHARTS for path, keywords in policed(schema(chart))]


def nested(path: tuple[str | int, ...], value: object) -> Any:
    for part in reversed(path):
        value = [value] if isinstance(part, int) else {part: value}
    return value


def findings(root: Path, files: dict[str, str]) -> list[Finding]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())
    rules, crashes = REGISTRY.load(RULES)
    report = check(Repo(root, Config()), None, Config(), rules, families=REGISTRY.families)
    assert not crashes
    assert not report.crashes
    return list(report.findings)


# The schemas


@pytest.mark.parametrize("chart", CHARTS)
def test_a_schema_is_one(chart: str) -> None:
    Draft202012Validator.check_schema(schema(chart))


@pytest.mark.parametrize(("chart", "path", "keywords"), POLICIES, ids=lambda each: str(each)[:60])
def test_a_policy_says_all_that_its_rule_tells(
    chart: str, path: tuple[str | int, ...], keywords: dict[str, Any]
) -> None:
    assert keywords[policies.RULE] in REGISTRY.files
    assert not policies._FORMATS[keywords["format"]]("password='not-a-real-1' any://a:not-a-real-1@b") or (
        keywords["format"] in ("no-secret-in-yaml", "no-secret-in-json")
    )
    replaced = {"x-replaced-by", "x-secret-keys"} & keywords.keys()
    assert replaced in (set(), {"x-replaced-by", "x-secret-keys"})
    assert bool(replaced) != ("x-instead" in keywords)
    known = {"format", policies.RULE, "x-replaced-by", "x-secret-keys", "x-also", "x-instead"}
    assert keywords.keys() <= known, (chart, path)


SECRETS = {
    "no-literal-secret": "not-a-real-secret-1",
    "no-password-in-url": "https://shop:not-a-real-secret-1@shop.svc",
    "no-secret-in-ini": "password=not-a-real-secret-1",
    "no-secret-in-json": '{"password": "not-a-real-secret-1"}',
    "no-secret-in-python": "PASSWORD = 'not-a-real-secret-1'",
    "no-secret-in-yaml": "PASSWORD: not-a-real-secret-1",
}
HEADS = {"official": "defaultAirflowTag: 3.1.5\n", "community": "airflow: {usersTemplates: {}}\n"}


@pytest.mark.parametrize(("chart", "path", "keywords"), POLICIES, ids=lambda each: str(each)[:60])
def test_a_policy_finds_its_secret_and_says_the_way_out(
    tmp_path: Path, chart: str, path: tuple[str | int, ...], keywords: dict[str, Any]
) -> None:
    value = nested(path, SECRETS[keywords["format"]])
    if path[-1] == "value":
        value["airflow"]["variables"][0]["key"] = "shop_token" if "literal" in keywords["format"] else "shop"
    text = f"umbrella:\n  {HEADS[chart].strip()}\n---\n" + json.dumps({"umbrella": value})
    (found,) = findings(tmp_path, {"values.yaml": text})
    assert (found.rule, found.level, found.secret, found.region.line) == (RULES[0], "error", True, 4)
    assert found.subject.startswith("umbrella.")
    assert "not-a-real" not in found.message + found.remedy + found.subject
    for key in (
        (f"umbrella.{keywords['x-replaced-by']}", *keywords["x-secret-keys"])
        if "x-secret-keys" in keywords
        else ()
    ):
        assert key in found.message
    assert keywords.get("x-instead", "") in found.message


def reference(chart: str, values: Any) -> list[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """What jsonschema says of values that hold texts, truth values, null, maps and lists."""
    checker = FormatChecker(formats=())
    for name, fits in policies._FORMATS.items():
        checker.checks(name)(lambda value, fits=fits: not isinstance(value, str) or fits(value))
    validator = Draft202012Validator(schema(chart), format_checker=checker)
    errors = [(tuple(each.absolute_path), each.schema) for each in validator.iter_errors(values)]
    return [(path, keywords) for path, keywords in errors if policies.RULE in keywords]


def drawn(chance: random.Random, node: Any, depth: int = 0) -> Any:
    """A value that may be of any form, and often is of one that a schema speaks of."""
    if depth > 6 or chance.random() < 0.1:
        return chance.choice([None, True, "", "plain", {}, [], ["x"], {"x": "y"}])
    below = {**node.get("properties", {}), "other": {}}
    if "additionalProperties" in node:
        below["any"] = node["additionalProperties"]
    for part in ("then", "else"):
        below.update(node.get(part, {}).get("properties", {}))
    if "required" in node.get("if", {}):
        below["key"] = {"format": "name-of-a-secret"}
    if "items" in node:
        return [drawn(chance, node["items"], depth + 1) for _ in range(chance.randrange(4))]
    if "format" in node:
        return chance.choice([*SECRETS.values(), "shop_token", "shop", "${NAME}"])
    return {key: drawn(chance, each, depth + 1) for key, each in below.items() if chance.random() < 0.7}


@pytest.mark.parametrize("chart", CHARTS)
def test_policies_are_judged_as_jsonschema_does(chart: charts.ChartName) -> None:
    chance = random.Random(11)
    breached = 0
    for _ in range(60):
        values = drawn(chance, schema(chart))
        (node,) = compose(json.dumps(values))
        found = list(policies.breaches(chart, node))
        assert sorted(map(str, found)) == sorted(map(str, reference(chart, values)))
        breached += len(found)
    assert breached > 60


@pytest.mark.parametrize("chart", CHARTS)
def test_a_schema_has_no_keyword_that_is_not_judged(chart: str) -> None:
    text = json.dumps(schema(chart))
    unknown = {
        "allOf",
        "anyOf",
        "const",
        "contains",
        "enum",
        "not",
        "pattern",
        "patternProperties",
        "type",
        "$ref",
    }
    assert not [keyword for keyword in unknown if f'"{keyword}":' in text]


def test_jsonschema_is_loaded_for_the_configuration_and_policies_of_users_alone() -> None:
    imports = re.compile(r"^\s*(?:from|import) jsonschema", re.MULTILINE)
    files = (ROOT / "linter" / "airwarden").rglob("*.py")
    assert {path.name for path in files if imports.search(path.read_text(encoding="utf-8"))} <= {
        *("judgement.py", "reading.py", "validation.py", "wording.py"),
    }


# The tables


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


@pytest.mark.parametrize(
    ("name", "key"), [("sensitive_config.csv", ("env",)), ("chart_keys.csv", ("chart", "key"))]
)
def test_a_table_is_sorted_and_says_each_thing_once(name: str, key: tuple[str, ...]) -> None:
    keys = [tuple(row[column] for column in key) for row in rows(name)]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("row", rows("sensitive_config.csv"), ids=lambda row: row["env"])
def test_a_sensitive_option_is_whole(row: dict[str, str]) -> None:
    assert not row["key"] or row["env"] == sensitive.env_name(row["section"], row["key"])
    assert row["form"] in sensitive._GIVES_AWAY
    assert row["flagged"] in ("yes", "no")
    named = {
        (keywords.get("x-replaced-by"), key)
        for chart, _, keywords in POLICIES
        for key in keywords.get("x-secret-keys", ())
        if chart == "official"
    }
    assert (row["replaced_by"], row["secret_key"]) in named | {("", "")}


@pytest.mark.parametrize("row", rows("chart_keys.csv"), ids=lambda row: f"{row['chart']} {row['key']}")
def test_a_key_of_a_chart_tells_something(row: dict[str, str]) -> None:
    assert row["chart"] in ("official", "community", "other")
    assert row["form"] in charts._FORMS
    assert int(row["proof"]) + int(row["side"]) > 0


# What tells a secret


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("AIRFLOW_CONN_X", "postgresql://shop@db/shop", None),
        ("AIRFLOW_CONN_X", "postgresql://shop:shop@db/shop", "connection"),
        ("AIRFLOW_CONN_X", "aws://AKIDNOTREAL:not-a-real-key@/?region_name=x", "connection"),
        ("AIRFLOW_CONN_X_CMD", "http://shop:not-a-real-1@shop", "connection"),
        ("AIRFLOW_VAR_SHOP", "not-a-real-1", None),
        ("AIRFLOW_VAR_SHOP_TOKEN", "not-a-real-1", "variable"),
        ("AIRFLOW_VAR_SHOP", '[{"password": "not-a-real-1"}]', "variable"),
        ("AIRFLOW_VAR_SHOP", "http://shop:not-a-real-1@shop", "variable"),
        ("AIRFLOW__CORE__FERNET_KEY", "not-a-real-1", "setting"),
        ("AIRFLOW__CORE__FERNET_KEY", "${KEY}", None),
        ("AIRFLOW__CORE__FERNET_KEY_CMD", "cat key", None),
        ("AIRFLOW__CORE__FERNET_KEY_SECRET", "airflow/fernet-key", None),
        ("AIRFLOW__GOOGLE__CLIENT_SECRET", "not-a-real-1", "name"),
        ("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "sqlite:////airflow.db", None),
        ("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "mysql://root:root@db/airflow", "setting"),
        ("AIRFLOW__SECRETS__BACKEND_KWARGS", '{"url": "https://vault", "role_id": "x"}', None),
        ("AIRFLOW__SECRETS__BACKEND_KWARGS", '{"secret_id": "not-a-real-1"}', "setting"),
        ("AIRFLOW__SECRETS__BACKEND_KWARGS", "{not json: secret_id}", None),
        ("AIRFLOW__WORKERS__SECRETS_BACKEND_KWARG__SECRET_ID", "not-a-real-1", "setting"),
        ("AIRFLOW__SECRETS__BACKEND_KWARG__ROLE_ID", "not-a-real-1", None),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=not-a-real-1", "setting"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=shop,api-key=$(KEY)", None),
        ("DB_PASSWORD", "DB_PASSWORD", None),
        ("DB_PASSWORD", "db-password", None),
        ("password", "password", "name"),
        ("SHOP_TOKEN", "overridden-by-secret", None),
        ("SHOP_TOKEN", "shop_token_from_the_console", None),
        ("SHOP_TOKEN", "please-change-me", None),
        ("SHOP_TOKEN", "shop-test-token-change-me", "name"),
        ("SHOP_TOKEN", "-".join(("xoxb", "1" * 12, "2" * 12, "aB3" * 8)), None),
        ("SHOP", '{"auth": {"apiKey": "not-a-real-1", "n": 1}}', "json"),
        ("SHOP", '{"apiKey": "{{ .Values.key }}"}', None),
        ("SHOP_URL", "mongodb://root:example@mongodb:27017", "url"),
        ("SHOP_URL", "mongodb://root:example@host:27017", None),
        ("SHOP_URL", "mongodb://root:{{ .Values.password }}@mongodb", None),
        ("SHOP_URL", "jdbc:postgresql://db/shop?user=shop&password=not-a-real-1", "url"),
    ],
)
def test_why_an_environment_variable_is_a_secret(name: str, text: str, fault: str | None) -> None:
    assert sensitive.env_fault(name, text) == fault


# The rules


def test_messages_name_the_place_and_the_way_out(tmp_path: Path) -> None:
    text = (
        "airflow:\n"
        "  fernetKey: not-a-real-1\n"
        "  env:\n"
        "  - {name: SHOP_TOKEN, value: not-a-real-2}\n"
        "  - {name: AIRFLOW__API__SECRET_KEY, value: not-a-real-3}\n"
        "  extraEnv: |\n    - {name: SHOP_TOKEN, value: not-a-real-4}\n"
        "  config: {core: {fernet_key: not-a-real-5}, smtp: {smtp_password: not-a-real-6}}\n"
        "mongodb: {auth: {rootPassword: not-a-real-7, existingSecret: ''}}\n"
        "shop: {token: not-a-real-8}\n"
    )
    assert {(found.subject, found.message) for found in findings(tmp_path, {"values.yaml": text})} == {
        (
            "airflow.fernetKey",
            (
                "airflow.fernetKey is a secret in plain text: "
                "name a Secret with the key `fernet-key` in airflow.fernetKeySecretName instead"
            ),
        ),
        (
            "airflow.env.value SHOP_TOKEN",
            (
                "SHOP_TOKEN is a secret in plain text: "
                "this list takes no valueFrom, so take it from a Secret in extraEnv"
            ),
        ),
        (
            "airflow.env.value AIRFLOW__API__SECRET_KEY",
            (
                "AIRFLOW__API__SECRET_KEY sets a sensitive option of Airflow in plain text: "
                "name a Secret with the key `api-secret-key` in airflow.apiSecretKeySecretName instead"
            ),
        ),
        (
            "airflow.extraEnv.value SHOP_TOKEN",
            "SHOP_TOKEN is a secret in plain text: take it from a Secret with valueFrom.secretKeyRef",
        ),
        (
            "airflow.config.core.fernet_key",
            (
                "airflow.config.core.fernet_key holds a secret in plain text: "
                "name a Secret with the key `fernet-key` in airflow.fernetKeySecretName"
            ),
        ),
        (
            "airflow.config.smtp.smtp_password",
            (
                "airflow.config.smtp.smtp_password holds a secret in plain text: "
                "set AIRFLOW__SMTP__SMTP_PASSWORD from a Secret with valueFrom.secretKeyRef"
            ),
        ),
        (
            "mongodb.auth.rootPassword",
            (
                "mongodb.auth.rootPassword is a secret in plain text: "
                "name a Secret in mongodb.auth.existingSecret instead"
            ),
        ),
        ("shop.token", "shop.token is a secret in plain text"),
    }


FLAGGED = sorted(path for rule in RULES for path in (FIXTURES / rule).glob("flagged*"))


@pytest.mark.parametrize("fixture", FLAGGED, ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_each_secret_is_told_once_and_never_repeated(tmp_path: Path, fixture: Path) -> None:
    alone = "airflow.cfg" if fixture.suffix == ".cfg" else "values.yaml"
    files = [path for path in fixture.rglob("*") if path.is_file()] if fixture.is_dir() else [fixture]
    texts = {
        path.relative_to(fixture).as_posix() if fixture.is_dir() else alone: MARKER.sub(
            "", path.read_text(encoding="utf-8")
        )
        for path in files
    }
    found = findings(tmp_path, texts)
    assert found
    for number, one in enumerate(found):
        assert not [other for other in found[:number] if one.region == other.region], "told twice"
        assert "not-a-real" not in one.message + one.remedy + one.subject
        assert one.secret


def test_repeated_keys_break_policies_each_by_itself(tmp_path: Path) -> None:
    text = "fernetKey: not-a-real-1\nfernetKey: ''\ndagProcessor: {}\n"
    assert [found.region.line for found in findings(tmp_path, {"values.yaml": text})] == [1]


def test_a_shared_secret_is_told_once_where_it_stands(tmp_path: Path) -> None:
    text = (
        "x: &x {pass: not-a-real-1}\ndata: {metadataConnection: *x, resultBackendConnection: {<<: *x}}\n"
        "env: &env [{name: SHOP_TOKEN, value: not-a-real-2}]\nscheduler: {env: *env}\n"
    )
    assert [found.region.line for found in findings(tmp_path, {"values.yaml": text})] == [1, 3]


def test_violations_are_found_by_their_rule() -> None:
    from airwarden.source import Source

    values = ValuesFile.read(Source("values.yaml", "fernetKey: not-a-real-1\ndagProcessor: {}\n"))
    assert values
    (violation,) = values.violations("inline-secret-in-values")
    assert violation.entry.dotted == "fernetKey"
    assert violation.keywords["x-replaced-by"] == "fernetKeySecretName"
    assert values.violations("some-other-rule") == ()


def test_a_secret_of_digits_is_not_printed(tmp_path: Path) -> None:
    fixture = FIXTURES / "number-in-scientific-notation" / "flagged_secret.yaml"
    (tmp_path / "values.yaml").write_bytes(fixture.read_bytes())
    rules, _ = REGISTRY.load(["number-in-scientific-notation"])
    (found,) = check(Repo(tmp_path), None, Config(), rules).findings
    assert found.secret
    assert found.fix is None
    assert not {"9", "8"} & set(found.message + found.remedy + found.subject)
