"""The page of an event: what it is, its programme, and the form to register.

All of it but the token of the form is the same for everybody, so its text may be
kept for a while and handed out with a fresh token.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from uuid import UUID

from babel import Locale
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from werkraum_events import queries
from werkraum_events.materials import materials_of
from werkraum_events.models import Event, Material, Series, Session, Topic
from werkraum_feedback.follow_up.replies import sent_of
from werkraum_feedback.follow_up_models import Reply
from werkraum_feedback.report.report_queries import events_with_reports
from werkraum_foundation import clock, markdown
from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import language, pick
from werkraum_foundation.links import address_of
from werkraum_foundation.pages import render
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import new_form_token, new_token
from werkraum_registration.event_forms import form_of
from werkraum_registration.forms import NewForm, empty_form, form_name
from werkraum_registration.queries import Face, Seats, face_of_event
from werkraum_server.public.calendar_pages import links_to_add
from werkraum_server.public.form_piece import Context, form_context
from werkraum_server.public.kept_pages import Kept, KeptPages
from werkraum_server.public.programme import must_be_offered
from werkraum_server.public.structured_data import event_script

# Stands in a written page where the token of its form goes; nobody can type it.
FORM_TOKEN = f"token-{new_token()}"
LONGEST_CODE = 64


@dataclass(frozen=True)
class EventFacts:
    """What the page of an event is made of."""

    event: Event
    sessions: Sequence[Session]
    topics: Sequence[Topic]
    seats: Sequence[Seats]
    form: Context
    series: Series | None = None
    materials: Sequence[Material] = ()
    with_report: bool = False
    replies: Sequence[Reply] = ()

    @property
    def full(self) -> bool:
        """Whether no mode has a seat left."""
        return bool(self.seats) and all(it.left == 0 for it in self.seats)


async def event_facts(slug: str, face: Face) -> EventFacts:
    """Gather what the page shows besides, or raise `NotFound`; three queries, and
    more where its form asks more, there are materials, it has begun, or it is over
    and may have a report.
    """
    event = await queries.published_event(slug)
    asked = await form_of(event, asks=face.asks)
    form = empty_form(event, face.seats)
    return EventFacts(
        event,
        sessions=await queries.sessions_of(event.id),
        topics=await queries.topics_of(event.id),
        seats=face.seats,
        form=await form_context(event, asked, face.seats, form, FORM_TOKEN),
        series=await Series.get(id=event.series_id) if event.series_id else None,
        materials=(
            await materials_of(event.id, public_only=True) if face.brings else ()
        ),
        with_report=await has_report(event, now=clock.now()),
        # Nobody has said anything before, and then many look at once.
        replies=await sent_of(event.id) if event.starts_at <= clock.now() else (),
    )


async def has_report(event: Event, *, now: datetime) -> bool:
    """Whether everybody can read what came of an event that is over."""
    return event.is_past(now) and bool(await events_with_reports([event.id]))


# Written once for all readers, and again when something in it changes.
_pages = KeptPages[Face]()


async def show_event(request: Request) -> Response:
    must_be_offered(request)
    kept = await _kept_page(request, request.path_params["slug"])
    token = _form_token(kept.version.event_id, int(time.time() * 10))
    if code := _code_brought(request):
        text = await _page_with_code(request, kept.version, code)
        # The code of one reader must not be kept for the next.
        unkept = {"cache-control": "no-store"}
        return HTMLResponse(text.replace(FORM_TOKEN, token.decode()), headers=unkept)
    return kept.answer(request.scope, token)


def _code_brought(request: Request) -> str:
    """Read the code that a link of the organiser brings along, or nothing."""
    if not request.scope["query_string"]:
        return ""
    code = request.query_params.get("code", "")
    return code if len(code) <= LONGEST_CODE and code.isprintable() else ""


async def _page_with_code(request: Request, face: Face, code: str) -> str:
    """Write the page for one reader, the code typed into its form already."""
    facts = await event_facts(request.path_params["slug"], face)
    form: NewForm = facts.form["form"]
    filled = replace(form, typed={**form.typed, "code": code})
    facts = replace(facts, form={**facts.form, "form": filled})
    return render_event_page(request, facts, now=clock.now())


@lru_cache(maxsize=512)
def _form_token(event_id: UUID, tenths: int) -> bytes:
    """Make the token of the form for whoever loads it within this tenth of a second."""
    loaded = datetime.fromtimestamp(tenths / 10, UTC)
    return new_form_token(form_name(event_id), loaded).encode()


async def _kept_page(request: Request, slug: str) -> Kept[Face]:
    key = (slug, language())
    if kept := _pages.fresh(key):
        return kept

    async def write(face: Face) -> str:
        facts = await event_facts(slug, face)
        return render_event_page(request, facts, now=clock.now())

    return await _pages.get(
        key, version=partial(face_of_event, slug), write=write, gap=FORM_TOKEN
    )


def render_event_page(request: Request, facts: EventFacts, *, now: datetime) -> str:
    """Write the page in the current language; `FORM_TOKEN` stands for the token."""
    event = facts.event
    return render(
        request,
        "public/event.html",
        event=event,
        sessions=facts.sessions,
        topics=facts.topics,
        materials=facts.materials,
        replies=facts.replies,
        series=facts.series,
        with_report=facts.with_report,
        organiser=footer_of(event.organiser),
        description=markdown.render(pick(event.description)[0]),
        past=event.is_past(now),
        other_language=_other_language(event),
        json_ld=event_script(event, facts.sessions, full=facts.full),
        **facts.form,
        calendar_links=links_to_add(event),
        address=address_of("events:event", slug=event.slug),
        alternates=_alternates(event),
    )


def _alternates(event: Event) -> dict[str, str]:
    return {
        code: address_of("events:event", lang=code, slug=event.slug)
        for code in settings().languages
    }


def _other_language(event: Event) -> str | None:
    """Name the language of the text, in ours, where the event lacks our own."""
    written = {pick(text)[1] for text in (event.title, event.description) if text}
    others = sorted(written - {language()})
    return str(_ours().languages.get(others[0], others[0])) if others else None


def _ours() -> Locale:
    return Locale.parse(language())


routes = [
    route("/{lang}/events/{slug}", show_event, access=PUBLIC, name="events:event")
]
