from shared.factory import make_dag
from shared.notify import tell_slack

dag = make_dag("definitions_safe_mode_unread", tell_slack)
