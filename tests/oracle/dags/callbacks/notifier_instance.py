from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.providers.smtp.notifications.smtp import SmtpNotifier
from airflow.sdk import DAG

ALERT = SlackNotifier(channel="#data", text="{{ dag.dag_id }} failed")
MAIL = SmtpNotifier(
    from_email="airflow@example.com", to="team@example.com", subject="failed", html_content="x"
)

with DAG("callbacks_instance", on_failure_callback=ALERT):
    pass
with DAG("callbacks_instance_inline", on_failure_callback=SlackNotifier(text="run {{ run_id }} failed")):
    pass
with DAG("callbacks_instance_mail", on_failure_callback=MAIL):
    pass
with DAG("callbacks_instance_method", on_failure_callback=ALERT.notify):
    pass
