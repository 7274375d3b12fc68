"""Branches, loops, try, with, walrus, early returns."""

from __future__ import annotations

import contextlib
import json

import pandas as pd
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import task


@task
def in_one_branch(csv_path, city):
    if city:
        return pd.read_csv(csv_path)
    return None


@task
def reduced_on_both(csv_path, city):
    orders = pd.read_csv(csv_path)
    if city == "Graz":
        result = len(orders)
    else:
        result = orders.shape[0]
    return result


@task
def reassigned(csv_path):
    result = pd.read_csv(csv_path)
    result = len(result)
    return result


@task
def reassigned_the_other_way(csv_path):
    result = csv_path
    result = pd.read_csv(result)
    return result


@task
def conditional_expression(csv_path, city):
    orders = pd.read_csv(csv_path)
    return orders if city else None


@task
def conditional_length(csv_path):
    orders = pd.read_csv(csv_path)
    return len(orders) if not orders.empty else 0


@task
def only_when_empty(csv_path):
    orders = pd.read_csv(csv_path)
    if orders.empty:
        return orders
    return "full"


@task
def empty_or_written(csv_path, out_path):
    orders = pd.read_csv(csv_path)
    if len(orders) == 0:
        return orders.to_dict("records")
    orders.to_csv(out_path)
    return out_path


@task
def small_ones_pass(csv_path, out_path):
    orders = pd.read_csv(csv_path)
    if len(orders) <= 100:
        return orders.to_dict("records")
    orders.to_csv(out_path)
    return [{"path": out_path}]


@task
def large_ones_pass(csv_path):
    orders = pd.read_csv(csv_path)
    if len(orders) > 100:
        return orders.to_dict("records")
    return []


@task
def in_a_try(csv_path):
    try:
        orders = pd.read_csv(csv_path)
    except FileNotFoundError:
        return None
    return orders


@task
def in_a_try_with_else(csv_path):
    try:
        orders = pd.read_csv(csv_path)
    except FileNotFoundError:
        orders = None
    else:
        orders = len(orders)
    return orders


@task
def in_a_finally(csv_path):
    orders = None
    try:
        orders = pd.read_csv(csv_path)
        return len(orders)
    finally:
        del orders


@task
def fallback(csv_path):
    try:
        return pd.read_parquet(csv_path)
    except Exception:
        return pd.read_csv(csv_path)


@task
def walrus(csv_path):
    if (count := len(pd.read_csv(csv_path))) > 10:
        return count
    return 0


@task
def walrus_of_frame(csv_path):
    if not (orders := pd.read_csv(csv_path)).empty:
        return orders
    return None


@task
def suppressed(csv_path):
    orders = None
    with contextlib.suppress(FileNotFoundError):
        orders = pd.read_csv(csv_path)
    return orders


@task
def opened(csv_path):
    with open(csv_path) as file:
        orders = pd.read_csv(file)
    return orders


@task
def opened_and_counted(csv_path):
    with open(csv_path) as file:
        return pd.read_csv(file).shape[0]


@task
def looped(csv_path):
    result = None
    for _ in range(3):
        result = pd.read_csv(csv_path)
    return result


@task
def looped_and_reduced(csv_path):
    total = 0
    for _ in range(3):
        orders = pd.read_csv(csv_path)
        total += len(orders)
    return total


@task
def retried(csv_path):
    orders = None
    for attempt in range(3):
        try:
            orders = pd.read_csv(csv_path)
            break
        except OSError:
            continue
    return orders.to_dict("list")


@task
def retried_and_counted(csv_path):
    for attempt in range(3):
        try:
            return len(pd.read_csv(csv_path))
        except OSError:
            pass
    raise RuntimeError("no orders")


@task
def while_loop():
    hook = PostgresHook("warehouse")
    rows, offset = [], 0
    while True:
        page = hook.get_records(f"select id, city from orders limit 500 offset {offset}")
        if not page:
            break
        rows.extend(page)
        offset += 500
    return rows


@task
def while_loop_counting():
    hook = PostgresHook("warehouse")
    count, offset = 0, 0
    while True:
        page = hook.get_records(f"select id, city from orders limit 500 offset {offset}")
        if not page:
            break
        count += len(page)
        offset += 500
    return count


