"""The command line: only reports go to stdout, all talk goes to stderr."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from airwarden.config import Config
    from airwarden.engine import Known
    from airwarden.findings import Level
    from airwarden.fixer import Mended
    from airwarden.formats.view import View
    from airwarden.merging import Merged
    from airwarden.registry import Registry
    from airwarden.repo import Repo
    from airwarden.report import Report
    from airwarden.rule import Rule

FORMATS = ("text", "json", "github", "sarif")
CLEAN, FINDINGS, FAILED, INTERRUPTED = 0, 1, 2, 130

_PATIENCE = 1.0
"""Seconds after which a run that is not yet done shows how far it has come."""

_EXAMPLE = """\
examples:
  airwarden check                          the whole repository
  airwarden check dags/orders.py           one file
  airwarden check --select secrets         one family of rules
  airwarden check --fix                    mend what can be mended without a doubt
  airwarden check --format sarif --output airwarden.sarif
  airwarden explain dataframe-in-xcom      why a rule is there, and the way out

exit codes: 0 clean, 1 findings, 2 airwarden could not do its work
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 clean, 1 findings, 2 the work could not be done."""
    options = _parser().parse_args(argv)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        return FAILED
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    from airwarden.config import ConfigError
    from airwarden.crashes import crash
    from airwarden.fixer import Unwritable

    if isinstance(error, (ConfigError, Unwritable)):
        _say(str(error))
    else:
        _say(f"failed by its own fault: {crash('', '', error).message}; please report this")
    return FAILED


def _say(text: str) -> None:
    sys.stderr.write(f"airwarden: {text}\n")


# What can be asked


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="airwarden",
        description="Policy as code for Apache Airflow on Kubernetes. Nothing that is read is run.",
        epilog=_EXAMPLE,
        formatter_class=raw,
    )
    parser.add_argument("--version", action="version", version=f"airwarden {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, prog="airwarden")
    _add_check(commands.add_parser("check", help="check files against the policies", formatter_class=raw))
    explain = commands.add_parser("explain", help="say why a rule is there and what to do")
    explain.add_argument("rule", metavar="RULE")
    explain.set_defaults(run=_explain)
    commands.add_parser("rules", help="list all rules").set_defaults(run=_list_rules)
    _add_merge(commands.add_parser("merge", help="join the reports of shards into one"))
    return parser


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.description = "Checks files, folders, or the whole repository around the current folder."
    parser.epilog = _EXAMPLE
    parser.set_defaults(run=_check)
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="files or folders (default: the repository)")
    add("--format", choices=FORMATS, default="text", help="how to report (default: text)")
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--fix", action="store_true", help="make the safe fixes, and report what remains")
    change.add_argument(
        "--diff", action="store_true", help="show what --fix would change, and change nothing"
    )
    change.add_argument("--shard", metavar="I/N", help="check the I-th of N parts; `merge` joins the reports")
    add("--output", metavar="FILE", type=Path, help="write the report to FILE")
    for option, said in (("--select", "only these rules or families"), ("--ignore", "not these")):
        add(option, action="append", default=[], metavar="NAMES", help=f"{said}; commas separate them")
    add(
        "--fail-on",
        choices=("error", "warning", "note"),
        help="the mildest level that fails (default: error)",
    )
    add("--config", metavar="FILE", type=Path, help="settings, in place of the repository's pyproject.toml")
    add("--jobs", metavar="N", type=_count, help="how many processes may work (default: one a core)")
    add("--no-cache", action="store_true", help="neither use nor write what earlier runs found")
    add("--cache-dir", metavar="DIR", type=Path, help="where that is kept (default: the user's cache folder)")
    talk = parser.add_mutually_exclusive_group()
    talk.add_argument("-q", "--quiet", action="store_true", help="the summary alone")
    talk.add_argument("-v", "--verbose", action="store_true", help="every finding and every related place")
    add("--no-color", action="store_true", help="no colours, as with NO_COLOR in the environment")


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes, from 1 on")
    return int(text)


def _add_merge(parser: argparse.ArgumentParser) -> None:
    parser.description = "Joins the JSON or SARIF reports of all shards of a run into the report of the run."
    parser.set_defaults(run=_merge)
    parser.add_argument("reports", nargs="+", metavar="REPORT", type=Path, help="what a shard reported")
    parser.add_argument("--output", metavar="FILE", type=Path, help="write the report to FILE")
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "note"),
        help="the mildest level that fails (default: that of the shards)",
    )


# check


def _check(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from airwarden.engine import check, files_of
    from airwarden.registry import Registry
    from airwarden.repo import Repo

    root = _root(options.paths)
    registry = Registry()
    config = _config(options, root, registry)
    selected = registry.selected(config)
    known = None if options.fix or options.diff else _known(options, root, config)
    book = known.book if known else None
    repo = Repo(root, config, earlier=book.decisions if book else None)
    paths, shard = _paths(options, repo), None
    if options.shard is not None:
        from airwarden.shards import shard_of

        shard, paths = shard_of(repo, config, files_of(repo, paths), options.shard)
    is_narrow = known is None or bool(config.select)
    rules = registry.load_some(selected if is_narrow else None, book.facts if book else None)
    progress = iter if options.quiet else _progress
    means: dict[str, Any] = {"jobs": options.jobs or _cores(), "fixes": options.fix or options.diff}

    def look(repo: Repo) -> Report:
        families = registry.families
        report = check(
            repo, paths, config, rules, progress, families, selected=selected, known=known, **means
        )
        return replace(report, crashes=(*rules.crashes(selected), *report.crashes), shard=shard)

    if options.diff:
        return _show_diff(repo, config, look, options)
    if options.fix:
        return _code(_fix(repo, look, options), config.fail_on)
    report = look(repo)
    _deliver(report, options)
    return _code(report, config.fail_on)


def _known(options: argparse.Namespace, root: Path, config: Config) -> Known | None:
    """What earlier runs left, unless that is not wanted."""
    if options.no_cache:
        return None
    from airwarden.cache import Cache, usual_home
    from airwarden.engine import Known

    cache = Cache(options.cache_dir or usual_home(), root, config)
    return Known(cache, cache.read())


def _merge(options: argparse.Namespace) -> int:
    from airwarden.merging import merged

    report = merged(options.reports)
    _print(report.text) if options.output is None else _write(options.output, report.text, "w")
    return _code(report, options.fail_on or report.fail_on)


def _code(report: Report | Merged, fail_on: Level) -> int:
    """The exit code for what a report holds."""
    from airwarden.findings import LEVELS

    if report.crashes:
        return FAILED
    failing = LEVELS[: LEVELS.index(fail_on) + 1]
    return FINDINGS if any(report.counts[level] for level in failing) else CLEAN


def _fix(repo: Repo, look: Callable[[Repo], Report], options: argparse.Namespace) -> Report:
    """Makes the safe fixes and reports what remains."""
    from airwarden.fixer import mended

    result = mended(repo, look)
    _deliver(result.report, options)
    if result.fixed:
        text = f"Fixed {_amount(result)}."
        is_for_people = options.format == "text" and options.output is None
        _print(f"{text}\n") if is_for_people else _say(text)
    _tell_withheld(result)
    return result.report


def _show_diff(
    repo: Repo, config: Config, look: Callable[[Repo], Report], options: argparse.Namespace
) -> int:
    """Prints what `--fix` would change; that there is something to change is a finding too."""
    from airwarden.fixer import foreseen
    from airwarden.formats.summary import counted, headline
    from airwarden.formats.view import visible

    result = foreseen(repo, look)
    found = result.diff([_secrets(repo, config, list(result.new))] if result.new else [])
    if options.output is not None:
        _write(options.output, found.text, "w")
    else:
        _print(visible(found.text, keep="\n\t") if sys.stdout.isatty() else found.text)
    if found.left_out:
        _say(f"{counted(found.left_out, 'hunk')} would show a secret and is left out.")
    if not options.quiet:
        would = f"--fix would mend {_amount(result)}. " if result.fixed else ""
        _say(f"{would}Then: {headline(result.report)}" if would else headline(result.report))
    _tell_withheld(result)
    code = _code(result.report, config.fail_on)
    return code or (FINDINGS if result.new else CLEAN)


def _secrets(repo: Repo, config: Config, paths: Sequence[str]) -> Report:
    """What all rules on secrets find in files, whichever rules are asked for."""
    from dataclasses import replace

    from airwarden.engine import check
    from airwarden.registry import Registry

    registry = Registry()
    rules, _ = registry.load([name for name, family in registry.families.items() if family == "secrets"])
    return check(repo, paths, replace(config, per_file_ignores={}), rules, families=registry.families)


def _amount(result: Mended) -> str:
    from airwarden.formats.summary import counted

    return f"{counted(len(result.fixed), 'finding')} in {counted(len(result.new), 'file')}"


def _tell_withheld(result: Mended) -> None:
    from airwarden.formats.view import visible

    for each in result.withheld:
        _say(visible(str(each)))


def _root(paths: Sequence[str]) -> Path:
    """The repository that is meant: the one around the current folder where all `paths` stand in it, else
    the one around the first of them. So a file is judged in the same way whoever else is named beside it.
    """
    from airwarden.config import ConfigError
    from airwarden.repo import find_root

    here = find_root(Path.cwd())
    for path in paths:
        if not Path(path).exists():
            raise ConfigError(f"{path}: there is no such file or folder")
    if not paths:
        return here
    there = find_root(Path(paths[0]))
    is_inside = all(_place(path).is_relative_to(here) for path in paths)
    return here if is_inside and (_is_marked(here) or not _is_marked(there)) else there


def _place(path: str) -> Path:
    """Where a path stands, without following it should it be a link itself."""
    plain = Path(os.path.abspath(path))  # noqa: PTH100 (resolve would follow it)
    return plain.parent.resolve() / plain.name


def _is_marked(root: Path) -> bool:
    from airwarden.repo import is_configured

    return (root / ".git").exists() or is_configured(root)


def _config(options: argparse.Namespace, root: Path, registry: Registry) -> Config:
    """The repository's settings, with those of the command line put over them."""
    from dataclasses import replace

    from airwarden.config import Config

    config = Config.read(root, options.config)
    registry.verify(config.names())
    select, ignore = _names(options.select), _names(options.ignore)
    registry.verify(("--select", name) for name in select)
    registry.verify(("--ignore", name) for name in ignore)
    if select:
        config = replace(config, select=select, ignore=())
    return replace(config, ignore=(*config.ignore, *ignore), fail_on=options.fail_on or config.fail_on)


