"""The mailbox is its own queue: what comes is noted once, and nothing is lost."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.calendar.reply_samples import WRITERS, bounced, gmail, outlook
from tests.foundation.test_delivery import certificate
from tests.incoming.conftest import BERT, invited, sample
from tests.incoming.imap_server import Account, imap_server
from tests.people import an_event, an_organiser
from tests.server.postbox import delivered, throw_away

from werkraum_calendar.mail_reading import ReadingTakesLong
from werkraum_calendar.models import CalendarReply
from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.models import Job
from werkraum_foundation.outbox.worker import claim, drain, run
from werkraum_foundation.refusals import Busy
from werkraum_foundation.settings import settings
from werkraum_registration.bounces import return_path
from werkraum_registration.models import Bounce, CalendarAnswer, Registration
from werkraum_server.incoming.fetching import Take, look_for_mail, take_one
from werkraum_server.incoming.imap_mailbox import TROUBLE, OpenMailbox, opened
from werkraum_server.incoming.taking import Taken
from werkraum_server.installation_check import findings
from werkraum_server.reactions import registered

__all__ = ["certificate"]

registered()
DONE = "Werkraum"
HOURS = timedelta(hours=2)

Look = Callable[..., None]


@pytest.fixture
def point_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Look]:
    """Name a mailbox in the settings."""

    def name(
        where: str, account: Account, scheme: str = "imap", more: str = ""
    ) -> None:
        user, password = quote(account.user, safe=""), quote(account.password)
        url = f"{scheme}://{user}:{password}@{where}/INBOX{more}"
        monkeypatch.setenv("WERKRAUM_IMAP_URL", url)
        settings.cache_clear()

    yield name
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def account(point_at: Look) -> Iterator[Account]:
    """A mailbox that can be reached."""
    made = Account()
    with imap_server(made) as where:
        point_at(where, made)
        yield made


@pytest.fixture
async def event(account: Account, client: object) -> Event:
    throw_away()
    return await an_event(await an_organiser())


@pytest.fixture
async def anna(event: Event) -> Registration:
    return await invited(event)


async def a_minute_passes() -> None:
    """Let the clock tick once, and everything happen that follows."""
    await look_for_mail(clock.now())
    await drain()


async def answer_of(who: Registration) -> CalendarAnswer | None:
    return (await Registration.get(id=who.id)).calendar_answer


async def test_what_has_come_is_noted_and_put_away(
    account: Account, event: Event, anna: Registration
) -> None:
    for writer in WRITERS.values():
        account.put(writer(await sample(anna, event)))
    account.put(bounced(return_path(anna).address))

    await a_minute_passes()

    assert await answer_of(anna) is CalendarAnswer.COMING
    assert await CalendarReply.all().count() == 1
    assert await Bounce.all().count() == 1
    assert account.folders["INBOX"] == []
    assert len(account.folders[DONE]) == len(WRITERS) + 1


async def test_a_decline_from_the_mailbox_is_asked_about_once(
    account: Account, event: Event, anna: Registration
) -> None:
    mail = outlook(await sample(anna, event, partstat="DECLINED"))
    for _ in range(3):
        account.put(mail)
    await look_for_mail(clock.now())
    letters = [str(it["Subject"]) for it in await delivered()]
    assert len(letters) == 1
    assert "seat back" in letters[0]


async def test_what_is_not_for_us_stays_with_a_flag(
    account: Account, event: Event, anna: Registration
) -> None:
    strange = await sample(anna, event, attendee="otto@elsewhere.example")
    account.put(outlook(strange))
    account.put(b"To: replies@example.org\r\n\r\nIch habe eine Frage.\r\n")
    account.put(bounced(return_path(anna).address) + b"x" * 2_000_000)

    await a_minute_passes()
    await a_minute_passes()

    assert account.flags_in("INBOX") == [{"\\Flagged"}] * 3
    assert account.told.count("UID FETCH") == 5  # two mails in two steps, one too large
    assert await CalendarReply.exists() is False
    assert await Bounce.exists() is False


@pytest.mark.parametrize("after", ["UID FETCH", "UID MOVE"])
async def test_a_line_that_breaks_loses_nothing_and_repeats_nothing(
    account: Account, event: Event, anna: Registration, after: str
) -> None:
    account.put(gmail(await sample(anna, event)))
    account.drops_after = after
    await a_minute_passes()
    account.drops_after = ""
    await a_minute_passes()

    assert await answer_of(anna) is CalendarAnswer.COMING
    assert await CalendarReply.all().count() == 1
    assert account.folders["INBOX"] == []


async def test_a_process_that_ends_after_noting_notes_nothing_twice(
    account: Account, event: Event, anna: Registration
) -> None:
    """Noted and not put away: the next one reads it once more."""
    mail = gmail(await sample(anna, event))
    account.put(mail)
    await a_minute_passes()
    account.put(mail)
    await a_minute_passes()
    assert await CalendarReply.all().count() == 1
    assert account.folders["INBOX"] == []


@pytest.mark.parametrize(
    "capabilities",
    [("UIDPLUS",), ("AUTH=PLAIN", "UIDPLUS"), ("AUTH=PLAIN",), ()],
    ids=str,
)
async def test_an_old_server_does_it_in_its_way(
    account: Account, event: Event, anna: Registration, capabilities: tuple[str, ...]
) -> None:
    account.capabilities = capabilities
    if "AUTH=PLAIN" not in capabilities:
        # LOGIN takes the letters of ASCII.
        settings.cache_clear()
        account.password = 'pass"word'
        return await _with_login(account, event, anna)
    account.put(outlook(await sample(anna, event)))
    await a_minute_passes()
    await _must_be_put_away(account, anna)


async def _with_login(account: Account, event: Event, anna: Registration) -> None:
    with imap_server(account) as where, pytest.MonkeyPatch.context() as patch:
        user, password = quote(account.user, safe=""), quote(account.password)
        patch.setenv("WERKRAUM_IMAP_URL", f"imap://{user}:{password}@{where}")
        settings.cache_clear()
        account.put(outlook(await sample(anna, event)))
        await a_minute_passes()
    await _must_be_put_away(account, anna)


async def _must_be_put_away(account: Account, anna: Registration) -> None:
    assert await answer_of(anna) is CalendarAnswer.COMING
    assert len(account.folders[DONE]) == 1
    assert all("\\Deleted" in flags for flags in account.flags_in("INBOX"))


async def test_what_a_server_can_it_may_say_after_the_sign_in_only(
    account: Account, event: Event, anna: Registration
) -> None:
    account.capabilities, account.later = ("AUTH=PLAIN",), ("MOVE",)
    account.put(outlook(await sample(anna, event)))
    await a_minute_passes()
    assert "UID MOVE" in account.told


async def test_where_folders_stand_below_the_inbox_ours_does_too(
    account: Account, event: Event, anna: Registration
) -> None:
    account.below_inbox = True
    account.put(outlook(await sample(anna, event)))
    await a_minute_passes()
    assert len(account.folders["INBOX.Werkraum"]) == 1


async def test_what_was_put_away_is_deleted_after_a_month(
    account: Account, event: Event
) -> None:
    now = clock.now()
    account.put(b"old", DONE, came=now - timedelta(days=31))
    account.put(b"new", DONE, came=now - timedelta(days=29))
    account.put(b"To: somebody@example.org\r\n\r\n", came=now - timedelta(days=2000))
    await a_minute_passes()
    assert [it.raw for it in account.folders[DONE]] == [b"new"]
    assert len(account.folders["INBOX"]) == 1


async def test_a_mailbox_that_is_away_is_asked_again_a_minute_later(
    event: Event, anna: Registration, point_at: Look
) -> None:
    account = Account()
    account.put(outlook(await sample(anna, event)))
    with imap_server(account) as where:
        point_at(where, account)
    await a_minute_passes()
    assert await Job.filter(name="mail:fetch").exists() is False
    with imap_server(account) as where:
        point_at(where, account)
        await a_minute_passes()
    assert await answer_of(anna) is CalendarAnswer.COMING


async def test_what_goes_wrong_at_a_look_is_over_with_it(
    event: Event, point_at: Look
) -> None:
    """Without AUTH=PLAIN nobody can say such a password: no trouble of the network."""
    account = Account(password="grün", capabilities=())
    with imap_server(account) as where:
        point_at(where, account)
        mailbox = settings().imap
        assert mailbox is not None
        with pytest.raises(UnicodeEncodeError):
            OpenMailbox(mailbox)
        await a_minute_passes()
    assert await Job.exists() is False


def test_a_mailbox_that_never_answers_is_given_up(account: Account) -> None:
    account.is_silent_at = "SELECT"
    mailbox = settings().imap
    assert mailbox is not None
    with pytest.raises(TROUBLE):
        OpenMailbox(mailbox, patience=0.5)
    assert account.told[-1] == "SELECT"


async def test_without_a_mailbox_nobody_looks(database: str) -> None:
    await look_for_mail(clock.now())
    assert await Job.exists() is False


async def test_a_look_that_waits_is_not_planned_twice(
    account: Account, database: str
) -> None:
    for _ in range(3):
        await look_for_mail(clock.now())
    (running,) = await claim(1)
    await look_for_mail(clock.now())
    assert await Job.filter(name="mail:fetch").count() == 1
    await run(running)
    assert await Job.exists() is False


@pytest.mark.parametrize("starttls", [False, True], ids=["implicit", "starttls"])
@pytest.mark.parametrize("vouched", [True, False])
async def test_mail_is_read_by_tls_from_whom_somebody_vouches_for(
    point_at: Look,
    certificate: Path,  # noqa: F811
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    starttls: bool,
    vouched: bool,
) -> None:
    account = Account()
    account.put(b"To: somebody@example.org\r\n\r\n")
    if vouched:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with imap_server(account, certificate, starttls=starttls) as where:
        scheme, more = ("imap", "?tls=starttls") if starttls else ("imaps", "")
        point_at(where, account, scheme, more)
        await a_minute_passes()
    assert account.flags_in("INBOX") == ([{"\\Flagged"}] if vouched else [set()])


async def answers_check() -> tuple[bool, str]:
    [found] = [it for it in await findings() if it.what == "answers"]
    return found.fine, found.words


async def test_the_check_says_whether_the_mailbox_can_be_read(account: Account) -> None:
    account.put(b"one")
    fine, words = await answers_check()
    assert fine
    assert "INBOX at 127.0.0.1" in words
    assert "1 new" in words
    account.password = "another"
    fine, words = await answers_check()
    assert not fine
    assert "cannot be read" in words
    assert account.user not in words


# When we have no time


def busy_with(trouble: Busy) -> Take:
    """What taking a mail does while the database or the machine has too much to do."""

    async def take(raw: bytes, **known: object) -> Taken:
        raise trouble

    return take


async def is_taken(take: Take) -> None:
    """Look at every new mail once."""
    mailbox = settings().imap
    assert mailbox is not None
    with opened(mailbox) as box:
        for uid in box.new():
            await take_one(box, uid, take=take)


@pytest.mark.parametrize("trouble", [Busy(), ReadingTakesLong()], ids=repr)
async def test_a_moment_without_time_leaves_no_mail_to_a_person(
    account: Account, event: Event, anna: Registration, trouble: Busy
) -> None:
    account.put(outlook(await sample(anna, event)))

    await is_taken(busy_with(trouble))

    assert account.flags_in("INBOX") == [set()]
    await a_minute_passes()
    assert await answer_of(anna) is CalendarAnswer.COMING


@pytest.mark.parametrize(
    ("trouble", "flags"), [(Busy(), set()), (ReadingTakesLong(), {"\\Flagged"})]
)
async def test_a_mail_that_takes_long_to_read_is_a_persons_after_an_hour(
    account: Account, database: str, trouble: Busy, flags: set[str]
) -> None:
    account.put(b"To: somebody@example.org\r\n\r\n", came=clock.now() - HOURS)
    await is_taken(busy_with(trouble))
    assert account.flags_in("INBOX") == [flags]


async def test_two_people_are_told_apart(
    account: Account, event: Event, anna: Registration
) -> None:
    bert = await invited(event, BERT)
    account.put(gmail(await sample(anna, event)))
    account.put(gmail(await sample(bert, event, partstat="TENTATIVE")))
    await a_minute_passes()
    both = [await answer_of(anna), await answer_of(bert)]
    assert both == [CalendarAnswer.COMING, CalendarAnswer.MAYBE]
