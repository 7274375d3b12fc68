from shared.notify import tell_slack as exported_slack

from .inner import inner_log, inner_slack as renamed_slack
