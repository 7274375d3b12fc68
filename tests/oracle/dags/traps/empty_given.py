from airflow.sdk import DAG

from shared.notify import tell_slack


class Quiet(list):
    """A list that is one, empty or not."""


with DAG("traps_empty_list", on_failure_callback=[]):
    pass
with DAG("traps_empty_tuple", on_failure_callback=()):
    pass
with DAG("traps_empty_set", on_failure_callback=set()):
    pass
with DAG("traps_empty_text", on_failure_callback=""):
    pass
with DAG("traps_list_subclass", on_failure_callback=Quiet([tell_slack])):
    pass
