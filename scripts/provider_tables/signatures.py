"""Which arguments the constructors of a provider's classes take, and since when."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from scripts.provider_tables.contents import Contents, constants, named_arguments
from scripts.provider_tables.lifetimes import Edition
from scripts.provider_tables.metadata import Wheel

State: TypeAlias = Mapping[str, Contents]

_BASES = {
    "BaseOperator": (),
    "BaseSensorOperator": ("BaseOperator",),
    "BaseBranchOperator": ("BaseOperator",),
    "BaseNotifier": (),
    "BaseHook": (),
    "LoggingMixin": (),
    "SkipMixin": (),
    "BranchMixIn": (),
}
"""The classes of Airflow's core that refuse arguments they don't know, and what they are made of."""

_PLAIN = frozenset({"object", "ABC", "abc.ABC", "Generic", "Protocol", "typing.Generic"})
_KINDS = frozenset(
    {
        "operators",
        "sensors",
        "transfers",
        "hooks",
        "notifications",
        "notifiers",
        "notifier",
        "secrets",
        "xcom",
    }
)


def base_arguments(wheels: Iterable[Wheel]) -> dict[str, frozenset[str]]:
    """What the constructors of Airflow's own classes take in any of its versions."""
    own = defaultdict[str, set[str]](set)
    for wheel in wheels:
        for _, source in wheel.sources():
            if re.search(rf"^class (?:{'|'.join(_BASES)})\b", source, re.MULTILINE):
                for name, arguments in _constructors(ast.parse(source)):
                    own[name] |= arguments
    return {
        name: frozenset(own[name].union(*(own[base] for base in bases))) for name, bases in _BASES.items()
    }


def _constructors(tree: ast.Module) -> Iterator[tuple[str, frozenset[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in _BASES:
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name == "__init__":
                    yield node.name, named_arguments(method)[0] | constants(method)


def argument_rows(
    editions: Sequence[Edition], bases: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, str, str]]:
    """Each class with the arguments that it was given after its first release, by the version that did."""
    classes = {
        (module, name)
        for edition in editions
        for state in edition.states
        for module, found in state.items()
        if not _KINDS.isdisjoint(module.split("."))
        for name in found.classes
        if not name.startswith("_")
    }
    for module, name in sorted(classes):
        given = defaultdict[str, list[str]](list)
        for argument, since in _given(editions, module, name, bases):
            given[since].append(argument)
        for since, arguments in given.items():
            yield f"{module}.{name}", since, " ".join(sorted(arguments))


def _given(
    editions: Sequence[Edition], module: str, name: str, bases: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, str]]:
    """The arguments of one class that some release lacks, that the next names and no later one lacks."""
    having = [edition for edition in editions if edition.has(module, name)]
    takes = [[_taken(state, module, name, bases) for state in edition.states] for edition in having]
    named = {
        argument for edition in having for state in edition.states for argument in _named(state, module, name)
    }
    for argument in sorted(named - {"args", "kwargs"}):
        lacks = [all(taken is not None and argument not in taken for taken in each) for each in takes]
        if True in lacks and False in lacks:
            first = lacks.index(False)
            is_named = any(taken is not None and argument in taken for taken in takes[first])
            if all(lacks[:first]) and first and is_named and not any(lacks[first:]):
                yield argument, having[first].version


def _named(state: State, module: str, name: str) -> frozenset[str]:
    found = state[module].classes.get(name) if module in state else None
    if found is None:
        return frozenset()
    inherited = [_named(state, *where) for base in found.bases if (where := _where(state, module, base))]
    return found.named.union(*inherited) if found.is_open else found.named


def _taken(
    state: State, module: str, name: str, bases: Mapping[str, frozenset[str]], depth: int = 0
) -> frozenset[str] | None:
    """What a class's constructor takes, itself or by its bases; None where that can't be told."""
    if module not in state or state[module].is_unclear or depth > 9:
        return None
    found = state[module].classes.get(name)
    if found is None:
        where = _where(state, module, name)
        return None if where in (None, (module, name)) else _taken(state, *where, bases, depth + 1)
    if found.is_unclear:
        return None
    own = found.taken or frozenset()
    if found.taken is not None and not found.is_open:
        return own
    if found.taken is not None and not found.bases:
        return None
    inherited = [_of_base(state, module, base, bases, depth) for base in found.bases]
    known = [each for each in inherited if each is not None]
    return own.union(*known) if len(known) == len(inherited) else None


def _of_base(
    state: State, module: str, base: str, bases: Mapping[str, frozenset[str]], depth: int
) -> frozenset[str] | None:
    if base in _PLAIN:
        return frozenset()
    where = _where(state, module, base)
    if where is not None:
        return _taken(state, *where, bases, depth + 1)
    return bases.get(base.rpartition(".")[2])


def _where(state: State, module: str, dotted: str) -> tuple[str, str] | None:
    """The module of the same provider that a name in one stands for a class of."""
    if module not in state:
        return None
    if dotted in state[module].classes:
        return module, dotted
    first, _, rest = dotted.partition(".")
    target = state[module].imports.get(first)
    if target is None:
        return None
    whole = f"{target}.{rest}" if rest else target
    owner, _, name = whole.rpartition(".")
    return (owner, name) if owner in state else None
