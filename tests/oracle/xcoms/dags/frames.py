"""Frames of pandas, kept, reduced and written."""

from __future__ import annotations

import pandas as pd
from airflow.sdk import task


@task
def load_orders(csv_path):
    return pd.read_csv(csv_path)


@task
def load_without_empty_rows(csv_path):
    orders = pd.read_csv(csv_path)
    orders = orders.dropna(subset=["amount"])
    return orders


@task
def count_orders(csv_path):
    return len(pd.read_csv(csv_path))


@task
def shape_of_orders(csv_path):
    return pd.read_csv(csv_path).shape


@task
def rows_of_shape(csv_path):
    orders = pd.read_csv(csv_path)
    rows, columns = orders.shape
    return {"rows": rows, "columns": columns}


@task
def preview(csv_path):
    return pd.read_csv(csv_path).head(5)


@task
def preview_as_records(csv_path):
    orders = pd.read_csv(csv_path)
    return orders.head(10).to_dict(orient="records")


@task
def columns_of_orders(csv_path):
    return list(pd.read_csv(csv_path).columns)


@task
def dtypes_of_orders(csv_path):
    orders = pd.read_csv(csv_path)
    return {column: str(dtype) for column, dtype in orders.dtypes.items()}


@task
def total_amount(csv_path):
    return float(pd.read_csv(csv_path)["amount"].sum())


@task
def mean_amount(csv_path):
    orders = pd.read_csv(csv_path)
    return round(orders.amount.mean(), 2)


@task
def largest_orders(csv_path):
    return pd.read_csv(csv_path).nlargest(20, "amount").to_dict("records")


@task
def describe_orders(csv_path):
    return pd.read_csv(csv_path).describe().to_dict()


@task
def orders_per_city(csv_path):
    orders = pd.read_csv(csv_path)
    return orders["city"].value_counts().to_dict()


@task
def amount_per_city(csv_path):
    orders = pd.read_csv(csv_path)
    return orders.groupby("city")["amount"].sum().to_dict()


@task
def group_sizes(csv_path):
    orders = pd.read_csv(csv_path)
    return orders.groupby("city").size().to_dict()


@task
def several_aggregates(csv_path):
    orders = pd.read_csv(csv_path)
    totals = orders.groupby("day").agg({"amount": ["sum", "mean"], "id": "count"})
    totals.columns = ["total", "mean", "orders"]
    return totals.reset_index()


@task
def cities(csv_path):
    return sorted(pd.read_csv(csv_path)["city"].unique())


@task
def distinct_cities_as_list(csv_path):
    return pd.read_csv(csv_path)["city"].unique().tolist()


@task
def number_of_cities(csv_path):
    return int(pd.read_csv(csv_path)["city"].nunique())


@task
def ids_as_list(csv_path):
    return pd.read_csv(csv_path)["id"].tolist()


@task
def names_as_list(csv_path):
    orders = pd.read_csv(csv_path)
    names = orders["name"].str.upper()
    return names.to_list()


@task
def one_column(csv_path):
    return pd.read_csv(csv_path)[["id"]]


@task
def bergen_only(csv_path):
    orders = pd.read_csv(csv_path)
    return orders[orders["city"] == "Bergen"]


@task
def bergen_only_by_query(csv_path, city):
    orders = pd.read_csv(csv_path)
    return orders.query("city == @city").reset_index(drop=True)


@task
def located(csv_path):
    orders = pd.read_csv(csv_path)
    return orders.loc[orders.amount > 100, ["id", "amount"]].to_dict("records")


@task
def first_row(csv_path):
    orders = pd.read_csv(csv_path)
    return orders.iloc[0].to_dict()


@task
def one_cell(csv_path):
    orders = pd.read_csv(csv_path)
    return orders.at[0, "name"]


@task
def last_id(csv_path):
    orders = pd.read_csv(csv_path)
    return int(orders["id"].iloc[-1])


@task
def merged(csv_path, parquet_path):
    left = pd.read_csv(csv_path)
    right = pd.read_parquet(parquet_path)[["id", "name"]]
    return left.merge(right, on="id", suffixes=("", "_right"))


@task
def concatenated(csv_path, parquet_path):
    return pd.concat([pd.read_csv(csv_path), pd.read_parquet(parquet_path)], ignore_index=True)


