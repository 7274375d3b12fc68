"""The Airflow DAGs of the west."""

import factories.regional
from shared.notify import make_notifier

for name, callback in {"west": make_notifier("#west"), "far_west": None}.items():
    factories.regional.regional(name, callback, *["hourly"])
