"""What a repository has that airwarden reads, and what it has of pre-commit and CI already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from airwarden import disk
from airwarden.patterns import regex
from airwarden.records import dataclass

if TYPE_CHECKING:
    from airwarden.repo import Repo

Forge = Literal["github", "gitlab"]

_REMOTE = regex(r"^[ \t]*url\s*=\s*\S*?(github|gitlab)", 8)


@dataclass(frozen=True)
class Survey:
    """The paths of what is there, each sorted. `forge` is where the repository is hosted, where that can be
    told.
    """

    dag_files: tuple[str, ...] = ()
    values_files: tuple[str, ...] = ()
    dependency_files: tuple[str, ...] = ()
    forge: Forge | None = None

    def lines(self) -> Iterator[str]:
        """A line for each kind of files, with the folders or names where they stand."""
        for number, noun, paths in (
            (len(self.dag_files), "Python file that Airflow may load", _places(self.dag_files)),
            (len(self.values_files), "file of Helm values", self.values_files),
            (len(self.dependency_files), "dependency file", self.dependency_files),
        ):
            if number:
                yield f"{number:,} {noun if number == 1 else _plural(noun)}: {_some(paths)}"


def survey_of(repo: Repo) -> Survey:
    """Looks at a repository's files, and at where its git remotes are."""
    return Survey(
        dag_files=tuple(path for path in repo.files if repo.is_dag_file(path)),
        values_files=tuple(path for path in repo.files if repo.is_values_file(path) and _is_read(repo, path)),
        dependency_files=tuple(sorted({each.path for each in repo.dependencies.lists})),
        forge=_forge(repo),
    )


def _is_read(repo: Repo, path: str) -> bool:
    from airwarden.source import Unreadable

    try:
        return bool(repo.values_files(path))
    except Unreadable:
        return False


def _forge(repo: Repo) -> Forge | None:
    """GitHub or GitLab, by what stands in the repository or else by its remotes."""
    if any(path.startswith(".github/") for path in repo.files):
        return "github"
    if repo.is_file(".gitlab-ci.yml"):
        return "gitlab"
    try:
        told = disk.text(repo.root / ".git" / "config", "replace")
    except OSError:
        return None
    found = _REMOTE.search(told)
    if found is None:
        return None
    return "github" if found[1] == "github" else "gitlab"


def _places(paths: Sequence[str]) -> list[str]:
    """The folders where files stand, those with the most files first."""
    folders = Counter(str(PurePosixPath(path).parent) for path in paths)
    tops = Counter[str]()
    for folder, number in folders.items():
        tops[_top(folder)] += number
    return [f"{folder}/" if folder != "." else "./" for folder, _ in tops.most_common()]


def _top(folder: str) -> str:
    """The folder called `dags` that a folder stands in, else its first two parts."""
    parts = folder.split("/")
    return "/".join(parts[: parts.index("dags") + 1] if "dags" in parts else parts[:2])


def _some(names: Sequence[str], most: int = 3) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _plural(noun: str) -> str:
    return noun.replace("file", "files")
