"""An interpreter of the repository's modules: each is followed once, when it is first imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.interpreter.branches import Flow
from airwarden.interpreter.expressions import Exhausted, Frame, Raised
from airwarden.interpreter.outside import known_attribute
from airwarden.interpreter.statements import Statements
from airwarden.interpreter.values import (
    NONE,
    UNKNOWN,
    Items,
    Known,
    ModuleOf,
    Namespace,
    PackageOf,
    Symbol,
    Value,
    text_of,
)
from airwarden.repo import Repo

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
        self._importing = 0

    # Running

    def follow(self, file: DagFile) -> Namespace:
        """Follows a module from its first line to its last, anew, and returns its names."""
        names = Namespace("module", file.module.scope, None)
        self._follow(file, names)
        return names

    def _follow(self, file: DagFile, names: Namespace) -> None:
        def whole() -> Value:
            self.block(file.module.body)
            return NONE

        self.within(file, names, whole)

    def within(self, file: DagFile, names: Namespace, follow: Callable[[], Value]) -> Value:
        """Follows something as if it stood at the end of a module."""
        steps, most, depth, frames = self.steps, self.most_steps, self.memory.depth, len(self.frames)
        self.steps, self.most_steps = 0, self.budget
        self.frames.append(Frame(file, names, depth))
        try:
            return follow()
        except Raised:
            self.memory.abandon(depth)
            return UNKNOWN
        except (Exhausted, RecursionError):
            self.exhausted.add(file.path)
            self.memory.abandon(depth)
            return UNKNOWN
        finally:
            del self.frames[frames:]
            self.steps, self.most_steps = steps, most

    def module(self, file: DagFile) -> ModuleOf:
        """A module as others import it: followed once, whoever asks first."""
        found = self._modules.get(file.path)
        if found is None:
            found = ModuleOf(file, Namespace("module", file.module.scope, None))
            self._modules[file.path] = found
            if self._importing < _MOST_IMPORTS:
                self._importing += 1
                with self.memory.fresh():
                    self.imports_module(found)
                self._importing -= 1
        return found

    def imports_module(self, module: ModuleOf) -> None:
        """Follows a module that is imported."""
        self._follow(module.file, module.names)

    # Imports

    def import_(self, statement: syntax.Import) -> Flow:
        """Follows an import."""
        for name in statement.names:
            if name.name == "*":
                self._import_all(name.module)
            elif name.name is None:
                self._import_whole(name)
            elif name.bound is not None:
                self.bind(name.bound, self._imported(name))
        return "next"

    def _import_all(self, dotted: str) -> None:
        file = self.repo.module(dotted, self.frame.file.path)
        if file is None or file is self.frame.file:
            self.frame.names.module.outside.append(dotted)
            return
        module = self.module(file)
        self.frame.names.module.outside.extend(module.names.outside)
        listed = module.names.own("__all__")
        names = [text_of(item) for item in listed.items] if isinstance(listed, Items) else None
        for name in names or [each for each in module.names.variables if not each.startswith("_")]:
            value = None if name is None else module.names.own(name)
            if name is not None and value is not None:
                self.bind(name, value)

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
