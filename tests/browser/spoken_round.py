"""A meeting in its introduction round: cards, lines that were caught, themes."""

from datetime import datetime, timedelta

from tests.feedback.meetings import a_card, an_introduction, an_item
from tests.feedback.statement_rows import a_theme

from werkraum_events.models import Event
from werkraum_feedback.capture import captured, cards
from werkraum_feedback.capture.captured import Words
from werkraum_feedback.capture.card_stack import stack_of
from werkraum_feedback.statement_models import Phase, Quoting, StatementKind
from werkraum_registration.models import OrganisationKind

LINES = (
    (StatementKind.CONCERN, "Uns fehlen junge Leute, der Vorstand ist um die 70."),
    (StatementKind.EXPERIENCE, "Mit dem Jugendzentrum waren sofort zwölf dabei."),
    (StatementKind.WISH, "Ein Überblick über die Fördertöpfe bis nach Europa."),
)  # fmt: skip


async def spoken_round(event: Event, now: datetime) -> dict[str, str]:
    """Have a round going on at an event; a name in addresses → the key of a line."""
    await an_item(event, "Vorstellungsrunde", 0, 45)
    await an_item(event, "Drei Beispiele aus der Praxis", 45, 90)
    asked = await an_introduction(event)
    texts = "Ich betreue seit zwei Jahren die Partnerschaften.", "Uns fehlt Nachwuchs."
    await a_card(asked, *texts, name="Anna Beispiel", quotable=True)
    await a_card(asked, "Wir haben vier Partnerstädte.", name="Berta Muster")
    await a_card(asked, "Ich bin neu im Verein.", name="Cem Vorlage")
    for number in range(2):
        await a_card(asked, f"Ohne Namen {number}")
    [first, second, *_] = (await stack_of(event.id)).cards
    await cards.tick(event.organiser_id, event.id, first.id, now=now)
    theme = await a_theme(event.organiser, "Nachwuchs gewinnen")
    for number, (kind, text) in enumerate(LINES):
        words = Words(
            Phase.INTRODUCTION,
            text,
            kind,
            organisation="Partnerschaftsverein Beispielstadt e. V.",
            org_kind=OrganisationKind.ASSOCIATION,
            themes=(theme.id,) if number < 2 else (),
            quoting=Quoting.NO if number else Quoting.UNNAMED,
        )
        await captured.keep(
            event.organiser_id,
            event.id,
            f"the-key-of-line-{number}",
            words,
            at=now - timedelta(minutes=5 - number),
            actor="person:olga",
            now=now,
        )
    return {"line": "the-key-of-line-0", "card": second.id}
