import asyncio

from airflow.providers.slack.hooks.slack import SlackHook
from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack


async def awaited_by_nobody(context):
    tell_slack(context)


async def send(context):
    await SlackHook().async_call("chat.postMessage", json={"channel": "#data"})


def run(context):
    asyncio.run(send(context))


def forgotten(context):
    send(context).close()


with DAG("callbacks_async", on_failure_callback=awaited_by_nobody):
    pass
with DAG("callbacks_async_run", on_failure_callback=run):
    pass
with DAG("callbacks_async_forgotten", on_failure_callback=forgotten):
    pass
with DAG("callbacks_async_notify", on_failure_callback=NOTIFIER.async_notify):
    pass
