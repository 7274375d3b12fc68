from airflow.sdk import DAG

from shared.notify import tell_slack

one = dict(on_failure_callback=tell_slack, catchup=False)
two = dict(one, tags=["x"])
three = dict(one, on_failure_callback=None)
four = dict([("on_failure_callback", tell_slack), ("catchup", False)])

with DAG("kwargs_dict", **one):
    pass
with DAG("kwargs_dict_of_dict", **two):
    pass
with DAG("kwargs_dict_muted", **three):
    pass
with DAG("kwargs_dict_of_pairs", **four):
    pass
