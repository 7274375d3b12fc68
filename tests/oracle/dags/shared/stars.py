from shared.notify import *
from shared.notify import tell_slack as starred_slack

STAR_SILENT = []
