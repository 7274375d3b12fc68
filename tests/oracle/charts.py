"""What real charts take: the paths of their values, a secret for each, and what else they need to show it.

A place is a path of values and the form of what is put there. Some places are told by our policies, the
others by the schema of a chart, or by its values where it has no schema.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import yaml
from airwarden.folders import folder

Keys: TypeAlias = "tuple[str, ...]"
Values: TypeAlias = "dict[str, Any]"
DialectName: TypeAlias = Literal["official", "community"]

ITEM = "[]"
"""Stands in a path for the first item of a list."""

ANY = "*"
"""Stands in a path for a key that the chart leaves to its user."""


@dataclass(frozen=True, order=True)
class Place:
    """A path of values, and the form of the text or list that holds a secret there."""

    keys: Keys
    form: str

    @property
    def dotted(self) -> str:
        """The path as people write it."""
        return ".".join(self.keys).replace(".[]", "[]")


@dataclass(frozen=True)
class Chart:
    """The folder of a chart, with what it says of its values."""

    folder: Path
    name: DialectName
    version: str
    defaults: Mapping[str, Any]
    schema: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Chart:
        """The chart in a folder, the values of its subcharts below their names."""
        told = yaml.safe_load((folder / "Chart.yaml").read_text(encoding="utf-8"))
        schema = folder / "values.schema.json"
        defaults = _values(folder)
        for subchart in sorted((folder / "charts").glob("*/values.yaml")):
            name = subchart.parent.name
            defaults[name] = merged(_values(subchart.parent), defaults.get(name) or {})
        return cls(
            folder,
            "community" if "airflow" in defaults else "official",
            str(told["version"]),
            defaults,
            json.loads(schema.read_text(encoding="utf-8")) if schema.exists() else {},
        )

    def knows(self, keys: Keys) -> bool:
        """Whether the values or the schema of the chart have this path."""
        return _leads(self.defaults, keys) or self._describes(self.schema, keys)

    def _describes(self, node: Mapping[str, Any], keys: Keys) -> bool:
        node = self.resolved(node)
        if not keys:
            return True
        below = node.get("properties", {}).get(keys[0])
        if keys[0] in (ANY, ITEM):
            below = node.get("items") or node.get("additionalProperties")
        elif below is None and isinstance(node.get("additionalProperties"), dict):
            below = node["additionalProperties"]
        return isinstance(below, dict) and self._describes(below, keys[1:])

    def resolved(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a reference within the schema stands for; those to Kubernetes' own types stay."""
        reference = str(node.get("$ref", ""))
        name = reference.removeprefix("#/definitions/")
        return node if not reference or name.startswith("io.k8s") else self.schema["definitions"][name]


def _values(folder: Path) -> Values:
    file = folder / "values.yaml"
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")) or {}) if file.exists() else {}


def _leads(node: Any, keys: Keys) -> bool:
    for key in keys:
        if key in (ANY, ITEM):
            return isinstance(node, (dict, list)) or node is None
        if not isinstance(node, dict) or key not in node:
            return False
        node = node[key]
    return True


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> Values:
    """Values over others, as Helm lays them."""
    found = dict(base)
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(found.get(key), Mapping)
        found[key] = merged(found[key], value) if both else value
    return found


# Places


def policed(chart: DialectName) -> tuple[Place, ...]:
    """The places that our policies know as those of secrets."""
    text = (folder("schemas") / f"values-{chart}.json").read_text(encoding="utf-8")
    return tuple(dict.fromkeys(_policed(json.loads(text), ())))


def _policed(node: Mapping[str, Any], keys: Keys) -> Iterator[Place]:
    if node.get("x-rule") == "inline-secret-in-values" and "format" in node:
        yield Place(keys, _form(keys) or _OF_FORMAT.get(node["format"], "text"))
    for key, below in node.get("properties", {}).items():
        yield from _policed(below, (*keys, key))
    for key, step in (("items", (ITEM,)), ("additionalProperties", (ANY,)), ("then", ())):
        if isinstance(node.get(key), dict):
            yield from _policed(node[key], (*keys, *step))


_OF_FORMAT = {
    "no-password-in-url": "url",
    "no-secret-in-ini": "ini",
    "no-secret-in-json": "json",
    "no-secret-in-python": "python",
    "no-secret-in-yaml": "yaml",
}


def taken(chart: Chart) -> tuple[Place, ...]:
    """Every place of a chart that takes a text, or something with texts in it."""
    found = _described(chart, chart.schema, ()) if chart.schema else _shown(chart.defaults, ())
    return tuple(place for place in dict.fromkeys(found) if not _NAMES.search(place.keys[-1]))


_NAMES = re.compile(
    r"(?:Secret|[sS]ecretName|SecretKey|secretKey|ConfigMapName|[cC]laimName|existingSecret)$"
    r"(?<!^jwtSecret)(?<!^apiSecretKey)(?<!^webserverSecretKey)"
)
"""Keys that take a name. A name of a Secret keeps the chart from taking the secret itself."""


