from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

make = lambda name, callback=write_log: DAG(f"definitions_lambda_{name}", on_failure_callback=callback)
loud = lambda name: make(name, callback=[tell_slack])
factories = {"table_loud": loud, "table_logged": make}

logged = make("logged")
alerted = loud("loud")
silent = make("silent", None)
inline = (
    lambda: DAG("definitions_lambda_inline", on_failure_callback=lambda context: print(context["run_id"]))
)()
for name, factory in factories.items():
    globals()[name] = factory(name)
