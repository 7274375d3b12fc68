"""ValuesFile: which files are values, and where every key and value in them stands."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from airwarden.charts import may_be_values
from airwarden.source import Source, TooBig, Unreadable
from airwarden.values import Chart, Entry, ValuesFile
from hypothesis import given, settings
from hypothesis import strategies as st

OFFICIAL = "defaultAirflowTag: 3.1.5\n"


def read(
    text: str, path: str = "values.yaml", chart: Chart | None = None, forced: bool = False
) -> ValuesFile:
    values = ValuesFile.read(Source(path, text), chart, forced)
    assert values is not None, "not recognised as values"
    return values


def shown(values: ValuesFile, entry: Entry | None) -> str:
    """The text of the file at an entry's region."""
    assert entry is not None
    return values.source.slice(entry.region)


@pytest.fixture(params=["with libyaml", "without"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "without":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)


REGIONS = {
    "plain": ("key: some words  # and a comment\n", "some words"),
    "number": ("key: 1048576\n", "1048576"),
    "null": ("key: ~\n", "~"),
    "in single quotes": ("key: 'it''s'\n", "'it''s'"),
    "in double quotes": ('key: "a\\tb" # c\n', '"a\\tb"'),
    "in a flow": ("key: &a [x]\nother: {a: 1}\n", "&a [x]"),
    "with a tag": ("key: !!str   12\n", "12"),
    "with an anchor": ("key: &here  there\n", "there"),
    "with an anchor and a tag": ('key: &here !!str "there"\n', '"there"'),
    "literal": ("key: |-\n  one\n\n   two\n\nother: 1\n", "|-\n  one\n\n   two"),
    "folded": ("key: > # why\n  one\n  two\nother: 1\n", "> # why\n  one\n  two"),
    "over two lines": ("key: one\n  two\nother: 1\n", "one\n  two"),
    "beyond the first plane": ('"🔑 é": x\nkey: "🔒 ü"\n', '"🔒 ü"'),
    "with Windows' line ends": ("a: 1\r\nkey: |\r\n  one\r\n  two\r\nother: 1\r\n", "|\r\n  one\r\n  two"),
    "after a separator that ends a line to YAML alone": ('a: "x\u2028y"\nkey: here\n', "here"),
    "in a second document": ("a: 1\n---\nkey: here\n...\n", "here"),
    "under a complex key": ("? key\n: here\n", "here"),
}


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(("text", "expected"), REGIONS.values(), ids=REGIONS)
def test_the_region_of_a_value(text: str, expected: str) -> None:
    values = read(OFFICIAL + text)
    assert shown(values, values.entry(("key",))) == expected


@pytest.mark.usefixtures("loader")
def test_the_region_counts_lines_and_code_points_from_one() -> None:
    values = read(OFFICIAL + "🔑: {'ü': \"🔒🔒\"}\n")
    entry = values.entry(("🔑", "ü"))
    assert entry
    assert entry.key_region
    assert (entry.key_region.line, entry.key_region.column, entry.key_region.end_column) == (2, 5, 8)
    assert (entry.region.line, entry.region.column, entry.region.end_column) == (2, 10, 14)


KEYS = st.text("abcxyzé🔑 -_.:#'\"", min_size=1, max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x85\u2028\u2029"), max_size=40)
SCALARS = st.one_of(TEXTS, st.integers(), st.booleans(), st.none())
TREES = st.recursive(
    SCALARS,
    lambda below: st.one_of(st.lists(below, max_size=4), st.dictionaries(KEYS, below, max_size=4)),
    max_leaves=12,
)


def found_at(tree: Any, entry: Entry) -> Any:
    """What a tree that was written as YAML holds at an entry's path."""
    for part in entry.path:
        tree = tree[part] if isinstance(part, int) else {str(key): below for key, below in tree.items()}[part]
    return tree


@settings(deadline=None)
@given(
    tree=st.dictionaries(KEYS, TREES, max_size=5),
    style=st.sampled_from([None, '"', "'"]),
    flow=st.booleans(),
)
def test_what_stands_at_a_region_is_the_value(tree: Any, style: str | None, flow: bool) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, default_style=style, default_flow_style=flow)
    values = read(text, forced=True)
    for entry in values.entries():
        expected = found_at(tree, entry)
        if isinstance(expected, str):
            assert entry.text == expected
            assert yaml.safe_load(f"- {shown(values, entry)}") == [expected]


@settings(deadline=None)
@given(tree=st.dictionaries(KEYS, TREES, max_size=5), style=st.sampled_from("|>'"))
def test_each_character_of_a_text_is_found_where_it_is_written(tree: Any, style: str) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, default_style=style, width=20)
    values = read(text, forced=True)
    for entry in values.entries():
        expected = found_at(tree, entry)
        if not isinstance(expected, str) or shown(values, entry).startswith('"'):
            continue
        assert entry.text == expected
        words = [place for place, character in enumerate(expected) if not character.isspace()]
        regions = values.regions(entry, [(place, place + 1) for place in words])
        written = [values.source.slice(region).replace("''", "'") for region in regions]
        assert written == [expected[place] for place in words]


