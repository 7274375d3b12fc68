import os

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

PRODUCTION = os.environ.get("ORACLE_ENVIRONMENT") == "production"

with DAG("kwargs_conditional_agreed", on_failure_callback=tell_slack if PRODUCTION else [tell_slack, write_log]):
    pass
with DAG("kwargs_conditional_nothing", on_failure_callback=None if PRODUCTION else []):
    pass
with DAG("kwargs_conditional_other", **({"on_failure_callback": write_log} if PRODUCTION else {"on_failure_callback": print})):
    pass
