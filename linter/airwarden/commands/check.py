"""`airwarden check`: checks files against the policies, and mends what can be mended."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.commands import EXAMPLES
from airwarden.commands.delivery import add_outputs, deliver, verify_outputs
from airwarden.commands.exit_codes import CLEAN, FINDINGS, code_of
from airwarden.commands.scope import (
    add_baseline_arguments,
    add_run_arguments,
    add_settings_options,
    add_trust_arguments,
    jobs_of,
    paths_of,
    root_of,
    workspace_of,
)
from airwarden.formats import FORMATS
from airwarden.terminal import is_for_people, progress, say, show, write

if TYPE_CHECKING:
    from argparse import _ActionsContainer as ArgumentGroup
    from collections.abc import Callable, Sequence
    from typing import Any

    from airwarden.changes import Changes
    from airwarden.config import Config
    from airwarden.fixer import Mended
    from airwarden.repo import Repo
    from airwarden.report import Report
    from airwarden.shards import Shard
    from airwarden.workspace import Workspace


_NAMED = 3
"""Files that are told by name; more are only counted."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.description = "Checks files, folders, or the whole repository around the current folder."
    parser.epilog = EXAMPLES
    parser.usage = "airwarden check [OPTIONS] [PATH ...]"
    _add_files(parser.add_argument_group("which files"))
    asked = parser.add_argument_group("what is asked of them")
    add_settings_options(asked)
    add_trust_arguments(asked)
    add_baseline_arguments(asked)
    _add_fixes(parser.add_argument_group("fixes"))
    report = parser.add_argument_group("the report")
    report.add_argument("--format", choices=FORMATS, default="text", help="how to report (default: text)")
    report.add_argument("--output", metavar="FILE", type=Path, help="write the report to FILE")
    add_outputs(report)
    _add_views(report)
    add_run_arguments(parser.add_argument_group("the run"))


def _add_files(group: ArgumentGroup) -> None:
    add = group.add_argument
    add("paths", nargs="*", metavar="PATH", help="files or folders (default: the repository)")
    add("--since", metavar="REF", help="report only what changed since HEAD and REF had a commit in common")
    staged = "check what git's index holds, and report what is new in it"
    add("--staged", action="store_true", help=staged)
    add("--shard", metavar="I/N", help="check the I-th of N parts; `merge` joins the reports")


def _add_fixes(group: ArgumentGroup) -> None:
    add = group.add_argument
    add("--fix", action="store_true", help="make the safe fixes, and report what remains")
    add("--diff", action="store_true", help="show what --fix would change, and change nothing")
    unsafe = "with --fix or --diff: also the fixes that you should look at"
    add("--unsafe-fixes", action="store_true", help=unsafe)


def _add_views(group: ArgumentGroup) -> None:
    add = group.add_argument
    add("--show-suppressed", action="store_true", help="show in text and SARIF what is silenced, too")
    talk = group.add_mutually_exclusive_group()
    talk.add_argument("-q", "--quiet", action="store_true", help="the summary alone")
    talk.add_argument("-v", "--verbose", action="store_true", help="every finding and every related place")
    add("--no-color", action="store_true", help="no colours, as with NO_COLOR in the environment")


def run(options: argparse.Namespace) -> int:
    """Checks, and reports or mends."""
    from dataclasses import replace

    _verify(options)
    verify_outputs(options)
    options.no_cache |= options.fix or options.diff
    workspace = workspace_of(options, root_of(options.paths))
    changes = _changes(options, workspace.root)
    repo, config = workspace.repo(changes.now if changes else None), workspace.config
    options.fail_on = config.fail_on
    paths, shard = paths_of(options, repo), None
    means: dict[str, Any] = {
        "progress": iter if options.quiet else progress,
        "jobs": jobs_of(options),
        "fixes": options.fix or options.diff,
    }
    if options.shard is not None:
        shard, paths, means["covers"] = _shard(workspace, repo, paths, options.shard)

    def look(repo: Repo) -> Report:
        now = _changes(options, workspace.root) if options.fix else changes
        now = now and now.with_texts(repo.changed)
        return replace(workspace.check(repo, paths, changes=now, **means), shard=shard)

    if options.diff:
        return _show_diff(repo, config, look, options)
    report = _fix(repo, look, options) if options.fix else look(repo)
    if not options.fix:
        deliver(report, options)
    return code_of(report, config.fail_on)


def _verify(options: argparse.Namespace) -> None:
    """Raises `ConfigError` for options that don't go together; of `--fix` and `--diff` the milder counts."""
    from airwarden.config import ConfigError

    options.fix &= not options.diff
    ways = ("fix", "diff", "staged", "shard")
    given = [f"--{name}" for name in ways if getattr(options, name)]
    if len(given) > 1:
        raise ConfigError(f"{' and '.join(given)} don't go together; choose one")
    if options.since is not None and options.staged:
        raise ConfigError("--since and --staged are two questions; ask one at a time")
    if options.unsafe_fixes and not (options.fix or options.diff):
        raise ConfigError("--unsafe-fixes: say what to do with them: --fix makes them, --diff shows them")


