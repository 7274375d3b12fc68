"""Bulk data on its way into XCom: where it is found, how it came there, and that the search ends."""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from airwarden.bulk.apis import bulk_apis
from airwarden.bulk.modules import Modules
from airwarden.bulk.pushes import Pushes
from airwarden.bulk.queries import is_bounded
from airwarden.bulk.xcoms import Entry, XComs
from airwarden.config import Config
from airwarden.dag import DagFile
from airwarden.engine import check
from airwarden.findings import Finding
from airwarden.registry import Registry
from airwarden.repo import Repo

from tests.conftest import MakeRepository

TABLES = Path(__file__).resolve().parent.parent / "linter" / "airwarden" / "tables"
HEAD = "import pandas as pd\nfrom airflow.sdk import task\n"
PATIENCE = 5.0
"""Seconds. What these tests measure takes a tenth of it at most."""


def entries(repo: Repo, path: str) -> tuple[Entry, ...]:
    return XComs(repo).of(repo.dag_file(path))


def one_file(make: MakeRepository, text: str) -> tuple[DagFile, tuple[Entry, ...]]:
    repo = Repo(make({"dags/dag.py": text}))
    return repo.dag_file("dags/dag.py"), entries(repo, "dags/dag.py")


def way(entry: Entry) -> list[tuple[str, int, str]]:
    return [(place.region.path, place.region.line, place.note) for place in entry.turns]


ELSEWHERE: Mapping[str, str] = {
    "dags/orders.py": "from airflow.operators.python import PythonOperator\n"
    "from lib.readers import Reader\n\n"
    "reader = Reader('orders.csv')\n"
    "PythonOperator(task_id='read', python_callable=reader.as_json)\n",
    "dags/lib/readers.py": "import pandas as pd\n\n\n"
    "def load(path):\n    return pd.read_csv(path)\n\n\n"
    "class Reader:\n"
    "    def __init__(self, path):\n        self.path = path\n\n"
    "    def as_json(self):\n        frame = load(self.path)\n        return frame.to_json()\n",
}


def test_a_callable_of_another_file_is_found_where_the_task_is_made(make_repository: MakeRepository) -> None:
    repo = Repo(make_repository(ELSEWHERE))
    (entry,) = entries(repo, "dags/orders.py")
    source = repo.source("dags/orders.py")
    assert source.slice(entry.region) == "reader.as_json"
    assert entry.message == "as_json() returns a pandas DataFrame as text through XCom"
    assert way(entry) == [
        ("dags/lib/readers.py", 5, "pandas.read_csv() gives a pandas DataFrame"),
        ("dags/lib/readers.py", 5, "load() returns it"),
        ("dags/lib/readers.py", 14, "as_json() returns it here"),
    ]


def test_the_other_file_alone_says_nothing(make_repository: MakeRepository) -> None:
    assert entries(Repo(make_repository(ELSEWHERE)), "dags/lib/readers.py") == ()


PUSHED_ELSEWHERE: Mapping[str, str] = {
    "dags/orders.py": "import pandas as pd\nfrom lib.tools import keep\n\n\n"
    "def load(path):\n    keep(pd.read_csv(path))\n",
    "dags/lib/tools.py": "from lib.deeper import hand_on\n\n\ndef keep(value):\n    hand_on(value)\n",
    "dags/lib/deeper.py": "def hand_on(value):\n    ti.xcom_push(key='rows', value=value)\n",
}


def test_a_push_two_modules_away_counts(make_repository: MakeRepository) -> None:
    (entry,) = entries(Repo(make_repository(PUSHED_ELSEWHERE)), "dags/orders.py")
    assert entry.message == "load() pushes a pandas DataFrame through XCom"


