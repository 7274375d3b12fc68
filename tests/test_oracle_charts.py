"""Real Helm is the oracle of secrets in values: what a chart shows to those who read manifests is flagged."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.oracle.charts import Chart, DialectName, policed, published, taken
from tests.oracle.charts_truth import SEVERAL, findings, harmless, judged, outcome_of
from tests.test_oracle import AIRFLOW

EVERYTHING = Path(__file__).parent / "charts" / "everything"
GIVEN = [Path(folder) for folder in os.environ.get("AIRWARDEN_CHARTS", "").split(os.pathsep) if folder]
"""The folders of real charts, of any version."""
NEVER_SHOWN = {"apiServer.defaultUser.password"}
"""What the schema of some chart takes and no template of it reads."""

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not Path(AIRFLOW).exists(), reason="there is no Helm here: make oracle"),
]
with_charts = pytest.mark.parametrize("folder", GIVEN, ids=lambda folder: folder.name)


@pytest.mark.parametrize("name", ["official", "community"])
def test_a_chart_that_shows_everything(name: DialectName) -> None:
    """Every place that the policies know is planted, lands and is flagged."""
    chart = replace(Chart.read(EVERYTHING), name=name)
    found = judged(outcome_of(AIRFLOW, chart, policed(name)))
    assert len(found.landed) == len(policed(name))
    assert not found.refused
    assert not found.hidden
    assert not found.missed, str(found)


@with_charts
def test_what_a_chart_shows_of_known_places_is_flagged(folder: Path) -> None:
    chart = Chart.read(folder)
    places = [place for place in policed(chart.name) if chart.knows(place.keys)]
    found = judged(outcome_of(AIRFLOW, chart, places))
    assert not found.refused
    assert {place.dotted for place in found.hidden} <= NEVER_SHOWN
    assert not found.missed, str(found)


@with_charts
def test_no_other_place_leads_to_a_secret(folder: Path) -> None:
    """Of all texts that a chart takes, those that land where secrets stand are flagged or no secrets."""
    chart = Chart.read(folder)
    found = judged(outcome_of(AIRFLOW, chart, taken(chart), SEVERAL))
    assert not [place.dotted for place in found.telling if not harmless(place)], str(found)


@with_charts
def test_the_values_that_a_chart_is_published_with(folder: Path) -> None:
    """The credentials that everybody knows are all that is said of them."""
    texts = {f"airflow/{name}": (folder / name).read_text("utf-8") for name in ("Chart.yaml", "values.yaml")}
    flagged = {found.subject for found in findings(texts) if found.level == "error"}
    assert flagged <= set(published(Chart.read(folder).name))
