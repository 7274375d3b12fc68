"""Ways that a run may take: each followed from the same state, and what they leave joined."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from airwarden.interpreter.expressions import MOST_BLOCKS, Exhausted, Exit, Expressions, Flow, Raised
from airwarden.interpreter.memory import Changes, covers, widened
from airwarden.interpreter.values import UNKNOWN, Symbol, Value, choice, now
from airwarden.records import dataclass

_MOST_TURNS = 6
_SURE_TURNS = 2
_LEAVING = ("return", "break", "continue", "raise")


@dataclass(frozen=True)
class End:
    """How one way through something ended, what it changed, and what it raised."""

    flow: Flow
    changes: Changes
    failure: Value = UNKNOWN


class Branches(Expressions):
    """The part of an interpreter that knows of ways."""

    def branches(self, ways: Sequence[Callable[[], Flow]], parted: int | None = None) -> Flow:
        """Follows each way from here; the ways that leave a loop or function are joined at its end.

        `parted` is when the ways did part, where that was before now.
        """
        since = now() if parted is None else parted
        if self.blocks >= MOST_BLOCKS:
            raise Exhausted
        self.blocks += 1
        try:
            ends = [self._followed(way) for way in ways]
        finally:
            self.blocks -= 1
        alive: set[Flow] = {end.flow for end, _ in ends if end.flow != "dead"}
        if len(alive) == 1:
            flow = alive.pop()
            self.memory.join([end.changes for end, _ in ends if end.flow != "dead"], since)
            self.failure = choice(end.failure for end, _ in ends if end.flow == flow)
            return flow
        for end, leaving in ends:
            if end.flow in _LEAVING and leaving is not None:
                self.frame.exits.append(Exit(end.flow, leaving, end.failure))
        going_on = [end.changes for end, _ in ends if end.flow == "next"]
        self.memory.join(going_on, since)
        return "next" if going_on else "dead"

    def _followed(self, way: Callable[[], Flow]) -> tuple[End, Changes | None]:
        """How a way ends, and the state in which it leaves the function, loop or `try` around it."""
        self.memory.open()
        flow = self.guarded(way)
        leaving = self.leaving(flow)
        return End(flow, self.memory.undo(), self.failure if flow == "raise" else UNKNOWN), leaving

    def leaving(self, flow: Flow) -> Changes | None:
        """The state in which a way leaves what is around it; None where nobody asks for it."""
        if flow == "raise":
            return self._state(self.catchers[-1]) if self.catchers else None
        return self._state(self.frame.depth) if flow in _LEAVING else None

    def _state(self, depth: int) -> Changes:
        """What all cells hold now that were changed above a layer, which is kept for each way that leaves."""
        changes = self.memory.since(depth)
        self.charge(len(changes) // 20)
        return changes

    def either(self, ways: Sequence[Callable[[], Value]]) -> Value:
        """What one of several computations gives; which of them is made, only a run can tell."""
        if len(ways) == 1:
            return ways[0]()
        found: list[Value] = []

        def way(compute: Callable[[], Value]) -> Flow:
            return self.flow_of(lambda: found.append(compute()))

        if self.branches([partial(way, compute) for compute in ways]) != "next":
            raise Raised(self.failure)
        return choice(found)

    def attempted(self, follow: Callable[[], Flow], flows: Sequence[Flow]) -> list[End]:
        """How each way through something ends that may be left by one of `flows`; the state stays."""
        exits, since = self.frame.exits, now()
        first, frames = len(exits), len(self.frames)
        self.catchers.append(self.memory.depth)
        self.memory.open()
        flow = self.guarded(follow)
        del self.catchers[-1], self.frames[frames:]
        straight = End(flow, self.memory.undo(), self.failure if flow == "raise" else UNKNOWN)
        taken = [each for each in exits[first:] if each.flow in flows]
        exits[first:] = [each for each in exits[first:] if each.flow not in flows]
        ends = [] if flow == "dead" else [straight]
        for kind in flows:
            same = [each for each in taken if each.flow == kind]
            if same:
                changes = self.memory.joined([each.changes for each in same], since)
                ends.append(End(kind, changes, choice(each.failure for each in same)))
        return ends

    def survived(self, follow: Callable[[], object]) -> None:
        """Follows something after which the run goes on, even where it raises."""
        since = now()
        ends = self.attempted(partial(self.flow_of, follow), ["raise"])
        self.memory.join([end.changes for end in ends], since)

    def rejoined(self, kind: Flow, flow: Flow, first_exit: int, since: int) -> bool:
        """Ends a layer in which branches may have left by `kind`; whether any way leads on from here.

        `flow` is how the straight way ended, `first_exit` the number of exits there were before, and `since`
        when the layer was opened.
        """
        exits = self.frame.exits
        leaving = [each.changes for each in exits[first_exit:] if each.flow == kind]
        exits[first_exit:] = [each for each in exits[first_exit:] if each.flow != kind]
        goes_on = flow in ("next", kind)
        if not leaving:
            self.memory.keep()
            return goes_on
        if not goes_on and flow in _LEAVING:
            self.leave(flow)
        changes = self.memory.undo()
        self.memory.join([changes, *leaving] if goes_on else leaving, since)
        return True

    def leave(self, flow: Flow) -> None:
        """Notes that one way leaves what is around it, here and now."""
        leaving = self.leaving(flow)
        if leaving is not None:
            self.frame.exits.append(Exit(flow, leaving, self.failure if flow == "raise" else UNKNOWN))

    def may_raise(self, name: str) -> None:
        """Notes that an exception of that name may be raised here and now."""
        if self.catchers:
            self.failure = Symbol(name)
            self.leave("raise")

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Runs something that may end anywhere; what runs now goes on undisturbed."""
        state = self.aside, self.rehearsals, self.catchers
        frames, self.catchers = len(self.frames), []
        try:
            yield
        finally:
            del self.frames[frames:]
            self.aside, self.rehearsals, self.catchers = state

    # Loops of which it is not known how often they turn

    def maybe(self, turn: Callable[[], Flow]) -> Flow:
        """Follows a turn of a loop that may come any number of times, once or not at all."""
        self._settle(turn)
        return self.branches([turn, lambda: "next"])

    def _settle(self, turn: Callable[[], Flow]) -> None:
        """Makes every cell hold what it may hold after any number of turns, none included."""
        for rounds in range(_MOST_TURNS):
            changes = self._rehearsed(turn)
            moved = {key: change for key, change in changes.items() if not covers(*change)}
            if not moved:
                return
            if rounds < _SURE_TURNS:
                self.memory.join([moved, {}], now())
            for cell, content in moved.values():
                self.memory.write(cell, widened(cell, content, rounds >= _SURE_TURNS))

    def _rehearsed(self, turn: Callable[[], Flow]) -> Changes:
        """What a turn would change of what was there before, where another turn may follow."""
        frame, since = self.frame, now()
        exits, returned = len(frame.exits), len(frame.returned)
        self.aside += 1
        self.rehearsals += 1
        self.memory.open()
        flow = self.guarded(turn)
        del frame.exits[exits:], frame.returned[returned:]
        self.aside -= 1
        self.rehearsals -= 1
        changes = self.memory.undo()
        if flow != "next":
            return {}
        self.memory.apply({key: change for key, change in changes.items() if change[0].born > since})
        return {key: change for key, change in changes.items() if change[0].born < since}