def test_a_repeated_key_counts_as_its_last_and_both_are_seen() -> None:
    values = read(OFFICIAL + "redis: {password: first, password: second}\n")
    assert shown(values, values.at("redis.password")) == "second"
    assert [e.text for e in values.entries() if e.path == ("redis", "password")] == ["first", "second"]


def test_aliases_and_merges_lead_to_where_the_value_stands() -> None:
    values = read(
        OFFICIAL + "x: &x {pass: shared, port: 1}\n"
        "y: &y {pass: other}\n"
        "data:\n"
        "  metadataConnection: {<<: [*x, *y], port: 2}\n"
        "  resultBackendConnection: *y\n"
    )
    metadata = values.at("data.metadataConnection.pass")
    assert metadata
    assert (metadata.text, metadata.region.line) == ("shared", 2)
    assert shown(values, values.at("data.metadataConnection.port")) == "2"
    assert shown(values, values.at("data.resultBackendConnection.pass")) == "other"


def test_a_key_that_is_no_text_goes_by_what_is_written() -> None:
    values = read(OFFICIAL + "ports: {8080: web, true: yes, [a]: list}\n")
    assert [entry.dotted for entry in values.entries()][2:] == ["ports.8080", "ports.true"]


def test_the_kinds_of_scalars() -> None:
    values = read(OFFICIAL + "a: [text, 1, 2.5, true, null, ~, '', !vault secret, !!str 1]\n")
    texts = [entry.text for entry in values.entries() if entry.path[0] == "a"]
    assert texts == [None, "text", "1", "2.5", None, None, None, "", None, "1"]


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


BOMBS = {
    "aliases": bomb(6),
    "merges": "m0: &m0 {k: v}\n"
    + "\n".join(f"m{n}: &m{n} {{<<: *m{n - 1}, k{n}: v}}" for n in range(1, 2000)),
    "a circle": "a: &a {b: *a, c: [*a]}\nm: &m\n  <<: *m",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_bomb_does_not_go_off(text: str) -> None:
    values = read(f"{OFFICIAL}{text}\nfernetKey: not-a-real-key\n")
    assert len(values.entries()) < 50_000
    assert len(values.violations("inline-secret-in-values")) == 1


def test_a_text_that_stands_for_a_billion_values_is_refused_where_it_passes_the_budget() -> None:
    with pytest.raises(TooBig, match=r"^values.yaml:\d+:\d+: stands for more than 1,000,000 values"):
        read(OFFICIAL + bomb(12))


def test_an_endless_nest_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"200 levels|maximum nesting depth"):
        read("fernetKey: " + "[" * 100_000)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "place"),
    {
        "fernetKey: a: b\n": (1, 13),
        "fernetKey: 'a\n": (2, 1),
        "fernetKey: *nobody\n": (1, 12),
        "été: 1\nfernetKey: \x07\n": (2, 12),
    }.items(),
)
def test_values_that_are_no_yaml_are_unreadable_where_reading_stopped(
    text: str, place: tuple[int, int]
) -> None:
    with pytest.raises(Unreadable) as caught:
        read(text)
    assert (caught.value.region.line, caught.value.region.column) == place
    assert caught.value.reason.startswith("is no YAML: ")


