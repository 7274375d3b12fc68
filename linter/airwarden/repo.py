"""Repo: which file of a repository is what, and whatever needs more than one file."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from airwarden.config import Config
from airwarden.source import Source, Unreadable

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from airwarden.dag import DagFile
    from airwarden.dependencies.effective import Dependencies
    from airwarden.values import Chart, ValuesFile

_T = TypeVar("_T")

_NEVER_OURS = frozenset(
    {
        *(".git", ".hg", ".svn", ".terraform", ".tox", ".nox", ".venv", "venv"),
        *("node_modules", "site-packages", "__pycache__"),
    }
)
_TEST_FOLDERS = frozenset({"test", "tests", "testing"})
_IMPORT_ROOTS = frozenset({"dags", "plugins", "include", "src", "lib", "config", "python"})
_AIRFLOW = re.compile(rb"\bairflow\b")
_TEST_CODE = re.compile(
    rb"^[ \t]*(?:(?:import|from)[ \t]+(?:pytest|unittest)\b|(?:async[ \t]+)?def[ \t]+test_)", re.MULTILINE
)
_OVERLAY = re.compile(r"values[-._].+\.ya?ml|.+[-._]values\.ya?ml")
_OWN_TABLE = re.compile(rb"^\[tool\.airwarden\b", re.MULTILINE)
_REGEXP_SIGNS = re.compile(r"\.\*|\.\+|\\|[$^()|]")


def find_root(start: Path) -> Path:
    """The repository around `start`: the nearest folder above with a pyproject.toml that holds
    `[tool.airwarden]`, else with `.git`, else `start` itself or the folder it stands in.
    """
    here = start.resolve()
    if not here.is_dir():
        here = here.parent
    folders = (here, *here.parents)
    configured = (folder for folder in folders if is_configured(folder))
    versioned = (folder for folder in folders if (folder / ".git").exists())
    return next(configured, None) or next(versioned, None) or here


def is_configured(folder: Path) -> bool:
    """Whether the pyproject.toml of a folder holds settings of ours."""
    try:
        return _OWN_TABLE.search((folder / "pyproject.toml").read_bytes()) is not None
    except OSError:
        return False


class Repo:
    """One repository, read lazily. A file's kind depends on its path and content alone.

    `changed` has texts by path that stand for what the files hold.
    """

    def __init__(
        self, root: Path, config: Config | None = None, changed: Mapping[str, Source] | None = None
    ) -> None:
        self.root = root.resolve()
        self.config = config or Config()
        self._changed = dict(changed or {})
        self._sources: dict[str, Source | Unreadable] = {**self._changed}
        self._dag_files: dict[str, DagFile | Unreadable] = {}
        self._values_files: dict[str, tuple[ValuesFile, ...] | Unreadable] = {}
        self._ignores: dict[str, bool] = {}
        self._module_paths: dict[tuple[str, str], str | None] = {}
        self._analyses: dict[Callable[[Repo], Any], Any] = {}

    # Which files there are

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that neither .gitignore nor `exclude` leaves out, sorted; links are not followed."""
        return self._files

    @cached_property
    def _files(self) -> tuple[str, ...]:
        return tuple(sorted(self._walk()))

    def _walk(self) -> Iterator[str]:
        ignores: dict[str, tuple[tuple[str, GitIgnoreSpec], ...]] = {"": self._excludes()}
        for folder, folders, names in os.walk(self.root):
            here = Path(folder).relative_to(self.root).as_posix()
            prefix = "" if here == "." else f"{here}/"
            active = ignores.pop(prefix)
            if ".gitignore" in names:
                active = (*active, (prefix, self._ignore_file(f"{prefix}.gitignore")))
            folders[:] = [each for each in folders if self._enters(prefix, each, active)]
            ignores.update((f"{prefix}{each}/", active) for each in folders)
            for name in names:
                if not _is_ignored(f"{prefix}{name}", active) and not (Path(folder) / name).is_symlink():
                    yield f"{prefix}{name}"

    def _enters(self, prefix: str, name: str, ignores: tuple[tuple[str, GitIgnoreSpec], ...]) -> bool:
        if name in _NEVER_OURS or (self.root / prefix / name).is_symlink():
            return False
        return not _is_ignored(f"{prefix}{name}/", ignores)

    def _excludes(self) -> tuple[tuple[str, GitIgnoreSpec], ...]:
        return (("", _spec(self.config.exclude)),) if self.config.exclude else ()

    def _ignore_file(self, path: str) -> GitIgnoreSpec:
        try:
            return _spec(self.source(path).text.splitlines())
        except Unreadable:
            return _spec(())

    def relative(self, path: Path) -> str | None:
        """`path` from the root on, with `/`, links resolved; None where it stands outside of the root."""
        try:
            return path.resolve().relative_to(self.root).as_posix()
        except ValueError:
            return None

    # What a file is

    def is_dag_file(self, path: str) -> bool:
        """Whether a file is Python that Airflow gets: under a DAG folder, or one that speaks of Airflow.

        Tests are none: what stands in a folder of tests, and what is both called and written like one.
        """
        if not path.endswith(".py") or _in_test_folder(path):
            return False
        data = self._bytes(path)
        if _is_called_test(path) and _TEST_CODE.search(data):
            return False
        if b"{{" in data and self._is_chart_template(path):
            return False
        return self._in_dag_folder(path) or _AIRFLOW.search(data) is not None

    def _is_chart_template(self, path: str) -> bool:
        """Whether Helm fills a file in: one below the folder `files` or `templates` of a chart."""
        folders = PurePosixPath(path).parents
        return any(
            each.name in ("files", "templates") and (self.root / each.parent / "Chart.yaml").is_file()
            for each in folders
        )

    def _in_dag_folder(self, path: str) -> bool:
        folders = PurePosixPath(path).parts[:-1]
        return "dags" in folders or any(
            path.startswith(f"{folder.strip('/')}/") for folder in self.config.dag_folders
        )

    def is_values_file(self, path: str) -> bool:
        """Whether a file may hold Helm values of an Airflow deployment, judged by its name and bytes.

        Whether it does, `values_files` knows.
        """
        if not path.endswith((".yaml", ".yml", ".tf", ".gotmpl")):
            return False
        if self._is_forced_values_file(path):
            return True
        from airwarden.values import may_hold_values

        return not _in_test_folder(path) and may_hold_values(path, self._bytes(path))

    def _is_forced_values_file(self, path: str) -> bool:
        return bool(self.config.values_files) and _spec(self.config.values_files).match_file(path)

    def _bytes(self, path: str) -> bytes:
        if path in self._changed:
            return self._changed[path].text.encode()
        try:
            return (self.root / path).read_bytes()
        except OSError:
            return b""

    def is_airflow_ignored(self, path: str) -> bool:
        """Whether an `.airflowignore` keeps Airflow from looking for DAGs in a file."""
        for folder in _folders_from(path.rpartition("/")[0]):
            ignore = _within(folder, ".airflowignore")
            if ignore not in self._ignores:
                self._ignores[ignore] = (self.root / ignore).is_file()
            if self._ignores[ignore] and self._airflow_ignores(ignore, path[len(folder) :].lstrip("/")):
                return True
        return False

    def _airflow_ignores(self, ignore: str, path: str) -> bool:
        """Airflow 3 reads globs by default, Airflow 2 regular expressions: each line tells which it is."""
        try:
            lines = self.source(ignore).text.splitlines()
        except Unreadable:
            return False
        patterns = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
        regexps = [line for line in patterns if _REGEXP_SIGNS.search(line)]
        globs = [line for line in patterns if line not in regexps]
        return _spec(globs).match_file(path) or any(_finds(regexp, path) for regexp in regexps)

    # Models

    def source(self, path: str) -> Source:
        """The text of a file. Raises `Unreadable`."""
        if path not in self._sources:
            try:
                self._sources[path] = Source.read(self.root, path)
            except Unreadable as failure:
                self._sources[path] = failure
        return _or_raise(self._sources[path])

    def dag_file(self, path: str) -> DagFile:
        """A Python file of the repository, parsed. Raises `Unreadable`."""
        from airwarden.dag import DagFile

        if path not in self._dag_files:
            try:
                self._dag_files[path] = DagFile.read(self.source(path))
            except Unreadable as failure:
                self._dag_files[path] = failure
        return _or_raise(self._dag_files[path])

    def readable_dag_file(self, path: str) -> DagFile | None:
        """A Python file of the repository, parsed; None where it can't be read."""
        try:
            return self.dag_file(path)
        except Unreadable:
            return None

    def values_files(self, path: str) -> tuple[ValuesFile, ...]:
        """The Helm values of Airflow deployments in a file: its own, or those of each release that it
        describes. Raises `Unreadable`.
        """
        from airwarden.values import ValuesFile

        if path not in self._values_files:
            try:
                forced = self._is_forced_values_file(path)
                found = ValuesFile.all_in(self.source(path), self.chart(path), forced)
                self._values_files[path] = found or self._overlay(path)
            except Unreadable as failure:
                self._values_files[path] = failure
        return _or_raise(self._values_files[path])

    def _overlay(self, path: str) -> tuple[ValuesFile, ...]:
        """The values of a file that is called like one which lies over the `values.yaml` beside it."""
        from airwarden.values import ValuesFile

        file = PurePosixPath(path)
        base = file.with_name("values.yaml").as_posix()
        if base == path or not _OVERLAY.fullmatch(file.name) or not self.is_values_file(base):
            return ()
        try:
            below = self.values_files(base)
        except Unreadable:
            return ()
        found = ValuesFile.over(self.source(path), below[0]) if below and not below[0].release else None
        return (found,) if found else ()

    def chart(self, path: str) -> Chart | None:
        """The Helm chart whose values a file holds: that of the nearest Chart.yaml above it."""
        from airwarden.values import Chart

        for folder in PurePosixPath(path).parents:
            chart = (folder / "Chart.yaml").as_posix()
            if (self.root / chart).is_file():
                try:
                    return Chart.read(self.source(chart))
                except Unreadable:
                    return None
        return None

    @cached_property
    def dependencies(self) -> Dependencies:
        """What the dependency files of the repository declare."""
        from airwarden.dependencies.effective import Dependencies

        return Dependencies.read(self, self.config.dependency_files)

    def analysis(self, kind: Callable[[Repo], _T]) -> _T:
        """The one `kind(repo)` of this repository, made when it is first asked for."""
        if kind not in self._analyses:
            self._analyses[kind] = kind(self)
        found: _T = self._analyses[kind]
        return found

    def made(self, kind: Callable[[Repo], _T]) -> _T | None:
        """The `analysis` of that kind, where one was asked for."""
        found: _T | None = self._analyses.get(kind)
        return found

    # Modules

    def module(self, dotted: str, importer: str) -> DagFile | None:
        """The repository's own module of that name, as the file `importer` would import it.

        None where there is none, where it can't be told from another, or where it can't be read.
        """
        path = self.module_path(dotted, importer)
        return None if path is None else self.readable_dag_file(path)

    def module_path(self, dotted: str, importer: str) -> str | None:
        """Where the repository's own module of that name stands, as the file `importer` would import it."""
        home = importer.rpartition("/")[0]
        key = (dotted, home)
        if key not in self._module_paths:
            self._module_paths[key] = self._module_path(dotted, home)
        return self._module_paths[key]

    def text_of(self, dotted: str, importer: str) -> str | None:
        """The text that a dotted name stands for in a module of the repository, as a file imports it."""
        from airwarden import syntax

        home, _, name = dotted.rpartition(".")
        file = self.module(home, importer) if home else None
        bound = [] if file is None else file.module.scope.bindings.get(name, [])
        if file is None or len(bound) != 1 or not isinstance(bound[0].value, syntax.Expression):
            return None
        return file.text(bound[0].value, file.module.scope)

    def is_package_folder(self, dotted: str, importer: str) -> bool:
        """Whether a name means a folder of Python files without an `__init__.py`, as `importer` sees it."""
        home = PurePosixPath(importer).parent
        level = len(dotted) - len(dotted.lstrip("."))
        above = (home, *home.parents)[max(level - 1, 0) :]
        tail = dotted[level:].replace(".", "/")
        return any(
            (folder / tail).as_posix() in self._python_folders for folder in above[: 1 if level else None]
        )

    @cached_property
    def _python_folders(self) -> frozenset[str]:
        return frozenset(PurePosixPath(path).parent.as_posix() for path in self._python_files)

    def _module_path(self, dotted: str, home: str) -> str | None:
        names = "/".join(filter(None, dotted.split(".")))
        if dotted.startswith("."):
            level = len(dotted) - len(dotted.lstrip("."))
            above = _folders_from(home)
            return self._at(_within(above[level - 1], names)) if level <= len(above) else None
        for folder in _folders_from(home):
            found = self._at(_within(folder, names))
            if found is not None:
                return found
        return self._of_the_checkout(dotted) or self._elsewhere(dotted, dotted.replace(".", "/"))

    def _of_the_checkout(self, dotted: str) -> str | None:
        """A module of a package that the checkout itself is, `sales_dags.common` in a folder `sales-dags`."""
        package, _, inner = dotted.partition(".")
        if inner and self.root.name.replace("-", "_").endswith(package):
            return self._at(inner.replace(".", "/"))
        return None

    def _elsewhere(self, dotted: str, tail: str) -> str | None:
        """A module under another folder that is on the path: `plugins` beside `dags`, `src`."""
        matches = [path for path in self._by_stem[dotted.rpartition(".")[2]] if _ends_in(path, tail)]
        rooted = [path for path in matches if _root_of(path, tail) in _IMPORT_ROOTS]
        if len(rooted) == 1:
            return rooted[0]
        return matches[0] if len(matches) == 1 and "." in dotted else None

    def _at(self, stem: str) -> str | None:
        """The module file for a path without its ending, where there is one."""
        for path in (f"{stem}.py", f"{stem}/__init__.py"):
            if path in self._python_files:
                return path
        return None

    @cached_property
    def _python_files(self) -> frozenset[str]:
        return frozenset(path for path in self.files if path.endswith(".py"))

    @cached_property
    def _by_stem(self) -> defaultdict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path in sorted(self._python_files):
            pure = PurePosixPath(path)
            found[pure.parent.name if pure.name == "__init__.py" else pure.stem].append(path)
        return found


