"""Why a finding is silenced: the reason, whose it is, the ticket, and the day until which that holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airwarden.patterns import regex
from airwarden.records import dataclass

if TYPE_CHECKING:
    from datetime import date

_FACT = regex(r'(?<!\S)(until|ticket|owner)=("[^"]*"|\S*)')
_DAY = regex(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Justification:
    """What somebody wrote down when he silenced a finding; each part is empty where there is none.

    `until` is the last day on which it holds, as in `2027-01-31`.
    """

    reason: str = ""
    owner: str = ""
    ticket: str = ""
    until: str = ""

    @classmethod
    def of(cls, text: str) -> Justification:
        """That of a comment: a reason, and among its words `until=`, `ticket=` and `owner=`."""
        facts = {match[1]: match[2].strip('"') for match in _FACT.finditer(text)}
        return cls(" ".join(_FACT.sub(" ", text).split()), **facts)

    def filled(self, other: Justification) -> Justification:
        """This one, with what it does not say taken from another."""
        return Justification(
            self.reason or other.reason,
            self.owner or other.owner,
            self.ticket or other.ticket,
            self.until or other.until,
        )

    def __str__(self) -> str:
        """All of it in a line."""
        named = (("owner", self.owner), ("ticket", self.ticket), ("until", self.until))
        facts = ", ".join(f"{name} {value}" for name, value in named if value)
        return f"{self.reason} ({facts})" if self.reason and facts else self.reason or facts

    @property
    def last_day(self) -> date | None:
        """The day that `until` names; None where it names none."""
        from datetime import date

        try:
            return date.fromisoformat(self.until) if _DAY.fullmatch(self.until) else None
        except ValueError:
            return None

    def is_over(self, today: date | None) -> bool:
        """Whether its last day has passed; where it is not known what day it is, none has."""
        last = self.last_day if self.until and today is not None else None
        return last is not None and today is not None and last < today
