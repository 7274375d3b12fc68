"""`airwarden` and `python -m airwarden`: the version at once, and the command line for all else."""

import sys

from airwarden import __version__
from airwarden.isolation import keep_out


def main() -> int:
    """Runs the command that the process was started with, and returns its exit code."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"airwarden {__version__}\n")
        return 0
    keep_out(sys.argv[1:])
    import gc

    from airwarden import cli

    gc.set_threshold(100_000, 50, 100)  # a run makes many objects, and drops few of them before its end
    code = cli.main()
    gc.freeze()  # and no longer looks for garbage there
    return code


if __name__ == "__main__":
    sys.exit(main())
