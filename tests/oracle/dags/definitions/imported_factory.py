"""Airflow reads this file because of its first word."""

import shared.factory as factory
from shared.factory import make_dag, make_logged_dag
from shared.notify import tell_slack

make_dag("definitions_imported_factory_entered", tell_slack, catchup=False)
kept = factory.make_dag("definitions_imported_factory_silent")
# Without `with` and without a name it is nobody's.
make_logged_dag("definitions_unnamed")
logged = make_logged_dag("definitions_named")
made_loud = factory.make_logged_dag(name="definitions_loud", on_failure=[tell_slack])
