from airflow.sdk import DAG


class CompanyDag(DAG):
    """A DAG class of the company that adds nothing to the alert."""
