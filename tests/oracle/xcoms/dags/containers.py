"""Frames and rows in dicts, lists, tuples and sets, and what is taken out again."""

from __future__ import annotations

from collections import defaultdict, deque, namedtuple
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import task


@task
def frame_in_a_dict(csv_path):
    orders = pd.read_csv(csv_path)
    return {"orders": orders, "count": len(orders)}


@task
def records_in_a_dict(csv_path):
    orders = pd.read_csv(csv_path)
    return {"rows": orders.to_dict("records"), "path": csv_path}


@task
def only_facts_in_a_dict(csv_path):
    orders = pd.read_csv(csv_path)
    return {"count": len(orders), "columns": list(orders.columns), "path": csv_path}


@task
def small_key_of_dict(csv_path):
    result = {"orders": pd.read_csv(csv_path), "path": csv_path}
    return result["path"]


@task
def large_key_of_dict(csv_path):
    result = {"orders": pd.read_csv(csv_path), "path": csv_path}
    return result["orders"]


@task
def popped(csv_path):
    result = {"orders": pd.read_csv(csv_path), "path": csv_path}
    result.pop("orders")
    return result


@task
def deleted_key(csv_path):
    result = {"orders": pd.read_csv(csv_path), "path": csv_path}
    result["rows"] = len(result["orders"])
    del result["orders"]
    return result


@task
def replaced_key(csv_path):
    result = {"orders": pd.read_csv(csv_path)}
    result["orders"] = len(result["orders"])
    return result


@task
def put_into_a_dict(csv_path):
    result = {}
    result["orders"] = pd.read_csv(csv_path)
    return result


@task
def updated_dict(csv_path):
    result = {"path": csv_path}
    result.update(orders=pd.read_csv(csv_path))
    return result


@task
def updated_with_small(csv_path):
    result = {"path": csv_path}
    result.update({"count": len(pd.read_csv(csv_path))})
    return result


@task
def merged_dicts(csv_path):
    facts = {"path": csv_path}
    return {**facts, "orders": pd.read_csv(csv_path)}


@task
def dicts_by_pipe(csv_path):
    return {"path": csv_path} | {"orders": pd.read_csv(csv_path)}


@task
def list_of_frames(csv_path, parquet_path):
    return [pd.read_csv(csv_path), pd.read_parquet(parquet_path)]


@task
def lengths_of_frames(csv_path, parquet_path):
    frames = [pd.read_csv(csv_path), pd.read_parquet(parquet_path)]
    return [len(frame) for frame in frames]


@task
def frames_appended(folder):
    frames = []
    for path in sorted(Path(folder).glob("*.csv")):
        frames.append(pd.read_csv(path))
    return frames


@task
def frames_concatenated(folder):
    return pd.concat([pd.read_csv(path) for path in Path(folder).glob("*.csv")])


@task
def frames_by_map(folder):
    return pd.concat(map(pd.read_csv, Path(folder).glob("*.csv")))


@task
def shapes_of_frames(folder):
    return {path.name: pd.read_csv(path).shape for path in Path(folder).glob("*.csv")}


@task
def frames_by_name(folder):
    return {path.stem: pd.read_csv(path) for path in Path(folder).glob("*.csv")}


@task
def names_of_frames(folder):
    frames = {path.stem: pd.read_csv(path) for path in Path(folder).glob("*.csv")}
    return sorted(frames)


@task
def keys_of_frames(folder):
    frames = {path.stem: pd.read_csv(path) for path in Path(folder).glob("*.csv")}
    return list(frames.keys())


@task
def items_of_frames(folder):
    frames = {path.stem: pd.read_csv(path) for path in Path(folder).glob("*.csv")}
    return {name: len(frame) for name, frame in frames.items()}


@task
def one_of_the_frames(folder):
    frames = {path.stem: pd.read_csv(path) for path in Path(folder).glob("*.csv")}
    return frames["part-0"].to_dict("records")


@task
def tuple_of_both(csv_path):
    orders = pd.read_csv(csv_path)
    return orders, len(orders)


@task
def tuple_unpacked(csv_path):
    orders, count = pd.read_csv(csv_path), 3
    return count


@task
def tuple_unpacked_large(csv_path):
    orders, count = pd.read_csv(csv_path), 3
    return orders


@task
def swapped(csv_path):
    first, second = pd.read_csv(csv_path), "path"
    first, second = second, first
    return first


@task
def starred(csv_path):
    first, *rest = pd.read_csv(csv_path).to_dict("records")
    return first


@task
def starred_rest(csv_path):
    first, *rest = pd.read_csv(csv_path).to_dict("records")
    return rest


@task
def nested(csv_path):
    return {"data": {"orders": [pd.read_csv(csv_path)]}}


