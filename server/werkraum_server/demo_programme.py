"""The programme of the demo: an invented office and its events.

Times are relative, so that there is always something to come, something now and
something to look back on.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from werkraum_events.models import Kind
from werkraum_events.wishes import Access, Place
from werkraum_foundation.models import Texts
from werkraum_foundation.slugs import slug_of

NAME = "Netzwerkstelle Städtepartnerschaften (Demo)"
CONTACT = "netzwerkstelle@example.org"
OWNER = "Olga Beispiel"
TIMEZONE = "Europe/Berlin"

TOPICS: tuple[Texts, ...] = (
    {"de": "Jugend", "en": "Young people"},
    {"de": "Fördermittel", "en": "Funding"},
    {"de": "Digitales", "en": "Digital exchange"},
    {"de": "Nachhaltigkeit", "en": "Sustainability"},
)
YOUTH, FUNDING, DIGITAL, GREEN = (slug_of(topic["de"]) for topic in TOPICS)

HALL = Place("Haus der Begegnung, Großer Saal", "Lindenweg 4, 00000 Beispielstadt")
LIBRARY = Place("Stadtbücherei, Raum 2", "Am Markt 1, 00000 Beispielstadt")
VIDEO = Access(link="https://video.example.org/werkraum-demo", dial_in="+49 30 1234567")


@dataclass(frozen=True)
class When:
    """A start by the clock of the place, or in so many minutes from now.

    A day at the weekend becomes the Monday after it.
    """

    days: int = 0
    hour: int = 0
    minutes_from_now: int | None = None

    def starts_at(self, now: datetime) -> datetime:
        """The start in UTC; `now` too, because clocks repeat an hour in autumn."""
        if self.minutes_from_now is not None:
            start = now + timedelta(minutes=self.minutes_from_now)
            return start.replace(second=0, microsecond=0)
        day = now.astimezone(ZoneInfo(TIMEZONE)) + timedelta(days=self.days)
        day += timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)
        start = day.replace(hour=self.hour, minute=0, second=0, microsecond=0)
        return start.astimezone(UTC)


@dataclass(frozen=True)
class Item:
    """A programme item, in minutes from the start of its event."""

    begin: int
    end: int
    title: Texts
    speakers: tuple[str, ...] = ()
    description: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Planned:
    """An event of the demo; `onsite_people` and `online_people` register for it."""

    slug: str
    kind: Kind
    when: When
    minutes: int
    title: Texts
    summary: Texts
    description: Texts
    topics: tuple[str, ...]
    onsite: Place | None = None
    onsite_seats: int | None = None
    onsite_people: int = 0
    online: Access | None = None
    online_seats: int | None = None
    online_people: int = 0
    items: tuple[Item, ...] = ()
    draft: bool = False


FORUM_YOUTH = Planned(
    slug="jugend-gestaltet-partnerschaft",
    kind=Kind.FORUM,
    when=When(days=7, hour=17),
    minutes=90,
    title={
        "de": "Forum: Jugend gestaltet Partnerschaft",
        "en": "Forum: Young people shape partnerships",
    },
    summary={
        "de": "Wie Kommunen Jugendliche gewinnen, die weder im Verein noch im "
        "Schulaustausch sind. Drei Städte erzählen, danach Austausch in Kleingruppen.",
        "en": "How towns reach young people outside clubs and school exchanges. "
        "Three towns tell their story, then we talk in small groups.",
    },
    description={
        "de": "Ein Jugendzentrum, ein Skatepark und ein gemeinsamer Podcast: drei "
        "Wege, auf denen junge Leute aus Partnerstädten zueinander gefunden haben.\n\n"
        "- **Was** hat sie neugierig gemacht?\n"
        "- **Wer** hat sie begleitet?\n"
        "- **Was** würden sie heute anders anfangen?\n\n"
        "Sie brauchen nur einen Browser. Wer möchte, wählt sich mit dem Telefon ein.",
        "en": "A youth centre, a skate park and a podcast made together: three ways "
        "in which young people from partner towns have met.\n\n"
        "All you need is a browser. You can also dial in by telephone.",
    },
    topics=(YOUTH, DIGITAL),
    online=VIDEO,
    online_seats=120,
    online_people=26,
)

WORKSHOP = Planned(
    slug="werkstattgespraech",
    kind=Kind.WORKSHOP,
    when=When(days=21, hour=13),
    minutes=240,
    title={
        "de": "Werkstattgespräch: Was die Netzwerkstelle als Nächstes tun soll",
        "en": "Workshop talk: What the network office should do next",
    },
    summary={
        "de": "Ein Nachmittag vor Ort und online: erzählen, was gelingt, sagen, was "
        "fehlt, und gemeinsam die Schwerpunkte des kommenden Jahres setzen.",
        "en": "An afternoon on site and online: tell what works, say what is "
        "missing, and choose together what matters next year.",
    },
    description={
        "de": "Eingeladen sind alle, die Partnerschaften tragen: Rathäuser, Kreise, "
        "Vereine und Schulen, aus großen Städten und kleinen Gemeinden.\n\n"
        "Vor Ort gibt es Kaffee und Kuchen. Der Saal ist stufenlos zu erreichen.",
        "en": "Everybody who keeps a partnership alive is invited: town halls, "
        "districts, associations and schools.\n\n"
        "There is coffee and cake on site. The hall has step-free access.",
    },
    topics=(YOUTH, FUNDING, DIGITAL),
    onsite=HALL,
    onsite_seats=40,
    onsite_people=18,
    online=VIDEO,
    online_seats=100,
    online_people=14,
    items=(
        Item(
            0,
            45,
            {"de": "Ankommen und Vorstellungsrunde", "en": "Arriving, and who is here"},
            ("Olga Beispiel, Netzwerkstelle",),
            {
                "de": "Ein Satz zu Ihrer Partnerschaft, ein Satz zu Ihrem Anliegen.",
                "en": "One sentence on your partnership, one on what you came for.",
            },
        ),
        Item(
            45,
            100,
            {
                "de": "Tisch 1: Wer macht weiter? Nachwuchs gewinnen",
                "en": "Table 1: Who carries on? Finding the next generation",
            },
            ("Aylin Birkental, Jugendhaus Beispielstadt", "Janek Moravec, Musterheim"),
        ),
        Item(
            100,
            150,
            {
                "de": "Tisch 2: Fördermittel finden und gemeinsam beantragen",
                "en": "Table 2: Finding funds and applying together",
            },
            ("Hatice Lindwurm, Förderlotsin",),
        ),
        Item(
            165,
            210,
            {
                "de": "Tisch 3: Begegnung am Bildschirm, die niemanden ermüdet",
                "en": "Table 3: Meeting on screen without tiring anybody",
            },
            ("Samuel Oppen, Partnerschaftsverein Musterheim",),
        ),
        Item(
            210,
            240,
            {"de": "Feedbackrunde und Ausblick", "en": "Feedback round and outlook"},
            ("Olga Beispiel, Netzwerkstelle",),
        ),
    ),
)

FORUM_HUNGARY = Planned(
    slug="forum-ungarn",
    kind=Kind.FORUM,
    when=When(days=35, hour=18),
    minutes=90,
    title={
        "de": "Forum: Partnerschaften zwischen Nordrhein-Westfalen und Ungarn",
        "en": "Forum: Twinning between North Rhine-Westphalia and Hungary",
    },
    summary={
        "de": "Alte Freundschaften, neue Anlässe: Kommunen beider Länder stellen "
        "gemeinsame Vorhaben vor. Mit Übersetzung.",
        "en": "Old friendships, new occasions: towns of both countries present what "
        "they do together. With interpretation.",
    },
    description={
        "de": "Vom Chortreffen bis zum Klimaspaziergang. Im zweiten Teil suchen "
        "wir Partner für ein gemeinsames Förderprojekt.",
        "en": "From choir meetings to climate walks. In the second part we look for "
        "partners for a funded project.",
    },
    topics=(FUNDING, GREEN),
    online=VIDEO,
    online_people=8,
)

TALK_FULL = Planned(
    slug="foerdersprechstunde",
    kind=Kind.TALK,
    when=When(days=14, hour=10),
    minutes=120,
    title={
        "de": "Sprechstunde: Ihr erster Förderantrag",
        "en": "Clinic: Your first application for funds",
    },
    summary={
        "de": "Zwölf Plätze, ein Tisch: Bringen Sie Ihren Entwurf mit, wir gehen ihn "
        "gemeinsam durch.",
        "en": "Twelve seats, one table: bring your draft and we go through it.",
    },
    description={
        "de": "Wenn alles belegt ist, rücken Sie von der Warteliste nach, sobald "
        "jemand absagt.",
        "en": "When it is full, you move up from the waiting list as soon as "
        "somebody cancels.",
    },
    topics=(FUNDING,),
    onsite=LIBRARY,
    onsite_seats=12,
    onsite_people=17,
)

TALK_NOW = Planned(
    slug="offene-runde",
    kind=Kind.TALK,
    when=When(minutes_from_now=14),
    minutes=60,
    title={"de": "Offene Runde am Bildschirm", "en": "Open round on screen"},
    summary={
        "de": "Fragen, Fundstücke, kurze Wege: Die Runde beginnt gleich, der Eingang "
        "ist schon offen.",
        "en": "Questions, finds, quick answers: it begins in a moment, and the door "
        "is open already.",
    },
    description={
        "de": "Ohne Tagesordnung. Wer eine Frage mitbringt, beginnt.",
        "en": "No agenda. Whoever brings a question begins.",
    },
    topics=(DIGITAL,),
    online=VIDEO,
    online_seats=50,
    online_people=9,
)

DRAFT = Planned(
    slug="klimafreundlich-reisen",
    kind=Kind.FORUM,
    when=When(days=56, hour=17),
    minutes=90,
    title={"de": "Forum: Klimafreundlich zur Partnerstadt"},
    summary={"de": "Noch ein Entwurf: Nur die Netzwerkstelle sieht ihn."},
    description={"de": "Wen laden wir ein? Wer moderiert?"},
    topics=(GREEN,),
    online=VIDEO,
    draft=True,
)

FORUM_PAST = Planned(
    slug="nachhaltig-verbunden",
    kind=Kind.FORUM,
    when=When(days=-24, hour=16),
    minutes=150,
    title={
        "de": "Forum: Nachhaltig verbunden",
        "en": "Forum: Connected for the long run",
    },
    summary={
        "de": "Was Partnerstädte voneinander über Bäume, Busse und Abfall lernen.",
        "en": "What partner towns learn from each other about trees, buses and waste.",
    },
    description={
        "de": "Vierzig Menschen aus Rathäusern, Vereinen und Schulen, vor Ort und "
        "online. Die Ergebnisse der Umfrage stehen im Büro der Netzwerkstelle bereit.",
        "en": "Forty people from town halls, associations and schools, on site and "
        "online.",
    },
    topics=(GREEN, YOUTH),
    onsite=HALL,
    onsite_seats=30,
    onsite_people=22,
    online=VIDEO,
    online_seats=60,
    online_people=18,
)

TO_COME = (FORUM_YOUTH, WORKSHOP, FORUM_HUNGARY, TALK_FULL, TALK_NOW, DRAFT)
