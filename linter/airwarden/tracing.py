"""What an answer was made from: inputs, and other answers that have inputs of their own."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar, overload

if TYPE_CHECKING:
    from typing_extensions import Self

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")

Input: TypeAlias = tuple[str, ...]
"""A question that was put to the repository, with its answer where that is short."""


class Trace:
    """The inputs of one answer, and the traces of the answers that it was made from."""

    __slots__ = ("inputs", "is_shared", "parts")

    def __init__(self, *, is_shared: bool = False) -> None:
        self.inputs: set[Input] = set()
        self.parts: set[Trace] = set()
        self.is_shared = is_shared
        """Whether many answers are likely to be made from this one."""

    def flat(self) -> tuple[set[Input], set[Trace]]:
        """All inputs but those that lie behind shared traces, and the nearest of these."""
        inputs, shared = set[Input](), set[Trace]()
        pending: list[Trace] = [self]
        seen: set[Trace] = {self}
        while pending:
            each = pending.pop()
            inputs |= each.inputs
            for part in each.parts - seen:
                seen.add(part)
                (shared.add if part.is_shared else pending.append)(part)
        return inputs, shared


class Tracer:
    """Notes what is asked of a repository on behalf of the answer that is being made."""

    def __init__(self) -> None:
        self.current = Trace()

    def note(self, *question: str) -> None:
        """Notes one input of the answer that is being made."""
        self.current.inputs.add(question)

    @contextmanager
    def answer(self, *, is_shared: bool = False) -> Iterator[Trace]:
        """What is asked inside is noted in a trace of its own, which is a part of the one around it."""
        around, self.current = self.current, Trace(is_shared=is_shared)
        try:
            yield self.current
        finally:
            around.parts.add(self.current)
            self.current = around

    def again(self, trace: Trace) -> None:
        """Notes that an answer which is there already is used once more."""
        if trace is not self.current:
            self.current.parts.add(trace)


class Traced(Protocol):
    """Whatever keeps answers about a repository."""

    @property
    def tracer(self) -> Tracer:
        """That of the repository."""
        ...


class Answers(Generic[_K, _V]):
    """Answers by what was asked, each made once; whoever gets one takes over what it was made from."""

    def __init__(self, tracer: Tracer, *, are_shared: bool = False) -> None:
        self._tracer = tracer
        self._are_shared = are_shared
        self._found: dict[_K, tuple[_V, Trace]] = {}

    def get(self, key: _K, make: Callable[[], _V], *meanwhile: _V) -> _V:
        """The answer for a key, made if this is the first time that it is asked for. Whoever asks for it
        while it is being made gets what is given for `meanwhile`.
        """
        found = self._found.get(key)
        if found is None:
            with self._tracer.answer(is_shared=self._are_shared) as trace:
                for each in meanwhile:
                    self._found[key] = each, trace
                value = make()
            found = self._found[key] = (value, trace)
        else:
            self._tracer.again(found[1])
        return found[0]

    def __contains__(self, key: _K) -> bool:
        return key in self._found

    def known(self, key: _K) -> _V | None:
        """The answer for a key where it was made already; nothing is noted."""
        found = self._found.get(key)
        return None if found is None else found[0]


class traced_property(Generic[_V]):  # noqa: N801 (stands where cached_property would)
    """A cached property of something `Traced`: whoever reads it takes over what it was made from."""

    def __init__(self, make: Callable[[Any], _V]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"__kept_{name}"

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: Traced, owner: type) -> _V: ...
    def __get__(self, instance: Traced | None, owner: type) -> _V | Self:
        if instance is None:
            return self
        found = instance.__dict__.get(self._name)
        if found is None:
            with instance.tracer.answer(is_shared=True) as trace:
                value = self._make(instance)
            instance.__dict__[self._name] = (value, trace)
            return value
        kept: tuple[_V, Trace] = found
        instance.tracer.again(kept[1])
        return kept[0]

    def kept(self, instance: Traced) -> tuple[_V, Trace] | None:
        """The value and what it was made from, where it was asked for already; nothing is noted."""
        found: tuple[_V, Trace] | None = instance.__dict__.get(self._name)
        return found

    def keep(self, instance: Traced, value: tuple[_V, Trace]) -> None:
        """Gives the value, and what it was made from."""
        instance.__dict__[self._name] = value
