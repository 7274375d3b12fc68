from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

number = 0
while number < 3:
    with DAG(f"definitions_while_{number}", on_failure_callback=[tell_slack, write_log][number % 2]):
        pass
    number += 1

queue = [("popped", None), ("endless", tell_slack)]
while queue:
    name, callback = queue.pop()
    globals()[name] = DAG(f"definitions_while_{name}", on_failure_callback=callback)

while True:
    with DAG("definitions_while_true", default_args={"on_failure_callback": tell_slack}):
        break
else:
    with DAG("definitions_while_else", on_failure_callback=tell_slack):
        pass
