"""What is kept of a run is what the next run would find, and nothing that must not be kept."""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from airwarden.cache import MOST_BOOKS, Cache
from airwarden.config import Config
from airwarden.engine import Known, check
from airwarden.formats import json as as_json
from airwarden.judging import Judge
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.report import Report
from airwarden.walking import digest_of

from tests.conftest import some

EXAMPLES = Path(__file__).parent.parent / "examples"
REGISTRY = Registry()


class Runs:
    """Runs over one repository with one cache; `judged` has the files that the last one had to judge."""

    def __init__(self, root: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.home, self.judged, self.is_warm = root, home, list[str](), False
        real = Judge.outcome

        def outcome(judge: Judge, path: str) -> object:
            if self.is_warm:
                self.judged.append(path)
            return real(judge, path)

        monkeypatch.setattr(Judge, "outcome", outcome)

    def cold(self, config: Config | None = None) -> str:
        config = config or Config()
        selected = REGISTRY.selected(config)
        rules = REGISTRY.load_some(selected)
        return text(
            check(Repo(self.root, config), None, config, rules, families=REGISTRY.families, selected=selected)
        )

    def warm(self, config: Config | None = None, paths: list[str] | None = None) -> str:
        config = config or Config()
        self.judged.clear()
        cache = Cache(self.home, self.root, config)
        known = Known(cache, cache.read())
        repo = Repo(self.root, config, earlier=known.book.decisions if known.book else None)
        rules = REGISTRY.load_some(None, known.book.facts if known.book else None)
        selected = REGISTRY.selected(config)
        self.is_warm = True
        report = check(repo, paths, config, rules, families=REGISTRY.families, selected=selected, known=known)
        self.is_warm = False
        return text(report)


def text(report: Report) -> str:
    assert not report.crashes
    return as_json.render(report)


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    root = tmp_path / "repository"
    shutil.copytree(EXAMPLES / "broken", root)
    for path in (each for each in root.rglob("*") if each.is_file()):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return Runs(root, tmp_path / "cache", monkeypatch)


def write(root: Path, name: str, content: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def test_nothing_is_judged_twice(runs: Runs) -> None:
    first = runs.warm()
    assert runs.judged
    assert runs.warm() == first == runs.cold()
    runs.warm()
    assert runs.judged == []


def test_a_fresh_checkout_is_known_by_its_contents(runs: Runs) -> None:
    first = runs.warm()
    for path in (each for each in runs.root.rglob("*") if each.is_file()):
        os.utime(path)
    assert runs.warm() == first
    assert runs.judged == []


def test_a_file_changed_within_the_clock_tick_of_the_run_is_seen(runs: Runs) -> None:
    path = runs.root / "dags" / "orders.py"
    now = path.stat().st_mtime_ns
    old = path.read_text("utf-8")
    os.utime(path)
    runs.warm()
    stat = path.stat()
    write(runs.root, "dags/orders.py", old.replace("DAG", "DAQ"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert path.stat().st_mtime_ns != now
    assert runs.warm() == runs.cold()


def test_another_policy_judges_nothing(runs: Runs) -> None:
    runs.warm()
    for config in (
        Config(select=("secrets",)),
        Config(ignore=("xcom", "dag-without-failure-alert")),
        Config(levels={"alerts": "note", "known-token": "off"}),
        Config(per_file_ignores={"dags/": ("secrets",)}),
        Config(select=("xcom-in-metadata-database",)),
    ):
        assert runs.warm(config) == runs.cold(config)
        assert runs.judged == []


def test_a_setting_that_nobody_asked_for_judges_nothing(runs: Runs) -> None:
    runs.warm()
    runs.warm(replace(Config(), xcom_threshold_range=(1 << 15, 1 << 24)))
    assert "dags/orders.py" not in runs.judged
    config = replace(Config(), alert_channels=("#nobody",))
    assert runs.warm(config) == runs.cold(config)


def test_a_changed_file_is_judged_and_those_that_import_it(runs: Runs) -> None:
    write(runs.root, "dags/shared.py", "from airflow.sdk import Variable\nNAME = 'a'\n")
    write(runs.root, "dags/user.py", "from airflow.sdk import DAG\nfrom shared import NAME\nDAG(NAME)\n")
    write(runs.root, "dags/other.py", "from airflow.sdk import DAG\nDAG('b')\n")
    runs.warm()
    write(runs.root, "dags/shared.py", "from airflow.sdk import Variable\nNAME = 'c'\n")
    assert runs.warm() == runs.cold()
    assert {"dags/shared.py", "dags/user.py"} <= set(runs.judged)
    assert "dags/other.py" not in runs.judged


def test_a_new_module_is_seen_by_those_that_import_its_name(runs: Runs) -> None:
    write(runs.root, "dags/user.py", "from airflow.sdk import DAG\nfrom shared import NAME\nDAG(NAME)\n")
    write(runs.root, "dags/other.py", "from airflow.sdk import DAG\nDAG('b')\n")
    runs.warm()
    write(runs.root, "dags/shared.py", "NAME = 'c'\n")
    assert runs.warm() == runs.cold()
    assert "dags/user.py" in runs.judged
    assert "dags/other.py" not in runs.judged


def test_the_alert_that_most_files_use_is_asked_for_anew_where_python_has_changed(runs: Runs) -> None:
    dag = "from airflow.sdk import DAG\nfrom alerts import {0}\nDAG('{1}', on_failure_callback={0})\n"
    hook = "from airflow.providers.slack.hooks.slack import SlackHook\n"
    own = "def {}(context):\n    SlackHook().call('x')\n"
    write(runs.root, "dags/alerts.py", hook + own.format("one") + own.format("two"))
    write(runs.root, "dags/silent.py", "from airflow.sdk import DAG\nDAG('silent')\n")
    for name in ("p", "q", "r", "s"):
        write(runs.root, f"dags/{name}.py", dag.format("one", name))
    assert "on_failure_callback=[one]" in runs.warm()
    write(runs.root, "dags/unrelated.py", "from airflow.sdk import DAG\nNAME = 'x'\n")
    assert runs.warm() == runs.cold()
    assert "dags/silent.py" not in runs.judged
    example = dag.format("one", "p")
    write(runs.root, "dags/p.py", f"{example}MORE = 1\n")
    assert runs.warm() == runs.cold()
    assert "dags/p.py" in runs.judged
    assert "dags/silent.py" not in runs.judged
    for name in ("a", "b", "c", "d", "e"):
        write(runs.root, f"dags/{name}.py", dag.format("two", name))
    assert "on_failure_callback=[two]" in runs.warm()
    assert "dags/silent.py" in runs.judged
    (runs.root / "dags/a.py").unlink()
    assert runs.warm() == runs.cold()


def test_a_run_over_some_files_keeps_what_is_known_of_the_others(runs: Runs) -> None:
    first = runs.warm()
    write(runs.root, "dags/orders.py", (runs.root / "dags/orders.py").read_text("utf-8") + "\n# a change\n")
    runs.warm(paths=["dags/orders.py"])
    assert "dags/orders.py" in runs.judged
    assert len(runs.judged) < 4
    assert json.loads(runs.warm())["summary"] == json.loads(first)["summary"]
    assert "dags/orders.py" not in runs.judged


def test_a_book_that_is_no_book_is_done_without(runs: Runs) -> None:
    first = runs.warm()
    (book,) = runs.home.glob("*.json")
    whole = book.read_text("utf-8")
    for broken in ("", "{", "[]", '{"tool": 1}', whole[:-10], whole.replace('"results"', '"resulte"')):
        book.write_text(broken, encoding="utf-8")
        assert runs.warm() == first
        assert runs.judged


def test_a_ledger_that_is_not_the_books_own_lets_nothing_hold_that_might_not(runs: Runs) -> None:
    first = runs.warm()
    (ledger,) = runs.home.glob("*.ledger")
    for broken in ("", "{}", ledger.read_text("utf-8") + " "):
        ledger.write_text(broken, encoding="utf-8")
        assert runs.warm() == first
        assert runs.judged == []
        write(runs.root, "values.yaml", (runs.root / "values.yaml").read_text("utf-8") + "\n# a change\n")
        assert runs.warm() == runs.cold()
        assert "dags/orders.py" in runs.judged


def test_a_byte_that_is_not_as_it_was_written_costs_the_book(runs: Runs) -> None:
    first = runs.warm()
    home = Cache(runs.home, runs.root, Config())
    for file in runs.home.glob("*.json"):
        whole = file.read_bytes()
        for place in (0, 31, 32, 33, len(whole) // 2, len(whole) - 1):
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            assert home.read() is None
            file.write_bytes(whole[:place])
            assert home.read() is None
        file.write_bytes(whole)
    assert home.read() is not None
    assert runs.warm() == first
    assert runs.judged == []


@pytest.mark.parametrize("text", ["[" * 100_000, "9" * 5_000, "null", "[]", '{"tool": {}}', '{"a":' * 50_000])
def test_a_book_that_says_what_no_book_says_is_none(runs: Runs, text: str) -> None:
    runs.warm()
    for file in runs.home.glob("*.json"):
        file.write_bytes(digest_of(text.encode()).encode() + b"\n" + text.encode())
    assert Cache(runs.home, runs.root, Config()).read() is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_what_stands_in_the_place_of_a_book_is_neither_followed_nor_waited_for(
    runs: Runs, tmp_path: Path
) -> None:
    first = runs.warm()
    (file,) = runs.home.glob("*.json")
    (tmp_path / "mine").write_text("mine")
    for target in ("/dev/zero", str(tmp_path / "mine")):
        file.unlink()
        file.symlink_to(target)
        assert runs.warm() == first
        assert not file.is_symlink()
    assert (tmp_path / "mine").read_text() == "mine"
    file.unlink()
    os.mkfifo(file)
    assert runs.warm() == first
    assert file.is_file()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="the system has no such users")
@pytest.mark.parametrize(
    ("mode", "is_believed"), [(0o777, False), (0o1777, False), (0o775, False), (0o755, True)]
)
def test_a_book_that_another_user_may_have_written_is_not_believed(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, mode: int, is_believed: bool
) -> None:
    runs.warm()
    runs.home.chmod(mode)
    cache = Cache(runs.home, runs.root, Config())
    assert cache.read() is not None
    monkeypatch.setattr(os, "geteuid", lambda: runs.home.stat().st_uid + 1)
    assert (cache.read() is not None) == is_believed


def test_what_a_run_left_in_the_cache_that_was_cut_short_is_taken_out(runs: Runs) -> None:
    runs.warm()
    (runs.home / f".airwarden-{'0' * 16}.tmp").write_text("")
    write(runs.root, "values.yaml", "a: 1\n")
    runs.warm()
    assert not list(runs.home.glob(".*.tmp"))


@pytest.mark.skipif(os.name != "posix", reason="the day of a change can be set back without a trace")
def test_a_change_whose_day_is_set_back_is_seen(runs: Runs) -> None:
    runs.warm()
    file = runs.root / "dags/orders.py"
    status, text = file.stat(), file.read_text("utf-8")
    age = status.st_mtime_ns - 10_000_000_000
    os.utime(file, ns=(age, age))
    runs.warm()
    time.sleep(0.02)
    with file.open("r+", encoding="utf-8") as stream:
        stream.write(text.replace("import", "import", 1).replace("a", "b", 1))
    os.utime(file, ns=(age, age))
    assert runs.warm() == runs.cold()


def test_a_folder_that_can_not_be_written_is_done_without(runs: Runs) -> None:
    runs.home.write_text("a file", encoding="utf-8")
    assert runs.warm() == runs.cold()


def test_there_are_never_too_many_books(runs: Runs, tmp_path: Path) -> None:
    runs.warm()
    (book,) = runs.home.glob("*.json")
    for number in range(MOST_BOOKS + 5):
        shutil.copy(book, runs.home / f"{number}.json")
        os.utime(runs.home / f"{number}.json", (number, number))
    runs.root = shutil.copytree(runs.root, tmp_path / "another")
    runs.warm()
    left = {path.name for path in runs.home.glob("*.json")}
    assert len(left) == MOST_BOOKS
    assert book.name in left
    assert "0.json" not in left


def test_a_book_holds_no_text_and_no_secret(runs: Runs) -> None:
    runs.warm()
    (book,) = runs.home.glob("*.json")
    kept = book.read_text("utf-8")
    config, rules = (
        Config(),
        REGISTRY.load(name for name, family in REGISTRY.families.items() if family == "secrets")[0],
    )
    report = check(Repo(runs.root, config), None, config, rules, families=REGISTRY.families)
    secrets = {secret for some in report.secrets.values() for secret in some if len(secret) > 7}
    assert secrets
    assert not [secret for secret in secrets if secret in kept]
    assert book.stat().st_mode & 0o077 == 0


Change = Callable[[Path, random.Random], None]


def rename(root: Path, chance: random.Random) -> None:
    path = chance.choice(python_files(root))
    path.rename(path.with_name(f"{chance.choice(NAMES)}.py"))


def swap_words(root: Path, chance: random.Random) -> None:
    path = chance.choice(python_files(root))
    old, new = chance.choice(WORDS)
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")


def drop(root: Path, chance: random.Random) -> None:
    chance.choice(every_file(root)).unlink()


def cut(root: Path, chance: random.Random) -> None:
    path = chance.choice(every_file(root))
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: chance.randint(0, len(lines))]), encoding="utf-8")


def add_module(root: Path, chance: random.Random) -> None:
    name = chance.choice(NAMES)
    write(root, f"dags/{name}.py", chance.choice(MODULES))


def add_settings(root: Path, chance: random.Random) -> None:
    write(root, *chance.choice(SETTINGS))


NAMES = ("alerts", "shared", "common", "orders", "tables", "notify")
WORDS = (
    ("on_failure_callback", "on_success_callback"),
    ("slack", "smtp"),
    ("return", "yield"),
    ("import", "# import"),
)
MODULES = (
    "from airflow.providers.slack.notifications.slack import SlackNotifier\nN = SlackNotifier()\n",
    "def notify(context):\n    print(context)\n\nNAME = 'x'\n",
    "from shared import NAME\nfrom airflow.sdk import DAG\n\nwith DAG(NAME):\n    pass\n",
    "from alerts import notify\nfrom airflow.sdk import DAG\n\nDAG('a', on_failure_callback=notify)\n",
)
SETTINGS = (
    (
        "airflow.cfg",
        "[core]\nxcom_backend = airflow.providers.common.io.xcom.backend.XComObjectStorageBackend\n",
    ),
    ("requirements.txt", "apache-airflow==3.0.1\napache-airflow-providers-slack\npandas\n"),
    (".airflowignore", "orders*\n"),
    (".gitignore", "alerts.py\n"),
    ("Dockerfile", "FROM apache/airflow:3.0.1\nENV AIRFLOW__CORE__FERNET_KEY=\n"),
)


def python_files(root: Path) -> list[Path]:
    if not any(root.rglob("*.py")):
        write(root, "dags/a.py", MODULES[2])
    return sorted(root.rglob("*.py"))


def every_file(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file()) or python_files(root)


@pytest.mark.parametrize("seed", range(some(6)))
def test_whatever_changes_a_warm_run_finds_what_a_cold_one_finds(runs: Runs, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(3):
        add_module(runs.root, chance)
    runs.warm()
    for _ in range(6):
        chance.choice((rename, swap_words, drop, cut, add_module, add_settings))(runs.root, chance)
        assert runs.warm() == runs.cold()
