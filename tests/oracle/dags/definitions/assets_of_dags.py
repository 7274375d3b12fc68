from airflow.sdk import Asset, asset

from shared.notify import tell_slack, write_log

OUTLETS = [Asset("definitions_outlet_one"), Asset("definitions_outlet_two")]


@asset.multi(schedule=None, outlets=OUTLETS, on_failure_callback=tell_slack)
def definitions_asset_multi():
    return 1


@asset.multi(schedule=None, outlets=OUTLETS, dag_id="definitions_asset_multi_named")
def something():
    return 2


@asset(
    schedule=OUTLETS,
    dag_id="definitions_asset_other_id",
    name="definitions_asset_name",
    on_failure_callback=write_log,
)
def something_else():
    return 3
