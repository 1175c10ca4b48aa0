"""Letters to many at the desk: the list, writing one, changing it, how far it is."""

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import Fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form
from werkraum_foundation.language import gettext
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import ChangedMeanwhile, NotFound
from werkraum_registration import audiences, bounces, group_letters
from werkraum_registration.audiences import Audience
from werkraum_registration.group_letters import (
    STANDING,
    STOPPABLE,
    LetterIsOut,
    Progress,
    letter_of,
    letters_of,
    progress_of,
)
from werkraum_registration.letter_marks import IN_SUBJECT, Mark, spelled
from werkraum_registration.listing import tags_in_use
from werkraum_registration.models import GroupLetter, Registration
from werkraum_server.desk.audience_words import (
    answers_to_choose,
    audience_words,
    carried_words,
    kinds_to_choose,
    questions_to_choose,
    states_to_choose,
)
from werkraum_server.desk.before_start import before_words
from werkraum_server.desk.calendar_words import bounce_words
from werkraum_server.desk.letter_form import (
    CARRIED,
    LetterFields,
    asked_audience,
    read_letter_form,
    typed_audience,
    typed_letter,
    typed_words,
)
from werkraum_server.desk.own_events import own_event


async def own_letter(request: Request) -> GroupLetter:
    """Find the letter in the path, at the event in the path, or raise `NotFound`."""
    letter = await letter_of(granted(request).organiser_id, path_id(request, "letter"))
    if letter.event_id != path_id(request):
        raise NotFound
    return letter


async def show_letters(request: Request) -> Response:
    """List the letters of an event; five queries, however many there are."""
    event = await own_event(request)
    return page(
        request,
        "desk/letters.html",
        event=event,
        past=event.is_past(clock.now()),
        organiser=footer_of(event.organiser),
        letters=await letters_of(event.id),
        progress=await progress_of(event.id),
        nothing=Progress(),
        returned=await bounces.bounces_at([event.id]),
        returned_of=await bounces.bounces_by_letter(event.id),
        bounce_words=bounce_words,
    )


async def show_new(request: Request) -> Response:
    """Begin a letter to whom the list was narrowed down, or with another's words."""
    event, asked = await own_event(request), request.query_params
    one = await _one(event, asked.get("registration", ""))
    audience = asked_audience(asked, one.id if one else None)
    typed = typed_audience(audience)
    if earlier := await _earlier(request, event):
        typed |= typed_words(earlier)
    return await _form_page(request, event, Form(typed))


async def _one(event: Event, typed: str) -> Registration | None:
    """Find the one person a letter is for; raises `NotFound` for a stranger's id."""
    if not typed:
        return None
    found = await Registration.get_or_none(id=_id(typed), event_id=event.id)
    if found is None:
        raise NotFound
    return found


async def _earlier(request: Request, event: Event) -> GroupLetter | None:
    typed = request.query_params.get("like", "")
    if not typed:
        return None
    return await letter_of(event.organiser_id, _id(typed))


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise NotFound from None


