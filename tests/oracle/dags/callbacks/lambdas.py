from airflow.sdk import DAG

from shared.notify import NOTIFIER, make_notifier, tell_slack, write_log

with DAG("callbacks_lambda", on_failure_callback=lambda context: tell_slack(context)):
    pass
with DAG("callbacks_lambda_log", on_failure_callback=[lambda ctx: write_log(ctx)]):
    pass
with DAG("callbacks_lambda_not_called", on_failure_callback=lambda context: tell_slack):
    pass
with DAG(
    "callbacks_lambda_both", on_failure_callback=lambda context: (write_log(context), NOTIFIER(context))
):
    pass
with DAG("callbacks_lambda_only_made", on_failure_callback=lambda context: make_notifier(text="failed")):
    pass
