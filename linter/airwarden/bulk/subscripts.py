"""What a subscript takes out of a value: a column, a part, one item."""

from __future__ import annotations

from airwarden import syntax
from airwarden.bulk.apis import bulk_apis
from airwarden.bulk.calls import bounded
from airwarden.bulk.queries import FEW
from airwarden.bulk.values import UNKNOWN, Value, any_of, derived, is_a, part_of

_FEW_LETTERS = 100_000


def subscripted(receiver: Value, key: syntax.Expression, index: Value, in_loop: bool = False) -> Value:
    """What `receiver[key]` gives, where `key` has the value `index`; in a loop, what all rounds give."""
    if receiver.type == "container":
        return receiver.at(key.value) if isinstance(key, syntax.Constant) else any_of(receiver)
    if receiver.type in ("record", "field"):
        return derived(receiver, "field")
    if receiver.bulk is None:
        return receiver if receiver.type == "small" else _part(receiver, key)
    if isinstance(key, syntax.Slice):
        is_cut = receiver.type == "text" or is_a(receiver, "content")
        return bounded(receiver) if _is_short(key, in_loop, _FEW_LETTERS if is_cut else FEW) else receiver
    if is_a(receiver, "document"):
        return part_of(receiver, key)
    if is_a(receiver, "column"):
        return receiver if index.bulk is not None else UNKNOWN
    return _of_frame(receiver, key, index) if is_a(receiver, "frame") else UNKNOWN


def _part(receiver: Value, key: syntax.Expression) -> Value:
    """What stands under a name in a value that is no bulk data itself."""
    made = bulk_apis().types.get(receiver.type)
    is_named = isinstance(key, syntax.Constant) and isinstance(key.value, str)
    return derived(receiver, made.column) if made and made.column and is_named else UNKNOWN


def _of_frame(frame: Value, key: syntax.Expression, index: Value) -> Value:
    if index.bulk is not None or isinstance(key, syntax.Operation) or index.type == "container":
        return frame
    column = bulk_apis().types[frame.type].column
    is_position = isinstance(key, syntax.Constant) and not isinstance(key.value, str)
    return derived(frame, column) if column and not is_position else UNKNOWN


def located(frame: Value, index: syntax.Expression, rows: Value) -> Value:
    """What `frame.loc[index]` or `frame.iloc[index]` gives, where its rows are chosen by the value `rows`."""
    if frame.bulk is None:
        return frame if frame.type == "small" else UNKNOWN
    chosen, columns = parts(index)
    if isinstance(chosen, syntax.Slice):
        if _is_short(chosen):
            return bounded(frame)
    elif rows.bulk is None and not isinstance(chosen, syntax.Operation):
        return UNKNOWN
    if columns is None or isinstance(columns, (syntax.Slice, syntax.Sequence)) or is_a(frame, "column"):
        return frame
    return derived(frame, "column") if isinstance(columns, syntax.Constant) else UNKNOWN


def parts(index: syntax.Expression) -> tuple[syntax.Expression, syntax.Expression | None]:
    """What chooses the rows and, after a comma, the columns."""
    if isinstance(index, syntax.Sequence) and index.kind == "tuple" and len(index.items) == 2:
        return index.items[0], index.items[1]
    return index, None


def _is_short(index: syntax.Slice, in_loop: bool = False, few: int = FEW) -> bool:
    """Whether a slice has an end that bounds it, or starts so far from the end.

    In a loop one that moves on does not: batch after batch makes the whole.
    """
    if in_loop and index.lower is not None and not isinstance(index.lower, syntax.Constant):
        return False
    match index.lower, index.upper:
        case _, syntax.Constant(value=int() as upper):
            return 0 <= upper <= few
        case syntax.Constant(value=int() as lower), None:
            return -few <= lower < 0
        case _, None:
            return False
        case _:
            return True
