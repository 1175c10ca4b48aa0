"""Letters to many, and who was reminded, are forgotten with the people."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.people import an_event, an_organiser
from tests.registration.people_by_hand import takes_part

from werkraum_events.models import Event
from werkraum_foundation.models import AuditEntry
from werkraum_registration import group_letters
from werkraum_registration.audiences import Audience
from werkraum_registration.group_letters import LetterWish
from werkraum_registration.list_filters import Filters
from werkraum_registration.models import GroupLetter, GroupLetterCopy, Reminded
from werkraum_server.retention import count_due, purge

DAY = timedelta(days=1)
WHAT = ("copies of letters to many", "letters to many", "who was reminded")


async def a_letter(event: Event, now: datetime) -> GroupLetter:
    wish = LetterWish({"en": "Lunch"}, {"en": "For Anna"}, Audience())
    return await group_letters.write(
        event.organiser_id, event.id, wish, actor="olga", now=now
    )


@pytest.mark.parametrize(("days", "left"), [(89, 1), (91, 0)])
async def test_ninety_days_after_the_end_letters_are_gone(
    database: str, now: datetime, days: int, left: int
) -> None:
    event = await an_event(await an_organiser(), now=now)
    anna = await takes_part(event, now=now)
    letter = await a_letter(event, now)
    await GroupLetterCopy.create(letter=letter, registration=anna, sent_at=now)
    await Reminded.create(
        registration=anna, minutes_before=60, starts_at=event.starts_at, at=now
    )
    at = event.ends_at + days * DAY
    due, gone = await count_due(at), await purge(at)
    assert [due[it] for it in WHAT] == [gone[it] for it in WHAT] == [1 - left] * 3
    for table in (GroupLetterCopy, GroupLetter, Reminded):
        assert await table.all().count() == left


async def test_the_audit_of_a_letter_names_nobody(database: str, now: datetime) -> None:
    event = await an_event(await an_organiser(), now=now)
    letter = await a_letter(event, now)
    found = Audience((), Filters.read({"q": "Anna", "mode": "online"}))
    by: dict[str, Any] = {"actor": "olga", "now": now}
    await group_letters.edit(
        event.organiser_id,
        letter.id,
        LetterWish({"en": "Tea"}, {"en": "For Berta"}, found),
        version=1,
        **by,
    )
    entry = await AuditEntry.get(action="group_letter.edit")
    assert entry.changes == {
        "subject": [{"en": "Lunch"}, {"en": "Tea"}],
        "body": None,
        "audience": [{}, {"mode": "online"}],
    }
