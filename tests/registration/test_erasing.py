"""Who is erased is gone from every column, from lists, letters and files."""

import asyncio
import importlib
import json
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.people import a_member, an_event, an_organiser, signed_in
from tests.registration.asking import asks
from tests.registration.hand_made import answers, somebody
from tests.registration.joining import joins, my, now_of
from tests.server.postbox import throw_away
from tortoise import fields
from tortoise.models import Model

from werkraum_calendar import invitations
from werkraum_calendar.models import CalendarReply, Invitation, ReplyKind
from werkraum_events.models import Event, Mode
from werkraum_feedback.asking import rounds
from werkraum_feedback.follow_up_models import Contact, ContactWish, Pledge, Practice
from werkraum_feedback.models import Invitee as Asked
from werkraum_feedback.models import ResponseRow, Signature
from werkraum_feedback.statement_models import (
    Phase,
    Quoting,
    Statement,
    StatementSource,
)
from werkraum_foundation import clock
from werkraum_foundation.database import is_sqlite, rows
from werkraum_foundation.outbox.worker import drain
from werkraum_foundation.settings import settings
from werkraum_registration import (
    desk_edits,
    erasing,
    export_files,
    guests,
    organisations,
    personal_feeds,
    registrations,
    tags,
)
from werkraum_registration.guest_lines import Invitee
from werkraum_registration.list_filters import Filters
from werkraum_registration.models import (
    AddressChange,
    Bounce,
    Consent,
    ExportFile,
    ExportState,
    FormQuestionKind,
    GroupLetter,
    Guest,
    ImportBatch,
    ImportRow,
    Need,
    Organisation,
    Registration,
    RegistrationTag,
    State,
    Submission,
)
from werkraum_server.database import MODELS
from werkraum_server.retention import wipe

# A word that nothing else in a database holds.
RARE = "Xylotwyg"
ADDRESS = f"{RARE.lower()}@attendee.example"

# Every column that tells of somebody; the test puts the word into each.
PERSONAL = {
    "registration": {"name", "email", "email_key", "companions", "note"},
    "registration_answer": {"value"},
    "registration_tag": {"tag"},
    "need": {"text", "answer"},
    "consent": {"text"},
    "address_change": {"email"},
    "personal_feed": {"email_key"},
    "bounce": {"email"},
    "calendar_reply": {"comment"},
    "guest": {"name", "email", "email_key"},
    "submission": {"name", "email", "wish"},
    "import_row": {"cells", "email_key"},
    "organisation": {"name", "name_key"},
    "group_letter": {"audience"},
    "export_file": {"filters"},
    "audit_entry": {"changes"},
    "invitee": {"name", "email", "email_key"},
    "contact_wish": {"seeks", "offers", "themes", "countries"},
    "contact": {"reasons", "talk_room"},
    "pledge": {"words", "note"},
    "practice": {"consent_note"},
}
# Columns of text that tell of no attendee: words of organisers, codes, hashes, ids.
OTHERS = {
    "organiser": "slug name contact imprint privacy accessibility",
    # Those who work for an organiser.
    "person": "name email email_key language",
    "api_key": "key_hash last_four",
    "sign_in_link": "token_hash code_hash browser_hash",
    "sign_in": "token_hash",
    # Ids only, and names of errors.
    "job": "name args dedupe error",
    "idempotency_key": "scope key_hash request_hash body",
    "audit_entry": "actor action",
    "series": "slug title",
    "event": "slug title summary description timezone place_name place_address"
    " online_link dial_in entry_code uid cancel_reason withdrawn_as",
    "session": "title description speakers uid",
    "topic": "slug name",
    "organisation": "region partner_towns",
    "registration": "language confirm_hash manage_hash ended_by",
    "address_change": "token_hash",
    "personal_feed": "language feed_hash",
    "bounce": "status message_id",
    "registration_question": "label hint choices purpose condition_value",
    "need": "answered_by",
    "consent_wish": "purpose text",
    "consent": "purpose text_hash language channel",
    "attendance": "client_key recorded_by undone_by",
    "guest": "language token_hash",
    "reminder_rule": "text",
    "reminded": "dropped",
    "group_letter": "subject body created_by note",
    "group_letter_copy": "dropped",
    "first_letters": "address_hash jobs",
    "import_batch": "file_name headings columns created_by",
    "import_row": "outcome",
    "bulk_deed": "deed value registrations outcomes created_by",
    "export_file": "format language created_by",
    "submission": "key_hash",
    # Pseudonyms, which go with the person's row that leads to them.
    "room": "slug belongs_to server fallen_from",
    "room_meeting": "server",
    "entrant": "ref",
    "room_stay": "occupant ref address",
    "room_news": "server dedupe_key kind",
    "room_probe": "server findings",
    "server_call": "server kind showed",
    "breakout_table": "title",
    "invitation": "organizer sent_timezone sent_place first_message_id",
    # Anonymous: nothing leads from a person to what they answered.
    "round": "title salt live_code",
    "question": "code text hint options poles",
    "ballot": "token_hash blinded sent_hash",
    "redeemed_token": "token_hash",
    "material": "title link news",
    "invitee": "language",
    "answer": "codes text",
    # Words that were said stay when nobody knows any more who said them.
    "statement": "text text_hash language client_key created_by",
    "statement_vote": "voter_hash",
    "theme": "name definition includes excludes example words",
    "coding": "coder note",
    "reading": "coder",
    # Marks by ids, and themes as they were.
    "codebook_deed": "actor action before after",
    "report": "language title change_note written_by checked_by content_hash",
    "passage": "section text drafted evidence data",
    # What a card tells is the organiser's; whose it is, and their yes, goes.
    "practice": "slug title what how took place partner_towns countries funding link",
    "reply": "said did",
}


