"""Fixes: which are made together, what is written, and what is shown of it."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from airwarden import fixer
from airwarden.cli import main
from airwarden.dependencies.additions import added
from airwarden.findings import Edit, Finding, Fix, Region
from airwarden.fixer import Unwritable, diff, foreseen, mended, write, write_all
from airwarden.repo import Repo
from airwarden.report import Report
from airwarden.source import Source, encoded

from tests.conftest import MakeRepository

TWO = "x = 1\ny = 2\n"


def finding(path: str, *edits: tuple[int, int, str], safe: bool = True, subject: str = "") -> Finding:
    """A finding whose fix has edits on the first line: from column, to column, text."""
    changes = tuple(Edit(Region(path, 1, start, 1, end), text) for start, end, text in edits)
    region = Region(path, 1, 1, 1, 2)
    fix = Fix("mend it", changes, safe)
    return Finding("some-rule", "hygiene", "error", region, "is bad", "mend it", fix=fix, subject=subject)


def once(root: Path, *findings: Finding) -> fixer.Mended:
    """What the fixes of some findings make of a repository, where the next check finds nothing more."""
    reports = iter([Report(str(root), findings)])
    return mended(Repo(root), lambda _: next(reports, Report(str(root), ())))


# What is chosen


def test_fixes_that_fit_together_are_all_made(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": TWO})
    result = once(root, finding("dags/a.py", (1, 2, "z")), finding("dags/a.py", (5, 6, "3")))
    assert (root / "dags/a.py").read_text() == "z = 3\ny = 2\n"
    assert len(result.fixed) == 2
    assert result.withheld == []


def test_of_fixes_that_overlap_the_first_is_made(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": TWO})
    result = once(root, finding("dags/a.py", (5, 6, "3")), finding("dags/a.py", (1, 6, "z = 4")))
    assert (root / "dags/a.py").read_text() == "x = 3\ny = 2\n"
    assert len(result.fixed) == 1


def test_a_fix_whose_own_edits_overlap_is_withheld(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": TWO})
    result = once(root, finding("dags/a.py", (1, 3, "z"), (2, 6, "3")))
    assert [each.reason for each in result.withheld] == ["its own edits overlap"]
    assert (root / "dags/a.py").read_text() == TWO


def test_an_edit_that_two_fixes_share_is_made_once(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": TWO})
    same = finding("dags/a.py", (1, 1, "import b; ")), finding("dags/a.py", (1, 1, "import b; "), (1, 2, "z"))
    result = once(root, *same)
    assert (root / "dags/a.py").read_text() == "import b; z = 1\ny = 2\n"
    assert len(result.fixed) == 2


def test_texts_put_in_at_one_place_are_sorted(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": TWO})
    once(root, finding("dags/a.py", (1, 1, "b = 0; ")), finding("dags/a.py", (1, 1, "a = 0; ")))
    assert (root / "dags/a.py").read_text() == "a = 0; b = 0; x = 1\ny = 2\n"


def test_a_fix_that_is_not_safe_is_not_made(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": TWO})
    assert once(root, finding("dags/a.py", (1, 2, "z"), safe=False)).fixed == []
    assert (root / "dags/a.py").read_text() == TWO


def test_one_that_is_not_safe_is_made_where_that_is_asked_for(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": TWO})
    found = finding("dags/a.py", (1, 2, "z"), safe=False), finding("dags/a.py", (1, 6, "w = 3"))
    reports = iter([Report(str(root), found)])
    result = mended(Repo(root), lambda _: next(reports, Report(str(root), ())), unsafe=True)
    assert (root / "dags/a.py").read_text() == "w = 3\ny = 2\n", "the safe one goes first"
    assert result.by_rule == {"some-rule": 1}


def test_many_fixes_at_one_place_are_all_made_in_the_end(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": TWO})
    every = [
        finding("dags/a.py", (1, 1, f"from m{number} import x; "), subject=f"m{number}")
        for number in range(30)
    ]

    def look(repo: Repo) -> Report:
        text = repo.source("dags/a.py").text
        return Report(str(root), tuple(each for each in every if f"{each.subject} " not in text))

    result = mended(Repo(root), look)
    assert len(result.fixed) == 30
    assert (root / "dags/a.py").read_text().count("import x;") == 30


@pytest.mark.parametrize(
    ("path", "text", "bad"),
    [
        ("dags/a.py", "x = 1\n", "("),
        ("pyproject.toml", 'x = "1"\n', "("),
        ("values.yaml", "x: 1\n", "{"),
        ("values.yaml", "x: 1\n", "\ny: 1\ny: "),
        ("values.yaml", "x: {y: 1, y: 2}\n", "{}\ny: {}\ny: "),
    ],
)
def test_a_fix_that_makes_a_file_unreadable_is_withheld(
    path: str, text: str, bad: str, make_repository: MakeRepository
) -> None:
    root = make_repository({path: text})
    good = finding(path, (1, 2, "z"), subject="good")
    result = once(root, finding(path, (4, 4, bad)), good)
    assert (root / path).read_text() == f"z{text[1:]}"
    assert result.fixed == [good]


def test_what_was_unreadable_before_may_be_fixed(make_repository: MakeRepository) -> None:
    root = make_repository({"values.yaml": "x: {{ .Values.x\n"})
    assert len(once(root, finding("values.yaml", (1, 2, "z"))).fixed) == 1


def test_withheld_fixes_are_told_of(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": "x = 1\n"})
    bad = finding("dags/a.py", (4, 4, "("))
    result = foreseen(Repo(root), lambda _: Report(str(root), (bad,)))
    assert list(map(str, result.withheld)) == [
        "dags/a.py:1: the fix of some-rule is not made: the file could not be read any more"
    ]
    assert (result.fixed, result.new) == ([], {})


def test_a_fix_that_does_not_help_is_made_once(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": TWO})
    result = mended(Repo(root), lambda _: Report(str(root), (finding("dags/a.py", (1, 1, "a")),)))
    assert (root / "dags/a.py").read_text() == f"a{TWO}"
    assert [each.reason for each in result.withheld] == ["it does not help"]


def test_a_fix_that_has_to_wait_is_made_in_the_next_round(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": TWO})
    first = finding("dags/a.py", (5, 6, "3"), subject="first")
    second = finding("dags/a.py", (1, 6, "z = 4"), subject="second")
    reports = iter([(first, second), (second,), ()])
    result = mended(Repo(root), lambda _: Report(str(root), next(reports)))
    assert (root / "dags/a.py").read_text() == "z = 4\ny = 2\n"
    assert result.fixed == [first, second]
    assert result.withheld == []


@pytest.mark.parametrize("listed", ["apache-airflow\n", "", "zstd\napache-airflow"])
def test_one_distribution_is_not_added_twice(listed: str, make_repository: MakeRepository) -> None:
    root = make_repository({"requirements.txt": listed})
    source = Source("requirements.txt", listed)
    found = [
        Finding(
            *("r", "providers", "error", Region("dags/a.py", 1, 1, 1, 2), "m", "m"),
            fix=Fix("add it", added(source, name), safe=True),
        )
        for name in ("apache-airflow-providers-slack", "apache-airflow-providers-slack>=8.6")
    ]
    assert len(once(root, *found).fixed) == 1
    assert (root / "requirements.txt").read_text().count("slack") == 1
    assert "slack>=8.6" in (root / "requirements.txt").read_text()


def test_a_fix_in_several_files_is_made_in_all_or_none(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": TWO, "dags/b.py": TWO})
    edits = tuple(
        Edit(Region(path, 1, 1, 1, 2), new) for path, new in (("dags/a.py", "z"), ("dags/b.py", "("))
    )
    both = Finding(
        "r", "hygiene", "error", Region("dags/a.py", 1, 1, 1, 2), "m", "m", fix=Fix("f", edits, True)
    )
    assert once(root, both).fixed == []
    assert (root / "dags/a.py").read_text() == (root / "dags/b.py").read_text() == TWO


def test_requirements_for_several_findings_go_in_together(make_repository: MakeRepository) -> None:
    text = '[project]\nname = "x"\ndependencies = [\n  "apache-airflow"\n]\n'
    root = make_repository({"pyproject.toml": text, "dags/a.py": TWO})
    names = [f"apache-airflow-providers-{name}" for name in ("slack", "amazon", "slack")]
    source = Source("pyproject.toml", text)
    found = [
        Finding(
            *("r", "providers", "error", Region("dags/a.py", 1, 1, 1, 2), "m", "m"),
            fix=Fix("add it", added(source, name), safe=True),
        )
        for name in names
    ]
    assert len(once(root, *found).fixed) == 3
    expected = text.replace('airflow"\n', f'airflow",\n  "{names[1]}",\n  "{names[0]}"\n')
    assert (root / "pyproject.toml").read_text() == expected


# What is written


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        ("dags/a.py", b"x = 1\r\ny = 2\r\n", b"z = 1\r\ny = 2\r\n"),
        ("dags/a.py", b"\xef\xbb\xbfx = 1\n", b"\xef\xbb\xbfz = 1\n"),
        ("dags/a.py", b"# coding: latin-1\n# \xe4\n", b"#zcoding: latin-1\n# \xe4\n"),
        ("values.yaml", "\ufeffx: ä\r".encode("utf-16-le"), "\ufeffz: ä\r".encode("utf-16-le")),
        ("values.yaml", "\ufeffx: ä\r".encode("utf-16-be"), "\ufeffz: ä\r".encode("utf-16-be")),
        ("values.yaml", "x: \U0001f600".encode(), "z: \U0001f600".encode()),
    ],
)
def test_a_file_keeps_its_encoding_and_line_ends(
    path: str, data: bytes, expected: bytes, make_repository: MakeRepository
) -> None:
    root = make_repository({path: ""})
    (root / path).write_bytes(data)
    column = 2 if data.startswith(b"# ") else 1
    assert len(once(root, finding(path, (column, column + 1, "z"))).fixed) == 1
    assert (root / path).read_bytes() == expected


def test_a_character_that_the_encoding_lacks_is_not_written(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": "# coding: latin-1\n"})
    result = once(root, finding("dags/a.py", (1, 1, "# \u2603 ")))
    assert [each.reason for each in result.withheld] == ["dags/a.py can't be written in its own encoding"]
    assert (root / "dags/a.py").read_text() == "# coding: latin-1\n"


def test_what_does_not_come_back_is_not_written() -> None:
    assert encoded("a.py", b"# coding: utf-7\n+AGE-", "x") is None
    assert encoded("a.py", b"# coding: nonsense\n", "x") is None
    assert encoded("a.yaml", b"\xff", "x") is None


def test_a_file_keeps_its_mode(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": TWO})
    (root / "dags/a.py").chmod(0o750)
    once(root, finding("dags/a.py", (1, 2, "z")))
    assert stat.S_IMODE((root / "dags/a.py").stat().st_mode) == 0o750
    assert list((root / "dags").iterdir()) == [root / "dags/a.py"]


@pytest.mark.parametrize("target", ["../outside.py", "b.py"])
def test_a_link_is_not_followed(target: str, make_repository: MakeRepository, tmp_path: Path) -> None:
    root = make_repository({"repo/.git/x": "", "outside.py": TWO, "repo/b.py": TWO}) / "repo"
    (root / "a.py").symlink_to(target)
    result = once(root, finding("a.py", (1, 2, "z")))
    assert result.fixed == []
    assert (root / "a.py").is_symlink()
    assert (tmp_path / "outside.py").read_text() == (root / "b.py").read_text() == TWO


@pytest.mark.parametrize("path", ["../outside.py", "/etc/hostname", "dags/../../outside.py", "ignored/a.py"])
def test_what_is_not_checked_is_not_written(path: str, make_repository: MakeRepository) -> None:
    files = {"outside.py": TWO, "repo/.gitignore": "ignored\n", "repo/ignored/a.py": TWO}
    root = make_repository(files) / "repo"
    result = foreseen(Repo(root), lambda _: Report(str(root), (finding(path, (1, 2, "z")),)))
    assert [each.reason for each in result.withheld] == [f"{path} is none of the files to check"]
    assert once(root, finding(path, (1, 2, "z"))).fixed == []


def test_a_folder_that_has_become_a_link_is_not_written_through(make_repository: MakeRepository) -> None:
    root = make_repository({"outside/a.py": TWO, "repo/dags/a.py": TWO}) / "repo"
    repo = Repo(root)
    old = repo.source("dags/a.py")
    (root / "dags/a.py").unlink()
    (root / "dags").rmdir()
    (root / "dags").symlink_to("../outside")
    with pytest.raises(Unwritable, match="has changed"):
        write(repo.root, old, Source("dags/a.py", "z"))
    assert (root.parent / "outside/a.py").read_text() == TWO


def test_a_file_of_two_names_is_not_torn_from_the_other(make_repository: MakeRepository) -> None:
    root = make_repository({"repo/.git/x": "", "outside.py": TWO}) / "repo"
    os.link(root.parent / "outside.py", root / "a.py")
    old = Repo(root).source("a.py")
    result = once(root, finding("a.py", (1, 2, "z")))
    assert [each.reason for each in result.withheld] == ["a.py has another name, a hard link"]
    with pytest.raises(Unwritable, match="hard link"):
        write(root, old, Source("a.py", "z"))
    assert (root / "a.py").read_text() == TWO


def test_a_file_keeps_its_attributes_and_tells_that_it_has_changed(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": TWO})
    file = root / "dags/a.py"
    try:
        os.setxattr(file, "user.note", b"mine")
    except (AttributeError, OSError):
        pytest.skip("no extended attributes here")
    os.utime(file, (1, 1))
    once(root, finding("dags/a.py", (1, 2, "z")))
    assert os.getxattr(file, "user.note") == b"mine"
    assert file.stat().st_mtime > 1


def test_a_file_with_the_longest_of_names_is_written(make_repository: MakeRepository) -> None:
    path = f"dags/{'a' * 252}.py"
    root = make_repository({path: TWO})
    once(root, finding(path, (1, 2, "z")))
    assert (root / path).read_text() == "z = 1\ny = 2\n"


def test_a_file_that_somebody_else_changes_is_left_alone(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": TWO})
    old = Repo(root).source("dags/a.py")
    (root / "dags/a.py").write_text("mine\n")
    with pytest.raises(Unwritable, match="has changed"):
        write(root, old, Source("dags/a.py", "z"))
    assert (root / "dags/a.py").read_text() == "mine\n"


@pytest.mark.parametrize("step", ["fdopen", "fsync", "utime", "replace", "copystat"])
def test_a_write_that_fails_leaves_the_old_file(
    step: str, make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_repository({"dags/a.py": TWO})

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    homes = {"replace": Path, "copystat": shutil}
    monkeypatch.setattr(homes.get(step, os), step, full)
    with pytest.raises(Unwritable, match="No space left"):
        once(root, finding("dags/a.py", (1, 2, "z")))
    assert (root / "dags/a.py").read_text() == TWO
    assert list((root / "dags").iterdir()) == [root / "dags/a.py"]


TWO_FILES = {"dags/a.py": TWO, "dags/b.py": TWO}


def test_nothing_is_written_where_one_file_cannot_be(make_repository: MakeRepository) -> None:
    root = make_repository(TWO_FILES)
    repo = Repo(root)
    texts = [(repo.source(path), Source(path, "z = 1\n")) for path in TWO_FILES]
    (root / "dags/b.py").write_text("mine\n")
    with pytest.raises(Unwritable, match=r"^dags/b.py: has changed while it was checked$"):
        write_all(root, texts, [])
    assert (root / "dags/a.py").read_text() == TWO


def test_a_failure_in_between_tells_what_was_written(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_repository(TWO_FILES)
    results = iter([None])

    def full(_: int) -> None:
        if next(results, 1):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unwritable, match=r"^dags/b.py: .*device; written before that: dags/a.py$"):
        once(root, *(finding(path, (1, 2, "z")) for path in TWO_FILES))
    assert (root / "dags/b.py").read_text() == TWO


def test_a_read_only_file_is_left_alone(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_repository({"dags/a.py": TWO})
    monkeypatch.setattr(os, "access", lambda *_: False)
    result = foreseen(Repo(root), lambda _: Report(str(root), (finding("dags/a.py", (1, 2, "z")),)))
    assert [each.reason for each in result.withheld] == ["dags/a.py is read-only"]


# What is shown


def shown(old: str, new: str, *secrets: str) -> tuple[str, int]:
    found = diff({"a": Source("a", old)}, {"a": Source("a", new)}, {"a": secrets})
    return found.text, found.left_out


def test_a_diff_is_unified() -> None:
    open_end = "\\ No newline at end of file\n"
    assert shown("1\n2\n3", "1\n2\n4") == (
        f"--- a/a\n+++ b/a\n@@ -1,3 +1,3 @@\n 1\n 2\n-3\n{open_end}+4\n{open_end}",
        0,
    )
    assert shown("1\r\n\x0c\r\n", "2\r\n\x0c\r\n")[0].endswith("-1\r\n+2\r\n \x0c\r\n")


NUMBERS = "".join(f"{number}\n" for number in range(30))


def test_a_hunk_that_would_show_a_secret_is_left_out() -> None:
    old = f"a\nhunter2\n{NUMBERS}b\n"
    text, left_out = shown(old, old.replace("a\n", "A\n").replace("b\n", "B\n"), "hunter2")
    assert left_out == 1
    assert "hunter2" not in text
    assert "+B\n" in text
    assert "+A\n" not in text


def test_nor_is_a_part_of_a_secret_shown() -> None:
    key = "".join(f"key-part-{number}\n" for number in range(30))
    old = f"a\n{key}b\n"
    assert shown(old, old.replace("b\n", "B\n"), key) == ("", 1)


def test_nor_is_what_looks_like_one() -> None:
    old = "a\nurl: https://user:Xk29fjQ0pLm7@example.org/\n"
    assert shown(old, old.replace("a\n", "A\n")) == ("", 1)


# The command line

CONFIG = """\
[core]
executor = LocalExecutor
xcom_backend = airflow.providers.common.io.xcom.backend.XComObjectStorageBackend