def _names(lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.strip() for names in lists for name in names.split(",") if name.strip())


def _paths(options: argparse.Namespace, repo: Repo) -> list[str] | None:
    """The paths to check, from the root on; None for all of them."""
    from airwarden.config import ConfigError

    if not options.paths:
        return None
    known, chosen = frozenset(repo.files), []
    for path in options.paths:
        name = repo.relative(Path(path))
        if name is None and not _place(path).is_relative_to(repo.root):
            raise ConfigError(f"{path}: stands outside of {repo.root}; check one repository at a time")
        if name is not None:
            chosen.append(name)
        if not (name in known or Path(path).is_dir() or options.quiet):
            why = ".gitignore or `exclude` leaves it out" if name else "it leads out of the repository"
            _say(f"{path}: not checked, for {why}")
    return chosen


def _progress(files: Sequence[str]) -> Iterator[str]:
    """Hands on the files; on a terminal, a bar shows up once it takes long."""
    from time import monotonic

    pending, started = iter(files), monotonic()
    for done, path in enumerate(pending, 1):
        yield path
        if monotonic() - started > _PATIENCE and sys.stderr.isatty():
            yield from _under_a_bar(pending, done, len(files))


def _under_a_bar(pending: Iterable[str], done: int, total: int) -> Iterator[str]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Checking", total=total, completed=done)
        for path in pending:
            yield path
            bar.advance(task)


