"""More of what pandas gives: grouping, windows, dates, other constructors and texts."""

from __future__ import annotations

import io
from collections import Counter

import numpy as np
import pandas as pd
from airflow.sdk import task


@task
def from_records(json_path):
    import json

    with open(json_path) as file:
        return pd.DataFrame(json.load(file))


@task
def small_literal_frame():
    return pd.DataFrame({"city": ["Graz", "Lyon"], "open": [True, False]})


@task
def empty_frame():
    return pd.DataFrame(columns=["id", "amount"])


@task
def frame_of_totals(csv_path):
    orders = pd.read_csv(csv_path)
    return pd.DataFrame([{"rows": len(orders), "total": float(orders["amount"].sum())}])


@task
def report_of_counts(csv_path):
    orders = pd.read_csv(csv_path)
    report = {"rows": len(orders), "cities": orders["city"].nunique(), "max": float(orders["amount"].max())}
    return report


@task
def profile(csv_path):
    orders = pd.read_csv(csv_path)
    result = {}
    for column in orders.columns:
        result[column] = {"nulls": int(orders[column].isnull().sum()), "dtype": str(orders[column].dtype)}
    return result


@task
def rolling_mean(csv_path):
    orders = pd.read_csv(csv_path)
    orders["rolling"] = orders["amount"].rolling(7).mean()
    return orders


@task
def cumulated(csv_path):
    orders = pd.read_csv(csv_path)
    return orders["amount"].cumsum().tolist()


@task
def differences(csv_path):
    return pd.read_csv(csv_path)["amount"].diff().fillna(0).tolist()


@task
def ranked(csv_path):
    orders = pd.read_csv(csv_path)
    return orders.assign(rank=orders["amount"].rank()).to_dict("records")


@task
def top_city(csv_path):
    orders = pd.read_csv(csv_path)
    return orders.groupby("city")["amount"].sum().idxmax()


@task
def amounts_per_city_and_day(csv_path):
    orders = pd.read_csv(csv_path)
    grouped = orders.groupby(["city", "day"], as_index=False)["amount"].sum()
    return grouped.to_dict("records")


@task
def first_of_each_city(csv_path):
    return pd.read_csv(csv_path).groupby("city").first().to_dict()


@task
def rank_within_city(csv_path):
    orders = pd.read_csv(csv_path)
    orders["place"] = orders.groupby("city")["amount"].rank()
    return orders[["id", "place"]]


@task
def resampled_by_day(csv_path):
    orders = pd.read_csv(csv_path, parse_dates=["day"])
    daily = orders.set_index("day")["amount"].resample("D").sum()
    return {str(day): float(value) for day, value in daily.items()}


@task
def most_common_city(csv_path):
    counts = Counter(pd.read_csv(csv_path)["city"])
    return counts.most_common(1)[0][0]


@task
def counted_by_counter(csv_path):
    return dict(Counter(pd.read_csv(csv_path)["city"]))


@task
def names_joined(csv_path):
    return ", ".join(pd.read_csv(csv_path)["name"])


@task
def cities_joined(csv_path):
    return ", ".join(sorted(set(pd.read_csv(csv_path)["city"])))


@task
def set_of_ids(csv_path):
    return set(pd.read_csv(csv_path)["id"].tolist())


@task
def info_of_frame(csv_path):
    buffer = io.StringIO()
    pd.read_csv(csv_path).info(buf=buffer)
    return buffer.getvalue()


@task
def frame_as_html_mail(csv_path):
    return pd.read_csv(csv_path).to_html(index=False)


@task
def preview_as_html(csv_path):
    return pd.read_csv(csv_path).head(10).to_html(index=False)


@task
def preview_as_markdown_text(csv_path):
    orders = pd.read_csv(csv_path)
    return orders.tail(3).to_string()


@task
def whole_as_string(csv_path):
    return pd.read_csv(csv_path).to_string()


@task
def string_of_repr(csv_path):
    return str(pd.read_csv(csv_path))


@task
def formatted_summary(csv_path):
    orders = pd.read_csv(csv_path)
    return f"{len(orders)} orders, {orders['amount'].sum():.2f} in total"


@task
def numpy_to_list(csv_path):
    return np.sort(pd.read_csv(csv_path)["amount"].to_numpy()).tolist()


@task
def numpy_mean(csv_path):
    return float(np.mean(pd.read_csv(csv_path)["amount"].values))


@task
def numpy_percentiles(csv_path):
    return np.percentile(pd.read_csv(csv_path)["amount"], [50, 90, 99]).tolist()


@task
def numpy_unique(csv_path):
    return np.unique(pd.read_csv(csv_path)["city"]).tolist()


@task
def numpy_where(csv_path):
    orders = pd.read_csv(csv_path)
    orders["size"] = np.where(orders["amount"] > 500, "large", "small")
    return orders["size"].value_counts().to_dict()


@task
def flagged_large(csv_path):
    orders = pd.read_csv(csv_path)
    orders["large"] = np.where(orders["amount"] > 500, True, False)
    return orders


@task
def isin_filter(csv_path):
    orders = pd.read_csv(csv_path)
    mask = orders["city"].isin(["Graz", "Lyon"])
    return orders[mask]


@task
def any_large(csv_path):
    return bool((pd.read_csv(csv_path)["amount"] > 500).any())


@task
def number_of_large(csv_path):
    orders = pd.read_csv(csv_path)
    return int((orders["amount"] > 500).sum())


@task
def share_of_large(csv_path):
    orders = pd.read_csv(csv_path)
    return len(orders[orders["amount"] > 500]) / len(orders)


@task
def the_one_order(csv_path):
    orders = pd.read_csv(csv_path)
    return orders[orders["id"] == 17].iloc[0].to_dict()