TEMPLATED = "{{- if .Values.x }}\nfernetKey: key\n{{- end }}\nb: {{ toYaml .Values.c | nindent 2 }}\n"


def test_a_template_of_values_is_read_around_its_actions() -> None:
    values = read(TEMPLATED)
    assert shown(values, values.at("fernetKey")) == "key"
    assert shown(values, values.at("b")) == "{{ toYaml .Values.c | nindent 2 }}"


NOT_YAML = "{{ range .Values.x }}\nfernetKey: 'a {{ . }}\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("chart/templates/values.yaml", TEMPLATED),
        ("values.yaml", NOT_YAML),
        ("deploy/some.yaml", "fernetKey: 'a\n"),
        ("deploy/values.yaml", "replicas: 'a\n"),
    ],
)
def test_what_is_neither_yaml_nor_surely_values_is_let_be(path: str, text: str) -> None:
    assert ValuesFile.read(Source(path, text)) is None


def test_a_file_that_the_user_calls_values_must_be_yaml() -> None:
    with pytest.raises(Unreadable):
        read("a: 'b\n", "some.yaml", forced=True)


# Template strings

STRINGS = {
    "literal": 'extraEnv: |\n  - name: KEY\n    value: "é🔑"\n',
    "with actions": 'extraEnv: |-\n  {{- if .Values.x }}\n  - name: KEY\n    value: "é🔑"\n  {{- end }}\n',
    "folded": 'extraEnv: >\n  - name: KEY\n\n    value: "é🔑"\n',
    "with an indentation of its own": 'extraEnv: |2\n  - name: KEY\n    value: "é🔑"\n',
    "deep in a list": 'scheduler:\n  extra:\n    - |\n      env:\n        - {name: KEY, value: "é🔑"}\n',
    "with Windows' line ends": 'extraEnv: |\r\n  - name: KEY\r\n    value: "é🔑"\r\n',
}


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
def test_what_a_template_string_sets_stands_where_it_is_written(text: str) -> None:
    values = read(OFFICIAL + text)
    (item,) = values.env_items()
    assert (item.name, item.text) == ("KEY", "é🔑")
    assert values.source.slice(item.region) == '"é🔑"'


def test_a_quoted_template_string_is_read_through_its_escapes() -> None:
    values = read(OFFICIAL + r'extraEnv: "- name: KEY\n  value: \"p\u00e9a\x21\"\n"' + "\n")
    (item,) = values.env_items()
    assert item.text == "péa!"
    assert values.source.slice(item.region) == r"\"p\u00e9a\x21\""


def test_where_an_escape_can_not_be_placed_the_whole_string_is_the_region() -> None:
    values = read(
        OFFICIAL + r'airflowLocalSettings: "a \u0062\x21 c"' + "\n" + r'podTemplate: "a \a c"' + "\n"
    )
    places = [
        [values.source.slice(region) for region in values.regions(entry, [(2, 4), (5, 6), (5, 5)])]
        for entry in values.entries()[1:]
    ]
    assert places == [
        [r"\u0062\x21", "c", r'"a \u0062\x21 c"'],
        [r'"a \a c"', r'"a \a c"', r'"a \a c"'],
    ]


def test_a_value_with_an_action_has_the_action_for_its_text() -> None:
    values = read(
        OFFICIAL + "extraEnv: |\n  - name: A\n    value: {{ .Values.a | quote }}\n  - {{ .Values.b }}\n"
    )
    (item,) = values.env_items()
    assert item.text == "{{ .Values.a | quote }}"


# Environment variables and options


