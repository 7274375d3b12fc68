from airflow.providers.slack.hooks.slack import SlackHook
from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def make_callback(channel):
    def callback(context):
        if channel is None:
            write_log(context)
        else:
            SlackHook().call("chat.postMessage", json={"channel": channel})

    return callback


def in_order(*steps):
    def run(context):
        for step in steps:
            step(context)

    return run


def forgets_to_return(channel):
    def callback(context):
        SlackHook().call("chat.postMessage", json={"channel": channel})


with DAG("callbacks_closure", on_failure_callback=make_callback("#data")):
    pass
with DAG("callbacks_closure_log", on_failure_callback=make_callback(None)):
    pass
with DAG("callbacks_closure_of_two", on_failure_callback=in_order(write_log, tell_slack)):
    pass
with DAG("callbacks_closure_of_one", on_failure_callback=[in_order(write_log)]):
    pass
with DAG("callbacks_closure_lost", on_failure_callback=forgets_to_return("#data")):
    pass
