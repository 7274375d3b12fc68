"""What becomes of the failure of a DAG: whom it tells, how, and what may be lost on the way."""
