"""Which modules and names of Airflow's core import a provider."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from scripts.provider_tables.metadata import Wheel
from scripts.provider_tables.modules import module_of, package_of, unguarded

_PROVIDERS = "airflow.providers."
_LEFT_OUT = ("airflow.providers", "airflow.example_dags", "airflow._vendor")


def shims(cores: Iterable[Wheel], packages: dict[str, str]) -> set[tuple[str, ...]]:
    """Each module, or name in one, with the distribution that it imports."""
    return {
        (name, packages[package])
        for core in cores
        for path, source in core.sources()
        if _PROVIDERS in source and not module_of(path).startswith(_LEFT_OUT)
        for name, target in _targets(module_of(path), ast.parse(source))
        if (package := package_of(target, packages)) is not None
    }


def _targets(module: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in unguarded(tree.body):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_PROVIDERS):
            yield module, node.module or ""
        elif isinstance(node, ast.Import):
            yield from ((module, each.name) for each in node.names if each.name.startswith(_PROVIDERS))
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Dict):
            yield from _lazy(module, node.value)


def _lazy(module: str, written: ast.Dict) -> Iterator[tuple[str, str]]:
    """The names that a dict maps to a provider's, as they are imported once someone asks for them.

    A module that has nothing else counts as one that needs the provider itself.
    """
    for key, value in zip(written.keys, written.values, strict=True):
        name = key.value if isinstance(key, ast.Constant) else ""
        if not isinstance(name, str) or not name.isidentifier() or name.startswith("_"):
            continue
        if isinstance(value, ast.Dict):
            yield from _lazy(f"{module}.{name}", value)
            yield from _whole(f"{module}.{name}", value)
        elif isinstance(value, ast.Constant) and str(value.value).startswith(_PROVIDERS):
            yield f"{module}.{name}", str(value.value)


def _whole(module: str, written: ast.Dict) -> Iterator[tuple[str, str]]:
    targets = [str(each.value) for each in written.values if isinstance(each, ast.Constant)]
    providers = {".".join(target.split(".")[:4]) for target in targets}
    if len(providers) == 1 and len(targets) == len(written.values) and targets[0].startswith(_PROVIDERS):
        yield module, targets[0]
