"""Releases: values that stand in manifests, helmfiles and Terraform, each with its place in the file."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from airwarden.releases.assignments import Assignment, steps_of, tree_of
from airwarden.releases.files import may_release, releases_in
from airwarden.releases.hcl import hidden, read
from airwarden.repo import Repo
from airwarden.source import Source
from airwarden.values import ValuesFile, may_hold_values
from airwarden.yaml_tree import Scalar, Sequence, compose

from tests.conftest import MakeRepository


def values_in(path: str, text: str) -> list[ValuesFile]:
    return list(ValuesFile.all_in(Source(path, textwrap.dedent(text).lstrip("\n"))))


def shown(values: ValuesFile, path: str | tuple[str | int, ...]) -> str:
    """Line, column and text of what stands at a path."""
    entry = values.entry(tuple(path.split(".")) if isinstance(path, str) else path)
    assert entry is not None
    region = entry.region
    return f"{region.line}:{region.column} {values.source.slice(region)}"


ARGO = """
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    spec:
      source:
        repoURL: https://airflow.apache.org
        chart: airflow
        helm:
          values: |
            executor: "LocalExecutor"
            data:
              metadataConnection: {pass: 'it''s'}
            extraEnv: |
              - name: AIRFLOW__CORE__FERNET_KEY
                value: not-a-real-key
          valuesObject:
            redis: {enabled: false}
          parameters:
            - name: config.common\\.io.xcom_objectstorage_path
              value: s3://bucket
            - {name: "env[0].name", value: A}
            - {name: "env[0].value", value: "true"}
            - {name: "env[1].value", value: "true", forceString: true}
