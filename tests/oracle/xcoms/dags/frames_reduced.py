"""The many ways in which a frame becomes something small, and a few that look like them."""

from __future__ import annotations

import pandas as pd
from airflow.sdk import task


@task
def size(csv_path):
    return int(pd.read_csv(csv_path).size)


@task
def length_of_index(csv_path):
    orders = pd.read_csv(csv_path)
    return len(orders.index)


@task
def whole_index(csv_path):
    orders = pd.read_csv(csv_path)
    return orders.index.tolist()


@task
def counts(csv_path):
    return pd.read_csv(csv_path).count().to_dict()


@task
def maxima(csv_path):
    return pd.read_csv(csv_path).max().to_dict()


@task
def described_column(csv_path):
    return pd.read_csv(csv_path)["amount"].describe().to_dict()


@task
def cell_of_first_row(csv_path):
    return float(pd.read_csv(csv_path).iloc[0]["amount"])


@task
def cell_by_loc(csv_path):
    return pd.read_csv(csv_path).loc[0, "name"]


@task
def row_by_loc(csv_path):
    return pd.read_csv(csv_path).loc[0].to_dict()


@task
def first_of_values(csv_path):
    return pd.read_csv(csv_path).values[0].tolist()


@task
def cell_of_values(csv_path):
    return int(pd.read_csv(csv_path).values[0][0])


@task
def cell_by_iat(csv_path):
    return int(pd.read_csv(csv_path).iat[0, 0])


@task
def first_of_column_values(csv_path):
    return float(pd.read_csv(csv_path)["amount"].values[0])


@task
def first_record(csv_path):
    return pd.read_csv(csv_path).to_dict("records")[0]


@task
def first_record_of_head(csv_path):
    return pd.read_csv(csv_path).head(1).to_dict("records")[0]


@task
def first_names(csv_path):
    return pd.read_csv(csv_path)["name"].iloc[:10].tolist()


@task
def other_names(csv_path):
    return pd.read_csv(csv_path)["name"].iloc[10:].tolist()


@task
def cities_by_drop_duplicates(csv_path):
    return pd.read_csv(csv_path)["city"].drop_duplicates().tolist()


@task
def city_records(csv_path):
    return pd.read_csv(csv_path)[["city"]].drop_duplicates().to_dict("records")  # a matter of taste


@task
def head_of_each_city(csv_path):
    return pd.read_csv(csv_path).groupby("city").head(1).to_dict("records")


@task
def last_row(csv_path):
    return pd.read_csv(csv_path).tail(1)


@task
def sorted_head(csv_path):
    return pd.read_csv(csv_path).sort_values("amount").head(3).to_dict("records")


@task
def sorted_slice(csv_path):
    return pd.read_csv(csv_path).sort_values("amount")[:3]


@task
def last_slice(csv_path):
    return pd.read_csv(csv_path)[-5:]


@task
def shape_of_query(csv_path):
    return pd.read_csv(csv_path).query("amount > 10").shape[0]


@task
def shape_of_loc(csv_path):
    orders = pd.read_csv(csv_path)
    return orders.loc[orders["amount"] > 10].shape


@task
def share(csv_path):
    orders = pd.read_csv(csv_path)
    return float((orders["amount"] > 10).mean())


@task
def largest_index(csv_path):
    return int(pd.read_csv(csv_path).index.max())


@task
def names_of_columns(csv_path):
    return pd.read_csv(csv_path).columns.tolist()


@task
def columns_of_values(csv_path):
    return list(pd.read_csv(csv_path).columns.values)


@task
def columns_as_set(csv_path):
    missing = {"id", "vat"} - set(pd.read_csv(csv_path).columns)
    return sorted(missing)


@task
def dtypes_as_text(csv_path):
    return pd.read_csv(csv_path).dtypes.astype(str).to_dict()


@task
def any_nulls(csv_path):
    return pd.read_csv(csv_path).isnull().any().to_dict()


@task
def number_of_nulls(csv_path):
    return int(pd.read_csv(csv_path).isnull().sum().sum())


@task
def null_mask(csv_path):
    return pd.read_csv(csv_path).isnull()


@task
def described_as_json(csv_path):
    return pd.read_csv(csv_path).describe(include="all").to_json()


