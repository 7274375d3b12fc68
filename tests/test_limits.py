"""Data files that are made to break their reader: too deep, too long, too many, and numbers without end."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random

import pytest
from airwarden import engine
from airwarden.bounded import MAX_DEPTH, MAX_TOML, DeepText, LongText, json_of, toml_of
from airwarden.charts import MAX_BYTES
from airwarden.config import Config, ConfigError
from airwarden.dependencies.bounds import raised
from airwarden.dependencies.markers import may_hold
from airwarden.dependencies.specifiers import allowed, allows_series
from airwarden.git import Git, GitError
from airwarden.globs import globs_of
from airwarden.registry import Registry
from airwarden.repo import BEGINNING, LARGEST, Repo
from airwarden.report import Report
from airwarden.rule import Rule
from airwarden.source import TooBig
from airwarden.values import MAX_RELEASES
from pathspec import GitIgnoreSpec

from benchmarks.growth import INPUTS, planted
from tests.conftest import MakeRepository

MANY = "9" * 5_000
"""Digits that Python makes no number of."""

VALUES = "executor: CeleryExecutor\nfernetKey: ''\nwebserverSecretKeySecretName: web\n"


def reported(root: Path) -> Report:
    """The report of a run over a repository with all rules."""
    rules, families = all_rules()
    return engine.check(Repo(root), None, Config(), rules, families=families)


@cache
def all_rules() -> tuple[dict[str, Rule], Mapping[str, str]]:
    """All rules, and the family of each."""
    registry = Registry()
    return registry.load()[0], registry.families


def told(report: Report) -> Counter[tuple[str, str]]:
    """How often each rule about files that can't be read speaks of each file."""
    about_files = ("too-big", "too-deep", "unreadable-file")
    return Counter((each.rule, each.region.path) for each in report.findings if each.rule in about_files)


# TOML and JSON


@pytest.mark.parametrize(
    "text",
    [
        f"a = {'[' * 20_000}{']' * 20_000}",
        f"a = {'{a = ' * 20_000}1{'}' * 20_000}",
        f"{'a.' * 20_000}a = 1",
        f"{'a . ' * 20_000}a = 1",
        "[" + '"a".' * 200 + "a]",
    ],
)
def test_toml_that_nests_too_deeply_is_refused_before_it_is_parsed(text: str) -> None:
    with pytest.raises(DeepText):
        toml_of(text)


@pytest.mark.parametrize(
    "text",
    [
        f"a = {'[' * MAX_DEPTH}{']' * MAX_DEPTH}",
        f"{'a.' * (MAX_DEPTH - 1)}a = 1",
        f"a = [{'1.5, ' * 1_000}]",
        f'a = "{"a." * 1_000}"  # {"a." * 1_000}',
        f"a = '''{'[' * 1_000}'''",
        f'a = """{"[" * 1_000} " """',
    ],
)
def test_toml_that_only_looks_deep_is_read(text: str) -> None:
    assert "a" in toml_of(text)


def test_toml_of_a_long_number_or_text_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="a number has too many digits"):
        toml_of(f"a = {MANY}")
    with pytest.raises(LongText, match="more than 1,048,576 characters"):
        toml_of(f"a = '{'x' * MAX_TOML}'")


def test_json_that_nests_too_deeply_is_refused_before_it_is_parsed() -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        with pytest.raises(DeepText):
            json_of(opening * 100_000 + "1" + closing * 100_000)
        assert json_of(opening * MAX_DEPTH + "1" + closing * MAX_DEPTH)
    assert json_of(json.dumps("[" * 1_000)) == "[" * 1_000