@task
def with_new_columns(csv_path):
    return (
        pd.read_csv(csv_path)
        .assign(vat=lambda frame: frame["amount"] * 0.2)
        .rename(columns={"amount": "net"})
        .sort_values("net", ascending=False)
    )


@task
def piped(csv_path):
    return pd.read_csv(csv_path).pipe(lambda frame: frame[frame.amount > 10])


@task
def melted(csv_path):
    return pd.read_csv(csv_path).melt(id_vars=["id"], value_vars=["amount"])


@task
def pivoted_by_day(csv_path):
    orders = pd.read_csv(csv_path)
    return orders.pivot_table(index="city", columns="day", values="amount", aggfunc="sum").to_dict()


@task
def crosstab_of_days(csv_path):
    orders = pd.read_csv(csv_path)
    return pd.crosstab(orders["city"], orders["day"]).to_dict()


@task
def written_as_parquet(csv_path, out_path):
    orders = pd.read_csv(csv_path)
    orders.to_parquet(out_path)
    return out_path


@task
def written_as_csv(csv_path, out_path):
    orders = pd.read_csv(csv_path)
    return orders.to_csv(out_path, index=False)


@task
def as_csv_text(csv_path):
    return pd.read_csv(csv_path).to_csv(index=False)


@task
def as_json_text(csv_path):
    return pd.read_csv(csv_path).to_json(orient="records")


@task
def nrows_given(csv_path):
    return pd.read_csv(csv_path, nrows=100)


@task
def only_the_header(csv_path):
    return pd.read_csv(csv_path, nrows=0).columns.tolist()


@task
def sampled(csv_path):
    return pd.read_csv(csv_path).sample(50).to_dict("records")


@task
def sampled_by_share(csv_path):
    return pd.read_csv(csv_path).sample(frac=0.5)


@task
def missing_values(csv_path):
    return pd.read_csv(csv_path).isna().sum().to_dict()


@task
def memory(csv_path):
    return int(pd.read_csv(csv_path).memory_usage(deep=True).sum())


@task
def is_it_empty(csv_path):
    return pd.read_csv(csv_path).empty


@task
def duplicates(csv_path):
    orders = pd.read_csv(csv_path)
    return int(orders.duplicated(subset=["id"]).sum())


@task
def deduplicated(csv_path):
    return pd.read_csv(csv_path).drop_duplicates(subset=["id"])


@task
def latest_day(csv_path):
    orders = pd.read_csv(csv_path)
    orders["day"] = pd.to_datetime(orders["day"])
    return orders["day"].max().isoformat()


@task
def values_of_frame(csv_path):
    return pd.read_csv(csv_path)[["id", "amount"]].values.tolist()


@task
def series_by_name(csv_path):
    return pd.read_csv(csv_path).set_index("id")["amount"].to_dict()


@task
def head_of_many(csv_path):
    return pd.read_csv(csv_path).head(100_000)


@task
def mode_of_city(csv_path):
    return pd.read_csv(csv_path)["city"].mode()[0]


@task
def correlation(csv_path):
    return pd.read_csv(csv_path)[["id", "amount"]].corr().to_dict()


@task
def index_of_largest(csv_path):
    return int(pd.read_csv(csv_path)["amount"].idxmax())


@task
def quantiles(csv_path):
    return pd.read_csv(csv_path)["amount"].quantile([0.25, 0.5, 0.75]).to_dict()


@task
def exploded_names(csv_path):
    orders = pd.read_csv(csv_path)
    orders["parts"] = orders["name"].str.split(" ")
    return orders.explode("parts")[["id", "parts"]].to_dict("list")


@task
def chunk_count(csv_path):
    total = 0
    for chunk in pd.read_csv(csv_path, chunksize=500):
        total += len(chunk)
    return total


@task
def chunks_put_together(csv_path):
    return pd.concat(pd.read_csv(csv_path, chunksize=500))


@task
def chunks_filtered(csv_path):
    parts = []
    for chunk in pd.read_csv(csv_path, chunksize=500):
        parts.append(chunk[chunk["amount"] > 50])
    return pd.concat(parts)


@task
def first_chunk(csv_path):
    return next(pd.read_csv(csv_path, chunksize=100)).to_dict("records")
