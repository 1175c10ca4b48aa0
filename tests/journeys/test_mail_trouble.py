"""A mail server that is down, puts off, refuses and loses its answers: F16 to F19.

Everything is there afterwards, once each, under the same Message-ID (I7, I8).
"""

import asyncio
import email
import email.policy
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.journeys.program import Mailboxes, program, until
from tests.journeys.test_story import Attendee, Organiser
from tests.ports import free_port

# Seconds; for five minutes WERKRAUM_TEST_OUTAGE=300 WERKRAUM_TEST_PATIENCE=1200.
OUTAGE = float(os.environ.get("WERKRAUM_TEST_OUTAGE", "5"))
PEOPLE = 8
NOBODY, FORGETFUL = 3, 5
# How often the server says "later" to a letter it does not know.
PUT_OFF = 1


@dataclass
class Troubled(Mailboxes):
    """Puts each letter off once, knows no NOBODY, and loses its answer to one."""

    tries: Counter[str] = field(default_factory=Counter)
    lost: set[str] = field(default_factory=set)

    async def handle_RCPT(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if address == f"anna{NOBODY}@example.org":
            return "550 5.1.1 nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        letter = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        name = str(letter["Message-ID"])
        self.tries[name] += 1
        if self.tries[name] <= PUT_OFF:
            return "450 4.7.1 come back later"
        self.letters.append(letter)
        forgetful = f"anna{FORGETFUL}@example.org" in envelope.rcpt_tos
        if forgetful and name not in self.lost:
            # Kept, and gone before it could say so.
            self.lost.add(name)
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 kept"

    async def all_of(self, person: Attendee, count: int) -> None:
        """Wait until somebody has so many letters, the same ones counted again."""
        await until(
            lambda: len(self.of(person.address)) >= count or None, f"{count} letters"
        )

    @contextmanager
    def at(self, port: int) -> Iterator[None]:
        """Answer on this port."""
        self.port = port
        loop = asyncio.get_running_loop()
        opening = loop.create_task(
            loop.create_server(
                lambda: SMTP(self, hostname="mail.example"), "127.0.0.1", port
            )
        )
        try:
            yield
        finally:
            opening.result().close()


@pytest.fixture
def port() -> int:
    return free_port()


async def test_whatever_the_mail_server_does_each_letter_arrives_once(
    tmp_path: Path, port: int
) -> None:
    troubled = Troubled()
    mail = {"WERKRAUM_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    async with program(tmp_path, **mail) as running:
        running.mail = troubled
        made = await running.organiser()
        await running.start()
        olga = Organiser(running, made["api_key"])
        await olga.sign_in(made["sign_in_url"])
        event = await olga.announce(datetime.now(UTC) + timedelta(days=3))
        people = [Attendee(running, number) for number in range(PEOPLE)]

        # Nobody answers at the mail server; whoever registers notices nothing.
        down = time.monotonic()
        for person in people:
            await person.register("forum-jugend")
        await asyncio.sleep(max(0.0, down + OUTAGE - time.monotonic()))
        assert troubled.letters == []

        reached = [it for it in people if it is not people[NOBODY]]
        with troubled.at(port):
            confirmed = await asyncio.gather(*(it.confirm() for it in reached))
            assert all(it["Message-ID"] for it in confirmed)
            # The button was pressed before the first letter was due once more: it had
            # no cause any longer. The second one comes again.
            await troubled.all_of(people[FORGETFUL], 3)
            await olga.move(event, datetime.now(UTC) + timedelta(days=4))
            for person in reached:
                await person.mail.next(person.address, about="geändert")
            await troubled.all_of(people[FORGETFUL], 5)

        for person in reached:
            ids = Counter(str(it["Message-ID"]) for it in troubled.of(person.address))
            # To confirm, the seat, the move; a lost answer costs a second copy.
            assert len(ids) == 3, person.address
            copies = [1, 2, 2] if person is people[FORGETFUL] else [1, 1, 1]
            assert sorted(ids.values()) == copies, person.address
        assert not troubled.of(people[NOBODY].address)

        page = (await olga.desk.get("/desk/jobs")).text
        assert "(Code 550)" in page or "(code 550)" in page
        assert people[NOBODY].address not in page