def _changes(options: argparse.Namespace, root: Path) -> Changes | None:
    """What was changed, where nothing else is to be reported."""
    ref: str | None = options.since
    if ref is None and not options.staged:
        return None
    from airwarden.changes import since, staged

    return staged(root) if ref is None else since(root, ref)


def _shard(
    workspace: Workspace, repo: Repo, paths: Sequence[str] | None, wanted: str
) -> tuple[Shard, list[str], Callable[[str], bool]]:
    """A shard, its files, and of which files it speaks that are gone: the first one speaks of all."""
    from airwarden.engine import covering, files_of
    from airwarden.shards import shard_of

    baseline = workspace.baseline
    files = files_of(repo, paths)
    shard, own = shard_of(repo, workspace.config, files, wanted, baseline.text if baseline else "")
    return shard, own, covering(repo, paths) if shard.index == 1 else lambda _: False


def _fix(repo: Repo, look: Callable[[Repo], Report], options: argparse.Namespace) -> Report:
    """Makes the fixes that are asked for and reports what remains."""
    from airwarden.fixer import mended

    result = mended(repo, look, unsafe=options.unsafe_fixes)
    deliver(result.report, options)
    if result.fixed:
        text = f"Fixed {_amount(result)}."
        is_for_people = options.format == "text" and options.output is None
        show(f"{text}\n") if is_for_people else say(text)
    _tell_choices(result)
    _tell_commands(result)
    _tell_withheld(result)
    return result.report


def _show_diff(
    repo: Repo, config: Config, look: Callable[[Repo], Report], options: argparse.Namespace
) -> int:
    """Prints what `--fix` would change; that there is something to change is a finding too."""
    from airwarden.fixer import foreseen
    from airwarden.formats.summary import counted, headline
    from airwarden.formats.view import visible

    result = foreseen(repo, look, unsafe=options.unsafe_fixes)
    found = result.diff([_secrets(repo, config, list(result.new))] if result.new else [])
    if options.output is not None:
        write(options.output, found.text)
    else:
        show(visible(found.text, keep="\n\t") if is_for_people() else found.text)
    if found.left_out:
        hunks = counted(found.left_out, "hunk")
        say(f"{hunks} would show a secret and is left out; --fix makes it all the same.")
    if not options.quiet:
        option = "--fix --unsafe-fixes" if options.unsafe_fixes else "--fix"
        would = f"would mend {_amount(result)}. Then:" if result.fixed else "would change nothing."
        say(f"{option} {would} {headline(result.report)}{_further(result, options)}")
    _tell_choices(result)
    _tell_withheld(result)
    code = code_of(result.report, config.fail_on)
    return code or (FINDINGS if result.new else CLEAN)


def _secrets(repo: Repo, config: Config, paths: Sequence[str]) -> Report:
    """What all rules on secrets find in files, whichever rules are asked for."""
    from dataclasses import replace

    from airwarden.engine import check
    from airwarden.registry import Registry

    registry = Registry()
    rules, _ = registry.load([name for name, family in registry.families.items() if family == "secrets"])
    return check(
        repo, paths, replace(config, per_file_ignores={}, overrides=()), rules, families=registry.families
    )


def _amount(result: Mended) -> str:
    """How many findings in how many files, and of which rules."""
    from airwarden.formats.summary import counted, listed
    from airwarden.formats.view import visible

    rules = (f"{rule} ({number})" if number > 1 else rule for rule, number in result.by_rule.most_common())
    paths = sorted(result.new)
    files = visible(listed(paths)) if len(paths) <= _NAMED else counted(len(paths), "file")
    return f"{counted(len(result.fixed), 'finding')} in {files}: {visible(', '.join(rules))}"


def _further(result: Mended, options: argparse.Namespace) -> str:
    """That there are unsafe fixes, where nobody asked for them."""
    unsafe = sum(1 for each in result.report.findings if each.fix and not each.fix.safe)
    return f" --unsafe-fixes would mend {unsafe:,} more." if unsafe and not options.unsafe_fixes else ""


def _tell_choices(result: Mended) -> None:
    """Tells of the unsafe fixes that were made what they are, for that has to be looked at; of many that are
    the same, where the first one stands.
    """
    from airwarden.formats.view import visible

    places: dict[str, list[str]] = {}
    for each in result.fixed:
        if each.fix and not each.fix.safe:
            places.setdefault(each.fix.title, []).append(f"{each.region.path}:{each.region.line}")
    for title, (first, *others) in places.items():
        more = f" and {len(others):,} more" if others else ""
        say(visible(f"{first}{more}: to be looked at: {title}"))


def _tell_commands(result: Mended) -> None:
    """Tells which commands make the fixes whole."""
    from airwarden.needs.remedies import command_in

    titles = (each.fix.title for each in result.fixed if each.fix)
    for command in filter(None, dict.fromkeys(map(command_in, titles))):
        say(f"now run `{command}`")


def _tell_withheld(result: Mended) -> None:
    from airwarden.formats.view import visible

    for each in result.withheld:
        say(visible(str(each)))
