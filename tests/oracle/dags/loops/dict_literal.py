from airflow.sdk import DAG

from shared.notify import NOTIFIER, write_log

ALERTS = {"loud": NOTIFIER, "logged": [write_log], "silent": None}

for name in ALERTS:
    with DAG(f"loops_dict_{name}", on_failure_callback=ALERTS[name]):
        pass
for name in ALERTS.keys() - {"logged"}:
    with DAG(f"loops_dict_less_{name}", on_failure_callback=ALERTS[name]):
        pass
for number, callback in enumerate(ALERTS.values()):
    with DAG(f"loops_dict_value_{number}", on_failure_callback=callback):
        pass
