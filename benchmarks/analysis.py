"""What the analyses of XComs cost, in units of libcst's parse of the same files, in one run.

    python benchmarks/analysis.py [REPOSITORY ...]

Without a repository, the DAG files that the tests compare with real Airflow. All is processor time: what else
the machine does counts for nothing.
"""

from __future__ import annotations

import gc
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import libcst
from airwarden.bulk.xcoms import XComs
from airwarden.config import Config
from airwarden.dag import DagFile
from airwarden.engine import check
from airwarden.registry import Registry
from airwarden.repo import Repo

OWN = Path(__file__).resolve().parent.parent / "tests" / "oracle"
PARSE = "libcst parses it"
STEPS = {
    "model": "airwarden makes its model of it, with the parse",
    "flow": "bulk data is followed through it",
    "rules": "all rules on XComs judge it, with all they need but the model",
}


def files(repo: Repo) -> Iterator[DagFile]:
    """The Python files of a repository that libcst parses: DAG files, and what they may import."""
    for path in repo.files:
        file = repo.readable_dag_file(path) if path.endswith(".py") else None
        if file is not None:
            yield file


def measured(root: Path) -> dict[str, float]:
    """The seconds that each step took on all files of a repository."""
    rules, _ = Registry().load(name for name, family in Registry().families.items() if family == "xcom")
    repo, judged = Repo(root), Repo(root)
    texts = [file.source.text for file in files(repo)]
    paths = [file.path for file in files(judged) if judged.is_dag_file(file.path)]
    flow = XComs(repo)
    steps: dict[str, Callable[[], object]] = {
        PARSE: lambda: [libcst.parse_module(text) for text in texts],
        "model": lambda: list(files(Repo(root))),
        "flow": lambda: [flow.of(repo.dag_file(path)) for path in paths],
        "rules": lambda: check(judged, paths, Config(), rules),
    }
    return {"files": len(texts), **{name: seconds(step) for name, step in steps.items()}}


def seconds(step: Callable[[], object]) -> float:
    """The processor time of a step."""
    start = time.process_time()
    step()
    return time.process_time() - start


def main() -> None:
    """Prints one line for each step."""
    gc.disable()
    total = defaultdict[str, float](float)
    for root in [Path(each) for each in sys.argv[1:]] or [OWN]:
        for name, taken in measured(root).items():
            total[name] += taken
    print(f"{total['files']:.0f} files, {total[PARSE]:.1f} s of parsing with libcst = 1.00")
    for name, what in STEPS.items():
        print(f"{total[name] / total[PARSE]:6.2f}  {what}")


if __name__ == "__main__":
    main()
