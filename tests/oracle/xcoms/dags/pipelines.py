"""Tasks inside of decorated DAGs and task groups, as most people write them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pandas as pd
import requests
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import dag, task, task_group


@dag(schedule=None, start_date=datetime(2026, 1, 1), catchup=False, tags=["orders"])
def orders():
    @task
    def extract(csv_path: str):
        return pd.read_csv(csv_path)

    @task
    def extract_path(csv_path: str, out_path: str) -> str:
        orders = pd.read_csv(csv_path)
        orders.to_parquet(out_path)
        return out_path

    @task()
    def transform(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["amount"] > 10]

    @task()
    def transform_records(frame: pd.DataFrame) -> list[dict]:
        return frame.to_dict(orient="records")

    @task
    def aggregate(frame: pd.DataFrame) -> dict:
        return frame.groupby("city")["amount"].sum().to_dict()

    @task
    def load(frame: pd.DataFrame) -> int:
        rows = frame.to_dict("records")
        print(f"loading {len(rows)} rows")
        return len(rows)

    @task(retries=3)
    def report(csv_path: str) -> str:
        orders = pd.read_csv(csv_path)
        lines = [f"{city}: {len(group)}" for city, group in orders.groupby("city")]
        return "\n".join(lines)

    frame = extract("/data/orders.csv")
    extract_path("/data/orders.csv", "/data/orders.parquet")
    kept = transform(frame)
    transform_records(kept)
    aggregate(kept)
    load(kept)
    report("/data/orders.csv")


@dag(schedule="@daily", start_date=datetime(2026, 1, 1))
def api():
    @task
    def get_orders(url: str) -> list:
        response = requests.get(f"{url}/orders", timeout=30)
        response.raise_for_status()
        return response.json()

    @task
    def get_total(url: str) -> int:
        response = requests.get(f"{url}/count", timeout=30)
        response.raise_for_status()
        return response.json()["count"]

    @task
    def get_and_store(url: str, out_path: str) -> str:
        data = requests.get(f"{url}/orders", timeout=30).json()
        Path(out_path).write_text(json.dumps(data))
        return out_path

    @task_group
    def checks():
        @task
        def check_count(url: str) -> bool:
            return len(requests.get(f"{url}/orders", timeout=30).json()) > 0

        @task
        def check_fields(url: str) -> list[str]:
            data = requests.get(f"{url}/orders", timeout=30).json()
            return sorted(data[0].keys())

        check_count("http://api")
        check_fields("http://api")

    get_orders("http://api")
    get_total("http://api")
    get_and_store("http://api", "/data/orders.json")
    checks()


@dag(schedule=None, start_date=datetime(2026, 1, 1))
def warehouse():
    hook = PostgresHook(postgres_conn_id="warehouse")
    table = "orders"

    @task
    def read_outer_hook():
        return hook.get_records(f"select * from {table}")

    @task
    def count_outer_hook():
        return hook.get_first(f"select count(*) from {table}")[0]

    @task
    def read_ids() -> list[int]:
        records = PostgresHook("warehouse").get_records("select id from orders order by id")
        ids = [record[0] for record in records]
        return ids

    @task
    def read_batches() -> list[dict]:
        low, high = PostgresHook("warehouse").get_first("select min(id), max(id) from orders")
        step = (high - low) // 10 + 1
        return [{"start": start, "end": start + step} for start in range(low, high, step)]

    @task(multiple_outputs=True)
    def read_both():
        local = PostgresHook("warehouse")
        return {
            "rows": local.get_records("select * from orders"),
            "count": local.get_first("select count(*) from orders")[0],
        }

    @task(multiple_outputs=True)
    def read_statistics():
        local = PostgresHook("warehouse")
        low, high, mean = local.get_first("select min(amount), max(amount), avg(amount) from orders")
        return {"low": low, "high": high, "mean": mean}

    @task
    def copy_table() -> int:
        source = PostgresHook("warehouse")
        rows = source.get_records("select id, city from orders")
        target = PostgresHook("warehouse")
        target.run("create table if not exists copied (id, city)")
        target.insert_rows(table="copied", rows=rows, target_fields=["id", "city"])
        return len(rows)

    @task
    def to_frame_and_back():
        frame = PostgresHook("warehouse").get_df("select * from orders")
        frame["amount"] = frame["amount"].fillna(0)
        return json.loads(frame.to_json(orient="records"))

    @task
    def to_frame_and_file(out_path):
        frame = PostgresHook("warehouse").get_df("select * from orders")
        frame.to_csv(out_path, index=False, sep=";")
        size = Path(out_path).stat().st_size
        return {"path": out_path, "rows": len(frame), "bytes": size}

    read_outer_hook()
    count_outer_hook()
    read_ids()
    read_batches()
    read_both()
    read_statistics()
    copy_table()
    to_frame_and_back()
    to_frame_and_file("/data/orders.csv")


orders()
api()
warehouse()