def test_environment_variables_wherever_they_are_set() -> None:
    values = read(
        OFFICIAL + "env: [{name: A, value: 1}, {name: B, value: true}, {name: C}]\n"
        "workers:\n"
        "  celery: {env: [{name: D, valueFrom: {secretKeyRef: {name: x, key: y}}}]}\n"
        "  extraContainers: [{name: c, env: [{name: E, value: e}]}]\n"
        "  extraVolumes: [{name: v, value: no-variable}]\n"
        "shop:\n"
        "  env: {F: f, lower: no, G: [no]}\n"
        "  settings: {AIRFLOW__CORE__X: h, I: i}\n"
        "  others: {J: no}\n"
        "config: {kubernetes_secrets: {AIRFLOW__CORE__X: name=key}}\n"
        "enableBuiltInSecretEnvVars: {AIRFLOW__CORE__FERNET_KEY: false}\n"
        "extraSecrets: {x: {stringData: 'AIRFLOW_CONN_X: y'}}\n"
    )
    assert [(item.name, item.text, item.has_value_from) for item in values.env_items()] == [
        ("A", "1", False),
        ("B", None, False),
        ("D", None, True),
        ("E", "e", False),
        ("F", "f", False),
        ("AIRFLOW__CORE__X", "h", False),
        ("I", "i", False),
    ]
    assert [item.path for item in values.env_items()][:2] == [("env", 0, "value"), ("env", 1, "value")]


def test_the_options_of_the_official_chart() -> None:
    values = read(
        OFFICIAL + "config:\n  core: {a: 1, b: [no text]}\n  common.io: {path: s3://x}\n  scalar: 1\n"
        "  kubernetes_secrets: {AIRFLOW__CORE__X: name=key}\n"
    )
    found = [(item.section, item.key, item.text) for item in values.config_items()]
    assert found == [("core", "a", "1"), ("core", "b", None), ("common.io", "path", "s3://x")]
    path = values.at(("config", "common.io", "path"))
    assert path
    assert path.dotted == "config.common.io.path"


def test_the_options_of_the_community_chart() -> None:
    values = read("airflow: {users: [], config: {AIRFLOW__CORE__X: 'True', PLAIN: x}}\n")
    assert [(item.env, item.text) for item in values.config_items()] == [
        ("AIRFLOW__CORE__X", "True"),
        ("PLAIN", "x"),
    ]
    assert values.env_items() == ()


# Recognition

UMBRELLA = (
    "apiVersion: v2\nname: shop\ndependencies:\n- {name: airflow, repository: 'https://airflow.apache.org'}\n"
)

RECOGNISED = {
    "one unmistakable key": ("deploy/some.yaml", "fernetKeySecretName: x\n", "official", ((),)),
    "a hint and a name": ("deploy/values.yaml", "executor: LocalExecutor\n", "official", ((),)),
    "a name of two words": ("airflow/values-dev.yaml", "scheduler: {replicas: 2}\n", "official", ((),)),
    "a template string": ("values.yml", "extraEnv: |\n  - name: AIRFLOW_CONN_X\n", "official", ((),)),
    "the second document": ("x.yaml", "a: 1\n---\nmigrateDatabaseJob: {enabled: true}\n", "official", ((),)),
    "community": ("x.yaml", "airflow: {legacyCommands: false}\n", "community", ((),)),
    "community with much beside": (
        "x.yaml",
        "airflow: {image: {}, fernetKey: x}\nweb: {}\nworkers: {}\nairflow2: {}\n",
        "community",
        ((),),
    ),
    "under airflow": ("x.yaml", "airflow: {createUserJob: {}, data: {}}\n", "umbrella", (("airflow",),)),
    "under another key": ("x.yaml", "jobs2: {dagProcessor: {}}\nb: 1\n", "umbrella", (("jobs2",),)),
    "under two keys": (
        "x.yaml",
        "a: {dagProcessor: {}}\nb: {dagProcessor: {}}\n",
        "umbrella",
        (("a",), ("b",)),
    ),
    "an umbrella over an umbrella": (
        "x.yaml",
        "platform: {airflow: {dagProcessor: {}, scheduler: {}}}\n",
        "umbrella",
        (("platform", "airflow"),),
    ),
    "community under a key": (
        "x.yaml",
        "old: {airflow: {usersTemplates: {}}, web: {}}\n",
        "umbrella",
        (("old",),),
    ),
    "a map of variables": ("values.yaml", "app: {secrets: {AIRFLOW__CORE__X: y}}\n", "own-chart", ()),
    "a Fernet key by another name": (
        "values.yaml",
        "conf: {airflow: {core: {fernet_key: y}}}\n",
        "own-chart",
        (),
    ),
    "keys of both charts at once": (
        "values.yaml",
        "airflow: {apiServer: {}, dagProcessor: {}, image: {}, config: {AIRFLOW__CORE__X: y}}\n",
        "own-chart",
        (),
    ),
    "Bitnami's chart": (
        "x.yaml",
        "auth: {fernetKey: x}\nexecutor: CeleryExecutor\nworker: {}\n",
        "own-chart",
        (),
    ),
}


