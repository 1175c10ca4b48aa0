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
from werkraum_foundation import clock
from werkraum_foundation.letters.mail_server import hang_up
from werkraum_foundation.models import Job, JobState
from werkraum_foundation.outbox.worker import drain
from werkraum_foundation.settings import settings
from werkraum_registration import registrations
from werkraum_registration.bounces import registration_at, return_path
from werkraum_registration.models import Bounce, Registration
from werkraum_registration.registrations import Applicant


class Server:
    """Takes letters for everybody but one."""

    def __init__(self) -> None:
        self.refuses = ""
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
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
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
