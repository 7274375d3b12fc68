"""What an annotation declares a value to be."""

from __future__ import annotations

from airwarden import syntax
from airwarden.bulk.apis import bulk_apis
from airwarden.bulk.definitions import Definitions
from airwarden.bulk.values import UNKNOWN, Step, Value, born
from airwarden.dag import DagFile
from airwarden.patterns import regex

_CONTAINERS = frozenset(
    {"Dict", "List", "Mapping", "Sequence", "Set", "Tuple", "dict", "list", "set", "tuple"}
)
_DICTS = frozenset({"Dict", "Mapping", "dict"})
_STREAMS = frozenset({"AsyncGenerator", "AsyncIterator", "Generator", "Iterable", "Iterator"})
_CHOICES = frozenset({"Annotated", "Final", "Optional", "Union"})
_DOTTED = regex(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def annotated(
    annotation: syntax.Expression, file: DagFile, scope: syntax.Scope, definitions: Definitions
) -> Value:
    """The value that an annotation declares: of a type of the tables, an instance of a class of the
    repository, or a container of one; unknown for anything else.
    """
    match annotation:
        case syntax.Name() | syntax.Attribute():
            return _named(annotation, annotation, file, scope, definitions)
        case syntax.Constant(value=str() as text) if _DOTTED.fullmatch(text):
            return _named(_expression(text), annotation, file, scope, definitions)
        case syntax.Operation(operands=operands):
            values = (annotated(each, file, scope, definitions) for each in operands)
            return next((value for value in values if value is not UNKNOWN), UNKNOWN)
        case syntax.Subscript(value=outer, index=index):
            name = outer.name if isinstance(outer, syntax.Attribute) else getattr(outer, "id", "")
            items = index.items if isinstance(index, syntax.Sequence) else (index,)
            values = (annotated(each, file, scope, definitions) for each in items)
            inner = next((value for value in values if value is not UNKNOWN), UNKNOWN)
            return _wrapped(name, inner)
        case _:
            return UNKNOWN


def _wrapped(name: str, inner: Value) -> Value:
    if inner is UNKNOWN or name in _CHOICES:
        return inner
    if name in _CONTAINERS:
        noun = "dict" if name in _DICTS else ""
        return Value("container", noun=noun, held=((None, inner),))
    return Value("chunks", held=((None, inner),)) if name in _STREAMS else UNKNOWN


def _named(
    name: syntax.Expression,
    place: syntax.Expression,
    file: DagFile,
    scope: syntax.Scope,
    definitions: Definitions,
) -> Value:
    apis = bulk_apis()
    for full in file.names(name, scope):
        made = apis.named(full)
        if made is not None:
            return born(made, Step(file, place, f"declared to be {apis.types[made].noun}"))
    if not isinstance(name, syntax.Name) or scope.lookup(name.id) is None:
        return UNKNOWN
    found = definitions.name(name.id, file, scope).definition
    is_class = found is not None and isinstance(found.node, syntax.Class)
    return Value("instance", definition=found) if is_class else UNKNOWN


def _expression(dotted: str) -> syntax.Expression:
    first, *rest = dotted.split(".")
    expression: syntax.Expression = syntax.Name(first)
    for name in rest:
        expression = syntax.Attribute(expression, name)
    return expression