def columns_of_text() -> set[str]:
    """Name all columns of all tables that can hold a text of somebody's choice."""
    found = set()
    for module in map(importlib.import_module, MODELS):
        for kind in vars(module).values():
            if not (isinstance(kind, type) and issubclass(kind, Model)):
                continue
            for name, column in kind._meta.fields_map.items():
                free = isinstance(
                    column, fields.CharField | fields.TextField | fields.JSONField
                )
                if free and not hasattr(column, "enum_type"):
                    found.add(f"{kind._meta.db_table}.{name}")
    return found


def test_of_every_column_it_is_known_whether_it_names_people() -> None:
    personal = {f"{table}.{it}" for table, names in PERSONAL.items() for it in names}
    others = {f"{table}.{it}" for table, said in OTHERS.items() for it in said.split()}
    assert not personal & others
    assert columns_of_text() == personal | others


@pytest.fixture
async def event(database: str) -> Event:
    return await an_event(await an_organiser())


async def told_of_everywhere(event: Event) -> Registration:
    """Register somebody and write the word wherever people write."""
    now, name = clock.now(), RARE
    await guests.invite(
        event, [Invitee(ADDRESS, name)], language="en", actor="olga", now=now
    )
    anna = await joins(event, name)
    edit = desk_edits.Edit(name, note=f"calls {name}", tags={name})
    await desk_edits.edit(anna.id, edit, actor="olga", now=now)
    town = await organisations.typed(event.organiser_id, f"Home of {name}", now=now)
    await Registration.filter(id=anna.id).update(
        companions=[f"a friend of {name}"], organisation_id=town
    )
    question = await asks(event, FormQuestionKind.TEXT)
    await answers(anna, question, f"I am {name}")
    await Need.create(
        registration=anna,
        question=await asks(event, FormQuestionKind.NEED),
        text=f"{name} needs a ramp",
        answer=f"There is one, {name}",
        created_at=now,
    )
    await Consent.create(
        registration=anna,
        purpose="photo",
        text=f"{name} agrees",
        text_hash="x",
        language="en",
        channel="form",
        given_at=now,
    )
    await AddressChange.create(
        registration=anna,
        email=f"old-{ADDRESS}",
        token_hash="old",
        created_at=now,
        confirmed_at=now,
    )
    fresh = await Registration.get(id=anna.id).select_related("event")
    await personal_feeds.order(fresh, now=now)
    await Bounce.create(
        registration=anna, email=ADDRESS, status="5.1.1", is_final=True, at=now
    )
    await invitations.request_due(event, anna.id, Mode.ONLINE)
    await CalendarReply.create(
        invitation=await Invitation.get(registration_id=anna.id),
        kind=ReplyKind.COMING,
        sequence=0,
        stamp=now,
        outdated=False,
        comment=f"{name} says hello",
        received_at=now,
    )
    await Submission.create(
        key_hash="k",
        event=event,
        name=name,
        email=ADDRESS.upper(),
        wish={"companions": [name]},
        created_at=now,
    )
    batch = await ImportBatch.create(
        event_id=event.id,
        file_name="list.csv",
        headings=[],
        columns=["name", "email"],
        created_by="olga",
        created_at=now,
    )
    for line, key in enumerate((ADDRESS, ""), 1):
        # In the second line the address stands in a column nobody has named.
        await ImportRow.create(
            id=uuid4(),
            batch_id=batch.id,
            line=line,
            cells=[name, ADDRESS.title()],
            email_key=key,
        )
    await GroupLetter.create(
        event=event,
        subject={},
        body={},
        audience={"q": name.lower()},
        created_by="olga",
        created_at=now,
    )
    filters = Filters(search=ADDRESS)
    await export_files.order(event, "csv", filters, actor="olga", now=now)
    await asked_and_promised(event, anna)
    return anna


