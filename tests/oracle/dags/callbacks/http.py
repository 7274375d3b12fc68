import urllib.request

import httpx
import requests
from airflow.sdk import DAG, Variable

WEBHOOK = "https://hooks.slack.com/" + "services"


def post(context):
    requests.post(WEBHOOK, json={"text": context["run_id"]}, timeout=5)


def open_address(context):
    request = urllib.request.Request(f"{WEBHOOK}/", data=b"{}")
    urllib.request.urlopen(request)


def post_elsewhere(context):
    httpx.post("https://slack.com.example.org/services", json={"text": "slack"})


def post_to_variable(context):
    requests.post(Variable.get("alert_address"), json={"text": "failed"}, timeout=5)


with DAG("callbacks_requests", on_failure_callback=post):
    pass
with DAG("callbacks_urllib", on_failure_callback=[open_address]):
    pass
with DAG("callbacks_http_elsewhere", on_failure_callback=post_elsewhere):
    pass
with DAG("callbacks_http_variable", on_failure_callback=post_to_variable):
    pass
