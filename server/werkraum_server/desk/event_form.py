"""The form of an event: what is typed, and what is meant by it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from starlette.requests import Request

from werkraum_events.models import Confirmation, Event, Kind, Mode, Series, Topic
from werkraum_events.slugs import Slug
from werkraum_events.wishes import (
    Access,
    Description,
    DialIn,
    EventWish,
    MeetingLink,
    Place,
    PlaceAddress,
    PlaceName,
    Summary,
    Title,
)
from werkraum_foundation.faults import fault
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.local_times import (
    Fold,
    ZoneName,
    clock_after,
    local,
    parse_local,
)
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import line
from werkraum_foundation.settings import settings
from werkraum_foundation.slugs import slug_of
from werkraum_registration.seat_limits import Limits
from werkraum_server.desk.text_fields import texts_of, typed_texts, with_texts

# Four texts in several languages, each up to 10,000 characters.
LARGEST = 512 * 1024
USUAL = timedelta(hours=2)
MOST_SEATS = 100_000
PER_LANGUAGE = {"title": Title, "summary": Summary, "description": Description}

Seats = Annotated[int, whole_number(1, MOST_SEATS)]
TopicSlug = Annotated[str, line(max_length=60)]
MOMENTS = ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at")


class EventFields(BaseModel):
    """The fields that are the same in every language; zone and folds come first."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    slug: Slug | None = None
    timezone: ZoneName
    starts_at_fold: Fold | None = None
    ends_at_fold: Fold | None = None
    registration_opens_at_fold: Fold | None = None
    registration_closes_at_fold: Fold | None = None
    starts_at: datetime
    ends_at: datetime | None = None
    modes: Annotated[list[Mode], Field(max_length=2)] = []
    place_name: PlaceName | None = None
    place_address: PlaceAddress | None = None
    seats_onsite: Seats | None = None
    online_link: MeetingLink | None = None
    dial_in: DialIn | None = None
    seats_online: Seats | None = None
    seats_total: Seats | None = None
    # How many people lose their seat by this: as many as the page has named.
    take_back: Seats | None = None
    # The mark of the change whose letter the page has shown.
    tell: Annotated[str, line(max_length=16)] | None = None
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    confirmation: Confirmation = Confirmation.DOUBLE_OPT_IN
    waiting_list: bool = False
    topics: Annotated[list[TopicSlug], Field(max_length=20)] = []
    new_topics: Annotated[str, line(max_length=300)] | None = None
    series: Slug | None = None
    version: Annotated[int, whole_number(1, 2**31 - 1)] | None = None

    @field_validator(*MOMENTS, mode="before")
    @classmethod
    def _on_the_clock_of_the_place(cls, typed: str, info: ValidationInfo) -> datetime:
        # A zone that is at fault is said at its own field.
        zone = info.data.get("timezone", settings().timezone.key)
        return parse_local(typed, zone, info.data.get(f"{info.field_name}_fold"))

    @property
    def seats(self) -> dict[Mode, int | None]:
        limits = {Mode.ONSITE: self.seats_onsite, Mode.ONLINE: self.seats_online}
        return {mode: limits[mode] for mode in self.modes}

    @property
    def topic_names(self) -> list[str]:
        """The names of topics that are new, separated by commas."""
        names = (name.strip() for name in (self.new_topics or "").split(","))
        return [name for name in names if name]

    def wish(self, *, slug: str, lasting: timedelta = USUAL) -> EventWish:
        """Say what is wanted; `slug` and `lasting` stand in for what is left empty.

        `lasting` is counted on the clock of the place.
        """
        new = (slug_of(name) for name in self.topic_names)
        wish = EventWish(
            slug=self.slug or slug,
            kind=self.kind,
            title=texts_of(self, "title"),
            summary=texts_of(self, "summary"),
            description=texts_of(self, "description"),
            starts_at=self.starts_at,
            ends_at=self.ends_at or clock_after(self.starts_at, lasting, self.timezone),
            timezone=self.timezone,
            registration_opens_at=self.registration_opens_at,
            registration_closes_at=self.registration_closes_at,
            confirmation=self.confirmation,
            waiting_list=self.waiting_list,
            topics=tuple(dict.fromkeys([*self.topics, *filter(None, new)])),
            series=self.series,
        )
        return self._with_modes(wish)

    def _with_modes(self, wish: EventWish) -> EventWish:
        if Mode.ONSITE in self.modes:
            place = Place(self.place_name or "", self.place_address or "")
            wish = replace(wish, onsite=place)
        if Mode.ONLINE in self.modes:
            access = Access(self.online_link or "", self.dial_in or "")
            wish = replace(wish, online=access)
        return wish


