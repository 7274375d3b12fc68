"""Whether the values of a chart leave it at the image of Airflow itself."""

from __future__ import annotations

from airwarden.needs.switches import written_in
from airwarden.values import ValuesFile

_STOCK = "apache/airflow"
_REPOSITORIES = (("images", "airflow", "repository"), ("image", "repository"), ("defaultAirflowRepository",))
_TAGS = (("images", "airflow", "tag"), ("image", "tag"), ("defaultAirflowTag",))


def stock_images(values_file: ValuesFile) -> tuple[str, ...]:
    """The image that a chart takes by itself, where the values name no other one; else none."""
    if any(_text_at(values_file, keys).startswith("slim-") for keys in _TAGS):
        return ()
    named = [_text_at(values_file, keys) for keys in _REPOSITORIES]
    is_stock = bool(values_file.roots) and all(name.endswith(_STOCK) for name in named if name)
    return (_STOCK,) if is_stock else ()


def _text_at(values_file: ValuesFile, keys: tuple[str, ...]) -> str:
    """The text of a chart's own key; the community chart has its under `airflow`."""
    for root in values_file.roots:
        start = (*root.path, "airflow") if root.chart == "community" else root.path
        entry = values_file.entry((*start, *keys))
        if entry is not None:
            return written_in(entry)
    return ""
