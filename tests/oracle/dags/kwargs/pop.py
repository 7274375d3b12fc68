from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

args = {"on_failure_callback": tell_slack, "team": "sales", "catchup": False}
team = args.pop("team")
with DAG(f"kwargs_pop_{team}", **args):
    pass
callback = args.pop("on_failure_callback")
with DAG("kwargs_pop_gone", **args):
    pass
with DAG("kwargs_pop_taken", on_failure_callback=callback, **args):
    pass
with DAG("kwargs_pop_default", on_failure_callback=args.pop("on_failure_callback", write_log), **args):
    pass
