import airflow as af
import airflow.sdk as sdk
from airflow.providers.slack.notifications import slack as slack_notifications
from airflow.sdk import DAG as Workflow

with Workflow("names_class_alias", on_failure_callback=slack_notifications.SlackNotifier(text="x")):
    pass
with sdk.DAG("names_module_alias"):
    pass
with af.DAG("names_package_alias", on_failure_callback=[slack_notifications.send_slack_notification(text="x")]):
    pass

Pipeline = Workflow
with Pipeline("names_assigned_alias", on_failure_callback=print):
    pass
