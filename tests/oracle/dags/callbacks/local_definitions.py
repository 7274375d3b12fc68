from airflow.providers.slack.hooks.slack import SlackHook
from airflow.sdk import DAG


def with_class(context):
    class Client:
        def send(self, text):
            SlackHook().call("chat.postMessage", json={"text": text})

    Client().send("failed")


def with_function(context):
    def send(text):
        SlackHook().call("chat.postMessage", json={"text": text})

    send(context["run_id"])


def never_called(context):
    def send():
        SlackHook().call("chat.postMessage", json={"text": "failed"})

    print("failed", send.__name__)


class Alerts:
    class Quiet:
        @staticmethod
        def send(context):
            print("failed")


with DAG("callbacks_local_class", on_failure_callback=with_class):
    pass
with DAG("callbacks_local_function", on_failure_callback=with_function):
    pass
with DAG("callbacks_local_never_called", on_failure_callback=never_called):
    pass
with DAG("callbacks_nested_class", on_failure_callback=Alerts.Quiet.send):
    pass
