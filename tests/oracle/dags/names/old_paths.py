import airflow.models
from airflow import DAG, models
from airflow.models import DAG as ModelsDag
from airflow.models.dag import DAG as ModuleDag

from shared.notify import tell_slack

with DAG("names_old_airflow", on_failure_callback=tell_slack):
    pass
with models.DAG("names_old_models", on_failure_callback=tell_slack):
    pass
with ModelsDag("names_old_models_from"):
    pass
with ModuleDag("names_old_models_dag", on_failure_callback=[tell_slack]):
    pass
with airflow.models.DAG("names_old_dotted"):
    pass
