"""What real Helm makes of values with canaries, where the canaries land, and which of them the rules flag."""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from airwarden.config import Config
from airwarden.engine import check
from airwarden.findings import Finding
from airwarden.registry import Registry
from airwarden.repo import Repo

from tests.oracle.charts import BASES, Chart, Place, planted

HERE = Path(__file__).parent
REGISTRY = Registry()
SECRETS = tuple(rule for rule, family in REGISTRY.families.items() if family == "secrets")
MARK = "zK7" + "".join(secrets.choice("bcdfghjkmnpqrtvwxz23456789") for _ in range(7))
CANARY = re.compile(rf"{MARK}\d{{4}}\w{{8}}")
SEVERAL = 24
"""How many places are planted at once."""

Rendered = dict[str, str] | str


@dataclass(frozen=True, order=True)
class Landing:
    """Where in the manifests a canary came to light."""

    kind: str
    place: str

    @property
    def is_telling(self) -> bool:
        """Whether secrets stand there: in a Secret, a variable that says so, what Helm prints."""
        return self.kind in ("Secret", "NOTES.txt") or bool(
            re.search(r"<\w*(?:PASSW|SECRET|TOKEN|CONN)\w*>", self.place)
        )


@dataclass
class Outcome:
    """What comes of the places of one chart."""

    chart: Chart
    refused: dict[Place, str] = field(default_factory=dict)
    landed: dict[Place, set[Landing]] = field(default_factory=dict)
    texts: list[tuple[str, dict[str, Place]]] = field(default_factory=list)
    flagged: set[Place] = field(default_factory=set)

    @property
    def missed(self) -> list[Place]:
        """What lands readable and is not flagged."""
        return sorted(place for place, found in self.landed.items() if found and place not in self.flagged)

    @property
    def hidden(self) -> list[Place]:
        """What the chart takes and shows nowhere."""
        return sorted(place for place, found in self.landed.items() if not found)

    @property
    def telling(self) -> list[Place]:
        """What is missed although it lands where secrets stand."""
        return [place for place in self.missed if any(found.is_telling for found in self.landed[place])]

    def __str__(self) -> str:
        lands = sum(bool(found) for found in self.landed.values())
        seen = sum(bool(self.landed.get(place)) for place in self.flagged)
        return (
            f"{self.chart.name} {self.chart.version}: {len(self.landed)} planted,"
            f" {len(self.refused)} refused, {lands} landed, {seen} of these flagged"
        )


def harmless(place: Place) -> bool:
    """Whether what a place takes is no secret though it lands beside some: users, hosts, ciphers, labels."""
    return bool(_HARMLESS.search(place.dotted))


_HARMLESS = re.compile(
    r"(?:^|\.)(?:\w*[aA]nnotations|\w*[lL]abels|ssl\.(?:ca|cert)|db|email|properties|protocol|scheme|sslmode"
    r"|auth(?:Type|_type|_file)|statsUsers)$"
    r"|(?:[uU]ser|[uU]sername|[hH]ost|[pP]ath|[dD]omain|registry|repository|tag|ciphers|mode|[dD]atabase)$"
)
"""Who and where, how connections are made, and certificates, which are public."""


def canaries(places: Sequence[Place]) -> dict[str, Place]:
    """A canary of its own for each place."""
    tails = "abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ23456789"
    return {
        f"{MARK}{number:04d}{''.join(secrets.choice(tails) for _ in range(8))}": place
        for number, place in enumerate(places)
    }


def outcome_of(python: str, chart: Chart, places: Sequence[Place], several: int = 1) -> Outcome:
    """Plants a canary at each place of a chart, so many at once, and tells what comes of it."""
    found = Outcome(chart)
    marked = canaries(places)
    waiting = [(base, batch) for base in BASES[chart.name] for batch in _batches(marked, several)]
    while waiting:
        texts = [yaml.safe_dump(planted(chart, batch, base), width=1 << 20) for base, batch in waiting]
        answers = rendered(python, chart.folder, texts)
        again = []
        for (base, batch), text, answer in zip(waiting, texts, answers, strict=True):
            if isinstance(answer, str) and len(batch) > 1:
                again += [(base, half) for half in _halves(batch)]
            else:
                _note(found, batch, text, answer)
        waiting = again
    for place in found.landed:
        found.refused.pop(place, None)
    return found