async def asked_and_promised(event: Event, anna: Registration) -> None:
    """Have somebody asked, promise, seek and agree, with the word wherever it fits."""
    now, office = clock.now(), event.organiser_id
    network = await rounds.create(office, None, actor="olga", now=now)
    await Asked.create(
        round=network, name=RARE, email=ADDRESS, email_key=ADDRESS, language="en"
    )
    # Any: a value for each column.
    their: dict[str, Any] = {"event": event, "registration": anna, "created_at": now}
    await Pledge.create(
        organiser_id=office, form="talk", words=f"Ask {RARE}", note=RARE, **their
    )
    said: dict[str, Any] = {
        "seeks": RARE,
        "offers": RARE,
        "themes": [RARE],
        "countries": [RARE],
    }
    wish = await ContactWish.create(**said, **their)
    berta = await joins(event, "Cem")
    other = await ContactWish.create(
        event=event, registration=berta, themes=[], countries=[], created_at=now
    )
    await Contact.create(
        event=event,
        one=wish,
        other=other,
        reasons=[RARE],
        talk_room=RARE,
        suggested_at=now,
        expires_at=now,
    )
    texts: dict[str, Any] = {it: {} for it in ("title", "what", "how", "took")}
    await Practice.create(
        organiser_id=office,
        event=event,
        registration_id=anna.id,
        slug="river",
        partner_towns=[],
        countries=[],
        consent_note=f"{RARE} said yes",
        created_at=now,
        **texts,
    )
    signed = await ResponseRow.create(round=network)
    await Signature.create(response_id=signed.id, registration=anna)
    await said_by(event, anna)


async def said_by(event: Event, anna: Registration) -> None:
    """Keep a statement with its person, who may be quoted by name."""
    await Statement.create(
        organiser_id=event.organiser_id,
        event=event,
        source=StatementSource.CARD,
        phase=Phase.INTRODUCTION,
        text="We look for a river.",
        text_hash="x",
        language="en",
        registration_id=anna.id,
        organisation_id=anna.organisation_id,
        quoting=Quoting.NAMED,
    )


async def dump() -> str:
    """Write out all rows of all tables."""
    if is_sqlite():
        found = await rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    else:
        found = await rows(
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
        )
    tables = [row["name"] for row in found]
    return json.dumps(
        {it: await rows(f'SELECT * FROM "{it}"') for it in tables},
        default=str,
        ensure_ascii=False,
    )