@task
def means_as_json(csv_path):
    return pd.read_csv(csv_path).groupby("city")[["amount"]].mean().to_json()


@task
def min_and_max(csv_path):
    return pd.read_csv(csv_path)["amount"].agg(["min", "max"]).to_dict()


@task
def sample_as_json(csv_path):
    return pd.read_csv(csv_path).sample(n=5).to_json()


@task
def shape_as_text(csv_path):
    return str(pd.read_csv(csv_path).shape)


@task
def rows_in_text(csv_path):
    orders = pd.read_csv(csv_path)
    return f"{orders.shape[0]} rows and {len(orders.columns)} columns"


@task
def rows_in_format(csv_path):
    orders = pd.read_csv(csv_path)
    return "{} rows, columns {}".format(len(orders), ", ".join(orders.columns))


@task
def longest_city(csv_path):
    return int(pd.read_csv(csv_path)["city"].str.len().max())


@task
def first_day(csv_path):
    return pd.read_csv(csv_path)["day"].min()


@task
def last_day(csv_path):
    return pd.to_datetime(pd.read_csv(csv_path)["day"]).max().strftime("%Y-%m-%d")


@task
def all_days(csv_path):
    return pd.to_datetime(pd.read_csv(csv_path)["day"]).dt.strftime("%Y-%m-%d").tolist()


@task
def unique_of_pandas(csv_path):
    return pd.unique(pd.read_csv(csv_path)["city"]).tolist()


@task
def one_of_unique(csv_path):
    return pd.read_csv(csv_path)["city"].unique()[0]


@task
def top_counts(csv_path):
    return pd.read_csv(csv_path)["name"].value_counts().head(3).to_dict()


@task
def most_frequent(csv_path):
    return pd.read_csv(csv_path)["city"].value_counts().index[0]


@task
def shares(csv_path):
    return pd.read_csv(csv_path)["city"].value_counts(normalize=True).round(2).to_dict()


@task
def uniques(csv_path):
    return pd.read_csv(csv_path).nunique().to_dict()


@task
def deviations(csv_path):
    return pd.read_csv(csv_path)[["id", "amount"]].std().to_dict()


@task
def modes(csv_path):
    return pd.read_csv(csv_path)[["city", "day"]].mode().iloc[0].to_dict()


@task
def any_duplicates(csv_path):
    return bool(pd.read_csv(csv_path).duplicated().any())


@task
def grouped_statistics(csv_path):
    orders = pd.read_csv(csv_path)
    statistics = orders.groupby("city")["amount"].agg(["mean", "max", "count"]).reset_index()
    return statistics.to_dict(orient="records")


@task
def grouped_named(csv_path):
    return (
        pd.read_csv(csv_path)
        .groupby("city")
        .agg(total=("amount", "sum"), orders=("id", "count"))
        .sort_values("total", ascending=False)
        .to_dict("index")
    )


@task
def grouped_and_filtered(csv_path):
    totals = pd.read_csv(csv_path).groupby("city")["amount"].sum()
    return totals[totals > 10].to_dict()


@task
def grouped_unstacked(csv_path):
    return pd.read_csv(csv_path).groupby(["city", "day"])["id"].count().unstack().to_dict()


@task
def grouped_pivot(csv_path):
    return pd.pivot_table(pd.read_csv(csv_path), index="city", values="amount", aggfunc="mean").to_dict()


@task
def number_of_groups(csv_path):
    return pd.read_csv(csv_path).groupby("city").ngroups


@task
def names_of_groups(csv_path):
    return list(pd.read_csv(csv_path).groupby("city").groups)


@task
def one_group(csv_path):
    return pd.read_csv(csv_path).groupby("city").get_group("Graz")


@task
def transformed_groups(csv_path):
    orders = pd.read_csv(csv_path)
    orders["share"] = orders["amount"] / orders.groupby("city")["amount"].transform("sum")
    return orders


@task
def totals_by_loop(csv_path):
    orders = pd.read_csv(csv_path)
    totals = {}
    for city in orders["city"].unique():
        totals[city] = float(orders[orders["city"] == city]["amount"].sum())
    return totals


@task
def statistics_by_column(csv_path):
    orders = pd.read_csv(csv_path)
    return {column: float(orders[column].mean()) for column in ("id", "amount")}