def test_the_depth_that_is_allowed_needs_half_of_the_stack_at_most() -> None:
    """Editors, workers and pytest itself stand on some of it already."""
    limit = sys.getrecursionlimit()
    texts = (f"a = {'[' * MAX_DEPTH}{']' * MAX_DEPTH}", f"a = {'{a=' * MAX_DEPTH}1{'}' * MAX_DEPTH}")
    sys.setrecursionlimit(_depth() + 500)
    try:
        assert all(toml_of(text) for text in texts)
        assert json_of("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    finally:
        sys.setrecursionlimit(limit)


def _depth() -> int:
    frame, depth = sys._getframe(), 0
    while frame.f_back is not None:
        frame, depth = frame.f_back, depth + 1
    return depth


def test_settings_that_no_parser_bears_are_told_of(tmp_path: Path) -> None:
    for name, text in (("deep", f"select = {'[' * 5_000}"), ("number", f"jobs = {MANY}")):
        file = tmp_path / f"{name}.toml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError, match=r"levels deep|too many digits"):
            Config.read(tmp_path, file)


# Versions and markers


def test_versions_of_thousands_of_digits_are_of_an_unknown_form() -> None:
    assert allows_series(f">={MANY}", "2.10")
    assert allowed([f"=={MANY}"], ["1.0"]) == ("1.0",)
    assert raised(f">={MANY},!=1", "2.0") is None


def test_markers_that_no_parser_bears_count_as_unknown() -> None:
    assert may_hold(f"{'(' * 900}python_version > '3'{')' * 900}")
    assert may_hold(" or ".join(["python_version < '3'"] * 5_000))
    assert not may_hold("(python_version < '3')")


# A repository of such files


def test_one_fault_is_told_of_each_file_and_the_others_are_judged(make_repository: MakeRepository) -> None:
    deep = "[" * 5_000 + "]" * 5_000
    root = make_repository(
        {
            "deep/pyproject.toml": f"[tool.a]\nb = {deep}\n",
            "digits/pyproject.toml": f"[tool.a]\nb = {MANY}\n",
            "long/pyproject.toml": f"[tool.a]\nb = '{'x' * MAX_TOML}'\n",
            "requirements.txt": f"apache-airflow==2.{MANY}\npandas>={MANY}; python_version > '{MANY}'\n"
            f"apache-airflow-providers-amazon=={MANY}\n",
            "Dockerfile": f"FROM apache/airflow:2.{MANY}\nFROM astro-runtime:{MANY}\n",
            "values.yaml": f"{VALUES}airflowVersion: '2.{MANY}'\nconfig:\n  core:\n    parallelism: {MANY}\n",
            "deep/values.yaml": f"{VALUES}a: {deep}\n",
            "flat/values.yaml": f"{VALUES}env:\n  - name: AIRFLOW_CONN_A\n    value: '{deep}'\n",
            "dags/a.py": "import json\nfrom airflow import DAG\n",
        }
    )
    report = reported(root)
    assert report.crashes == ()
    assert told(report) == {
        ("too-deep", "deep/pyproject.toml"): 1,
        ("unreadable-file", "digits/pyproject.toml"): 1,
        ("too-big", "long/pyproject.toml"): 1,
        ("too-deep", "deep/values.yaml"): 1,
    }


# Globs


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("*a" * 30 + "b", "a" * 255),
        ("***" * 30 + "b", "a" * 255),
        ("*?" * 30 + "b", "a" * 255),
        ("*[ab]" * 30 + "c", "a" * 255),
        ("**/a/" * 30 + "b", "/".join(["a"] * 1_000)),
        ("**/*a*a*a*a/" * 20 + "b", "/".join(["a" * 60] * 60)),
        ("*a*a*a*b/**/x/**/*a*a*a*ab", "/".join(["a" * 255] * 16)),
    ],
)
def test_globs_of_many_stars_end(glob: str, path: str) -> None:
    """Each of these would take longer than the sun has left."""
    assert globs_of([glob]).check_file(path).include is None


@pytest.mark.parametrize("seed", range(10))
def test_globs_of_many_stars_match_what_they_would_match_otherwise(seed: int) -> None:
    chance = Random(seed)
    for _ in range(60):
        glob = "/".join(_some(chance, ["*", "*", "a", "b", "?", "[ab]", "**"]) for _ in range(4))
        glob = f"{chance.choice(['', '/', '**/'])}{glob}{chance.choice(['', '/', '/**/a', '/**/*a*/b'])}"
        plain = GitIgnoreSpec.from_lines([glob])
        for path in ("/".join(_some(chance, "ab.") for _ in range(chance.randint(1, 8))) for _ in range(8)):
            found, wanted = globs_of([glob]).check_file(path), plain.check_file(path)
            assert (found.include, found.index) == (wanted.include, wanted.index), (glob, path)


