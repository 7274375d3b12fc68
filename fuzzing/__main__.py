"""Fuzzes every reader, every rule and every format.

python -m fuzzing --minutes 10 [--seeds FOLDER] [--only TARGETS] [--jobs N]
python -m fuzzing TARGET FILE     gives a target one input again
python -m fuzzing --list          the targets
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from random import Random

from fuzzing.campaign import Campaign
from fuzzing.failures import listed
from fuzzing.guard import tried
from fuzzing.seeds import gather
from fuzzing.targets import named, targets

REPOSITORY = Path(__file__).resolve().parent.parent
OWN_SEEDS = (REPOSITORY / "examples", REPOSITORY / "tests" / "fixtures")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fuzzing", description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("target", nargs="?", metavar="TARGET", help="the target to give an input again")
    add("file", nargs="?", type=Path, metavar="FILE", help="the input")
    add("--minutes", type=float, default=10, help="how long, for all targets (default: 10)")
    add("--jobs", type=int, default=1, help="processes at a time (default: 1)")
    add("--seed", type=int, default=int(time.time()), help="the number that all others come from")
    add("--seeds", action="append", type=Path, default=[], metavar="FOLDER", help="real files to begin with")
    add("--only", default="", metavar="TARGETS", help="commas separate them")
    add("--folder", type=Path, default=Path(".fuzzing"), help="where all of it is kept (default: .fuzzing)")
    add("--engine", choices=("plain", "atheris"), help="how inputs are made (default: both in turn)")
    add("--list", action="store_true", help="list the targets")
    return parser.parse_args()


def _repeat(target: str, file: Path) -> int:
    found = tried(named(target), file.read_bytes())
    told = (found.failure.story or str(found.failure)) if found.failure else "it does not fail"
    print(f"{told} ({found.seconds:.2f} s)")
    return 1 if found.failure else 0


def _fuzz(options: argparse.Namespace) -> int:
    chosen = [named(name) for name in options.only.split(",")] if options.only else list(targets())
    folder: Path = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    gather(chosen, [*OWN_SEEDS, *options.seeds], folder / "seeds", Random(options.seed))
    both = ["plain", *(["atheris"] if find_spec("atheris") else [])]
    engines = [options.engine] if options.engine else both
    print(f"seed {options.seed}, by {' and '.join(engines)}, in {folder}", flush=True)
    campaign = Campaign(chosen, folder, engines, options.jobs)
    try:
        campaign.run(options.minutes * 60, options.seed)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
    print("\n".join(campaign.table()))
    failed = listed(folder / "failures")
    for file in failed:
        print(f"python -m fuzzing {file.parent.name} {file}")
    return 1 if failed else 0


def main() -> int:
    """Fuzzes, or gives a target one input again."""
    options = _options()
    if options.list:
        print("\n".join(each.name for each in targets()))
        return 0
    if options.target and options.file:
        return _repeat(options.target, options.file)
    return _fuzz(options)


if __name__ == "__main__":
    sys.exit(main())
