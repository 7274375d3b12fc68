"""Frames of polars and tables of pyarrow."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from airflow.sdk import task


@task
def load(csv_path):
    return pl.read_csv(csv_path)


@task
def as_dicts(csv_path):
    return pl.read_csv(csv_path).to_dicts()


@task
def as_dict_of_lists(csv_path):
    return pl.read_csv(csv_path).to_dict(as_series=False)


@task
def rows_as_tuples(parquet_path):
    return pl.read_parquet(parquet_path).rows()


@task
def one_row(parquet_path):
    return pl.read_parquet(parquet_path).row(0, named=True)


@task
def height(parquet_path):
    return pl.read_parquet(parquet_path).height


@task
def head_as_dicts(parquet_path):
    return pl.read_parquet(parquet_path).head(5).to_dicts()


@task
def limited(parquet_path):
    return pl.read_parquet(parquet_path).limit(50).to_dicts()


@task
def column_as_list(csv_path):
    return pl.read_csv(csv_path)["id"].to_list()


@task
def column_got(csv_path):
    return pl.read_csv(csv_path).get_column("name").to_list()


@task
def sum_of_column(csv_path):
    return pl.read_csv(csv_path)["amount"].sum()


@task
def selected_sum(csv_path):
    return pl.read_csv(csv_path).select(pl.col("amount").sum()).item()


@task
def distinct_cities(csv_path):
    return pl.read_csv(csv_path)["city"].unique().to_list()


@task
def number_of_cities(csv_path):
    return pl.read_csv(csv_path)["city"].n_unique()


@task
def grouped(csv_path):
    return pl.read_csv(csv_path).group_by("city").agg(pl.col("amount").sum()).to_dicts()


@task
def group_lengths(csv_path):
    return pl.read_csv(csv_path).group_by("city").len().to_dicts()


@task
def value_counts(csv_path):
    return pl.read_csv(csv_path)["city"].value_counts().to_dicts()


@task
def filtered(csv_path):
    return pl.read_csv(csv_path).filter(pl.col("amount") > 100).to_dicts()


@task
def with_column(csv_path):
    orders = pl.read_csv(csv_path).with_columns((pl.col("amount") * 1.2).alias("gross"))
    return orders.select("id", "gross").rows(named=True)


@task
def to_pandas(csv_path):
    return pl.read_csv(csv_path).to_pandas()


@task
def described(csv_path):
    return pl.read_csv(csv_path).describe().to_dicts()


@task
def schema(csv_path):
    return {name: str(kind) for name, kind in pl.read_csv(csv_path).schema.items()}


@task
def columns(csv_path):
    return pl.read_csv(csv_path).columns


@task
def as_csv(csv_path):
    return pl.read_csv(csv_path).write_csv()


@task
def as_json(csv_path):
    return pl.read_csv(csv_path).write_json()


@task
def written(csv_path, out_path):
    pl.read_csv(csv_path).write_parquet(out_path)
    return out_path


@task
def first_rows_read(csv_path):
    return pl.read_csv(csv_path, n_rows=20).to_dicts()


@task
def iterated(csv_path):
    return [row["id"] for row in pl.read_csv(csv_path).iter_rows(named=True)]


@task
def counted_in_a_loop(csv_path):
    count = 0
    for row in pl.read_csv(csv_path).iter_rows(named=True):
        if row["amount"] > 100:
            count += 1
    return count


@task
def partitioned(csv_path):
    parts = pl.read_csv(csv_path).partition_by("city")
    return [part.height for part in parts]


@task
def null_counts(csv_path):
    return pl.read_csv(csv_path).null_count().to_dicts()


@task
def arrow_table(parquet_path):
    return pq.read_table(parquet_path)


@task
def arrow_as_list(parquet_path):
    return pq.read_table(parquet_path).to_pylist()


@task
def arrow_as_dict(parquet_path):
    return pq.read_table(parquet_path, columns=["id", "city"]).to_pydict()


@task
def arrow_rows(parquet_path):
    return pq.read_table(parquet_path).num_rows


@task
def arrow_names(parquet_path):
    return pq.read_table(parquet_path).schema.names


@task
def arrow_metadata(parquet_path):
    return pq.read_metadata(parquet_path).num_rows


@task
def arrow_to_pandas(csv_path):
    return pacsv.read_csv(csv_path).to_pandas()


@task
def arrow_slice(parquet_path):
    return pq.read_table(parquet_path).slice(0, 10).to_pylist()


@task
def arrow_made(json_path):
    import json

    with open(json_path) as file:
        return pa.Table.from_pylist(json.load(file)).to_pandas()


@task
def arrow_column(parquet_path):
    return pq.read_table(parquet_path)["id"].to_pylist()


@task
def arrow_written(csv_path, out_path):
    table = pacsv.read_csv(csv_path)
    pq.write_table(table, out_path)
    return {"path": out_path, "rows": table.num_rows}
