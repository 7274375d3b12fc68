try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG

try:
    from airflow.providers.slack.notifications.slack import SlackNotifier
except ImportError:
    from airflow.providers.slack.notifications.slack_notifier import SlackNotifier

with DAG("names_try_import", on_failure_callback=SlackNotifier(text="failed")):
    pass
with DAG("names_try_import_none"):
    pass
