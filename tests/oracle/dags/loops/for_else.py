from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

WANTED = "log"

for name, found in [("slack", tell_slack), ("log", write_log), ("none", None)]:
    if name == WANTED:
        break
else:
    found = tell_slack
with DAG("loops_else_found", on_failure_callback=found):
    pass

for name in ("slack", "log"):
    if name == "mail":
        callback = None
        break
else:
    callback = tell_slack
    with DAG("loops_else_reached"):
        pass
with DAG("loops_else_fallback", on_failure_callback=callback):
    pass

for name in ():
    with DAG("loops_else_empty", on_failure_callback=tell_slack):
        pass
