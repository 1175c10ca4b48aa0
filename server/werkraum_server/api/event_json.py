"""Between the JSON of an event and the words of the programme and its seats."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from werkraum_events import queries
from werkraum_events.models import Event, Mode, Series
from werkraum_events.wishes import Access, EventWish, Place, Terms
from werkraum_foundation.links import address_of
from werkraum_foundation.local_times import Fold, local
from werkraum_registration.queries import Seats, seats_of
from werkraum_registration.seat_limits import limits_of
from werkraum_server.api.schemas import (
    EventAnswer,
    EventBody,
    OnsiteBody,
    SeatsAnswer,
)


def wish_of(body: EventBody) -> EventWish:
    """Say the body in the words of the programme."""
    onsite, online = body.modes.onsite, body.modes.online
    return EventWish(
        slug=body.slug,
        kind=body.kind,
        title=dict(body.title),
        summary=dict(body.summary),
        description=dict(body.description),
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        timezone=body.timezone,
        onsite=_place(onsite) if onsite else None,
        online=Access(online.link, online.dial_in) if online else None,
        registration_opens_at=body.window_end("opens_at"),
        registration_closes_at=body.window_end("closes_at"),
        confirmation=body.registration.confirmation,
        waiting_list=body.registration.waiting_list,
        topics=tuple(body.topics),
        series=body.series,
    )


def terms_with(body: EventBody, terms: Terms) -> Terms:
    """Say the terms of a body; who may register is for the desk, and stays."""
    said = body.registration
    return replace(
        terms,
        promotion=said.promotion,
        offer_hours=said.offer_hours,
        queue_order=said.queue_order,
        approval=said.approval,
        approval_again=said.approval and terms.approval_again,
        largest_party=said.largest_party,
    )


def _place(onsite: OnsiteBody) -> Place:
    place = onsite.place
    return Place(place.name, place.address) if place else Place("")


def capacities_of(body: EventBody) -> dict[Mode, int | None]:
    modes = {Mode.ONSITE: body.modes.onsite, Mode.ONLINE: body.modes.online}
    return {mode: there.capacity for mode, there in modes.items() if there is not None}


async def answer_of(event: Event) -> EventAnswer:
    topics = await queries.topics_of(event.id)
    return _answer(
        event,
        await seats_of(event.id),
        total=(await limits_of(event.id)).total,
        topics=[topic.slug for topic in topics],
        series=await _series(event),
    )


async def _series(event: Event) -> str | None:
    if event.series_id is None:
        return None
    return (await Series.get(id=event.series_id)).slug


def _answer(
    event: Event,
    seats: Sequence[Seats],
    *,
    total: int | None,
    topics: Sequence[str],
    series: str | None,
) -> EventAnswer:
    by_mode = {each.mode: each for each in seats}
    return EventAnswer.model_validate(
        {
            "id": str(event.id),
            "status": event.status,
            "version": event.version,
            "slug": event.slug,
            "kind": event.kind,
            "timezone": event.timezone,
            "fold": _fold(event),
            "title": event.title,
            "summary": event.summary,
            "description": event.description,
            "starts_at": _written(event.starts_at, event),
            "ends_at": _written(event.ends_at, event),
            "modes": _modes(event, by_mode),
            "seats_total": total,
            "registration": {
                "opens_at": _written(event.registration_opens_at, event),
                "closes_at": _written(event.registration_closes_at, event),
                "confirmation": event.confirmation,
                "waiting_list": event.waiting_list,
                "promotion": event.promotion,
                "offer_hours": event.offer_hours,
                "queue_order": event.queue_order,
                "approval": event.approval,
                "largest_party": event.largest_party,
            },
            "topics": list(topics),
            "series": series,
            "url": address_of("events:event", slug=event.slug),
            "cancel_reason": event.cancel_reason,
            "seats": {mode: _seats(each) for mode, each in by_mode.items()},
        }
    )


def _fold(event: Event) -> Fold | None:
    """Which of two equal times an end of the event is; None where it is clear."""
    times = [local(at, event.timezone) for at in (event.starts_at, event.ends_at)]
    for at in times:
        if at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset():
            return Fold.SECOND if at.fold else Fold.FIRST
    return None


def _written(moment: Any, event: Event) -> str | None:  # Any: datetime or None
    return local(moment, event.timezone).strftime("%Y-%m-%dT%H:%M") if moment else None


def _modes(event: Event, seats: Mapping[Mode, Seats]) -> dict[str, Any]:
    modes: dict[str, Any] = {}  # Any: JSON
    if event.onsite:
        place = {"name": event.place_name, "address": event.place_address}
        modes["onsite"] = {
            "capacity": _capacity(seats, Mode.ONSITE),
            "place": place if event.place_name else None,
        }
    if event.online:
        modes["online"] = {
            "capacity": _capacity(seats, Mode.ONLINE),
            "link": event.online_link,
            "dial_in": event.dial_in,
        }
    return modes


def _capacity(seats: Mapping[Mode, Seats], mode: Mode) -> int | None:
    return seats[mode].seats if mode in seats else None


def _seats(seats: Seats) -> SeatsAnswer:
    return SeatsAnswer(capacity=seats.seats, taken=seats.taken, waiting=seats.waiting)
