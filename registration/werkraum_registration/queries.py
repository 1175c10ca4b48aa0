"""Questions about who takes part, named by what they mean."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.queryset import QuerySet

from werkraum_events.models import Event, Mode, Status
from werkraum_foundation.database import changed, moment, rows
from werkraum_foundation.refusals import NotFound
from werkraum_registration import links
from werkraum_registration.event_forms import ASKS
from werkraum_registration.models import (
    ENDED,
    Registration,
    SeatPool,
    State,
    Submission,
)
from werkraum_registration.rules import UnknownLink


@dataclass(frozen=True)
class Seats:
    """How a mode of an event stands: for words, never for decisions.

    `seats` and `left` are None where there is no limit. `left_in_all` is what the
    limit over all modes leaves, None where there is none.
    """

    mode: Mode
    seats: int | None
    taken: int
    waiting: int
    left_in_all: int | None = None

    @property
    def left(self) -> int | None:
        own = None if self.seats is None else self.seats - self.taken
        limits = [it for it in (own, self.left_in_all) if it is not None]
        return min(limits, default=None)


BRINGS = "EXISTS (SELECT 1 FROM material m WHERE m.event_id = e.id AND m.public)"


@dataclass(frozen=True)
class Face:
    """What the page of an event depends on: its version, and its seats.

    `asks` is whether its form asks anything beyond what every form asks, `brings`
    whether it has materials for everybody.
    """

    event_id: UUID
    version: int
    seats: tuple[Seats, ...]
    asks: bool = False
    brings: bool = False


async def seats_of(event_id: UUID) -> list[Seats]:
    """Tell how the modes of an event stand, on site first; one query."""
    pools = await SeatPool.filter(event_id=event_id)
    total = next((it for it in pools if not it.mode and not it.session_id), None)
    in_all = _left(total.seats, total.taken) if total else None
    found = [
        Seats(pool.mode, pool.seats, pool.taken, pool.demand - pool.taken, in_all)
        for pool in pools
        if pool.mode
    ]
    return sorted(found, key=lambda seats: list(Mode).index(seats.mode))


def _left(seats: int | None, taken: int) -> int | None:
    return None if seats is None else seats - taken


async def face_of_event(slug: str) -> Face:
    """Tell what names the state of an event's page, for kept pages; one query.

    Raises `NotFound` for drafts too.
    """
    found = await rows(
        "SELECT e.id, e.version, p.mode, p.seats, p.taken, p.demand,"
        f" {ASKS} AS asks, {BRINGS} AS brings FROM event e"
        " LEFT JOIN seat_pool p ON p.event_id = e.id AND p.session_id IS NULL"
        " WHERE e.slug = :slug AND e.status IN ('published', 'cancelled')"
        " ORDER BY p.mode DESC",
        slug=slug,
    )
    if not found:
        raise NotFound
    first = found[0]
    total = next((it for it in found if not it["mode"] and it["seats"]), None)
    in_all = _left(total["seats"], total["taken"]) if total else None
    seats = [
        Seats(
            Mode(it["mode"]),
            it["seats"],
            it["taken"],
            it["demand"] - it["taken"],
            in_all,
        )
        for it in found
        if it["mode"]
    ]
    return Face(
        UUID(str(first["id"])),
        first["version"],
        tuple(seats),
        bool(first["asks"]),
        bool(first["brings"]),
    )


async def active_registration(event_id: UUID, email_key: str) -> Registration | None:
    """Find who takes part under an address, confirmed or not."""
    found = Registration.filter(event_id=event_id, email_key=email_key)
    return await found.exclude(state__in=ENDED).first()


async def find_by_personal_token(token: str) -> Registration | None:
    """Find whose page a link opens, event and organiser with it; one query."""
    return await _with_event(
        Registration.filter(manage_hash=links.hash_of(token))
    ).first()


async def by_personal_token(token: str) -> Registration:
    """Find whose page a link opens, event and organiser with it; one query.

    Raises `UnknownLink`, a 404 that says what to do.
    """
    found = await find_by_personal_token(token)
    if found is None:
        raise UnknownLink
    return found


async def find_by_confirm_token(token: str) -> Registration | None:
    """Find which registration a letter's button confirms, event and organiser too."""
    return await _with_event(
        Registration.filter(confirm_hash=links.hash_of(token))
    ).first()


