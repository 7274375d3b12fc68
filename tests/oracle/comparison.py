"""Holds the verdicts of airwarden against what real Airflow makes of the same DAG files.

usage: python -m tests.oracle.comparison AIRFLOW_PYTHON [--stand-ins] [DAG_FOLDER...]

AIRFLOW_PYTHON is the interpreter of an environment with Airflow and its Slack provider. Without folders, those of
`AIRWARDEN_ORACLE_DAGS` are compared, separated as in `PATH`, after the DAG files of this folder. The folder above
a DAG folder is taken for the repository, or the nearest one further up that is a git checkout.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from airwarden.alerts.callbacks import Alerts, DagAlert, Reach
from airwarden.config import Config
from airwarden.repo import Repo

HERE = Path(__file__).parent
OBSERVE = HERE / "observe.py"
DAGS = HERE / "dags"
WORDS = {Reach.NOBODY: "nobody", Reach.ACCEPTED: "slack", Reach.OTHER: "other", Reach.UNKNOWN: "unknown"}


@dataclass
class Comparison:
    """How many DAGs Airflow loaded, and on which of them airwarden says something else or nothing.

    `unknown` are those of which it says that only a run can tell, those that it does not see included.
    """

    dags: int = 0
    failures: int = 0
    unknown: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        known = self.dags - len(self.unknown)
        share = 100 * known / self.dags if self.dags else 0.0
        lines = [
            f"{self.dags} DAGs loaded ({self.failures} files can't be), {known} known ({share:.1f} %), "
            f"{known - len(self.wrong)} agree, {len(self.wrong)} disagree, {len(self.invented)} not in Airflow"
        ]
        for name in ("wrong", "unknown", "invented"):
            lines += [f"  {name}: {each}" for each in getattr(self, name)]
        return "\n".join(lines)


def truth_of(python: str, folders: Sequence[Path], stand_ins: bool = False) -> dict[str, Any]:
    """What real Airflow makes of DAG folders, by their resolved paths."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "answer.json")
        options = ["--stand-ins"] if stand_ins else []
        command = [python, str(OBSERVE), *options, str(answer), *map(str, folders)]
        with Path(folder, "log").open("w+", encoding="utf-8") as log:
            run = subprocess.run(command, stdout=log, stderr=log, timeout=300, check=False)
            log.seek(0)
            assert run.returncode == 0, log.read()[-2000:]
        truth: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        return truth


def root_of(folder: Path) -> Path:
    """The repository that a DAG folder belongs to."""
    folders = [folder.resolve(), *folder.resolve().parents][:6]
    return next((each for each in folders if (each / ".git").exists()), folders[1])


def verdicts(folder: Path, root: Path) -> tuple[dict[str, list[DagAlert]], dict[str, list[DagAlert]]]:
    """The verdicts of the DAGs of a repository by id, and by file where only a run can tell the id."""
    repo = Repo(root, Config(exclude=("xcoms",)))
    alerts = Alerts(repo)
    by_id: dict[str, list[DagAlert]] = {}
    by_file: dict[str, list[DagAlert]] = {}
    for path in repo.files:
        file = repo.readable_dag_file(path) if repo.is_dag_file(path) else None
        for alert in [] if file is None else alerts.of_loaded(alerts.load(file)):
            if not alert.dag.is_called:
                continue
            if alert.id is not None:
                by_id.setdefault(alert.id, []).append(alert)
            elif (root / path).is_relative_to(folder):
                by_file.setdefault((root / path).relative_to(folder).as_posix(), []).append(alert)
    return by_id, by_file


def compared(folder: Path, truth: Mapping[str, Any], root: Path) -> Comparison:
    """Holds the verdicts against the truth, DAG by DAG."""
    by_id, by_file = verdicts(folder, root)
    found = Comparison(len(truth["dags"]), len(truth["failures"]))
    for dag in truth["dags"]:
        name = f"{dag['file']} {dag['dag_id']}"
        candidates = by_id.get(dag["dag_id"]) or by_file.get(dag["file"]) or []
        said = said_of(candidates, is_named=dag["dag_id"] in by_id)
        is_so = truth_in(dag)
        if "unknown" in said:
            found.unknown.append(f"{name}: {is_so}")
        elif is_so not in said:
            found.wrong.append(f"{name}: {is_so}, not {' or '.join(sorted(said))}")
    real = {dag["dag_id"] for dag in truth["dags"]}
    found.invented += list(invented(by_id, real, {Path(file) for file in truth["failures"]}))
    return found


def said_of(candidates: Sequence[DagAlert], is_named: bool) -> set[str]:
    """What is said of a DAG. Of several with one id in a file, Airflow keeps the first that differs in nothing
    but its callback.
    """
    registered = [alert for alert in candidates if alert.dag.registers] or list(candidates)
    said = {WORDS[alert.dag_level] for alert in (registered[:1] if is_named else registered)}
    return said or {"unknown"}


def truth_in(dag: Mapping[str, Any]) -> str:
    """What Airflow does when the run fails."""
    if not dag["fires"]:
        return "nobody"
    return "slack" if "slack" in dag["told"] else "other"


def invented(by_id: Mapping[str, Sequence[DagAlert]], real: set[str], failed: set[Path]) -> Iterator[str]:
    """The DAGs that Airflow does not have, files that it can't load left out."""
    for name, alerts in by_id.items():
        entries = {Path(alert.dag.entry) for alert in alerts if alert.dag.registers}
        is_failed = any(entry.as_posix().endswith(file.as_posix()) for entry in entries for file in failed)
        if name not in real and entries and not is_failed:
            yield f"{min(entries).as_posix()} {name}"


def main(arguments: Sequence[str]) -> None:
    """Prints a comparison for each folder."""
    stand_ins = "--stand-ins" in arguments
    python, *given = [each for each in arguments if each != "--stand-ins"]
    more = [each for each in os.environ.get("AIRWARDEN_ORACLE_DAGS", "").split(os.pathsep) if each]
    folders = [Path(each).resolve() for each in (given or [str(DAGS), *more])]
    truth = truth_of(python, folders, stand_ins)
    for folder in folders:
        root = folder.parent if folder == DAGS else root_of(folder)
        print(f"{folder.name} of {root.name}: {compared(folder, truth[str(folder)], root)}")


if __name__ == "__main__":
    main(sys.argv[1:])
