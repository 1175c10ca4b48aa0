"""Looking at a letter as each person would get it, letting it go, stopping it."""

from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.local_times import Fold, local, parse_local
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.refusals import NotFound
from werkraum_registration import audiences, group_letters
from werkraum_registration.audiences import Audience
from werkraum_registration.group_letters import STANDING, LetterIsOut, When
from werkraum_registration.list_filters import LONGEST_SEARCH, Filters
from werkraum_registration.models import GroupLetter, Registration
from werkraum_server.desk.before_start import (
    Amount,
    Unit,
    minutes_of,
    typed_before,
    units,
)
from werkraum_server.desk.letters import LETTER, own_letter, words_of_audience
from werkraum_server.letters.group_letters import words_for
from werkraum_server.letters.previews import Preview, nobodys_links, preview

SHOWN = 50


class Moment(StrEnum):
    NOW = "now"
    AT = "at"
    BEFORE = "before"


class SendFields(BaseModel):
    """When a letter goes out; what belongs to another choice is left alone."""

    model_config = ConfigDict(extra="forbid")

    zone: ClassVar[str]
    version: Annotated[int, whole_number(1, 2**31 - 1)]
    when: Moment
    at_fold: Fold | None = None
    at: datetime | None = None
    amount: Amount | None = None
    unit: Unit = Unit.DAYS

    @field_validator("at", mode="before")
    @classmethod
    def _on_the_clock_of_the_place(
        cls, typed: str, info: ValidationInfo
    ) -> datetime | None:
        if info.data.get("when") is not Moment.AT:
            return None
        return parse_local(typed, cls.zone, info.data.get("at_fold"))

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        needed = {Moment.AT: self.at, Moment.BEFORE: self.amount}
        if needed.get(self.when, True) is None:
            field = "at" if self.when is Moment.AT else "amount"
            said = "Please fill in this field."
            raise PydanticCustomError("missing_here", said, {"field": field})
        if self.when is Moment.BEFORE and self.amount:
            minutes_of(self.amount, self.unit)
        return self

    def moment(self) -> When:
        if self.when is Moment.AT:
            return When(at=self.at)
        if self.when is Moment.BEFORE and self.amount:
            return When(minutes_before=minutes_of(self.amount, self.unit))
        return When()


@cache
def send_model(zone: str) -> type[SendFields]:
    """Make the form's model for events on this clock; a few zones, kept."""

    class Fields(SendFields):
        pass

    Fields.zone = zone
    return Fields


async def show_send(request: Request) -> Response:
    """Ask once more, and say how many people it goes to."""
    letter = await own_letter(request)
    return await _send_page(request, letter, Form(_typed(letter)))


def _typed(letter: GroupLetter) -> Typed:
    """Begin with what was planned before."""
    at = letter.send_at or letter.event.starts_at
    typed = {
        "version": str(letter.version),
        "when": Moment.NOW.value,
        "at": local(at, letter.event.timezone).strftime("%Y-%m-%dT%H:%M"),
        **typed_before(letter.minutes_before or 24 * 60),
    }
    if letter.state == "planned":
        chosen = Moment.BEFORE if letter.minutes_before else Moment.AT
        typed["when"] = chosen.value
    return typed


async def _send_page(
    request: Request, letter: GroupLetter, form: Form[SendFields], status: int = 200
) -> Response:
    if letter.state not in STANDING:
        raise LetterIsOut
    event, audience = letter.event, Audience.read(letter.audience)
    return page(
        request,
        "desk/letter_send.html",
        status=status,
        event=event,
        organiser=footer_of(event.organiser),
        letter=letter,
        form=form,
        audience=await words_of_audience(event, audience),
        people=await audiences.count_without_copy(event.id, audience, letter.id),
        units=units(),
    )


async def send(request: Request) -> Response:
    letter, grant = await own_letter(request), granted(request)
    model = send_model(letter.event.timezone)
    form: Form[SendFields] = await read_form(request, model)
    if form.value is None:
        return await _send_page(request, letter, form, status=422)
    try:
        await group_letters.send(
            grant.organiser_id,
            letter.id,
            form.value.moment(),
            version=form.value.version,
            actor=grant.actor,
            now=clock.now(),
        )
    except InvalidInput as refusal:
        again: Form[SendFields] = Form(form.typed, refusal.faults)
        return await _send_page(request, letter, again, status=422)
    return see_other(request, "desk:letter", id=letter.event_id, letter=letter.id)


async def stop(request: Request) -> Response:
    letter, grant = await own_letter(request), granted(request)
    await group_letters.stop(
        grant.organiser_id, letter.id, actor=grant.actor, now=clock.now()
    )
    return see_other(request, "desk:letter", id=letter.event_id, letter=letter.id)


async def show_preview(request: Request) -> Response:
    """Show the letter as one of those would get it whom it reaches now."""
    letter = await own_letter(request)
    event, audience = letter.event, Audience.read(letter.audience)
    search = request.query_params.get("q", "")[:LONGEST_SEARCH]
    narrowed = Audience(
        audience.states, _searched(audience, search), audience.registration_id
    )
    people = await audiences.members(event.id, narrowed, limit=SHOWN)
    chosen = request.query_params.get("person") or (people[0].id if people else None)
    return page(
        request,
        "desk/letter_preview.html",
        event=event,
        organiser=footer_of(event.organiser),
        letter=letter,
        people=people,
        search=narrowed.filters.search if search else "",
        chosen=str(chosen or ""),
        preview=await _preview(letter, audience, str(chosen)) if chosen else None,
    )


def _searched(audience: Audience, search: str) -> Filters:
    """Look for a name among them; what was chosen stays, a name as well."""
    asked = audience.filters.asked()
    return Filters.read({"q": search} | asked)


async def _preview(letter: GroupLetter, audience: Audience, person: str) -> Preview:
    try:
        identifier = UUID(person)
    except ValueError:
        raise NotFound from None
    found = Registration.filter(id=identifier, event_id=letter.event_id)
    to = await found.select_related("event", "event__organiser").first()
    if to is None or not await audiences.includes(
        letter.event_id, audience, identifier
    ):
        raise NotFound
    words = words_for(letter, to, nobodys_links(to.language))
    return preview(to, "group_letter", **words)


routes = [
    route(f"{LETTER}/preview", show_preview, access=READER, name="desk:letter_preview"),
    route(f"{LETTER}/send", show_send, access=MANAGER, name="desk:ask_send_letter"),
    route(
        f"{LETTER}/send",
        send,
        access=MANAGER,
        name="desk:send_letter",
        methods=["POST"],
    ),
    route(
        f"{LETTER}/stop",
        stop,
        access=MANAGER,
        name="desk:stop_letter",
        methods=["POST"],
    ),
]