def _folders_from(folder: str) -> list[str]:
    """A folder and those above it, up to the root, which is the empty path."""
    parts = folder.split("/") if folder else []
    return ["/".join(parts[:length]) for length in range(len(parts), -1, -1)]


def _within(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder and path else folder or path


def _or_raise(found: _T | Unreadable) -> _T:
    if isinstance(found, Unreadable):
        raise found
    return found


def _spec(lines: Iterable[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)


def _is_ignored(path: str, ignores: tuple[tuple[str, GitIgnoreSpec], ...]) -> bool:
    """Whether the ignore file nearest to a path that says anything of it leaves it out."""
    for prefix, spec in reversed(ignores):
        verdict = spec.check_file(path[len(prefix) :]).include
        if verdict is not None:
            return verdict
    return False


def _finds(regexp: str, path: str) -> bool:
    try:
        return re.search(regexp.strip(), path) is not None
    except re.error:
        return False


def _in_test_folder(path: str) -> bool:
    return not _TEST_FOLDERS.isdisjoint(PurePosixPath(path).parts[:-1])


def _is_called_test(path: str) -> bool:
    name = PurePosixPath(path).name
    return name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"


def _stem(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__")


def _ends_in(path: str, tail: str) -> bool:
    return f"/{_stem(path)}".endswith(f"/{tail}")


def _root_of(path: str, tail: str) -> str:
    """The name of the folder from which `tail` leads to a module."""
    return PurePosixPath(_stem(path).removesuffix(tail)).name