# The report


def _deliver(report: Report, options: argparse.Namespace) -> None:
    """Writes the report where it is wanted, and GitHub's job summary where there is to be one."""
    from importlib import import_module

    from airwarden.formats.summary import headline

    view = _view(report, options)
    text = import_module(f"airwarden.formats.{options.format}").render(report, view)
    if options.output is None:
        _print(text)
    else:
        _write(options.output, text, "w")
        if not options.quiet:
            _say(f"{headline(report)} The report is in {options.output}.")
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and options.format == "github":
        from airwarden.formats import job_summary

        _write(Path(summary), job_summary.render(report, view), "a")


def _view(report: Report, options: argparse.Namespace) -> View:
    from shutil import get_terminal_size

    from airwarden.formats.view import View

    is_plain = options.no_color or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return View(
        color=not is_plain and options.output is None and sys.stdout.isatty(),
        detail="summary" if options.quiet else "everything" if options.verbose else "usual",
        width=get_terminal_size((100, 24)).columns,
        prefix=_prefix(Path(report.root)),
        blob=_blob(),
    )


def _prefix(root: Path) -> str:
    """What leads from the checkout of a GitHub job to the root, such as `airflow/`."""
    checkout = Path(os.environ.get("GITHUB_WORKSPACE") or root).resolve()
    if checkout == root or not root.is_relative_to(checkout):
        return ""
    return f"{root.relative_to(checkout).as_posix()}/"


