"""A moment of fuzzing with the same inputs each time, and that whatever fails is noticed."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from airwarden.findings import Region
from airwarden.report import Crash
from airwarden.source import Source
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzzing import failures, grammars, seeds
from fuzzing.grammar import Grammar
from fuzzing.guard import tried
from fuzzing.invariants import PLANTED, is_inside, verify, verify_output
from fuzzing.mutations import Mutator
from fuzzing.states import judged, packed, repo_of, unpacked
from fuzzing.status import Status
from fuzzing.target import Broken, Failure, Target, TooSlow
from fuzzing.targets import named, targets
from tests.conftest import some

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
SLOW = (
    "run-",
    "fix",
    "cache",
    "settings",
    "own-",
    "extended-",
    "documents",
    "messages",
    "baseline",
    "policy",
)
TARGETS = {target.name: target for target in targets()}
GRAMMARS = {name: each for name, each in vars(grammars).items() if isinstance(each, Grammar)}


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_harms_a_target(name: str) -> None:
    target = TARGETS[name]
    mutator = Mutator(Random(name), list(target.examples()), target.grammar, bombs=0)
    for _ in range(2 if name.startswith(SLOW) else 15):
        data = mutator.input()
        found = tried(target, data, patience=10)
        assert found.failure is None, (found.failure.story, data)


@pytest.mark.parametrize("name", ["yaml", "toml", "hcl", "python"])
@given(random=st.randoms(use_true_random=False))
@settings(
    max_examples=some(15),
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
def test_no_text_of_a_grammar_harms_its_reader(name: str, random: Random) -> None:
    target = TARGETS[name]
    target.check(target.grammar.text(random).encode(errors="surrogatepass"))


@pytest.mark.parametrize("name", GRAMMARS)
def test_a_grammar_writes_the_same_text_of_the_same_numbers(name: str) -> None:
    one, other = ([GRAMMARS[name].text(Random(number)) for number in range(20)] for _ in range(2))
    assert one == other
    assert len(set(one)) > 10


def test_a_production_that_is_not_there_is_told() -> None:
    with pytest.raises(ValueError, match="gone"):
        Grammar({"start": ("@gone@",)})


def test_mutations_are_the_same_for_the_same_seed() -> None:
    one, other = (Mutator(Random(7), [b"a: 1\n" * 9], grammars.YAML, bombs=0) for _ in range(2))
    assert [one.input() for _ in range(50)] == [other.input() for _ in range(50)]


def target_of(check: Callable[[bytes], None], limit: float = 5) -> Target:
    return Target("any", check, grammars.YAML, re.compile(""), seconds=limit)


def failing(check: Callable[[bytes], None], limit: float = 5) -> Failure | None:
    return tried(target_of(check, limit), b"").failure


def test_what_a_target_raises_is_a_failure() -> None:
    def raises(data: bytes) -> None:
        raise ValueError(data)

    failure = failing(raises)
    assert failure is not None
    assert failure.kind == "ValueError"
    assert "raise ValueError(data)" in failure.story
    assert failing(lambda _: None) is None


def test_a_warning_is_a_failure() -> None:
    failure = failing(lambda _: warnings.warn("old", DeprecationWarning, stacklevel=1))
    assert failure is not None
    assert failure.kind == "DeprecationWarning"


def test_an_endless_loop_is_a_failure_though_the_program_catches_whatever_it_can() -> None:
    def loops(data: bytes) -> None:  # noqa: ARG001
        while True:
            with suppress(Exception):
                time.process_time()

    failure = failing(loops, 0.05)
    assert failure is not None
    assert failure.kind == TooSlow.__name__


def test_failures_that_are_alike_are_kept_once_by_the_smallest_input(tmp_path: Path) -> None:
    failure, other = Failure("ValueError", "a.py:1", "story"), Failure("ValueError", "a.py:2")
    file = failures.keep(tmp_path, "yaml", failure, b"long")
    assert file is not None
    assert failures.keep(tmp_path, "yaml", failure, b"longer") is None
    assert failures.keep(tmp_path, "yaml", failure, b"x") == file
    failures.keep(tmp_path, "yaml", other, b"y")
    assert len(failures.listed(tmp_path)) == 2
    assert file.read_bytes() == b"x"
    assert f"python -m fuzzing yaml {file}" in file.with_suffix(".txt").read_text(encoding="utf-8")


def test_the_last_input_outlives_its_process(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from fuzzing.status import Status\n"
        "status = Status(Path(sys.argv[1]), is_new=True)\n"
        "status.begin(b'first'); status.end(0.5, failed=False); status.begin(b'last'); os.abort()"
    )
    file = tmp_path / "status"
    run = subprocess.run([sys.executable, "-c", code, file], cwd=ROOT, check=False)
    status = Status(file, is_new=False)
    assert run.returncode != 0
    assert (status.inputs, status.last, status.slowest) == (2, b"last", 0.5)


def test_a_target_is_found_by_its_name() -> None:
    assert named("fix") is TARGETS["fix"]
    with pytest.raises(KeyError):
        named("gone")


def test_a_repository_is_packed_and_unpacked() -> None:
    data = packed("dags/a.py", b"import airflow\n") + packed("../b//c.yaml", b"x: 1") + packed("dags", b"")
    assert unpacked(data) == {"dags/a.py": b"import airflow\n", "b/c.yaml": b"x: 1"}
    assert unpacked(b"\n=== \0\n") == {}


def test_a_repository_need_not_stand_on_a_disk() -> None:
    repo = repo_of({"dags/a.py": b"from airflow import DAG\nDAG('a')\n"})
    assert repo.files == ("dags/a.py",)
    assert judged(repo).findings


def test_a_crash_a_wrong_region_and_a_shown_secret_are_failures() -> None:
    repo = repo_of({"dags/a.py": b"from airflow import DAG\nDAG('a')\n"})
    report = judged(repo)
    verify(report, repo, b"")
    with pytest.raises(Broken, match="a rule crashed"):
        verify(replace(report, crashes=(Crash("rule", "a", "ValueError"),)), repo, b"")
    wrong = replace(report.findings[0], region=Region("dags/a.py", 2, 1, 9, 1))
    with pytest.raises(Broken, match="is none of its file"):
        verify(replace(report, findings=(wrong,)), repo, b"")
    with pytest.raises(Broken, match="shows a secret"):
        verify_output("text", f"x{PLANTED[3:11]}y")


@pytest.mark.parametrize(
    ("region", "inside"),
    [
        ((1, 1, 1, 3), True),
        ((1, 1, 2, 1), True),
        ((1, 2, 1, 1), False),
        ((1, 1, 3, 1), False),
        ((0, 1, 1, 1), False),
    ],
)
def test_a_region_is_one_of_its_text(region: tuple[int, int, int, int], inside: bool) -> None:
    assert is_inside(Region("a", *region), Source("a", "ab\n")) is inside


def test_seeds_are_the_files_that_a_target_reads(tmp_path: Path) -> None:
    seeds.gather([TARGETS["toml"], TARGETS["fix"]], [FIXTURES / "provider-not-declared"], tmp_path, Random(1))
    assert any(b"[project]" in data for data in seeds.of(tmp_path / "toml"))
    assert all(unpacked(data) for data in seeds.of(tmp_path / "fix"))


@pytest.mark.real
def test_a_campaign_ends_with_a_table(tmp_path: Path) -> None:
    options = ["--minutes", "0.05", "--only", "blame", "--engine", "plain", "--seed", "1"]
    command = [sys.executable, "-m", "fuzzing", *options, "--folder", str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert re.search(r"^\| blame \| [\d,]+ \| [\d,]+ \| 0 \| \d", run.stdout, re.MULTILINE)
    assert (tmp_path / "counts.csv").read_text(encoding="utf-8").startswith("target,engine,inputs")