async def columns_with_the_word() -> set[str]:
    found = set()
    for table, names in PERSONAL.items():
        for name in names:
            holds = await rows(
                f'SELECT 1 FROM "{table}"'
                f" WHERE lower(CAST({name} AS text)) LIKE '%{RARE.lower()}%'"
            )
            found |= {f"{table}.{name}"} if holds else set()
    return found


# Rows whose ids alone stay, so that numbers of the past stay true.
STILL_COUNTED = {"registration", "audit_entry", "contact_wish", "invitation"}


async def tables_that_lead_to(registration: Registration) -> set[str]:
    """Name the tables in which the id of a registration stands."""
    tables = json.loads(await dump())
    identifiers = (str(registration.id), registration.id.hex)
    return {
        table
        for table, lines in tables.items()
        if any(it in str(lines) for it in identifiers)
    }


async def test_a_rare_word_is_gone_from_every_column_and_byte(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await told_of_everywhere(event)
    assert await columns_with_the_word() == {
        f"{table}.{it}" for table, names in PERSONAL.items() for it in names
    }
    await drain()
    await client.post(my(anna, "/erase"))
    await drain()
    assert RARE.lower() not in (await dump()).lower()
    assert await tables_that_lead_to(anna) == STILL_COUNTED
    if is_sqlite():
        await wipe()
        path = settings().sqlite_path
        for file in (path, path.with_name(f"{path.name}-wal")):
            assert RARE.lower().encode() not in file.read_bytes().lower()


async def test_letters_kept_as_files_go_with_whom_they_name(
    client: httpx.AsyncClient, event: Event
) -> None:
    throw_away()
    anna, berta = await joins(event, RARE), await joins(event, "Berta")
    await drain()
    assert len(letters_that_hold(anna.email)) == 1
    await client.post(my(anna, "/erase"))
    assert letters_that_hold(anna.email) == []
    assert len(letters_that_hold(berta.email)) == 1
    # The letter that says so is the last one.
    await drain()
    assert len(letters_that_hold(anna.email)) == 1


def letters_that_hold(address: str) -> list[Path]:
    there = (settings().data_dir / "letters").glob("*.eml")
    return [it for it in there if address.encode() in it.read_bytes()]


async def test_no_job_carries_a_name_or_an_address(event: Event) -> None:
    anna = await told_of_everywhere(event)
    await erasing.erase(anna.id, now=clock.now())
    jobs = json.dumps(await rows("SELECT * FROM job"), default=str)
    assert RARE.lower() not in jobs.lower()
    assert "letter:erased" in jobs


async def test_others_of_the_event_keep_what_is_theirs(event: Event) -> None:
    now = clock.now()
    people = [Invitee("berta@attendee.example", "Berta")]
    await guests.invite(event, people, language="en", actor="olga", now=now)
    berta = await joins(event, "Berta")
    town = await organisations.typed(event.organiser_id, "Town", now=now)
    both = [berta.id, (await told_of_everywhere(event)).id]
    await Registration.filter(id__in=both).update(organisation_id=town)
    await tags.put_on(berta.id, "Press", actor="olga", now=now)
    await erasing.erase(both[1], now=now)
    assert (await now_of(berta)).email == berta.email
    assert [it.name for it in await Guest.all()] == ["Berta"]
    assert [it.tag for it in await RegistrationTag.all()] == ["Press"]
    assert "Town" in {it.name for it in await Organisation.all()}


@pytest.mark.parametrize("state", ["open", "accepted", "declined", "withdrawn"])
async def test_an_invitation_is_forgotten_whatever_came_of_it(
    event: Event, state: str
) -> None:
    now, people = clock.now(), [Invitee(ADDRESS, RARE)]
    await guests.invite(event, people, language="en", actor="olga", now=now)
    await Guest.all().update(state=state)
    anna = await joins(event, RARE)
    await erasing.erase(anna.id, now=now)
    assert await Guest.all().count() == 0


async def test_an_invitation_to_the_address_that_was_left_goes_too(
    event: Event,
) -> None:
    now, people = clock.now(), [Invitee("before@attendee.example", RARE)]
    await guests.invite(event, people, language="en", actor="olga", now=now)
    anna = await joins(event, RARE)
    await Guest.all().update(registration_id=anna.id)
    await erasing.erase(anna.id, now=now)
    assert await Guest.all().count() == 0


async def test_what_was_cancelled_before_is_erased_with_it(event: Event) -> None:
    now = clock.now()
    first = await joins(event, RARE)
    await registrations.cancel(first.id, actor="attendee", now=now)
    second = await joins(event, RARE)
    await erasing.erase(first.id, now=now)
    for each in (first, second):
        gone = await now_of(each)
        assert (gone.name, gone.email, gone.state) == ("", "", State.CANCELLED)


def words_of(path: Path) -> str:
    """Read a file, unpacked where it is a workbook."""
    if path.suffix != ".xlsx":
        return path.read_text().lower()
    with zipfile.ZipFile(path) as book:
        return "".join(book.read(it).decode().lower() for it in book.namelist())


async def a_written_file(event: Event) -> ExportFile:
    file = await export_files.order(
        event, "csv", Filters(), actor="olga", now=clock.now()
    )
    await drain()
    assert export_files.path_of(file).is_file()
    return await ExportFile.get(id=file.id)


async def test_a_file_that_may_name_somebody_is_deleted(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, RARE)
    file = await a_written_file(event)
    organiser = await event.organiser
    await signed_in(client, await a_member(organiser))
    await erasing.erase(anna.id, now=clock.now())
    # At once, before any job.
    assert (await client.get(f"/desk/exports/{file.id}/file")).status_code == 410
    await drain()
    assert not export_files.path_of(file).exists()
    shown = await client.get(f"/desk/exports/{file.id}")
    assert "had their data erased" in shown.text
    assert f"/desk/events/{event.id}/registrations/files?format=csv" in shown.text


async def test_files_of_other_events_stay(event: Event) -> None:
    elsewhere = await an_event(await an_organiser())
    await joins(elsewhere, "Berta")
    file = await a_written_file(elsewhere)
    await erasing.erase((await joins(event, RARE)).id, now=clock.now())
    await drain()
    assert (await ExportFile.get(id=file.id)).state is ExportState.READY
    assert export_files.path_of(file).is_file()


async def test_a_file_being_written_is_begun_anew(event: Event) -> None:
    anna = await joins(event, RARE)
    for name in ("Berta", "Clara"):
        await joins(event, name)
    file = await export_files.order(
        event, "csv", Filters(), actor="olga", now=clock.now()
    )
    await ExportFile.all().update(state=ExportState.WRITING, written=2)
    await erasing.erase(anna.id, now=clock.now())
    again = await ExportFile.get(id=file.id)
    assert (again.state, again.written) == (ExportState.WAITING, 0)
    await drain()
    assert (await ExportFile.get(id=file.id)).written == 3
    assert RARE.encode() not in export_files.path_of(file).read_bytes()


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
async def test_whoever_is_erased_meanwhile_is_in_no_file(
    event: Event, form: str
) -> None:
    anna = await joins(event, RARE)
    for number in range(250):
        await somebody(event, f"Attendee {number}")
    file = await export_files.order(
        event, form, Filters(), actor="olga", now=clock.now()
    )
    writing = asyncio.create_task(export_files.write(str(file.id)))
    while (await ExportFile.get(id=file.id)).state is ExportState.WAITING:
        await asyncio.sleep(0)
    await erasing.erase(anna.id, now=clock.now())
    await writing
    await drain()
    # Begun anew, or deleted, whoever was quicker.
    kept = await ExportFile.get(id=file.id)
    path = export_files.path_of(file)
    assert path.exists() == (kept.state is ExportState.READY)
    if path.exists():
        assert RARE.lower() not in words_of(path)