[common.io]
xcom_objectstorage_path = file:///opt/xcoms
xcom_objectstorage_threshold = 1048576
xcom_objectstorage_compression = gz
"""
FIXABLE = {"airflow.cfg": CONFIG}
MENDED = CONFIG.replace("= gz", "= gzip")
SELECT = ("--select", "xcom")
BROKEN = {"dags/bad.py": "import airflow\nx = (\n"}


@pytest.fixture
def repository(make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    for name in [name for name in os.environ if name.startswith("GITHUB_")]:
        monkeypatch.delenv(name)

    def make(*files: Mapping[str, str]) -> Path:
        root = make_repository({path: text for part in files for path, text in part.items()})
        monkeypatch.chdir(root)
        return root

    return make


def test_fix_mends_and_says_how_much(
    repository: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository(FIXABLE)
    assert main(["check", *SELECT]) == 1
    assert "Fixed" not in capsys.readouterr().out
    assert main(["check", *SELECT, "--fix"]) == 0
    said = capsys.readouterr()
    assert said.out.endswith("\nFixed 1 finding in airflow.cfg: xcom-compression-unsupported.\n")
    assert said.out.startswith("No findings")
    assert said.err == ""
    assert (root / "airflow.cfg").read_text() == MENDED
    assert main(["check", *SELECT, "--fix"]) == 0
    assert "Fixed" not in capsys.readouterr().out


def test_the_exit_code_is_that_of_what_remains(repository: Callable[..., Path]) -> None:
    repository(FIXABLE, BROKEN)
    assert main(["check", "--select", "xcom,hygiene", "--fix"]) == 1
    assert main(["check", "--select", "xcom,hygiene", "--fix", "airflow.cfg"]) == 0


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_what_machines_read_has_the_report_alone(
    form: str, repository: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    repository(FIXABLE)
    assert main(["check", *SELECT, "--fix", "--format", form]) == 0
    said = capsys.readouterr()
    assert said.err == "airwarden: Fixed 1 finding in airflow.cfg: xcom-compression-unsupported.\n"
    assert "Fixed" not in said.out
    assert form == "github" or json.loads(said.out)


def test_diff_shows_and_changes_nothing(
    repository: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository(FIXABLE)
    assert main(["check", *SELECT, "--diff"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[:2] == ["--- a/airflow.cfg", "+++ b/airflow.cfg"]
    assert said.out.splitlines()[-1] == "+xcom_objectstorage_compression = gzip"
    would = "--fix would mend 1 finding in airflow.cfg: xcom-compression-unsupported"
    assert said.err == f"airwarden: {would}. Then: No findings: 1 file checked.\n"
    assert (root / "airflow.cfg").read_text() == CONFIG
    assert main(["check", *SELECT, "--fix", "-q"]) == 0
    assert main(["check", *SELECT, "--diff", "-q"]) == 0
    assert capsys.readouterr().out.count("---") == 0


def test_a_diff_can_be_applied(repository: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    root = repository({"airflow.cfg": CONFIG.replace("\n", "\r\n").rstrip()})
    main(["check", *SELECT, "--diff"])
    patch = root.parent / "fix.patch"
    patch.write_bytes(capsys.readouterr().out.encode())
    subprocess.run(["patch", "-p1", "--binary", "-i", str(patch)], cwd=root, check=True, capture_output=True)
    assert (root / "airflow.cfg").read_bytes().decode() == MENDED.replace("\n", "\r\n").rstrip()


def test_a_diff_shows_no_secret_even_where_nobody_asks_for_secrets(
    repository: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "Xk29fjQ0pLm7vR"
    repository({"airflow.cfg": f"{CONFIG}\n[smtp]\nsmtp_password = {secret}\n"})
    assert main(["check", *SELECT, "--diff"]) == 1
    said = capsys.readouterr()
    assert secret not in said.out + said.err
    assert "1 hunk would show a secret and is left out" in said.err


def test_fix_beside_diff_changes_nothing(
    repository: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository(FIXABLE)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert main(["check", "--fix", "--diff"]) == 1
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert "--fix would mend" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_a_failure(
    repository: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository(FIXABLE)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert main(["check", *SELECT, "--fix"]) == 2
    assert capsys.readouterr().err == "airwarden: airflow.cfg: cannot be written: No space left on device\n"


UNSAFE = {"values.yaml": "executor: KubernetesExecutor\nfernetKeySecretname: own\n"}


def test_unsafe_fixes_are_told_of_shown_and_made(
    repository: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository(UNSAFE)
    select = ("--select", "chart-key-misspelt", "--fail-on", "warning")
    assert main(["check", *select, "--fix"]) == 1
    told = "airwarden check --fix --unsafe-fixes  mends 1 finding, to be looked at"
    assert told in capsys.readouterr().out
    assert main(["check", *select, "--diff", "--unsafe-fixes"]) == 1
    said = capsys.readouterr()
    assert "+fernetKeySecretName: own" in said.out
    assert "--fix --unsafe-fixes would mend 1 finding in values.yaml: chart-key-misspelt. Then:" in said.err
    assert (root / "values.yaml").read_text() == UNSAFE["values.yaml"]
    assert main(["check", *select, "--fix", "--unsafe-fixes"]) == 0
    assert (root / "values.yaml").read_text().endswith("fernetKeySecretName: own\n")


def test_unsafe_fixes_alone_say_nothing_of_what_to_do(
    repository: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    repository(UNSAFE)
    assert main(["check", "--unsafe-fixes"]) == 2
    assert "--fix makes them, --diff shows them" in capsys.readouterr().err


LOCAL_HOOK = """\
repos:
- repo: local
  hooks:
  - id: airwarden
    name: airwarden
    language: system
    entry: '{python} -m airwarden check'
    args: [--fix, --select, xcom]
