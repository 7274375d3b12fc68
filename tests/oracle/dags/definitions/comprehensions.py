from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

TEAMS = {"sales": tell_slack, "finance": write_log}


def entered(name, callback):
    with DAG(f"definitions_comprehension_{name}", on_failure_callback=callback) as dag:
        return dag


# Nothing in this list is a name of the module, so Airflow does not see it.
unseen = [DAG(f"definitions_comprehension_unseen_{team}", on_failure_callback=TEAMS[team]) for team in TEAMS]
seen = [entered(team, callback) for team, callback in TEAMS.items()]
named = {name: DAG(f"definitions_comprehension_{name}", on_failure_callback=None) for name in ("a", "b")}
globals().update(named)
first, *_ = [
    DAG(f"definitions_comprehension_{number}", on_failure_callback=tell_slack) for number in range(2)
]