def judged(found: Outcome) -> Outcome:
    """The same with what the rules flag in the values that the chart rendered."""
    found.flagged = {
        marked[canary] for text, marked in found.texts for canary in flagged(text) if canary in marked
    }
    return found


def _batches(marked: Mapping[str, Place], several: int) -> Iterator[dict[str, Place]]:
    """Neighbours go apart, so that what excludes each other is seldom planted at once."""
    pairs = list(marked.items())
    count = -(-len(pairs) // several)
    yield from (dict(pairs[start::count]) for start in range(count))


def _halves(batch: Mapping[str, Place]) -> tuple[dict[str, Place], dict[str, Place]]:
    pairs = list(batch.items())
    return dict(pairs[::2]), dict(pairs[1::2])


def _note(found: Outcome, batch: dict[str, Place], text: str, answer: Rendered) -> None:
    if isinstance(answer, str):
        found.refused.update(dict.fromkeys(batch.values(), answer))
        return
    found.texts.append((text, batch))
    for place in batch.values():
        found.landed.setdefault(place, set())
    for canary, landing in landings(answer):
        if canary in batch:
            found.landed[batch[canary]].add(landing)


def rendered(python: str, chart: Path, texts: Sequence[str]) -> list[Rendered]:
    """The manifests of a chart for each text of values, or what Helm says against it."""
    with tempfile.TemporaryDirectory() as folder:
        asked, answer = Path(folder, "request.json"), Path(folder, "answer.json")
        asked.write_text(json.dumps(list(texts)), encoding="utf-8")
        command = [python, str(HERE / "settings_render.py"), str(chart), str(asked), str(answer)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
        assert run.returncode == 0, run.stderr[-2000:]
        found: list[Rendered] = json.loads(answer.read_text(encoding="utf-8"))
        return found


# Where canaries land


def landings(manifests: Mapping[str, str]) -> Iterator[tuple[str, Landing]]:
    """Every canary in the manifests, plain or coded, and where it stands."""
    for path, text in manifests.items():
        for kind, place, held in _texts(path, text):
            for canary in _canaries(held, kind == "Secret"):
                yield canary, Landing(kind, place)


def _texts(path: str, text: str) -> Iterator[tuple[str, str, str]]:
    name = path.rpartition("/")[2]
    if name == "NOTES.txt":
        yield "NOTES.txt", path, text
        return
    try:
        documents = list(yaml.safe_load_all(text))
    except yaml.YAMLError:
        yield "text", path, text
        return
    for document in documents:
        if isinstance(document, dict):
            kind = str(document.get("kind"))
            yield from ((kind, f"{name}:{place}", held) for place, held in _leaves(document, ""))


def _leaves(node: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            named = f"<{node['name']}>" if key == "value" and "name" in node else ""
            yield str(place), str(key)
            yield from _leaves(value, f"{place}.{key}{named}")
    elif isinstance(node, list):
        for value in node:
            yield from _leaves(value, f"{place}[]")
    else:
        yield place, str(node)


_CODED = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")


def _canaries(text: str, is_coded: bool, depth: int = 3) -> Iterator[str]:
    yield from CANARY.findall(text)
    for coded in _CODED.findall(text) if is_coded and depth else ():
        try:
            inner = base64.b64decode(coded, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
        yield from _canaries(inner, is_coded, depth - 1)


# What the rules say


def flagged(text: str) -> set[str]:
    """The canaries in values that some rule of the family calls secrets."""
    return {
        canary
        for found in findings({"airflow/values.yaml": text})
        if found.secret
        for canary in _canaries(_stretch(text, found), True)
    }


def _stretch(text: str, found: Finding) -> str:
    """What a finding points at."""
    region = found.region
    lines = text.splitlines()[region.line - 1 : region.end_line]
    lines[-1] = lines[-1][: region.end_column - 1]
    lines[0] = lines[0][region.column - 1 :]
    return "\n".join(lines)


def findings(files: Mapping[str, str]) -> Sequence[Finding]:
    """What the rules about secrets find in a repository of these files."""
    rules, _ = REGISTRY.load(SECRETS)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / ".git").mkdir()
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        report = check(Repo(root), None, Config(), rules, families=REGISTRY.families)
    assert not report.crashes, report.crashes
    return report.findings
