"""A list of people that an organiser sends: written down, looked at, taken in.

1. `begin` and `add_rows` write down what was read; nobody is registered by it.
2. `lay_out` says what the columns hold, and checks every line again.
3. `take` marks the lines the organiser said yes to, and a job registers them one by
   one. Each line knows what came of it, so nothing is taken in twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation import audit, clock
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.outbox import enqueue, job
from werkraum_foundation.refusals import Busy, NotFound, Refused
from werkraum_foundation.settings import settings
from werkraum_foundation.sheets import SheetRow
from werkraum_registration import organisations, registrations, tags
from werkraum_registration.event_forms import form_of
from werkraum_registration.import_columns import (
    guess,
    guess_by_rows,
    looks_like_headings,
)
from werkraum_registration.import_lines import Entrant, Layout, read_line
from werkraum_registration.models import (
    ENDED,
    ImportBatch,
    ImportRow,
    Registration,
    Source,
    Wanted,
)
from werkraum_registration.registrations import Applicant, Application

# Rows looked at before others have their turn.
AT_ONCE = 100
# Names and addresses that were sent stay no longer than this, taken in or not.
KEEP = timedelta(days=7)
# What came of a line that was taken in; else the code of a refusal.
MADE, KNOWN = "made", "known"


@dataclass(frozen=True)
class Progress:
    """How many lines there are of each kind."""

    total: int
    faulty: int
    # Those that can be taken in and are not yet.
    open: int
    chosen: int
    done: int
    made: int
    known: int

    @property
    def refused(self) -> int:
        return self.done - self.made - self.known

    @property
    def is_running(self) -> bool:
        return self.done < self.chosen


async def layout_of(batch: ImportBatch, event: Event) -> Layout:
    return Layout(
        tuple(batch.columns),
        batch.wanted,
        event.modes,
        tuple(settings().languages),
        (await form_of(event)).questions,
    )


@unit_of_work
async def begin(
    event: Event, file_name: str, first: SheetRow, *, actor: str, now: datetime
) -> ImportBatch:
    """Write down a list by its first row, which may be the headings."""
    headings = list(first.cells) if looks_like_headings(first.cells) else []
    asked = (await form_of(event)).asked
    columns = guess(headings, asked) if headings else guess_by_rows([first.cells])
    only = Wanted(event.modes[0].value) if len(event.modes) == 1 else None
    return await ImportBatch.create(
        event_id=event.id,
        file_name=file_name,
        headings=headings,
        columns=columns,
        wanted=only,
        created_by=actor,
        created_at=now,
    )


async def add_rows(
    batch: ImportBatch, event: Event, found: Sequence[SheetRow], seen: set[str]
) -> None:
    """Write down some rows; `seen` holds the addresses of those before."""
    layout = await layout_of(batch, event)
    made = []
    for row in found:
        entrant = read_line(row.cells, layout)
        made.append(
            ImportRow(
                id=uuid7(),
                batch_id=batch.id,
                line=row.line,
                cells=list(row.cells),
                email_key=entrant.email_key,
                faulty=_is_faulty(entrant, seen),
            )
        )
    await _insert(made)


@unit_of_work
async def _insert(made: Sequence[ImportRow]) -> None:
    await ImportRow.bulk_create(made, batch_size=AT_ONCE)


def _is_faulty(entrant: Entrant, seen: set[str]) -> bool:
    """Whether the line cannot be taken in; of two with one address the first can."""
    twice = entrant.email_key in seen
    if entrant.email_key:
        seen.add(entrant.email_key)
    return bool(entrant.faults) or twice


@unit_of_work
async def discard(batch_id: UUID) -> None:
    """Forget a list that could not be read to its end."""
    await ImportRow.filter(batch_id=batch_id).delete()
    await ImportBatch.filter(id=batch_id).delete()


@unit_of_work
async def complete(batch: ImportBatch) -> None:
    """Say that all rows are written down; before it, nobody can take them in."""
    batch.total = await ImportRow.filter(batch_id=batch.id).count()
    await batch.save(update_fields=["total"])


async def lay_out(
    batch: ImportBatch, event: Event, columns: Sequence[str], wanted: Wanted | None
) -> None:
    """Say anew what the columns hold; lines that were taken in stay as they are."""
    await _set_layout(batch, columns, wanted)
    layout, seen, after = await layout_of(batch, event), set[str](), 0
    while (
        found := await ImportRow.filter(batch_id=batch.id, line__gt=after)
        .order_by("line")
        .limit(AT_ONCE)
    ):
        for row in found:
            entrant = read_line(row.cells, layout)
            row.email_key = entrant.email_key
            row.faulty = _is_faulty(entrant, seen)
        await _update(found)
        after = found[-1].line


@unit_of_work
async def _set_layout(
    batch: ImportBatch, columns: Sequence[str], wanted: Wanted | None
) -> None:
    batch.columns, batch.wanted = list(columns), wanted
    await batch.save(update_fields=["columns", "wanted"])


@unit_of_work
async def _update(found: Sequence[ImportRow]) -> None:
    await ImportRow.bulk_update(
        found, fields=["email_key", "faulty"], batch_size=AT_ONCE
    )


async def batch_of(organiser_id: UUID, batch_id: UUID) -> ImportBatch:
    """Find an organiser's list with its event, or raise `NotFound`."""
    found = ImportBatch.filter(id=batch_id, event__organiser_id=organiser_id)
    batch = await found.select_related("event__organiser").first()
    if batch is None or batch.total is None:
        raise NotFound
    return batch


