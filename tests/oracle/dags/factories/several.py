from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def pair(team):
    daily = DAG(f"factories_several_{team}_daily", on_failure_callback=tell_slack)
    hourly = DAG(f"factories_several_{team}_hourly", on_failure_callback=write_log)
    return daily, hourly


def table(team):
    return {
        "loaded": DAG(f"factories_several_{team}_loaded", on_failure_callback=tell_slack),
        "checked": DAG(f"factories_several_{team}_checked"),
    }


sales_daily, sales_hourly = pair("sales")
_, finance_hourly = pair("finance")
people = pair("people")
checked = table("sales")["checked"]
globals().update(table("finance"))
swapped = pair("swapped")[0]
