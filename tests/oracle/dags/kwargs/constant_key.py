from airflow.sdk import DAG

from shared.notify import tell_slack

KEY = "on_" + "failure" + "_callback"
options = {KEY: tell_slack}
quoted = {f"on_{'failure'}_callback": [tell_slack]}

with DAG("kwargs_constant_key", **options):
    pass
with DAG("kwargs_formatted_key", **quoted):
    pass
