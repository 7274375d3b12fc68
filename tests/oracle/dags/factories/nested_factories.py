from functools import partial, reduce

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def make(prefix, name, *, callback):
    with DAG(f"{prefix}_{name}", on_failure_callback=callback) as dag:
        pass
    return dag


def team(name, build=partial(make, "factories_nested")):
    build(f"{name}_loud", callback=tell_slack)
    build(f"{name}_logged", callback=write_log)


def choose(severity):
    return {"high": tell_slack, "low": write_log}.get(severity)


team("sales")
list(map(partial(make, "factories_nested", callback=None), ["mapped_one", "mapped_two"]))
made = make("factories_nested", "chosen", callback=choose("high"))
make("factories_nested", "unchosen", callback=choose("none"))
reduce(
    lambda seen, name: make("factories_nested", f"reduced_{seen}_{name}", callback=tell_slack).dag_id[-1],
    "abc",
)
