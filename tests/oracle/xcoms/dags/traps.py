"""Names, shapes and habits that mislead: none of these give more than a little, or all of them do."""

from __future__ import annotations

import copy
import logging
from collections import Counter, OrderedDict
from pathlib import Path

import pandas as pd
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import task

log = logging.getLogger(__name__)


class Catalog:
    """Has methods with the names of pandas and cursors."""

    def read(self):
        return "one line"

    def fetchall(self):
        return [1, 2, 3]

    def get_records(self, query):
        return {"asked": query}

    def to_dict(self):
        return {"a": 1}

    def to_pandas(self):
        return None

    def head(self, path):
        return pd.read_csv(path)


def read_csv(path):
    return path


def concat(*values):
    return "".join(values)


@task
def own_read():
    return Catalog().read()


@task
def own_fetchall():
    return Catalog().fetchall()


@task
def own_get_records():
    return Catalog().get_records("select * from orders")


@task
def own_to_dict():
    return Catalog().to_dict()


@task
def own_to_pandas():
    return Catalog().to_pandas()


@task
def own_head(csv_path):
    return Catalog().head(csv_path)


@task
def own_read_csv(csv_path):
    return read_csv(csv_path)


@task
def own_concat(csv_path):
    return concat("a", csv_path)


@task
def shadowed(csv_path):
    pd = Path(csv_path)  # noqa: F841
    return str(pd)


@task
def dict_of_dicts():
    settings = {"a": {"to": "b"}}
    return settings["a"].copy()


@task
def counter_of_words():
    return dict(Counter("a b a".split()))


@task
def ordered():
    return OrderedDict(a=1)


@task
def deep_copy(csv_path):
    return copy.deepcopy(pd.read_csv(csv_path).to_dict("records"))


@task
def logged(csv_path):
    orders = pd.read_csv(csv_path)
    log.info("orders: %s", orders)
    return None


@task
def printed_result(csv_path):
    return print(pd.read_csv(csv_path).head())


@task
def side_effect_of_append(csv_path):
    frames = []
    return frames.append(pd.read_csv(csv_path))


@task
def side_effect_of_sort(csv_path):
    ids = pd.read_csv(csv_path)["id"].tolist()
    return ids.sort()


@task
def side_effect_of_update(csv_path):
    result = {}
    return result.update(orders=pd.read_csv(csv_path))


@task
def sorted_in_place(csv_path):
    ids = pd.read_csv(csv_path)["id"].tolist()
    ids.sort()
    return ids


@task
def truth_value(csv_path):
    return not pd.read_csv(csv_path).empty


@task
def comparison(csv_path):
    return len(pd.read_csv(csv_path)) > 10


@task
def membership(csv_path):
    return "customer 3" in set(pd.read_csv(csv_path)["name"])


@task
def membership_of_list(csv_path):
    return 17 in pd.read_csv(csv_path)["id"].tolist()


@task
def identity(csv_path):
    return pd.read_csv(csv_path) is None


@task
def multiplied(csv_path):
    return len(pd.read_csv(csv_path)) * 2


@task
def multiplied_frame(csv_path):
    return pd.read_csv(csv_path)[["id", "amount"]] * 2


@task
def percent(csv_path):
    return "%d rows" % len(pd.read_csv(csv_path))


@task
def type_of_frame(csv_path):
    return type(pd.read_csv(csv_path)).__name__


@task
def isinstance_of_frame(csv_path):
    return isinstance(pd.read_csv(csv_path), pd.DataFrame)


@task
def hash_of_frame(csv_path):
    return int(pd.util.hash_pandas_object(pd.read_csv(csv_path)).sum() % 1000)


@task
def id_of_frame(csv_path):
    return id(pd.read_csv(csv_path)) > 0


@task
def argument_of_other_call(csv_path):
    return str(Path(csv_path).with_suffix(".parquet"))


@task
def frame_given_to_unknown(csv_path):
    return log.isEnabledFor(len(pd.read_csv(csv_path)))


@task
def rounded(csv_path):
    return round(len(pd.read_csv(csv_path)) / 3, 1)


@task
def list_of_one_count(csv_path):
    return [len(pd.read_csv(csv_path))]


@task
def tuple_of_facts(csv_path):
    orders = pd.read_csv(csv_path)
    return len(orders), orders["amount"].max(), tuple(orders.columns)


@task
def range_of_rows(csv_path):
    return list(range(0, 3))


@task
def chosen_row(csv_path):
    records = pd.read_csv(csv_path).to_dict("records")
    return next(record for record in records if record["id"] == 17)


