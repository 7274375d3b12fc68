"""How the DAGs read their data."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pandas as pd
from airflow.providers.postgres.hooks.postgres import PostgresHook


def read_orders(path):
    return pd.read_csv(path)


def count_orders(path):
    return len(read_orders(path))


def read_and_clean(path):
    orders = read_orders(path)
    return clean(orders)


def clean(orders):
    return orders.dropna().drop_duplicates()


def summary(orders):
    return {"rows": len(orders), "total": float(orders["amount"].sum())}


def save(orders, path):
    orders.to_csv(path, index=False)
    return path


def same(value):
    return value


def logged(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        print(function.__name__)
        return function(*args, **kwargs)

    return inner


@logged
def read_logged(path):
    return pd.read_csv(path)


@functools.lru_cache
def read_cached(path):
    return pd.read_csv(path)


def fetch(sql):
    return PostgresHook(postgres_conn_id="warehouse").get_records(sql)


def fetch_one(sql):
    return PostgresHook(postgres_conn_id="warehouse").get_first(sql)


def fetch_dicts(sql):
    frame = PostgresHook(postgres_conn_id="warehouse").get_df(sql)
    return frame.to_dict(orient="records")


def read_json(path):
    return json.loads(Path(path).read_text())


def read_text(path):
    return Path(path).read_text()


def pages(path):
    for chunk in pd.read_csv(path, chunksize=500):
        yield chunk


def orders_or_none(path, wanted=True):
    if not wanted:
        return None
    return read_orders(path)


def push_all(ti, value):
    ti.xcom_push(key="orders", value=value)


def walk(path, depth):
    if depth == 0:
        return pd.read_csv(path)
    return walk(path, depth - 1)


class Reader:
    def __init__(self, path):
        self.path = path
        self.frame = None

    def load(self):
        self.frame = pd.read_csv(self.path)
        return self

    def rows(self):
        return self.frame.to_dict("records")

    def count(self):
        return len(self.frame)

    @property
    def orders(self):
        return pd.read_csv(self.path)

    @classmethod
    def of(cls, path):
        return cls(path)

    @staticmethod
    def head(path):
        return pd.read_csv(path).head(5)

    def __len__(self):
        return len(self.frame)


class JsonReader(Reader):
    def load(self):
        self.frame = pd.read_json(self.path)
        return self

    def describe(self):
        return self.frame.describe().to_dict()
