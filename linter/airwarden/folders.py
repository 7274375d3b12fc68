"""Where the folders that ship beside the program stand: the rules, their pages and the schemas."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Literal

_IN_A_CHECKOUT = {"rules": "rules", "rule_docs": "docs/rules", "schemas": "schemas"}


def folder(name: Literal["rules", "rule_docs", "schemas"]) -> Path:
    """The built-in folder `name`: a package without code where airwarden is installed, else the checkout's.

    Imports nothing. Raises `FileNotFoundError` where the installation lacks it.
    """
    spec = find_spec(f"airwarden.{name}")
    installed = list(spec.submodule_search_locations or ()) if spec else []
    for place in (*map(Path, installed), Path(__file__).parents[2] / _IN_A_CHECKOUT[name]):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"this installation of airwarden lacks its folder of {name}")
