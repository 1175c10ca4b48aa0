"""A calendar declines, a letter comes back: from a real mailbox to the desk."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import icalendar
from tests.calendar.reply_samples import Sample, apple, bounced, gmail
from tests.incoming.imap_server import Account, imap_server
from tests.journeys.program import (
    Program,
    calendar_of,
    link_in,
    program,
    text_of,
    until,
)
from tests.journeys.test_story import Attendee, Organiser

DECLINED = "Platz zurückgeben"


def invitation(letter: EmailMessage) -> icalendar.Event:
    ics = calendar_of(letter)
    assert ics is not None
    [entry] = icalendar.Calendar.from_ical(ics).events
    return entry


def answer(letter: EmailMessage, who: Attendee, partstat: str) -> Sample:
    """Say what somebody's calendar answers to a letter."""
    entry = invitation(letter)
    organizer = str(entry["ORGANIZER"]).removeprefix("mailto:")
    assert organizer in str(letter["From"])
    now = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    return Sample(
        organizer,
        str(entry["UID"]),
        int(str(entry.get("SEQUENCE", 0))),
        partstat,
        who.address,
        now,
    )


async def restarted(running: Program) -> None:
    """kill -9 and start again: whoever drains the outbox looks for mail at once."""
    for name in list(running.processes):
        await running.kill(name)
    await running.start()


async def tidy(account: Account) -> None:
    """Wait until only what is for a person is left, with a flag."""
    left = [{"\\Flagged"}]
    await until(lambda: account.flags_in("INBOX") == left or None, "a tidy mailbox")


async def test_an_answer_and_a_returned_letter_reach_the_desk(tmp_path: Path) -> None:
    account = Account()
    with imap_server(account) as where:
        user, password = quote(account.user, safe=""), quote(account.password)
        url = f"imap://{user}:{password}@{where}/INBOX"
        async with program(tmp_path, WERKRAUM_IMAP_URL=url) as running:
            await _journey(running, account)


async def _journey(running: Program, account: Account) -> None:
    made = await running.organiser()
    await running.start()
    olga = Organiser(running, made["api_key"])
    await olga.sign_in(made["sign_in_url"])
    event = await olga.announce(datetime.now(UTC) + timedelta(days=10))
    anna, bert = Attendee(running, 1), Attendee(running, 2)
    letters = []
    for who in (anna, bert):
        await who.register("forum-jugend")
        letters.append(await who.confirm())
    annas, berts = letters
    back = str(berts["Return-Path"]).strip("<>")
    assert back.startswith("bounce+")
    assert back != str(annas["Return-Path"]).strip("<>")

    account.put(apple(answer(annas, anna, "DECLINED")))
    account.put(bounced(back, message_id=str(berts["Message-ID"])))
    account.put(gmail(answer(berts, anna, "ACCEPTED")))
    await restarted(running)

    asked = await anna.mail.next(anna.address, about=DECLINED)
    assert "/my/" in link_in(asked, "/my/")
    assert "weiterhin angemeldet" in " ".join(text_of(asked).split())
    await tidy(account)
    listed = (await olga.api.get(f"/events/{event['id']}/registrations")).json()
    states = {it["email"]: it["state"] for it in listed["items"]}
    assert states == dict.fromkeys((anna.address, bert.address), "confirmed")
    desk = await olga.desk.get(
        f"/desk/events/{event['id']}/letters", headers={"accept-language": "de"}
    )
    assert bert.address in desk.text
    assert "5.1.1" in desk.text

    # What lies in the mailbox once more, after a crash, says nothing new.
    account.folders["INBOX"] += account.folders.pop("Werkraum")
    await restarted(running)
    await tidy(account)
    assert [str(it["Subject"]) for it in anna.mail.of(anna.address)].count(
        str(asked["Subject"])
    ) == 1
