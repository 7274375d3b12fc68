import os

DEFAULTS = {"catchup": False, "tags": ["oracle"]}
FALLBACK = DEFAULTS.get("nothing")
ENVIRONMENT = os.environ.get("ORACLE_ENVIRONMENT", "test")
NAMES = ("north", "south")
