from airflow.sdk import DAG

from shared.notify import tell_slack
from shared.settings import DEFAULTS


def merged(base, extra):
    result = base.copy()
    result.update(extra)
    return result


with DAG("kwargs_merged", **merged(DEFAULTS, {"on_failure_callback": tell_slack})):
    pass
with DAG("kwargs_merged_none", **merged(DEFAULTS, {"max_active_runs": 2})):
    pass
with DAG("kwargs_defaults", **DEFAULTS):
    pass
