"""An interpreter of the repository's modules: each is followed once, when it is first imported."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable
from pathlib import PurePosixPath

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.depth import room
from airwarden.interpreter.expressions import FRAMES, Exhausted, Flow, Frame, Raised
from airwarden.interpreter.outside import known_attribute
from airwarden.interpreter.statements import Statements
from airwarden.interpreter.values import (
    ABSENT,
    NONE,
    UNKNOWN,
    Items,
    Known,
    ModuleOf,
    Namespace,
    PackageOf,
    Symbol,
    Table,
    Value,
    choice,
    may_be_absent,
    now,
    present,
    text_of,
)
from airwarden.repo import Repo
from airwarden.tracing import Trace

_MOST_STEPS = 60_000
_MOST_IMPORTS = 40


class Interpreter(Statements):
    """Follows the modules of one repository. What lies beyond its budget is unknown."""

    def __init__(self, repo: Repo, most_steps: int = _MOST_STEPS) -> None:
        super().__init__()
        self.repo = repo
        self.budget = most_steps
        self.exhausted: set[str] = set()
        self._modules: dict[str, ModuleOf] = {}
        self._traces: dict[str, Trace] = {}
        self._shared: list[tuple[int, int]] = []
        self._by_path = Table()
        self._begun: set[str] = set()
        self._lost_ones: set[str] = set()
        self._is_pure = True
        self._is_changed = False
        self._importing = 0

    # Running

    def follow(self, file: DagFile) -> Namespace:
        """Follows a module from its first line to its last, anew, and returns its names.

        A statement that fails does not end it: what stands below is worth knowing all the same.
        """
        names = Namespace("module", file.module.scope, None)
        self._follow(file, names)
        return names

    def _follow(self, file: DagFile, names: Namespace) -> None:
        def whole() -> Value:
            for statement in file.module.body:
                flow = self.block((statement,))
                if flow != "next" and isinstance(statement, syntax.Leave):
                    break
            return NONE

        self.within(file, names, whole)

    def within(self, file: DagFile, names: Namespace, follow: Callable[[], Value]) -> Value:
        """Follows something as if it stood at the end of a module."""
        steps, most, depth = self.steps, self.most_steps, self.memory.depth
        self.steps, self.most_steps = 0, self.budget
        with self.standing(), room(FRAMES):
            self.frames.append(Frame(file, names, depth))
            try:
                return follow()
            except Raised:
                return UNKNOWN
            except Exhausted:
                self.exhausted.add(file.path)
                self.is_lost = True
                return UNKNOWN
            finally:
                self.memory.abandon(depth)
                self.steps, self.most_steps = steps, most

    def module(self, file: DagFile) -> ModuleOf:
        """A module as others import it: followed once, whoever asks first.

        One that changes others, or sees others changed, is followed once in every load.
        """
        known = self._modules.get(file.path)
        if file.path in self._traces:
            self.repo.tracer.again(self._traces[file.path])
        self.is_lost = self.is_lost or file.path in self._lost_ones
        if known is not None:
            return known
        found = self._by_path.content.get(file.path)
        if isinstance(found, ModuleOf):
            self._is_pure = self._is_pure and file.path in self._begun
            return found
        made = ModuleOf(file, Namespace("module", file.module.scope, None))
        self.memory.write(self._by_path, self._by_path.content.with_entry(file.path, made, None))
        if self._importing < _MOST_IMPORTS:
            self._importing += 1
            self._import_apart(made)
            self._importing -= 1
        return made

    def _import_apart(self, made: ModuleOf) -> None:
        """Follows a module that is imported; what it changes of others lasts as long as the state does."""
        state, since, path = (self._is_pure, self._is_changed), now(), made.file.path
        self._is_pure, self._is_changed = True, self._is_changed or self._has_changed_modules()
        is_lost, self.is_lost = self.is_lost, False
        self._begun.add(path)
        with self.memory.apart() as before, self.repo.tracer.answer() as self._traces[path]:
            self.imports_module(made)
        self._begun.discard(path)
        if self.is_lost:
            self._lost_ones.add(path)
        self.is_lost = self.is_lost or is_lost
        others = [entry for entry in before.values() if entry[0].born < since]
        is_alone = all(cell is self._by_path for cell, _ in others)
        is_pure = self._is_pure and is_alone and not self._is_changed
        for cell, content in others:
            after, cell.content = cell.content, content
            self.memory.write(cell, after)
        if is_pure:
            self._modules[path] = made
            self._shared = [*(each for each in self._shared if each[0] < since), (since, now())]
        self._is_pure, self._is_changed = state[0] and is_pure, state[1]

    def _has_changed_modules(self) -> bool:
        """Whether a module that loads share is not now as it was when it had been imported."""
        starts = [start for start, _ in self._shared]
        for cell in self.memory.changed():
            index = bisect(starts, cell.born) - 1
            if index >= 0 and cell.born < self._shared[index][1]:
                return True
        return False

    def imports_module(self, module: ModuleOf) -> None:
        """Follows a module that is imported."""
        self._follow(module.file, module.names)

    # Imports

    def import_(self, statement: syntax.Import) -> Flow:
        """Follows an import."""
        for name in statement.names:
            self._import_packages(name.module)
            if name.name == "*":
                self._import_all(name.module)
            elif name.name is None:
                self._import_whole(name)
            elif name.bound is not None:
                self.bind(name.bound, self._imported(name))
        return "next"

    def _import_packages(self, dotted: str) -> None:
        """Follows the packages around a module, which are imported before it."""
        parts = dotted.split(".")
        for count in range(1, len(parts) if parts[0] else 1):
            file = self.repo.module(".".join(parts[:count]), self.frame.file.path)
            if file is not None and file is not self.frame.file:
                self.module(file)

    def _import_all(self, dotted: str) -> None:
        file = self.repo.module(dotted, self.frame.file.path)
        if file is None or file is self.frame.file:
            self.frame.names.module.outside.append(dotted)
            return
        module = self.module(file)
        self.frame.names.module.outside.extend(module.names.outside)
        listed = module.names.own("__all__")
        names = [text_of(item) for item in listed.items] if isinstance(listed, Items) else None
        public = [each for each in module.names.variables if not each.startswith("_")]
        for name in public if names is None else names:
            variable = None if name is None else module.names.variables.get(name)
            if name is not None and variable is not None and may_be_absent(variable.content):
                before = self.frame.names.find(name) or ABSENT
                self.bind(name, choice((present(variable.content), before)))
            elif name is not None and variable is not None:
                self.bind(name, variable.content)

    def _import_whole(self, name: syntax.ImportedName) -> None:
        """`import a.b.c`, which gives the name `a`, or the whole to another name."""
        if name.renamed or "." not in name.module:
            self.bind(name.bound or name.module, self.imported_module(name.module))
            return
        top = name.module.partition(".")[0]
        inner = self.repo.module(name.module, self.frame.file.path)
        if inner is not None:
            self.module(inner)
        is_package = inner is not None and self.repo.module(top, self.frame.file.path) is None
        self.bind(top, PackageOf(top, self.frame.file) if is_package else self.imported_module(top))

    def imported_module(self, name: str) -> Value:
        """The module that `import name` gives."""
        file = self.repo.module(name, self.frame.file.path)
        return Symbol(name) if file is None or file is self.frame.file else self.module(file)

    def _imported(self, name: syntax.ImportedName) -> Value:
        here = self.frame.file
        package = self.repo.module(name.module, here.path)
        if package is not None and package is not here and name.name is not None:
            module = self.module(package)
            found = module.names.own(name.name)
            if found is not None:
                return found
        whole = self.repo.module(name.target, here.path)
        if whole is not None and whole is not here:
            return self.module(whole)
        if package is not None and package is not here and name.name is not None:
            found = self.attribute(self.module(package), name.name)
            return Symbol(name.target) if found is UNKNOWN and not name.target.startswith(".") else found
        return self._outer(name)

    def _outer(self, name: syntax.ImportedName) -> Value:
        """A name from outside, or a folder of the repository without an `__init__.py`."""
        if self.repo.is_package_folder(name.target, self.frame.file.path):
            return PackageOf(name.target, self.frame.file)
        module, _, last = name.target.rpartition(".")
        return known_attribute(Symbol(module), last) or Symbol(name.target)

    def submodule(self, module: ModuleOf | PackageOf, name: str) -> Value | None:
        """A module of the repository inside a package."""
        if isinstance(module, PackageOf):
            dotted = f"{module.name}.{name}"
            inner = self.repo.module(dotted, module.file.path)
            return PackageOf(dotted, module.file) if inner is None else self.module(inner)
        if not module.file.path.endswith("__init__.py"):
            return None
        inner = self.repo.module(f".{name}", module.file.path)
        return None if inner is None else self.module(inner)

    def module_names(self, name: str) -> Value | None:
        """What a name stands for that every module has."""
        path = PurePosixPath(self.frame.file.path)
        if name == "__debug__":
            return Known(value=True)
        if name == "__file__":
            return Known(path.as_posix())
        if name == "__name__":
            return Known(".".join(path.with_suffix("").parts))
        return None
