"""The envelope of a letter: where it comes back to, and an address nobody knows."""

from collections.abc import AsyncIterator

import httpx
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.calendar.reply_samples import bounced
from tests.foundation.test_delivery import listening
from tests.incoming.conftest import ANNA, BERT, Post
from tests.people import an_event, olga_signed_in

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock, people
from werkraum_foundation.letters.mail_server import hang_up
from werkraum_foundation.models import AuditEntry, Job, JobState, Role
from werkraum_foundation.outbox.worker import drain
from werkraum_foundation.settings import settings
from werkraum_registration import addresses, confirmations, guests, registrations
from werkraum_registration.bounces import registration_at, return_path
from werkraum_registration.guest_lines import Invitee as Invited
from werkraum_registration.links import confirm_token
from werkraum_registration.models import Bounce, Registration
from werkraum_registration.registrations import Applicant


class Server:
    """Takes letters for everybody but one or two, unless it asks to try later."""

    def __init__(self) -> None:
        self.refuses = self.puts_off = ""
        self.is_away = False
        self.taken: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if address == self.refuses:
            return "550 5.1.1 no such user"
        if address == self.puts_off:
            return "450 4.2.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.is_away:
            return "451 4.3.2 try again later"
        self.taken.append(envelope)
        return "250 kept"


