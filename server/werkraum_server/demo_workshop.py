"""The workshop of the demo that is over: who came, and what they said and answered.

Raw answers only: no theme, no coding and no sentence of a report. Towns, people and
words are made up.
"""

from typing import NamedTuple

from werkraum_events.models import Kind
from werkraum_registration.models import OrganisationKind, OrganisationSize
from werkraum_server.demo_programme import (
    DIGITAL,
    FUNDING,
    VIDEO,
    YOUTH,
    Item,
    Planned,
    When,
)

WORKSHOP_PAST = Planned(
    slug="was-das-netzwerk-braucht",
    kind=Kind.WORKSHOP,
    when=When(days=-33, hour=14),
    minutes=150,
    title={
        "de": "Werkstattgespräch: Was das Netzwerk als Nächstes braucht",
        "en": "Workshop talk: what the network needs next",
    },
    summary={
        "de": "Städte, Kreise und Vereine sprechen darüber, was ihnen die Arbeit "
        "leichter macht und was sie sich von uns wünschen.",
        "en": "Towns, districts and associations talk about what makes their work "
        "easier, and what they wish for from us.",
    },
    description={
        "de": "Wir hören zu: zuerst alle reihum, dann die Ergebnisse unserer Umfrage, "
        "dann gute Beispiele. Am Ende sagen alle, was sie mitnehmen.",
        "en": "We listen: first everybody in turn, then the results of our survey, "
        "then good examples. In the end everybody says what they take along.",
    },
    topics=(YOUTH, FUNDING, DIGITAL),
    online=VIDEO,
    online_seats=60,
    items=(
        Item(
            0,
            10,
            {"de": "Begrüßung", "en": "Welcome"},
            ("Olga Beispiel, Leiterin der Netzwerkstelle",),
        ),
        Item(
            10,
            25,
            {"de": "Was wir bisher getan haben", "en": "What we have done so far"},
            ("Bruno Farkas, Netzwerkstelle",),
        ),
        Item(25, 75, {"de": "Vorstellungsrunde", "en": "Introduction round"}),
        Item(
            75,
            100,
            {"de": "Ergebnisse der Umfrage", "en": "Results of the survey"},
            ("Carla Demir, Netzwerkstelle",),
        ),
        Item(100, 125, {"de": "Gute Beispiele", "en": "Good examples"}),
        Item(125, 145, {"de": "Feedbackrunde", "en": "Closing round"}),
        Item(145, 150, {"de": "Ausblick", "en": "Outlook"}),
    ),
)

TOWN, DISTRICT = OrganisationKind.MUNICIPALITY, OrganisationKind.DISTRICT
CLUB, SCHOOL = OrganisationKind.ASSOCIATION, OrganisationKind.SCHOOL
CENTRE = OrganisationKind.YOUTH_CENTRE
SMALL, MEDIUM = OrganisationSize.SMALL, OrganisationSize.MEDIUM
LARGE = OrganisationSize.LARGE


class Guest(NamedTuple):
    """Somebody who came: from where, and the card filled in beforehand.

    `brings` and `seeks` are the two lines of the introduction round.
    """

    organisation: str
    kind: OrganisationKind
    size: OrganisationSize | None
    brings: str
    seeks: str
    may_quote: bool = True


