"""What failed for good, as organisers see it, and the second try."""

from uuid import UUID, uuid4

import httpx
import pytest
from tests.people import (
    a_member,
    an_event,
    an_organiser,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)
from tests.registration.conftest import applicant

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.models import Job, JobState, Role
from werkraum_foundation.outbox.jobs import _handlers
from werkraum_registration import addresses, registrations
from werkraum_registration.models import AddressChange
from werkraum_server import reactions
from werkraum_server.desk.failed_jobs import NAMED, WORDS, what_it_is, why_it_failed


async def a_dead_job(
    organiser_id: UUID,
    error: str = "MailServerUnreachable",
    job: str = "letter:reminder",
    **args: str,
) -> Job:
    return await Job.create(
        name=job,
        args=args,
        organiser_id=organiser_id,
        state=JobState.DEAD,
        due=clock.milliseconds(clock.now()),
        error=error,
        created_at=clock.now(),
    )


async def test_the_page_says_what_failed_and_why(client: httpx.AsyncClient) -> None:
    office = await olga_signed_in(client)
    await a_dead_job(office.id)
    shown = (await client.get("/desk/jobs")).text
    assert "Letter: reminder" in shown
    assert "The mail server could not be reached." in shown
    assert "Try again" in shown


async def anna_at(event: Event) -> UUID:
    made = await registrations.register(
        event.id, applicant("Anna"), Mode.ONSITE, vouched=True, now=clock.now()
    )
    return made.id


@pytest.mark.parametrize(
    ("job", "name"),
    [
        ("letter:reminder", "registration_id"),
        ("letter:held_back", "identifier"),
        ("RegistrationConfirmed:tell_of_the_seat", "registration_id"),
    ],
)
async def test_the_page_says_for_whom_and_at_which_event(
    job: str, name: str, client: httpx.AsyncClient
) -> None:
    office = await olga_signed_in(client)
    event = await an_event(office, title={"en": "Youth forum"})
    anna = await anna_at(event)
    await a_dead_job(office.id, job=job, **{name: str(anna)})

    shown = (await client.get("/desk/jobs")).text

    assert f'<a href="/desk/registrations/{anna}">Anna</a>' in shown
    assert f'<a href="/desk/events/{event.id}">Youth forum</a>' in shown


async def test_a_letter_about_another_address_says_for_whom(
    client: httpx.AsyncClient,
) -> None:
    office = await olga_signed_in(client)
    anna = await anna_at(await an_event(office, title={"en": "Youth forum"}))
    await addresses.ask(anna, "new@example.org", now=clock.now())
    change = await AddressChange.get()
    await a_dead_job(office.id, job="letter:address_taken", change_id=str(change.id))

    shown = (await client.get("/desk/jobs")).text

    assert f'<a href="/desk/registrations/{anna}">Anna</a>' in shown
    assert "Youth forum" in shown and "new@example.org" not in shown


@pytest.mark.parametrize("job", ["letter:ballot", "letter:reply", "letter:unheard_of"])
async def test_nobody_learns_who_was_reminded_of_a_round_or_has_spoken(
    job: str, client: httpx.AsyncClient
) -> None:
    office = await olga_signed_in(client)
    event = await an_event(office, title={"en": "Youth forum"})
    anna = await anna_at(event)
    await a_dead_job(office.id, job=job, registration_id=str(anna))

    shown = (await client.get("/desk/jobs")).text

    assert "Anna" not in shown and str(anna) not in shown
    assert f'<a href="/desk/events/{event.id}">Youth forum</a>' in shown


def test_who_is_named_is_so_by_a_job_there_is() -> None:
    known = WORDS.keys() | {it.partition(":")[0] for it in WORDS}
    assert NAMED - known == set()


async def test_a_task_of_an_event_names_it(client: httpx.AsyncClient) -> None:
    office = await olga_signed_in(client)
    event = await an_event(office, title={"en": "Youth forum"})
    await a_dead_job(office.id, event_id=str(event.id))

    shown = (await client.get("/desk/jobs")).text

    assert f'<a href="/desk/events/{event.id}">Youth forum</a>' in shown


async def test_somebody_at_ottos_event_is_not_named(client: httpx.AsyncClient) -> None:
    anna = await anna_at(await an_event(await an_organiser()))
    office = await olga_signed_in(client)
    await a_dead_job(office.id, registration_id=str(anna))

    shown = (await client.get("/desk/jobs")).text

    assert "Letter: reminder" in shown and "Anna" not in shown


async def test_where_nothing_failed_the_page_says_so(client: httpx.AsyncClient) -> None:
    await olga_signed_in(client)
    assert "Nothing has failed." in (await client.get("/desk/jobs")).text


async def test_a_job_is_tried_again(client: httpx.AsyncClient) -> None:
    job = await a_dead_job((await olga_signed_in(client)).id)
    answer = await client.post(f"/desk/jobs/{job.id}/again")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/jobs")
    again = await Job.get()
    assert (again.state, again.attempts, again.error) == ("ready", 0, None)
    assert (await client.post(f"/desk/jobs/{job.id}/again")).status_code == 404


async def test_all_are_tried_again(client: httpx.AsyncClient) -> None:
    office = await olga_signed_in(client)
    other = await a_dead_job(uuid4())
    for _ in range(3):
        await a_dead_job(office.id)
    await client.post("/desk/jobs/again")
    assert [it.id for it in await Job.filter(state=JobState.DEAD)] == [other.id]


async def test_otto_sees_and_moves_nothing_of_olgas(client: httpx.AsyncClient) -> None:
    job = await a_dead_job((await an_organiser()).id)
    await otto_signed_in(client)
    assert "Letter: reminder" not in (await client.get("/desk/jobs")).text
    assert (await client.post(f"/desk/jobs/{job.id}/again")).status_code == 404
    await client.post("/desk/jobs/again")
    assert (await Job.get()).state == "dead"


async def test_a_reader_sees_and_may_not_try(client: httpx.AsyncClient) -> None:
    office = await an_organiser()
    job = await a_dead_job(office.id)
    await signed_in(client, await a_member(office, role=Role.READER))
    assert (await client.get("/desk/jobs")).status_code == 200
    assert (await client.post(f"/desk/jobs/{job.id}/again")).status_code == 403


async def test_without_a_sign_in_there_is_nothing_to_see(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get("/desk/jobs")).headers["location"] == "/desk/sign-in"


async def test_what_is_no_job_is_not_found(client: httpx.AsyncClient) -> None:
    await olga_signed_in(client)
    assert (await client.post("/desk/jobs/nonsense/again")).status_code == 404


def test_every_job_of_the_program_has_words() -> None:
    reactions.registered()
    ours = {name for name in _handlers if not name.startswith(("test:", "Something"))}
    assert ours - WORDS.keys() == set()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("the mail server refused the address (550)", "the address (code 550)"),
        ("the mail server refused the letter (554)", "the letter (code 554)"),
        ("MailServerRefused", "turned us away"),
        ("ZeroDivisionError", "(ZeroDivisionError)"),
        ("100% wrong", "100% wrong"),
    ],
)
def test_a_reason_is_a_sentence(error: str, words: str) -> None:
    assert words in why_it_failed(error)


def test_a_job_nobody_has_words_for_is_another_task() -> None:
    assert what_it_is("letter:unheard_of") == "Another task"
