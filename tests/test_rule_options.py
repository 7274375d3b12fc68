"""What users may set of single rules: what each option does, and what is declared of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from airwarden.config import ConfigError, Settings
from airwarden.config.validation import validate
from airwarden.folders import folder
from airwarden.packs import Pack
from airwarden.registry import Registry
from airwarden.report import Report
from airwarden.workspace import Workspace
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from tests.conftest import MakeRepository

ROOT = Path(__file__).resolve().parent.parent
RULES, _ = Registry().load()
OPTIONS = [(rule, name) for rule in RULES.values() for name in rule.options]

SUCCESS = """
from airflow import DAG
from airflow.providers.slack.notifications.slack import SlackNotifier
with DAG("monthly_close", on_success_callback=[SlackNotifier(text="done", channel="#a")]):
    pass
"""
WITH_AIRFLOW = '[project]\nname = "x"\nversion = "1"\ndependencies = ["apache-airflow==3.1.0", {}]\n'
SSH = "apache-airflow-providers-ssh"
SESSION = "from airflow.models import DagRun\nfrom airflow.utils.session import create_session\n"

LOOKUPS = """
from airflow import DAG
from airflow.models import Variable
with DAG("orders", description=Variable.get("env"), default_args={"owner": Variable.get("owner")}):
    pass
"""
LOGGED = """
import os
from airflow.sdk import task
@task
def tell():
    print(os.environ["DEMO_TOKEN"])
    print(os.environ["API_TOKEN"])
"""
IN_ENV = """
executor: KubernetesExecutor
fernetKeySecretName: keys
env:
  - name: DEMO_PASSWORD
    value: n0t-a-r3al-one
  - name: API_PASSWORD
    value: n0t-a-r3al-two
"""
NEEDS = """
executor: KubernetesExecutor
fernetKeySecretName: keys
config:
  secrets:
    backend: airflow.providers.hashicorp.secrets.vault.VaultBackend
env:
  - name: AIRFLOW_CONN_SHOP
    value: mysql://db.example.org