@pytest.mark.parametrize(
    ("tools", "body"),
    [
        ("", "from lib.deeper import hand_on as give\n\n\ndef load(path):\n    give(pd.read_csv(path))\n"),
        ("", "from lib import deeper\n\n\ndef load(path):\n    deeper.hand_on(pd.read_csv(path))\n"),
        (
            "give = hand_on\n",
            "from lib.tools import give\n\n\ndef load(path):\n    give(pd.read_csv(path))\n",
        ),
        (
            "class Giver:\n    def __call__(self, value):\n        hand_on(value)\n",
            "from lib.tools import Giver\n\n\ndef load(path):\n    g = Giver()\n    g(pd.read_csv(path))\n",
        ),
        (
            "class Keeper:\n    def __init__(self):\n        self.give = hand_on\n",
            "from lib.tools import Keeper\n\n\ndef load(path):\n    Keeper().give(pd.read_csv(path))\n",
        ),
        (
            "class Keeper:\n    def give(self, value):\n        hand_on(value)\n",
            (
                "from lib.tools import Keeper\n\n\ndef load(path):\n"
                "    getattr(Keeper(), 'give')(pd.read_csv(path))\n"
            ),
        ),
        (
            "def giver():\n    def give(value):\n        hand_on(value)\n\n    return give\n",
            (
                "from lib.tools import giver\n\n\ndef load(path):\n    give = giver()\n"
                "    give(pd.read_csv(path))\n"
            ),
        ),
    ],
)
def test_a_push_by_another_name_counts(make_repository: MakeRepository, tools: str, body: str) -> None:
    files = {
        "dags/orders.py": f"import pandas as pd\n{body}",
        "dags/lib/tools.py": f"from lib.deeper import hand_on\n\n\n{tools}",
        "dags/lib/deeper.py": PUSHED_ELSEWHERE["dags/lib/deeper.py"],
    }
    (entry,) = entries(Repo(make_repository(files)), "dags/orders.py")
    assert entry.message == "load() pushes a pandas DataFrame through XCom"


def test_functions_that_reach_no_push_are_not_run(make_repository: MakeRepository) -> None:
    body = "from lib.tools import keep\n\n\ndef load(path):\n    keep(path)\n\n\ndef read():\n    pass\n"
    repo = Repo(make_repository({**PUSHED_ELSEWHERE, "dags/orders.py": body}))
    functions = Pushes(repo).functions(repo.dag_file("dags/orders.py"))
    assert [each.name for each in functions] == ["load"]


def test_modules_that_import_each_other_are_each_looked_at_once(make_repository: MakeRepository) -> None:
    files = {"a.py": "import b\n", "b.py": "import a, c\n", "c.py": "x = 'word'\n", "d.py": "import e\n"}
    repo = Repo(make_repository(files))
    modules = Modules(repo)
    assert [each.path for each in modules.behind(repo.dag_file("a.py"))] == ["a.py", "b.py", "c.py"]
    assert modules.say(("word",), repo.dag_file("a.py"))
    assert not modules.say(("word",), repo.dag_file("d.py"))


@pytest.mark.parametrize("order", [1, -1])
def test_a_file_gives_the_same_whichever_was_read_before(make_repository: MakeRepository, order: int) -> None:
    repo = Repo(make_repository(ELSEWHERE))
    alone = {path: entries(Repo(repo.root), path) for path in ELSEWHERE}
    xcoms = XComs(repo)
    together = {path: xcoms.of(repo.dag_file(path)) for path in sorted(ELSEWHERE)[::order]}
    assert together == alone


@pytest.mark.parametrize(
    ("body", "region"),
    [
        ("@task\ndef f(p):\n    return pd.read_csv(p)\n", "return pd.read_csv(p)"),
        ("@task\ndef f(p):\n    yield pd.read_csv(p)\n", "yield pd.read_csv(p)"),
        (
            "def f(ti):\n    ti.xcom_push(key='x', value=[pd.read_csv('x')])\n",
            "ti.xcom_push(key='x', value=[pd.read_csv('x')])",
        ),
        ("f = task(lambda: pd.read_csv('x'))\n", "lambda: pd.read_csv('x')"),
    ],
)
def test_the_region_is_the_statement_the_push_or_the_lambda(
    make_repository: MakeRepository, body: str, region: str
) -> None:
    file, (entry,) = one_file(make_repository, HEAD + body)
    assert file.source.slice(entry.region) == region
    assert entry.kind == "frame"


def test_a_push_through_a_function_stands_at_its_call(make_repository: MakeRepository) -> None:
    body = (
        "def push(ti, value):\n    ti.xcom_push('x', value)\n\n\ndef f(ti):\n    push(ti, pd.read_csv('x'))\n"
    )
    file, (entry,) = one_file(make_repository, HEAD + body)
    assert file.source.slice(entry.region) == "push(ti, pd.read_csv('x'))"
    assert entry.message == "f() pushes a pandas DataFrame through XCom"


def test_one_place_is_told_once(make_repository: MakeRepository) -> None:
    body = "@task\ndef f(p):\n    return pd.read_csv(p)\n\n\ntask(f)('x')\ntask(f)('y')\n"
    _, found = one_file(make_repository, HEAD + body)
    assert len(found) == 1


