from airflow.sdk import DAG

from shared.notify import tell_slack

with DAG("names_walrus", on_failure_callback=(alert := tell_slack)):
    pass
with DAG("names_walrus_again", on_failure_callback=[alert]):
    pass
