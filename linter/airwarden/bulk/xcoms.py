"""What enters XCom: the bulk values that tasks return, yield and push."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from airwarden import syntax
from airwarden.bulk.dataflow import Dataflow, Outcome
from airwarden.bulk.definitions import Definitions
from airwarden.bulk.expressions import Passage
from airwarden.bulk.handovers import Handovers, Maker
from airwarden.bulk.pushes import Pushes
from airwarden.bulk.values import Definition, Step, Value
from airwarden.dag import DagFile
from airwarden.findings import Region, Related
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.tracing import Answers

_DECIDING = ("task.sensor", "task.sftp_sensor")
"""Variants of `@task` whose return value only says whether to go on waiting."""


@dataclass(frozen=True)
class Entry:
    """One place of a file at which bulk data enters XCom.

    `kind` is one of those of `BulkType`. `steps` is the way that the value came, from where it was read, and
    `turns` are those of them at which more happened to it than that it got a name.
    """

    kind: str
    region: Region
    message: str
    steps: tuple[Related, ...]
    turns: tuple[Related, ...]
    subject: str


@dataclass(frozen=True)
class _Arrival:
    """A bulk value, the node of the checked file at which it enters XCom, and who does what to it there."""

    node: syntax.Node
    value: Value
    deed: str


class XComs:
    """What enters XCom, for each file of one repository."""

    def __init__(self, repo: Repo) -> None:
        self._definitions = Definitions(repo)
        self._pushes = repo.analysis(Pushes)
        self._entries: Answers[str, tuple[Entry, ...]] = Answers(repo.tracer)
        self._yielding: dict[str, bool] = {}

    def of(self, file: DagFile) -> tuple[Entry, ...]:
        """The places of a file at which bulk data enters XCom."""
        return self._entries.get(file.path, lambda: self._found(file))

    def _found(self, file: DagFile) -> tuple[Entry, ...]:
        flow = Dataflow(self._definitions)
        arrivals = {id(each.node): each for each in self._arrivals(file, flow)}
        return tuple(_entries(file, arrivals.values()))

    def _arrivals(self, file: DagFile, flow: Dataflow) -> Iterator[_Arrival]:
        functions = self._pushes.functions(file)
        if not functions and not file.tasks:
            return
        handovers = Handovers(file, flow)
        for maker in handovers.makers:
            if self._hands_out(maker):
                yield from self._of_maker(maker, handovers, file, flow)
        for function in functions:
            outcome = flow.outcome(Definition(file, function, function.name), {})
            yield from _bulk(outcome.pushes, f"{function.name}() pushes", file)

    def _hands_out(self, maker: Maker) -> bool:
        """Whether the function of a task may hand out more than what is written out in it, or is a lambda,
        which may push.
        """
        definition = maker.callee.definition
        node, file = (definition.node, definition.file) if definition is not None else (None, None)
        if file is None or not isinstance(node, syntax.Function):
            return isinstance(node, syntax.Lambda)
        return maker.task.pushes and (
            self._may_yield(file)
            or any(
                isinstance(each, syntax.Return) and not isinstance(each.value, syntax.Constant | None)
                for each in syntax.statements_of(node)
            )
        )

    def _may_yield(self, file: DagFile) -> bool:
        if file.path not in self._yielding:
            self._yielding[file.path] = "yield" in file.source.text
        return self._yielding[file.path]

    def _of_maker(
        self, maker: Maker, handovers: Handovers, file: DagFile, flow: Dataflow
    ) -> Iterator[_Arrival]:
        for given in ({}, *handovers.given(maker)):
            outcome = flow.run(maker.callee, given)
            if outcome.holds_bulk:
                yield from _of_task(maker, outcome, file, handovers.pushes(maker))


def _of_task(maker: Maker, outcome: Outcome, file: DagFile, pushes: bool) -> Iterator[_Arrival]:
    task, definition = maker.task, maker.callee.definition
    if definition is None or definition.file is None:
        return
    name = f"{getattr(definition.node, 'name', '')}()" if definition.node else "this"
    if isinstance(definition.node, syntax.Lambda):
        name = "this lambda"
        yield from _bulk(outcome.pushes, "this lambda pushes", file)
    if not pushes or task.name in _DECIDING:
        return
    for passages, verb in ((outcome.returns, "returns"), (outcome.yields, "yields")):
        if definition.file is file:
            yield from _bulk(passages, f"{name} {verb}", file)
        else:
            yield from _elsewhere(passages, task.node, f"{name} {verb}")


def _bulk(passages: Iterable[Passage], deed: str, file: DagFile) -> Iterator[_Arrival]:
    for passage in passages:
        value = passage.value.bulk
        if value is not None and passage.file is file:
            yield _Arrival(passage.node, value, deed)


def _elsewhere(passages: Iterable[Passage], node: syntax.Node, deed: str) -> Iterator[_Arrival]:
    """The values of a callable from another file enter XCom where this file makes a task of it."""
    for passage in passages:
        value = passage.value.bulk
        if value is not None:
            step = Step(passage.file, passage.node, f"{deed} it here")
            yield _Arrival(node, value.through(step), deed)
            return


def _entries(file: DagFile, arrivals: Iterable[_Arrival]) -> Iterator[Entry]:
    arrivals = list(arrivals)
    places: defaultdict[DagFile, list[syntax.Node]] = defaultdict(list)
    for arrival in arrivals:
        places[file].append(arrival.node)
        for step in arrival.value.steps:
            places[step.file].append(step.node)
    for each, nodes in places.items():
        each.locate(nodes)
    for arrival in arrivals:
        way = [(step.turn, Related(step.file.region(step.node), step.note)) for step in arrival.value.steps]
        steps = tuple(step for _, step in way)
        turns = tuple(step for turn, step in way if turn)
        subject = f"{arrival.deed} {arrival.value.noun}"
        ending = ", which XCom can't hold" if arrival.value.kind == "lazy" else " through XCom"
        yield Entry(arrival.value.kind, file.region(arrival.node), subject + ending, steps, turns, subject)