@task
def matched(csv_path, city):
    orders = pd.read_csv(csv_path)
    match city:
        case "Bergen":
            return orders[orders["city"] == city]
        case _:
            return None


@task
def matched_small(csv_path, city):
    orders = pd.read_csv(csv_path)
    match city:
        case "Bergen":
            return int((orders["city"] == city).sum())
        case _:
            return 0


@task
def none_is_replaced(csv_path, orders=None):
    if orders is None:
        orders = pd.read_csv(csv_path)
    return orders


@task
def guarded(csv_path):
    orders = pd.read_csv(csv_path)
    if orders is None:
        return orders
    return {"rows": len(orders)}


@task
def instance_test(csv_path):
    result = pd.read_csv(csv_path)
    if isinstance(result, pd.DataFrame):
        result = result.shape[0]
    return result


@task
def instance_test_kept(csv_path):
    result = pd.read_csv(csv_path)
    if isinstance(result, pd.DataFrame):
        result = result.to_dict("records")
    return result


@task
def raised(csv_path):
    orders = pd.read_csv(csv_path)
    if orders.duplicated().any():
        raise ValueError(f"doubled: {orders[orders.duplicated()].to_dict()}")
    return "fine"


@task
def asserted(csv_path):
    orders = pd.read_csv(csv_path)
    assert not orders.empty, orders
    return True


@task
def augmented(csv_path):
    orders = pd.read_csv(csv_path)["amount"]
    orders += 1
    return orders.tolist()


@task
def augmented_dict(csv_path):
    result = {"path": csv_path}
    result |= {"orders": pd.read_csv(csv_path)}
    return result


@task
def chained_assignment(csv_path):
    first = second = pd.read_csv(csv_path)
    first = None
    return second


@task
def deleted(csv_path):
    orders = pd.read_csv(csv_path)
    count = len(orders)
    del orders
    return count


@task
def boolean_or(csv_path):
    return len(pd.read_csv(csv_path)) or None


@task
def boolean_and(csv_path, city):
    return city and pd.read_csv(csv_path).to_dict("records")


@task
def inner_function(csv_path):
    def load():
        return pd.read_csv(csv_path)

    return load()


@task
def inner_function_counts(csv_path):
    def count():
        return len(pd.read_csv(csv_path))

    return count()


@task
def inner_function_reads_variable(csv_path):
    orders = pd.read_csv(csv_path)

    def rows():
        return orders.to_dict("records")

    return rows()


@task
def lambda_called(csv_path):
    load = lambda path: pd.read_csv(path)  # noqa: E731
    return load(csv_path)


@task
def lambda_counts(csv_path):
    count = lambda path: len(pd.read_csv(path))  # noqa: E731
    return count(csv_path)


@task
def progress(csv_path):
    done = []
    for chunk in pd.read_csv(csv_path, chunksize=500):
        done.append(len(chunk))
    return {"chunks": sum(1 for _ in done), "rows": sum(done)}


@task
def log_then_return(csv_path):
    orders = pd.read_csv(csv_path)
    print(orders)
    print(json.dumps(orders.head(1).to_dict()))
    return None


@task
def no_return(csv_path):
    orders = pd.read_csv(csv_path)
    orders["amount"] = orders["amount"] * 2


@task
def one_of_two(csv_path, parquet_path, city):
    read, path = (pd.read_csv, csv_path) if city else (pd.read_parquet, parquet_path)
    return read(path)


@task
def readers_by_kind(csv_path):
    readers = {"csv": pd.read_csv, "json": pd.read_json}
    return readers["csv"](csv_path)


@task
def getattr_reader(csv_path):
    return getattr(pd, "read_csv")(csv_path)


@task
def global_frame(csv_path):
    global ORDERS
    ORDERS = pd.read_csv(csv_path)
    return len(ORDERS)


@task
def for_else(csv_path):
    for record in pd.read_csv(csv_path).to_dict("records"):
        if record["id"] == 17:
            break
    else:
        record = None
    return record
