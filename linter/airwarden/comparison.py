"""What of an earlier run still holds: that which was made from inputs that are what they were."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airwarden.cache import Book
    from airwarden.repo import Reading, Repo


class Comparison:
    """What of a book still holds for a repository."""

    def __init__(self, book: Book, repo: Repo) -> None:
        self.book = book
        self._repo = repo
        self._files = frozenset(repo.files)
        self._moved = self._files.symmetric_difference(book.files)
        """The files that have come or gone."""
        self._is_touched = False
        """Whether stat tells otherwise of a file whose bytes are what they were."""
        self._questions = {
            "text": self._text,
            "file": self._file,
            "files": self._listing,
            "files but": self._other_listing,
            "paths": self._paths,
            "dag file": self._is_dag_file,
            "values file": self._is_values_file,
            "module": self._module,
            "package": self._package,
            "search": self._search,
            "commonest": self._commonest,
            "usual alert": self._usual_alert,
            "setting": self._setting,
        }

    @property
    def is_stale(self) -> bool:
        """Whether the book should be written anew, though no file has to be judged."""
        return bool(self.changed or self._moved or self._is_touched or self._is_asked_anew)

    @cached_property
    def valid(self) -> frozenset[str]:
        """The paths whose outcomes are what a run would find."""
        if not (self.changed or self._moved or self._is_asked_anew):
            return frozenset(self.book.results.by_path)
        ledger = self.book.ledger
        known = self._files.intersection(ledger.entries, self.book.results.by_path)
        return known - ledger.invalid(self._has_changed)

    @property
    def is_whole(self) -> bool:
        """Whether all that the book knows holds, of the very same files."""
        return not self._moved and len(self.valid) == len(self.book.results.by_path)

    @cached_property
    def _is_asked_anew(self) -> bool:
        """Whether a setting is another one, or a file beyond those of the repository has come or gone."""
        settings = (("setting", name, value) for name, value in self.book.settings.items())
        paths = (("file", path, "there" if was_there else "") for path, was_there in self.book.asked.items())
        return any(map(self._has_changed, (*settings, *paths)))

    @cached_property
    def changed(self) -> frozenset[str]:
        """The files that were read and are not what they were."""
        return frozenset(path for path, before in self.book.readings.items() if self._differs(path, before))

    def _differs(self, path: str, before: Reading | None) -> bool:
        signature = self._repo.signature(path)
        if signature == (before and before.signature):
            self._repo.knows({path: before})
            return False
        if before is None or signature is None:
            return True
        self._is_touched = True
        return self._repo.digest(path) != before.digest

    def _has_changed(self, question: Sequence[str]) -> bool:
        kind, *asked = question
        return self._questions[kind](asked)

    def _text(self, asked: Sequence[str]) -> bool:
        return asked[0] in self.changed

    def _file(self, asked: Sequence[str]) -> bool:
        path, answer = asked
        return self._repo.is_file(path) != bool(answer)

    def _listing(self, asked: Sequence[str]) -> bool:
        endings = tuple(asked)
        return any(not endings or path.endswith(endings) for path in self._moved)

    def _other_listing(self, asked: Sequence[str]) -> bool:
        return any(not path.endswith(tuple(asked)) for path in self._moved)

    def _paths(self, asked: Sequence[str]) -> bool:
        pattern, flags = asked
        found = re.compile(pattern, int(flags) & ~re.UNICODE)
        return any(found.search(path) for path in self._moved)

    def _is_dag_file(self, asked: Sequence[str]) -> bool:
        path, answer = asked
        return self._is_other(path) and self._repo.is_dag_file(path) != bool(answer)

    def _is_values_file(self, asked: Sequence[str]) -> bool:
        path, answer = asked
        return self._is_other(path) and self._repo.is_values_file(path) != bool(answer)

    def _is_other(self, path: str) -> bool:
        return path in self.changed or path in self._moved

    def _module(self, asked: Sequence[str]) -> bool:
        dotted, home, answer = asked
        return self._python_moved and (self._repo.module_path(dotted, f"{home}/any.py") or "") != answer

    def _package(self, asked: Sequence[str]) -> bool:
        dotted, home, answer = asked
        return self._python_moved and self._repo.is_package_folder(dotted, f"{home}/any.py") != bool(answer)

    @cached_property
    def _python_moved(self) -> bool:
        return any(path.endswith(".py") for path in self._moved)

    def _search(self, asked: Sequence[str]) -> bool:
        pattern, flags, *endings = asked
        others = (self.changed | self._moved) & self._files
        made = re.compile(pattern.encode(), int(flags))
        return any(made.search(self._repo.data(path)) for path in others if path.endswith(tuple(endings)))

    def _commonest(self, asked: Sequence[str]) -> bool:
        pattern, flags, *answer = asked
        if not any(path.endswith(".py") for path in (*self.changed, *self._moved)):
            return False
        return self._repo.commonest(re.compile(pattern.encode(), int(flags))) != tuple(answer)

    def _usual_alert(self, asked: Sequence[str]) -> bool:
        moved = (*self.changed, *self._moved)
        if not any(path.endswith((".py", ".airflowignore")) for path in moved):
            return False
        from airwarden.alerts.proposals import Proposals

        return self._repo.analysis(Proposals).usual_digest != asked[0]

    def _setting(self, asked: Sequence[str]) -> bool:
        name, value = asked
        return self._repo.setting(name) != value
