"""`python -m airwarden` is `airwarden`."""

from __future__ import annotations

import sys

from airwarden.cli import main

if __name__ == "__main__":
    sys.exit(main())