@pytest.fixture
async def mail(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """A mail server that takes our letters."""
    server = Server()
    async with listening(lambda: SMTP(server)) as port:
        monkeypatch.setenv("WERKRAUM_SMTP_URL", f"smtp://127.0.0.1:{port}?tls=none")
        settings.cache_clear()
        yield server
        await hang_up()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
async def event(mail: Server, client: httpx.AsyncClient) -> Event:
    return await an_event(await olga_signed_in(client))


async def applies(event: Event, who: Applicant) -> Registration:
    made = await registrations.register(
        event.id, who, Mode.ONLINE, vouched=False, now=clock.now()
    )
    return await Registration.get(id=made.id)


async def test_a_letter_comes_back_to_an_address_of_its_own(
    gateway: None, mail: Server, event: Event, hands_over: Post
) -> None:
    people = [await applies(event, who) for who in (ANNA, BERT)]
    await drain()

    # Two letters of one moment leave in whichever order.
    sent = {it.rcpt_tos[0]: it.mail_from or "" for it in mail.taken}
    assert sent == {it.email: return_path(it).address for it in people}
    for person in people:
        back = sent[person.email]
        assert len(back.partition("@")[0]) <= 64
        found = await registration_at(back)
        assert found is not None
        assert found.id == person.id
        assert (await hands_over(bounced(back))).json() == {"result": "returned"}


async def test_an_invitation_comes_back_there_and_not_to_its_organizer(
    gateway: None, mail: Server, event: Event
) -> None:
    anna = await applies(event, ANNA)
    await confirmations.confirm(confirm_token(anna), now=clock.now())
    await drain()

    [letter] = mail.taken
    assert letter.mail_from == return_path(anna).address
    assert b"From: Netzwerkstelle <rsvp+" in (letter.original_content or b"")


async def test_without_a_way_back_the_envelope_is_the_installations(
    mail: Server, event: Event
) -> None:
    await applies(event, ANNA)
    await drain()
    assert [it.mail_from for it in mail.taken] == [settings().mail_from.address]


async def test_an_address_the_server_refuses_is_shown_and_the_others_go_on(
    mail: Server, event: Event, client: httpx.AsyncClient
) -> None:
    """F18 of facts/reliability.md."""
    mail.refuses = ANNA.email
    anna = await applies(event, ANNA)
    await applies(event, BERT)
    await drain()

    assert [it.rcpt_tos for it in mail.taken] == [[BERT.email]]
    [bounce] = await Bounce.all()
    assert (bounce.registration_id, bounce.status) == (anna.id, "550")
    assert await Job.filter(state=JobState.DEAD).count() == 1
    page = (await client.get(f"/desk/registrations/{anna.id}")).text
    assert "Letters to this address come back" in page
    assert "There is no such address." in page
    await Job.all().update(state=JobState.READY, due=0)
    await drain()
    assert await Bounce.all().count() == 1


# Letters to people without a registration


@pytest.fixture
async def everybody_written_to(
    gateway: None, mail: Server, event: Event
) -> dict[str, str]:
    """A guest, a colleague who is to sign in, a new address: where theirs come back."""
    now, actor = clock.now(), "system"
    guest = Invited("gerda@example.org", "Gerda")
    await guests.invite(event, [guest], language="en", actor=actor, now=now)
    team = event.organiser_id
    await people.add_member(
        team, "Hans", "hans@example.org", Role.HOST, actor=actor, now=now
    )
    anna = await applies(event, ANNA)
    await confirmations.confirm(confirm_token(anna), now=now)
    await addresses.ask(anna.id, "new@example.org", now=now)
    await drain()
    return {it.rcpt_tos[0]: it.mail_from or "" for it in mail.taken}


async def test_every_letter_has_an_address_of_its_own_to_come_back_to(
    everybody_written_to: dict[str, str],
) -> None:
    sent = everybody_written_to
    assert sent.keys() == {
        *("gerda@example.org", "hans@example.org", "new@example.org", ANNA.email)
    }
    assert all(back.startswith("bounce+") for back in sent.values())
    assert len(set(sent.values())) == 4


@pytest.mark.parametrize(
    ("whose", "path", "said"),
    [
        ("gerda", "/desk/events/{event}/guests", "There is no such address."),
        ("gerda", "/desk/events/{event}", "One personal invitation came back."),
        ("hans", "/desk/organiser/team", "There is no such address."),
        ("new", "/desk/registrations/{anna}", "A letter came back"),
    ],
)
async def test_what_comes_back_is_shown_where_somebody_can_act(
    everybody_written_to: dict[str, str],
    client: httpx.AsyncClient,
    hands_over: Post,
    event: Event,
    whose: str,
    path: str,
    said: str,
) -> None:
    anna = await Registration.get()
    page = path.format(event=event.id, anna=anna.id)
    assert said not in (await client.get(page)).text
    report = bounced(everybody_written_to[f"{whose}@example.org"])

    for _ in range(2):
        assert (await hands_over(report)).json() == {"result": "returned"}

    answer = await client.get(page)
    assert answer.status_code == 200, answer.text[-3000:]
    shown = answer.text
    assert shown.count(said) == 1
    assert await AuditEntry.filter(action="letter.bounce").count() == 1


async def test_a_forged_address_makes_nobody_look_unreachable(
    everybody_written_to: dict[str, str], hands_over: Post
) -> None:
    back = everybody_written_to["gerda@example.org"]
    local_part, _, domain = back.partition("@")
    forged = f"{local_part[:-20]}{'0' * 20}@{domain}"

    assert (await hands_over(bounced(forged))).status_code == 404
    assert await AuditEntry.filter(action="letter.bounce").count() == 0


async def test_a_guest_whom_no_server_takes_is_shown_at_once(
    mail: Server, event: Event, client: httpx.AsyncClient
) -> None:
    mail.refuses = "gerda@example.org"
    guest = Invited(mail.refuses, "Gerda")
    await guests.invite(event, [guest], language="en", actor="olga", now=clock.now())
    await drain()

    page = (await client.get(f"/desk/events/{event.id}/guests")).text
    assert "Letter came back" in page and "There is no such address." in page


async def test_a_first_letter_that_comes_back_is_a_line_for_the_organiser(
    gateway: None, event: Event, client: httpx.AsyncClient, hands_over: Post
) -> None:
    anna = await applies(event, ANNA)
    await hands_over(bounced(return_path(anna).address))

    for path in ("/desk/", f"/desk/events/{event.id}"):
        page = (await client.get(path)).text
        assert f"/desk/events/{event.id}/letters#returned" in page
    assert "Letters to one registered person come back." in page
