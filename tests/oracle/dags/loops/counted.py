from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

for number in range(3):
    with DAG(f"loops_counted_{number:02d}", on_failure_callback=tell_slack if number % 2 else write_log):
        pass
for number, name in enumerate(("first", "second"), 1):
    with DAG(f"loops_counted_{name}_{number}", on_failure_callback=number > 1 and tell_slack or None):
        pass
for letter, callback in zip("abc", [None, tell_slack]):
    with DAG(f"loops_counted_{letter}", on_failure_callback=callback):
        pass
for number in range(6, 0, -3):
    with DAG(f"loops_counted_down_{number}", on_failure_callback=[write_log] * (number // 3 - 1)):
        pass
