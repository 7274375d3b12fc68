from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.sdk import DAG

with DAG("traps_template_exception", on_failure_callback=SlackNotifier(text="{{ exception }}")):
    pass
with DAG(
    "traps_template_guarded",
    on_failure_callback=SlackNotifier(text="{{ exception if exception is defined }}"),
):
    pass
with DAG(
    "traps_template_task", on_failure_callback=SlackNotifier(text="{{ ti.task_id }} of {{ dag.dag_id }}")
):
    pass
with DAG("traps_template_broken", on_failure_callback=SlackNotifier(text="{{ run_id }")):
    pass
