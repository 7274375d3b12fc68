"""What stands in a module: the names at its top, and how its classes are made."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Made:
    """A class as it is written: its bases as dotted names, and what its own constructor takes.

    `named` are the arguments that its constructor names, `taken` these and what it may look for in the rest,
    None where it has no constructor of its own. `is_open` where it hands unknown names on;
    `is_unclear` where it can't be told what it takes.
    """

    bases: tuple[str, ...]
    named: frozenset[str]
    taken: frozenset[str] | None
    is_open: bool
    is_unclear: bool


@dataclass
class Contents:
    """The names at the top of a module: `defined` are its classes, functions and the methods that notify
    without waiting, `bound` any others.

    `imports` are what names stand for. `is_unclear` where it may have further ones.
    """

    defined: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)
    classes: dict[str, Made] = field(default_factory=dict)
    is_unclear: bool = False

    def has(self, name: str) -> bool:
        """Whether the module may have a name."""
        return self.is_unclear or name in self.defined or name in self.bound


def contents(source: str) -> Contents:
    """Reads the text of a module."""
    found = Contents()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError):
        found.is_unclear = True
        return found
    for node in _everywhere(tree.body):
        _add(found, node)
    return found


def _everywhere(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, and of its blocks, but not of its functions and classes."""
    for node in body:
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
            handlers = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.ExceptHandler)]
            yield from _everywhere([*inner, *(each for handler in handlers for each in handler.body)])


def _add(found: Contents, node: ast.stmt) -> None:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        found.defined.add(node.name)
        found.is_unclear |= node.name == "__getattr__"
        if isinstance(node, ast.ClassDef):
            found.classes[node.name] = _made(node)
            found.defined |= {f"{node.name}.{each}" for each in _told_apart(node)}
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        _add_imports(found, node)
    else:
        names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
        found.bound |= {each.id for each in names if isinstance(each.ctx, ast.Store)}


def _told_apart(node: ast.ClassDef) -> set[str]:
    """The methods that decide where a class may be used."""
    return {each.name for each in node.body if isinstance(each, ast.AsyncFunctionDef)} & {"async_notify"}


def _add_imports(found: Contents, node: ast.Import | ast.ImportFrom) -> None:
    prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) and node.module else ""
    for each in node.names:
        if each.name == "*":
            found.is_unclear = True
            continue
        name = each.asname or each.name.partition(".")[0]
        found.bound.add(name)
        found.imports[name] = f"{prefix}{each.name}" if prefix or each.asname else name


def _made(node: ast.ClassDef) -> Made:
    bases = tuple(ast.unparse(base).partition("[")[0] for base in node.bases)
    methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
    own = [each for each in methods if each.name == "__init__"]
    is_unclear = bool(node.keywords) or any(each.name == "__new__" for each in methods)
    is_unclear |= len(own) > 1 or any(not isinstance(each, ast.FunctionDef) for each in _inits(node))
    is_unclear |= any(
        "dataclass" in ast.unparse(each) or "define" in ast.unparse(each) for each in node.decorator_list
    )
    if not own:
        return Made(bases, frozenset(), None, True, is_unclear)
    named, is_open = named_arguments(own[0])
    taken = named | constants(own[0]) if is_open else named
    return Made(bases, named, taken, is_open, is_unclear or (is_open and not _hands_on(own[0])))


def _hands_on(function: ast.FunctionDef) -> bool:
    """Whether a constructor hands unknown names to that of a base, and else only looks for certain ones."""
    rest = function.args.kwarg
    uses = [
        each for each in ast.walk(function) if isinstance(each, ast.Name) and rest and each.id == rest.arg
    ]
    handed, looked_at = set[int](), set[int]()
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".__init__"):
            handed |= {id(each.value) for each in node.keywords if each.arg is None}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named = node.args and isinstance(node.args[0], ast.Constant)
            looked_at |= {id(node.func.value)} if named else set()
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            looked_at.add(id(node.value))
        elif isinstance(node, ast.Compare) and isinstance(node.left, ast.Constant):
            looked_at |= {id(each) for each in node.comparators}
    return any(id(use) in handed for use in uses) and all(id(use) in handed | looked_at for use in uses)


def named_arguments(function: ast.FunctionDef) -> tuple[frozenset[str], bool]:
    """The arguments that a function names, and whether it takes any others by name."""
    own = function.args
    names = {each.arg for each in (*own.posonlyargs, *own.args, *own.kwonlyargs)} - {"self"}
    return frozenset(names), own.kwarg is not None


def constants(function: ast.FunctionDef) -> frozenset[str]:
    """The texts in a function that may be the names of arguments."""
    found = [each.value for each in ast.walk(function) if isinstance(each, ast.Constant)]
    return frozenset(each for each in found if isinstance(each, str) and each.isidentifier())


def _inits(node: ast.ClassDef) -> Iterator[ast.stmt]:
    """Whatever binds `__init__` in a class, in a block too."""
    for each in _everywhere(node.body):
        names = [
            name.id
            for name in ast.walk(each)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        ]
        if "__init__" in names and not isinstance(
            each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        ):
            yield each
