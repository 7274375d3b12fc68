# Without the word airflow, this file would not be read.
from company.dags import CompanyDag
from definitions import company_classes
from definitions.company_classes import AlertingDag, LoggingDag

from shared.notify import make_notifier


class NightlyDag(CompanyDag):
    def __init__(self, name):
        super().__init__(f"definitions_imported_{name}", on_failure_callback=make_notifier("#night"))


with AlertingDag("definitions_imported_alerting"):
    pass
with LoggingDag("definitions_imported_logging"):
    pass
with company_classes.SilentDag("definitions_imported_silent"):
    pass
nightly = NightlyDag("nightly")
plain = CompanyDag("definitions_imported_company")
