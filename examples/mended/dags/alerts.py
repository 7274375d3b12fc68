"""How this team hears of a failed run."""

from airflow.providers.slack.notifications.slack import send_slack_notification


def slack_alert():
    """A notifier of its own for each DAG: rendering changes it, so it must not be shared."""
    return send_slack_notification(
        slack_conn_id="slack",
        channel="#data-alerts",
        text="{{ dag.dag_id }} failed in run {{ run_id }}{{ ': ' ~ ti.log_url if ti is defined else '' }}",
    )
