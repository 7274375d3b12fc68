from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

PIPELINES = {
    "loud": (tell_slack, {"catchup": False}),
    "logged": (write_log, {}),
    "overridden": (None, {"max_active_runs": 1}),
}

for name, (callback, options) in PIPELINES.items():
    with DAG(f"loops_items_{name}", on_failure_callback=callback, **options):
        pass
for (name, (first, *_)), suffix in zip(reversed(PIPELINES.items()), "xyz"):
    with DAG(f"loops_items_{name}_{suffix}", on_failure_callback=first):
        pass
for pair in {"key": tell_slack}.items():
    with DAG(f"loops_items_{pair[0]}", on_failure_callback=pair[-1]):
        pass