@pytest.mark.parametrize(("path", "text", "dialect", "roots"), RECOGNISED.values(), ids=RECOGNISED)
def test_values_are_recognised_by_what_they_say(
    path: str, text: str, dialect: str, roots: tuple[tuple[str, ...], ...]
) -> None:
    assert may_be_values(path, text.encode())
    values = read(text, path)
    assert (values.dialect, values.root_paths) == (dialect, roots)


OTHERS = {
    "a manifest": ("airflow/values.yaml", "apiVersion: v1\nkind: Secret\nstringData: {fernetKey: x}\n"),
    "a chart's description": (
        "airflow/chart-values.yaml",
        "apiVersion: v2\nname: airflow\nexecutor: LocalExecutor\n",
    ),
    "a compose file": ("airflow/x.yaml", "services: {a: {image: b, environment: {AIRFLOW__CORE__X: y}}}\n"),
    "a compose file of extensions": (
        "x.yaml",
        "x-a: &a {image: b}\nservices: {triggerer: {<<: *a}}\nfernetKey: x\n",
    ),
    "a workflow": ("x.yaml", "on: push\njobs: {a: {env: {AIRFLOW__CORE__X: y}}}\nfernetKey: x\n"),
    "a pipeline": ("values.yaml", "stages: [a]\nvariables: {AIRFLOW__CORE__X: y}\n"),
    "a list": ("values.yaml", "- fernetKey: x\n"),
    "a text": ("values.yaml", "AIRFLOW__CORE__X\n"),
    "nothing": ("airflow/values.yaml", ""),
    "a command line's settings": (
        "x.yaml",
        "airflow: {connections: [{conn_id: x}], pools: [], variables: []}\n",
    ),
    "a task queue": ("deploy/values.yaml", "scheduler: {}\nworkers: {}\nflower: {}\nredis: {password: x}\n"),
    "variables in some file": ("deploy/some.yaml", "app: {AIRFLOW__CORE__X: y}\n"),
    "a hint alone": ("deploy/some.yaml", "executor: LocalExecutor\n"),
    "another chart of the house": ("airflow/postgresql-values.yaml", "auth: {password: x}\nprimary: {}\n"),
}


@pytest.mark.parametrize(("path", "text"), OTHERS.values(), ids=OTHERS)
def test_other_files_are_no_values(path: str, text: str) -> None:
    assert ValuesFile.read(Source(path, text)) is None


def chart(text: str) -> Chart:
    return Chart.read(Source("Chart.yaml", text))


def test_what_a_chart_depends_on() -> None:
    assert chart("{{ not yaml") == Chart("")
    assert chart("name: airflow\ndependencies: []\n") == Chart("airflow")
    assert chart(UMBRELLA) == Chart("shop", (("airflow", "official"),))
    listed = (
        "name: x\ndependencies:\n"
        "- {name: airflow, alias: a, repository: 'https://airflow-helm.github.io/charts'}\n"
        "- {name: airflow, alias: b, repository: 'oci://registry-1.docker.io/bitnamicharts'}\n"
        "- {name: airflow, alias: c, repository: 'file://../airflow'}\n"
        "- {name: postgresql}\n"
    )
    assert chart(listed).airflow == (("a", "community"), ("b", "other"), ("c", None))


