from airflow.providers.slack.notifications.slack import send_slack_notification

included = send_slack_notification(text="failed")
