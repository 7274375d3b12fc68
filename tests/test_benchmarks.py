from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import corpora, growth, peers, rooms, work
from benchmarks.bench import Bench, Subject, Unmeasured
from benchmarks.clock import TooLong, Usage, exponent, in_turn, median, run
from benchmarks.measures import MEASURES, Measure, Reached
from benchmarks.speed import figure, measured, row, verdict

ROOT = Path(__file__).resolve().parent.parent
NOTHING: dict[str, str] = {}


def usage(cpu: float, code: int = 0) -> Usage:
    return Usage(cpu, 2 * cpu, 10 * cpu, code)


def bench(home: Path, options: frozenset[str] = frozenset()) -> Bench:
    made = Bench(home, None, None, rounds=1, sizes=(10, 100))
    made.__dict__["options"] = options
    return made


def measure(reach: float | Exception, required: float = 1.3, stretch: float = 1.05) -> Measure:
    def reached(_: Bench) -> Reached:
        if isinstance(reach, Exception):
            raise reach
        return Reached(reach, "a note")

    return Measure("name", "own / other", required, stretch, reached, lambda _: Subject((), ROOT))


# The clock


def test_the_median_is_taken_of_each_figure() -> None:
    assert median([usage(1), usage(9), usage(2, code=1)]) == usage(2, code=1)


def test_commands_take_turns() -> None:
    order = []

    def once(name: str) -> Usage:
        order.append(name)
        return usage(len(order))

    taken = in_turn({"a": lambda: once("a"), "b": lambda: once("b")}, 3)
    assert order == ["a", "b"] * 3
    assert (taken["a"].cpu, taken["b"].cpu) == (3, 4)


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_the_exponent_is_that_of_the_growth(power: float) -> None:
    assert exponent({size: 7 * size**power for size in (10, 100, 1_000)}) == pytest.approx(power)


def test_what_child_processes_take_counts(tmp_path: Path) -> None:
    burn = "sum(range(3_000_000)); held = bytearray(90_000_000)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}])"
    idle = run([sys.executable, "-c", "pass"], tmp_path, NOTHING)
    busy = run([sys.executable, "-c", code], tmp_path, NOTHING)
    assert busy.cpu > idle.cpu
    assert busy.peak > 85


def test_output_and_faults_are_kept(tmp_path: Path) -> None:
    code = "import sys; print('out'); sys.exit('fault')"
    done = run([sys.executable, "-c", code], tmp_path, NOTHING, tmp_path / "out", tmp_path / "faults")
    assert done.code == 1
    assert (tmp_path / "out").read_text().strip() == "out"
    assert (tmp_path / "faults").read_text().strip() == "fault"


def test_a_command_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(TooLong):
        run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, NOTHING, patience=0.1)


# The files


def test_paths_are_taken_evenly() -> None:
    paths = [str(number) for number in range(10)]
    assert corpora.spread(paths, 4) == ["0", "2", "5", "7"]
    assert corpora.spread(paths, 99) == paths


def test_a_grown_tree_has_as_many_files_no_two_of_them_alike(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "b.py").write_text("x = 2")
    tree = corpora.grown(tmp_path, ["a.py", "b.py"], 5, tmp_path / "grown")
    texts = [path.read_text() for path in tree.rglob("*.py")]
    assert len(texts) == len(set(texts)) == 5
    assert (tree / "part_002" / "a.py").read_text() == "x = 1\n# copy 2\n"


def test_a_corpus_is_copied_without_what_is_not_checked(tmp_path: Path) -> None:
    for name in ("one/.git/config", "one/node_modules/a.js", "one/dags/a.py"):
        (tmp_path / "corpus" / name).parent.mkdir(parents=True)
        (tmp_path / "corpus" / name).write_text("")
    tree = corpora.copied(tmp_path / "corpus", tmp_path / "tree")
    files = [path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()]
    assert files == ["one/dags/a.py"]


def test_without_a_corpus_own_dag_files_are_measured(tmp_path: Path) -> None:
    tree = corpora.copied(None, tmp_path / "tree")
    assert (tree / "examples/mended/dags/orders.py").is_file()
    assert {path.suffix for path in tree.rglob("*") if path.is_file()} == {".py"}


