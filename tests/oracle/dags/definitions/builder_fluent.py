from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


class DagBuilder:
    def __init__(self, name):
        self.dag_id = f"definitions_fluent_{name}"
        self.options = {"catchup": False}
        self.callbacks = []

    def with_option(self, key, value):
        self.options[key] = value
        return self

    def alert(self, callback):
        self.callbacks.append(callback)
        return self

    def silent(self):
        self.callbacks = None
        return self

    def build(self):
        with DAG(self.dag_id, on_failure_callback=self.callbacks, **self.options) as dag:
            return dag


loud = DagBuilder("loud").alert(tell_slack).with_option("max_active_runs", 1).build()
DagBuilder("both").alert(write_log).alert(tell_slack).build()
DagBuilder("silent").alert(tell_slack).silent().build()
builder = DagBuilder("logged")
builder.alert(write_log)
builder.build()
DagBuilder("nobody").build()
DagBuilder("unbuilt").alert(tell_slack)
