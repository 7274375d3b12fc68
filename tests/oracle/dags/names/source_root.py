from company.dags import CompanyDag
from include.alerts import included

with CompanyDag("names_source_root", schedule=None, on_failure_callback=included):
    pass
with CompanyDag(dag_id="names_source_root_none", schedule=None):
    pass
