"""DAG files made at random of the forms that DAG files use, run for real and compared."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.oracle.comparison import compared, truth_of
from tests.oracle.programs import SHARED, program
from tests.test_oracle import AIRFLOW

MOST_SEEDS = 2**32
BATCH = 40
SLOWNESS = [HealthCheck.too_slow, HealthCheck.data_too_large]

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not Path(AIRFLOW).exists(), reason="there is no Airflow here: make oracle"),
]


def written(seeds: list[int], root: Path) -> Path:
    """A repository of one module a seed; returns its DAG folder."""
    folder = root / "dags"
    files = {f"m{seed}.py": program(seed, f"m{seed}") for seed in seeds}
    for path, text in {**SHARED, **files}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


@settings(
    max_examples=2, derandomize=True, deadline=None, phases=[Phase.generate], suppress_health_check=SLOWNESS
)
@given(st.lists(st.integers(0, MOST_SEEDS), min_size=BATCH, max_size=BATCH, unique=True))
def test_programs_made_at_random(seeds: list[int]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        folder = written(seeds, root)
        found = compared(folder, truth_of(AIRFLOW, [folder])[str(folder)], root)
    if found.wrong:
        shortest = min((line.split()[0] for line in found.wrong), key=lambda each: len(text_of(each)))
        note(text_of(shortest))
    assert found.dags >= BATCH
    assert not found.wrong, str(found)


def text_of(file: str) -> str:
    """The module of a file `m<seed>.py`."""
    stem = file.removesuffix(".py")
    return program(int(stem.removeprefix("m")), stem)
