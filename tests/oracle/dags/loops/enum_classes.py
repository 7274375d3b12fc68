from enum import Enum, IntEnum

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


class Team(Enum):
    SALES = "sales"
    FINANCE = "finance"

    @property
    def alert(self):
        return tell_slack if self is Team.SALES else None


class Level(IntEnum):
    LOW = 1
    HIGH = 2


for team in Team:
    with DAG(f"loops_enum_{team.value}", on_failure_callback=team.alert):
        pass
for level in Level:
    with DAG(
        f"loops_enum_{level.name.lower()}",
        on_failure_callback=tell_slack if level >= Level.HIGH else write_log,
    ):
        pass
for name, member in Team.__members__.items():
    with DAG(f"loops_enum_member_{name}", on_failure_callback={Team.FINANCE: write_log}.get(member)):
        pass
