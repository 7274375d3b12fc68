from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.providers.smtp.notifications.smtp import SmtpNotifier
from airflow.sdk import DAG
from company_alerts import QuietNotifier

from shared.notify import write_log

MAIL = SmtpNotifier(
    from_email="airflow@example.com", to="team@example.com", subject="failed", html_content="x"
)

with DAG("callbacks_list", on_failure_callback=[MAIL, SlackNotifier(text="failed")]):
    pass
with DAG("callbacks_list_no_slack", on_failure_callback=[MAIL, QuietNotifier()]):
    pass
with DAG("callbacks_list_quiet", on_failure_callback=[QuietNotifier(), write_log, print]):
    pass
with DAG("callbacks_list_last", on_failure_callback=[write_log, lambda context: None, SlackNotifier()]):
    pass
