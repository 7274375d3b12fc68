from airflow.sdk import DAG

from shared.notify import tell_slack


class Base:
    def __call__(self, context):
        self.send(context)

    def send(self, context):
        print("failed", context["run_id"])


class Loud(Base):
    def send(self, context):
        tell_slack(context)


class Twice(Loud):
    def send(self, context):
        super().send(context)
        super().send(context)


class Named(Base):
    name = "slack"


with DAG("callbacks_inherited", on_failure_callback=Base()):
    pass
with DAG("callbacks_inherited_loud", on_failure_callback=Loud()):
    pass
with DAG("callbacks_inherited_twice", on_failure_callback=[Twice()]):
    pass
with DAG("callbacks_inherited_named", on_failure_callback=Named()):
    pass
