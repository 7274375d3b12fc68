"""Where Python looks for modules: never in what is linted.

Neither this module nor `__main__` imports anything that Python does not have loaded as it starts, not even
`__future__`: until it has done its work, any import may be answered by the repository.
"""
# ruff: noqa: PTH100, PTH109, PTH110, PTH112, PTH117, PTH118, PTH120

import os
import site
import sys


def keep_out(places: list[str]) -> None:
    """Takes the checkouts around the current folder and some places off the path of imports.

    `python -m` puts the current folder first there, and PYTHONPATH or an editable installation may name
    others: a `yaml.py` in one of them would be run in the place of the real one. The environment and the
    folder that holds this program stay, wherever they are.
    """
    try:
        checkouts = [_checkout(os.path.realpath(os.getcwd()))]
    except OSError:
        return
    far = [place for place in places if os.path.isabs(place) or os.pardir in place]
    homes = {place if os.path.isdir(place) else os.path.dirname(place) for place in far}
    for home in sorted(homes):
        if not any(_holds(folder, home) for folder in checkouts):
            checkouts.append(_checkout(os.path.realpath(home)))
    found = {entry: os.path.realpath(entry) for entry in sys.path}
    if not any(_holds(folder, entry) for folder in checkouts for entry in found.values()):
        return
    environment = {os.path.realpath(folder) for folder in _environment()}

    def is_linted(entry: str) -> bool:
        around = [folder for folder in (*environment, *checkouts) if _holds(folder, entry)]
        return bool(around) and max(around, key=len) not in environment

    sys.path[:] = [entry for entry in sys.path if not is_linted(found[entry])]


def _environment() -> list[str]:
    """The folders that modules of the interpreter and its packages stand in, and that of this program."""
    program = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return [
        *(sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, program),
        *(site.getsitepackages() if hasattr(site, "getsitepackages") else ()),
        *([site.getusersitepackages()] if site.ENABLE_USER_SITE else ()),
    ]


def _checkout(place: str) -> str:
    """The nearest folder around a place with `.git`, else the place itself."""
    folder = place
    while not os.path.exists(os.path.join(folder, ".git")):
        if folder == os.path.dirname(folder):
            return place
        folder = os.path.dirname(folder)
    return folder


def _holds(folder: str, path: str) -> bool:
    """Whether a path is a folder or below it; the root of all files holds nothing but itself."""
    is_root = folder == os.path.dirname(folder)
    return path == folder or (not is_root and path.startswith(os.path.join(folder, "")))
