"""Repo: which file of a repository is what, and whatever needs more than one file."""

from __future__ import annotations

import os
import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from errno import EFBIG, ENOENT
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from airwarden import disk
from airwarden.config import OWN_FILES, Config
from airwarden.findings import Region
from airwarden.foreign_patterns import is_found
from airwarden.globs import globs_of
from airwarden.packs import checkout
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.source import LARGEST_PYTHON, Source, TooBig, Unreadable, decode, in_utf_8
from airwarden.tracing import Answers, Trace, Tracer, traced_property
from airwarden.walking import Decisions, Walk, digest_of

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from airwarden.dag import DagFile
    from airwarden.dependencies.effective import Dependencies
    from airwarden.snapshots import Snapshot
    from airwarden.values import Chart, ValuesFile

_T = TypeVar("_T")

_TEST_FOLDERS = frozenset({"test", "tests", "testing"})
_CODE_OR_PROSE = (".py", ".sql", ".md", ".rst", ".ipynb", ".csv")
VALUES_ENDINGS = (".yaml", ".yml", ".tf", ".gotmpl")
"""How the files are called that may hold Helm values."""

_IMPORT_ROOTS = frozenset({"dags", "plugins", "include", "src", "lib", "config", "python"})
_AIRFLOW = regex(rb"\bairflow\b")
_TEST_CODE = regex(
    rb"^[ \t]*(?:(?:import|from)[ \t]+(?:pytest|unittest)\b|(?:async[ \t]+)?def[ \t]+test_)", re.MULTILINE
)
_OVERLAY = regex(r"values[-._].+\.ya?ml|.+[-._]values\.ya?ml")
_OWN_TABLE = regex(rb"^\[tool\.airwarden\b", re.MULTILINE)
_WORD = regex(rb"\w+")
_REGEXP_SIGNS = regex(r"\.\*|\.\+|\\|[$^()|]")


def find_root(start: Path) -> Path:
    """The repository around `start`: the nearest folder above with settings of ours, else with `.git`, else
    `start` itself or the folder it stands in.
    """
    here = start.resolve()
    if not here.is_dir():
        here = here.parent
    folders = (here, *here.parents)
    configured = (folder for folder in folders if is_configured(folder))
    versioned = (folder for folder in folders if os.path.exists(folder / ".git"))  # noqa: PTH110 (as below)
    return next(configured, None) or next(versioned, None) or here


def is_configured(folder: Path) -> bool:
    """Whether a folder holds settings of ours, in a pyproject.toml or in a file of their own."""
    if any(os.path.isfile(folder / name) for name in OWN_FILES):  # noqa: PTH113 (no, where it is closed)
        return True
    try:
        return _OWN_TABLE.search(disk.read(folder / "pyproject.toml")) is not None
    except OSError:
        return False


LARGEST = 16 << 20
"""Bytes of a file that is read as a whole. The largest files of these kinds that people keep have three
million, and those are recorded test data.
"""

BEGINNING = (1 << 20) + 1
"""Bytes of a larger one that are looked at, to tell whether it is to be judged: one more than values have."""

Signature: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True)
class Reading:
    """One file as it was when it was read: what stat tells of it, and a digest of its bytes."""

    signature: Signature
    digest: str


SETTLED = 2_000_000_000
"""Nanoseconds before a run that a file must have rested: one changed later may change again unnoticed."""


@dataclass(frozen=True)
class Legacy:
    """What one reading of a repository leaves to the next: which files there were, when it began, the texts
    that stood for what files held, what was read, and what was made of it.
    """

    files: Sequence[str]
    began: int
    changed: Mapping[str, Source]
    data: Mapping[str, bytes]
    digests: Mapping[str, str]
    signatures: Mapping[str, Signature | None]
    words: Mapping[str, frozenset[bytes]]
    sources: Mapping[str, Source | Unreadable]
    dag_files: Mapping[str, DagFile | Unreadable]
    dependencies: tuple[Dependencies, Trace] | None

    def text(self, path: str) -> str | None:
        """What a file held; None where it was not read as text."""
        source = self.sources.get(path)
        return source.text if isinstance(source, Source) else None