GUESTS = (
    Guest(
        "Gemeinde Lindenfurt",
        TOWN,
        SMALL,
        "Unsere Partnerschaft mit Szépvölgy wird seit vierzig Jahren von denselben "
        "zwölf Leuten getragen.",
        "Wie kommen wir an Jugendliche heran, wenn es bei uns keine weiterführende "
        "Schule gibt?",
    ),
    Guest(
        "Stadt Moosbrück",
        TOWN,
        SMALL,
        "Bei uns kocht der Jugendtreff einmal im Jahr mit den Gästen aus Saint-Aubin; "
        "danach bleiben die jungen Leute von allein in Verbindung.",
        "Einen Überblick, welche Fördermittel es für kleine Gemeinden überhaupt gibt.",
    ),
    Guest(
        "Gemeinde Heidental",
        TOWN,
        SMALL,
        "Eine halbe Stelle im Kulturamt, die sich nebenbei um drei Partnerorte "
        "kümmert.",
        "Förderanträge, die man ohne Fachbüro ausfüllen kann, und jemanden, der "
        "einmal darüberschaut.",
    ),
    Guest(
        "Gemeinde Rabenmoor",
        TOWN,
        SMALL,
        "Wir haben den Austausch in der Pandemie auf den Bildschirm verlegt und nie "
        "ganz zurückgeholt.",
        "Ein digitales Format, bei dem auch die Älteren aus dem Chor mitmachen.",
    ),
    Guest(
        "Gemeinde Quellenau",
        TOWN,
        SMALL,
        "Ein Schüleraustausch, der mit der letzten Französischlehrerin in den "
        "Ruhestand gegangen ist.",
        "Junge Menschen, die eine Reise mitplanen und nicht nur mitfahren.",
    ),
    Guest(
        "Stadt Auenfels",
        TOWN,
        MEDIUM,
        "Unser städtisches Jugendzentrum lädt jedes Jahr zwanzig Jugendliche aus "
        "drei Partnerstädten ein, ganz ohne Schule.",
        "Andere Städte, die so etwas gemeinsam mit uns größer machen.",
    ),
    Guest(
        "Stadt Birkenwerth",
        TOWN,
        MEDIUM,
        "Ein erstes kleines Förderprojekt ist bewilligt und abgerechnet.",
        "Einen vertieften Workshop zu europäischen Fördermitteln, nicht noch eine "
        "Einführung.",
    ),
    Guest(
        "Stadt Kranichshagen",
        TOWN,
        MEDIUM,
        "Wir erreichen Familien, aber kaum jemanden zwischen sechzehn und dreißig.",
        "Ideen, wie Klimaschutz und Nachhaltigkeit junge Leute zur Partnerschaft "
        "bringen.",
    ),
    Guest(
        "Stadt Falkenroda",
        TOWN,
        MEDIUM,
        "Eine Reihe von Videogesprächen mit Klaipsala, einmal im Monat, immer zu "
        "einem Thema.",
        "Technik, die ein Ehrenamtlicher allein bedienen kann, und Förderung dafür.",
    ),
    Guest(
        "Stadt Hohenlinde",
        TOWN,
        MEDIUM,
        "Unsere Nachhaltigkeitswoche plant die Jugend beider Städte zusammen in "
        "einem digitalen Notizbuch.",
        "Geld für Reisekosten von Auszubildenden; die fallen durch jedes Raster.",
    ),
    Guest(
        "Stadt Weststrom",
        TOWN,
        LARGE,
        "Neun Partnerstädte, ein eigenes Referat und trotzdem immer dieselben "
        "Gesichter auf den Fotos.",
        "Wege zu jungen Erwachsenen außerhalb von Austausch und Verein.",
    ),
    Guest(
        "Stadt Steinhafen",
        TOWN,
        LARGE,
        "Wir haben ein dreijähriges europäisches Projekt mit vier Städten hinter uns.",
        "Partner im Land für ein städteübergreifendes Projekt; den Antrag schreiben "
        "wir gern mit.",
    ),
    Guest(
        "Stadt Ostbrücken",
        TOWN,
        LARGE,
        "Ein Kanal in den sozialen Medien, den Studierende aus zwei Partnerstädten "
        "betreiben.",
        "Wie andere ihre digitalen Kanäle betreuen, ohne dass es an einer Person "
        "hängt.",
    ),
    Guest(
        "Stadt Königsau am Strom",
        TOWN,
        LARGE,
        "Jugendliche dürfen bei uns über einen kleinen Topf für Begegnungen selbst "
        "entscheiden.",
        "Erfahrungen mit hybriden Sitzungen, bei denen beide Seiten gleich gut hören.",
    ),
    Guest(
        "Stadt Neuenbrunn",
        TOWN,
        LARGE,
        "Einen Lotsen für Fördermittel, der auch Vereine berät.",
        "Mehr als grobe Hinweise: Beispiele von Anträgen, die durchgekommen sind.",
    ),
    Guest(
        "Partnerschaftsverein Lindenfurt–Szépvölgy e. V.",
        CLUB,
        None,
        "Achtzig Mitglieder, im Schnitt neunundsechzig Jahre alt.",
        "Nachwuchs für den Vorstand; jüngere Leute sagen oft, sie hätten von uns nie "
        "gehört.",
    ),
    Guest(
        "Freundeskreis Moosbrück–Saint-Aubin e. V.",
        CLUB,
        None,
        "Wir haben mit einer Bäckerei und einem Jugendtreff einen Brotbacktag in "
        "beiden Orten gemacht; zum ersten Mal kamen mehr Junge als Alte.",
        "Jemanden, der uns die Förderlandschaft einmal aufzeichnet.",
    ),
    Guest(
        "Deutsch-Polnischer Freundeskreis Weststrom e. V.",
        CLUB,
        None,
        "Unser Sprachtreff läuft seit zwei Jahren nur noch per Video und hat sich "
        "verdoppelt.",
        "Hilfe bei Datenschutz und Technik; das Digitale bleibt an einer Person "
        "hängen.",
    ),
    Guest(
        "Brücke nach Klaipsala e. V.",
        CLUB,
        None,
        "Wir kennen die Menschen drüben, aber die Anträge schrecken jeden ab.",
        "Kleine Beträge ohne große Abrechnung.",
    ),
    Guest(
        "Städtefreunde Hohenlinde e. V.",
        CLUB,
        None,
        "Ein Film, den Jugendliche über unsere Partnerstadt gedreht haben.",
        "Junge Mitglieder, die bleiben, wenn sie zum Studium wegziehen.",
        may_quote=False,
    ),
    Guest(
        "Kreis Tannenau",
        DISTRICT,
        None,
        "Vierzehn Gemeinden, von denen fünf ihre Partnerschaft ruhen lassen.",
        "Ein gemeinsames Jugendprojekt für mehrere kleine Orte, weil es einer allein "
        "nicht schafft.",
    ),
    Guest(
        "Gesamtschule am Ring",
        SCHOOL,
        None,
        "Unsere Klassen treffen sich vor der Reise dreimal digital; die Scheu ist "
        "dann weg.",
        "Förderung auch für Jugendliche, deren Eltern die Reise nicht zahlen können.",
    ),
    Guest(
        "Jugendzentrum Brückenkopf",
        CENTRE,
        None,
        "Bei uns steht die Tür offen; wer einmal mit Gästen gekickt hat, fragt nach "
        "der nächsten Fahrt.",
        "Eine Stadt, die uns einfach fragt, ob wir mitmachen.",
    ),
    Guest(
        "Kreis Silberbach",
        DISTRICT,
        None,
        "Eine Ansprechperson für alle zwölf Gemeinden, wenn eine Partnerschaft "
        "einschläft.",
        "Beispiele, wie kleine Orte sich zu zweit oder zu dritt zusammentun.",
    ),
    Guest(
        "Berufskolleg Hafenstraße",
        SCHOOL,
        None,
        "Unsere Auszubildenden machen ihr Praktikum in der Partnerstadt und führen "
        "darüber ein digitales Tagebuch.",
        "Betriebe, die Jugendliche für drei Wochen freistellen.",
    ),
    Guest(
        "Jugendtreff Alte Mühle",
        CENTRE,
        None,
        "Im Sommer bauen Jugendliche aus drei Ländern bei uns zusammen an einem Floß.",
        "Fördermittel, die auch die Leute bezahlen, die so etwas begleiten.",
    ),
)


