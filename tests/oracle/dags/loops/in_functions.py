from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def create(teams, callback=None):
    made = []
    for team in teams:
        dag = DAG(f"loops_functions_{team}", on_failure_callback=callback)
        made.append(dag)
    return made


def create_entered(**callbacks):
    for team, callback in callbacks.items():
        with DAG(f"loops_functions_{team}", on_failure_callback=callback):
            pass


for dag in create(["north", "south"], tell_slack):
    globals()[dag.dag_id] = dag
unseen = create(["unseen", "unseen_too"], tell_slack)
create_entered(east=write_log, west=None)
(silent,) = create(["silent"])
