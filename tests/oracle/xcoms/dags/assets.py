"""Assets, whose functions return what they like, and callables that are methods."""

from __future__ import annotations

import json

import pandas as pd
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, asset


@asset(schedule=None)
def all_orders():
    return pd.read_csv("orders.csv")


@asset(schedule=None)
def number_of_orders():
    return len(pd.read_csv("orders.csv"))


@asset(schedule="@daily", uri="file:///data/orders.parquet")
def stored_orders():
    pd.read_csv("orders.csv").to_parquet("stored.parquet")


@asset(schedule=None)
def pushed_orders(context):
    context["ti"].xcom_push(key="orders", value=pd.read_csv("orders.csv").to_dict("records"))


@asset(schedule=None)
def parsed_orders():
    with open("orders.json") as file:
        return json.load(file)


class Jobs:
    def __init__(self, path):
        self.path = path

    def everything(self):
        return pd.read_csv(self.path)

    def number(self):
        return len(self.everything())

    @staticmethod
    def heads():
        return pd.read_csv("orders.csv").head()

    @classmethod
    def columns(cls):
        return list(pd.read_csv("orders.csv").columns)

    def __call__(self):
        return self.everything()


jobs = Jobs("orders.csv")

with DAG("methods"):
    PythonOperator(task_id="method", python_callable=jobs.everything)
    PythonOperator(task_id="method_counts", python_callable=jobs.number)
    PythonOperator(task_id="method_of_new_object", python_callable=Jobs("orders.csv").everything)
    PythonOperator(task_id="static_method", python_callable=Jobs.heads)
    PythonOperator(task_id="class_method", python_callable=Jobs.columns)
    PythonOperator(task_id="callable_object", python_callable=jobs)
