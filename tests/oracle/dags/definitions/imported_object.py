# Airflow finds here what this file holds, and also what an import made with `with` on the way.
from definitions.ready_made import entered

assert entered.dag_id == "definitions_ready_made"
