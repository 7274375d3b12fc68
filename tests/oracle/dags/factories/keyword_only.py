from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack, write_log


def make(name, *, alert=NOTIFIER, quiet=False, **options):
    with DAG(f"factories_keyword_{name}", on_failure_callback=None if quiet else alert, **options):
        pass


make("default")
make("quiet", quiet=True)
make(quiet=False, alert=write_log, name="logged")
make("options", alert=[tell_slack], catchup=False, max_active_runs=2)
make("quiet_anyway", alert=tell_slack, quiet=True)