class Parting(NamedTuple):
    """What one person answered in the closing round."""

    takes_along: str
    next_step: str
    wish: str


CLOSING = (
    Parting(
        "Dass es allen mit den Jüngeren gleich geht, egal wie groß die Stadt ist.",
        "Mit Auenfels über das Jugendzentrum.",
        "Ein Treffen nur zu diesem Thema.",
    ),
    Parting(
        "Der Brotbacktag lässt sich nachmachen.",
        "Mit dem Freundeskreis aus Moosbrück, gern am Telefon.",
        "Gute Beispiele zum Nachlesen.",
    ),
    Parting(
        "Zwei Fördertöpfe, von denen ich nichts wusste.",
        "Mit Steinhafen über den gemeinsamen Antrag.",
        "Einen Workshop zu Fördermitteln für Fortgeschrittene.",
    ),
    Parting(
        "Ein Antrag ist zu schaffen, wenn man ihn zu zweit schreibt.",
        "Mit dem Lotsen aus Neuenbrunn.",
        "Eine Liste mit Ansprechpersonen.",
    ),
    Parting(
        "Digital heißt nicht nur Videokonferenz.",
        "Mit dem Sprachtreff über die Technik.",
        "Eine Sprechstunde für Technik.",
    ),
    Parting(
        "Jugendliche wollen entscheiden, nicht nur eingeladen werden.",
        "Mit Königsau am Strom über den Topf für Begegnungen.",
        "Die Jugendlichen selbst einmal einladen.",
    ),
    Parting(
        "Wir sind mit unseren Sorgen nicht allein.",
        "Mit dem Kreis Tannenau und seinen kleinen Orten.",
        "Öfter solche Runden, gern online.",
    ),
    Parting(
        "Ein Thema wie Klimaschutz öffnet Türen zu jungen Leuten.",
        "Mit Hohenlinde über die Nachhaltigkeitswoche.",
        "Ein Forum zur Nachhaltigkeit.",
    ),
    Parting(
        "Die Zahlen aus der Umfrage helfen mir im Rathaus.",
        "",
        "Den Bericht bitte so, dass ich ihn weitergeben kann.",
    ),
    Parting(
        "Dass kleine Vereine große Ideen haben.",
        "Mit der Brücke nach Klaipsala.",
        "Hilfe bei der ersten Abrechnung.",
    ),
    Parting(
        "Soziale Medien können Studierende für uns betreuen.",
        "Mit Ostbrücken.",
        "Eine kleine Anleitung dazu.",
    ),
    Parting("Drei neue Kontakte.", "Mit Falkenroda über die Gesprächsreihe.", ""),
    Parting(
        "Es geht auch ohne Schule.",
        "Mit dem Jugendzentrum Brückenkopf.",
        "Städte und Jugendzentren zusammenbringen.",
    ),
    Parting(
        "Der Ton war gut, die Pausen hätten länger sein dürfen.",
        "",
        "Beim nächsten Mal Kleingruppen.",
    ),
)

