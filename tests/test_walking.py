"""Which files are the repository's, and what of an earlier walk is heeded."""

from __future__ import annotations

from pathlib import Path

from airwarden.walking import Decisions, Walk


def walked(root: Path, earlier: Decisions | None = None) -> tuple[list[str], Decisions]:
    walk = Walk(root, lambda path: (root / path).read_text("utf-8"), earlier=earlier)
    return sorted(walk.files()), walk.decisions


def write(root: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_what_was_decided_is_what_would_be_decided(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{".gitignore": "*.log\n/build/\n", "a.py": "", "b.log": "", "build__c.py": "", "d__e.py": ""},
    )
    files, decisions = walked(tmp_path)
    assert files == [".gitignore", "a.py", "d/e.py"]
    assert walked(tmp_path, decisions) == (files, decisions)


def test_a_changed_ignore_file_counts_for_all_below_it(tmp_path: Path) -> None:
    write(tmp_path, **{".gitignore": "*.log\n", "a.log": "", "b__c.log": "", "b__d.py": ""})
    _, decisions = walked(tmp_path)
    write(tmp_path, **{".gitignore": "d.py\n"})
    assert walked(tmp_path, decisions)[0] == [".gitignore", "a.log", "b/c.log"]
    (tmp_path / ".gitignore").unlink()
    assert walked(tmp_path, decisions)[0] == ["a.log", "b/c.log", "b/d.py"]


def test_a_new_ignore_file_counts_in_its_folder_alone(tmp_path: Path) -> None:
    write(tmp_path, **{"a.log": "", "b__c.log": "", "b__inner__d.log": ""})
    _, decisions = walked(tmp_path)
    write(tmp_path, **{"b__.gitignore": "*.log\n"})
    assert walked(tmp_path, decisions)[0] == ["a.log", "b/.gitignore"]


def test_what_is_new_is_decided_afresh(tmp_path: Path) -> None:
    write(tmp_path, **{".gitignore": "*.log\n", "a.py": ""})
    _, decisions = walked(tmp_path)
    write(tmp_path, **{"new.log": "", "new.py": ""})
    assert walked(tmp_path, decisions)[0] == [".gitignore", "a.py", "new.py"]


def test_a_pattern_that_means_nothing_leaves_nothing_out(tmp_path: Path) -> None:
    write(tmp_path, **{".gitignore": "[z-a]\n\\#\\\n[[:alpha:]]\n*.log\n", "a.log": "", "b.py": ""})
    assert walked(tmp_path)[0] == [".gitignore", "b.py"]