class Repo:
    """One repository, read lazily. A file's kind depends on its path and content alone.

    Whatever is asked of it is noted by `tracer`. `changed` has texts by path that stand for what the files
    hold; `earlier` is what a walk over the same folder decided, `legacy` what an earlier reading of it left.
    With a `snapshot`, the repository is what that says it is, and not what stands on the disk.
    """

    def __init__(
        self,
        root: Path,
        config: Config | None = None,
        changed: Mapping[str, Source] | None = None,
        earlier: Decisions | None = None,
        snapshot: Snapshot | None = None,
        legacy: Legacy | None = None,
    ) -> None:
        self.root = root.resolve()
        self._place = f"{self.root}/"
        self.tracer = Tracer()
        self._signatures: dict[str, Signature | None] = {}
        self._known: dict[str, Reading | None] = {}
        self._snapshot = snapshot
        listing = snapshot.entries if snapshot else None
        self.walk = Walk(self.root, self._ignore_text, (config or Config()).exclude, earlier, listing)
        self._config = config or Config()
        self._changed = dict(changed or {})
        self._began = time.time_ns()
        self._data: dict[str, bytes] = {}
        self._closed: dict[str, OSError] = {}
        self._oversized: set[str] = set()
        self._digests: dict[str, str] = {}
        self._sources: dict[str, Source | Unreadable] = {**self._changed}
        self._words: dict[str, frozenset[bytes]] = {}
        self._is_dag: dict[str, bool] = {}
        self._is_values: dict[str, bool] = {}
        self._dag_files: dict[str, DagFile | Unreadable] = {}
        self._values_files: Answers[str, tuple[ValuesFile, ...] | Unreadable] = Answers(self.tracer)
        self._charts: Answers[PurePosixPath, Chart | None] = Answers(self.tracer)
        self._module_paths: dict[tuple[str, str], str | None] = {}
        self._airflow_ignoring: dict[str, tuple[GitIgnoreSpec, list[str]]] = {}
        self._is_there: dict[str, bool] = {}
        self._commonest: dict[tuple[str, str], tuple[str, str]] = {}
        self._analyses: Answers[Callable[[Repo], Any], Any] = Answers(self.tracer, are_shared=True)
        for path in self._changed:
            self._bytes(path)
        if legacy is not None:
            self._inherit(legacy)

    @property
    def changed(self) -> Mapping[str, Source]:
        """The texts that stand for what files hold."""
        return self._changed

    def afresh(self, changed: Mapping[str, Source] | None = None) -> Repo:
        """The same repository as it is now; texts that stand for what files hold still do, with those of
        `changed` in their place.
        """
        return self.renewed({**self._changed, **(changed or {})})

    def renewed(self, changed: Mapping[str, Source]) -> Repo:
        """The same repository as it is now, with these texts alone in the place of what files hold. What was
        made of one file, or of the dependency files, is taken over where they are what they were.
        """
        legacy = Legacy(
            *(self._files, self._began, self._changed, self._data, self._digests, self._signatures),
            *(self._words, self._sources, self._dag_files, Repo.dependencies.kept(self)),
        )
        return Repo(self.root, self._config, changed, self.walk.decisions, self._snapshot, legacy)

    def _inherit(self, legacy: Legacy) -> None:
        same = {path for path in legacy.data if self._is_same(path, legacy)}
        self._dag_files.update((path, file) for path, file in legacy.dag_files.items() if path in same)
        if legacy.dependencies is not None and legacy.files == self._files:
            inputs, shared = legacy.dependencies[1].flat()
            if not shared and all(path in same for kind, path, *_ in inputs if kind == "text"):
                Repo.dependencies.keep(self, legacy.dependencies)

    def _is_same(self, path: str, legacy: Legacy) -> bool:
        """Whether a file holds what it held; its bytes are taken over if so."""
        if path in self._changed or path in legacy.changed:
            return self._text(path) == legacy.text(path) is not None
        then, now = legacy.signatures[path], self.signature(path)
        if now is None or now != then or now[0] > legacy.began - SETTLED:
            return self._bytes(path) == legacy.data[path] and path in self._data
        if now[1] > LARGEST:
            return False
        self._data[path], self._signatures[path] = legacy.data[path], now
        if path in legacy.digests:
            self._digests[path] = legacy.digests[path]
        if path in legacy.words:
            self._words[path] = legacy.words[path]
        if path in legacy.sources:
            self._sources[path] = legacy.sources[path]
        return True

    def _text(self, path: str) -> str | None:
        try:
            return self._read_source(path).text
        except Unreadable:
            return None

    @property
    def config(self) -> Config:
        """The settings; each that is read is noted."""
        return cast("Config", _NotedConfig(self._config, self.tracer))

    def option(self, rule: str, name: str, path: str) -> Any:
        """The option of a rule as it is set for a file, None where it is not; what is set is noted."""
        question = f"rules.{rule}.{name}"
        self.tracer.note("setting", question, self.setting(question))
        return self._config.option(rule, name, path)

    def setting(self, question: str) -> str:
        """What is noted of a setting, or of an option that is asked for as `rules.<rule>.<name>`."""
        _, *option = question.split(".", 2)
        config = self._config
        return repr(config.option_everywhere(*option) if option else getattr(config, question))

    # Which files there are

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that neither .gitignore nor `exclude` leaves out, sorted; links are not followed."""
        self.tracer.note("files")
        return self._files

    def files_ending(self, *endings: str) -> tuple[str, ...]:
        """Those of the files whose paths end in one of `endings`."""
        self.tracer.note("files", *endings)
        if endings not in self._ending:
            self._ending[endings] = tuple(path for path in self._files if path.endswith(endings))
        return self._ending[endings]

    def other_files(self, named: re.Pattern[str] | None = None) -> tuple[str, ...]:
        """All files but those that hold code, queries or prose; of these, setup.py and those in whose path a
        pattern is found.
        """
        self.tracer.note("files but", *_CODE_OR_PROSE)
        if named is None:
            return self._others
        self.tracer.note("paths", named.pattern, str(named.flags))
        paths = {path for path in self._files if named.search(path)}
        return tuple(sorted(paths.union(self._others, self.files_ending("setup.py"))))

    @cached_property
    def _others(self) -> tuple[str, ...]:
        return tuple(path for path in self._files if not path.endswith(_CODE_OR_PROSE))

    def is_file(self, path: str) -> bool:
        """Whether there is such a file, be it one that is left out."""
        if path not in self._is_there:
            self._is_there[path] = path in self._file_set or self._has_file(path)
        self.tracer.note("file", path, "there" if self._is_there[path] else "")
        return self._is_there[path]

    def _has_file(self, path: str) -> bool:
        if self._snapshot is None or self._snapshot.keeps(path):
            return not self._is_elsewhere(path) and os.path.isfile(f"{self._place}{path}")  # noqa: PTH113 (it says no to what can't be asked)
        return path in self._snapshot.blobs

    def _is_elsewhere(self, path: str) -> bool:
        """Whether a file that no walk gave stands outside of the whole checkout: what a path or
        a link names there is not for a report.
        """
        return path not in self._walked and not disk.is_within(f"{self._place}{path}", self._checkout)

    @cached_property
    def _checkout(self) -> str:
        return str(checkout(self.root))

    @property
    def _walked(self) -> frozenset[str]:
        """The files that a walk gave, which follows no links; none before its end."""
        return self._file_set if "_files" in self.__dict__ else frozenset()

    @cached_property
    def _files(self) -> tuple[str, ...]:
        found = set(self.walk.files())
        return tuple(sorted(found | {path for path in self._changed.keys() - found if self._is_new(path)}))

    def _is_new(self, path: str) -> bool:
        """Whether a text stands for a file of ours that is not there yet."""
        return not os.path.lexists(f"{self._place}{path}") and self.walk.takes(path)

    @cached_property
    def _file_set(self) -> frozenset[str]:
        return frozenset(self._files)

    @cached_property
    def _ending(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        return {}

    def _ignore_text(self, path: str) -> str:
        try:
            return self._read_source(path).text
        except Unreadable:
            return ""

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
        if not path.endswith(".py"):
            return False
        is_one = self._is_dag_file(path)
        self.tracer.note("dag file", path, "yes" if is_one else "")
        return is_one

    def _is_dag_file(self, path: str) -> bool:
        if path not in self._is_dag:
            self._is_dag[path] = self._may_be_dag_file(path)
        return self._is_dag[path]

    def _may_be_dag_file(self, path: str) -> bool:
        if _in_test_folder(path):
            return False
        data = self._bytes(path)
        may_be_silent = self._in_dag_folder(path) and len(data) <= LARGEST_PYTHON
        if not (may_be_silent or (b"airflow" in data and _AIRFLOW.search(data))):
            return False
        if _is_called_test(path) and _TEST_CODE.search(data):
            return False
        return not (b"{{" in data and self._is_chart_template(path))

    def _is_chart_template(self, path: str) -> bool:
        """Whether Helm fills a file in: one below the folder `files` or `templates` of a chart."""
        folders = PurePosixPath(path).parents
        return any(
            each.name in ("files", "templates") and self.is_file((each.parent / "Chart.yaml").as_posix())
            for each in folders
        )

    def _in_dag_folder(self, path: str) -> bool:
        folders = path.split("/")[:-1]
        return "dags" in folders or any(
            path.startswith(f"{folder.strip('/')}/") for folder in self._config.dag_folders
        )

    def is_values_file(self, path: str) -> bool:
        """Whether a file may hold Helm values of an Airflow deployment, judged by its name and bytes.

        Whether it does, `values_files` knows.
        """
        if not path.endswith(VALUES_ENDINGS):
            return False
        if path not in self._is_values:
            self._is_values[path] = self._may_be_values_file(path)
        self.tracer.note("values file", path, "yes" if self._is_values[path] else "")
        return self._is_values[path]

    def _may_be_values_file(self, path: str) -> bool:
        if self._is_forced_values_file(path):
            return True
        from airwarden.values import may_hold_values

        return not _in_test_folder(path) and may_hold_values(path, self._bytes(path))

    def _is_forced_values_file(self, path: str) -> bool:
        return bool(self._config.values_files) and globs_of(self._config.values_files).match_file(path)

    def data(self, path: str) -> bytes:
        """The bytes of a file, of one larger than `LARGEST` its beginning; none where it can't be read."""
        self.tracer.note("text", path)
        return self._bytes(path)

    def _bytes(self, path: str) -> bytes:
        try:
            return self._read(path)
        except OSError as error:
            self._closed[path] = error
            return b""

    def closed(self, path: str) -> Unreadable | None:
        """Why what was looked for in a file could not be found, where the system does not give it."""
        if path in self.walk.closed:
            return Unreadable.closed(path, self.walk.closed[path])
        return Unreadable.closed(path, self._closed[path]) if path in self._closed else None

    def signature(self, path: str) -> Signature | None:
        """What stat tells of a file: when it or what is known of it was changed, in nanoseconds, which nobody
        can set back, its size in bytes, its number. Of a file of another state than the disk's, what git
        calls that which it holds. A text that stands for what a file holds has a signature of its own.
        """
        if path in self._changed:
            return -1, len(self._changed[path].text), int(self.digest(path) or "0", 16)
        if self._snapshot is not None and not self._snapshot.keeps(path):
            blob = self._snapshot.blobs.get(path)
            return (0, 0, int(blob, 16)) if blob else None
        if self._is_elsewhere(path):
            return None
        try:
            found = os.stat(f"{self._place}{path}")  # noqa: PTH116 (this is asked of every file of each run)
        except (OSError, ValueError):  # the latter for a name that the system can't have
            return None
        return max(found.st_mtime_ns, found.st_ctime_ns), found.st_size, found.st_ino

    def _read(self, path: str) -> bytes:
        """Reads a file once, and keeps what it was. Raises `OSError`."""
        if path not in self._data and path in self._changed:
            self._data[path] = self._changed[path].text.encode(errors="surrogatepass")
            self._signatures[path] = self.signature(path)
        elif path not in self._data:
            self._signatures[path] = self.signature(path)
            try:
                self._data[path] = self._held(path)
            except OSError as error:
                if error.errno != EFBIG:
                    raise
                self._data[path] = self._beginning(path)
                self._oversized.add(path)
        return self._data[path]

    def _held(self, path: str) -> bytes:
        """What a file holds. Raises `OSError`."""
        if self._snapshot is None or self._snapshot.keeps(path):
            if self._is_elsewhere(path):
                raise FileNotFoundError(ENOENT, "it stands outside of the repository")
            return in_utf_8(path, disk.read(f"{self._place}{path}", most=LARGEST))
        data = self._snapshot.read(path)
        if len(data) > LARGEST:
            raise OSError(EFBIG, os.strerror(EFBIG))
        return in_utf_8(path, data)

    def _beginning(self, path: str) -> bytes:
        if self._snapshot is None or self._snapshot.keeps(path):
            return disk.beginning(f"{self._place}{path}", BEGINNING)
        return self._snapshot.read(path)[:BEGINNING]

    def too_big(self, path: str) -> TooBig | None:
        """Why a file that was looked into is not read; None where it is no larger than `LARGEST`."""
        reason = f"has more than {LARGEST >> 20} MiB"
        return TooBig(Region(path, 1, 1, 1, 1), reason) if path in self._oversized else None

    def size(self, path: str) -> int:
        """How many bytes a file has. Raises `OSError`."""
        if self._snapshot is not None and not self._snapshot.keeps(path):
            return len(self._read(path))
        return os.stat(f"{self._place}{path}").st_size  # noqa: PTH116 (as above)

    def digest(self, path: str) -> str | None:
        """A digest of a file's bytes; None where it can't be read."""
        self._bytes(path)
        if path not in self._digests and path in self._data:
            mark = b"" if path not in self._changed or self._is_plain(path) else b"decoded "
            mark = b"beginning " if path in self._oversized else mark
            self._digests[path] = digest_of(mark + self._data[path])
        return self._digests.get(path)

    def _is_plain(self, path: str) -> bool:
        """Whether a file with the bytes of a text that stands for one would hold that very text."""
        try:
            return decode(path, self._data[path]) == self._changed[path].text
        except Unreadable:
            return False

    def readings(self) -> dict[str, Reading | None]:
        """The files that were read, None for one that is not there."""
        own = {path: self._reading(path, signature) for path, signature in self._signatures.items()}
        return {**self._known, **own}

    def _reading(self, path: str, signature: Signature | None) -> Reading | None:
        digest = self.digest(path) if signature and path in self._data else None
        return Reading(signature, digest) if signature and digest else None

    def knows(self, readings: Mapping[str, Reading | None]) -> None:
        """Takes over how files are which somebody else has read."""
        self._known.update(readings)

    def files_with(self, pattern: re.Pattern[bytes], *endings: str) -> list[str]:
        """The files whose paths end in one of `endings` and in whose bytes a pattern is found."""
        self.tracer.note("search", pattern.pattern.decode(), str(pattern.flags), *endings)
        candidates = (path for path in self._files if path.endswith(endings))
        found = [path for path in candidates if pattern.search(self._bytes(path))]
        for path in found:
            self.tracer.note("text", path)
        return found

    def dag_files_with(self, word: str) -> list[str]:
        """The Python files that Airflow gets in which a word stands by itself."""
        self.tracer.note("search", rf"\b{re.escape(word)}\b", "0", ".py")
        found = self._by_word.get(word.encode(), [])
        for path in found:
            self.tracer.note("text", path)
        return found

    def commonest(self, pattern: re.Pattern[bytes]) -> tuple[str, str]:
        """What the first group of a pattern finds in most of the Python files that Airflow gets, and the
        first of these; two empty texts where it finds nothing.
        """
        key = pattern.pattern.decode(), str(pattern.flags)
        if key not in self._commonest:
            self._commonest[key] = self._found_most(pattern)
        self.tracer.note("commonest", *key, *self._commonest[key])
        return self._commonest[key]

    def _found_most(self, pattern: re.Pattern[bytes]) -> tuple[str, str]:
        found: defaultdict[bytes, list[str]] = defaultdict(list)
        for path in self._files:
            if path.endswith(".py") and self._is_dag_file(path):
                for text in {match[1] for match in pattern.finditer(self._bytes(path))}:
                    found[text].append(path)
        if not found:
            return "", ""
        text = min(found, key=lambda each: (-len(found[each]), each))
        return text.decode(errors="replace"), found[text][0]

    @cached_property
    def _by_word(self) -> Mapping[bytes, list[str]]:
        """The Python files that Airflow gets, by each word in them."""
        found: defaultdict[bytes, list[str]] = defaultdict(list)
        for path in self._files:
            if path.endswith(".py") and self._is_dag_file(path):
                if path not in self._words:
                    self._words[path] = frozenset(_WORD.findall(self._bytes(path)))
                for word in self._words[path]:
                    found[word].append(path)
        return found

    def is_airflow_ignored(self, path: str) -> bool:
        """Whether an `.airflowignore` keeps Airflow from looking for DAGs in a file."""
        for folder in _folders_from(path.rpartition("/")[0]):
            ignore = _within(folder, ".airflowignore")
            if self.is_file(ignore) and self._airflow_ignores(ignore, path[len(folder) :].lstrip("/")):
                return True
        return False

    def _airflow_ignores(self, ignore: str, path: str) -> bool:
        """Airflow 3 reads globs by default, Airflow 2 regular expressions: each line tells which it is."""
        try:
            source = self.source(ignore)
        except Unreadable:
            return False
        if ignore not in self._airflow_ignoring:
            self._airflow_ignoring[ignore] = _airflow_patterns(source.text)
        globs, regexps = self._airflow_ignoring[ignore]
        return globs.match_file(path) or any(is_found(regexp, path) for regexp in regexps)

    # Models

    def source(self, path: str) -> Source:
        """The text of a file. Raises `Unreadable`."""
        self.tracer.note("text", path)
        return self._read_source(path)

    def _read_source(self, path: str) -> Source:
        if path not in self._sources:
            try:
                data = self._read(path)
                self._sources[path] = self.too_big(path) or Source(path, decode(path, data))
            except OSError as error:
                self._sources[path] = Unreadable.closed(path, error)
            except Unreadable as failure:
                self._sources[path] = failure
        return _or_raise(self._sources[path])

    def dag_file(self, path: str) -> DagFile:
        """A Python file of the repository, parsed. Raises `Unreadable`."""
        self.tracer.note("text", path)
        if path not in self._dag_files:
            from airwarden.dag import DagFile

            try:
                self._dag_files[path] = DagFile.read(self._read_source(path))
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
        return _or_raise(self._values_files.get(path, lambda: self._read_values(path)))

    def _read_values(self, path: str) -> tuple[ValuesFile, ...] | Unreadable:
        from airwarden.values import ValuesFile

        try:
            forced = self._is_forced_values_file(path)
            found = ValuesFile.all_in(self.source(path), self.chart(path), forced)
            return found or self._overlay(path)
        except Unreadable as failure:
            return failure

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
        folder = PurePosixPath(path).parent
        return self._charts.get(folder, lambda: self._nearest_chart(folder))

    def _nearest_chart(self, home: PurePosixPath) -> Chart | None:
        from airwarden.values import Chart

        for folder in (home, *home.parents):
            chart = (folder / "Chart.yaml").as_posix()
            if self.is_file(chart):
                try:
                    return Chart.read(self.source(chart))
                except Unreadable:
                    return None
        return None

    @traced_property
    def dependencies(self) -> Dependencies:
        """What the dependency files of the repository declare."""
        from airwarden.dependencies.effective import Dependencies

        return Dependencies.read(_OtherFiles(self), self._config.dependency_files)

    def analysis(self, kind: Callable[[Repo], _T]) -> _T:
        """The one `kind(repo)` of this repository, made when it is first asked for."""
        found: _T = self._analyses.get(kind, lambda: kind(self))
        return found

    def made(self, kind: Callable[[Repo], _T]) -> _T | None:
        """The `analysis` of that kind, where one was asked for."""
        found: _T | None = self._analyses.known(kind)
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
            may_be = not dotted.strip(".") or dotted.rpartition(".")[2] in self._by_stem
            self._module_paths[key] = self._module_path(dotted, home) if may_be else None
        self.tracer.note("module", dotted, home, self._module_paths[key] or "")
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
        folders = ((folder / tail).as_posix() for folder in above[: 1 if level else None])
        is_one = tail.rpartition("/")[2] in self._folder_names and not self._python_folders.isdisjoint(
            folders
        )
        self.tracer.note("package", dotted, home.as_posix(), "yes" if is_one else "")
        return is_one

    @cached_property
    def _python_folders(self) -> frozenset[str]:
        return frozenset(PurePosixPath(path).parent.as_posix() for path in self._python_files)

    @cached_property
    def _folder_names(self) -> frozenset[str]:
        return frozenset(folder.rpartition("/")[2] for folder in self._python_folders) | {""}

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
        return frozenset(path for path in self._files if path.endswith(".py"))

    @cached_property
    def _by_stem(self) -> defaultdict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path in sorted(self._python_files):
            pure = PurePosixPath(path)
            found[pure.parent.name if pure.name == "__init__.py" else pure.stem].append(path)
        return found


class _OtherFiles:
    """The files of a repository that declare things, or may."""

    def __init__(self, repo: Repo) -> None:
        from airwarden.dependencies.build_files import SERVICE_WORDS

        self.files = repo.other_files(SERVICE_WORDS)
        self.source = repo.source


class _NotedConfig:
    """Settings that note which of them are read."""

    def __init__(self, config: Config, tracer: Tracer) -> None:
        self._config = config
        self._tracer = tracer

    def __getattr__(self, name: str) -> object:
        value = getattr(self._config, name)
        self._tracer.note("setting", name, repr(value))
        return value


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


def _airflow_patterns(text: str) -> tuple[GitIgnoreSpec, list[str]]:
    """The globs and the regular expressions of an `.airflowignore`."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    regexps = {line for line in lines if _REGEXP_SIGNS.search(line)}
    globs = globs_of(line for line in lines if line not in regexps)
    return globs, sorted(line.strip() for line in regexps)


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