# Which lines a page shows; fixed words of ours.
SHOWN = {
    "all": "1 = 1",
    "faulty": "faulty",
    "open": "NOT faulty AND NOT chosen",
    "refused": "outcome NOT IN ('', 'made', 'known')",
}


async def rows_shown(
    batch_id: UUID, which: str, *, skip: int = 0, limit: int = AT_ONCE
) -> list[ImportRow]:
    """List some lines of a list and one more, if there is one; two queries."""
    found = await rows(
        f"SELECT id FROM import_row WHERE batch_id = :batch AND {SHOWN[which]}"
        " ORDER BY line LIMIT :limit OFFSET :skip",
        batch=batch_id,
        limit=limit + 1,
        skip=skip,
    )
    ids = [UUID(str(row["id"])) for row in found]
    return await ImportRow.filter(id__in=ids).order_by("line")


async def first_lines(batch_id: UUID, email_keys: Sequence[str]) -> dict[str, int]:
    """Tell for each address in which line of the list it stands first."""
    keys = [key for key in email_keys if key]
    found = await ImportRow.filter(batch_id=batch_id, email_key__in=keys).values_list(
        "email_key", "line"
    )
    first: dict[str, int] = {}
    for key, line in found:
        first[key] = min(line, first.get(key, line))
    return first


async def known_of(event_id: UUID, email_keys: Sequence[str]) -> set[str]:
    """Tell which addresses take part in the event already."""
    keys = [key for key in email_keys if key]
    found = Registration.filter(event_id=event_id, email_key__in=keys)
    return {it.email_key for it in await found.exclude(state__in=ENDED)}


async def progress_of(batch_id: UUID) -> Progress:
    found = await rows(
        "SELECT count(*) AS total,"
        + ",".join(
            f" sum(CASE WHEN {condition} THEN 1 ELSE 0 END) AS {name}"
            for name, condition in {
                "faulty": "faulty",
                "open": "NOT faulty AND NOT chosen",
                "chosen": "chosen",
                "done": "outcome <> ''",
                "made": "outcome = 'made'",
                "known": "outcome = 'known'",
            }.items()
        )
        + " FROM import_row WHERE batch_id = :batch",
        batch=batch_id,
    )
    return Progress(**{name: int(value or 0) for name, value in found[0].items()})