def branches(count: int) -> str:
    tests = "".join(f"    elif p == {i}:\n        x = pd.read_csv(p)\n" for i in range(count))
    return f"@task\ndef f(p):\n    if not p:\n        x = 1\n{tests}    return x\n"


def fan(width: int) -> str:
    steps = "".join(
        f"def g{i}(x):\n    return [g{i + 1}(x), g{i + 1}([x]), g{i + 1}((x, x))]\n" for i in range(width)
    )
    return f"{steps}def g{width}(x):\n    return x\n@task\ndef f(p):\n    return g0(pd.read_csv(p))\n"


def nested_loops(depth: int) -> str:
    loops = "".join(
        "    " * i + f"for a{i} in p:\n" + "    " * (i + 1) + f"x.append(a{i})\n" for i in range(1, depth)
    )
    return f"@task\ndef f(p):\n    x = []\n{loops}    return x\n"


ENDLESS = {
    "calls that fan out": fan(30),
    "functions that call each other": "def g(n, x):\n    return h(n, [x]) + g(n, {1: x})\n"
    "def h(n, x):\n    return g(n, (x,)) + h(n, [x])\n@task\ndef f(p):\n    return g(3, pd.read_csv(p))\n",
    "a long chain": "@task\ndef f(p):\n    return pd.read_csv(p)" + ".dropna()" * 450 + "\n",
    "a long ladder": branches(300),
    "loops in loops": nested_loops(15),
    "a value that grows": "@task\ndef f(p):\n    x = p\n    for i in p:\n"
    "        x = {'a': x, 'b': [x, x]}\n    return x\n",
    "an attribute of itself": "class C:\n    def f(self):\n        self.x = self.x\n        return self.x\n"
    "@task\ndef f(p):\n    return C().x\n",
    "a name of itself": "x = y\ny = x\n@task\ndef f():\n    return x\n",
}


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
def test_the_search_ends(make_repository: MakeRepository, body: str) -> None:
    repo = Repo(make_repository({"dags/dag.py": HEAD + body}))
    file = repo.dag_file("dags/dag.py")
    started = time.perf_counter()
    XComs(repo).of(file)
    assert time.perf_counter() - started < PATIENCE


SHORT = [
    "SELECT * FROM (SELECT * FROM t LIMIT 1) x",
    "WITH x AS (SELECT * FROM t) SELECT count(*) FROM x",
    "SELECT 100.0 * sum(a) / count(*) FROM t",
    "SELECT 'all', count(*) AS n FROM t UNION ALL SELECT 'few', count(*) FROM t WHERE a > 1",
    "SELECT * FROM orders LIMIT 1",
    "select a from b order by c limit {}",
    "SELECT a FROM t LIMIT 5 OFFSET 10;",
    "SELECT a FROM t FETCH FIRST 10 ROWS ONLY",
    "SELECT TOP 5 * FROM t",
    "SELECT COUNT(*) FROM t WHERE x IN (SELECT a FROM b)",
    "select max(a), coalesce(min(b), 0) m from t -- the ends",
    "select 1",
    "SELECT EXISTS(SELECT 1 FROM t)",
    "INSERT INTO t VALUES (1)",
    "SHOW TABLES",
    "SELECT table_name FROM information_schema.tables",
    "SELECT * FROM t WHERE t.id = %s",
    "SELECT a FROM t WHERE user_id = ANY(%s)",
    "SELECT a FROM t WHERE user_id IN %s",
]
LONG = [
    "WITH x AS (SELECT * FROM t LIMIT 1) SELECT * FROM u",
    "SELECT a + count(*) FROM t",
    "SELECT count(*) FROM t UNION SELECT a FROM t",
    "SELECT * FROM (SELECT * FROM t) x",
    "SELECT * FROM orders",
    "SELECT a, count(*) FROM t GROUP BY a",
    "SELECT count(*) OVER (PARTITION BY a) FROM t",
    "SELECT a FROM t LIMIT 50000",
    "SELECT * FROM t WHERE day = %s",
    "SELECT * FROM t WHERE valid = 1",
    "SELECT * FROM a JOIN b ON a.id = b.id WHERE a.x = 1",
    "SELECT a FROM t WHERE id IN (SELECT id FROM b)",
    "SELECT a FROM t WHERE ref_id IN ({})",
    "DELETE FROM t RETURNING id",
    "WITH a AS (SELECT 1) SELECT * FROM t",
    "SELECT {} FROM {}",
    "select {}",
    "{{ params.sql }}",
    "orders.sql",
    "{}",
    "",
]


