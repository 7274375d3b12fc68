"""The script that remakes the tables of providers, on wheels and a history made for the purpose."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from scripts.provider_tables.contents import contents
from scripts.provider_tables.listed import Listed, is_given_up
from scripts.provider_tables.metadata import Wanted, ordered
from scripts.provider_tables.minors import ranges

AIRFLOW = "apache-airflow-providers-"
ROOT = Path(__file__).parent.parent


def wheel(folder: Path, name: str, version: str, headers: Iterable[str], files: dict[str, str]) -> None:
    stem = f"{name.replace('-', '_')}-{version}"
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as archive:
        lines = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *headers, ""]
        archive.writestr(f"{stem}.dist-info/METADATA", "\n".join(lines))
        for path, text in files.items():
            archive.writestr(path, textwrap.dedent(text))


def provider_wheel(folder: Path, version: str, files: dict[str, str]) -> None:
    point = "[apache_airflow_provider]\nprovider_info=airflow.providers.acme.get_provider_info:get\n"
    info = """\
        def get_provider_info():
            return {
                "connection-types": [{"connection-type": "acme"}],
                "task-decorators": [{"name": "acme", "class-name": "x"}],
            }
        """
    needs = ["Requires-Dist: apache-airflow>=2.9", f"Requires-Dist: {AIRFLOW}http", "Requires-Python: >=3.10"]
    more = ["Provides-Extra: fast", "Requires-Dist: rapid; extra == 'fast'"]
    entry = f"apache_airflow_providers_acme-{version}.dist-info/entry_points.txt"
    wheel(
        folder,
        f"{AIRFLOW}acme",
        version,
        [*needs, *more],
        {"airflow/providers/acme/get_provider_info.py": info, entry: point, **files},
    )


def commit(clone: Path, files: dict[str, str], date: str, tag: str = "") -> None:
    for path, text in files.items():
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).write_text(textwrap.dedent(text), encoding="utf-8")
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    dates = {"GIT_AUTHOR_DATE": f"{date}T12:00:00Z", "GIT_COMMITTER_DATE": f"{date}T12:00:00Z"}
    for command in (["add", "."], [*who, "commit", "-qm", "x"], *([["tag", tag]] if tag else [])):
        subprocess.run(["git", "-C", str(clone), *command], check=True, env={**os.environ, **dates})


def info_file(*versions: str) -> str:
    listed = "\n".join(f"  - {version}" for version in versions)
    return f"package-name: {AIRFLOW}acme\nversions:\n{listed}\ndependencies:\n  - apache-airflow>=2.4.0\n"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str]]]:
    """What the script makes of two minor versions of Airflow and one provider with four releases."""
    folder = tmp_path_factory.mktemp("made")
    wheels, clone, out = (folder / name for name in ("wheels", "clone", "out"))
    for each in (wheels, clone, out):
        each.mkdir()
    airflow_wheels(wheels)
    provider_wheel(wheels, "2.0.0", {"airflow/providers/acme/operators/acme.py": OPERATORS[3]})
    history(clone)
    (folder / "names.tsv").write_text(
        "name\tversion\tmonth\n"
        f"{AIRFLOW}acme\t2.0.0\t2026-09\n{AIRFLOW}http\t5.0.0\t2026-09\n{AIRFLOW}ssh\t4.0.0\t2020-01\n",
        encoding="utf-8",
    )
    (folder / "versions.txt").write_text("Available versions: 3.0.1, 2.9.2\n", encoding="utf-8")
    options = {"names": "names.tsv", "airflow-versions": "versions.txt", "wheels": "wheels", "tables": "out"}
    paths = [word for name, path in options.items() for word in (f"--{name}", str(folder / path))]
    command = [sys.executable, "-m", "scripts.write_provider_tables", *paths, "--history", str(clone)]
    subprocess.run(
        [*command, "--date", "2026-10-01", "--lifetimes"], cwd=ROOT, check=True, capture_output=True
    )
    return {path.stem: read(path) for path in out.glob("*.csv")}


OPERATORS = (
    """\
    from airflow.models import BaseOperator
    class AcmeOperator(BaseOperator):
        def __init__(self, *, anvil, **kwargs):
            super().__init__(**kwargs)
    """,
    """\
    from airflow.models import BaseOperator
    class AcmeOperator(BaseOperator):
        def __init__(self, *, anvil, rocket=None, retries=1, **kwargs):
            super().__init__(retries=retries, **kwargs)
    class Tunnel: ...
    """,
    """\
    from airflow.models import BaseOperator
    class AcmeOperator(BaseOperator):
        def __init__(self, *, anvil, rocket=None, retries=1, **kwargs):
            super().__init__(retries=retries, **kwargs)
    class Tunnel: ...
    """,
    """\
    from airflow.models import BaseOperator
    class AcmeOperator(BaseOperator):
        def __init__(self, *, anvil, rocket=None, retries=1, **kwargs):
            super().__init__(retries=retries, **kwargs)
    """,
)


def history(clone: Path) -> None:
    subprocess.run(["git", "-C", str(clone), "init", "-q"], check=True)
    old, new = "airflow/providers/acme", "providers/acme"
    setup = 'python_requires = "~=3.8"\n'
    first = {
        f"{old}/provider.yaml": info_file("1.0.0"),
        f"{old}/operators/acme.py": OPERATORS[0],
        "setup.py": setup,
    }
    commit(clone, first, "2024-01-01", "providers-acme/1.0.0")
    commit(
        clone,
        {f"{old}/provider.yaml": info_file("1.1.0", "1.0.0"), f"{old}/operators/acme.py": OPERATORS[1]},
        "2024-02-01",
    )
    subprocess.run(["git", "-C", str(clone), "tag", "providers-acme/1.1.0"], check=True)
    subprocess.run(["git", "-C", str(clone), "rm", "-rq", old], check=True)
    project = '[project]\nrequires-python = ">=3.9"\ndependencies = ["apache-airflow>=2.8"]\n'
    moved = {
        f"{new}/provider.yaml": info_file("1.2.0", "1.1.0", "1.0.5", "1.0.0"),
        f"{new}/pyproject.toml": project,
        f"{new}/src/airflow/providers/acme/operators/acme.py": OPERATORS[2],
        f"{new}/src/airflow/providers/acme/hooks/acme.py": "",
    }
    commit(clone, moved, "2025-03-01")


def airflow_wheels(folder: Path) -> None:
    old = ["Provides-Extra: aws", "Provides-Extra: acme", "Provides-Extra: all", "Requires-Python: >=3.8"]
    needs = [f"Requires-Dist: {AIRFLOW}acme; extra == '{extra}'" for extra in ("aws", "acme", "all")]
    shim = {"airflow/contrib/acme_hook.py": "from airflow.providers.acme.hooks.acme import AcmeHook\n"}
    wheel(folder, "apache-airflow", "2.9.2", [*old, *needs, f"Requires-Dist: {AIRFLOW}ssh"], shim)
    base = """\
        class BaseOperator:
            def __init__(self, task_id, retries=None, **kwargs): ...
        """
    new = ["Provides-Extra: acme", "Provides-Extra: all", f"Requires-Dist: {AIRFLOW}acme>=1; extra == 'acme'"]
    every = "Requires-Dist: apache-airflow[acme]; extra == 'all'"
    wheel(folder, "apache-airflow", "3.0.1", [*new, every, "Requires-Python: >=3.9"], {})
    wheel(
        folder, "apache-airflow-core", "3.0.1", [f"Requires-Dist: {AIRFLOW}http"], {"airflow/models.py": base}
    )


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def test_extras_are_known_by_minor_version(tables: dict[str, list[list[str]]]) -> None:
    acme = f"{AIRFLOW}acme"
    assert tables["provider_extras"] == [
        ["acme", acme, "2.9", ""],
        ["all", acme, "2.9", ""],
        ["aws", acme, "2.9", "3.0"],
    ]
    assert tables["extra_successors"] == [["aws", "acme"]]
    assert tables["preinstalled_providers"] == [
        [f"{AIRFLOW}http", "3.0", ""],
        [f"{AIRFLOW}ssh", "2.9", "3.0"],
    ]
    assert tables["core_shims"] == [["airflow.contrib.acme_hook", acme, "2.9", "3.0"]]


def test_a_release_is_known_from_tags_lists_and_wheels(tables: dict[str, list[list[str]]]) -> None:
    mine = [row[1:] for row in tables["provider_releases"] if row[0] == f"{AIRFLOW}acme"]
    assert mine == [
        [">=2.4.0", "~=3.8", "1.0.0 1.1.0"],
        [">=2.8", ">=3.9", "1.2.0"],
        [">=2.9", ">=3.10", "2.0.0"],
    ]
    own = [row[1:] for row in tables["provider_releases"] if row[0] == "apache-airflow"]
    assert own == [["", ">=3.8", "2.9.2"], ["", ">=3.9", "3.0.1"]]


def test_the_newest_release_tells_what_a_provider_is(tables: dict[str, list[list[str]]]) -> None:
    acme = f"{AIRFLOW}acme"
    assert tables["provider_dependencies"] == [[acme, f"{AIRFLOW}http"]]
    assert tables["provider_own_extras"] == [[acme, "fast", ""]]
    assert tables["connection_types"] == [["acme", acme]]
    assert tables["task_decorators"] == [["acme", acme]]
    assert ["airflow.providers.acme", acme] in tables["providers"]


def test_what_is_old_and_in_no_extra_was_given_up(tables: dict[str, list[list[str]]]) -> None:
    assert tables["removed_providers"] == [[f"{AIRFLOW}ssh", "4.0.0", ""]]
    assert tables["table_dates"] == [["history", "2025-03-01"], ["tables", "2026-10-01"]]


def test_lifetimes_span_tags_lists_and_wheels(tables: dict[str, list[list[str]]]) -> None:
    assert tables["lifetimes"] == [
        ["airflow.providers.acme.hooks", "1.2.0", "2.0.0"],
        ["airflow.providers.acme.operators.acme.Tunnel", "1.1.0", "2.0.0"],
    ]


def test_arguments_that_a_base_took_before_are_not_new(tables: dict[str, list[list[str]]]) -> None:
    assert tables["argument_lifetimes"] == [
        ["airflow.providers.acme.operators.acme.AcmeOperator", "1.1.0", "rocket"]
    ]


def test_a_fact_that_comes_back_has_two_ranges() -> None:
    facts = {(2, 0): [("a",)], (2, 1): [("b",)], (2, 10): [("a",), ("b",)]}
    assert sorted(ranges(facts)) == [("a", "2.0", "2.1"), ("a", "2.10", ""), ("b", "2.1", "")]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Some_Lib[A.b]>=2,<3; extra == 'X_y'", ("some-lib", {"a-b"}, "<3,>=2", "x-y")),
        ("eventlet (>=0.9.7) ; extra == 'async'", ("eventlet", set(), ">=0.9.7", "async")),
        ("plain", ("plain", set(), "", "")),
    ],
)
def test_lines_of_metadata_are_understood(line: str, told: tuple[str, set[str], str, str]) -> None:
    found = Wanted.parse(line)
    assert found is not None
    assert (found.name, set(found.extras), found.versions, found.asked_by) == told


def test_what_is_no_requirement_tells_nothing() -> None:
    assert Wanted.parse("{{ template }}") is None


def test_specifiers_that_are_equal_look_alike() -> None:
    assert ordered("!=3.13, >=3.9") == ordered(">=3.9,!=3.13") == ">=3.9,!=3.13"
    assert ordered("") == ""


def test_a_module_may_have_more_than_it_shows() -> None:
    assert contents("from x import *\n").has("anything")
    assert contents("def __getattr__(name): ...\n").has("anything")
    assert contents("if a:\n    try:\n        import b\n    except E:\n        c = 1\n").has("c")
    assert not contents("import b\ndef f():\n    d = 1\n").has("d")
    assert contents("no python at all").has("anything")


@pytest.mark.parametrize(
    ("body", "is_open", "is_unclear"),
    [
        ("def __init__(self, a): ...", False, False),
        ("def __init__(self, a, **k): super().__init__(**k)", True, False),
        ("def __init__(self, a, **k): k.pop('b'); super().__init__(**k)", True, False),
        ("def __init__(self, a, **k): self.k = k; super().__init__(**k)", True, True),
        ("def __init__(self, a, **k): ...", True, True),
        ("def __new__(cls, a): ...", True, True),
        ("__init__ = other", True, True),
        ("a = 1", True, False),
    ],
)
def test_a_class_tells_whether_its_arguments_are_known(body: str, is_open: bool, is_unclear: bool) -> None:
    found = contents(f"class A:\n    {body}\n").classes["A"]
    assert (found.is_open, found.is_unclear) == (is_open, is_unclear)


def test_a_provider_is_given_up_after_years() -> None:
    assert is_given_up(Listed("1.0.0", "2024-08"), "2026-11-27")
    assert not is_given_up(Listed("1.0.0", "2025-08"), "2026-11-27")
