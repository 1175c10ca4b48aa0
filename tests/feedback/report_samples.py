"""Facts in the shape of a workshop of the network, for reports without a database."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from werkraum_events.models import Kind, Mode
from werkraum_feedback.coding.speaker_groups import NO_GROUP, GroupOf
from werkraum_feedback.follow_up_models import PledgeForm
from werkraum_feedback.models import RoundKind
from werkraum_feedback.questions import (
    Answer,
    Answers,
    Option,
    Poles,
    Question,
    QuestionKind,
)
from werkraum_feedback.report.report_facts import (
    Asked,
    Crowd,
    Facts,
    GroupShare,
    Item,
    Next,
    Occasion,
    Office,
    Paper,
    Pledged,
    PracticeCard,
    Spoken,
    Talked,
    Ties,
    Voice,
)
from werkraum_feedback.results.counts import Voice as Ballot
from werkraum_feedback.results.counts import add_up
from werkraum_feedback.results.tallies import results
from werkraum_feedback.statement_models import StatementKind
from werkraum_foundation.language import in_language
from werkraum_registration.models import OrganisationKind, OrganisationSize

TOWN = OrganisationKind.MUNICIPALITY
SMALL = GroupOf(TOWN, OrganisationSize.SMALL)
MEDIUM = GroupOf(TOWN, OrganisationSize.MEDIUM)
LARGE = GroupOf(TOWN, OrganisationSize.LARGE)
ASSOCIATION = GroupOf(OrganisationKind.ASSOCIATION)
DISTRICT = GroupOf(OrganisationKind.DISTRICT)
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
THEMES = (
    ("Generationenwechsel", "Junge Menschen ansprechen und gewinnen"),
    ("Fördermittel", "Geld für Projekte finden und beantragen"),
    ("Digitalisierung", "Digitale Formate und Medien"),
)
COUNTS = ((6, 5, 5, 4), (5, 3, 2, 2), (1, 1, 2, 4))
KINDS = (
    (
        (StatementKind.CONCERN, 9),
        (StatementKind.EXPERIENCE, 7),
        (StatementKind.WISH, 4),
    ),
    ((StatementKind.QUESTION, 5), (StatementKind.WISH, 7)),
    ((StatementKind.WISH, 7), (StatementKind.OFFER, 1)),
)


def identifier(number: int) -> UUID:
    return UUID(int=number)


def a_survey(yes: int = 41, people: int = 121, invited: int = 364) -> Asked:
    """A survey in which so many would join in; two thirds find it helpful."""
    questions = (
        Question(
            "q-" + identifier(1).hex,
            "F01",
            QuestionKind.SCALE,
            {"de": "Wie hilfreich ist der Newsletter?", "en": "How helpful is it?"},
            poles=Poles(
                {"de": "gar nicht hilfreich", "en": "not helpful at all"},
                {"de": "sehr hilfreich", "en": "very helpful"},
            ),
        ),
        Question(
            "q-" + identifier(2).hex,
            "F02",
            QuestionKind.CHOICE,
            {
                "de": "Würden Sie an der Weiterentwicklung mitwirken?",
                "en": "Would you join in the further development?",
            },
            options=(
                Option("yes", {"de": "ja", "en": "yes"}),
                Option("maybe", {"de": "vielleicht", "en": "maybe"}),
                Option("no", {"de": "nein", "en": "no"}),
            ),
        ),
        Question(
            "q-" + identifier(3).hex,
            "F03",
            QuestionKind.CHOICES,
            {"de": "Was hilft Ihnen?", "en": "What helps you?"},
            options=(
                Option("talk", {"de": "Austausch", "en": "exchange"}),
                Option("money", {"de": "Förderung", "en": "funding"}),
            ),
        ),
    )
    responses = [
        Answers(
            (
                Answer(questions[0].id, number=3 + number % 3),
                Answer(questions[1].id, codes=("yes" if number < yes else "no",)),
                Answer(
                    questions[2].id, codes=("talk", "money")[: 1 + (number % 4 == 0)]
                ),
            )
        )
        for number in range(people)
    ]
    return Asked(
        identifier(90),
        RoundKind.SURVEY,
        "Weiterentwicklung der Netzwerkstelle",
        True,
        datetime(2027, 1, 11, 9, 0, tzinfo=UTC),
        datetime(2027, 1, 25, 9, 0, tzinfo=UTC),
        questions,
        results(
            add_up(questions, [Ballot(it) for it in responses], b"salt"),
            invited=invited,
        ),
        themes=tuple(name for name, _ in THEMES),
    )


def themes() -> list[Talked]:
    groups = (SMALL, MEDIUM, LARGE, ASSOCIATION)
    return [
        Talked(
            identifier(10 + number),
            name,
            definition,
            sum(COUNTS[number]),
            tuple(
                GroupShare(group, part, 8)
                for group, part in zip(groups, COUNTS[number], strict=True)
            ),
            KINDS[number],
            (
                Voice(
                    identifier(20 + number),
                    f"Zu {name} suchen wir noch Wege.",
                    "de",
                    groups[number] if number else NO_GROUP,
                ),
            ),
        )
        for number, (name, definition) in enumerate(THEMES)
    ]


def a_workshop(language: str = "de", **changes: object) -> Facts:
    """All there can be to report of a workshop."""
    with in_language(language):
        survey = a_survey()
    facts = Facts(
        language=language,
        at=NOW,
        occasion=Occasion(
            identifier(1),
            "Weiterentwicklung der Netzwerkstelle",
            "Wir besprechen, was die Aktiven von der Netzwerkstelle erwarten.",
            Kind.WORKSHOP,
            datetime(2027, 2, 24, 9, 0, tzinfo=UTC),
            datetime(2027, 2, 24, 11, 30, tzinfo=UTC),
            "Europe/Berlin",
            "",
            (Mode.ONLINE,),
            ("Jugend", "Förderung"),
            "https://werkraum.example/de/events/werkstatt",
        ),
        office=Office(
            "Netzwerkstelle Beispiel",
            "office@network.example",
            "https://werkraum.example/de/legal/office/imprint",
            "https://werkraum.example/de/legal/office/privacy",
        ),
        crowd=Crowd(
            34,
            27,
            True,
            ((SMALL, 9), (MEDIUM, 8), (LARGE, 6), (ASSOCIATION, 7), (DISTRICT, 4)),
        ),
        items=[
            Item(identifier(31), "Begrüßung", ("Ada Muster, Netzwerkstelle",)),
            Item(identifier(32), "Vorstellungsrunde", ()),
            Item(identifier(33), "Ergebnisse der Umfrage", ("Ben Vorlage",)),
            Item(identifier(34), "Feedbackrunde", ()),
        ],
        spoken=Spoken(34, 22, 6, (SMALL, MEDIUM, LARGE, ASSOCIATION)),
        themes=themes(),
        rounds=[survey],
        practices=[
            PracticeCard(
                identifier(41),
                identifier(10),
                "Café der Partnerstädte",
                "Beispielhausen",
                "Ein Jugendzentrum lädt jeden Monat ein.",
                "Zwei Stunden im Monat",
                "",
            )
        ],
        ties=Ties(27, 11),
        pledged=Pledged(12, ((PledgeForm.EXAMPLE, 4), (PledgeForm.GROUP, 9))),
        closing_themes=[("Generationenwechsel", 3)],
        papers=[
            Paper(identifier(51), "Handbuch", "https://werkraum.example/h_b.pdf", 3)
        ],
        next=[
            Next(
                identifier(61),
                "Forum Jugend",
                datetime(2027, 4, 12, 9, 0, tzinfo=UTC),
                "Europe/Berlin",
                "https://werkraum.example/de/events/jugend",
            )
        ],
    )
    return replace(facts, **changes)  # type: ignore[arg-type]
