"""Frames and rows as text and bytes."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import json
import pickle

import pandas as pd
from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import task


@task
def dumped(csv_path):
    return json.dumps(pd.read_csv(csv_path).to_dict("records"))


@task
def dumped_and_loaded(csv_path):
    return json.loads(pd.read_csv(csv_path).to_json(orient="records"))


@task
def length_of_dump(csv_path):
    text = json.dumps(pd.read_csv(csv_path).to_dict("records"))
    return len(text)


@task
def digest(csv_path):
    text = pd.read_csv(csv_path).to_csv()
    return hashlib.sha256(text.encode()).hexdigest()


@task
def dumped_rows():
    rows = PostgresHook("warehouse").get_records("select * from orders")
    return json.dumps(rows, default=str)


@task
def dumped_count():
    rows = PostgresHook("warehouse").get_records("select * from orders")
    return json.dumps({"rows": len(rows)})


@task
def as_base64(csv_path):
    return base64.b64encode(pickle.dumps(pd.read_csv(csv_path))).decode()


@task
def as_hex(csv_path):
    return pickle.dumps(pd.read_csv(csv_path)).hex()


@task
def compressed(csv_path):
    raw = pd.read_csv(csv_path).to_csv().encode("utf-8")
    return base64.b64encode(gzip.compress(raw)).decode("ascii")


@task
def buffer_of_csv(csv_path):
    buffer = io.StringIO()
    pd.read_csv(csv_path).to_csv(buffer, index=False)
    return buffer.getvalue()


@task
def buffer_uploaded(csv_path):
    buffer = io.StringIO()
    pd.read_csv(csv_path).to_csv(buffer, index=False)
    S3Hook().load_string(buffer.getvalue(), key="orders.csv", bucket_name="lake", replace=True)
    return "s3://lake/orders.csv"


@task
def buffer_of_parquet(csv_path):
    buffer = io.BytesIO()
    pd.read_csv(csv_path).to_parquet(buffer)
    return base64.b64encode(buffer.getvalue()).decode()


@task
def parquet_uploaded(csv_path):
    buffer = io.BytesIO()
    pd.read_csv(csv_path).to_parquet(buffer)
    buffer.seek(0)
    S3Hook().load_file_obj(buffer, key="orders.parquet", bucket_name="lake", replace=True)
    return {"bucket": "lake", "key": "orders.parquet"}


@task
def size_of_buffer(csv_path):
    buffer = io.BytesIO()
    pd.read_csv(csv_path).to_parquet(buffer)
    return buffer.tell()


@task
def rows_by_writer():
    rows = PostgresHook("warehouse").get_records("select id, city from orders")
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["id", "city"])
    writer.writerows(rows)
    return buffer.getvalue()


@task
def rows_written_to_file(out_path):
    rows = PostgresHook("warehouse").get_records("select id, city from orders")
    with open(out_path, "w", newline="") as file:
        csv.writer(file).writerows(rows)
    return out_path


@task
def rows_dumped_to_file(out_path):
    rows = PostgresHook("warehouse").get_records("select id, city from orders")
    with open(out_path, "w") as file:
        json.dump(rows, file)
    return {"path": out_path, "rows": len(rows)}


@task
def lines_joined():
    rows = PostgresHook("warehouse").get_records("select id, city from orders")
    return "\n".join(f"{number};{city}" for number, city in rows)


@task
def text_by_loop():
    text = ""
    for number, city in PostgresHook("warehouse").get_records("select id, city from orders"):
        text += f"{number};{city}\n"
    return text


@task
def message_of_first_rows():
    rows = PostgresHook("warehouse").get_records("select id, city from orders limit 5")
    return "\n".join(f"{number}: {city}" for number, city in rows)


@task
def message_in_f_string(csv_path):
    orders = pd.read_csv(csv_path)
    return f"loaded {csv_path}:\n{orders.head(3).to_string()}"


@task
def all_in_f_string(csv_path):
    orders = pd.read_csv(csv_path)
    return f"loaded:\n{orders.to_csv()}"


@task
def list_in_f_string():
    rows = PostgresHook("warehouse").get_records("select id from orders")
    return f"rows: {rows}"


@task
def stringified():
    return str(PostgresHook("warehouse").get_records("select id from orders"))


@task
def json_of_described(csv_path):
    return pd.read_csv(csv_path).describe().to_json()


@task
def json_of_head(csv_path):
    return pd.read_csv(csv_path).head().to_json(orient="records")


@task
def json_written(csv_path, out_path):
    return pd.read_csv(csv_path).to_json(out_path, orient="records")


@task
def json_none_given(csv_path):
    return pd.read_csv(csv_path).to_json(None, orient="split")


@task
def csv_none_by_name(csv_path):
    return pd.read_csv(csv_path).to_csv(path_or_buf=None)


@task
def csv_by_name(csv_path, out_path):
    return pd.read_csv(csv_path).to_csv(path_or_buf=out_path)


@task
def split_lines(csv_path):
    return pd.read_csv(csv_path).to_csv(index=False).splitlines()


@task
def number_of_lines(csv_path):
    return len(pd.read_csv(csv_path).to_csv(index=False).splitlines())


@task
def first_line(csv_path):
    return pd.read_csv(csv_path).to_csv(index=False).splitlines()[0]


@task
def start_of_text(csv_path):
    return pd.read_csv(csv_path).to_csv(index=False)[:200]


@task
def parameters_of_query():
    ids = [row[0] for row in PostgresHook("warehouse").get_records("select id from orders limit 10")]
    return ",".join(map(str, ids))
