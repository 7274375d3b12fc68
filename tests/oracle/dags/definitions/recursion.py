from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def chain(depth):
    if depth == 0:
        return
    with DAG(f"definitions_recursion_{depth}", on_failure_callback=tell_slack if depth > 1 else write_log):
        pass
    chain(depth - 1)


def walk(tree, path="definitions_recursion"):
    for name, below in tree.items():
        if isinstance(below, dict):
            walk(below, f"{path}_{name}")
        else:
            globals()[f"{path}_{name}"] = DAG(f"{path}_{name}", on_failure_callback=below)


chain(3)
walk({"eu": {"north": tell_slack, "south": write_log}, "us": None})
