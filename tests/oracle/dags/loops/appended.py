from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

names = []
names.append("appended")
names += ["added"]
names.extend(("extended", "removed"))
names.insert(0, "inserted")
names.remove("removed")

callbacks = {}
for name in names:
    callbacks[name] = write_log if name.startswith("a") else tell_slack
callbacks["appended"] = None

for name in names:
    with DAG(f"loops_appended_{name}", on_failure_callback=callbacks[name]):
        pass
