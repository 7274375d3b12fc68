from airflow.providers.slack.hooks.slack import SlackHook


def deliver(place, what):
    SlackHook().client.chat_postMessage(channel=place, text=what)
