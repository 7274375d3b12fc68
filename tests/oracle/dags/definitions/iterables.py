from itertools import chain, product

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

CALLBACKS = {"b": tell_slack, "a": write_log, "c": None}

for number, name in enumerate(sorted(CALLBACKS), start=1):
    with DAG(f"definitions_iterables_{number}_{name}", on_failure_callback=CALLBACKS[name]):
        pass
for (name, callback), period in product([("d", tell_slack)], ["daily", "weekly"]):
    with DAG(
        f"definitions_iterables_{name}_{period}", on_failure_callback=callback if period == "daily" else None
    ):
        pass
for index, callback in zip(range(10, 30, 10), reversed([tell_slack, write_log])):
    with DAG(f"definitions_iterables_{index}", on_failure_callback=callback):
        pass
for callback in chain([print], filter(None, [None, write_log])):
    with DAG(f"definitions_iterables_{callback.__name__}", on_failure_callback=callback):
        pass
