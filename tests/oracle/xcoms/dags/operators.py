"""Operators of one's own."""

from __future__ import annotations

import json

import pandas as pd
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, BaseOperator, BaseSensorOperator, PokeReturnValue


class LoadOrders(BaseOperator):
    template_fields = ("csv_path",)

    def __init__(self, csv_path, **kwargs):
        super().__init__(**kwargs)
        self.csv_path = csv_path

    def execute(self, context):
        return pd.read_csv(self.csv_path)


class CountOrders(BaseOperator):
    def __init__(self, csv_path, **kwargs):
        super().__init__(**kwargs)
        self.csv_path = csv_path

    def execute(self, context):
        orders = pd.read_csv(self.csv_path)
        return len(orders)


class FetchRows(BaseOperator):
    def __init__(self, sql, conn_id="warehouse", **kwargs):
        super().__init__(**kwargs)
        self.sql = sql
        self.conn_id = conn_id

    def execute(self, context):
        hook = PostgresHook(postgres_conn_id=self.conn_id)
        return hook.get_records(self.sql)


class FetchWithOwnHook(BaseOperator):
    def __init__(self, conn_id="warehouse", **kwargs):
        super().__init__(**kwargs)
        self.conn_id = conn_id

    @property
    def hook(self):
        return PostgresHook(postgres_conn_id=self.conn_id)

    def execute(self, context):
        rows = self.hook.get_records("select * from orders")
        self.log.info("%s rows", len(rows))
        return [dict(zip(("id", "city", "day", "amount", "name"), row)) for row in rows]


class FetchFirst(BaseOperator):
    def execute(self, context):
        hook = PostgresHook(postgres_conn_id="warehouse")
        return hook.get_first("select * from orders")


class InSteps(BaseOperator):
    def __init__(self, csv_path, **kwargs):
        super().__init__(**kwargs)
        self.csv_path = csv_path

    def extract(self):
        return pd.read_csv(self.csv_path)

    def transform(self, orders):
        return orders[orders["amount"] > 10]

    def execute(self, context):
        orders = self.extract()
        orders = self.transform(orders)
        return orders.to_dict("records")


class InStepsWritten(InSteps):
    def __init__(self, out_path, **kwargs):
        super().__init__(**kwargs)
        self.out_path = out_path

    def execute(self, context):
        orders = self.transform(self.extract())
        orders.to_csv(self.out_path)
        return self.out_path


class KeepsFrame(BaseOperator):
    def __init__(self, csv_path, **kwargs):
        super().__init__(**kwargs)
        self.csv_path = csv_path
        self.orders = None

    def load(self):
        self.orders = pd.read_csv(self.csv_path)

    def execute(self, context):
        self.load()
        return self.orders


class KeepsFrameAndCounts(BaseOperator):
    def __init__(self, csv_path, **kwargs):
        super().__init__(**kwargs)
        self.csv_path = csv_path
        self.orders = None

    def load(self):
        self.orders = pd.read_csv(self.csv_path)

    def execute(self, context):
        self.load()
        return len(self.orders)


class Pushes(BaseOperator):
    def __init__(self, csv_path, **kwargs):
        super().__init__(**kwargs)
        self.csv_path = csv_path

    def execute(self, context):
        context["ti"].xcom_push(key="orders", value=pd.read_csv(self.csv_path).to_json())


class PushesAPath(BaseOperator):
    def __init__(self, csv_path, out_path, **kwargs):
        super().__init__(**kwargs)
        self.csv_path = csv_path
        self.out_path = out_path

    def execute(self, context):
        pd.read_csv(self.csv_path).to_csv(self.out_path)
        context["ti"].xcom_push(key="path", value=self.out_path)


class ReadsJson(BaseOperator):
    def __init__(self, json_path, **kwargs):
        super().__init__(**kwargs)
        self.json_path = json_path

    def execute(self, context):
        with open(self.json_path) as file:
            data = json.load(file)
        return data


class ReadsJsonCounts(BaseOperator):
    def __init__(self, json_path, **kwargs):
        super().__init__(**kwargs)
        self.json_path = json_path

    def execute(self, context):
        with open(self.json_path) as file:
            data = json.load(file)
        counts = {}
        for order in data:
            counts[order["city"]] = counts.get(order["city"], 0) + 1
        return counts


class WaitsForOrders(BaseSensorOperator):
    def __init__(self, csv_path, **kwargs):
        super().__init__(**kwargs)
        self.csv_path = csv_path

    def poke(self, context):
        orders = pd.read_csv(self.csv_path)
        return PokeReturnValue(is_done=not orders.empty, xcom_value=orders.to_dict("records"))


class WaitsForOrdersOnly(BaseSensorOperator):
    def __init__(self, csv_path, **kwargs):
        super().__init__(**kwargs)
        self.csv_path = csv_path

    def poke(self, context):
        return not pd.read_csv(self.csv_path).empty


class ExtendedPythonOperator(PythonOperator):
    def execute(self, context):
        result = super().execute(context)
        return {"result": result, "rows": pd.read_csv("orders.csv").to_dict("records")}


class Base(BaseOperator):
    def __init__(self, csv_path, **kwargs):
        super().__init__(**kwargs)
        self.csv_path = csv_path

    def fetch(self):
        return pd.read_csv(self.csv_path)

    def result(self, orders):
        return orders

    def execute(self, context):
        return self.result(self.fetch())


class DerivedCounts(BaseOperator):
    def __init__(self, csv_path, **kwargs):
        super().__init__(**kwargs)
        self.csv_path = csv_path

    def _rows(self):
        yield from pd.read_csv(self.csv_path).to_dict("records")

    def execute(self, context):
        return sum(1 for _ in self._rows())


class DerivedLists(BaseOperator):
    def __init__(self, csv_path, **kwargs):
        super().__init__(**kwargs)
        self.csv_path = csv_path

    def _rows(self):
        yield from pd.read_csv(self.csv_path).to_dict("records")

    def execute(self, context):
        return list(self._rows())


with DAG("operators"):
    LoadOrders(task_id="load_orders", csv_path="/data/orders.csv")
    CountOrders(task_id="count_orders", csv_path="/data/orders.csv")
    FetchRows(task_id="fetch_rows", sql="select * from orders")
    FetchWithOwnHook(task_id="fetch_with_own_hook")
    FetchFirst(task_id="fetch_first")
    InSteps(task_id="in_steps", csv_path="/data/orders.csv")
    InStepsWritten(task_id="in_steps_written", csv_path="/data/orders.csv", out_path="/data/out.csv")
    KeepsFrame(task_id="keeps_frame", csv_path="/data/orders.csv")
    KeepsFrameAndCounts(task_id="keeps_frame_and_counts", csv_path="/data/orders.csv")
    Pushes(task_id="pushes", csv_path="/data/orders.csv")
    PushesAPath(task_id="pushes_a_path", csv_path="/data/orders.csv", out_path="/data/out.csv")
    ReadsJson(task_id="reads_json", json_path="/data/orders.json")
    ReadsJsonCounts(task_id="reads_json_counts", json_path="/data/orders.json")
    WaitsForOrders(task_id="waits_for_orders", csv_path="/data/orders.csv")
    WaitsForOrdersOnly(task_id="waits_for_orders_only", csv_path="/data/orders.csv")
    ExtendedPythonOperator(task_id="extended_python_operator", python_callable=lambda: 1)
    Base(task_id="base", csv_path="/data/orders.csv")
    DerivedCounts(task_id="derived_counts", csv_path="/data/orders.csv")
    DerivedLists(task_id="derived_lists", csv_path="/data/orders.csv")