# Of everybody the survey of the network was sent to, so many answered.
ASKED = 240
ANSWERED = 121
HELPFUL = {"5": 37, "4": 48, "3": 24, "2": 9, "1": 3}
JOIN_IN = {"yes": 41, "maybe": 38, "no": 42}
NEXT_TIME = {"onsite": 33, "online": 40, "either": 48}

# Where they say they come from.
GROUPS: tuple[tuple[OrganisationKind, OrganisationSize | None, int], ...] = (
    (TOWN, SMALL, 24),
    (TOWN, MEDIUM, 27),
    (TOWN, LARGE, 18),
    (CLUB, None, 31),
    (DISTRICT, None, 8),
    (SCHOOL, None, 7),
    (CENTRE, None, 6),
)

VALUABLE = (
    "Andere Städte zu treffen, die dasselbe Problem mit dem Nachwuchs haben.",
    "Konkrete Beispiele, wie Jugendliche dazukommen.",
    "Die Sprechstunde zu Fördermitteln hat uns einen Antrag gerettet.",
    "Der Newsletter mit den Fristen der Förderprogramme.",
    "Kurze digitale Foren in der Mittagspause.",
    "Ein Anruf, wenn man nicht weiterweiß.",
    "Dass Vereine und Verwaltungen an einem Tisch sitzen.",
    "Die Übersicht der Förderer, wenn sie aktuell ist.",
    "Die Aufzeichnung der digitalen Werkstatt zum Nachschauen.",
    "Der direkte Austausch von Beispielen, gern zu zweit.",
    "Ideen für Begegnungen mit jungen Erwachsenen, die nicht im Verein sind.",
    "Jemand, der den Förderantrag gegenliest.",
    "Die Reihe zur digitalen Begegnung mit der Partnerstadt.",
    "That towns abroad are invited to the online forums.",
    "Die Karte, auf der man sieht, wer welche Partnerstadt hat.",
    "Handfeste Tipps für Videotreffen mit Dolmetschen.",
    "Das Gespräch über Generationenwechsel im Vorstand.",
    "Beispiele kleiner Gemeinden, nicht nur der großen Städte.",
    "Die Hinweise, welche Stiftung auch Reisekosten zahlt.",
    "Online dabei sein zu können, weil die Anreise weit ist.",
)

DIFFERENT = (
    "Mehr für Fortgeschrittene bei den Fördermitteln.",
    "Jugendliche selbst zu Wort kommen lassen.",
    "Weniger Folien, mehr Zeit zum Reden.",
    "Digitale Angebote besser erklären, ich komme mit der Technik nicht zurecht.",
    "Eine Datenbank mit Beispielen, in der man suchen kann.",
    "Termine am Abend, das Ehrenamt arbeitet tagsüber.",
    "Einen Leitfaden für die Abrechnung von Fördermitteln.",
    "Auch Auszubildende ansprechen, nicht nur Schulen.",
    "Ein Treffen vor Ort im Jahr, der Rest gern digital.",
    "Die Einladung früher schicken.",
    "Kleine Orte brauchen Vorlagen für Anträge.",
    "Mehr über soziale Medien, dort sind die jungen Leute.",
    "More events in English, please.",
    "Regionale Gruppen bilden, damit man sich kennt.",
    "Beratung, welcher Fördertopf zu welchem Vorhaben passt.",
    "Eine Börse für Jugendbegegnungen, in der man Plätze tauscht.",
)
