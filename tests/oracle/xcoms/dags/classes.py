"""Classes beside the tasks, whose objects hold or make data."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import task


class Warehouse:
    table = "orders"

    def __init__(self, conn_id="warehouse"):
        self.hook = PostgresHook(postgres_conn_id=conn_id)
        self.seen = []

    def rows(self):
        return self.hook.get_records(f"select * from {self.table}")

    def count(self):
        return self.hook.get_first(f"select count(*) from {self.table}")[0]

    def frame(self) -> pd.DataFrame:
        return self.hook.get_df(f"select * from {self.table}")

    def head(self, count=10):
        return self.rows()[:10]

    def remember(self):
        self.seen = self.rows()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.seen = []

    def __iter__(self):
        yield from self.rows()

    def __call__(self):
        return self.rows()


class Extract:
    def __init__(self, path):
        self.path = path

    def run(self):
        orders = self._read()
        return self._finish(orders)

    def _read(self):
        return pd.read_csv(self.path)

    def _finish(self, orders):
        return orders.to_dict("records")


class ExtractCount(Extract):
    def _finish(self, orders):
        return len(orders)


class Lazy:
    def __init__(self, path):
        self.path = path

    @cached_property
    def orders(self):
        return pd.read_csv(self.path)

    @property
    def size(self):
        return len(self.orders)


@dataclass
class Batch:
    path: str
    rows: list = field(default_factory=list)

    def read(self):
        self.rows = pd.read_csv(self.path).to_dict("records")


@task
def rows_of_class():
    return Warehouse().rows()


@task
def count_of_class():
    return Warehouse().count()


@task
def frame_of_class():
    return Warehouse().frame()


@task
def length_of_frame_of_class():
    return len(Warehouse().frame())


@task
def head_of_class():
    return Warehouse().head()


@task
def remembered():
    warehouse = Warehouse()
    warehouse.remember()
    return warehouse.seen


@task
def remembered_and_counted():
    warehouse = Warehouse()
    warehouse.remember()
    return len(warehouse.seen)


@task
def table_of_class():
    return Warehouse().table


@task
def in_a_with():
    with Warehouse() as warehouse:
        return warehouse.rows()


@task
def in_a_with_counted():
    with Warehouse() as warehouse:
        return warehouse.count()


@task
def iterated():
    return [list(row) for row in Warehouse()]


@task
def called():
    return Warehouse()()


@task
def template_method(csv_path):
    return Extract(csv_path).run()


@task
def template_method_overridden(csv_path):
    return ExtractCount(csv_path).run()


@task
def cached(csv_path):
    return Lazy(csv_path).orders


@task
def cached_size(csv_path):
    return Lazy(csv_path).size


@task
def batch_rows(csv_path):
    batch = Batch(csv_path)
    batch.read()
    return batch.rows


@task
def batch_path(csv_path):
    batch = Batch(csv_path)
    batch.read()
    return batch.path


@task
def attribute_set_from_outside(csv_path):
    batch = Batch(csv_path)
    batch.rows = pd.read_csv(csv_path).to_dict("records")
    return batch.rows


@task
def attribute_set_small(csv_path):
    batch = Batch(csv_path)
    batch.rows = len(pd.read_csv(csv_path))
    return batch.rows


@task
def whole_batch(csv_path):
    batch = Batch(csv_path)
    batch.read()
    return batch