@pytest.mark.parametrize("query", SHORT)
def test_a_query_that_bounds_its_answer(query: str) -> None:
    assert is_bounded(query)


@pytest.mark.parametrize("query", LONG)
def test_a_query_that_does_not(query: str) -> None:
    assert not is_bounded(query)


@pytest.mark.parametrize("name", ["bulk_functions", "bulk_members", "bulk_types"])
def test_a_table_is_sorted_and_has_no_row_twice(name: str) -> None:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    keys = [tuple(row[:2]) if name == "bulk_members" else (row[0],) for row in rows]
    assert rows == sorted(rows)
    assert len(set(keys)) == len(keys)


def test_every_type_that_a_table_names_is_a_type() -> None:
    apis = bulk_apis()
    with (TABLES / "bulk_members.csv").open(encoding="utf-8", newline="") as file:
        members = list(csv.DictReader(file))
    named = {row["type"] for row in members} - {"*"}
    named |= {row[column].rpartition(" of ")[2] for row in members for column in ("result", "otherwise")}
    named |= {result.rpartition(" of ")[2] for result in apis.functions.values()}
    named |= {name for made in apis.types.values() for name in (made.base, made.element, made.column)}
    assert named - apis.types.keys() == {"", "argument", "enumerated", "same", "small"}


def test_a_type_that_holds_bulk_says_of_what_kind() -> None:
    forms = {"column", "frame", "records", "text"}
    bulk = [made for made in bulk_apis().types.values() if made.bulk and made.name not in forms]
    kinds = ("column", "document", "file", "frame", "lazy", "rows")
    assert all(made.kind in kinds and made.noun for made in bulk)


STORED = "tests/fixtures/dataframe-in-xcom/flagged_into_object_storage"


def verdict(root: Path, rule: str) -> Finding:
    rules, _ = Registry().load([rule])
    (found,) = check(Repo(root), None, Config(), rules).findings
    return found


def test_a_backend_for_object_storage_lowers_the_level_and_is_named(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).resolve().parent.parent / STORED, tmp_path, dirs_exist_ok=True)
    found = verdict(tmp_path, "dataframe-in-xcom")
    assert (found.level, found.message) == (
        "warning",
        "orders() returns a pandas DataFrame through XCom, into object storage",
    )
    last = found.related[-1]
    assert (last.region.path, last.region.line) == ("values.yaml", 5)
    assert last not in found.steps


def test_a_backend_that_never_offloads_lowers_nothing(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).resolve().parent.parent / STORED, tmp_path, dirs_exist_ok=True)
    values = tmp_path / "values.yaml"
    values.write_text(values.read_text(encoding="utf-8").replace('"1048576"', '"-1"'), encoding="utf-8")
    assert verdict(tmp_path, "dataframe-in-xcom").level == "error"


def test_what_comes_of_a_query_or_a_file_is_of_another_kind(make_repository: MakeRepository) -> None:
    body = (
        "import polars as pl\nfrom airflow.sdk import task\n\n\n"
        "@task\ndef lazy(p):\n    return pl.scan_csv(p)\n\n\n"
        "@task\ndef collected(p):\n    return pl.scan_csv(p).collect()\n\n\n"
        "@task\ndef whole(p):\n    return open(p).read()\n\n\n"
        "@task\ndef listed(p):\n    import csv\n\n    return list(csv.DictReader(open(p)))\n"
    )
    _, found = one_file(make_repository, body)
    assert [(entry.kind, entry.message.partition("() ")[0]) for entry in found] == [
        ("lazy", "lazy"),
        ("frame", "collected"),
        ("file", "whole"),
        ("rows", "listed"),
    ]


def test_every_step_of_a_value_is_told_and_the_turns_apart(make_repository: MakeRepository) -> None:
    body = (
        f"{HEAD}@task\ndef f(p):\n    orders = pd.read_csv(p)\n    text = orders.to_json()\n    return text\n"
    )
    _, (entry,) = one_file(make_repository, body)
    assert [(step.region.line, step.note) for step in entry.steps] == [
        (5, "pandas.read_csv() gives a pandas DataFrame"),
        (5, "kept as orders"),
        (6, "kept as text"),
    ]
    assert way(entry) == [("dags/dag.py", 5, "pandas.read_csv() gives a pandas DataFrame")]
