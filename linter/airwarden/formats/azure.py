"""For Azure Pipelines: errors and warnings as logging commands, which become issues of the run."""

from __future__ import annotations

from collections.abc import Mapping

from airwarden.findings import Finding, Region
from airwarden.formats.summary import headline
from airwarden.formats.view import PLAIN, View, visible
from airwarden.report import Crash, Report, severity


def render(report: Report, view: View = PLAIN) -> str:
    """The report as logging commands, errors first; notes, which no issue is for, and the headline
    as plain lines.
    """
    lines = [_crash(crash) for crash in report.crashes]
    lines += [_line(finding, view) for finding in sorted(report.findings, key=severity)]
    return "".join(f"{line}\n" for line in [*lines, _plain(headline(report))])


def _line(finding: Finding, view: View) -> str:
    region, file = finding.region, view.prefix + finding.region.path
    if finding.level == "note":
        place = f"{file}:{region.line}:{region.column}"
        return _plain(f"{place} note {finding.rule} {finding.message}")
    text = "\n".join(filter(None, (finding.message, finding.remedy)))
    return _issue({"type": finding.level, **_place(file, region), "code": finding.rule}, text)


def _plain(text: str) -> str:
    """A line in which the agent finds no command, wherever it looks."""
    return visible(text).replace("##", "# #")


def _place(file: str, region: Region) -> dict[str, str]:
    return {"sourcepath": file, "linenumber": str(region.line), "columnnumber": str(region.column)}


def _crash(crash: Crash) -> str:
    advice = f"\n{crash.advice}" if crash.fault == "own" else ""
    return _issue({"type": "error"}, f"{crash.title}: {crash}{advice}")


def _issue(properties: Mapping[str, str], text: str) -> str:
    given = "".join(f"{key}={escape_property(value)};" for key, value in properties.items())
    return f"##vso[task.logissue {given}]{escape_data(text)}"


def summary_command(file: str) -> str:
    """The command that adds a file of Markdown to the summary of the run."""
    return f"##vso[task.uploadsummary]{escape_data(file)}\n"


def escape_data(text: str) -> str:
    """A command's message as the agent reads it."""
    text = visible(text, keep="\r\n")
    return text.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """A command's property as the agent reads it."""
    return escape_data(text).replace("]", "%5D").replace(";", "%3B")
