"""`airwarden baseline` and `airwarden suppressions`, and `airwarden check` beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from airwarden.baseline import NAME
from airwarden.cli import main
from airwarden.formats.columns import columns, listing, width
from airwarden.formats.view import visible
from hypothesis import given
from hypothesis import strategies as st

from tests.git_folders import GitFolder

if TYPE_CHECKING:
    from tests.conftest import MakeRepository

ALERT = "dag-without-failure-alert"
ORDERS = 'from airflow.sdk import DAG\n\norders = DAG(dag_id="orders")\n'
SETTINGS = '[tool.airwarden]\nselect = ["alerts", "hygiene"]\n'
LATER = (date.today() + timedelta(days=90)).isoformat()


@pytest.fixture
def root(make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one finding, and no cache but its own."""
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    made = make_repository({"dags/orders.py": ORDERS, "pyproject.toml": SETTINGS})
    monkeypatch.chdir(made)
    monkeypatch.setenv("XDG_CACHE_HOME", str(made / ".cache"))
    return made


@pytest.fixture
def said(root: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:  # noqa: ARG001
    """Runs a command and returns its exit code and what it wrote."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def entries(root: Path) -> list[dict[str, Any]]:
    found = json.loads((root / NAME).read_text(encoding="utf-8"))["entries"]
    assert isinstance(found, list)
    return found


Said = Callable[..., tuple[int, str, str]]


def test_write_accepts_what_is_there_and_check_reports_what_is_new(root: Path, said: Said) -> None:
    assert said("check", "-q")[0] == 1
    reasons = ("--reason", "from before", "--owner", "@data", "--ticket", "DATA-12", "--until", LATER)
    assert said("baseline", "write", *reasons) == (0, f"{NAME}: 1 finding in 1 entry; 1 new.\n", "")
    assert entries(root) == [
        {
            "rule": ALERT,
            "path": "dags/orders.py",
            "subject": "dag orders",
            "since": date.today().isoformat(),
            "reason": "from before",
            "owner": "@data",
            "ticket": "DATA-12",
            "until": LATER,
        }
    ]
    code, out, _ = said("check")
    assert (code, out) == (0, "No findings: 1 file checked, 1 finding in the baseline.\n")
    (root / "dags/new.py").write_text(ORDERS.replace("orders", "new"))
    assert said("check", "-q")[0] == 1
    assert said("baseline", "write", "dags/orders.py")[1].endswith("; nothing has changed.\n")
    assert said("baseline", "write")[1] == f"{NAME}: 2 findings in 2 entries; 1 new.\n"
    assert [each.get("reason") for each in entries(root)] == [None, "from before"]


def test_the_baseline_can_be_left_aside_or_stand_elsewhere(root: Path, said: Said) -> None:
    assert said("baseline", "write", "--baseline", "old.json")[0] == 0
    assert said("check", "-q")[0] == 1
    assert said("check", "-q", "--baseline", "old.json")[0] == 0
    (root / "pyproject.toml").write_text(f'{SETTINGS}baseline = "old.json"\n')
    assert said("check", "-q")[0] == 0
    assert said("check", "-q", "--no-baseline")[0] == 1
    assert said("check", "--baseline", "gone.json")[::2] == (
        2,
        f"airwarden: {root}/gone.json: there is no such file; `airwarden baseline write` makes one\n",
    )
    with pytest.raises(SystemExit):
        said("check", "--baseline", "old.json", "--no-baseline")


def test_prune_takes_out_what_was_mended(root: Path, said: Said) -> None:
    assert said("baseline", "prune")[0] == 2
    said("baseline", "write")
    assert said("baseline", "prune")[1] == f"{NAME}: 1 finding in 1 entry; nothing has changed.\n"
    (root / "dags/orders.py").write_text("import airflow\n")
    code, out, _ = said("check", "--format", "json")
    assert (code, [each["rule"] for each in json.loads(out)["findings"]]) == (0, ["unused-baseline-entry"])
    assert json.loads(said("baseline", "prune", "--format", "json")[1])["removed"] == entries_before(root)
    assert entries(root) == []
    assert said("check", "--fail-on", "note")[0] == 0


def entries_before(root: Path) -> list[dict[str, Any]]:
    assert entries(root) == []
    path, subject = "dags/orders.py", "dag orders"
    return [{"rule": ALERT, "path": path, "subject": subject, "since": date.today().isoformat()}]


def test_nothing_found_makes_no_baseline(root: Path, said: Said) -> None:
    (root / "dags/orders.py").write_text("import airflow\n")
    assert said("baseline", "write")[1] == "Nothing is found, so there is nothing to accept.\n"
    assert not (root / NAME).exists()


def test_a_day_that_is_none_or_over_is_refused(said: Said, capsys: pytest.CaptureFixture[str]) -> None:
    for day, fault in (("soon", "'soon' is no day; write it as in 2027-01-31"), ("2020-01-31", "is over")):
        with pytest.raises(SystemExit):
            said("baseline", "write", "--until", day)
        assert fault in capsys.readouterr().err


def test_what_has_expired_fails_and_stays_so_when_written_again(root: Path, said: Said) -> None:
    said("baseline", "write")
    text = (root / NAME).read_text()
    (root / NAME).write_text(text.replace('"since": ', '"until": "2020-01-31", "since": '))
    code, out, _ = said("check", "--format", "json")
    assert (code, [each["rule"] for each in json.loads(out)["findings"]]) == (
        1,
        ["expired-suppression", ALERT],
    )
    code, out, err = said("baseline", "write")
    assert (code, out) == (0, f"{NAME}: 1 finding in 1 entry; nothing has changed.\n")
    assert err == "airwarden: 1 entry has expired: mend what is found, or write another day into the file.\n"


def test_show_lists_the_entries_by_rule(root: Path, said: Said) -> None:
    said("baseline", "write", "--reason", "from before", "--owner", "@data", "--until", LATER)
    assert said("baseline", "show")[1] == (
        f"{ALERT}: 1 finding\n"
        f"  dags/orders.py  dag orders  today  @data  until {LATER}  from before\n"
        "\n"
        "1 finding of 1 rule.\n"
    )
    body = json.loads(said("baseline", "show", "--format", "json")[1])
    assert body["entries"] == [{"count": 1, **each} for each in entries(root)]


def test_a_terminal_that_is_too_narrow_gets_two_lines_an_entry(
    said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = ("--reason", "from before", "--owner", "@data", "--ticket", "DATA-12", "--until", LATER)
    said("baseline", "write", *reasons)
    told = f"today, @data, DATA-12, until {LATER}, from before"
    for room, is_narrow in ((60, True), (200, False), (None, False)):
        for name in ("baseline", "suppressions"):
            monkeypatch.setattr(f"airwarden.commands.{name}.width", lambda room=room: room)
        shown = said("baseline", "show")[1].splitlines()
        assert (shown[1:3] == ["  dags/orders.py  dag orders", f"      {told}"]) == is_narrow
        assert len(shown) == (5 if is_narrow else 4)
        listed = said("suppressions")[1].splitlines()
        assert (listed[1] == f"  dags/orders.py  {ALERT}  dag orders") == is_narrow
        assert len(listed) == (5 if is_narrow else 4)


CELLS = st.text(st.sampled_from("ab é数\n\x1b"), max_size=30)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=5), st.integers(20, 120))
def test_no_cell_of_a_listing_is_lost(rows: list[tuple[str, ...]], room: int) -> None:
    wide = [f"  {line}" for line in columns(rows)]
    assert list(listing(rows, 2, None)) == wide
    lines = list(listing(rows, 2, room))
    assert (lines == wide) or any(width(line) > room for line in wide)
    together = re.sub(r"\s+", "", "".join(lines))
    assert all(re.sub(r"\s+", "", visible(cell)) in together for row in rows for cell in row)


def test_show_lists_rules_that_are_gone_unless_others_are_asked_for(root: Path, said: Said) -> None:
    entry = {"rule": "no-such-rule", "path": "dags/a.py", "subject": "x", "count": 2}
    (root / NAME).write_text(json.dumps({"version": 1, "entries": [entry]}))
    assert said("baseline", "show")[1].startswith(
        "no-such-rule: 2 findings\n  dags/a.py  x  2 times  age unknown\n"
    )
    assert said("baseline", "show", "--select", "alerts")[1] == "0 findings of 0 rules.\n"


def test_a_crash_leaves_the_baseline_as_it_is(
    root: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airwarden.repo import Repo

    def explode(_: Repo, path: str) -> None:
        raise KeyError(path)

    monkeypatch.setattr(Repo, "dag_file", explode)
    code, _, err = said("baseline", "write", "--no-cache")
    assert (code, (root / NAME).exists()) == (2, False)
    assert err.endswith(f"airwarden: {NAME} is left as it is.\n")


def test_fix_leaves_alone_what_the_baseline_has(root: Path, said: Said) -> None:
    (root / "pyproject.toml").write_text(
        '[project]\nname = "x"\nversion = "1"\ndependencies = ["apache-airflow>=3"]\n\n'
        '[tool.airwarden]\nselect = ["provider-not-declared"]\n'
    )
    (root / "dags/orders.py").write_text(
        "from airflow.providers.slack.hooks.slack import SlackHook\n\nhook = SlackHook()\n"
    )
    before = (root / "pyproject.toml").read_text()
    assert said("check", "-q")[0] == 1
    said("baseline", "write")
    assert said("check", "--fix")[0] == 0
    assert (root / "pyproject.toml").read_text() == before
    assert said("check", "--fix", "--no-baseline")[0] == 0
    assert "apache-airflow-providers-slack" in (root / "pyproject.toml").read_text()


def test_later_runs_know_a_baseline_that_has_changed(root: Path, said: Said) -> None:
    said("check", "--cache-dir", "kept")
    said("baseline", "write", "--cache-dir", "kept")
    assert said("check", "-q", "--cache-dir", "kept")[0] == 0
    (root / NAME).unlink()
    assert said("check", "-q", "--cache-dir", "kept")[0] == 1


def test_shards_speak_of_a_file_that_is_gone_once(root: Path, said: Said) -> None:
    said("baseline", "write")
    (root / "dags/orders.py").unlink()
    (root / "dags/new.yaml").write_text("a: 1\n")
    reports = []
    for index in "123":
        said("check", "--shard", f"{index}/3", "--format", "json", "--output", f"{index}.json", "-q")
        reports.append(f"{index}.json")
    whole = said("check", "--format", "json")[1]
    assert [each["rule"] for each in json.loads(whole)["findings"]] == ["unused-baseline-entry"]
    assert said("merge", *reports)[1] == whole


def test_what_is_silenced_is_shown_where_that_is_asked_for(root: Path, said: Said) -> None:
    said("baseline", "write", "--reason", "from before")
    (root / "dags/new.py").write_text(
        ORDERS.replace("orders", "new").replace(")\n", ")  # airwarden: ignore[alerts] known\n")
    )
    assert json.loads(said("check", "--format", "sarif")[1])["runs"][0]["results"] == []
    (run,) = json.loads(said("check", "--show-suppressed", "--format", "sarif")[1])["runs"]
    kinds = [each["suppressions"][0]["kind"] for each in run["results"]]
    assert kinds == ["inSource", "external"]


# suppressions


def test_suppressions_lists_comments_and_entries(root: Path, said: Said) -> None:
    said("baseline", "write", "--reason", "from before")
    comment = f"# airwarden: ignore[alerts] known until={LATER} owner=@sales ticket=DATA-12\n"
    (root / "dags/new.py").write_text(ORDERS.replace("orders", "new").replace("\n\n", f"\n{comment}"))
    (root / "dags/old.py").write_text("import airflow\n\nX = 1  # airwarden: ignore[xcom] until=2020-01-31\n")
    (root / "CODEOWNERS").write_text("dags/orders.py @shop @data\n")
    code, out, _ = said("suppressions")
    assert (code, out.splitlines()) == (
        0,
        [
            "In comments:",
            (
                "  dags/new.py:2  alerts                    age unknown  @sales  DATA-12  "
                f"until {LATER}    known"
            ),
            "  dags/old.py:3  xcom    silences nothing  age unknown                   expired 2020-01-31",
            "",
            "In the baseline:",
            f"  dags/orders.py  {ALERT}  dag orders  today  @shop @data  from before",
            "",
            "3 suppressions of 2 findings, of which 1 has expired.",
        ],
    )
    body = json.loads(said("suppressions", "--format", "json")[1])
    assert [each["line"] for each in body["suppressions"]] == [2, 3, None]
    assert body["suppressions"][0] == {
        "kind": "in-source",
        "rule": "alerts",
        "path": "dags/new.py",
        "line": 2,
        "subject": "",
        "findings": 1,
        "reason": "known",
        "owner": "@sales",
        "ticket": "DATA-12",
        "until": LATER,
        "since": None,
        "age_days": None,
        "expired": False,
    }
    assert said("suppressions", "--fail-on-expired")[0] == 1
    assert said("suppressions", "--fail-on-expired", "dags/new.py")[0] == 0
    assert said("suppressions", "--no-baseline", "dags/orders.py")[1] == "0 suppressions of 0 findings.\n"


@pytest.mark.real
def test_age_and_owner_come_from_git_where_nobody_says_them(
    tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = GitFolder.made(tmp_path / "platform")
    monkeypatch.chdir(git.folder)
    comment = "X = 1  # airwarden: ignore[xcom] known"
    day = date.today() - timedelta(days=40)
    git.environment |= {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_DATE": f"{day}T12:00:00+0000"}
    entry = {"rule": ALERT, "path": "dags/a.py", "subject": "dag orders"}
    baseline = json.dumps({"version": 1, "entries": [entry]})
    git.commit({"dags/a.py": f"{ORDERS}{comment}\n", NAME: baseline, "pyproject.toml": SETTINGS})
    git.write({"dags/a.py": f"{ORDERS}{comment}\n{comment} and new\n"})
    found = json.loads(said("suppressions", "--format", "json")[1])["suppressions"]
    told = [(each["kind"], each["line"], each["owner"], each["since"], each["age_days"]) for each in found]
    assert told == [
        ("baseline", None, "", str(day), 40),
        ("in-source", 4, "Ada", str(day), 40),
        ("in-source", 5, "", None, None),
    ]