def _some(chance: Random, parts: Sequence[str]) -> str:
    return "".join(chance.choice(parts) for _ in range(chance.randint(1, 5)))


def test_a_glob_with_a_nul_says_nothing() -> None:
    assert not globs_of(["[\0:alpha:]] # ~*\\#a**b", "a\0*b*c*d"]).patterns


def test_lines_that_are_no_globs_say_nothing(make_repository: MakeRepository) -> None:
    broken = ["!", "\\", "a\\", "[z-a]", "!  ", "[[:digit:]", "a[", "//"]
    root = make_repository(
        {".gitignore": "\n".join([*broken, "/left-out.py"]), "a.py": "", "left-out.py": ""}
    )
    assert Repo(root, Config(exclude=("!",))).files == (".gitignore", "a.py")


# Sizes


def sparse(root: Path, path: str, head: str, size: int = LARGEST + 1) -> None:
    """Writes a file that is large and takes no room."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        stream.write(head.encode())
        stream.truncate(size)


def test_of_a_file_that_is_too_large_the_beginning_is_read(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": "from airflow import DAG\n"})
    assert BEGINNING == MAX_BYTES + 1
    for path, head in (
        ("dags/big.py", "x = 1\n"),
        ("jobs/ours.py", "from airflow import DAG\n"),
        ("jobs/plain.py", "x = 1\n"),
        ("data/big.yaml", "a: 1\n"),
        ("data/airflow.yaml", VALUES),
        ("deploy/values.yaml", VALUES),
        ("values/manifest.yaml", f"apiVersion: v1\nkind: ConfigMap\n{VALUES}"),
        ("data/big.json", "{}"),
        ("requirements.txt", "apache-airflow\n"),
        ("pyproject.toml", "[project]\n"),
        ("airflow.cfg", "[core]\n"),
        ("Dockerfile", "FROM apache/airflow:2.10.0\n"),
        ("main.tf", 'resource "helm_release" "airflow" {\nvalues = []\n}\n'),
    ):
        sparse(root, path, head)
    repo = Repo(root)
    assert len(repo.data("data/big.yaml")) == BEGINNING
    report = reported(root)
    assert report.crashes == ()
    ours = {"dags/big.py", "jobs/ours.py", "deploy/values.yaml", "requirements.txt", "pyproject.toml"}
    assert told(report) == {("too-big", path): 1 for path in {*ours, "airflow.cfg", "Dockerfile"}}


def test_values_of_more_than_helm_keeps_are_told_of(make_repository: MakeRepository) -> None:
    more = "".join(f"k{number}: {'v' * 100}\n" for number in range(10_000))
    root = make_repository({"values.yaml": VALUES + more, "data/other.yaml": VALUES + more})
    assert told(reported(root)) == {("too-big", "values.yaml"): 1}


def test_a_file_that_becomes_small_enough_is_read_anew(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": "from airflow import DAG\n"})
    sparse(root, "dags/a.py", "from airflow import DAG\n")
    repo = Repo(root)
    with pytest.raises(TooBig):
        repo.source("dags/a.py")
    assert repo.afresh().readable_dag_file("dags/a.py") is None
    (root / "dags/a.py").write_text("from airflow import DAG\n", encoding="utf-8")
    assert repo.afresh().readable_dag_file("dags/a.py") is not None


def test_a_file_of_a_thousand_releases_is_told_of(make_repository: MakeRepository) -> None:
    release = "  - {name: a, chart: apache-airflow/airflow, values: [{executor: CeleryExecutor}]}\n"
    few, many = (f"releases:\n{release * count}" for count in (MAX_RELEASES, MAX_RELEASES + 1))
    root = make_repository({"few/helmfile.yaml": few, "many/helmfile.yaml": many})
    assert len(Repo(root).values_files("few/helmfile.yaml")) == MAX_RELEASES
    with pytest.raises(TooBig, match="more than 200 releases"):
        Repo(root).values_files("many/helmfile.yaml")


# Git


@pytest.mark.skipif(os.name != "posix", reason="a script stands for git")
def test_a_git_that_never_answers_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = tmp_path / "pid"
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {pid}\nwait\n", encoding="utf-8")
    program.chmod(0o755)
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(folder)
    monkeypatch.setattr("airwarden.git.PATIENCE", 0.5)
    with pytest.raises(GitError, match=r"did not answer within 0\.5 seconds"):
        Git(folder).ask("status")
    assert _has_ended(int(pid.read_text(encoding="utf-8")))


def _has_ended(pid: int) -> bool:
    """Whether a process is gone, or dead and waits for whoever takes it in."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


