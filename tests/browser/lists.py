"""What comes of the list of registrations: a sent list, files, a deed for many."""

from datetime import datetime

from werkraum_calendar import invitations
from werkraum_calendar.models import CalendarReply, Invitation, ReplyKind
from werkraum_events.models import Event
from werkraum_registration import export_files
from werkraum_registration.models import (
    Bounce,
    BulkDeed,
    CalendarAnswer,
    ExportFile,
    ExportState,
    ImportBatch,
    ImportRow,
    Registration,
    RegistrationTag,
)

LINES = (
    ["Ada Muster", "ada@example.org", "vor Ort", "Stadt Beispielhausen"],
    ["Ben Vorlage", "ben@example.org", "online", ""],
    ["", "niemand@example.org", "online", ""],
    ["Cleo Probe", "keine Adresse", "vielleicht", "Verein für Begegnung e. V."],
)


async def mail_from(person: Registration, event: Event, now: datetime) -> None:
    """Let somebody's calendar answer in every way, and a letter come back."""
    await invitations.request_due(event, person.id, person.mode)
    invitation = await Invitation.get(registration_id=person.id)
    for number, kind in enumerate(ReplyKind):
        proposed = kind is ReplyKind.PROPOSED
        await CalendarReply.create(
            invitation=invitation,
            kind=kind,
            sequence=0,
            stamp=now,
            outdated=not number,
            comment="Bin leider im Urlaub und melde mich danach" if proposed else "",
            proposed_start=event.starts_at if proposed else None,
            proposed_end=event.ends_at if proposed else None,
            received_at=now,
        )
    await Registration.filter(id=person.id).update(
        calendar_answer=CalendarAnswer.DECLINED
    )
    for status in ("4.2.2", "5.1.1"):
        await Bounce.create(
            registration=person,
            email=person.email,
            status=status,
            is_final=status[0] == "5",
            at=now,
        )


async def lists_of(event: Event, person: Registration, now: datetime) -> dict[str, str]:
    """Make one of each; their ids by the name that page kinds use."""
    await RegistrationTag.create(registration=person, tag="Presse")
    await mail_from(person, event, now)
    batch = await ImportBatch.create(
        event=event,
        file_name="Anmeldungen aus dem Rathaus.xlsx",
        headings=["Name", "E-Mail", "Teilnahme", "Organisation"],
        columns=["name", "email", "mode", "organisation"],
        total=len(LINES),
        created_by="olga",
        created_at=now,
    )
    for number, cells in enumerate(LINES, start=2):
        await ImportRow.create(
            batch=batch,
            line=number,
            cells=cells,
            email_key=cells[1],
            faulty=number > 3,
        )
    deed = await BulkDeed.create(
        event=event,
        deed="move",
        value="onsite",
        registrations=["x"] * 12,
        done=12,
        outcomes={"done": 9, "full": 2, "registration_ended": 1},
        created_by="olga",
        created_at=now,
        finished_at=now,
    )
    return {
        "sent_list": str(batch.id),
        "deed": str(deed.id),
        "person": str(person.id),
        "writing": str((await a_file(event, ExportState.WRITING, now)).id),
        "ready": str((await a_file(event, ExportState.READY, now)).id),
    }


async def a_file(event: Event, state: ExportState, now: datetime) -> ExportFile:
    file = await ExportFile.create(
        event=event,
        format="xlsx",
        filters={},
        language="de",
        state=state,
        total=12_000,
        written=12_000 if state is ExportState.READY else 7_000,
        created_by="olga",
        created_at=now,
        ready_at=now,
    )
    if state is ExportState.READY:
        export_files.path_of(file).write_text("Name;Stand")
    return file