@task
def nested_small(csv_path):
    data = {"data": {"orders": pd.read_csv(csv_path), "meta": {"path": csv_path}}}
    return data["data"]["meta"]


@task
def default_dict(csv_path):
    by_city = defaultdict(list)
    for record in pd.read_csv(csv_path).to_dict("records"):
        by_city[record["city"]].append(record)
    return dict(by_city)


@task
def default_dict_of_counts(csv_path):
    by_city = defaultdict(int)
    for record in pd.read_csv(csv_path).to_dict("records"):
        by_city[record["city"]] += 1
    return dict(by_city)


@task
def batches(csv_path):
    records = pd.read_csv(csv_path).to_dict("records")
    return [records[start : start + 100] for start in range(0, len(records), 100)]


@task
def batch_bounds(csv_path):
    count = len(pd.read_csv(csv_path))
    return [{"start": start, "end": min(start + 1000, count)} for start in range(0, 10_000, 1000)]


@task
def bounded_queue(csv_path):
    last = deque(maxlen=10)
    for record in pd.read_csv(csv_path).to_dict("records"):
        last.append(record)
    return list(last)


@task
def extended():
    hook = PostgresHook("warehouse")
    rows = []
    for city in ("Graz", "Lyon"):
        rows.extend(hook.get_records(f"select * from orders where city = '{city}'"))
    return rows


@task
def added_lists():
    hook = PostgresHook("warehouse")
    rows = []
    for city in ("Graz", "Lyon"):
        rows += hook.get_records(f"select * from orders where city = '{city}'")
    return rows


@task
def counted_per_city():
    hook = PostgresHook("warehouse")
    counts = []
    for city in ("Graz", "Lyon"):
        rows = hook.get_records(f"select * from orders where city = '{city}'")
        counts.append({"city": city, "rows": len(rows)})
    return counts


@task
def header_and_rows():
    rows = PostgresHook("warehouse").get_records("select id, city from orders")
    return [("id", "city"), *rows]


@task
def enumerated():
    rows = PostgresHook("warehouse").get_records("select id, city from orders")
    return [{"n": n, "row": list(row)} for n, row in enumerate(rows)]


@task
def filtered_by_comprehension():
    rows = PostgresHook("warehouse").get_records("select id, amount from orders")
    return [row for row in rows if row[1] > 100]


@task
def filtered_by_filter():
    rows = PostgresHook("warehouse").get_records("select id, amount from orders")
    return list(filter(lambda row: row[1] > 100, rows))


@task
def mapped_by_map():
    rows = PostgresHook("warehouse").get_records("select id, name from orders")
    return list(map(list, rows))


@task
def zipped_with_names():
    rows = PostgresHook("warehouse").get_records("select id, city from orders")
    return [dict(zip(("id", "city"), row)) for row in rows]


@task
def first_by_next():
    rows = PostgresHook("warehouse").get_records("select id, city from orders")
    return next(iter(rows), None)


@task
def last_row():
    rows = PostgresHook("warehouse").get_records("select id, city from orders")
    return rows[-1]


@task
def sorted_top_three():
    rows = PostgresHook("warehouse").get_records("select id, amount from orders")
    return sorted(rows, key=lambda row: row[1], reverse=True)[:3]


@task
def sorted_all():
    rows = PostgresHook("warehouse").get_records("select id, amount from orders")
    return sorted(rows, key=lambda row: row[1])


@task
def sum_by_generator():
    rows = PostgresHook("warehouse").get_records("select id, amount from orders")
    return sum(amount for _, amount in rows)


@task
def any_by_generator():
    rows = PostgresHook("warehouse").get_records("select id, amount from orders")
    return any(amount > 100 for _, amount in rows)


class Loaded(NamedTuple):
    orders: pd.DataFrame
    path: str


@dataclass
class Summary:
    path: str
    count: int


Pair = namedtuple("Pair", ["frame", "count"])


@task
def named_tuple(csv_path):
    return Loaded(orders=pd.read_csv(csv_path), path=csv_path)


@task
def field_of_named_tuple(csv_path):
    loaded = Loaded(pd.read_csv(csv_path), csv_path)
    return loaded.path


@task
def data_class(csv_path):
    orders = pd.read_csv(csv_path)
    return Summary(csv_path, len(orders))


@task
def pair_unpacked(csv_path):
    frame, count = Pair(pd.read_csv(csv_path), 4)
    return count


@task
def shallow_copy(csv_path):
    records = pd.read_csv(csv_path).to_dict("records")
    return records.copy()


@task
def cleared(csv_path):
    records = pd.read_csv(csv_path).to_dict("records")
    count = len(records)
    records.clear()
    return {"count": count, "left": records}


@task
def value_by_get(csv_path):
    settings = {"path": csv_path, "orders": pd.read_csv(csv_path)}
    return settings.get("path")