"""
OTHER = WITH_AIRFLOW.format('"apache-airflow-providers-http"')

CASES = {
    "variable-at-parse-time": ({"dags/a.py": LOOKUPS}, 'allow = ["en*"]'),
    "metadata-database-in-dag": (
        {"dags/a.py": f'{SESSION}DagRun.find(dag_id="x")\nwith create_session() as session:\n    pass\n'},
        'allow = ["DagRun.*"]',
    ),
    "hardcoded-credential": (
        {"dags/a.py": 'import airflow\nDEMO_PASSWORD = "n0t-a-r3al-one"\nAPI_PASSWORD = "n0t-a-r3al-two"\n'},
        'allow = ["DEMO_*"]',
    ),
    "inline-secret-in-env": (
        {
            "values.yaml": IN_ENV,
            "Dockerfile": "FROM apache/airflow:3.1.0\nENV DEMO_PASSWORD=n0t-a-r3al-one\n",
        },
        'allow = ["DEMO_*"]',
    ),
    "inline-secret-in-values": (
        {"values.yaml": f"{IN_ENV}custom:\n  demoPassword: n0t-a-r3al-one\n  apiPassword: n0t-a-r3al-two\n"},
        'allow = ["custom.demo*", "fernetKey"]',
    ),
    "secret-in-task-log": ({"dags/a.py": LOGGED}, 'allow = ["*DEMO*"]'),
    "unused-provider": (
        {
            "dags/a.py": "import airflow\n",
            "pyproject.toml": WITH_AIRFLOW.format(f'"{SSH}", "apache-airflow-providers-mysql"'),
        },
        f'keep = ["{SSH}"]',
    ),
    "provider-not-declared": (
        {
            "dags/a.py": "import airflow.providers.ssh.hooks.ssh\n",
            "dags/b.py": "import airflow.providers.mysql.hooks.mysql\n",
            "pyproject.toml": OTHER,
        },
        f'installed = ["{SSH}"]',
    ),
    "alert-on-success": (
        {"dags/a.py": SUCCESS, "dags/b.py": SUCCESS.replace("monthly", "daily")},
        'dags = ["monthly_*"]',
    ),
    "provider-needed-by-values": (
        {"values.yaml": NEEDS, "dags/a.py": "import airflow\n", "pyproject.toml": OTHER},
        'installed = ["apache-airflow-providers-hashicorp"]',
    ),
}


def found(root: Path, rule: str, home: Path | None = None) -> Report:
    settings = Settings.read(root, asked={"select": (rule,)})
    Registry().verify_settings(settings)
    workspace = Workspace(root, Registry(), settings.config, home)
    report = workspace.check(workspace.repo())
    assert not report.crashes
    return report


def with_settings(make: MakeRepository, files: dict[str, str], text: str) -> Path:
    return make({**files, "airwarden.toml": text})


@pytest.mark.parametrize("rule", CASES)
def test_an_option_spares_what_it_names_and_nothing_else(make_repository: MakeRepository, rule: str) -> None:
    files, option = CASES[rule]
    root = with_settings(make_repository, files, "")
    before = [each.message for each in found(root, rule).findings]
    with_settings(make_repository, files, f"[rules.{rule}]\n{option}\n")
    after = [each.message for each in found(root, rule).findings]
    assert len(after) < len(before)
    assert after
    assert set(after) < set(before)


def test_every_option_has_its_case() -> None:
    told = {(rule, option.partition(" = ")[0]) for rule, (_, option) in CASES.items()}
    assert {(rule.id, name) for rule, name in OPTIONS} == told | {("hardcoded-credential", "names")}


def test_names_may_be_said_to_have_credentials(make_repository: MakeRepository) -> None:
    dag = 'import airflow\nLICENSE_CODE = "A81-bc7-992"\nOTHER = "A81-bc7-992"\nMY_LICENSE_CODE = "{{ x }}"\n'
    root = with_settings(make_repository, {"dags/a.py": dag}, "")
    assert not found(root, "hardcoded-credential").findings
    text = '[rules.hardcoded-credential]\nnames = ["*LICENSE_CODE"]\n'
    with_settings(make_repository, {}, text)
    (finding,) = found(root, "hardcoded-credential").findings
    assert (finding.region.line, finding.secret) == (2, True)
    assert "A81-bc7" not in finding.message
    with_settings(make_repository, {}, f'{text}allow = ["LICENSE_CODE"]\n')
    assert not found(root, "hardcoded-credential").findings


@pytest.mark.parametrize(("rule", "name"), OPTIONS, ids=lambda each: getattr(each, "id", each))
def test_an_option_says_what_it_is(rule: object, name: str) -> None:
    schema = getattr(rule, "options", {})[name]
    Draft202012Validator.check_schema(schema)
    assert schema["description"].endswith(".")
    for example in (schema["default"], *schema["examples"]):
        validate("here: ", {name: example}, {"properties": {name: schema}})


def test_the_options_of_overrides_count_for_their_files(
    make_repository: MakeRepository, tmp_path: Path
) -> None:
    rule = "variable-at-parse-time"
    files = {"dags/a.py": LOOKUPS, "dags/sandbox/b.py": LOOKUPS}
    some = f'[[overrides]]\npaths = ["sandbox/"]\nrules.{rule}.allow = ["*"]\n'
    none = f"{some}[[overrides]]\npaths = ['b.py']\nrules.{rule}.allow = []\n"
    for text, paths in (("", [*files]), (some, ["dags/a.py"]), (none, [*files])):
        root = with_settings(make_repository, files, text)
        for home in (None, tmp_path / "cache", tmp_path / "cache"):
            assert sorted({each.region.path for each in found(root, rule, home).findings}) == paths


def test_another_value_makes_known_results_stale(make_repository: MakeRepository, tmp_path: Path) -> None:
    files, option = CASES["variable-at-parse-time"]
    for text, count in (("", 2), (option, 1), ("allow = []", 2), ('allow = ["*"]', 0), ("", 2)):
        root = with_settings(make_repository, files, f"[rules.variable-at-parse-time]\n{text}\n")
        for _ in range(2):
            assert len(found(root, "variable-at-parse-time", tmp_path / "cache").findings) == count


def test_the_schema_of_the_settings_has_the_options_of_all_rules() -> None:
    script = str(ROOT / "scripts" / "write_config_schema.py")
    run = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    schema = json.loads((folder("schemas") / "config.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert list(schema["$defs"]["rules"]["properties"]) == list(RULES)


def test_the_examples_in_the_schema_are_valid() -> None:
    schema = json.loads((folder("schemas") / "config.json").read_text(encoding="utf-8"))
    for name, setting in schema["properties"].items():
        assert setting["description"]
        for example in (
            *setting.get("examples", ()),
            *([setting["default"]] if "default" in setting else []),
        ):
            validate("here: ", {name: example})
        assert "examples" in setting or "enum" in setting


OWN = """'''Harm is done.'''
from airwarden.rule import Rule, patterns
rule = Rule(__name__, help=__doc__, level="error", remedy="Mend it.", see="https://example.org",
    options={"names": patterns("Names that may be.", "a")})
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('names = ["a"]', None),
        ('level = "note"', None),
        ("nmes = []", "rules.own-rule: there is no option 'nmes' (nearest: 'names')"),
        ("names = 3", "rules.own-rule.names: a number stands where a list is wanted"),
    ],
)
def test_the_options_of_a_rule_from_elsewhere_are_verified_too(
    make_repository: MakeRepository, tmp_path: Path, text: str, said: str | None
) -> None:
    rule = tmp_path / "pack" / "own" / "own_rule.py"
    rule.parent.mkdir(parents=True)
    rule.write_text(OWN, encoding="utf-8")
    settings = Settings.read(with_settings(make_repository, {}, f"[rules.own-rule]\n{text}\n"))
    home = tmp_path / "pack"
    registry = Registry(packs=[Pack("own", home, None, (home,), is_local=False, is_installed=True)])
    if said is None:
        registry.verify_settings(settings)
        return
    with pytest.raises(ConfigError) as caught:
        registry.verify_settings(settings)
    assert str(caught.value).endswith(said)
