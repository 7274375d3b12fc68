from airflow.sdk import asset

from shared.notify import tell_slack, write_log


@asset(schedule=None)
def definitions_asset_silent():
    return 1


@asset(schedule="@daily", on_failure_callback=tell_slack)
def definitions_asset_loud():
    return 2


@asset(schedule=None, name="definitions_asset_named", on_failure_callback=[write_log])
def something(definitions_asset_loud):
    return definitions_asset_loud
