"""The ways that a value may take through a function: each with a frame, with rows and with a count."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass

import pandas as pd
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import task


def same(value):
    return value


def fetch(sql):
    return PostgresHook("warehouse").get_records(sql)


async def later(value):
    return value


@dataclass
class Box:
    v: object


class Holder:
    def __init__(self, v=None):
        self.v = v

    @staticmethod
    def make(value):
        return value

    def same(self, value):
        return value


@task
def assigned_frame(csv_path):
    found = pd.read_csv(csv_path)
    return found


@task
def assigned_rows(csv_path):
    found = fetch("select id, name from orders")
    return found


@task
def assigned_count(csv_path):
    found = pd.read_csv(csv_path).shape
    return found


@task
def dict_key_frame(csv_path):
    box = {"v": pd.read_csv(csv_path), "n": 1}
    found = box["v"]
    return found


@task
def dict_key_rows(csv_path):
    box = {"v": fetch("select id, name from orders"), "n": 1}
    found = box["v"]
    return found


@task
def dict_key_count(csv_path):
    box = {"v": pd.read_csv(csv_path).shape, "n": 1}
    found = box["v"]
    return found


@task
def tuple_unpacked_frame(csv_path):
    found, other = pd.read_csv(csv_path), 1
    return found


@task
def tuple_unpacked_rows(csv_path):
    found, other = fetch("select id, name from orders"), 1
    return found


@task
def tuple_unpacked_count(csv_path):
    found, other = pd.read_csv(csv_path).shape, 1
    return found


@task
def attribute_from_outside_frame(csv_path):
    holder = Holder()
    holder.v = pd.read_csv(csv_path)
    found = holder.v
    return found


@task
def attribute_from_outside_rows(csv_path):
    holder = Holder()
    holder.v = fetch("select id, name from orders")
    found = holder.v
    return found


@task
def attribute_from_outside_count(csv_path):
    holder = Holder()
    holder.v = pd.read_csv(csv_path).shape
    found = holder.v
    return found


@task
def in_an_if_frame(csv_path):
    found = None
    if csv_path:
        found = pd.read_csv(csv_path)
    return found


@task
def in_an_if_rows(csv_path):
    found = None
    if csv_path:
        found = fetch("select id, name from orders")
    return found


@task
def in_an_if_count(csv_path):
    found = None
    if csv_path:
        found = pd.read_csv(csv_path).shape
    return found


@task
def in_a_try_frame(csv_path):
    try:
        found = pd.read_csv(csv_path)
    except OSError:
        found = None
    return found


@task
def in_a_try_rows(csv_path):
    try:
        found = fetch("select id, name from orders")
    except OSError:
        found = None
    return found


@task
def in_a_try_count(csv_path):
    try:
        found = pd.read_csv(csv_path).shape
    except OSError:
        found = None
    return found


@task
def in_a_loop_frame(csv_path):
    for _ in range(2):
        found = pd.read_csv(csv_path)
    return found


@task
def in_a_loop_rows(csv_path):
    for _ in range(2):
        found = fetch("select id, name from orders")
    return found


@task
def in_a_loop_count(csv_path):
    for _ in range(2):
        found = pd.read_csv(csv_path).shape
    return found


@task
def in_a_with_frame(csv_path):
    with open(csv_path) as file:
        found = pd.read_csv(csv_path)
    return found


@task
def in_a_with_rows(csv_path):
    with open(csv_path) as file:
        found = fetch("select id, name from orders")
    return found


@task
def in_a_with_count(csv_path):
    with open(csv_path) as file:
        found = pd.read_csv(csv_path).shape
    return found


@task
def walrus_frame(csv_path):
    if (found := pd.read_csv(csv_path)) is None:
        raise ValueError
    return found


@task
def walrus_rows(csv_path):
    if (found := fetch("select id, name from orders")) is None:
        raise ValueError
    return found


@task
def walrus_count(csv_path):
    if (found := pd.read_csv(csv_path).shape) is None:
        raise ValueError
    return found


@task
def conditional_frame(csv_path):
    found = pd.read_csv(csv_path) if csv_path else None
    return found


@task
def conditional_rows(csv_path):
    found = fetch("select id, name from orders") if csv_path else None
    return found


@task
def conditional_count(csv_path):
    found = pd.read_csv(csv_path).shape if csv_path else None
    return found


@task
def list_item_frame(csv_path):
    box = [pd.read_csv(csv_path)]
    found = box[0]
    return found


@task
def list_item_rows(csv_path):
    box = [fetch("select id, name from orders")]
    found = box[0]
    return found


@task
def list_item_count(csv_path):
    box = [pd.read_csv(csv_path).shape]
    found = box[0]
    return found


@task
def inner_function_frame(csv_path):
    def inner():
        return pd.read_csv(csv_path)

    found = inner()
    return found


@task
def inner_function_rows(csv_path):
    def inner():
        return fetch("select id, name from orders")

    found = inner()
    return found


@task
def inner_function_count(csv_path):
    def inner():
        return pd.read_csv(csv_path).shape

    found = inner()
    return found


@task
def called_lambda_frame(csv_path):
    found = (lambda: pd.read_csv(csv_path))()
    return found


@task
def called_lambda_rows(csv_path):
    found = (lambda: fetch("select id, name from orders"))()
    return found


@task
def called_lambda_count(csv_path):
    found = (lambda: pd.read_csv(csv_path).shape)()
    return found


@task
def appended_frame(csv_path):
    box = []
    box.append(pd.read_csv(csv_path))
    found = box[0]
    return found


@task
def appended_rows(csv_path):
    box = []
    box.append(fetch("select id, name from orders"))
    found = box[0]
    return found


@task
def appended_count(csv_path):
    box = []
    box.append(pd.read_csv(csv_path).shape)
    found = box[0]
    return found


@task
def unpacked_variable_frame(csv_path):
    pair = (pd.read_csv(csv_path), 2)
    found, _ = pair
    return found


@task
def unpacked_variable_rows(csv_path):
    pair = (fetch("select id, name from orders"), 2)
    found, _ = pair
    return found


@task
def unpacked_variable_count(csv_path):
    pair = (pd.read_csv(csv_path).shape, 2)
    found, _ = pair
    return found


@task
def put_and_got_frame(csv_path):
    box = {}
    box["v"] = pd.read_csv(csv_path)
    found = box.get("v")
    return found


@task
def put_and_got_rows(csv_path):
    box = {}
    box["v"] = fetch("select id, name from orders")
    found = box.get("v")
    return found


@task
def put_and_got_count(csv_path):
    box = {}
    box["v"] = pd.read_csv(csv_path).shape
    found = box.get("v")
    return found


@task
def through_another_name_frame(csv_path):
    other = pd.read_csv(csv_path)
    found = other
    other = 1
    return found


@task
def through_another_name_rows(csv_path):
    other = fetch("select id, name from orders")
    found = other
    other = 1
    return found


@task
def through_another_name_count(csv_path):
    other = pd.read_csv(csv_path).shape
    found = other
    other = 1
    return found


@task
def popped_from_dict_frame(csv_path):
    box = dict(v=pd.read_csv(csv_path))
    found = box.pop("v")
    return found


@task
def popped_from_dict_rows(csv_path):
    box = dict(v=fetch("select id, name from orders"))
    found = box.pop("v")
    return found


@task
def popped_from_dict_count(csv_path):
    box = dict(v=pd.read_csv(csv_path).shape)
    found = box.pop("v")
    return found


@task
def in_a_while_frame(csv_path):
    while True:
        found = pd.read_csv(csv_path)
        break
    return found


@task
def in_a_while_rows(csv_path):
    while True:
        found = fetch("select id, name from orders")
        break
    return found


@task
def in_a_while_count(csv_path):
    while True:
        found = pd.read_csv(csv_path).shape
        break
    return found


@task
def inner_function_of_argument_frame(csv_path):
    def make(value):
        return value

    found = make(pd.read_csv(csv_path))
    return found


@task
def inner_function_of_argument_rows(csv_path):
    def make(value):
        return value

    found = make(fetch("select id, name from orders"))
    return found


@task
def inner_function_of_argument_count(csv_path):
    def make(value):
        return value

    found = make(pd.read_csv(csv_path).shape)
    return found


@task
def inner_function_with_variable_frame(csv_path):
    def make():
        value = pd.read_csv(csv_path)
        return value

    found = make()
    return found


@task
def inner_function_with_variable_rows(csv_path):
    def make():
        value = fetch("select id, name from orders")
        return value

    found = make()
    return found


@task
def inner_function_with_variable_count(csv_path):
    def make():
        value = pd.read_csv(csv_path).shape
        return value

    found = make()
    return found


@task
def coroutine_frame(csv_path):
    found = asyncio.run(later(pd.read_csv(csv_path)))
    return found


@task
def coroutine_rows(csv_path):
    found = asyncio.run(later(fetch("select id, name from orders")))
    return found


@task
def coroutine_count(csv_path):
    found = asyncio.run(later(pd.read_csv(csv_path).shape))
    return found


@task
def tested_and_kept_frame(csv_path):
    found = pd.read_csv(csv_path)
    found = found if found is not None else None
    return found


@task
def tested_and_kept_rows(csv_path):
    found = fetch("select id, name from orders")
    found = found if found is not None else None
    return found


@task
def tested_and_kept_count(csv_path):
    found = pd.read_csv(csv_path).shape
    found = found if found is not None else None
    return found


@task
def in_an_else_frame(csv_path):
    if not csv_path:
        found = None
    else:
        found = pd.read_csv(csv_path)
    return found


@task
def in_an_else_rows(csv_path):
    if not csv_path:
        found = None
    else:
        found = fetch("select id, name from orders")
    return found


@task
def in_an_else_count(csv_path):
    if not csv_path:
        found = None
    else:
        found = pd.read_csv(csv_path).shape
    return found


@task
def dropped_in_one_branch_frame(csv_path):
    found = pd.read_csv(csv_path)
    if csv_path == "nope":
        found = None
    return found


@task
def dropped_in_one_branch_rows(csv_path):
    found = fetch("select id, name from orders")
    if csv_path == "nope":
        found = None
    return found


@task
def dropped_in_one_branch_count(csv_path):
    found = pd.read_csv(csv_path).shape
    if csv_path == "nope":
        found = None
    return found


@task
def in_a_match_frame(csv_path):
    match csv_path:
        case "x":
            found = None
        case _:
            found = pd.read_csv(csv_path)
    return found


@task
def in_a_match_rows(csv_path):
    match csv_path:
        case "x":
            found = None
        case _:
            found = fetch("select id, name from orders")
    return found


@task
def in_a_match_count(csv_path):
    match csv_path:
        case "x":
            found = None
        case _:
            found = pd.read_csv(csv_path).shape
    return found


@task
def nested_dicts_frame(csv_path):
    box = {"a": {"b": pd.read_csv(csv_path)}}
    found = box["a"]["b"]
    return found


@task
def nested_dicts_rows(csv_path):
    box = {"a": {"b": fetch("select id, name from orders")}}
    found = box["a"]["b"]
    return found


@task
def nested_dicts_count(csv_path):
    box = {"a": {"b": pd.read_csv(csv_path).shape}}
    found = box["a"]["b"]
    return found


@task
def list_unpacked_frame(csv_path):
    [found] = [pd.read_csv(csv_path)]
    return found


@task
def list_unpacked_rows(csv_path):
    [found] = [fetch("select id, name from orders")]
    return found


@task
def list_unpacked_count(csv_path):
    [found] = [pd.read_csv(csv_path).shape]
    return found


@task
def starred_target_frame(csv_path):
    *_, found = 1, pd.read_csv(csv_path)
    return found


@task
def starred_target_rows(csv_path):
    *_, found = 1, fetch("select id, name from orders")
    return found


@task
def starred_target_count(csv_path):
    *_, found = 1, pd.read_csv(csv_path).shape
    return found


@task
def double_starred_frame(csv_path):
    box = {**{"v": pd.read_csv(csv_path)}}
    found = box["v"]
    return found


@task
def double_starred_rows(csv_path):
    box = {**{"v": fetch("select id, name from orders")}}
    found = box["v"]
    return found


@task
def double_starred_count(csv_path):
    box = {**{"v": pd.read_csv(csv_path).shape}}
    found = box["v"]
    return found


@task
def updated_frame(csv_path):
    box = {"v": 0}
    box.update(v=pd.read_csv(csv_path))
    found = box["v"]
    return found


@task
def updated_rows(csv_path):
    box = {"v": 0}
    box.update(v=fetch("select id, name from orders"))
    found = box["v"]
    return found


@task
def updated_count(csv_path):
    box = {"v": 0}
    box.update(v=pd.read_csv(csv_path).shape)
    found = box["v"]
    return found


@task
def set_default_frame(csv_path):
    box = {}
    box.setdefault("v", pd.read_csv(csv_path))
    found = box["v"]
    return found


@task
def set_default_rows(csv_path):
    box = {}
    box.setdefault("v", fetch("select id, name from orders"))
    found = box["v"]
    return found


@task
def set_default_count(csv_path):
    box = {}
    box.setdefault("v", pd.read_csv(csv_path).shape)
    found = box["v"]
    return found


@task
def suppressed_frame(csv_path):
    with suppress(OSError):
        found = pd.read_csv(csv_path)
    return found


@task
def suppressed_rows(csv_path):
    with suppress(OSError):
        found = fetch("select id, name from orders")
    return found


@task
def suppressed_count(csv_path):
    with suppress(OSError):
        found = pd.read_csv(csv_path).shape
    return found


@task
def in_a_finally_frame(csv_path):
    try:
        pass
    finally:
        found = pd.read_csv(csv_path)
    return found


@task
def in_a_finally_rows(csv_path):
    try:
        pass
    finally:
        found = fetch("select id, name from orders")
    return found


@task
def in_a_finally_count(csv_path):
    try:
        pass
    finally:
        found = pd.read_csv(csv_path).shape
    return found


@task
def retry_with_else_frame(csv_path):
    for attempt in range(3):
        try:
            found = pd.read_csv(csv_path)
            break
        except OSError:
            continue
    else:
        raise RuntimeError
    return found


@task
def retry_with_else_rows(csv_path):
    for attempt in range(3):
        try:
            found = fetch("select id, name from orders")
            break
        except OSError:
            continue
    else:
        raise RuntimeError
    return found


@task
def retry_with_else_count(csv_path):
    for attempt in range(3):
        try:
            found = pd.read_csv(csv_path).shape
            break
        except OSError:
            continue
    else:
        raise RuntimeError
    return found


@task
def listed_frame(csv_path):
    found = list([pd.read_csv(csv_path)])[0]
    return found


@task
def listed_rows(csv_path):
    found = list([fetch("select id, name from orders")])[0]
    return found


@task
def listed_count(csv_path):
    found = list([pd.read_csv(csv_path).shape])[0]
    return found


@task
def tuple_from_list_frame(csv_path):
    found = tuple([pd.read_csv(csv_path)])[-1]
    return found


@task
def tuple_from_list_rows(csv_path):
    found = tuple([fetch("select id, name from orders")])[-1]
    return found


@task
def tuple_from_list_count(csv_path):
    found = tuple([pd.read_csv(csv_path).shape])[-1]
    return found


@task
def negative_index_frame(csv_path):
    found = [pd.read_csv(csv_path)][-1]
    return found


@task
def negative_index_rows(csv_path):
    found = [fetch("select id, name from orders")][-1]
    return found


@task
def negative_index_count(csv_path):
    found = [pd.read_csv(csv_path).shape][-1]
    return found


@task
def pair_index_frame(csv_path):
    found = (pd.read_csv(csv_path), pd.read_csv(csv_path))[1]
    return found


@task
def pair_index_rows(csv_path):
    found = (fetch("select id, name from orders"), fetch("select id, name from orders"))[1]
    return found


@task
def pair_index_count(csv_path):
    found = (pd.read_csv(csv_path).shape, pd.read_csv(csv_path).shape)[1]
    return found


@task
def static_method_frame(csv_path):
    found = Holder.make(pd.read_csv(csv_path))
    return found


@task
def static_method_rows(csv_path):
    found = Holder.make(fetch("select id, name from orders"))
    return found


@task
def static_method_count(csv_path):
    found = Holder.make(pd.read_csv(csv_path).shape)
    return found


@task
def method_of_identity_frame(csv_path):
    found = Holder().same(pd.read_csv(csv_path))
    return found


@task
def method_of_identity_rows(csv_path):
    found = Holder().same(fetch("select id, name from orders"))
    return found


@task
def method_of_identity_count(csv_path):
    found = Holder().same(pd.read_csv(csv_path).shape)
    return found


@task
def data_class_frame(csv_path):
    box = Box(v=pd.read_csv(csv_path))
    found = box.v
    return found


@task
def data_class_rows(csv_path):
    box = Box(v=fetch("select id, name from orders"))
    found = box.v
    return found


@task
def data_class_count(csv_path):
    box = Box(v=pd.read_csv(csv_path).shape)
    found = box.v
    return found


@task
def global_variable_frame(csv_path):
    global FOUND
    FOUND = pd.read_csv(csv_path)
    found = FOUND
    return found


@task
def global_variable_rows(csv_path):
    global FOUND
    FOUND = fetch("select id, name from orders")
    found = FOUND
    return found


@task
def global_variable_count(csv_path):
    global FOUND
    FOUND = pd.read_csv(csv_path).shape
    found = FOUND
    return found


@task
def default_dict_frame(csv_path):
    box = defaultdict(list)
    box["v"].append(pd.read_csv(csv_path))
    found = box["v"][0]
    return found


@task
def default_dict_rows(csv_path):
    box = defaultdict(list)
    box["v"].append(fetch("select id, name from orders"))
    found = box["v"][0]
    return found


@task
def default_dict_count(csv_path):
    box = defaultdict(list)
    box["v"].append(pd.read_csv(csv_path).shape)
    found = box["v"][0]
    return found


@task
def replaced_item_frame(csv_path):
    box = [None]
    box[0] = pd.read_csv(csv_path)
    found = box[0]
    return found


@task
def replaced_item_rows(csv_path):
    box = [None]
    box[0] = fetch("select id, name from orders")
    found = box[0]
    return found


@task
def replaced_item_count(csv_path):
    box = [None]
    box[0] = pd.read_csv(csv_path).shape
    found = box[0]
    return found
