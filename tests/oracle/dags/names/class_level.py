from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


class Settings:
    ALERT = tell_slack
    LOG = [write_log]
    NOTHING = None
    DAG_ID = "names_class_level"


with DAG(Settings.DAG_ID, on_failure_callback=Settings.ALERT):
    pass
with DAG(Settings.DAG_ID + "_log", on_failure_callback=Settings.LOG):
    pass
with DAG(f"{Settings.DAG_ID}_none", on_failure_callback=Settings.NOTHING):
    pass
