"""Runs where the SDK of Helm is installed: renders charts offline, with the values that it is given.

usage: settings_render.py CHART REQUEST.json ANSWER.json

The request is a list of texts, each a values file as for `helm install --values`; the answer has for each the
manifests by template, or what Helm says against them. A process that has run Helm must not fork.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def rendered(helm: Any, chart: str, values: str) -> dict[str, str] | str:
    """The manifests of a chart with these values over its own.

    A chart that was rendered stays without the subcharts that the values switched off: it is loaded afresh.
    """
    with helm.Chart.load(chart) as loaded:
        try:
            manifests: dict[str, str] = loaded.render(helm.values_from_yaml(values), name="airflow")
        except helm.HelmError as error:
            return str(error)
        return manifests


def main(arguments: Sequence[str]) -> None:
    chart, request, answer = arguments
    helm = importlib.import_module("helm_python")
    texts = json.loads(Path(request).read_text(encoding="utf-8"))
    found = [rendered(helm, chart, values) for values in texts]
    Path(answer).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
