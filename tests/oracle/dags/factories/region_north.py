"""The Airflow DAGs of the north."""

from factories.regional import regional

regional("north")