def _blob() -> str:
    """The address of the files of a GitHub job's commit."""
    server, name, commit = (os.environ.get(f"GITHUB_{key}") for key in ("SERVER_URL", "REPOSITORY", "SHA"))
    return f"{server}/{name}/blob/{commit}/" if server and name and commit else ""


def _write(file: Path, text: str, mode: str) -> None:
    from airwarden.config import ConfigError

    try:
        with file.open(mode, encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}") from None


def _print(text: str) -> None:
    """Writes to stdout whatever its encoding; a reader who has gone away has seen enough."""
    import io

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# explain and rules


def _explain(options: argparse.Namespace) -> int:
    from airwarden.registry import Registry, load_rule

    registry = Registry()
    registry.verify([("explain", options.rule)])
    if options.rule not in registry.files:
        members = [rule for rule, family in registry.families.items() if family == options.rule]
        _print("".join(f"{line}\n" for line in _table(registry.load(members)[0].values())))
        return CLEAN
    rule = load_rule(registry.files[options.rule])
    _print(
        f"{rule.id} ({rule.family}, {rule.level})\n\n{(rule.help or '').strip()}\n\n"
        f"The way out: {rule.remedy}\nTo silence it: # airwarden: ignore[{rule.id}] and the reason\n"
        f"See {rule.see}\n"
    )
    return CLEAN


def _list_rules(options: argparse.Namespace) -> int:  # noqa: ARG001
    from airwarden.registry import Registry

    rules, broken = Registry().load()
    _print("".join(f"{line}\n" for line in _table(rules.values())))
    for crash in broken:
        _say(f"the rule {crash.rule} does not load: {crash.message}")
    return FAILED if broken else CLEAN


def _table(rules: Iterable[Rule]) -> Iterator[str]:
    rows = list(rules)
    wide = max((len(rule.id) for rule in rows), default=0)
    for rule in rows:
        yield f"{rule.family:<9}  {rule.level:<7}  {rule.id:<{wide}}  {rule.summary}"
