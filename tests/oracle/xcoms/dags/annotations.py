"""Annotations that tell what a value is."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any, Optional

import pandas as pd
from airflow.sdk import task


def reader() -> Any:
    return importlib.import_module("pandas")


def load(path: str) -> pd.DataFrame:
    return reader().read_csv(path)


def maybe(path: str) -> Optional[pd.DataFrame]:
    return reader().read_csv(path)


def modern(path: str) -> pd.DataFrame | None:
    return reader().read_csv(path)


def several(path: str) -> dict[str, pd.DataFrame]:
    return {"orders": reader().read_csv(path)}


def pair(path: str) -> tuple[pd.DataFrame, int]:
    frame = reader().read_csv(path)
    return frame, len(frame)


def stream(path: str) -> Iterator[pd.DataFrame]:
    yield from reader().read_csv(path, chunksize=500)


def quoted(path: str) -> "pd.DataFrame":
    return reader().read_csv(path)


def count(orders: pd.DataFrame) -> int:
    return len(orders)


def cleaned(orders: pd.DataFrame) -> pd.DataFrame:
    return orders.dropna()


def city_of(orders: pd.DataFrame) -> str:
    return orders["city"].iloc[0]


@task
def declared(csv_path: str) -> pd.DataFrame:
    return reader().read_csv(csv_path)


@task
def through_function(csv_path: str):
    return load(csv_path)


@task
def through_optional(csv_path: str):
    return maybe(csv_path)


@task
def through_modern(csv_path: str):
    return modern(csv_path)


@task
def through_quoted(csv_path: str):
    return quoted(csv_path)


@task
def of_several(csv_path: str):
    return several(csv_path)


@task
def number_of_several(csv_path: str):
    return len(several(csv_path))


@task
def names_of_several(csv_path: str):
    return [name for name in several(csv_path)]


@task
def first_of_pair(csv_path: str):
    return pair(csv_path)[0]


@task
def second_of_pair(csv_path: str):
    return pair(csv_path)[1]


@task
def pair_unpacked(csv_path: str):
    orders, rows = pair(csv_path)
    return rows


@task
def stream_counted(csv_path: str):
    return sum(len(chunk) for chunk in stream(csv_path))


@task
def stream_listed(csv_path: str):
    return [chunk for chunk in stream(csv_path)]


@task
def counted(csv_path: str) -> int:
    return count(load(csv_path))


@task
def cleaned_records(csv_path: str):
    return cleaned(load(csv_path)).to_dict("records")


@task
def one_city(csv_path: str) -> str:
    return city_of(load(csv_path))


@task
def variable(csv_path: str):
    orders: pd.DataFrame = reader().read_csv(csv_path)
    return orders


@task
def variable_reduced(csv_path: str):
    orders: pd.DataFrame = reader().read_csv(csv_path)
    return orders.shape


@task
def declared_path(csv_path: str, out_path: str) -> str:
    load(csv_path).to_csv(out_path)
    return out_path


@task
def declared_dict(csv_path: str) -> dict[str, int]:
    orders = load(csv_path)
    return {"rows": len(orders)}


@task
def declared_list(csv_path: str) -> list[dict]:
    return load(csv_path).to_dict("records")
