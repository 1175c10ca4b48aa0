"""The introduction round: the moderator's cards, and the same on the wall."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events import queries as events
from werkraum_events.models import Event
from werkraum_feedback.capture import capture_queries, cards
from werkraum_feedback.capture.capture_rules import ChangedMeanwhile, PartlyMarked
from werkraum_feedback.capture.card_form import CardDeed, CardTexts, Deed, NewCardFields
from werkraum_feedback.capture.card_stack import Card, stack_of
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.faults import InvalidInput, fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, noop
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.tokens import new_token

NOTICES = {
    "tick": noop("Ticked off."),
    "untick": noop("No longer ticked off."),
    "up": noop("The card has moved."),
    "down": noop("The card has moved."),
    "by_kind": noop("The cards are in order by kind."),
    "by_time": noop("The cards are in order by the time of registering."),
    "take_all": noop("What the other cards say is in the list of statements now."),
    "text": noop("The text is put right."),
    "added": noop("The card is added."),
}
# Seconds between two looks of a page that follows without a script.
EVERY = 10
# As many as can be read from the last row.
MOST_NAMES = 5


async def show_cards(request: Request) -> Response:
    event = await _own_event(request)
    return await _page(request, event, _empty())


def _empty() -> Form[NewCardFields]:
    return Form[NewCardFields].showing({"key": new_token()[:22], "quoting": "no"})


async def do(request: Request) -> Response:
    """Carry out what a button of a card, or of the whole line, says."""
    event = await _own_event(request)
    form = await read_form(request, CardDeed)
    if form.value is None:
        raise InvalidInput(form.faults)
    wanted = form.value
    await _carry_out(event, wanted)
    return _back(event, wanted.deed, wanted.card)


async def _carry_out(event: Event, wanted: CardDeed) -> None:
    whose, card = (event.organiser_id, event.id), wanted.card
    match wanted.deed:
        case Deed.BY_KIND:
            await cards.sort_by_kind(*whose)
        case Deed.BY_TIME:
            await cards.sort_by_registering(*whose)
        case Deed.TAKE_ALL:
            await cards.take_over_all(*whose)
        case Deed.TICK:
            await cards.tick(*whose, card, now=clock.now())
        case Deed.UNTICK:
            await cards.untick(*whose, card)
        case Deed.UP:
            await cards.move(*whose, card, -1)
        case Deed.DOWN:
            await cards.move(*whose, card, 1)


async def put_right(request: Request) -> Response:
    """Change the texts of a card while its person speaks."""
    event = await _own_event(request)
    form = await read_form(request, CardTexts)
    card = await _card(event, form.text("card"))
    if form.value and len(form.value.text) != len(card.lines):
        form = replace(form, value=None, faults=(fault("text", "missing"),))
    if form.value is None:
        return await _card_page(request, event, card, form, status=422)
    try:
        await cards.put_right(
            event.organiser_id,
            event.id,
            card.id,
            form.value.text,
            mark=form.value.mark,
        )
    except (ChangedMeanwhile, PartlyMarked) as refused:
        said = replace(fault("text", "missing"), message=refused.message())
        again = Form[CardTexts]({**form.typed, "mark": card.mark}, (said,))
        return await _card_page(request, event, card, again, status=409)
    return _back(event, "text", card.id)


async def show_card(request: Request) -> Response:
    """Show one card with its texts to put right."""
    event = await _own_event(request)
    card = await _card(event, request.path_params["card"])
    texts = tuple(it.text for it in card.lines)
    form = Form[CardTexts].showing({"card": card.id, "mark": card.mark, "text": texts})
    return await _card_page(request, event, card, form)


async def _card(event: Event, card_id: str) -> Card:
    found = (it for it in (await stack_of(event.id)).cards if it.id == card_id)
    card = next(found, None)
    if card is None:
        raise NotFound
    return card


async def _card_page(
    request: Request,
    event: Event,
    card: Card,
    form: Form[CardTexts],
    status: int = 200,
) -> Response:
    texts = [*form.texts("text"), *(it.text for it in card.lines)]
    return page(
        request,
        "feedback/card.html",
        status=status,
        event=event,
        card=card,
        form=form,
        texts=texts[: len(card.lines)],
        organiser=footer_of(event.organiser),
    )


async def add(request: Request) -> Response:
    event, now = await _own_event(request), clock.now()
    form = await read_form(request, NewCardFields)
    if form.value is None:
        return await _page(request, event, form, status=422)
    await cards.add(
        event.organiser_id,
        event.id,
        form.value.key,
        form.value.card,
        spoken=form.value.spoken,
        actor=granted(request).actor,
        now=now,
    )
    return _back(event, "added")


async def _page(
    request: Request, event: Event, form: Form[NewCardFields], status: int = 200
) -> Response:
    said = NOTICES.get(request.query_params.get("done", ""))
    return page(
        request,
        "feedback/cards.html",
        status=status,
        event=event,
        stack=await stack_of(event.id),
        form=form,
        organisations=await capture_queries.suggestions_of(
            event.organiser_id, event.id
        ),
        past=event.is_past(clock.now()),
        organiser=footer_of(event.organiser),
        notice=gettext(said) if said else None,
    )


async def show_screen(request: Request) -> Response:
    """Show who speaks and who comes next, large; it follows whoever wants it to."""
    event = await _own_event(request)
    stack = await stack_of(event.id)
    follows = "follow" in request.query_params
    again = {"Refresh": f"{EVERY}; url={request.scope['path']}?follow=1"}
    waiting = [it for it in stack.cards if not it.spoken_at]
    return page(
        request,
        "feedback/cards_screen.html",
        headers=again if follows else None,
        event=event,
        stack=stack,
        coming=waiting[1 : 1 + MOST_NAMES],
        more=len(waiting[1 + MOST_NAMES :]),
        follows=follows,
        organiser=footer_of(event.organiser),
    )


def _back(event: Event, done: str, card_id: str = "") -> Response:
    there = path_to("desk:cards", id=event.id)
    anchor = f"#{card_id}" if card_id else ""
    return RedirectResponse(f"{there}?done={done}{anchor}", status_code=303)


async def _own_event(request: Request) -> Event:
    return await events.event_of(granted(request).organiser_id, path_id(request))


CARDS = "/desk/events/{id}/feedback/cards"

routes = [
    route(CARDS, show_cards, access=HOST, name="desk:cards"),
    route(CARDS, do, access=HOST, name="desk:do_with_card", methods=["POST"]),
    route(f"{CARDS}/new", add, access=HOST, name="desk:add_card", methods=["POST"]),
    route(f"{CARDS}/screen", show_screen, access=HOST, name="desk:cards_screen"),
    route(
        f"{CARDS}/text",
        put_right,
        access=HOST,
        name="desk:put_card_right",
        methods=["POST"],
    ),
    route(f"{CARDS}/{{card}}", show_card, access=HOST, name="desk:card"),
]
