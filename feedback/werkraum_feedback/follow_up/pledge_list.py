"""The pledges at the desk: those of an event or of all, filtered, as table and CSV."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self
from urllib.parse import urlencode
from uuid import UUID

from tortoise.queryset import QuerySet

from werkraum_feedback.follow_up.pledges import STANDING
from werkraum_feedback.follow_up_models import Pledge, PledgeForm, PledgeState
from werkraum_foundation.language import pick
from werkraum_foundation.spreadsheets import Cell
from werkraum_registration.organisation_queries import names_of

PAGE = 50
PAGE_NUMBER = re.compile("[1-9][0-9]{0,3}")


@dataclass(frozen=True)
class PledgeSieve:
    """Filters that all have to fit; what we do not know filters nothing."""

    form: PledgeForm | None = None
    theme: UUID | None = None
    state: PledgeState | None = None
    due: bool = False
    number: int = 1

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        number = asked.get("page", "")
        return cls(
            next((it for it in PledgeForm if it == asked.get("form")), None),
            identifier(asked.get("theme", "")),
            next((it for it in PledgeState if it == asked.get("state")), None),
            asked.get("due") == "on",
            int(number) if PAGE_NUMBER.fullmatch(number) else 1,
        )

    @property
    def empty(self) -> bool:
        return not (self.form or self.theme or self.state or self.due)

    def query(self, number: int = 1) -> str:
        """Write it as it stands in an address."""
        wishes = {
            "form": self.form,
            "theme": self.theme,
            "state": self.state,
            "due": "on" if self.due else "",
            "page": number if number > 1 else "",
        }
        return urlencode({name: str(value) for name, value in wishes.items() if value})


@dataclass(frozen=True)
class Promised:
    """A pledge with whose it is; a name that is deleted is empty."""

    pledge: Pledge
    name: str
    email: str
    organisation: str


async def promised(
    organiser_id: UUID,
    sieve: PledgeSieve,
    *,
    event_id: UUID | None = None,
    today: date,
    whole: bool = False,
) -> tuple[list[Promised], int]:
    """List a page of the pledges, or the `whole`, and how many there are in all."""
    found = _sifted(organiser_id, sieve, event_id, today)
    count = await found.count()
    found = found.order_by("-id").select_related("event", "registration", "theme")
    if not whole:
        found = found.offset((sieve.number - 1) * PAGE).limit(PAGE)
    there = await found
    named = {it.registration.organisation_id for it in there}
    names = await names_of([it for it in named if it])
    return [_promised(it, names) for it in there], count


def _sifted(
    organiser_id: UUID, sieve: PledgeSieve, event_id: UUID | None, today: date
) -> QuerySet[Pledge]:
    found = Pledge.filter(organiser_id=organiser_id)
    if event_id:
        found = found.filter(event_id=event_id)
    if sieve.form:
        found = found.filter(form=sieve.form)
    if sieve.theme:
        found = found.filter(theme_id=sieve.theme)
    if sieve.state:
        found = found.filter(state=sieve.state)
    if sieve.due:
        found = found.filter(follow_up_on__lte=today, state__in=STANDING)
    return found


def _promised(pledge: Pledge, names: Mapping[UUID, str]) -> Promised:
    person = pledge.registration
    named = person.organisation_id
    organisation = names.get(named, "") if named else ""
    return Promised(pledge, person.name, person.email, organisation)


def rows_of(
    promised: list[Promised], heads: list[str], words: Mapping[str, str]
) -> Iterator[list[Cell]]:
    """Write the list as a table; `words` say forms and states."""
    yield list(heads)
    for it in promised:
        pledge = it.pledge
        yield [
            pick(pledge.event.title)[0],
            it.name,
            it.email,
            it.organisation,
            words[pledge.form],
            pick(pledge.theme.name)[0] if pledge.theme else "",
            pledge.hours,
            pledge.words,
            words[pledge.state],
            pledge.note,
            pledge.follow_up_on.isoformat() if pledge.follow_up_on else "",
            pledge.created_at.date().isoformat(),
        ]


def identifier(typed: str) -> UUID | None:
    """Read an id of an address; None for what is none."""
    try:
        return UUID(typed)
    except ValueError:
        return None
