import functools
from functools import partial

from airflow.providers.slack.hooks.slack import SlackHook
from airflow.sdk import DAG

from shared.notify import write_log


def send(channel, text, context):
    SlackHook().call("chat.postMessage", json={"channel": channel, "text": text})


def run(step, context):
    step(context)


named = partial(send, channel="#data", text="failed")
nested = partial(functools.partial(send, "#data"), "failed")

with DAG("callbacks_partial", on_failure_callback=functools.partial(send, "#data", "failed")):
    pass
with DAG("callbacks_partial_nested", on_failure_callback=[nested]):
    pass
with DAG("callbacks_partial_keywords", on_failure_callback=named):
    pass
with DAG("callbacks_partial_of_log", on_failure_callback=partial(run, write_log)):
    pass
with DAG("callbacks_partial_of_slack", on_failure_callback=partial(run, nested)):
    pass
