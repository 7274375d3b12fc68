"""What a secret looks like, where Airflow and its charts take one, and how one is masked."""
