"""Shards: how files are divided, and what says that shards belong together."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from airwarden.config import Config, ConfigError
from airwarden.repo import Repo
from airwarden.shards import parsed, part, shard_of
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.conftest import MakeRepository

names = st.text(st.characters(exclude_categories=()), min_size=1, max_size=8)
weighed = st.dictionaries(names, st.integers(0, 10_000), max_size=60)

FILES = {f"dags/{n}.py": f"import airflow\nx = {n * 1000}{' ' * 97 * n}\n" for n in range(20)} | {
    "values.yaml": "executor: CeleryExecutor\nwebserver: {}\n",
    "requirements.txt": "apache-airflow==2.9.3\n",
    **{f"docs/{n}.md": "text\n" for n in range(20)},
}


def parts(weights: Mapping[str, int], count: int) -> list[list[str]]:
    return [part(weights, index, count) for index in range(1, count + 1)]


@given(weighed, st.integers(1, 9))
def test_each_name_falls_to_one_part(weights: dict[str, int], count: int) -> None:
    found = parts(weights, count)
    assert sorted(name for each in found for name in each) == sorted(weights)
    assert all(each == sorted(each) for each in found)


@given(weighed, st.integers(1, 9), st.randoms())
def test_the_order_of_the_files_decides_nothing(weights: dict[str, int], count: int, random: object) -> None:
    pairs = list(weights.items())
    random.shuffle(pairs)  # type: ignore[attr-defined]
    assert parts(dict(pairs), count) == parts(weights, count)


@given(weighed, st.integers(1, 9))
def test_no_part_is_heavier_than_another_by_more_than_one_file(weights: dict[str, int], count: int) -> None:
    loads = [sum(weights[name] for name in each) for each in parts(weights, count)]
    assert max(loads) - min(loads) <= max(weights.values(), default=0)


def test_the_heaviest_comes_first_and_names_decide_between_equals() -> None:
    assert parts({"d": 1, "c": 5, "b": 5, "a": 3}, 2) == [["a", "b"], ["c", "d"]]
    assert parts({"a": 1}, 3) == [["a"], [], []]


@pytest.mark.parametrize(("wanted", "found"), [("1/1", (1, 1)), ("2/5", (2, 5)), (" 10 / 12 ", (10, 12))])
def test_a_shard_is_named_by_two_numbers(wanted: str, found: tuple[int, int]) -> None:
    assert parsed(wanted) == found


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("", "--shard : write 2/5 for the second of five shards"),
        ("3", "write 2/5"),
        ("1/2/3", "write 2/5"),
        ("-1/3", "write 2/5"),
        ("one/two", "write 2/5"),
        ("²/5", "write 2/5"),
        ("0/3", "--shard 0/3: the shards are numbered from 1 to 3"),
        ("4/3", "--shard 4/3: the shards are numbered from 1 to 3"),
        ("1/0", "--shard 1/0: there is at least one shard"),
    ],
)
def test_what_names_no_shard_is_told(wanted: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said.replace("/", r"\/")):
        parsed(wanted)


def test_each_file_is_judged_by_one_shard(make_repository: MakeRepository) -> None:
    repo = Repo(make_repository(FILES))
    found = [shard_of(repo, Config(), repo.files, f"{index}/4")[1] for index in range(1, 5)]
    assert sorted(path for each in found for path in each) == sorted(repo.files)
    sizes = [sum(len(FILES[path]) for path in each if path.endswith(".py")) for each in found]
    assert max(sizes) < 1.5 * min(sizes)


def test_a_stray_file_moves_no_other(make_repository: MakeRepository) -> None:
    root = make_repository(FILES)
    before, ours = shard_of(Repo(root), Config(), Repo(root).files, "2/3")
    make_repository({".cache/pip/0f": "x", "report.json": "{}", "notes.txt": "x"})
    after, more = shard_of(Repo(root), Config(), Repo(root).files, "2/3")
    assert after == before
    assert set(ours) <= set(more)


def test_shards_of_one_run_have_files_and_settings_in_common(make_repository: MakeRepository) -> None:
    root = make_repository(FILES)

    def common(config: Config) -> tuple[str, str]:
        repo = Repo(root, config)
        (shard,) = {
            (s.settings, s.files) for s, _ in (shard_of(repo, config, repo.files, f"{i}/2") for i in (1, 2))
        }
        return shard

    plain = common(Config())
    assert common(Config(select=("alerts",)))[0] != plain[0]
    make_repository({"dags/1.py": "import airflow\n"})
    assert (common(Config())[0], common(Config())[1] != plain[1]) == (plain[0], True)


def test_the_seed_of_hashes_decides_nothing(make_repository: MakeRepository) -> None:
    root = make_repository(FILES)
    code = (
        "import sys; from pathlib import Path; from airwarden.repo import Repo; "
        "from airwarden.config import Config; "
        "from airwarden.shards import shard_of; repo = Repo(Path(sys.argv[1])); "
        "print(shard_of(repo, Config(), repo.files, '2/3'))"
    )
    assert _printed(code, root, "1") == _printed(code, root, "2")


def _printed(code: str, root: Path, seed: str) -> str:
    command = [sys.executable, "-c", code, str(root)]
    run = subprocess.run(
        command,
        env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
    )
    return run.stdout