@cache
def event_model() -> type[EventFields]:
    """Add the texts in the languages of this installation."""
    return with_texts(EventFields, PER_LANGUAGE)


async def read_event_form(request: Request) -> Form[EventFields]:
    """Read the form; a missing title or mode is said together with the rest."""
    form: Form[EventFields] = await read_form(request, event_model(), limit=LARGEST)
    titles = [form.text(f"title_{code}") for code in settings().languages]
    missing = [
        fault(name, "missing")
        for name, there in (
            ("title", any(title.strip() for title in titles)),
            ("modes", form.texts("modes")),
        )
        if not there
    ]
    if not missing:
        return form
    return Form(form.typed, (*missing, *form.faults))


def empty_form() -> Form[EventFields]:
    """Start with what is usual; the start is what only the organiser knows."""
    typed: dict[str, str | tuple[str, ...]] = {
        "kind": Kind.FORUM.value,
        "timezone": settings().timezone.key,
        "modes": (Mode.ONLINE.value,),
        "confirmation": Confirmation.DOUBLE_OPT_IN.value,
        "waiting_list": "on",
    }
    return Form(typed)


def typed_of(
    event: Event, topics: Sequence[Topic], limits: Limits, series: Series | None = None
) -> dict[str, str | tuple[str, ...]]:
    """Write an event as it would be typed into the form."""
    typed: dict[str, str | tuple[str, ...]] = {
        "kind": event.kind.value,
        "slug": event.slug,
        "timezone": event.timezone,
        "modes": tuple(mode.value for mode in event.modes),
        "place_name": event.place_name,
        "place_address": event.place_address,
        "online_link": event.online_link,
        "dial_in": event.dial_in,
        "confirmation": event.confirmation.value,
        "waiting_list": "on" if event.waiting_list else "",
        "topics": tuple(topic.slug for topic in topics),
        "series": series.slug if series else "",
        "seats_total": _typed_limit(limits.total),
        "version": str(event.version),
    }
    for name in PER_LANGUAGE:
        typed |= typed_texts(name, getattr(event, name))
    for mode, limit in limits.modes.items():
        typed[f"seats_{mode.value}"] = _typed_limit(limit)
    for name in MOMENTS:
        typed |= _typed_moment(name, getattr(event, name), event.timezone)
    return typed


def _typed_limit(limit: int | None) -> str:
    return "" if limit is None else str(limit)


def _typed_moment(name: str, moment: datetime | None, zone: str) -> Mapping[str, str]:
    if moment is None:
        return {}
    there = local(moment, zone)
    twice = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
    fold = {f"{name}_fold": list(Fold)[there.fold].value} if twice else {}
    return {name: there.strftime("%Y-%m-%dT%H:%M"), **fold}


def copied(typed: Typed, copy_of: str) -> dict[str, str | tuple[str, ...]]:
    """Turn the entries of one event into those of its copy: dates are asked for."""
    kept = {
        name: entry
        for name, entry in typed.items()
        if not name.removesuffix("_fold").endswith("_at")
        and name not in ("slug", "version")
    }
    for code in settings().languages:
        if title := kept.get(f"title_{code}"):
            kept[f"title_{code}"] = copy_of % {"title": title}
    return kept
