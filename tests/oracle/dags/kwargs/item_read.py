from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

teams = {"sales": {"alert": tell_slack, "ids": ["kwargs_read_sales"]}, "ops": {"alert": None}}
levels = [None, write_log]

with DAG(teams["sales"]["ids"][0], on_failure_callback=teams["sales"]["alert"]):
    pass
with DAG("kwargs_read_ops", on_failure_callback=teams["ops"]["alert"]):
    pass
with DAG("kwargs_read_get", on_failure_callback=teams["ops"].get("alert")):
    pass
with DAG("kwargs_read_get_default", on_failure_callback=teams["ops"].get("page", write_log)):
    pass
with DAG("kwargs_read_get_missing", on_failure_callback=teams["ops"].get("page")):
    pass
with DAG("kwargs_read_list", on_failure_callback=levels[1]):
    pass
with DAG("kwargs_read_last", on_failure_callback=levels[-2]):
    pass
