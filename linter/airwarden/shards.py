"""Shards: the parts that a run over a large repository is divided into, one for each of several machines."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, replace
from heapq import heapify, heapreplace
from typing import TYPE_CHECKING
from zlib import crc32

from airwarden.config import ConfigError
from airwarden.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from airwarden.config import Config
    from airwarden.findings import Level
    from airwarden.repo import Repo

_EACH = 500
"""What a file costs beside its parsing, in bytes that are parsed."""


@dataclass(frozen=True)
class Shard:
    """One of `count` parts of a run, the first of which has the index 1.

    `settings` and `files` stand for the settings of the run and for the parsed files that were divided: the
    shards of one run have them in common. `fail_on` is the mildest level that makes the run fail.
    """

    index: int
    count: int
    settings: str
    files: str
    fail_on: Level

    def __str__(self) -> str:
        return f"shard {self.index} of {self.count}"


def shard_of(
    repo: Repo, config: Config, files: Sequence[str], wanted: str, baseline: str = ""
) -> tuple[Shard, list[str]]:
    """The shard that is `wanted`, as in `2/5`, and those of the repository's `files` that it is to judge.

    Files that are parsed are divided by their size. Of the others each goes its own way, so that a stray one
    on one of the machines, such as a cache or a report, moves no other. The shards of one run have the text
    of their baseline in common.
    """
    index, count = parsed(wanted)
    sizes = {path: _EACH + _size(repo, path) for path in files if _is_parsed(repo, path)}
    others = [path for path in files if path not in sizes and _number(path, count) == index]
    names = [pack.name for pack in config.packs]
    settings = {**asdict(replace(config, baseline=None, packs=())), "baseline": baseline, "packs": names}
    shard = Shard(index, count, _digest(settings), _digest(sizes), config.fail_on)
    return shard, sorted([*part(sizes, index, count), *others])


def parsed(wanted: str) -> tuple[int, int]:
    """The index and the count that `2/5` names. Raises `ConfigError` for a text that names no shard."""
    match = re.fullmatch(r"\s*(\d{1,9})\s*/\s*(\d{1,9})\s*", wanted, re.ASCII)
    if match is None:
        raise ConfigError(f"--shard {wanted}: write 2/5 for the second of five shards")
    index, count = int(match[1]), int(match[2])
    if not count:
        raise ConfigError(f"--shard {wanted}: there is at least one shard")
    if not 1 <= index <= count:
        raise ConfigError(f"--shard {wanted}: the shards are numbered from 1 to {count}")
    return index, count


def part(weights: Mapping[str, int], index: int, count: int) -> list[str]:
    """The names that fall to one of `count` parts of about the same weight, sorted.

    The heaviest comes first, into the part that is lightest by then; where weights are equal, the name and
    the number of the part decide.
    """
    parts = [(0, number) for number in range(1, count + 1)]
    heapify(parts)
    chosen = []
    for name in sorted(weights, key=lambda name: (-weights[name], name)):
        load, number = parts[0]
        heapreplace(parts, (load + weights[name], number))
        if number == index:
            chosen.append(name)
    return sorted(chosen)


def _is_parsed(repo: Repo, path: str) -> bool:
    return repo.is_dag_file(path) or repo.is_values_file(path)


def _size(repo: Repo, path: str) -> int:
    try:
        return (repo.root / path).stat().st_size
    except OSError:
        return 0


def _number(path: str, count: int) -> int:
    return crc32(path.encode(errors="surrogatepass")) % count + 1


def _digest(body: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
