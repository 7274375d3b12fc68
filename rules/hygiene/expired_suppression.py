"""A suppression that outlives its day makes a delay that somebody agreed to last for ever.

Whoever wrote `until=2027-01-31` behind it, or into an entry of the baseline, meant the finding to be mended
by then. From the day after, the finding is reported again, and this says which promise it was. A day that is
none is told too, for it would never come; until it is corrected, the suppression holds.

Mend the finding and delete the suppression. Where there is a reason to wait longer, write down a new day.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.findings import Finding
from airwarden.rule import Rule
from airwarden.suppressions import Expired

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="mend the finding and delete this, or give it a new day, as in until=2027-01-31",
    see="https://github.com/airwarden/airwarden#suppressions-and-the-baseline",
)


@rule.expired
def check(expired: Expired) -> Iterator[Finding]:
    """Reports a suppression, or an entry of the baseline, by the day that it gives."""
    yield rule.finding(
        expired.region, _message(expired), subject=f"suppression of {expired.rule} until {expired.why.until}"
    )


def _message(expired: Expired) -> str:
    why = expired.why
    if why.last_day is None:
        return f"until={why.until} is no day: write it as in until=2027-01-31"
    ticket = f" ({why.ticket})" if why.ticket else ""
    return f"This held {expired.rule} back until {why.until}{ticket}, which is over"
