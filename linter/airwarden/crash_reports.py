"""What there is to tell of a crash: where the program failed, and nothing of what it read."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from airwarden import __version__
from airwarden.formats.summary import counted
from airwarden.formats.view import HOME
from airwarden.outcomes import READING
from airwarden.records import dataclass
from airwarden.report import Crash

_DISTRIBUTIONS = ("jsonschema", "libcst", "packaging", "pathspec", "PyYAML", "rich", "pygls")
_MOST = 20


@dataclass(frozen=True)
class Shape:
    """What a file is like. `text` is what remains of it, in placeholders: None where nobody asked, and empty
    where it fails by its own names or texts, which are not shown.
    """

    kinds: Sequence[str] = ()
    ending: str = ""
    bytes: int = 0
    lines: int = 0
    longest: int = 0
    encoding: str = ""
    text: str | None = None


@dataclass(frozen=True)
class Fault:
    """One fault of the program: who failed and how, in how many files, and the shape of one of them."""

    rule: str
    kind: str
    frames: Sequence[str]
    files: int
    shape: Shape | None = None


def faults(crashes: Sequence[Crash], ours: Mapping[str, object]) -> list[tuple[Fault, Crash]]:
    """The faults that crashes come from, each with one of its crashes; `ours` has the built-in rules by id.
    A rule of somebody else has no name here, and what a machine lacks is no fault.
    """
    groups: dict[tuple[str, str, tuple[str, ...]], list[Crash]] = {}
    for each in (one for one in crashes if one.fault != "machine"):
        rule = each.rule if each.rule in ours or not each.rule else _who(each.rule)
        groups.setdefault((rule, each.kind, each.frames), []).append(each)
    found = [(Fault(*key, len({each.path for each in some})), some[0]) for key, some in groups.items()]
    return found[:_MOST]


def _who(rule: str) -> str:
    return "reading" if rule == READING else "a policy"


def environment() -> dict[str, str]:
    """What the program runs on."""
    from importlib.metadata import PackageNotFoundError, version

    versions = {"airwarden": __version__}
    versions["Python"] = f"{platform.python_implementation()} {platform.python_version()}"
    versions["platform"] = f"{platform.system()} {platform.machine()}"
    for name in _DISTRIBUTIONS:
        with suppress(PackageNotFoundError):
            versions[name] = version(name)
    return versions


def as_json(found: Sequence[Fault]) -> str:
    """The report for programs."""
    from dataclasses import asdict

    body: dict[str, Any] = {
        "version": 1,
        "environment": environment(),
        "faults": [asdict(each) for each in found],
    }
    return json.dumps(body, indent=2) + "\n"


def as_markdown(found: Sequence[Fault]) -> str:
    """The report for an issue."""
    lines = ["### A fault of airwarden", "", "| | |", "| --- | --- |"]
    lines += [f"| {name} | {version} |" for name, version in environment().items()]
    for each in found:
        lines += ["", *_section(each)]
    return "\n".join([*lines, "", f"For {HOME}/issues/new; it holds no name, path or text of any file.", ""])


def _section(fault: Fault) -> Iterator[str]:
    where = f" in {counted(fault.files, 'file')}" if fault.shape else ""
    who = f"`{fault.rule}`" if fault.rule else "The run"
    yield f"#### {who} failed with `{fault.kind}`{where}"
    yield from ("", "```text", *fault.frames, "```")
    if fault.shape:
        yield from ("", *_shape(fault.shape))


def _shape(shape: Shape) -> Iterator[str]:
    kinds = " and ".join(shape.kinds) or "nothing that is checked"
    size = f"{counted(shape.lines, 'line')}, the longest of {counted(shape.longest, 'character')}"
    yield (
        f"One of the files is {kinds}, ends in `{shape.ending or 'nothing known'}` and has "
        f"{counted(shape.bytes, 'byte')} of {shape.encoding} in {size}."
    )
    if shape.text:
        yield from ("", "What remains of it, in placeholders, fails in the same way:", "")
        yield from (f"```{'python' if shape.ending == '.py' else 'text'}", shape.text.rstrip("\n"), "```")
    elif shape.text is not None:
        yield from ("", "It fails by names or texts of its own, so nothing of it is shown.")
