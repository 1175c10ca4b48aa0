"""The people of the demo and what they answered: all made up.

Their addresses lie under example.org, where nobody has a mailbox (RFC 2606 3).
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from werkraum_foundation.slugs import slug_of
from werkraum_server.demo_programme import DIGITAL, FUNDING, GREEN, YOUTH

FIRST_NAMES = (
    "Aylin Bruno Carla Dariusz Elif Finja Georg Hatice Ilona Janek Katalin Lars"
    " Mehmet Noor Oskar Petra Quirin Rosa Samuel Tünde Ulla Viktor Wanda Yusuf"
).split()
LAST_NAMES = (
    "Ahrens Birkental Czerny Demir Eichholz Farkas Grabow Hollunder Ilgen Jablonski"
    " Kranich Lindwurm Moravec Nachtigall Oppen Pfefferkorn Quast Rosental Szabados"
    " Tannert Uhlenbusch Vierling Wacholder Yilmaz"
).split()


class Attendee(NamedTuple):
    name: str
    email: str
    language: str


def attendees(count: int, *, shift: int) -> list[Attendee]:
    """Invent people; another `shift` gives other ones."""
    return list(islice(_everybody(), shift, shift + count))


def _everybody() -> Iterator[Attendee]:
    for turn in range(len(LAST_NAMES)):
        for number, first in enumerate(FIRST_NAMES):
            last = LAST_NAMES[(number * 7 + turn) % len(LAST_NAMES)]
            email = f"{slug_of(first)}.{slug_of(last)}@example.org"
            # Every seventh reads English, as guests from partner towns do.
            yield Attendee(f"{first} {last}", email, "en" if number % 7 == 6 else "de")


class Said(NamedTuple):
    """What one person answered in the survey; "" is left out."""

    helpful: str
    next_time: str
    topics: tuple[str, ...]
    valuable: str
    different: str
    join_in: str


SURVEY = (
    Said(
        "5", "onsite", (YOUTH, GREEN), "Die Beispiele waren nah am Alltag.", "", "yes"
    ),
    Said("4", "either", (GREEN,), "Endlich Zahlen zu den Buslinien.", "", "no"),
    Said("5", "online", (FUNDING,), "Die Kleingruppen am Bildschirm.", "", "yes"),
    Said(
        "3", "onsite", (YOUTH,), "", "Mehr Zeit für Fragen nach den Vorträgen.", "maybe"
    ),
    Said(
        "4", "online", (DIGITAL, FUNDING), "Kurze Beiträge, klare Folien.", "", "maybe"
    ),
    Said("5", "either", (YOUTH, FUNDING), "Mit anderen Vereinen zu reden.", "", "yes"),
    Said("2", "online", (), "", "Der Ton aus dem Saal war schwer zu verstehen.", "no"),
    Said("4", "onsite", (GREEN, YOUTH), "Die Idee mit den Partnerbäumen.", "", "maybe"),
    Said(
        "5", "either", (FUNDING,), "", "Eine Liste der Fördertöpfe wäre schön.", "yes"
    ),
    Said("4", "online", (DIGITAL,), "That I could join from abroad.", "", "no"),
    Said("3", "either", (YOUTH,), "", "Die Pausen waren zu kurz.", "no"),
    Said("5", "onsite", (GREEN,), "Der Austausch beim Kaffee.", "", "yes"),
    Said(
        "4",
        "online",
        (YOUTH, DIGITAL),
        "Praktische Tipps für Treffen online.",
        "",
        "no",
    ),
    Said(
        "4", "either", (FUNDING, GREEN), "", "More examples from small towns.", "maybe"
    ),
    Said("5", "onsite", (YOUTH,), "Dass auch Jugendliche gesprochen haben.", "", "yes"),
    Said("4", "online", (FUNDING,), "", "", "no"),
    Said("3", "onsite", (), "", "Vorher sagen, wer teilnimmt.", ""),
)
