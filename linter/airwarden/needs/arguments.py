"""The arguments of a file that a class of a provider takes only since some version."""

from __future__ import annotations

from collections.abc import Iterator

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.distributions.lifetimes import argument_since
from airwarden.distributions.modules import need_of_module
from airwarden.needs.found import Found, Names
from airwarden.needs.places import Places, milder
from airwarden.needs.use import When


def arguments(file: DagFile, places: Places, names: Names) -> Iterator[Found]:
    """Every keyword argument that is younger than the class it is given to."""
    for site in file.module.calls:
        made = _class(file, site)
        if made is None or need_of_module(made) is None:
            continue
        for argument in site.call.arguments:
            if argument.keyword and argument_since(made, argument.keyword) is not None:
                need, when = names.need(made, file.path), places.when(site.call, site.scope)
                if need and when:
                    name = f"{made.rpartition('.')[2]}({argument.keyword}=...)"
                    when = milder(when, _guard(site))
                    yield Found(argument, need, name, when, made, argument.keyword)


def _class(file: DagFile, site: syntax.CallSite) -> str | None:
    """The class of a provider that a call makes, or with `partial` and `expand` will make, tasks of."""
    called = site.call.function
    if isinstance(called, syntax.Attribute) and called.name in ("expand", "expand_kwargs"):
        called = called.value.function if isinstance(called.value, syntax.Call) else called
    names = file.names(called, site.scope)
    if len(names) != 1 or not any(argument.keyword for argument in site.call.arguments):
        return None
    made = names[0].removesuffix(".partial")
    return made if "." in made.strip(".") else None


def _guard(site: syntax.CallSite) -> When:
    """`guarded` where the name that is called is imported in a place that may not be reached."""
    called = site.call.function
    while isinstance(called, (syntax.Attribute, syntax.Call)):
        called = called.value if isinstance(called, syntax.Attribute) else called.function
    found = site.scope.lookup(called.id) if isinstance(called, syntax.Name) else None
    return "guarded" if found is not None and any(each.conditional for each in found[1]) else "load"
