from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def make(team, paused=False, loud=True):
    if paused:
        return None
    if not loud:
        return DAG(f"definitions_early_{team}", on_failure_callback=write_log)
    return DAG(f"definitions_early_{team}", on_failure_callback=tell_slack)


def make_first(teams):
    for team in teams:
        if team.startswith("f"):
            with DAG(f"definitions_early_first_{team}", on_failure_callback=None):
                return
        with DAG(f"definitions_early_first_{team}", on_failure_callback=tell_slack):
            pass


loud = make("loud")
quiet = make("quiet", loud=False)
paused = make("paused", paused=True)
make_first(["sales", "finance", "people"])