"""


def test_an_application_of_argo_cd_carries_values_in_three_ways() -> None:
    (values,) = values_in("apps/airflow.yaml", ARGO)
    assert (values.dialect, values.root_paths) == ("official", ((),))
    assert values.release is not None
    assert not values.release.is_partial
    assert shown(values, "executor") == '9:19 "LocalExecutor"'
    assert shown(values, "data.metadataConnection.pass") == "11:38 'it''s'"
    assert shown(values, "redis.enabled") == "16:26 false"
    assert shown(values, ("config", "common.io", "xcom_objectstorage_path")) == "19:18 s3://bucket"
    assert [item.region.line for item in values.env_items() if item.name.startswith("AIRFLOW")] == [14]


def test_a_key_of_a_dotted_name_stands_where_it_is_written() -> None:
    (values,) = values_in("apps/airflow.yaml", ARGO)
    found = values.entry(("config", "common.io"))
    assert found is not None
    assert found.key_region is not None
    assert values.source.slice(found.key_region) == "common\\.io"


def test_parameters_are_typed_as_helm_types_them() -> None:
    (values,) = values_in("apps/airflow.yaml", ARGO)
    kinds = [values.entry(("env", place, "value")) for place in (0, 1)]
    assert [entry.node.kind for entry in kinds if entry and isinstance(entry.node, Scalar)] == [
        "bool",
        "text",
    ]


def test_what_counts_most_is_found_first() -> None:
    (values,) = values_in(
        "a.yaml",
        """
        source:
          repoURL: https://airflow.apache.org
          chart: airflow
          helm:
            values: "fernetKey: a"
            valuesObject: {fernetKey: b}
            parameters: [{name: fernetKey, value: c}]
        """,
    )
    assert shown(values, "fernetKey").endswith(" c")
    assert [entry.text for entry in values.entries()] == ["c", "b", "a"]


@pytest.mark.parametrize("key", ["valueFiles: [values.yaml]", "fileParameters: [{name: a, path: b}]"])
def test_files_of_values_beside_them_make_values_partial(key: str) -> None:
    text = ARGO.replace("          values: |", f"          {key}\n          values: |")
    (values,) = values_in("a.yaml", text)
    assert values.release is not None
    assert values.release.is_partial


def test_each_release_of_a_file_has_values_of_its_own() -> None:
    found = values_in(
        "helmfile.yaml",
        """
        repositories: [{name: apache, url: https://airflow.apache.org}]
        releases:
          - {name: dev, chart: apache/airflow, values: [{fernetKey: a}]}
          - {name: redis, chart: bitnami/redis, values: [{password: b}]}
          - {name: a, chart: apache/airflow, values: [b.yaml, {fernetKey: c}], set: [{name: a.b, value: d}]}
        """,
    )
    assert [shown(values, "fernetKey") for values in found] == ["3:61 a", "5:67 c"]
    assert [bool(values.release and values.release.is_partial) for values in found] == [False, True]
    assert shown(found[1], "a.b") == "5:97 d"


def test_a_helmfile_may_be_a_template() -> None:
    (values,) = values_in(
        "helmfile.yaml.gotmpl",
        """
        releases:
        {{ range .Values.names }}
          - name: {{ . }}
            chart: apache-airflow/airflow
            values:
              - fernetKey: {{ env "KEY" | quote }}
                redis: {password: "a-{{ . }}"}
        {{ end }}
        """,
    )
    assert shown(values, "fernetKey") == '6:20 {{ env "KEY" | quote }}'
    found = values.entry(("redis", "password"))
    assert found is not None
    assert found.text == "a-{{ . }}"


def test_flux_and_k3s_release_charts() -> None:
    found = values_in(
        "apps/releases.yaml",
        """
        kind: HelmRelease
        metadata: {name: airflow}
        spec:
          chart: {spec: {chart: airflow, sourceRef: {name: apache-airflow}}}
          valuesFrom: [{kind: Secret, name: a}]
          values:
            fernetKey: a
        ---
        kind: HelmChart
        metadata: {name: airflow}
        spec:
          repo: https://airflow-helm.github.io/charts
          chart: airflow
          set: {airflow.fernetKey: b}
          valuesContent: |-
            externalDatabase: {password: c}
        """,
    )
    assert [values.dialect for values in found] == ["official", "community"]
    assert [bool(values.release and values.release.is_partial) for values in found] == [True, False]
    assert shown(found[0], "fernetKey") == "7:16 a"
    assert shown(found[1], "airflow.fernetKey") == "14:28 b"
    assert shown(found[1], "externalDatabase.password") == "16:34 c"


def test_a_kustomization_inflates_charts() -> None:
    (values,) = values_in(
        "kustomization.yaml",
        """
        helmCharts:
          - {name: airflow, repo: https://airflow.apache.org, valuesInline: {fernetKey: a}}
          - {name: minio, valuesInline: {rootPassword: b}}
        """,
    )
    assert shown(values, "fernetKey") == "2:81 a"


TERRAFORM = """
    locals {
      more = { jwtSecret = "a" }
    }
    resource "helm_release" "airflow" {
      chart      = "airflow" # comment
      repository = "https://airflow.apache.org"
      values = [
        yamlencode(local.more),
        <<-EOT
          executor: ${var.executor}
          %{ if var.redis }
          redis:
              password: "b\\tc"
          %{ endif ~}
          extraEnv: |
            - {name: A, value: ${var.a}}
            - name: AIRFLOW__CORE__FERNET_KEY
              value: d
        EOT
        , "flower: {password: \\"e\\"}",
        yamlencode({ data = { brokerUrl : "f", x = var.x ? "y" : "z" }, "a.b" = [1, -2, true, null] }),
      ]
      set {
        name  = "postgresql.auth.password"
        value = "g"
      }
      set_sensitive = [{ name = "redis.password", value = var.redis }]
    }
"""


def test_terraform_carries_values_in_many_ways() -> None:
    (values,) = values_in("main.tf", TERRAFORM)
    assert values.release is not None
    assert (values.dialect, values.release.is_partial) == ("official", False)
    assert shown(values, "jwtSecret") == '2:24 "a"'
    assert shown(values, "executor") == "10:17 ${var.executor}"
    assert shown(values, "flower.password") == '20:27 \\"e\\"'
    assert shown(values, "data.brokerUrl") == '21:39 "f"'
    assert shown(values, "postgresql.auth.password") == '25:13 "g"'
    assert [entry.text for entry in values.entries() if entry.path == ("redis", "password")] == [None, "b\tc"]
    assert [item.region.line for item in values.env_items() if item.text == "d"] == [18]
    listed = values.entry(("a.b",))
    assert listed is not None
    assert isinstance(listed.node, Sequence)
    assert [n.kind for n in listed.node.children if isinstance(n, Scalar)] == [
        "number",
        "number",
        "bool",
        "null",
    ]


def test_what_is_encoded_is_known_to_be_a_text() -> None:
    text = 'resource "helm_release" "airflow" {\n values = [yamlencode({fernetKey = "a"\n env = [1]\n'
    (values,) = values_in("a.tf", text + ' extraEnv = jsonencode([{name = "A", value = "b"}])})]\n}\n')
    nodes = [values.entry((key,)) for key in ("env", "extraEnv")]
    assert [entry.node.in_text for entry in nodes if entry and isinstance(entry.node, Sequence)] == [
        False,
        True,
    ]
    assert [(item.name, item.text) for item in values.env_items()] == [("A", "b")]


@pytest.mark.parametrize(
    "given",
    [
        'file("values.yaml")',
        "var.values",
        'templatefile("a.yaml", {})',
        'yamlencode(merge(local.a, {"b" = 1}))',
    ],
)
def test_what_terraform_takes_from_elsewhere_makes_values_partial(given: str) -> None:
    text = f'resource "helm_release" "airflow" {{\n values = [{given}, "fernetKey: a"]\n}}\n'
    (values,) = values_in("main.tf", text)
    assert values.release is not None
    assert values.release.is_partial is ("merge" not in given)


@pytest.mark.parametrize(
    "text",
    [
        'values = ["fernetKey: a"',
        "values = [<<EOF\nfernetKey: a\n",
        'values = ["fernetKey: a\n"]',
        "values = [" * 50,
        "values = [" + "{ a = " * 50,
        'values = ["${',
        'x = "${"${"${a}"}"}"\nvalues = [yamlencode({(var.key) = "a"})]',
        "values = [for x in y : {\n a = x\n}]",
        "values = {for x in y : x => {\n}",
        "values { {",
        "values = <<-EOT\n",
        "#",
        "/* never closed",
    ],
)
def test_what_is_no_terraform_is_passed_over(text: str) -> None:
    assert values_in("airflow.tf", f'resource "helm_release" "airflow" {{\n{text}\n}}\n') == []


def test_the_rest_of_a_file_is_read_behind_what_is_not_followed() -> None:
    top = read(
        'a = b ? "}" : <<EOT\n}\nEOT\nc = [for x in y : "]"]\nd = x["}"].y("]") + 1 # }\ne "f" { g = 1 }\n'
    )
    assert [key.text for key, _ in top.attributes.members] == ["a", "c", "d"]
    assert [(block.kind, block.labels) for block in top.blocks] == [("e", ("f",))]


def test_a_heredoc_loses_the_indent_that_all_its_lines_have() -> None:
    top = read("a = <<-EOT\n    b:\n\n      c: 1\n    EOT\n")
    text = top.attributes.get("a")
    assert isinstance(text, Scalar)
    assert text.text == "b:\n\n  c: 1\n"


def test_interpolations_are_hidden_whatever_stands_in_them() -> None:
    text = 'a: ${f("}", {b = 1})}\n%{ if x }\nc: $${D}\n'
    assert compose(hidden(text))
    assert len(hidden(text)) == len(text)
    assert "$${D}" in hidden(text)


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("a.b", ["a", "b"]),
        (r"a\.b.c", ["a.b", "c"]),
        ("a[0].b[2]", ["a", 0, "b", 2]),
        ("a[0][1]", ["a", 0, 1]),
        ("a[101].b", ["a"]),
        ("a[x]", ["a"]),
        ("", []),
    ],
)
def test_dotted_names_are_read_as_helm_reads_them(name: str, steps: list[str | int]) -> None:
    scalar = Scalar(0, len(name), name, "text")
    assert [s.key.text if s.place is None else s.place for s in steps_of(name, scalar)] == steps


def test_a_list_in_braces_is_one() -> None:
    text = "a {b,c}"
    (top,) = tree_of(text, [Assignment(Scalar(0, 1, "a", "text"), Scalar(2, 7, "{b,c}", "text"))])
    found = top.get("a")
    assert isinstance(found, Sequence)
    assert [child.text for child in found.children if isinstance(child, Scalar)] == ["b", "c"]


@pytest.mark.parametrize(
    ("path", "text", "is_one"),
    [
        ("a.yaml", "repoURL: https://airflow.apache.org\n", True),
        ("a.yaml", "kind: HelmRelease\nname: airflow\n", True),
        ("a.yaml", "kind: Deployment\nname: airflow\n", False),
        ("a.yaml", "kind: HelmRelease\nname: superset\n", False),
        ("helmfile.yaml", "releases:\n- chart: x/airflow\n", True),
        ("main.tf", 'resource "helm_release" "airflow" {}\n', True),
        ("main.tf", 'resource "aws_mwaa_environment" "airflow" {}\n', False),
        ("main.tf.txt", 'resource "helm_release" "airflow" {}\n', False),
        ("a.gotmpl", "kind: HelmRelease\nname: airflow\n", False),
    ],
)
def test_a_cheap_look_tells_which_files_may_release(path: str, text: str, is_one: bool) -> None:
    assert may_release(path, text.encode()) is is_one
    assert may_hold_values(path, text.encode()) or not is_one


def test_a_template_that_is_no_yaml_releases_nothing() -> None:
    text = "{{- if .Values.airflow }}\nrepoURL: https://airflow.apache.org\n{{- end }}\n"
    assert list(releases_in(Source("templates/airflow.yaml", text))) == []


@pytest.mark.parametrize(
    ("chart", "repository", "values", "dialect"),
    [
        ("airflow", "https://airflow.apache.org", "{x: 1}", "official"),
        ("airflow", "https://airflow-helm.github.io/charts", "{x: 1}", "community"),
        ("airflow", "https://charts.bitnami.com/bitnami", "{x: 1}", "own-chart"),
        ("oci://example.com/charts/airflow", "", "{executor: LocalExecutor}", "official"),
        ("airflow", "https://charts.example.com", "{x: 1}", None),
        ("charts/data", "https://git.example.com", "{airflow: {fernetKeySecretName: x}}", "umbrella"),
        ("superset", "https://airflow.apache.org", "{x: 1}", None),
    ],
)
def test_the_chart_and_its_repository_tell_what_values_are_for(
    chart: str, repository: str, values: str, dialect: str | None
) -> None:
    spec = f"{{chart: '{chart}', repo: '{repository}', valuesContent: '{values}'}}"
    text = f"kind: HelmChart\nspec: {spec}\n# airflow\n"
    assert [found.dialect for found in values_in("a.yaml", text)] == ([dialect] if dialect else [])


def test_values_of_a_chart_of_charts_are_found_at_any_depth() -> None:
    deep = "a:\n  b:\n    c:\n      d:\n        createUserJob: {}\n        dagProcessor: {}\n"
    (values,) = values_in("values.yaml", deep)
    assert (values.dialect, values.root_paths) == ("umbrella", (("a", "b", "c", "d"),))
    assert (
        values_in("values.yaml", deep.replace("dagProcessor", "redis").replace("createUserJob", "env")) == []
    )


def test_a_release_lies_over_no_values_file(make_repository: MakeRepository) -> None:
    own = "airflowVersion: 3.1.5\nexecutor: LocalExecutor\nfernetKeySecretName: a\n"
    root = make_repository({"values.yaml": own, "values-app.yaml": textwrap.dedent(ARGO)})
    (values,) = Repo(root).values_files("values-app.yaml")
    assert values.release is not None


def test_a_file_of_terraform_is_no_values_file_even_if_the_user_says_so() -> None:
    assert ValuesFile.all_in(Source("a.tf", "fernetKey: a\n"), forced=True) == ()


def test_releases_are_read_without_libcst(tmp_path: Path) -> None:
    (tmp_path / "airflow.tf").write_text(textwrap.dedent(TERRAFORM), encoding="utf-8")
    script = (
        "import sys; from airwarden.cli import main\n"
        "try:\n    main(['check', '.'])\nexcept SystemExit: pass\n"
        "assert 'libcst' not in sys.modules"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "inline-secret-in-values" in run.stdout


@pytest.mark.parametrize("code", ["UFFFFFFFF", "UD800DC00", "uD800"])
def test_an_escape_that_no_text_can_have_is_told_from_none(code: str) -> None:
    (value,) = [value for _, value in read(f'a = "\\{code}"\n').attributes.pairs()]
    assert isinstance(value, Scalar)
    assert value.text == "\ufffd"