def test_a_fresh_checkout_holds_the_same_in_other_files(tmp_path: Path) -> None:
    file = tmp_path / "tree" / "dags" / "a.py"
    file.parent.mkdir(parents=True)
    file.write_text("x = 1\n")
    before = file.stat()
    corpora.checked_out_anew(tmp_path / "tree")
    after = file.stat()
    assert file.read_text() == "x = 1\n"
    assert (before.st_ino, before.st_mtime_ns) != (after.st_ino, after.st_mtime_ns)


def test_a_chart_of_airflow_gets_long_values(tmp_path: Path) -> None:
    home = tmp_path / "corpus" / "airflow"
    home.mkdir(parents=True)
    (home / "Chart.yaml").write_text("name: airflow\n")
    (home / "values.schema.json").write_text('{"properties": {"dagProcessor": {}}}')
    (home / "values.yaml").write_text("executor: CeleryExecutor\nenv: []\n")
    chart = corpora.chart_in(tmp_path / "corpus")
    assert chart is not None
    made = corpora.long_chart(chart, tmp_path / "long", lines=400)
    assert made is not None
    assert abs((made / "values.yaml").read_text().count("\n") - 400) <= 2


def test_a_chart_of_something_else_is_none(tmp_path: Path) -> None:
    for name, text in (("Chart.yaml", ""), ("values.yaml", ""), ("values.schema.json", "{}")):
        (tmp_path / name).write_text(text)
    assert corpora.chart_in(tmp_path) is None


# The table


@pytest.mark.parametrize(
    ("reached", "expected"), [(1.0, "yes, and the stretch"), (1.3, "yes"), (1.3001, "yes"), (1.31, "**no**")]
)
def test_a_figure_is_judged_as_it_is_shown(reached: float, expected: str) -> None:
    assert verdict(measure(reached), reached) == expected


@pytest.mark.parametrize(("value", "expected"), [(0.0, "0"), (0.0316, "0.032"), (1.3, "1.30"), (3, "3")])
def test_a_figure_has_as_many_digits_as_it_is_worth(value: float, expected: str) -> None:
    assert figure(value) == expected


def test_a_row_holds_its_cells_whatever_they_are() -> None:
    assert row(("a|b", 1)) == r"| a\|b | 1 |"


def test_a_measure_is_a_row_whether_it_was_taken_or_not(tmp_path: Path) -> None:
    taken = measured(measure(2.0), bench(tmp_path))
    assert taken == "| `name` | own / other | 1.30 | 1.05 | 2 | **no** | a note |"
    lacking = measured(measure(Unmeasured("not yet")), bench(tmp_path))
    assert lacking == "| `name` | own / other | 1.30 | 1.05 | - | - | not yet |"


def test_every_measure_is_explained() -> None:
    names = [each.name for each in MEASURES]
    page = (ROOT / "docs" / "speed.md").read_text("utf-8")
    assert len(set(names)) == len(names)
    assert not [name for name in names if f"`{name}`" not in page]


# The runs


def test_options_are_given_only_where_there_are_such(tmp_path: Path) -> None:
    everything = frozenset({"--jobs", "--no-cache", "--cache-dir"})
    assert bench(tmp_path).flags() == ()
    assert bench(tmp_path, everything).flags() == ("--jobs", "1", "--no-cache")
    assert bench(tmp_path, everything).flags(2, Path("c")) == ("--jobs", "2", "--cache-dir", "c")


def test_a_measure_that_needs_an_option_says_which(tmp_path: Path) -> None:
    with pytest.raises(Unmeasured, match="not yet: no option --jobs"):
        bench(tmp_path).need("--jobs")


def test_what_could_not_be_taken_is_not_tried_again(tmp_path: Path) -> None:
    tried = []

    def fail() -> int:
        tried.append(1)
        raise Unmeasured("why")

    here = bench(tmp_path)
    for _ in range(2):
        with pytest.raises(Unmeasured):
            here.once("it", fail)
    assert tried == [1]


def test_a_tool_that_does_not_install_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "BENCH", tmp_path)
    peer = peers.Peer("one", ("one", "."), "nothing")
    assert "make bench-peers" in peer.lacking
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "failed").write_text("no such version")
    assert peer.lacking == "does not install: no such version"


def test_other_tools_get_no_network() -> None:
    given = peers.offline({"PYTHONPATH": "x", "LANG": "C"}, Path("home"))
    assert "PYTHONPATH" not in given
    assert given["LANG"] == "C"
    assert given["HTTPS_PROXY"].startswith("http://127.0.0.1")


