"""Registrations for programs: list, register, cancel."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events import queries as events
from werkraum_foundation import clock
from werkraum_foundation.access import granted
from werkraum_foundation.idempotency import Answer, key_of, once
from werkraum_foundation.json_bodies import read_json
from werkraum_foundation.links import address_of
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_registration import queries, registrations
from werkraum_registration.answer_reading import Value
from werkraum_registration.answers import answers_to
from werkraum_registration.links import manage_token
from werkraum_registration.listing import Listed, listed
from werkraum_registration.models import Registration
from werkraum_registration.registrations import Applicant, Registered
from werkraum_registration.submissions import coming_from
from werkraum_server.api.answers import (
    cursor_of,
    json_answer,
    page_wish,
)
from werkraum_server.api.applications import application_of
from werkraum_server.api.descriptions import described
from werkraum_server.api.schemas import (
    ApplicantBody,
    RegisteredAnswer,
    RegistrationAnswer,
    RegistrationPage,
)


@described(
    "Register an attendee, by the same rules as the form",
    body=ApplicantBody,
    answer=RegisteredAnswer,
    status=201,
    headers=("Idempotency-Key",),
)
async def create_registration(request: Request) -> Response:
    """An address that is registered already answers 200 with what is there."""
    grant, key = granted(request), key_of(request)
    event = await events.event_of(grant.organiser_id, path_id(request))
    body = await read_json(request, ApplicantBody)
    applicant = Applicant(body.name, body.email, _language(body))

    async def make() -> Answer:
        now = clock.now()
        application, organisation = await application_of(event, body)
        wish = await coming_from(event, application, organisation, now=now)
        made = await registrations.enter(event, applicant, wish, vouched=False, now=now)
        return Answer(201 if made.created else 200, _stored(made))

    answer = await once(
        grant.actor,
        key,
        [str(event.id), body.model_dump(mode="json")],
        make,
        now=clock.now(),
    )
    return json_answer(_answer(answer, applicant.language), status=answer.status)


def _language(body: ApplicantBody) -> str:
    known = settings().languages
    return body.language if body.language in known else known[0]


def _stored(made: Registered) -> dict[str, object]:
    """What the key keeps; the link is rebuilt each time, no row carries it."""
    return {
        "id": str(made.id),
        "state": made.state,
        "mode": made.mode,
        "generation": made.generation,
    }


def _answer(answer: Answer, language: str) -> RegisteredAnswer:
    body = RegisteredAnswer.model_validate(answer.body | {"manage_url": ""})
    return body.model_copy(update={"manage_url": _manage_url(answer.body, language)})


def _manage_url(stored: dict[str, object], language: str) -> str:

    token = manage_token(UUID(str(stored["id"])), int(str(stored["generation"])))
    return address_of("personal:page", token=token, lang=language)


@described(
    "List the registrations of an event",
    answer=RegistrationPage,
    query=("cursor", "limit"),
)
async def list_registrations(request: Request) -> Response:
    event = await events.event_of(granted(request).organiser_id, path_id(request))
    limit, after = page_wish(request)
    found = await listed(event.id, after=after, limit=limit + 1)
    shown = found[:limit]
    following = cursor_of(shown[-1].id) if len(found) > limit else None
    given = await answers_to([each.id for each in shown])
    items = [_listed(each, _json(given[each.id])) for each in shown]
    return json_answer(RegistrationPage(items=items, next=following))


def _json(answers: Mapping[UUID, Value]) -> dict[str, JsonValue]:
    values: dict[str, JsonValue] = {}
    for question_id, value in answers.items():
        values[str(question_id)] = [*value] if isinstance(value, list) else value
    return values


def _listed(each: Listed, answers: dict[str, JsonValue]) -> RegistrationAnswer:
    return RegistrationAnswer(
        id=str(each.id),
        name=each.name,
        email=each.email,
        mode=each.mode,
        state=each.state,
        queue_position=each.place,
        created_at=each.created_at.isoformat(),
        wanted=each.wanted,
        seats=each.seats,
        answers=answers,
    )


@described("Cancel a registration", answer=RegistrationAnswer)
async def cancel_registration(request: Request) -> Response:
    grant = granted(request)
    found = await queries.registration_of(grant.organiser_id, path_id(request))
    if found is None:
        raise NotFound
    ended = await registrations.cancel(found.id, actor=grant.actor, now=clock.now())
    given = await answers_to([ended.id])
    return json_answer(_ended(ended, _json(given[ended.id])))


def _ended(
    registration: Registration, answers: dict[str, JsonValue]
) -> RegistrationAnswer:
    return RegistrationAnswer(
        id=str(registration.id),
        name=registration.name,
        email=registration.email,
        mode=registration.mode,
        state=registration.state,
        queue_position=None,
        created_at=registration.created_at.isoformat(),
        wanted=registration.wanted,
        seats=registration.seats,
        answers=answers,
    )
