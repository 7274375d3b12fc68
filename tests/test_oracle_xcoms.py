"""Real Airflow and pandas are the oracle: what airwarden says enters XCom grows there with the input.

Run as a program (`python -m tests.test_oracle_xcoms`) it prints every task on which the two disagree.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from airwarden.config import Config
from airwarden.engine import check
from airwarden.findings import Finding
from airwarden.registry import Registry
from airwarden.repo import Repo

from tests.test_oracle import AIRFLOW

HERE = Path(__file__).parent / "oracle"
DAGS = HERE / "xcoms" / "dags"
RULES = ("dataframe-in-xcom", "query-rows-in-xcom", "file-content-in-xcom", "lazy-query-in-xcom")
TASTE = "# a matter of taste"
"""Marks a task whose verdict depends on what its data are like: it is not compared."""

MOST_MISSED = 0.05

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not Path(AIRFLOW).exists(), reason="there is no Airflow here: make oracle"),
]


@dataclass
class Comparison:
    """How many tasks were run, how many of them with bulk data, and on which airwarden says something else.

    `false` are small and flagged (`noted` as no more than a note), `missed` have bulk data and are not.
    `unlike` are flagged as what they are not: as a query that has not run, though they are stored, or the
    other way round. Airflow can't store what `refused` give, which are flagged for the bulk in it, nor what
    `unseen` give, which have none.
    """

    tasks: int = 0
    bulky: int = 0
    broken: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = f"{len(self.missed)} missed, {len(self.false)} false alarms, {len(self.unlike)} unlike"
        lines = [f"{self.tasks} tasks, {self.bulky} of them with bulk data: {counts}"]
        for name in ("broken", "false", "missed", "unlike", "refused", "unseen", "noted"):
            lines += [f"  {name}: {each}" for each in getattr(self, name)]
        return "\n".join(lines)


def truth(dags: Path) -> dict[str, Any]:
    """What the tasks of a DAG folder did, by file and task."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "answer.json")
        command = [AIRFLOW, str(HERE / "growth.py"), str(answer), str(dags)]
        with Path(folder, "log").open("w+", encoding="utf-8") as log:
            run = subprocess.run(command, stdout=log, stderr=log, timeout=300, check=False)
            log.seek(0)
            assert run.returncode == 0, log.read()[-3000:]
        found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        return found


def verdicts(root: Path) -> dict[str, list[Finding]]:
    """What the rules find, by file."""
    rules, _ = Registry().load(RULES)
    report = check(Repo(root, Config()), None, Config(), rules)
    assert not report.crashes
    flagged: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.rule in RULES:
            flagged.setdefault(Path(finding.region.path).name, []).append(finding)
    return flagged


def places(tree: ast.Module) -> dict[str, list[range]]:
    """The lines that belong to each task: its function or class, and where the file makes a task of it."""
    nodes = list(ast.walk(tree))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    defined = {node.name: lines_of(node) for node in nodes if isinstance(node, kinds)}
    found: dict[str, list[range]] = {name: [lines] for name, lines in defined.items()}
    for call in (node for node in nodes if isinstance(node, ast.Call)):
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        match given.get("task_id"):
            case ast.Constant(value=str() as task):
                target = given.get("python_callable")
                names = [getattr(each, "id", getattr(each, "attr", "")) for each in (call.func, target)]
                found[task] = [lines_of(call), *(defined[name] for name in names if name in defined)]
            case _:
                pass
    return found


def lines_of(node: ast.expr | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> range:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return range(first, (node.end_lineno or node.lineno) + 1)


def said(findings: list[Finding], lines: list[range]) -> dict[str, str]:
    """The rules that flag one of these lines, each with its level."""
    return {each.rule: each.level for each in findings if any(each.region.line in part for part in lines)}


def cases(dags: Path) -> Iterator[tuple[str, Mapping[str, Any], dict[str, str]]]:
    """Each task with its truth and the rules that flag it; those that are a matter of taste left out."""
    flagged = verdicts(dags.parent)
    for file, tasks in truth(dags).items():
        text = (dags / file).read_text(encoding="utf-8")
        known, lines = places(ast.parse(text)), text.splitlines()
        for name, told in tasks.items():
            where = known[name]
            if not any(TASTE in lines[n - 1] for each in where for n in each):
                yield f"{file} {name}", told, said(flagged.get(file, []), where)


def compared(dags: Path) -> Comparison:
    """Holds the verdicts on a DAG folder against the truth, task by task."""
    found = Comparison()
    for name, told, rules in cases(dags):
        found.tasks += 1
        is_so, is_lazy = told["truth"], "lazy-query-in-xcom" in rules
        note = f"{name}: {is_so} {told.get('sizes', '')} {told['why']} {rules or ''}"
        found.bulky += is_so in ("grows", "lazy", "refused")
        if is_so == "broken":
            found.broken.append(note)
        elif is_so == "small" and rules:
            (found.noted if set(rules.values()) == {"note"} else found.false).append(note)
        elif is_so in ("grows", "lazy", "refused") and not rules:
            found.missed.append(note)
        elif rules and is_so in ("grows", "lazy") and is_lazy is not (is_so == "lazy"):
            found.unlike.append(note)
        elif is_so in ("refused", "fails") and rules:
            found.refused.append(note)
        elif is_so == "fails":
            found.unseen.append(note)
    return found


def test_what_enters_xcom() -> None:
    found = compared(DAGS)
    assert found.tasks >= 250
    assert not found.broken, str(found)
    assert not found.false, str(found)
    assert not found.unlike, str(found)
    assert len(found.missed) <= MOST_MISSED * found.bulky, str(found)


if __name__ == "__main__":
    sys.stdout.write(f"{compared(DAGS)}\n")