# How the cost grows


def test_the_growth_of_an_input_is_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert growth.main(["--only", "brackets", "--sizes", "2"]) == 0
    _, _, told = capsys.readouterr().out.splitlines()
    name, sizes, seconds, power, peak, said = (cell.strip() for cell in told.strip("|").split("|"))
    assert (name, sizes, power, said) == ("brackets", "2", "-", "")
    assert float(seconds) >= 0
    assert int(peak) > 0


def test_a_check_that_takes_too_long_ends_the_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert growth.main(["--only", "lines", "--sizes", "20000,40000", "--limit", "1"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "| lines | 20,000 | - | - | - | **> 1 s** |"


@pytest.mark.parametrize(("power", "shown"), [(1.0, "1.00"), (2.0, "2.00")])
def test_a_power_is_told_of_what_takes_long_enough(power: float, shown: str) -> None:
    points = {size: size**power / 10 for size in (1, 2, 4)}
    assert growth.power(points) == shown
    assert growth.power({size: seconds / 100 for size, seconds in points.items()}) == "-"


def test_what_was_not_judged_is_told_before_what_was_found(tmp_path: Path) -> None:
    faults, report = tmp_path / "faults", tmp_path / "report"
    faults.write_text("")
    report.write_text(json.dumps({"findings": [{"rule": rule} for rule in ("xcom", "too-deep", "xcom")]}))
    assert growth.told(1, report, faults) == "`too-deep`, 2 found"
    faults.write_text("a rule\nfailed\n")
    assert growth.told(2, report, faults) == "**ended with 2**: a rule failed"


def test_inputs_are_the_same_each_time_and_grow() -> None:
    for make, _ in growth.INPUTS.values():
        assert make(3) == make(3)
        assert make(3) != make(9)


def test_an_input_that_there_is_not_is_told() -> None:
    with pytest.raises(SystemExit, match=r"no input bracket \[\]; --list"):
        growth.main(["--only", "bracket []"])


# What explains


def test_time_is_added_up_by_room() -> None:
    imports, rule = "/x/linter/airwarden/needs/imports.py", "/x/rules/xcom/dataframe_in_xcom.py"
    stats: dict[rooms.Function, tuple[Any, ...]] = {
        (imports, 1, "a"): (1, 1, 3.0, 3.0, {}),
        (imports, 9, "b"): (1, 1, 1.0, 1.0, {}),
        (rule, 1, "c"): (1, 1, 2.0, 2.0, {}),
        ("/x/site-packages/libcst/_nodes/base.py", 1, "d"): (1, 1, 1.0, 1.0, {}),
        ("/x/lib/python3.11/pathlib.py", 1, "e"): (1, 1, 0.5, 0.5, {}),
        ("~", 0, "<len>"): (1, 1, 0.5, 0.5, {(rule, 1, "c"): (1, 1, 0.5, 0.5)}),
    }
    shares = dict(rooms.shares(stats))
    assert shares["airwarden.needs.imports"] == 0.5
    assert shares["rules/xcom"] == 2.5 / 8
    assert shares["libcst"] == 0.125
    assert shares["(pathlib)"] == 0.0625


# Where things stand


TEXT = b'call(a, "b c d")  # note\nx = 1\n'


@pytest.mark.parametrize(
    ("start", "end", "kind"),
    [
        ((1, 0), (1, 16), "a node's"),
        ((1, 11), (1, 12), "in a text"),
        ((1, 18), (1, 24), "in a comment"),
        ((1, 5), (1, 15), "from node to node"),
        ((1, 1), (1, 3), "wrong"),
    ],
)
def test_a_region_is_of_a_kind(start: work.Place, end: work.Place, kind: str) -> None:
    assert work.Known(TEXT).kind((start, end)) == kind


def test_regions_that_stand_wrong_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.py").write_bytes(TEXT)
    right = {"path": "a.py", "line": 2, "column": 1, "end_line": 2, "end_column": 6}
    wrong = {**right, "column": 2}
    (tmp_path / "report.json").write_text(json.dumps({"findings": [{**right, "related": [wrong]}]}))
    work.positions(str(tmp_path), str(tmp_path / "report.json"))
    assert json.loads(capsys.readouterr().out) == {
        "kinds": {"a node's": 1, "wrong": 1},
        "wrong": ["a.py:2:2"],
    }