@unit_of_work
async def take(
    batch: ImportBatch,
    event: Event,
    lines: Collection[int] | None,
    *,
    actor: str,
    now: datetime,
) -> int:
    """Take in these lines, or all; says how many were not chosen before.

    Lines with faults are never taken in. A job registers the others.
    """
    where = "batch_id = :batch AND NOT faulty AND NOT chosen"
    if lines is None:
        count = await changed(
            f"UPDATE import_row SET chosen = :yes WHERE {where}",
            yes=True,
            batch=batch.id,
        )
    else:
        count = await ImportRow.filter(
            batch_id=batch.id, faulty=False, chosen=False, line__in=list(lines)
        ).update(chosen=True)
    if count:
        await audit.record(
            event.organiser_id,
            "registration.import",
            event.id,
            actor=actor,
            now=now,
            changes={"rows": [None, count]},
        )
        await enqueue(
            "import:take",
            {"batch_id": str(batch.id), "actor": actor},
            organiser_id=event.organiser_id,
        )
    return count


@job("import:take")
async def take_chosen(batch_id: str, actor: str) -> None:
    """Register the chosen lines one after the other; called again, it goes on."""
    batch = await ImportBatch.get_or_none(id=UUID(batch_id)).select_related("event")
    if batch is None:
        return
    layout = await layout_of(batch, batch.event)
    while (
        found := await ImportRow.filter(batch_id=batch.id, chosen=True, outcome="")
        .order_by("line")
        .limit(AT_ONCE)
    ):
        for row in found:
            entrant = read_line(row.cells, layout)
            try:
                await _register(batch, row, entrant, actor=actor, now=clock.now())
            except Busy:
                # Not the line's fault: the job comes again.
                raise
            except Refused as refusal:
                await _note(row.id, refusal.code)


@unit_of_work
async def _register(
    batch: ImportBatch, row: ImportRow, entrant: Entrant, *, actor: str, now: datetime
) -> None:
    """Register one line, unless another process has just done so."""
    if not await changed(
        "UPDATE import_row SET chosen = chosen WHERE id = :id AND outcome = ''",
        id=row.id,
    ):
        return
    event = batch.event
    # The mapping may have changed since the line was chosen.
    if entrant.faults or entrant.wanted is None:
        await _note(row.id, "faulty")
        return
    organisation = (
        await organisations.typed(event.organiser_id, entrant.organisation, now=now)
        if entrant.organisation
        else None
    )
    made = await registrations.register(
        event.id,
        Applicant(entrant.name, entrant.email, entrant.language),
        Application(
            entrant.wanted,
            source=Source.IMPORT,
            organisation_id=organisation,
            answers=entrant.answers,
        ),
        vouched=False,
        now=now,
        actor=actor,
        by_hand=True,
    )
    if made.created:
        await _add_what_is_ours(made.id, entrant)
    await _note(row.id, MADE if made.created else KNOWN, made.id)


async def _add_what_is_ours(registration_id: UUID, entrant: Entrant) -> None:
    await tags.write(registration_id, entrant.tags)
    if entrant.note:
        await Registration.filter(id=registration_id).update(note=entrant.note)


@unit_of_work
async def _note(
    row_id: UUID, outcome: str, registration_id: UUID | None = None
) -> None:
    await changed(
        "UPDATE import_row SET outcome = :outcome, registration_id = :registration"
        " WHERE id = :id AND outcome = ''",
        outcome=outcome[:40],
        # Only who came by it: the others are no business of this list.
        registration=registration_id if outcome == MADE else None,
        id=row_id,
    )


@unit_of_work
async def forget(now: datetime) -> int:
    """Delete lists that were sent a week ago, and what was done to many."""
    old = now - KEEP
    await changed(
        "DELETE FROM import_row WHERE batch_id IN"
        " (SELECT id FROM import_batch WHERE created_at <= :old)",
        old=old,
    )
    await changed("DELETE FROM bulk_deed WHERE created_at <= :old", old=old)
    return await changed("DELETE FROM import_batch WHERE created_at <= :old", old=old)
