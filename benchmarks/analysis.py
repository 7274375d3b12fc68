"""What the analyses of XComs cost, in units of libcst's parse of the same files, in one run.

    python benchmarks/analysis.py [REPOSITORY ...]

Without a repository, the DAG files that the tests compare with real Airflow. Each step is timed file by file,
in turn, so that whatever else the machine does falls on all of them alike.
"""

from __future__ import annotations

import gc
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
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
    """The DAG files of a repository that libcst parses."""
    for path in repo.files:
        file = repo.readable_dag_file(path) if repo.is_dag_file(path) else None
        if file is not None:
            yield file


def entries(flow: XComs, repo: Repo, path: str) -> None:
    """Follows bulk data through a file."""
    flow.of(repo.dag_file(path))


def measured(root: Path) -> dict[str, float]:
    """The seconds that each step took on all files of a repository."""
    rules, _ = Registry().load(name for name, family in Registry().families.items() if family == "xcom")
    taken, clean = defaultdict[str, float](float), Repo(root)
    known = list(files(Repo(root)))
    flow, judged = XComs(clean), Repo(root)
    for file in known:
        judged.dag_file(file.path)
        steps: dict[str, Callable[[], object]] = {
            PARSE: partial(libcst.parse_module, file.source.text),
            "model": partial(clean.dag_file, file.path),
            "flow": partial(entries, flow, clean, file.path),
            "rules": partial(check, judged, [file.path], Config(), rules),
        }
        for name, step in steps.items():
            gc.collect()
            start = time.process_time()
            step()
            taken[name] += time.process_time() - start
    taken["files"] = len(known)
    return taken


def main() -> None:
    """Prints one line for each step."""
    total = defaultdict[str, float](float)
    for root in [Path(each) for each in sys.argv[1:]] or [OWN]:
        for name, seconds in measured(root).items():
            total[name] += seconds
    print(f"{total['files']:.0f} files, {total[PARSE]:.1f} s of parsing with libcst = 1.00")
    for name, what in STEPS.items():
        print(f"{total[name] / total[PARSE]:6.2f}  {what}")


if __name__ == "__main__":
    main()
