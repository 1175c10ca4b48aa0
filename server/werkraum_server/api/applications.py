"""What a program wants for an attendee, held against what the form of an event asks."""

from collections.abc import Iterator

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.language import gettext
from werkraum_registration.answer_reading import Answers, read_json_answers
from werkraum_registration.entry import code_faults, must_have_form
from werkraum_registration.event_forms import form_of
from werkraum_registration.models import Source, Wanted
from werkraum_registration.organisations import TypedOrganisation
from werkraum_registration.registrations import Application
from werkraum_registration.rules import PartyTooLarge
from werkraum_server.api.schemas import ApplicantBody


async def application_of(
    event: Event, body: ApplicantBody
) -> tuple[Application, TypedOrganisation | None]:
    """Read what is wanted, and the organisation if one is named.

    Raises `InvalidInput` with each fault at its field, and what `must_have_form`
    raises.
    """
    must_have_form(event, now=clock.now())
    asked = await form_of(event)
    answers = read_json_answers(asked.questions, body.answers)
    faults = [*_faults(event, body), *answers.faults]
    if faults:
        raise InvalidInput(faults)
    return _application(event, body, answers), answers.organisation


def _faults(event: Event, body: ApplicantBody) -> Iterator[Fault]:
    if body.mode is None and len(event.modes) > 1:
        said = gettext("Please choose how to take part.")
        yield Fault("mode", "missing", said)
    if body.seats > event.largest_party:
        refusal = PartyTooLarge(event.largest_party)
        yield Fault("seats", refusal.code, refusal.message())
    yield from code_faults(event, body.code or "")


def _application(event: Event, body: ApplicantBody, answers: Answers) -> Application:
    return Application(
        wanted=body.mode or Wanted(event.modes[0].value),
        seats=body.seats,
        source=Source.API,
        answers=answers.values,
    )
