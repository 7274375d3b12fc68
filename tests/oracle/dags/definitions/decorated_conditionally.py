import sys

from airflow.sdk import dag

from shared.notify import tell_slack, write_log

ENABLED = {"sales": True, "finance": False}


@dag(on_failure_callback=tell_slack)
def definitions_conditionally_sales():
    pass


@dag(on_failure_callback=tell_slack)
def definitions_conditionally_finance():
    pass


if ENABLED["sales"]:
    definitions_conditionally_sales()
if ENABLED["finance"]:
    definitions_conditionally_finance()

if sys.version_info >= (3, 8):

    @dag(on_failure_callback=write_log)
    def definitions_conditionally_defined():
        pass

else:

    @dag(on_failure_callback=None)
    def definitions_conditionally_defined():
        pass


definitions_conditionally_defined()
