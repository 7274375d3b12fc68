"""Merging: one report of those that the shards of a run made, as one run would have made it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice, pairwise, takewhile
from pathlib import Path
from typing import Any, Literal, TypeAlias

from airwarden import __version__, disk
from airwarden.bounded import json_of
from airwarden.config import ConfigError
from airwarden.findings import LEVELS, Level
from airwarden.formats import json as json_format
from airwarden.formats import sarif
from airwarden.formats.summary import listed
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.shards import Shard

Json: TypeAlias = dict[str, Any]
Kind: TypeAlias = Literal["JSON", "SARIF"]

_SAME = "run every shard on one commit, with the same options"
_MISSHAPEN = (KeyError, IndexError, TypeError, ValueError, AttributeError)
"""What is raised where a report is not as airwarden writes it."""

_NAMED = 10
"""Missing shards that are told by their numbers; a report may say that there are a billion of them."""

_DAG = regex(r"(?P<path>.+?):\d+ ", re.DOTALL)


@dataclass(frozen=True)
class Merged:
    """The report of a whole run: its text, how many findings it has of each level, and its crashes.

    `fail_on` is the mildest level that makes the run fail by the settings of the shards.
    """

    text: str
    counts: Counter[Level]
    crashes: Sequence[Json]
    fail_on: Level


def merged(files: Sequence[Path]) -> Merged:
    """The report of the run whose shards reported to `files`.

    Raises `ConfigError` where one of them is no such report, or where they are not, each once, the shards of
    one run.
    """
    parts = [_Part.read(file) for file in files]
    for each in parts[1:]:
        _verify(parts[0], each)
    parts.sort(key=lambda each: each.shard.index)
    _verify_all(parts)
    try:
        return _merged_json(parts) if parts[0].kind == "JSON" else _merged_sarif(parts)
    except _MISSHAPEN as error:
        raise ConfigError(
            f"{_names(parts)}: not as airwarden wrote it ({type(error).__name__}); run the shards again"
        ) from None


# Which reports belong together


@dataclass(frozen=True)
class _Part:
    """The report of one shard, read from a file. `body` is the JSON object, or the one run of the log."""

    file: Path
    kind: Kind
    version: str
    shard: Shard
    body: Json

    @classmethod
    def read(cls, file: Path) -> _Part:
        try:
            found = json_of(disk.text(file, may_wait=True))
            is_log = "runs" in found
            body = found["runs"][0] if is_log else found
            tool = body["tool"]["driver"] if is_log else body["tool"]
            if tool["name"] != "airwarden":
                raise ValueError(tool["name"])
            part = (body.get("properties", {}) if is_log else body).get("shard")
            shard = part and _shard(part)
            version = str(tool["version"])
        except OSError as error:
            raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
        except _MISSHAPEN:
            raise ConfigError(
                f"{file}: is no report of airwarden in JSON or SARIF; `--format json` writes one"
            ) from None
        if shard is None:
            raise ConfigError(f"{file}: is the report of a whole run; `airwarden check --shard` makes parts")
        return cls(file, "SARIF" if is_log else "JSON", version, shard, body)


def _shard(part: Json) -> Shard:
    """The shard that a report says to be. Raises one of `_MISSHAPEN` where no run has such a shard."""
    shard = Shard(**{key: part[key] for key in Shard.__dataclass_fields__})
    numbers, texts = (shard.index, shard.count), (shard.settings, shard.files)
    is_one = all(type(each) is int for each in numbers) and 1 <= shard.index <= shard.count
    if not is_one or not all(isinstance(each, str) for each in texts) or shard.fail_on not in LEVELS:
        raise ValueError("no shard of any run")
    return shard


def _verify(first: _Part, other: _Part) -> None:
    """Raises `ConfigError` where two reports are not of shards of one run."""
    if other.kind != first.kind:
        raise ConfigError(f"{other.file}: is {other.kind}, and {first.file} is {first.kind}")
    if other.version != first.version:
        mine = f"was made by airwarden {other.version}"
        raise ConfigError(f"{other.file}: {mine}, and {first.file} by {first.version}")
    if other.shard.count != first.shard.count:
        raise ConfigError(f"{other.file}: is {other.shard}, and {first.file} {first.shard}")
    if other.shard.settings != first.shard.settings:
        raise ConfigError(f"{other.file}: was made with other settings than {first.file}; {_SAME}")
    if other.shard.files != first.shard.files:
        raise ConfigError(
            f"{other.file}: is of other files, or other versions of them, than {first.file}; {_SAME}"
        )


def _verify_all(parts: Sequence[_Part]) -> None:
    """Raises `ConfigError` where a shard is there twice or is missing, or another version made them."""
    for one, other in pairwise(parts):
        if one.shard.index == other.shard.index:
            raise ConfigError(f"{other.file}: is {other.shard}, as {one.file} is")
    count, there = parts[0].shard.count, {each.shard.index for each in parts}
    missing = [*islice((str(index) for index in range(1, count + 1) if index not in there), _NAMED)]
    if missing:
        word = "shard" if count - len(there) == 1 else "shards"
        unnamed = count - len(there) - len(missing)
        missing += [f"{unnamed:,} more"] if unnamed else []
        raise ConfigError(
            f"{word} {listed(missing)} of {count}: no such report is given; name those of all shards"
        )
    if parts[0].version != __version__:
        made = f"was made by airwarden {parts[0].version}"
        raise ConfigError(f"{parts[0].file}: {made}, and this is {__version__}")


def _names(parts: Iterable[_Part]) -> str:
    return listed([str(each.file) for each in parts])


# What they tell together: each file is in one shard, so what shards tell of a file is never mixed


def _merged_json(parts: Sequence[_Part]) -> Merged:
    bodies = [each.body for each in parts]
    findings, suppressed = (_found(body[key] for body in bodies) for key in ("findings", "suppressed"))
    errors = _crashes([body["errors"] for body in bodies], lambda error: str(error["path"]))
    summaries = [body["summary"] for body in bodies]
    text = json_format.document(
        findings,
        errors,
        checked=sum(each["checked"] for each in summaries),
        suppressed=suppressed,
        unknown_dags=_dags(each["unknown_dags"] for each in summaries),
    )
    return Merged(text, _counts(findings), errors, parts[0].shard.fail_on)


def _found(shards: Iterable[Sequence[Json]]) -> list[Json]:
    """The findings of all shards, in the order of their places."""
    return sorted(chain(*shards), key=lambda each: (*map(each.get, json_format.PLACE), each["rule"]))


def _merged_sarif(parts: Sequence[_Part]) -> Merged:
    bodies = [each.body for each in parts]
    rules = [body["tool"]["driver"]["rules"] for body in bodies]
    unlike = next((each for each, own in zip(parts, rules, strict=True) if own != rules[0]), None)
    if unlike:
        raise ConfigError(f"{unlike.file}: was made with other rules than {parts[0].file}")
    results = sorted(chain(*(body["results"] for body in bodies)), key=_rank)
    notes = [body["invocations"][0]["toolExecutionNotifications"] for body in bodies]
    crashes = _crashes(
        [[each for each in some if each["level"] == "error"] for some in notes], sarif.path_of_crash
    )
    left = sum(body["properties"]["shard"]["left_out"] for body in bodies)
    text = sarif.log(rules[0], results, crashes, left=left)
    return Merged(text, _counts(results), crashes, parts[0].shard.fail_on)


def _rank(result: Json) -> tuple[Any, ...]:
    level = LEVELS.index(result["level"])
    return sarif.is_silenced(result), level, *sarif.place_of_result(result), result["ruleId"]


def _counts(found: Iterable[Json]) -> Counter[Level]:
    return Counter(each["level"] for each in found if not sarif.is_silenced(each))


def _crashes(shards: Sequence[Sequence[Json]], path: Callable[[Json], str]) -> list[Json]:
    """The crashes of all shards: first those of rules that did not load, which every shard has."""
    if len(shards) == 1:
        return list(shards[0])
    same = takewhile(lambda row: all(each == row[0] for each in row), zip(*shards, strict=False))
    shared = [row[0] for row in same]
    return [*shared, *sorted(chain(*(each[len(shared) :] for each in shards)), key=path)]


def _dags(shards: Iterable[Sequence[str]]) -> list[str]:
    """The DAGs of all shards, by their file; one that another file asks for is told of in several shards."""
    found: dict[str, list[str]] = {}
    for dags in shards:
        own: dict[str, list[str]] = {}
        for dag in dags:
            own.setdefault(_path_of_dag(dag), []).append(dag)
        found.update(own)
    return [dag for _, dags in sorted(found.items()) for dag in dags]


def _path_of_dag(dag: str) -> str:
    match = _DAG.match(dag)
    return match["path"] if match else dag
