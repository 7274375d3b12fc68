"""Which Airflow chart a YAML file holds values for, as its keys and the Chart.yaml beside it tell."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Literal, TypeAlias

from airwarden.inner_yaml import every
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.source import Source
from airwarden.yaml_tree import Mapping, Node, NotYaml, Scalar, compose
from airwarden.yaml_tree import Sequence as ListNode

ChartName: TypeAlias = Literal["official", "community", "other"]
"""Apache's chart, the User-Community's, or one that no policy here speaks of."""

Dialect: TypeAlias = Literal["official", "community", "umbrella", "own-chart"]

AIRFLOW_ENV = regex(r"_?AIRFLOW_(?:_|CONN_|VAR_|WWW_)")
"""How the name of an environment variable starts that Airflow or its image reads."""

MAX_KEYS = 200
"""How many keys at the top of a file are tried as the place of a chart's values; no umbrella is as wide."""

PROOF = 2
"""Points of `tables/chart_keys.csv`, and of a file's name, from which a mapping holds values of a chart."""

DEEP_PROOF = 4
"""The same for values more than two keys below the top, where no name tells that they are Airflow's."""

MAX_DEPTH = 8
"""How many keys below the top values of a chart are looked for; no chart of charts nests deeper."""

FOREIGN_PROOF = 6
"""The same where a Chart.yaml says that the folder is a chart of its own, so at most a copy of Airflow's."""

MAX_BYTES = 1 << 20
"""Helm keeps a release and its values, packed, in a Secret of 1 MiB: nobody writes values as long as that."""

_FERNET_KEY = regex(r"fernet_?key", re.IGNORECASE)
_TABLE = Path(__file__).parent / "tables" / "chart_keys.csv"
_REPOSITORIES: tuple[tuple[str, ChartName], ...] = (
    ("airflow.apache.org", "official"),
    ("apache/airflow", "official"),
    ("astronomer", "official"),
    ("airflow-helm", "community"),
    ("bitnami", "other"),
)
_ALIASES: tuple[tuple[str, ChartName], ...] = (
    *_REPOSITORIES,
    ("apache-airflow", "official"),
    ("airflow-stable", "community"),
)
"""Also what the charts' own documentation calls their repositories."""
_WORDS = (
    b"AIRFLOW_",
    b"Executor",
    b"apiServerConfig",
    b"brokerUrl",
    b"createUserJob",
    b"dagProcessor",
    b"defaultUser",
    b"enableBuiltInSecretEnvVars",
    b"fernetKey",
    b"gitSync",
    b"metadataConnection",
    b"metadataSecretName",
    b"migrateDatabaseJob",
    b"resultBackend",
    b"webserverConfig",
    b"webserverSecretKey",
)
_AIRFLOW_KEY = regex(rb"irflow[\w\"'-]{0,100}\s*:")
_MANIFEST = regex(rb"^apiVersion\s*:", re.MULTILINE)
_KIND = regex(rb"^kind\s*:", re.MULTILINE)


@dataclass(frozen=True)
class Root:
    """Where the values of one Airflow chart start, and which chart that is."""

    path: tuple[str, ...]
    chart: ChartName


