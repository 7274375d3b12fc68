from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

JOBS = [
    ("loud", tell_slack, (1, 2)),
    ("logged", write_log, (3,)),
    ("silent", None, ()),
]

for name, callback, (*numbers,) in JOBS:
    for number in numbers or [0]:
        with DAG(f"loops_tuples_{name}_{number}", on_failure_callback=callback):
            pass
for job in JOBS[1:]:
    with DAG(f"loops_tuples_whole_{job[0]}", on_failure_callback=job[1]):
        pass
