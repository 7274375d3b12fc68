"""Generators, coroutines and what is made of them."""

from __future__ import annotations

import asyncio

import pandas as pd
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import task


def records(path):
    for record in pd.read_csv(path).to_dict("records"):
        yield record


def large_records(path):
    for record in records(path):
        if record["amount"] > 100:
            yield record


def chunks(path):
    yield from pd.read_csv(path, chunksize=500)


def numbers():
    for n in range(5):
        yield n


async def read(path):
    return pd.read_csv(path)


async def count(path):
    return len(await read(path))


@task
def listed(csv_path):
    return list(records(csv_path))


@task
def filtered(csv_path):
    return list(large_records(csv_path))


@task
def counted(csv_path):
    return sum(1 for _ in records(csv_path))


@task
def first(csv_path):
    return next(records(csv_path))


@task
def few(csv_path):
    from itertools import islice

    return list(islice(records(csv_path), 10))


@task
def together(csv_path):
    return pd.concat(chunks(csv_path))


@task
def chunk_sizes_summed(csv_path):
    return sum(len(chunk) for chunk in chunks(csv_path))


@task
def small_numbers():
    return list(numbers())


@task
def comprehension(csv_path):
    return [record["id"] * 2 for record in records(csv_path)]


@task
def by_city(csv_path):
    return {record["id"]: record["name"] for record in records(csv_path)}


@task
def cities(csv_path):
    return sorted({record["city"] for record in records(csv_path)})


@task
def awaited(csv_path):
    return asyncio.run(read(csv_path))


@task
def awaited_count(csv_path):
    return asyncio.run(count(csv_path))


@task
async def coroutine(csv_path):
    return await read(csv_path)


@task
async def coroutine_counts(csv_path):
    orders = await read(csv_path)
    return len(orders)


@task
def gathered(csv_path):
    async def both():
        return await asyncio.gather(read(csv_path), read(csv_path))

    return asyncio.run(both())


@task
def maximum(csv_path):
    return max(record["amount"] for record in records(csv_path))


@task
def by_itertools(csv_path):
    from itertools import chain

    return list(chain(records(csv_path), records(csv_path)))


@task
def threads(folder):
    from concurrent.futures import ThreadPoolExecutor
    from pathlib import Path

    with ThreadPoolExecutor() as pool:
        return list(pool.map(pd.read_csv, sorted(Path(folder).glob("*.csv"))))


@task
def threads_counting(folder):
    from concurrent.futures import ThreadPoolExecutor
    from pathlib import Path

    with ThreadPoolExecutor() as pool:
        frames = pool.map(pd.read_csv, sorted(Path(folder).glob("*.csv")))
        return sum(len(frame) for frame in frames)


@task
def joined_names(csv_path):
    return ";".join(record["name"] for record in records(csv_path))


@task
def rows_iterator():
    rows = PostgresHook("warehouse").get_records("select * from orders")
    return [list(row) for row in iter(rows)]


@task
def reversed_rows():
    rows = PostgresHook("warehouse").get_records("select * from orders")
    return list(reversed(rows))