# Terraform


def test_terraform_that_nests_too_deeply_is_told_of(make_repository: MakeRepository) -> None:
    release = 'resource "helm_release" "airflow" {\n  values = [yamlencode(VALUES)]\n}\n'
    nested = {
        "list": "[" * 500 + "]" * 500,
        "map": "{a = " * 500 + "1" + "}" * 500,
        "call": "f(" * 500 + ")" * 500,
    }
    files = {f"{name}.tf": release.replace("VALUES", text) for name, text in nested.items()}
    files["blocks.tf"] = release.replace("VALUES", "{}") + "a {\n" * 500 + "}\n" * 500
    files["fine.tf"] = release.replace("VALUES", "[" * 40 + "]" * 40)
    report = reported(make_repository(files))
    assert report.crashes == ()
    assert told(report) == {("too-deep", f"{name}.tf"): 1 for name in (*nested, "blocks")}


def test_a_chain_of_a_thousand_locals_ends(make_repository: MakeRepository) -> None:
    chain = "".join(f"a{number} = local.a{number + 1}\n" for number in range(1_000))
    release = 'resource "helm_release" "airflow" {\n  chart = "airflow"\n  values = [local.a0]\n}\n'
    report = reported(make_repository({"main.tf": f"locals {{\n{chain}}}\n{release}"}))
    assert report.crashes == ()


def test_a_regular_expression_without_end_in_an_airflowignore_is_passed_over(
    make_repository: MakeRepository,
) -> None:
    lines = [
        "(a+)+$",
        "(a|a)*$",
        "(a*)*b",
        "(.*)\\1\\1\\1b",
        ".*a.*a.*a.*a.*a.*b$",
        "a?" * 40 + "a" * 40 + "b",
    ]
    lines += ["^team_[ab]+/.*/old_.*\\.py", "fine/.*"]
    path = f"dags/{'a' * 100}/{'a' * 100}.py"
    others = ("dags/team_a/x/old_1.py", "dags/fine/b.py")
    files = {"dags/.airflowignore": "\n".join(lines), path: "", **dict.fromkeys(others, "")}
    repo = Repo(make_repository(files))
    assert not repo.is_airflow_ignored(path)
    assert all(map(repo.is_airflow_ignored, others))


# How the cost grows


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("YAML: repeated keys", 40),
        ("YAML: secrets", 25),
        ("airflow.cfg: sections", 100),
        ("Dockerfile: installs", 50),
        (".airflowignore", 8),
        ("files: values", 15),
        ("pulls and pushes", 30),
    ],
)
def test_twice_the_size_takes_twice_the_calls(
    name: str, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Where each asks all the others, the second half takes up to four times what the first did."""
    counts = list[int]()
    for times in (1, 1, 2, 4):
        root = tmp_path_factory.mktemp("grown")
        planted(INPUTS[name][0](times * size), root)
        counts.append(_calls(root))
    _, one, two, four = counts
    assert four - two < 2.12 * (two - one), counts


def _calls(root: Path) -> int:
    """How many functions and steps of generators a run takes."""
    count = 0

    def note(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        reported(root)
    finally:
        sys.setprofile(None)
    return count