def _described(chart: Chart, node: Mapping[str, Any], keys: Keys) -> Iterator[Place]:
    node = chart.resolved(node)
    forms = _forms(keys) if keys else ()
    if forms:
        yield from (Place(keys, form) for form in forms)
        return
    for key, below in node.get("properties", {}).items():
        yield from _described(chart, below, (*keys, key))
    kinds = node.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    if "string" in kinds and not {"enum", "const", "pattern"} & node.keys():
        yield Place(keys, "text")
    elif "array" in kinds and "string" in str(node.get("items", {}).get("type", "string")):
        yield Place(keys, "list")
    elif "object" in kinds and "properties" not in node and "$ref" not in node:
        yield Place(keys, "map")


def _shown(node: object, keys: Keys) -> Iterator[Place]:
    forms = _forms(keys) if keys else ()
    if forms:
        yield from (Place(keys, form) for form in forms)
    elif isinstance(node, dict):
        for key, below in node.items():
            yield from _shown(below, (*keys, key))
        if not node:
            yield Place(keys, "map")
    elif isinstance(node, list):
        yield Place(keys, "list")
    elif isinstance(node, str) or node is None:
        yield Place(keys, "text")


def _forms(keys: Keys) -> tuple[str, ...]:
    """The forms of a place that takes the arguments of a program; one for others."""
    form = _form(keys)
    return ("arguments", "option", "options") if form == "arguments" else (form,) if form else ()


def _form(keys: Keys) -> str:
    """The form of a place that the schema of the chart leaves open."""
    dotted = ".".join(keys)
    return next((form for pattern, form in _FORMS if re.fullmatch(pattern, dotted)), "")


_FORMS = (
    (r"extraEnv", "env text"),
    (r"(?:.*\.)?(?:env|extraEnv)", "env list"),
    (r"(?:.*\.)?extra(?:Init)?Containers|(?:.*\.)?extraPodContainers", "containers"),
    (r"extraSecrets\.\*\.data", "base64"),
    (r"extraSecrets", "secrets"),
    (r"extraConfigMaps\.\*\.data", "connection"),
    (r"extraConfigMaps", "config maps"),
    (r"config", "config"),
    (r"airflow\.config", "config of variables"),
    (r"airflowLocalSettings|.*\.(?:apiServer|webserver)Config|.*[sS]ettings\.stringOverride", "python"),
    (r".*webserverConfig\.stringOverride", "python"),
    (r"podTemplate|.*[tT]emplate\.stringOverride", "pod"),
    (r"pgbouncer\.extraIni\w*", "ini"),
    (r"data\.brokerUrl|dags\.gitSync\.repo", "url"),
    (r"airflow\.users", "users"),
    (r"airflow\.connections", "connections"),
    (r"airflow\.variables", "variables"),
    (r"extraManifests|extraObjects", "manifests"),
    (r"extraManifests\.\[\]", "manifest"),
    (r".*[pP]ipPackages", "packages"),
    (r"(?:.*\.)?(?:\w*[aA]rgs|\w*[cC]ommand|extraFlags)", "arguments"),
)


# What is put there


def filled(form: str, canary: str) -> Any:
    """What holds a secret in this form."""
    made = _MADE.get(form, "CANARY")
    coded = base64.b64encode(canary.encode()).decode()
    return json.loads(json.dumps(made).replace("CODED", coded).replace("CANARY", canary))


_POD = """apiVersion: v1
kind: Pod
metadata:
  name: worker
spec:
  containers:
    - name: base
      image: airflow
      env:
        - name: API_PASSWORD
          value: CANARY
"""
_URL = "postgresql://airflow:CANARY@db.example.com:5432/airflow"
_ENV = [{"name": "API_PASSWORD", "value": "CANARY"}]
_SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "own"}}
_MADE: Mapping[str, Any] = {
    "list": ["CANARY"],
    "map": {"password": "CANARY"},
    "url": "https://airflow:CANARY@git.example.com/dags.git",
    "ini": "host = db.example.com password = CANARY",
    "python": 'CLIENT_SECRET = "CANARY"\n',
    "json": '{"password": "CANARY"}',
    "yaml": "password: CANARY\n",
    "base64": "password: CODED\n",
    "connection": f"AIRFLOW_CONN_LAKE: {_URL}\n",
    "pod": _POD,
    "env text": "- name: API_PASSWORD\n  value: CANARY\n",
    "env list": _ENV,
    "containers": [{"name": "side", "image": "side", "env": _ENV}],
    "secrets": {"own": {"stringData": "password: CANARY\n"}},
    "config maps": {"own": {"data": f"AIRFLOW_CONN_LAKE: {_URL}\n"}},
    "config": {"smtp": {"smtp_password": "CANARY"}},
    "config of variables": {"AIRFLOW__SMTP__SMTP_PASSWORD": "CANARY"},
    "users": [{"username": "a", "password": "CANARY", "email": "a@b.c", "role": "Admin"}],
    "connections": [{"id": "lake", "type": "postgres", "password": "CANARY"}],
    "variables": [{"key": "api_password", "value": "CANARY"}],
    "manifest": {**_SECRET, "stringData": {"password": "CANARY"}},
    "manifests": [{**_SECRET, "stringData": {"password": "CANARY"}}],
    "packages": ["git+https://airflow:CANARY@git.example.com/plugins.git"],
    "option": ["start", "--password=CANARY"],
    "options": ["start", "--password", "CANARY"],
    "arguments": ["sh", "-c", "curl --user airflow:CANARY https://api.example.com"],
}


