import shared.settings
from airflow.sdk import DAG

from shared import notify
from shared.settings import NAMES

for name in NAMES:
    with DAG(f"loops_imported_{name}", on_failure_callback=notify.NOTIFIER):
        pass
for name in shared.settings.NAMES[:1] + ("east",):
    with DAG(
        f"loops_imported_{name}_more", **(notify.ALERT_ARGS if name in NAMES else shared.settings.DEFAULTS)
    ):
        pass
for function in ("tell_slack", "write_log", "SILENT"):
    with DAG(f"loops_imported_{function}", on_failure_callback=getattr(notify, function)):
        pass