@dataclass(frozen=True)
class Recognition:
    """What a values file is: values of a chart, of an umbrella over one, or of a chart that is neither."""

    dialect: Dialect
    roots: tuple[Root, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A Chart.yaml: its name, and the keys under which it hands values to the Airflow charts it depends on.

    With each key goes the chart, None where the repository does not tell which it is.
    """

    name: str
    airflow: tuple[tuple[str, ChartName | None], ...] = ()

    @classmethod
    def read(cls, source: Source) -> Chart:
        """Reads a Chart.yaml; one that is no YAML tells nothing."""
        try:
            roots = compose(source.text)
        except NotYaml:
            roots = []
        top = roots[0] if roots else None
        if not isinstance(top, Mapping):
            return cls("")
        return cls(_text(top.get("name")), tuple(_airflow_dependencies(top)))


def _airflow_dependencies(top: Mapping) -> Iterator[tuple[str, ChartName | None]]:
    listed = top.get("dependencies")
    for item in listed.children if isinstance(listed, ListNode) else ():
        if isinstance(item, Mapping) and _text(item.get("name")) == "airflow":
            repository = _text(item.get("repository"))
            yield _text(item.get("alias")) or "airflow", _chart_from(repository)


def _chart_from(repository: str) -> ChartName | None:
    return next((chart for part, chart in _REPOSITORIES if part in repository), None)


def may_be_values(path: str, data: bytes) -> bool:
    """Whether a file may hold values of an Airflow deployment: a cheap look at its name and bytes."""
    if not path.endswith((".yaml", ".yml")) or path.rpartition("/")[2] in ("Chart.yaml", ".yaml", ".yml"):
        return False
    known, hinted = says_values(path), speaks_of_airflow(path, data)
    if not (known and hinted if len(data) > MAX_BYTES else known or hinted):
        return False
    return not (_MANIFEST.search(data) and _KIND.search(data))


def speaks_of_airflow(path: str, data: bytes) -> bool:
    """Whether a file's name or any word in it hints at Airflow; no values of its charts do without."""
    return says_airflow(path) or any(word in data for word in _WORDS) or bool(_AIRFLOW_KEY.search(data))


def recognise(top: Mapping, path: str, chart: Chart | None, forced: bool = False) -> Recognition | None:
    """What the values in `top`, a document's outermost mapping, are for; None where it is no values file.

    `chart` is the nearest Chart.yaml in the file's folder or above. `forced` says that the user names the
    file as values.
    """
    if _is_other_kind(top) and not forced:
        return None
    if chart and chart.airflow and (forced or says_values(path) or _has_a_key_of(top, chart)):
        return _recognition("umbrella", _named_roots(top, chart))
    if _is_compose_file(top) and not forced:
        return None
    found = _by_keys(top, path, chart) or _deep_down(top, path, chart)
    return found or _own_chart(top, path, chart) or (_by_order(top) if forced else None)


def recognise_release(documents: Iterable[Node], chart: str, repository: str) -> Recognition | None:
    """What the values of a release are for, as its chart and the repository of that tell, else their keys."""
    name = PurePosixPath(chart).name
    known: ChartName | None = next((each for part, each in _ALIASES if part in f"{repository} {chart}"), None)
    if name == "airflow" and known and "astronomer" not in repository:
        return _recognition("community" if known == "community" else "official", [Root((), known)])
    tops = (document for document in documents if isinstance(document, Mapping))
    found = (recognise(top, f"{name}/values.yaml", None) for top in tops)
    return next(filter(None, found), None)


def is_part_of(top: Node, root: Root) -> bool:
    """Whether a document may be values of a chart without being enough to tell: all its keys are such."""
    node = _under(top, root.path)
    names = {key.text for key, _ in node.members} if isinstance(node, Mapping) else set()
    return bool(names) and names <= {row.keys[0] for row in _rows() if row.chart == root.chart}


def _recognition(dialect: Dialect, roots: Iterable[Root]) -> Recognition:
    known = tuple(root for root in roots if root.chart != "other")
    return Recognition(dialect if known or dialect == "umbrella" else "own-chart", known)


def says_values(path: str) -> bool:
    """Whether the name of a file or of its folder says that it holds values."""
    return "values" in "/".join(path.split("/")[-3:]).lower()


def says_airflow(path: str) -> bool:
    """Whether the name of a file or of its folder says Airflow."""
    return "airflow" in "/".join(path.split("/")[-2:]).lower()


def _is_other_kind(top: Mapping) -> bool:
    """Whether a mapping is a Kubernetes manifest, a workflow or a chart's description."""
    names = {key.text for key, _ in top.members}
    if "apiVersion" in names and names & {"kind", "name"}:
        return True
    if "jobs" in names and names & {"on", "stages", "workflows", "pool"}:
        return True
    if names & {"AWSTemplateFormatVersion", "stages", "swagger", "openapi"}:
        return True
    return _is_astro_project(top.get("airflow"))


def _is_compose_file(top: Mapping) -> bool:
    services = top.get("services")
    return isinstance(services, Mapping) and any(_is_service(service) for _, service in services.members)


def _is_astro_project(node: Node | None) -> bool:
    """Whether this is the `airflow:` of an airflow_settings.yaml, which Astronomer's command line reads."""
    listed = (
        (node.get(key) for key in ("connections", "pools", "variables")) if isinstance(node, Mapping) else ()
    )
    items = [item for each in listed if isinstance(each, ListNode) for item in each.children]
    keys = {key.text for item in items if isinstance(item, Mapping) for key, _ in item.members}
    return bool(keys & {"conn_id", "pool_name", "variable_name"})


def _is_service(node: Node) -> bool:
    if not isinstance(node, Mapping):
        return False
    return isinstance(node.get("image"), Scalar) or any(node.get(key) for key in ("build", "extends"))


def _has_a_key_of(top: Mapping, chart: Chart) -> bool:
    return any(isinstance(top.get(key), Mapping) for key, _ in chart.airflow)


def _named_roots(top: Mapping, chart: Chart) -> Iterator[Root]:
    for key, name in chart.airflow:
        yield Root((key,), name) if name else _best_root(top, (key,)) or Root((key,), "official")


def _best_root(top: Mapping, path: tuple[str, ...]) -> Root | None:
    sides = {root: _score(top, root)[1] for root in _candidates(top) if root.path[: len(path)] == path}
    best = max(sides, key=lambda root: sides[root], default=None)
    return best if best and sides[best] else None


def _by_keys(top: Mapping, path: str, chart: Chart | None) -> Recognition | None:
    scores = {root: _score(top, root) for root in _candidates(top)}
    proven = {
        root: side
        for root, (proof, side) in scores.items()
        if proof + side and proof >= _wanted_proof(root, path, chart)
    }
    if not proven or _at_odds({root: side for root, (_, side) in scores.items()}):
        return None
    best = max(proven, key=lambda root: (proven[root], scores[root][0], root.chart == "official"))
    return _as(best, proven)


def _deep_down(top: Mapping, path: str, chart: Chart | None) -> Recognition | None:
    """The same for a chart of charts, whose values may start at any depth; there the proof must be strong."""
    scores = {root: _score(top, root) for root in _deep_candidates(top)}
    proven = {
        root: side
        for root, (proof, side) in scores.items()
        if side
        and proof >= max(_wanted_proof(root, path, chart), PROOF if _names_airflow(root) else DEEP_PROOF)
    }
    if not proven:
        return None
    best = max(proven, key=lambda root: (proven[root], root.chart == "official"))
    return _as(best, {root: side for root, side in proven.items() if root.chart == best.chart})


def _names_airflow(root: Root) -> bool:
    return root.path[-1] == "airflow" and root.chart == "official"


def _wanted_proof(root: Root, path: str, chart: Chart | None) -> int:
    """How many points of proof it takes, less where the name of the file says what it holds."""
    if chart is not None and not chart.airflow and chart.name != "airflow":
        return FOREIGN_PROOF
    by_name = root.path in ((), ("airflow",))
    return PROOF - (says_values(path) + says_airflow(path) if by_name else 0)


def _as(best: Root, proven: dict[Root, int]) -> Recognition:
    if not best.path:
        return _recognition("community" if best.chart == "community" else "official", [best])
    same = (root for root in proven if root.path and root.chart == best.chart)
    return _recognition("umbrella", [root for root in same if not _holds_another(root, proven)])


def _at_odds(sides: dict[Root, int]) -> bool:
    """Whether `airflow:` speaks for both charts, which only a chart of one's own does."""
    community = sides.get(Root((), "community"), 0)
    official = sides.get(Root(("airflow",), "official"), 0)
    return min(community, official) >= 2 and 2 * min(community, official) >= max(community, official)


def _holds_another(root: Root, proven: dict[Root, int]) -> bool:
    return any(other.path[: len(root.path)] == root.path for other in proven if other.path != root.path)


def _own_chart(top: Mapping, path: str, chart: Chart | None) -> Recognition | None:
    if not chart and not says_values(path):
        return None
    if _mentions_airflow(top) or any(_FERNET_KEY.fullmatch(scalar.text) for scalar in _scalars(top)):
        return Recognition("own-chart")
    return None


def _by_order(top: Mapping) -> Recognition:
    """What a file that the user calls values is most like."""
    best = _best_root(top, ()) or Root((), "official")
    return _as(best, {best: 0})


def _candidates(top: Mapping) -> Iterator[Root]:
    """Every place where values of an Airflow chart may start: the top, or one or two keys below it."""
    yield Root((), "official")
    yield Root((), "other")
    if isinstance(top.get("airflow"), Mapping):
        yield Root((), "community")
    for key, value in top.members[:MAX_KEYS]:
        if not isinstance(value, Mapping):
            continue
        yield Root((key.text,), "official")
        yield Root((key.text,), "other")
        if isinstance(value.get("airflow"), Mapping):
            yield Root((key.text,), "community")
            yield Root((key.text, "airflow"), "official")


def _deep_candidates(top: Mapping) -> Iterator[Root]:
    """Every place further down that has keys of a chart and may be where its values start."""
    waiting: list[tuple[tuple[str, ...], Mapping]] = [((), top)]
    seen = set[int]()
    while waiting:
        path, node = waiting.pop()
        for key, value in node.members[:MAX_KEYS] if len(path) < MAX_DEPTH else ():
            if isinstance(value, Mapping) and id(value) not in seen:
                seen.add(id(value))
                waiting.append(((*path, key.text), value))
        names = {key.text for key, _ in node.members}
        if len(path) > 1 and len(names & _first_keys()) > 1:
            yield from (Root(path, chart) for chart in ("official", "other"))
        if len(path) > 1 and isinstance(node.get("airflow"), Mapping):
            yield Root(path, "community")


def _score(top: Mapping, root: Root) -> tuple[int, int]:
    """How much the keys below a root prove an Airflow chart, and how much they speak for this very one."""
    proof = side = 0
    for row in _rows():
        if row.chart == root.chart and _FORMS[row.form](_under(top, (*root.path, *row.keys))):
            proof, side = proof + row.proof, side + row.side
    return proof, side


def _under(top: Node | None, keys: Sequence[str]) -> Node | None:
    for key in keys:
        if not isinstance(top, Mapping):
            return None
        top = top.get(key)
    return top


def _mentions_airflow(node: Node | None) -> bool:
    """Whether a node names an environment variable of Airflow in a list, a map or a text of them."""
    return node is not None and any(AIRFLOW_ENV.search(scalar.text) for scalar in _scalars(node))


def _scalars(node: Node) -> Iterator[Scalar]:
    return (each for each in every([node]) if isinstance(each, Scalar))


def _is_env_map(node: Node | None) -> bool:
    return isinstance(node, Mapping) and any(AIRFLOW_ENV.match(key.text) for key, _ in node.members)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) and node.kind != "null" else ""


_FORMS: dict[str, Callable[[Node | None], bool]] = {
    "any": lambda node: node is not None,
    "map": lambda node: isinstance(node, Mapping),
    "list": lambda node: isinstance(node, ListNode),
    "text": lambda node: isinstance(node, Scalar),
    "executor": lambda node: _text(node).endswith("Executor"),
    "envs": _is_env_map,
    "airflow_env": _mentions_airflow,
}


@dataclass(frozen=True)
class _Row:
    chart: str
    keys: tuple[str, ...]
    form: str
    proof: int
    side: int


@lru_cache(maxsize=1)
def _rows() -> tuple[_Row, ...]:
    with _TABLE.open(encoding="utf-8", newline="") as table:
        return tuple(
            _Row(row["chart"], _keys(row["key"]), row["form"], int(row["proof"]), int(row["side"]))
            for row in csv.DictReader(table)
        )


@lru_cache(maxsize=1)
def _first_keys() -> frozenset[str]:
    return frozenset(row.keys[0] for row in _rows())


def _keys(dotted: str) -> tuple[str, ...]:
    section, dot, rest = dotted.partition("config.")
    return ("config", rest) if dot and not section else tuple(dotted.split("."))
