"""`airwarden server`: a language server, which judges files in an editor as they are typed."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from airwarden.commands.exit_codes import CLEAN, FAILED
from airwarden.commands.scope import add_trust_arguments
from airwarden.interruption import leave_to_the_system
from airwarden.terminal import say

if TYPE_CHECKING:
    import argparse

_MISSING = 'the server needs pygls, which is not installed: pip install "airwarden[server]"'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.description = (
        "Serves one editor over stdin and stdout with the Language Server Protocol; the editor starts it."
    )
    parser.add_argument("--stdio", action="store_true", help="what it does anyway; some editors ask for it")
    add_trust_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Serves until the editor says goodbye. Nothing but the protocol goes to stdout."""
    try:
        from airwarden.server.protocol import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol", "cattrs"):
            raise
        say(_MISSING)
        return FAILED
    leave_to_the_system()
    sys.stdout.flush()
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as protocol:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        return CLEAN if serve(sys.stdin.buffer, protocol, trust=options.trust) else FAILED
