"""The Airflow DAGs of the south."""

from factories import regional
from shared.notify import tell_slack, write_log

regional.regional("south", write_log, "daily", "weekly")
regional.regional("far_south", None, on_tasks=tell_slack)