@pytest.mark.parametrize(
    ("path", "text", "dialect", "roots"),
    [
        ("c/values.yaml", "airflow: {enabled: false}\n", "umbrella", (("airflow",),)),
        ("c/values-dev.yaml", "mongodb: {auth: {}}\n", "umbrella", (("airflow",),)),
        ("c/dev.yaml", "airflow: {enabled: false}\n", "umbrella", (("airflow",),)),
        ("c/values.yaml", "services: {web: {image: x}}\n", "umbrella", (("airflow",),)),
    ],
)
def test_the_chart_tells_what_its_values_are(
    path: str, text: str, dialect: str, roots: tuple[tuple[str, ...], ...]
) -> None:
    values = read(text, path, chart(UMBRELLA))
    assert (values.dialect, values.root_paths) == (dialect, roots)


def test_a_file_beside_the_values_of_an_umbrella_is_none() -> None:
    assert ValuesFile.read(Source("c/dev.yaml", "mongodb: {auth: {}}\n"), chart(UMBRELLA)) is None


def test_a_dependency_from_nowhere_is_told_by_its_values() -> None:
    nowhere = chart("name: x\ndependencies:\n- {name: airflow, alias: a, repository: 'file://../b'}\n")
    values = read("a: {airflow: {users: [], usersTemplates: {}}, web: {}}\n", chart=nowhere)
    assert [(root.path, root.chart) for root in values.roots] == [(("a",), "community")]


def test_a_chart_that_is_not_airflows_needs_more_proof() -> None:
    some = chart("name: shop\n")
    assert read("fernetKey: x\nexecutor: LocalExecutor\n", chart=some).dialect == "own-chart"
    copied = "fernetKey: x\ndagProcessor: {}\ncreateUserJob: {}\nmigrateDatabaseJob: {}\n"
    assert read(copied, chart=some).dialect == "official"
    assert ValuesFile.read(Source("values.yaml", "executor: LocalExecutor\n"), some) is None


@pytest.mark.parametrize(
    ("text", "dialect", "roots"),
    [
        ("a: 1\n", "official", ((),)),
        ("airflow: {image: {}}\nweb: {}\n", "community", ((),)),
        ("airflow: {scheduler: {}}\n", "umbrella", (("airflow",),)),
        ("apiVersion: 1\nkind: 2\nredis: {}\n", "official", ((),)),
    ],
)
def test_a_file_that_the_user_calls_values_is_values(
    text: str, dialect: str, roots: tuple[tuple[str, ...], ...]
) -> None:
    values = read(text, "some.yaml", forced=True)
    assert (values.dialect, values.root_paths) == (dialect, roots)


def test_a_path_starts_where_the_charts_values_start() -> None:
    values = read("airflow: {data: {metadataConnection: {pass: x}}}\n")
    entry = values.at("data.metadataConnection.pass")
    assert entry
    assert entry.dotted == "airflow.data.metadataConnection.pass"
    assert values.at("data.brokerUrl") is None
    assert values.entry(("airflow", "data", 0)) is None


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        ("values.yaml", b"a: 1\n", True),
        ("helm/values/dev.yml", b"a: 1\n", True),
        ("deploy/airflow.yaml", b"a: 1\n", True),
        ("deploy/x.yaml", b"a: 1\n", False),
        ("deploy/x.yaml", b"a: {fernetKey: x}\n", True),
        ("deploy/x.yaml", b"airflow:\n  a: 1\n", True),
        ("deploy/x.yaml", b"text about airflow\n", False),
        ("deploy/x.yaml", b"apiVersion: v1\nkind: Pod\nspec: AIRFLOW__X\n", False),
        ("values.json", b"fernetKey\n", False),
        ("airflow/Chart.yaml", b"name: airflow\n", False),
        ("values.yaml", b"fernetKey: x\n" + b"#" * (1 << 20), True),
        ("values.yaml", b"some: x\n" + b"#" * (1 << 20), False),
        ("airflow.yaml", b"fernetKey: x\n" + b"#" * (1 << 20), False),
    ],
)
def test_the_first_look_at_a_file(path: str, data: bytes, expected: bool) -> None:
    assert may_be_values(path, data) is expected
