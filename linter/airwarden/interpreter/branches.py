"""Ways that a run may take: each followed from the same state, and what they leave joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal, TypeAlias

from airwarden.interpreter.expressions import Expressions, Raised
from airwarden.interpreter.memory import Changes, widened
from airwarden.interpreter.values import Items, Value, Variable, choice, now

Flow: TypeAlias = Literal["next", "return", "break", "continue", "dead"]
"""How a run goes on after a statement; `dead` where it is not reached in this way."""


class Branches(Expressions):
    """The part of an interpreter that knows of ways."""

    def branches(self, ways: Sequence[Callable[[], Flow]]) -> Flow:
        """Follows each way from here; the ways that leave a loop or function are joined at its end."""
        ends: list[tuple[Flow, Changes, Changes]] = []
        since = now()
        for way in ways:
            self.memory.open()
            flow = way()
            leaving = self.memory.since(self.frame.depth) if flow in ("return", "break", "continue") else {}
            ends.append((flow, self.memory.undo(), leaving))
        alive: set[Flow] = {flow for flow, *_ in ends if flow != "dead"}
        if len(alive) == 1:
            self.memory.join([changes for flow, changes, _ in ends if flow != "dead"], since)
            return alive.pop()
        for flow, _, leaving in ends:
            if flow not in ("next", "dead"):
                self.frame.exits.append((flow, leaving))
        going_on = [changes for flow, changes, _ in ends if flow == "next"]
        self.memory.join(going_on, since)
        return "next" if going_on else "dead"

    def either(self, ways: Sequence[Callable[[], Value]]) -> Value:
        """What one of several computations gives; which of them is made, only a run can tell."""
        if len(ways) == 1:
            return ways[0]()
        found: list[Value] = []

        def way(compute: Callable[[], Value]) -> Flow:
            try:
                found.append(compute())
            except Raised:
                return "dead"
            return "next"

        if self.branches([partial(way, compute) for compute in ways]) == "dead":
            raise Raised
        return choice(found)

    def rejoined(self, kind: Flow, flow: Flow, first_exit: int, since: int) -> bool:
        """Ends a layer in which branches may have left by `kind`; whether any way leads on from here.

        `flow` is how the straight way ended, `first_exit` the number of exits there were before, and `since`
        when the layer was opened.
        """
        exits = self.frame.exits
        leaving = [changes for each, changes in exits[first_exit:] if each == kind]
        exits[first_exit:] = [entry for entry in exits[first_exit:] if entry[0] != kind]
        goes_on = flow in ("next", kind)
        if not leaving:
            self.memory.keep()
            return goes_on
        changes = self.memory.undo()
        self.memory.join([changes, *leaving] if goes_on else leaving, since)
        return True

    def maybe(self, turn: Callable[[], Flow]) -> Flow:
        """Follows a turn of a loop that may come any number of times, once or not at all."""

        def once() -> Flow:
            flow = turn()
            for cell, before in self.memory.top():
                if isinstance(cell, Variable):
                    after = widened(before, cell.content)
                    if after is not cell.content:
                        self.memory.write(cell, after)
                elif isinstance(cell, Items) and len(cell.items) > len(before[0]):
                    self.memory.write(cell, (cell.items, False))
            return flow

        return self.branches([once, lambda: "next"])
