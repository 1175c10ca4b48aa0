"""Letters reach the mail server, or a folder; what fails is tried again or told."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from werkraum_foundation.letters import Letter, Mailbox, deliver
from werkraum_foundation.letters.mail_server import (
    MailServerRefused,
    MailServerUnreachable,
    hang_up,
)
from werkraum_foundation.outbox import GivesUp
from werkraum_foundation.settings import settings


@dataclass
class Postbox:
    """A mail server's mind: what it takes, and what it answers first."""

    letters: list[Envelope] = field(default_factory=list)
    to_rcpt: list[str] = field(default_factory=list)
    to_data: list[str] = field(default_factory=list)
    connections: list[SMTP] = field(default_factory=list)
    slow: bool = False

    async def handle_EHLO(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        self.connections.append(server)
        return responses

    async def handle_RCPT(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self.to_rcpt:
            return self.to_rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.slow:
            await asyncio.sleep(60)
        if self.to_data:
            return self.to_data.pop(0)
        self.letters.append(envelope)
        return "250 OK"

    def hang_up(self) -> None:
        for server in self.connections:
            if server.transport:
                server.transport.close()

    def contents(self) -> list[bytes]:
        return [bytes(letter.content) for letter in self.letters]  # type: ignore[arg-type]

    def message_ids(self) -> list[str]:
        return [
            message_from_bytes(content, policy=default)["Message-ID"]
            for content in self.contents()
        ]


Say = Callable[[str, str], None]
Look = Callable[[], dict[str, bytes]]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Give this process a setting, as its environment would."""

    def set_up(name: str, value: str) -> None:
        monkeypatch.setenv(name, value)
        settings.cache_clear()

    yield set_up
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
async def postbox(say: Say) -> AsyncIterator[Postbox]:
    """A mail server on this machine that takes letters in the clear."""
    box = Postbox()
    async with listening(lambda: SMTP(box)) as port:
        say("WERKRAUM_SMTP_URL", f"smtp://127.0.0.1:{port}?tls=none")
        yield box
        await hang_up()


@asynccontextmanager
async def listening(
    protocol: Callable[[], asyncio.BaseProtocol], tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", 0, ssl=tls
    )
    yield server.sockets[0].getsockname()[1]
    server.close()


async def test_a_letter_arrives_whole_for_one_recipient(
    postbox: Postbox, letter: Letter
) -> None:
    await deliver(letter)

    [taken] = postbox.letters
    assert taken.mail_from == "werkraum@werkraum.example"
    assert taken.rcpt_tos == ["anna@attendees.example"]
    assert postbox.contents()[0].count(b"\n") == postbox.contents()[0].count(b"\r\n")
    assert postbox.message_ids() == [letter.message_id]


async def test_a_line_with_one_dot_does_not_end_the_letter(
    postbox: Postbox, letter: Letter
) -> None:
    await deliver(replace(letter, text="davor\n.\nQUIT\n"))

    assert b"davor\r\n.\r\nQUIT\r\n" in postbox.contents()[0]


async def test_the_envelope_names_the_installation_whatever_from_says(
    postbox: Postbox, letter: Letter
) -> None:
    rsvp = Mailbox("rsvp+token@werkraum.example", "Netzwerkbüro")

    await deliver(replace(letter, sender=rsvp))

    assert postbox.letters[0].mail_from == "werkraum@werkraum.example"


async def test_letters_one_after_another_share_a_connection(
    postbox: Postbox, letter: Letter
) -> None:
    for _ in range(3):
        await deliver(letter)

    assert (len(postbox.letters), len(postbox.connections)) == (3, 1)


async def test_letters_at_the_same_time_do_not_mix(
    postbox: Postbox, letter: Letter
) -> None:
    people = [f"anna{n}@attendees.example" for n in range(5)]

    await asyncio.gather(
        *(deliver(replace(letter, to=Mailbox(person))) for person in people)
    )

    assert sorted(box.rcpt_tos[0] for box in postbox.letters) == people
    for box, content in zip(postbox.letters, postbox.contents(), strict=True):
        assert f"To: {box.rcpt_tos[0]}\r\n".encode() in content


@pytest.mark.parametrize("code", [550, 551, 552, 553, 554, 501])
async def test_a_refused_address_is_given_up_without_naming_it(
    postbox: Postbox, letter: Letter, code: int
) -> None:
    postbox.to_rcpt = [f"{code} 5.1.1 <anna@attendees.example>: unknown"]

    with pytest.raises(GivesUp) as told:
        await deliver(letter)

    assert str(told.value) == f"the mail server refused the address ({code})"
    assert told.value.__suppress_context__


async def test_a_refused_letter_is_given_up(postbox: Postbox, letter: Letter) -> None:
    postbox.to_data = ["554 5.7.1 looks like spam to <anna@attendees.example>"]

    with pytest.raises(GivesUp, match=r"refused the letter \(554\)$"):
        await deliver(letter)


async def test_others_go_on_after_a_refused_address(
    postbox: Postbox, letter: Letter
) -> None:
    postbox.to_rcpt = ["550 unknown"]
    with pytest.raises(GivesUp):
        await deliver(letter)

    await deliver(replace(letter, to=Mailbox("olga@network.example")))

    assert [box.rcpt_tos for box in postbox.letters] == [["olga@network.example"]]


@pytest.mark.parametrize("where", ["to_rcpt", "to_data"])
@pytest.mark.parametrize("code", [421, 450, 451, 452, 530])
async def test_a_no_for_now_is_tried_again_under_the_same_id(
    postbox: Postbox, letter: Letter, where: str, code: int
) -> None:
    setattr(postbox, where, [f"{code} <anna@attendees.example>: come back later"])

    with pytest.raises(MailServerRefused, match=f"answered {code}$") as told:
        await deliver(letter)
    await deliver(letter)

    assert told.value.__suppress_context__
    assert postbox.message_ids() == [letter.message_id]


async def test_a_server_that_is_away_is_tried_again(say: Say, letter: Letter) -> None:
    async with listening(lambda: SMTP(Postbox())) as port:
        say("WERKRAUM_SMTP_URL", f"smtp://127.0.0.1:{port}?tls=none")

    with pytest.raises(MailServerUnreachable):
        await deliver(letter)


async def test_a_connection_that_died_meanwhile_is_replaced(
    postbox: Postbox, letter: Letter
) -> None:
    await deliver(letter)
    postbox.hang_up()

    await deliver(letter)

    assert (len(postbox.letters), len(postbox.connections)) == (2, 2)


async def test_a_cancelled_letter_leaves_no_half_spoken_connection(
    postbox: Postbox, letter: Letter
) -> None:
    postbox.slow = True
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await deliver(letter)
    postbox.slow = False

    await deliver(letter)

    assert (len(postbox.letters), len(postbox.connections)) == (1, 2)


class Hasty(asyncio.Protocol):
    """A server that hangs up instead of saying what became of the letter."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        transport.write(b"220 hasty\r\n")

    def data_received(self, data: bytes) -> None:
        if data.endswith(b"\r\n.\r\n"):
            self.transport.close()
        elif data.startswith(b"DATA"):
            self.transport.write(b"354 go on\r\n")
        elif b":" in data or data.startswith(b"EHLO"):
            self.transport.write(b"250 fine\r\n")


async def test_a_lost_answer_means_another_try(say: Say, letter: Letter) -> None:
    async with listening(Hasty) as port:
        say("WERKRAUM_SMTP_URL", f"smtp://127.0.0.1:{port}?tls=none")

        with pytest.raises(MailServerUnreachable):
            await deliver(letter)


async def test_without_the_starttls_it_needs_no_letter_leaves(
    say: Say, letter: Letter
) -> None:
    box = Postbox()
    async with listening(lambda: SMTP(box)) as port:
        say("WERKRAUM_SMTP_URL", f"smtp://127.0.0.1:{port}?tls=starttls")

        with pytest.raises(MailServerUnreachable):
            await deliver(letter)

    assert box.letters == []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody vouches for, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path / "mail.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


@asynccontextmanager
async def listening_with(
    tls: str, certificate: Path, box: Postbox
) -> AsyncIterator[str]:
    """A mail server with TLS; what the setting of its address is."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    if tls == "implicit":
        async with listening(lambda: SMTP(box), context) as port:
            yield f"smtps://127.0.0.1:{port}"
    else:
        server = partial(SMTP, box, tls_context=context, require_starttls=True)
        async with listening(server) as port:
            yield f"smtp://127.0.0.1:{port}?tls=starttls"


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
async def test_letters_travel_by_tls(
    say: Say, letter: Letter, certificate: Path, tls: str
) -> None:
    box = Postbox()
    async with listening_with(tls, certificate, box) as url:
        say("WERKRAUM_SMTP_URL", url)
        say("SSL_CERT_FILE", str(certificate))

        await deliver(letter)
        await hang_up()

    assert box.message_ids() == [letter.message_id]


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
async def test_a_certificate_nobody_vouches_for_stops_the_letter(
    say: Say, letter: Letter, certificate: Path, tls: str
) -> None:
    box = Postbox()
    async with listening_with(tls, certificate, box) as url:
        say("WERKRAUM_SMTP_URL", url)

        with pytest.raises(MailServerUnreachable):
            await deliver(letter)

    assert box.letters == []


@pytest.mark.parametrize("password", ["right", "wrong"])
async def test_the_user_and_password_of_the_setting_are_shown(
    say: Say, letter: Letter, password: str
) -> None:
    box = Postbox()

    def right(mechanism: str, user: bytes, password: bytes) -> bool:
        return (user, password) == (b"us", b"right")

    server = partial(SMTP, box, auth_callback=right, auth_require_tls=False)
    async with listening(server) as port:
        say("WERKRAUM_SMTP_URL", f"smtp://us:{password}@127.0.0.1:{port}?tls=none")
        try:
            await deliver(letter)
        except MailServerRefused as refused:
            assert refused.code == 535
        await hang_up()

    assert len(box.letters) == (password == "right")


@pytest.fixture
def letters(say: Say, tmp_path: Path) -> Look:
    """What lies in the folder of letters while no mail server is named."""
    say("WERKRAUM_DATA_DIR", str(tmp_path))

    def look() -> dict[str, bytes]:
        folder = tmp_path / "letters"
        assert folder.stat().st_mode & 0o077 == 0, "others can read the letters"
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}

    return look


async def test_without_a_mail_server_a_letter_becomes_a_file(
    letters: Look, letter: Letter
) -> None:
    await deliver(letter)

    [(name, content)] = letters().items()
    assert name.endswith("Z-0199aa10-7c1e-7d3a-9d54-6f0b6c1f2a11.eml")
    message = message_from_bytes(content, policy=default)
    assert message["To"] == "Anna Arendt <anna@attendees.example>"


async def test_the_same_letter_again_leaves_the_first_file_alone(
    letters: Look, letter: Letter
) -> None:
    await deliver(letter)
    before = letters()

    await deliver(replace(letter, subject="anders"))

    assert letters() == before


async def test_files_of_letters_sort_by_their_time(
    letters: Look, letter: Letter
) -> None:
    for name in "cab":
        await deliver(replace(letter, message_id=f"<{name}@werkraum.example>"))

    assert [name.rpartition("-")[2] for name in letters()] == [
        "c.eml",
        "a.eml",
        "b.eml",
    ]


async def test_an_id_names_no_other_folder(letters: Look, letter: Letter) -> None:
    await deliver(replace(letter, message_id="<../../x*/y@werkraum.example>"))

    [name] = letters()
    assert name.endswith("Z-.._.._x__y.eml")