@task
def the_one_amount(csv_path):
    orders = pd.read_csv(csv_path)
    return float(orders.loc[orders["id"] == 17, "amount"].item())


@task
def sliced(csv_path):
    return pd.read_csv(csv_path)[:20].to_dict("records")


@task
def sliced_by_position(csv_path):
    return pd.read_csv(csv_path).iloc[10:30]


@task
def sliced_to_the_end(csv_path):
    return pd.read_csv(csv_path).iloc[10:]


@task
def every_other(csv_path):
    return pd.read_csv(csv_path).iloc[::2]


@task
def in_place(csv_path):
    orders = pd.read_csv(csv_path)
    orders.drop(columns=["name"], inplace=True)
    orders.rename(columns={"amount": "net"}, inplace=True)
    return orders


@task
def dropped_in_place_gives_none(csv_path):
    return pd.read_csv(csv_path).drop(columns=["name"], inplace=True)


@task
def applied_by_row(csv_path):
    orders = pd.read_csv(csv_path)
    return orders.apply(lambda row: f"{row['city']}-{row['id']}", axis=1).tolist()


@task
def applied_to_columns(csv_path):
    return pd.read_csv(csv_path)[["id", "amount"]].apply(lambda column: column.max()).to_dict()


@task
def aggregated(csv_path):
    return pd.read_csv(csv_path).agg({"amount": "sum", "id": "max"}).to_dict()


@task
def sums_of_numbers(csv_path):
    return pd.read_csv(csv_path).sum(numeric_only=True).to_dict()


@task
def keys_of_frame(csv_path):
    return pd.read_csv(csv_path).keys().tolist()


@task
def column_names_by_loop(csv_path):
    return [column.lower() for column in pd.read_csv(csv_path)]


@task
def iterated_rows(csv_path):
    result = []
    for _, row in pd.read_csv(csv_path).iterrows():
        result.append({"id": int(row["id"]), "name": row["name"]})
    return result


@task
def iterated_tuples(csv_path):
    return [(row.id, row.name) for row in pd.read_csv(csv_path).itertuples(index=False)]


@task
def zipped_columns(csv_path):
    orders = pd.read_csv(csv_path)
    return dict(zip(orders["id"].tolist(), orders["name"]))


@task
def summed_by_loop(csv_path):
    total = 0.0
    for _, row in pd.read_csv(csv_path).iterrows():
        total += row["amount"]
    return total


@task
def counts_by_loop(csv_path):
    counts = {}
    for row in pd.read_csv(csv_path).itertuples():
        counts[row.city] = counts.get(row.city, 0) + 1
    return counts


@task
def transposed(csv_path):
    return pd.read_csv(csv_path).T.to_dict()


@task
def cut_into_bins(csv_path):
    orders = pd.read_csv(csv_path)
    return pd.cut(orders["amount"], 4, labels=["a", "b", "c", "d"]).value_counts().to_dict()


@task
def dummies(csv_path):
    return pd.get_dummies(pd.read_csv(csv_path)["city"])


@task
def normalised(json_path):
    import json

    with open(json_path) as file:
        return pd.json_normalize(json.load(file)).to_dict("records")


@task
def read_html_less(json_path):
    return pd.read_json(json_path).shape[0]


@task
def read_json_whole(json_path):
    return pd.read_json(json_path)


@task
def read_json_lines(jsonl_path):
    return pd.read_json(jsonl_path, lines=True).to_json(orient="records", lines=True)


@task
def parquet_columns(parquet_path):
    return pd.read_parquet(parquet_path, columns=["id", "city"])


@task
def parquet_bytes_size(parquet_path):
    return len(pd.read_parquet(parquet_path).to_parquet())


@task
def pickled_frame_read(csv_path, out_path):
    pd.read_csv(csv_path).to_pickle(out_path)
    return pd.read_pickle(out_path)


@task
def whole_series(csv_path):
    return pd.read_csv(csv_path)["amount"]


@task
def series_of_totals(csv_path):
    return pd.read_csv(csv_path).groupby("city")["amount"].sum()


@task
def numpy_array(csv_path):
    return pd.read_csv(csv_path)[["id", "amount"]].to_numpy()


@task
def frame_of_series(csv_path):
    return pd.read_csv(csv_path)["name"].to_frame()


@task
def compared_frames(csv_path, parquet_path):
    return pd.read_csv(csv_path).equals(pd.read_parquet(parquet_path))


@task
def new_ids(csv_path, parquet_path):
    known = set(pd.read_parquet(parquet_path)["id"])
    found = pd.read_csv(csv_path)
    return found[~found["id"].isin(known)]["id"].count()


@task
def first_five_names(csv_path):
    return list(pd.read_csv(csv_path)["name"][:5])


@task
def date_range_of_month():
    return [day.isoformat() for day in pd.date_range("2026-01-01", periods=31)]


@task
def categories(csv_path):
    return pd.read_csv(csv_path)["city"].astype("category").cat.categories.tolist()


@task
def grouped_lists(csv_path):
    return pd.read_csv(csv_path).groupby("city")["id"].apply(list).to_dict()


@task
def grouped_frames(csv_path):
    return {city: group for city, group in pd.read_csv(csv_path).groupby("city")}


@task
def lengths_of_groups(csv_path):
    return {city: len(group) for city, group in pd.read_csv(csv_path).groupby("city")}


@task
def paths_of_groups(csv_path, out_path):
    import os

    os.makedirs(out_path, exist_ok=True)
    paths = []
    for city, group in pd.read_csv(csv_path).groupby("city"):
        path = f"{out_path}/{city}.csv"
        group.to_csv(path)
        paths.append(path)
    return paths