async def create(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)
    form = await read_letter_form(request)
    if form.value is None:
        return await _form_page(request, event, form, status=422)
    await _must_be_of(event, form.value)
    letter = await group_letters.write(
        grant.organiser_id,
        event.id,
        form.value.wish(),
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:letter", id=event.id, letter=letter.id)


async def _must_be_of(event: Event, value: LetterFields) -> None:
    """Refuse a single recipient of another event."""
    if value.registration:
        await _one(event, str(value.registration))


async def show_letter(request: Request) -> Response:
    letter = await own_letter(request)
    event, audience = letter.event, Audience.read(letter.audience)
    progress = (await progress_of(event.id)).get(letter.id, Progress())
    to_come = await audiences.count_without_copy(event.id, audience, letter.id)
    before = letter.minutes_before
    return page(
        request,
        "desk/letter.html",
        event=event,
        organiser=footer_of(event.organiser),
        letter=letter,
        audience=await words_of_audience(event, audience),
        progress=progress,
        to_come=to_come,
        returned=(await bounces.bounces_by_letter(event.id)).get(letter.id, []),
        bounce_words=bounce_words,
        before=before_words(before) if before else None,
        may_stand=letter.state in STANDING,
        may_stop=letter.state in STOPPABLE,
    )


async def words_of_audience(event: Event, audience: Audience) -> list[str]:
    one = None
    if audience.registration_id:
        one = await Registration.get_or_none(id=audience.registration_id)
    questions = await questions_to_choose(event) if audience.filters.answer else []
    return audience_words(audience, questions, one)


async def show_edit(request: Request) -> Response:
    letter = await own_letter(request)
    _must_stand(letter)
    form: Form[LetterFields] = Form(typed_letter(letter))
    return await _form_page(request, letter.event, form, letter)


def _must_stand(letter: GroupLetter) -> None:
    if letter.state not in STANDING:
        raise LetterIsOut


async def edit(request: Request) -> Response:
    """Save the letter; where somebody saved something else, say so and keep all."""
    letter, grant = await own_letter(request), granted(request)
    form = await read_letter_form(request)
    if form.value is None:
        return await _form_page(request, letter.event, form, letter, status=422)
    await _must_be_of(letter.event, form.value)
    try:
        await group_letters.edit(
            grant.organiser_id,
            letter.id,
            form.value.wish(),
            version=form.value.version,
            actor=grant.actor,
            now=clock.now(),
        )
    except ChangedMeanwhile as refusal:
        typed = {**form.typed, "version": str(letter.version)}
        again: Form[LetterFields] = Form(
            typed, (Fault("", refusal.code, refusal.message()),)
        )
        return await _form_page(request, letter.event, again, letter, status=409)
    return see_other(request, "desk:letter", id=letter.event_id, letter=letter.id)


async def _form_page(
    request: Request,
    event: Event,
    form: Form[LetterFields],
    letter: GroupLetter | None = None,
    status: int = 200,
) -> Response:
    one = form.text("registration")
    choices = {} if one else await _choices(event, form)
    return page(
        request,
        "desk/letter_form.html",
        status=status,
        event=event,
        organiser=footer_of(event.organiser),
        letter=letter,
        form=form,
        one=await _person(event, one),
        choices=choices,
        carried=[(name, form.text(name)) for name in CARRIED if form.text(name)],
        marks=_marks(tuple(Mark)),
        marks_in_subject=_marks(IN_SUBJECT),
    )


def _marks(marks: tuple[Mark, ...]) -> str:
    """List the marks with what each stands for."""
    words = {
        Mark.NAME: gettext("name"),
        Mark.EVENT: gettext("title of the event"),
        Mark.WHEN: gettext("its start"),
        Mark.MODE: gettext("on site or online"),
        Mark.LINK: gettext("link to the personal page"),
    }
    return ", ".join(f"{spelled(mark)} {words[mark]}" for mark in marks)


async def _person(event: Event, typed: str) -> Registration | None:
    try:
        return await _one(event, typed)
    except NotFound:
        return None


# Any: what the template names.
async def _choices(event: Event, form: Form[LetterFields]) -> dict[str, Any]:
    """Gather what can be chosen, and what stands in a field though it is gone."""
    asked = {name: form.text(name) for name in ("answer", "tag", *CARRIED)}
    audience = asked_audience(asked, None)
    answers = answers_to_choose(await questions_to_choose(event))
    chosen = str(audience.filters.answer or "")
    if chosen and chosen not in dict(answers):
        words = audience_words(Audience((), audience.filters), [], None)[1]
        answers.append((chosen, words))
    tags = await tags_in_use(event.id)
    if audience.filters.tag and audience.filters.tag not in tags:
        tags.append(audience.filters.tag)
    return {
        "states": states_to_choose(),
        "kinds": kinds_to_choose(),
        "answers": answers,
        "tags": [(tag, tag) for tag in tags],
        "carried": carried_words(audience.filters),
    }


async def remove(request: Request) -> Response:
    letter, grant = await own_letter(request), granted(request)
    await group_letters.remove(
        grant.organiser_id, letter.id, actor=grant.actor, now=clock.now()
    )
    return see_other(request, "desk:letters", id=letter.event_id)


LETTERS = "/desk/events/{id}/letters"
LETTER = LETTERS + "/{letter}"
routes = [
    route(LETTERS, show_letters, access=READER, name="desk:letters"),
    route(f"{LETTERS}/new", show_new, access=MANAGER, name="desk:new_letter"),
    route(
        f"{LETTERS}/new",
        create,
        access=MANAGER,
        name="desk:create_letter",
        methods=["POST"],
    ),
    route(LETTER, show_letter, access=READER, name="desk:letter"),
    route(f"{LETTER}/edit", show_edit, access=MANAGER, name="desk:edit_letter"),
    route(
        f"{LETTER}/edit",
        edit,
        access=MANAGER,
        name="desk:save_letter",
        methods=["POST"],
    ),
    route(
        f"{LETTER}/remove",
        remove,
        access=MANAGER,
        name="desk:remove_letter",
        methods=["POST"],
    ),
]
