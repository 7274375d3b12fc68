"""What web services answer."""

from __future__ import annotations

import json
import urllib.request

import httpx
import pandas as pd
import requests
from airflow.providers.http.hooks.http import HttpHook
from airflow.sdk import task


@task
def answer(url):
    return requests.get(f"{url}/orders", timeout=10).json()


@task
def text(url):
    response = requests.get(f"{url}/orders", timeout=10)
    response.raise_for_status()
    return response.text


@task
def content(url):
    return requests.get(f"{url}/orders", timeout=10).content.decode()


@task
def status(url):
    return requests.get(f"{url}/orders", timeout=10).status_code


@task
def is_ok(url):
    return requests.get(f"{url}/orders", timeout=10).ok


@task
def headers(url):
    return requests.get(f"{url}/orders", timeout=10).headers["Content-Type"]


@task
def items(url):
    return requests.get(f"{url}/page", timeout=10).json()["items"]


@task
def total(url):
    return requests.get(f"{url}/page", timeout=10).json()["total"]


@task
def number_of_items(url):
    page = requests.get(f"{url}/page", timeout=10).json()
    return len(page["items"])


@task
def first_item(url):
    return requests.get(f"{url}/orders", timeout=10).json()[0]


@task
def small_answer(url):
    return requests.get(f"{url}/count", timeout=10).json()  # a matter of taste


@task
def names(url):
    orders = requests.get(f"{url}/orders", timeout=10).json()
    return [{"id": order["id"], "name": order["name"]} for order in orders]


@task
def large_orders(url):
    orders = requests.get(f"{url}/orders", timeout=10).json()
    return [order for order in orders if order["amount"] > 100]


@task
def summed(url):
    return sum(order["amount"] for order in requests.get(f"{url}/orders", timeout=10).json())


@task
def session(url):
    with requests.Session() as session:
        return session.get(f"{url}/orders").json()


@task
def loaded(url):
    return json.loads(requests.get(f"{url}/orders", timeout=10).text)


@task
def written(url, out_path):
    response = requests.get(f"{url}/orders", timeout=10)
    with open(out_path, "wb") as file:
        file.write(response.content)
    return out_path


@task
def streamed(url, out_path):
    with requests.get(f"{url}/orders", stream=True, timeout=10) as response, open(out_path, "wb") as file:
        for chunk in response.iter_content(chunk_size=8192):
            file.write(chunk)
    return {"path": out_path}


@task
def lines(url):
    return requests.get(f"{url}/orders.csv", timeout=10).text.splitlines()


@task
def iterated_lines(url):
    response = requests.get(f"{url}/orders.csv", timeout=10)
    return [line.decode() for line in response.iter_lines()]


@task
def frame(url):
    return pd.DataFrame(requests.get(f"{url}/orders", timeout=10).json())


@task
def frame_of_csv(url):
    return pd.read_csv(f"{url}/orders.csv")


@task
def by_urllib(url):
    with urllib.request.urlopen(f"{url}/orders") as response:
        return json.loads(response.read())


@task
def by_urllib_text(url):
    return urllib.request.urlopen(f"{url}/orders").read().decode()


@task
def by_httpx(url):
    return httpx.get(f"{url}/orders").json()


@task
def by_httpx_client(url):
    with httpx.Client(base_url=url) as client:
        return client.get("/orders").json()


@task
def by_hook():
    hook = HttpHook(method="GET", http_conn_id="api")
    return hook.run("orders").json()


@task
def by_hook_status():
    return HttpHook(method="GET", http_conn_id="api").run("orders").status_code


@task
def posted(url):
    response = requests.post(f"{url}/count", json={"a": 1}, timeout=10)
    return response.json()["count"]


@task
def pages(url):
    found = []
    for page in range(3):
        response = requests.get(f"{url}/page", params={"page": page}, timeout=10)
        found.extend(response.json()["items"])
    return found


@task
def pages_by_while(url):
    found, page = [], 1
    while page < 3:
        data = requests.get(f"{url}/page", params={"page": page}, timeout=10).json()
        found += data["items"]
        page += 1
    return found


@task
def pages_counted(url):
    count = 0
    for page in range(3):
        count += len(requests.get(f"{url}/page", params={"page": page}, timeout=10).json()["items"])
    return count


@task
def error_text(url):
    response = requests.get(f"{url}/orders", timeout=10)
    if response.status_code != 200:  # a matter of taste
        return response.text
    return "ok"


@task
def elapsed(url):
    return requests.get(f"{url}/orders", timeout=10).elapsed.total_seconds()


@task
def shortened(url):
    return requests.get(f"{url}/orders", timeout=10).text[:500]


@task
def by_get_method(url):
    return requests.get(f"{url}/page", timeout=10).json().get("items", [])


@task
def total_by_get_method(url):
    return requests.get(f"{url}/page", timeout=10).json().get("total")