def planted(chart: Chart, places: Mapping[str, Place], base: Mapping[str, Any]) -> Values:
    """Values with a canary at each place, what leads there switched on, and what else it takes."""
    values = dict(base)
    for place in places.values():
        values = merged(values, _switches(chart, place.keys))
        also = [more for pattern, more in ALSO[chart.name] if re.fullmatch(pattern, place.dotted)]
        for more in also:
            values = merged(values, more)
    for canary, place in places.items():
        values = merged(values, _below(place.keys, filled(place.form, canary)))
    return values


def _below(keys: Keys, value: Any) -> Values:
    for key in reversed(keys):
        if key == ITEM:
            value = [{**_OTHERS, **value}] if isinstance(value, dict) and "kind" not in value else [value]
        else:
            value = {"own" if key == ANY else key: value}
    assert isinstance(value, dict)
    return value


_OTHERS = {
    "username": "ann",
    "id": "lake",
    "type": "http",
    "key": "api_password",
    "email": "ann@example.com",
    "firstName": "Ann",
    "lastName": "Lee",
    "role": "Admin",
}
"""What the items of the community chart need besides: users, connections and variables."""


def published(chart: DialectName) -> tuple[str, ...]:
    """The paths at which a chart is published with a credential that everybody knows."""
    return _PUBLISHED[chart]


_PUBLISHED: Mapping[DialectName, tuple[str, ...]] = {
    "official": (
        "createUserJob.defaultUser.password",
        "data.metadataConnection.pass",
        "postgresql.auth.postgresPassword",
        "postgresql.postgresqlPassword",
        "webserver.defaultUser.password",
    ),
    "community": (
        "airflow.fernetKey",
        "airflow.users[0].password",
        "airflow.webserverSecretKey",
        "postgresql.postgresqlPassword",
        "redis.password",
    ),
}


def _switches(chart: Chart, keys: Keys) -> Values:
    """`enabled: true` for each map on the way that can be switched."""
    values: Values = {}
    for end in range(1, len(keys)):
        switch = (*keys[:end], "enabled")
        if not {ANY, ITEM} & {*switch, keys[end]} and chart.knows(switch):
            values = merged(values, _below(switch, True))
    return values


BASES: Mapping[str, Sequence[Values]] = {
    "official": (
        {"executor": "CeleryKubernetesExecutor", "airflowVersion": "2.11.0"},
        {"executor": "CeleryKubernetesExecutor", "airflowVersion": "3.0.0"},
    ),
    "community": (
        {"airflow": {"executor": "CeleryExecutor", "image": {"tag": "2.8.4-python3.9"}}},
        {"airflow": {"executor": "CeleryKubernetesExecutor", "image": {"tag": "2.8.4-python3.9"}}},
    ),
}
"""Every place is rendered with each of these."""

_CONNECTION = {
    "user": "ann",
    "pass": "none",
    "protocol": "postgresql",
    "host": "db",
    "port": 5432,
    "db": "airflow",
    "sslmode": "disable",
}
NO_DATABASE = {"postgresql": {"enabled": False}}
ALSO: Mapping[str, Sequence[tuple[str, Values]]] = {
    "official": (
        (r"data\.resultBackendConnection\..*", {"data": {"resultBackendConnection": _CONNECTION}}),
        (r"data\.brokerUrl", {"redis": {"enabled": False}}),
        (r"flower\.password", {"flower": {"username": "ann"}}),
        (r"flower\.username", {"flower": {"password": "none"}}),
        (r"elasticsearch\..*", {"elasticsearch": {"connection": {"host": "es", "user": "ann"}}}),
        (r"opensearch\..*", {"opensearch": {"connection": {"host": "os", "user": "ann"}}}),
        (r"registry\..*", {"registry": {"connection": {"user": "ann", "host": "h", "email": "e"}}}),
        (r"pgbouncer\.ssl\..*", {"pgbouncer": {"ssl": {"ca": "ca", "cert": "cert"}}}),
        (r"kerberos\..*", {"workers": {"kerberosSidecar": {"enabled": True}}}),
        (r"postgresql\.auth\.password", {"postgresql": {"auth": {"username": "ann"}}}),
    ),
    "community": (
        (r"externalDatabase\..*", {**NO_DATABASE, "externalDatabase": {"type": "postgres", "host": "db"}}),
        (r"externalRedis\..*", {"redis": {"enabled": False}, "externalRedis": {"host": "redis"}}),
    ),
}
"""What else some places take before the chart shows them."""