@task
def checks(csv_path):
    orders = pd.read_csv(csv_path)
    problems = []
    if orders["id"].duplicated().any():
        problems.append("ids are not unique")
    if (orders["amount"] < 0).any():
        problems.append(f"{(orders['amount'] < 0).sum()} negative amounts")
    return problems


@task
def checks_in_a_dict(csv_path):
    orders = pd.read_csv(csv_path)
    return {
        "empty": orders.empty,
        "rows": orders.shape[0],
        "nulls": orders.isna().sum().to_dict(),
        "first": orders.iloc[0].to_dict(),
        "days": [orders["day"].min(), orders["day"].max()],
    }


@task
def row_as_tuple(csv_path):
    return tuple(pd.read_csv(csv_path).iloc[-1])


@task
def row_as_list(csv_path):
    return pd.read_csv(csv_path).iloc[0].tolist()


@task
def rows_by_positions(csv_path):
    return pd.read_csv(csv_path).iloc[[0, 1, 2]].to_dict("records")


@task
def rows_by_labels(csv_path):
    return pd.read_csv(csv_path).set_index("id").loc[[1, 2, 3]]


@task
def columns_by_positions(csv_path):
    return pd.read_csv(csv_path).iloc[:, 0].tolist()


@task
def block(csv_path):
    return pd.read_csv(csv_path).iloc[:5, :2].to_dict("records")


@task
def squeezed(csv_path):
    return pd.read_csv(csv_path)[["amount"]].sum().squeeze()


@task
def items(csv_path):
    return [name for name, _ in pd.read_csv(csv_path).items()]


@task
def popped_column(csv_path):
    orders = pd.read_csv(csv_path)
    names = orders.pop("name")
    return int(names.str.len().sum())


@task
def result_of_to_sql(csv_path, db_path):
    import sqlite3

    with sqlite3.connect(db_path) as connection:
        return pd.read_csv(csv_path).to_sql("copies", connection, if_exists="replace")


@task
def written_to_excel_like(csv_path, out_path):
    orders = pd.read_csv(csv_path)
    with open(out_path, "w") as file:
        orders.to_csv(file)
    return {"path": out_path, "rows": len(orders), "size": file.name}


@task
def flat_values(csv_path):
    return pd.read_csv(csv_path)[["amount"]].values.flatten().tolist()


@task
def ravelled(csv_path):
    return pd.read_csv(csv_path)["amount"].to_numpy().ravel().mean().item()


@task
def sum_of_values(csv_path):
    return float(pd.read_csv(csv_path)["amount"].to_numpy().sum())


@task
def shape_of_values(csv_path):
    return pd.read_csv(csv_path).values.shape


@task
def argmax(csv_path):
    return int(pd.read_csv(csv_path)["amount"].to_numpy().argmax())


@task
def smallest_of_list(csv_path):
    return min(pd.read_csv(csv_path)["amount"].tolist())


@task
def ids_between(csv_path):
    ids = pd.read_csv(csv_path)["id"].tolist()
    return {"first": ids[0], "last": ids[-1], "count": len(ids)}


@task
def ids_as_ranges(csv_path):
    ids = sorted(pd.read_csv(csv_path)["id"].tolist())
    return [[ids[0], ids[-1]]]


@task
def joined_head(csv_path):
    return ", ".join(pd.read_csv(csv_path)["name"].head(3))


@task
def names_by_str_cat(csv_path):
    return pd.read_csv(csv_path)["name"].str.cat(sep=",")


@task
def where_kept(csv_path):
    return pd.read_csv(csv_path).where(lambda frame: frame["amount"] > 1)


@task
def filled(csv_path):
    return pd.read_csv(csv_path).ffill().replace({"Graz": "G"})


@task
def typed(csv_path):
    return pd.read_csv(csv_path).astype({"id": "int32"}).select_dtypes("number").round(1)


@task
def stacked(csv_path):
    return pd.read_csv(csv_path).set_index("id")[["amount"]].stack().to_dict()


@task
def reindexed(csv_path):
    return pd.read_csv(csv_path).set_index("id").sort_index().reset_index().to_dict("split")


@task
def reindexed_to_few(csv_path):
    return pd.read_csv(csv_path).set_index("id").reindex([1, 2, 3]).to_dict("index")