"""


@pytest.mark.real
def test_a_commit_that_the_hook_mends_has_to_be_made_again(repository: Callable[..., Path]) -> None:
    root = repository(FIXABLE, {".pre-commit-config.yaml": LOCAL_HOOK.format(python=sys.executable)})
    (root / ".git").rmdir()
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "add", "."], check=True)
    command = [sys.executable, "-m", "pre_commit", "run", "--files", "airflow.cfg"]
    first = subprocess.run(command, capture_output=True, text=True, check=False)
    assert first.returncode == 1
    assert "files were modified by this hook" in first.stdout
    assert (root / "airflow.cfg").read_text() == MENDED
    subprocess.run(["git", "add", "."], check=True)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


SLACK_DAG = "from airflow.providers.slack.hooks.slack import SlackHook\n"
AMAZON_DAG = f"from airflow.providers.amazon.aws.hooks.s3 import S3Hook\n{SLACK_DAG}"
DEPENDENCIES = (
    '[project]\nname = "x"\ndependencies = [\n  "apache-airflow==3.1.8",\n  "pandas",  # frames\n]\n'
)


def test_a_dag_writes_what_it_needs_into_the_dependencies(
    repository: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    dags = {"dags/a.py": SLACK_DAG, "dags/b.py": AMAZON_DAG, "dags/c.py": SLACK_DAG}
    root = repository(dags, {"pyproject.toml": DEPENDENCIES})
    select = ("--select", "provider-not-declared")
    assert main(["check", *select, "--fix", "dags/a.py"]) == 0
    line = '  "apache-airflow-providers-{}",\n'
    slack = DEPENDENCIES.replace('  "pandas', f'{line.format("slack")}  "pandas')
    assert (root / "pyproject.toml").read_text() == slack
    assert capsys.readouterr().out.endswith("Fixed 1 finding in pyproject.toml: provider-not-declared.\n")
    (root / "pyproject.toml").write_text(DEPENDENCIES)
    assert main(["check", *select, "--fix"]) == 0
    both = slack.replace('  "apache-airflow-providers', f'{line.format("amazon")}  "apache-airflow-providers')
    assert (root / "pyproject.toml").read_text() == both
    assert capsys.readouterr().out.endswith(
        "Fixed 4 findings in pyproject.toml: provider-not-declared (4).\n"
    )


def test_a_lock_file_is_to_be_locked_again(
    repository: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    lists = {"pyproject.toml": DEPENDENCIES, "uv.lock": "version = 1\n"}
    root = repository({"dags/orders.py": SLACK_DAG}, lists)
    main(["check", "--select", "provider-not-declared", "--diff"])
    assert "now run" not in capsys.readouterr().err
    main(["check", "--select", "provider-not-declared", "--fix"])
    assert "airwarden: now run `uv lock`\n" in capsys.readouterr().err
    (root / "uv.lock").unlink()
    (root / "pyproject.toml").write_text(DEPENDENCIES)
    main(["check", "--select", "provider-not-declared", "--fix"])
    assert "now run" not in capsys.readouterr().err