async def registration_of(
    organiser_id: UUID, registration_id: UUID
) -> Registration | None:
    """Find a registration at an organiser's event, event and organiser with it."""
    found = Registration.filter(id=registration_id, event__organiser_id=organiser_id)
    return await _with_event(found).first()


def _with_event(found: QuerySet[Registration]) -> QuerySet[Registration]:
    # The event comes along; named by itself, its columns would come twice.
    return found.select_related("event__organiser")


async def confirmed_of(event_id: UUID) -> list[Registration]:
    """List everybody who has a seat, in the order of registering."""
    found = Registration.filter(event_id=event_id, state=State.CONFIRMED)
    return await found.order_by("id")


async def coming_registrations(
    email_key: str, *, now: datetime, event_id: UUID | None = None
) -> list[Registration]:
    """List what an address is registered for and is not over, the next first."""
    found = Registration.filter(email_key=email_key, event__ends_at__gt=now)
    found = found.filter(event__status__not=Status.DRAFT).exclude(state__in=ENDED)
    if event_id:
        found = found.filter(event_id=event_id)
    return await found.select_related("event").order_by("event__starts_at").limit(10)


async def event_of_registration(registration_id: UUID) -> UUID:
    """Say at which event a registration is; raises `UnknownLink`."""
    found = await rows(
        "SELECT event_id FROM registration WHERE id = :id", id=registration_id
    )
    if not found:
        raise UnknownLink
    return UUID(str(found[0]["event_id"]))


async def registration_with_event(registration_id: UUID) -> Registration:
    """Read a registration, its event with it; one query."""
    return await Registration.get(id=registration_id).select_related("event")


async def registration_id_by_confirm_hash(confirm_hash: str) -> UUID | None:
    found = await rows(
        "SELECT id FROM registration WHERE confirm_hash = :hash", hash=confirm_hash
    )
    return UUID(str(found[0]["id"])) if found else None


async def event_with_id(event_id: UUID) -> Event:
    return await Event.get(id=event_id)


@dataclass(frozen=True)
class Waiting:
    """A place in a queue: of a mode, or of a session; `place` counts from 1.

    An offer stands until `offered_until`; it holds a seat and has no place.
    """

    mode: Mode | None
    session_id: UUID | None
    place: int
    offered_until: datetime | None
    queued_at: datetime


async def wishes_of(registration_id: UUID) -> list[Waiting]:
    """List what somebody waits for, modes first; one query."""
    found = await rows(
        "SELECT p.mode, p.session_id, w.offered_until, w.queued_at,"
        " (SELECT count(*) FROM wish b WHERE b.pool_id = w.pool_id"
        " AND b.offered_until IS NULL AND (b.priority > w.priority"
        " OR (b.priority = w.priority AND (b.queued_at < w.queued_at"
        " OR (b.queued_at = w.queued_at AND b.id <= w.id))))) AS place"
        " FROM wish w JOIN seat_pool p ON p.id = w.pool_id"
        " WHERE w.registration_id = :id ORDER BY p.session_id IS NOT NULL, w.id",
        id=registration_id,
    )
    return [
        Waiting(
            mode=Mode(row["mode"]) if row["mode"] else None,
            session_id=UUID(str(row["session_id"])) if row["session_id"] else None,
            place=int(row["place"]),
            offered_until=moment(row["offered_until"])
            if row["offered_until"]
            else None,
            queued_at=moment(row["queued_at"]),
        )
        for row in found
    ]


async def place_in_queue(registration: Registration) -> int:
    """Count who waits up to and with this registration; the best of its queues."""
    places = [
        it.place
        for it in await wishes_of(registration.id)
        if it.mode and not it.offered_until
    ]
    return min(places, default=0)


async def submission_by(key_hash: str) -> Submission | None:
    """Find the form behind a "what comes next" page, event and organiser with it."""
    found = Submission.filter(key_hash=key_hash)
    return await found.select_related("event__organiser").first()


async def enter_registration(registration_id: UUID) -> bool:
    """Lock a registration: whoever changes it takes turns; False if there is none."""
    locked = await changed(
        "UPDATE registration SET generation = generation WHERE id = :id",
        id=registration_id,
    )
    return locked > 0
