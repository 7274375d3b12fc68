from pathlib import Path

import yaml
from airflow.sdk import DAG

from shared.notify import write_log

with Path(__file__).with_name("pipelines.yaml").open(encoding="utf-8") as stream:
    PIPELINES = yaml.safe_load(stream)["pipelines"]

for name, options in PIPELINES.items():
    globals()[name] = DAG(f"loops_yaml_{name}", on_failure_callback=write_log, catchup=options["catchup"])
