"""Dataclasses whose methods are made late are dataclasses."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest
from airwarden import records


@records.dataclass(frozen=True, order=True)
class Late:
    """A class."""

    name: str
    size: int = 1


@records.dataclass(frozen=True)
class LateBase:
    first: str


@records.dataclass(frozen=True)
class LateHeir(LateBase):
    second: tuple[str, ...] = field(default_factory=tuple)


@records.dataclass
class LatePlain:
    size: int = 3


def test_a_late_dataclass_is_one() -> None:
    one, other = Late("a", size=2), Late("a", 2)
    assert one == other
    assert hash(one) == hash(other)
    assert repr(one) == "Late(name='a', size=2)"
    assert Late("a") < replace(one, size=3)
    assert [each.name for each in fields(one)] == ["name", "size"]
    match one:
        case Late(name, size):
            assert (name, size) == ("a", 2)
    with pytest.raises(FrozenInstanceError):
        one.size = 4  # type: ignore[misc]
    with pytest.raises(TypeError):
        Late()  # type: ignore[call-arg]


def test_an_heir_may_come_first() -> None:
    assert LateHeir("a", ("b",)) == LateHeir(first="a", second=("b",))
    assert LateHeir("a").second == ()
    assert LateBase("a") != LateHeir("a")
    assert LateBase("a") == LateBase("a")


def test_a_base_may_come_first() -> None:
    @records.dataclass(frozen=True)
    class Base:
        first: str

    @records.dataclass(frozen=True)
    class Heir(Base):
        second: str

    assert Base("a") == Base("a")
    assert repr(Heir("a", "b")).endswith("Heir(first='a', second='b')")
    assert Heir("a", "b") == Heir("a", "b")


def test_a_mutable_one_has_defaults_and_no_hash() -> None:
    one = LatePlain()
    one.size += 1
    assert one == LatePlain(4)
    with pytest.raises(TypeError):
        hash(one)


def test_one_with_slots_or_an_init_of_its_own_is_made_at_once() -> None:
    @records.dataclass(slots=True)
    class Slotted:
        size: int

    @records.dataclass
    class Own:
        size: int

        def __init__(self) -> None:
            self.size = 5

    assert not hasattr(Slotted(1), "__dict__")
    assert Own() == Own()
    assert repr(Own()).endswith("Own(size=5)")


def test_a_pickled_one_is_whole_in_a_process_that_has_made_none() -> None:
    code = (
        "import pickle, sys; sys.path.insert(0, '.')\n"
        "from tests.test_records import Late\n"
        f"one = pickle.loads({pickle.dumps(Late('a', 2))!r})\n"
        "assert one == Late('a', 2) and len({one, Late('a', 2)}) == 1"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_methods_are_those_of_the_standard_library() -> None:
    @dataclass(frozen=True)
    class Early:
        name: str

    @records.dataclass(frozen=True)
    class Later:
        name: str

    Later("a")
    assert {name for name in vars(Early) if name.startswith("__")} == {
        name for name in vars(Later) if name.startswith("__")
    }
