"""Events for programs: create, read, change, publish, cancel."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from pydantic import JsonValue, RootModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events import events, queries
from werkraum_events.models import Event
from werkraum_events.rules import terms_of
from werkraum_events.wishes import Terms
from werkraum_foundation import clock
from werkraum_foundation.access import Grant, granted
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.faults import InvalidInput, faults_of
from werkraum_foundation.idempotency import Answer, key_of, once
from werkraum_foundation.json_bodies import MERGE_PATCH, read_json
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import ChangedMeanwhile
from werkraum_server.api.answers import (
    VersionIsOld,
    cursor_of,
    etag,
    json_answer,
    page_wish,
    version_read,
)
from werkraum_server.api.descriptions import described
from werkraum_server.api.event_json import (
    answer_of,
    capacities_of,
    terms_with,
    wish_of,
)
from werkraum_server.api.merge_patches import patch_of
from werkraum_server.api.schemas import (
    CancelBody,
    EventAnswer,
    EventBody,
    EventPage,
)
from werkraum_server.event_seats import create_event as create_with_seats
from werkraum_server.event_seats import edit_event

# What the rules of an event call differently from its JSON.
IN_BODY = {
    f"registration_{end}": f"registration.{end}" for end in ("opens_at", "closes_at")
}


@contextmanager
def as_in_body() -> Iterator[None]:
    """Name what the rules of an event refuse by the field that was sent."""
    try:
        yield
    except InvalidInput as refusal:
        faults = [
            replace(it, field=IN_BODY.get(it.field, it.field)) for it in refusal.faults
        ]
        raise InvalidInput(faults) from None


class Change(RootModel[dict[str, JsonValue]]):
    """A merge patch (RFC 7396): what is named is replaced, null takes it away."""


@described(
    "Write down an event as a draft",
    body=EventBody,
    answer=EventAnswer,
    status=201,
    headers=("Idempotency-Key",),
)
async def create_event(request: Request) -> Response:
    grant, key = granted(request), key_of(request)
    body = await read_json(request, EventBody)

    async def make() -> Answer:
        with as_in_body():
            event = await create_with_seats(
                grant.organiser_id,
                wish_of(body),
                capacities_of(body),
                total=body.seats_total,
                terms=terms_with(body, Terms()),
                actor=grant.actor,
                now=clock.now(),
            )
        return Answer(201, (await answer_of(event)).model_dump(mode="json"))

    answer = await once(
        grant.actor, key, body.model_dump(mode="json"), make, now=clock.now()
    )
    return _json(EventAnswer.model_validate(answer.body), status=answer.status)


@described("List the events", answer=EventPage, query=("cursor", "limit"))
async def list_events(request: Request) -> Response:
    limit, after = page_wish(request)
    found = await queries.events_after(granted(request).organiser_id, after, limit + 1)
    shown = found[:limit]
    following = cursor_of(shown[-1].id) if len(found) > limit else None
    items = [await answer_of(event) for event in shown]
    return json_answer(EventPage(items=items, next=following))


@described("Read an event with its seats", answer=EventAnswer)
async def show_event(request: Request) -> Response:
    grant = granted(request)
    event = await queries.event_of(grant.organiser_id, path_id(request))
    return _json(await answer_of(event))


@described(
    "Change an event with a merge patch (RFC 7396)",
    body=patch_of(EventBody, "EventChange"),
    kind=MERGE_PATCH[0],
    answer=EventAnswer,
    headers=("If-Match",),
)
async def change_event(request: Request) -> Response:
    grant, version = granted(request), version_read(request)
    event = await queries.event_of(grant.organiser_id, path_id(request))
    change = await read_json(request, Change, kinds=MERGE_PATCH)
    body = _merged(await answer_of(event), change.root)
    try:
        changed = await _change(grant, event, body, version)
    except ChangedMeanwhile as refusal:
        raise VersionIsOld from refusal
    return _json(await answer_of(changed))


@unit_of_work
async def _change(
    grant: Grant, event: Event, body: EventBody, version: int | None
) -> Event:
    # The version first: a stale change must not touch the seats either.
    locked = await queries.enter_event(grant.organiser_id, event.id)
    if version is not None and locked.version != version:
        raise VersionIsOld
    with as_in_body():
        return await edit_event(
            grant.organiser_id,
            event.id,
            wish_of(body),
            capacities_of(body),
            total=body.seats_total,
            terms=terms_with(body, terms_of(locked)),
            version=version,
            actor=grant.actor,
            now=clock.now(),
        )


def _merged(now: EventAnswer, change: Mapping[str, JsonValue]) -> EventBody:
    known = set(EventBody.model_fields)
    before = now.model_dump(mode="json", include=known)
    try:
        # As JSON, so that the same rules hold as for a whole event.
        return EventBody.model_validate_json(
            Change(_patched(before, change)).model_dump_json(),
            strict=True,
            extra="forbid",
        )
    except ValidationError as error:
        raise InvalidInput(faults_of(error)) from None


def _patched(
    before: Mapping[str, JsonValue], change: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    after = dict(before)
    for name, value in change.items():
        inner = after.get(name)
        if value is None:
            after.pop(name, None)
        elif isinstance(value, dict) and isinstance(inner, dict):
            after[name] = _patched(inner, value)
        else:
            after[name] = value
    return after


@described("Publish a draft", answer=EventAnswer)
async def publish_event(request: Request) -> Response:
    grant = granted(request)
    event = await events.publish(
        grant.organiser_id, path_id(request), actor=grant.actor, now=clock.now()
    )
    return _json(await answer_of(event))


@described("Call an event off", body=CancelBody, answer=EventAnswer)
async def cancel_event(request: Request) -> Response:
    grant = granted(request)
    body = await read_json(request, CancelBody)
    event = await events.cancel(
        grant.organiser_id,
        path_id(request),
        dict(body.reason),
        actor=grant.actor,
        now=clock.now(),
    )
    return _json(await answer_of(event))


def _json(answer: EventAnswer, *, status: int = 200) -> Response:
    return json_answer(answer, status=status, headers={"ETag": etag(answer.version)})