@task
def chosen_row_or_none(csv_path):
    records = pd.read_csv(csv_path).to_dict("records")
    return next((record for record in records if record["id"] == 17), None)


@task
def matching_index(csv_path):
    names = pd.read_csv(csv_path)["name"].tolist()
    return names.index("customer 3")


@task
def count_of_value(csv_path):
    return pd.read_csv(csv_path)["city"].tolist().count("Graz")


@task
def popped_record(csv_path):
    return pd.read_csv(csv_path).to_dict("records").pop()


@task
def text_replaced(csv_path):
    return csv_path.replace("orders", "customers")


@task
def unpacked_call(csv_path):
    options = {"sep": ","}
    return pd.read_csv(csv_path, **options)


@task
def unpacked_limit(csv_path):
    options = {"nrows": 10}
    return pd.read_csv(csv_path, **options)


@task
def nrows_from_variable(csv_path):
    rows = 10
    return pd.read_csv(csv_path, nrows=rows).to_dict("records")


@task
def head_from_variable(csv_path):
    rows = 10
    return pd.read_csv(csv_path).head(rows).to_dict("records")


@task
def head_from_parameter(csv_path, count=10):
    return pd.read_csv(csv_path).head(count).to_dict("records")


@task
def slice_from_variable(csv_path):
    rows = 10
    return pd.read_csv(csv_path).to_dict("records")[:rows]


@task
def same_name_in_two_scopes(csv_path):
    def orders():
        return pd.read_csv(csv_path)

    count = len(orders())
    return {"orders": count}


@task
def recursion_that_ends(csv_path):
    def count(path, depth):
        return len(pd.read_csv(path)) if depth == 0 else count(path, depth - 1)

    return count(csv_path, 3)


@task
def frame_in_exception(csv_path):
    try:
        raise ValueError(pd.read_csv(csv_path))
    except ValueError as error:
        return type(error).__name__


@task
def default_argument(csv_path, orders=None):
    orders = orders if orders is not None else pd.read_csv(csv_path)
    return len(orders)


@task
def frame_in_closure_counts(csv_path):
    orders = pd.read_csv(csv_path)
    return (lambda: len(orders))()


@task
def overwritten_by_loop(csv_path):
    orders = pd.read_csv(csv_path)
    for orders in ("a", "b"):  # a matter of taste
        pass
    return orders


@task
def overwritten_by_with(csv_path):
    orders = pd.read_csv(csv_path)
    with open(csv_path) as orders:
        name = orders.name
    return name


@task
def overwritten_by_import(csv_path):
    json = pd.read_csv(csv_path)
    import json

    return json.dumps({"a": 1})


@task
def overwritten_by_function(csv_path):
    orders = pd.read_csv(csv_path)

    def orders():
        return 1

    return orders()


@task
def connection_type():
    return type(PostgresHook("warehouse").get_conn()).__name__


@task
def both_reduced(csv_path, parquet_path):
    first, second = (pd.read_csv(csv_path), pd.read_parquet(parquet_path))
    return {"first": first.shape, "second": second.shape, "same": first.equals(second)}


@task
def unpacked_columns(csv_path):
    first, *rest = pd.read_csv(csv_path).columns
    return {"first": first, "rest": rest}


@task
def min_of_two(csv_path):
    orders = pd.read_csv(csv_path)
    return min(len(orders), 100)


@task
def minimum_of_frames(csv_path, parquet_path):
    return len(min(pd.read_csv(csv_path), pd.read_parquet(parquet_path), key=len))


@task
def shorter_of_two(csv_path, parquet_path):
    return min(pd.read_csv(csv_path), pd.read_parquet(parquet_path), key=len)  # a matter of taste


@task
def nested_reduction(csv_path):
    return sum(map(len, [pd.read_csv(csv_path), pd.read_csv(csv_path)]))


@task
def any_of_frames(csv_path):
    return any(frame.empty for frame in [pd.read_csv(csv_path)])


@task
def generator_length(csv_path):
    return len([record for record in pd.read_csv(csv_path).to_dict("records") if record["amount"] > 10])


@task
def set_length(csv_path):
    return len({record["city"] for record in pd.read_csv(csv_path).to_dict("records")})


@task
def zipped_totals(csv_path):
    totals = pd.read_csv(csv_path)[["id", "amount"]].sum()
    return dict(zip(totals.index, totals.tolist()))


@task
def enumerated_columns(csv_path):
    return {number: name for number, name in enumerate(pd.read_csv(csv_path).columns)}


@task
def frame_attribute_column(csv_path):
    return float(pd.read_csv(csv_path).amount.max())


@task
def frame_attribute_column_whole(csv_path):
    return pd.read_csv(csv_path).name.tolist()
