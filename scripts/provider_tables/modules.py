"""Modules of Python, as paths, names and what stands at their top."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator


def module_of(path: str) -> str:
    """The dotted name of a file's module."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def package_of(dotted: str, packages: Iterable[str]) -> str | None:
    """The longest of some packages that a module is in."""
    found = [package for package in packages if f"{dotted}.".startswith(f"{package}.")]
    return max(found, key=len, default=None)


def unguarded(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that always run when a module is loaded."""
    for node in body:
        if isinstance(node, ast.With):
            yield from unguarded(node.body)
        elif not isinstance(node, (ast.If, ast.Try, ast.For, ast.While)):
            yield node
