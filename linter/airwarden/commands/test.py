"""`airwarden test`: tries rules of one's own on their fixtures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.commands.exit_codes import CLEAN, FINDINGS
from airwarden.commands.scope import add_trust_arguments, registry_here, root_of
from airwarden.terminal import show

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from airwarden.packs import Pack
    from airwarden.trials import Trial
    from airwarden.trust import Trust

_EXAMPLES = """\
examples:
  airwarden test policies         a folder of policies, whose code runs as you name it
  airwarden test acme-airflow     a pack that is installed
  airwarden test                  the folders that the settings name, as far as their code may run

A line of a fixture that must be flagged ends in `# expect: RULE`; no other line may be flagged.
exit codes: 0 all is as it should be, 1 something is not, 2 airwarden could not do its work
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.description = (
        "Runs rules over their fixtures, and tells which lines are flagged that should not be."
    )
    parser.epilog = _EXAMPLES
    parser.add_argument(
        "packs", nargs="*", metavar="PACK", help="folders of policies, or packs that are installed"
    )
    add_trust_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Tries the rules of all packs, and shows what came of it. To name one is to allow its code to run."""
    from airwarden.trust import Trust

    trust = Trust(root_of(()), True if options.packs and options.trust is None else options.trust)
    codes = [_try(pack, trust) for pack in _packs(options.packs)]
    return max(codes, default=CLEAN)


def _packs(names: Sequence[str]) -> list[Pack]:
    from airwarden.config import ConfigError

    if names:
        return [_pack(name) for name in names]
    local = [pack for pack in registry_here().packs if pack.is_local]
    if not local:
        raise ConfigError("there is no folder of policies in the settings: name one, or a pack")
    return local


def _pack(name: str) -> Pack:
    from airwarden.config import ConfigError
    from airwarden.packs import PackError, find, pack_in

    root, folder = root_of(()), Path(name)
    if folder.is_dir():
        return pack_in(folder.resolve(), name.rstrip("/"), root)
    try:
        return find(name, root)
    except PackError as error:
        raise ConfigError(f"{name}: there is no such folder, and {error}") from None


def _try(pack: Pack, trust: Trust) -> int:
    from airwarden.config import ConfigError
    from airwarden.formats.view import visible
    from airwarden.packs import FIXTURES
    from airwarden.registry import Registry
    from airwarden.trials import fixtures_of, lacking, tried
    from airwarden.trust import NOBODY_ALLOWS

    registry = Registry(packs=[pack], trust=trust)
    if registry.withheld:
        why = "these are refused" if trust.is_refused else NOBODY_ALLOWS
        way = f"`airwarden test {pack.name}` names it, and so allows it"
        raise ConfigError(f"{pack.name}: holds policies in Python, and {why}; {way}")
    registry.verify_schemas(registry.sources)
    home = pack.folder / FIXTURES
    fixtures = fixtures_of(home)
    if not fixtures:
        raise ConfigError(f"{pack.name}: there is no fixture in {FIXTURES}/<rule-id>/")
    trials = [tried(fixture, registry) for fixture in fixtures]
    failed = [trial for trial in trials if not trial.is_passed]
    for trial in failed:
        show("".join(f"{visible(line)}\n" for line in _told(trial)))
    for rule, kind in lacking(registry.sources, home):
        show(f"{visible(rule)} has no fixture that is {kind}\n")
    show(f"{visible(pack.name)}: {_summary(len(registry.sources), trials, failed)}\n")
    return FINDINGS if failed else CLEAN


def _summary(rules: int, trials: Sequence[Trial], failed: Sequence[Trial]) -> str:
    from airwarden.formats.summary import counted

    whole = f"{counted(len(trials), 'fixture')} of {counted(rules, 'rule')}"
    return f"{len(failed)} of {whole} failed" if failed else f"{whole} passed"


def _told(trial: Trial) -> Iterator[str]:
    """What is wrong with a fixture, a line each, and a blank one."""
    fixture = trial.fixture
    here = Path.cwd()
    shown = fixture.relative_to(here) if fixture.is_relative_to(here) else fixture
    yield f"{shown}"
    for said, lines in (("is not flagged", trial.missing), ("is flagged, and not marked", trial.unexpected)):
        for path, line in lines:
            yield f"  line {line} {'' if fixture.is_file() else f'of {path} '}{said}"
    yield from (f"  {fault}" for fault in trial.faults)
    yield ""
