"""`airwarden` and `python -m airwarden`: the version at once, and the command line for all else."""

import sys

from airwarden import __version__


def main() -> int:
    """Runs the command that the process was started with, and returns its exit code."""
    if sys.argv[1:] == ["--version"]:
        return _tell_version()
    if sys.getfilesystemencoding() != "utf-8" and sys.executable:
        _begin_again()
    from airwarden.isolation import keep_out

    keep_out(sys.argv[1:])
    from airwarden import interruption

    interruption.heed()
    try:
        return _run()
    except interruption.Interrupted as end:
        return end.code
    finally:
        interruption.leave_to_the_system()


def _begin_again() -> None:
    """Starts this very command anew with the names of files in UTF-8: a repository that is checked here and
    elsewhere is to have the same names in baselines and reports. What is shown keeps its encoding.
    """
    import os

    if sys.stdout is not None:
        os.environ.setdefault("PYTHONIOENCODING", sys.stdout.encoding)
    os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def _tell_version() -> int:
    import os

    if sys.stdout is None:
        return 0
    try:
        sys.stdout.write(f"airwarden {__version__}\n")
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0 if isinstance(error, BrokenPipeError) else 2
    return 0


def _run() -> int:
    import gc

    from airwarden import cli

    gc.set_threshold(100_000, 50, 100)  # a run makes many objects, and drops few of them before its end
    code = cli.main()
    gc.freeze()  # and no longer looks for garbage there
    return code


if __name__ == "__main__":
    sys.exit(main())
