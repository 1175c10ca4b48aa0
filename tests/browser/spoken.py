"""What was said at an event, and what it is about, for the pages that show it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tests.feedback.statement_rows import said

from werkraum_events.models import Event
from werkraum_feedback.coding import codebook, codings
from werkraum_feedback.coding.codebook import Wording
from werkraum_feedback.coding.codebook_deeds import By
from werkraum_feedback.coding.spans import Span
from werkraum_feedback.coding.speaker_groups import GroupOf
from werkraum_feedback.models import Round, RoundKind, RoundState
from werkraum_feedback.statement_models import (
    Phase,
    Quoting,
    Statement,
    StatementSource,
    StatementState,
    Theme,
)
from werkraum_registration.models import OrganisationKind, OrganisationSize

SMALL = GroupOf(OrganisationKind.MUNICIPALITY, OrganisationSize.SMALL)
CLUBS = GroupOf(OrganisationKind.ASSOCIATION)
SAID = (
    "Außerhalb von Schulen erreichen wir kaum Jugendliche 👩‍👩‍👧‍👦.",
    "Die Anträge sind schwer, und Förderung gibt es wenig.",
    "Ein sehr langes Wort: Städtepartnerschaftsförderungsantragsverfahren.",
    "مرحبا، نحتاج إلى مزيد من التبادل.",
    "<b>Digital</b> geht vieles **besser**.",
    "Uns fehlt der Nachwuchs.",
)


async def much_is_said(event: Event, olga: UUID, now: datetime) -> dict[str, str]:
    """Have two kinds of organisations speak, and two people code some of it."""
    made = [
        await said(event, text, group=group, quoting=Quoting.UNNAMED)
        for group in (SMALL, CLUBS)
        for text in SAID
    ]
    await said(event, "Nennt einen Namen.", state=StatementState.HIDDEN)
    by = By(event.organiser_id, f"person:{olga}", now, event.id)
    wording = Wording(
        {"de": "Generationenwechsel", "en": "Change of generations"},
        {"de": "Junge Menschen gewinnen."},
        example={"de": "Uns fehlt der Nachwuchs."},
        words=("nachwuchs", "*jugend"),
    )
    youth = await codebook.make(by, wording)
    money = await codebook.make(by, Wording({"de": "Förderung"}, words=("förder",)))
    old = await codebook.make(by, Wording({"de": "Früheres Thema"}))
    await codebook.retire(by, old.id)
    anna = replace(by, actor="person:anna")
    for number, statement in enumerate(made[:8]):
        await codings.code(by, statement.id, (youth, money)[number % 2].id)
        await codings.code(anna, statement.id, (youth, money)[number % 3 % 2].id)
    mark = await codings.code(by, made[0].id, money.id, Span(11, 40))
    await codings.mark_quote(by, mark.id, good=True)
    network = await the_network_says(by, youth, now)
    return {
        "statement": str(made[0].id),
        "theme": str(youth.id),
        "network": str(network.id),
    }


async def the_network_says(by: By, youth: Theme, now: datetime) -> Round:
    """Have a round of the network that is over, with words and a theme."""
    asked = await Round.create(
        organiser_id=by.organiser_id,
        kind=RoundKind.NEEDS,
        title={"de": "Was Sie vom Netzwerk brauchen"},
        state=RoundState.CLOSED,
        salt="s",
        opened_at=now,
        closes_at=now,
        closed_at=now,
        created_at=now,
    )
    statement = await Statement.create(
        organiser_id=by.organiser_id,
        round=asked,
        source=StatementSource.ANSWER,
        phase=Phase.BEFORE,
        text=SAID[-1],
        text_hash="x",
        language="de",
    )
    await codings.code(by, statement.id, youth.id)
    return asked
