from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

late, early = [], []
for callback in (tell_slack, write_log):
    # The first asks for the callback when it is called, which is after the loop.
    late.append(lambda name: DAG(f"factories_late_{name}", on_failure_callback=callback))
    early.append(lambda name, callback=callback: DAG(f"factories_late_{name}", on_failure_callback=callback))

late_first = late[0]("late_first")
late_second = late[1]("late_second")
early_first = early[0]("early_first")
early_second = early[1]("early_second")
