"""The grammar behind the German of a report: groups, shares, lists, dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date, format_time

from werkraum_events.models import Kind
from werkraum_feedback.coding.speaker_groups import GroupOf
from werkraum_feedback.follow_up_models import PledgeForm
from werkraum_foundation.local_times import local
from werkraum_registration.models import OrganisationKind, OrganisationSize

NUMBERS = dict(
    enumerate(
        "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(), start=2
    )
)
KINDS = {
    Kind.FORUM: ("Das", "Forum"),
    Kind.WORKSHOP: ("Der", "Workshop"),
    Kind.TALK: ("Das", "Gespräch"),
}
STEMS = {
    OrganisationSize.SMALL: "Klein",
    OrganisationSize.MEDIUM: "Mittel",
    OrganisationSize.LARGE: "Groß",
}
# Nominative, dative, and where a single voice comes from.
PLACES = {
    OrganisationKind.MUNICIPALITY: (
        "Städte und Gemeinden",
        "Städten und Gemeinden",
        "aus einer Stadt oder Gemeinde",
    ),
    OrganisationKind.DISTRICT: ("Kreise", "Kreisen", "aus einem Kreis"),
    OrganisationKind.ASSOCIATION: ("Vereine", "Vereinen", "aus einem Verein"),
    OrganisationKind.SCHOOL: ("Schulen", "Schulen", "aus einer Schule"),
    OrganisationKind.YOUTH_CENTRE: (
        "Jugendzentren",
        "Jugendzentren",
        "aus einem Jugendzentrum",
    ),
    OrganisationKind.OTHER: (
        "weitere Einrichtungen",
        "weiteren Einrichtungen",
        "aus einer weiteren Einrichtung",
    ),
}
FORMS = {
    PledgeForm.GROUP: "in einer Arbeitsgruppe",
    PledgeForm.TALK: "mit einem Beitrag",
    PledgeForm.EXAMPLE: "mit einem Beispiel aus der eigenen Praxis",
    PledgeForm.TRYING: "beim Erproben von Neuem",
    PledgeForm.OTHER: "auf andere Weise",
}


@dataclass(frozen=True)
class Noun:
    """What a share is one of: "Beiträge", "fast alle Befragten", "der Befragten"."""

    plural: str
    after_all: str
    of_them: str
    dative: str


VOICES = Noun("Beiträge", "Beiträge", "der Beiträge", "Beiträgen")
ASKED = Noun("Befragte", "Befragten", "der Befragten", "Befragten")
INVITED = Noun("Eingeladene", "Eingeladenen", "der Eingeladenen", "Eingeladenen")


@dataclass(frozen=True)
class Bent:
    """A word for a share as German bends it; `one` says that the verb is singular."""

    nominative: str
    dative: str
    one: bool


# The words of shares.py.
SHARES = {
    "niemand": Bent("niemand {of_them}", "keinem {of_them}", True),
    "einzelne": Bent("einzelne {plural}", "einzelnen {dative}", False),
    "mehrere": Bent("mehrere {plural}", "mehreren {dative}", False),
    "ein Teil": Bent("ein Teil {of_them}", "einem Teil {of_them}", True),
    "rund ein Drittel": Bent(
        "rund ein Drittel {of_them}", "rund einem Drittel {of_them}", True
    ),
    "gut ein Drittel": Bent(
        "gut ein Drittel {of_them}", "gut einem Drittel {of_them}", True
    ),
    "knapp zwei Fünftel": Bent(
        "knapp zwei Fünftel {of_them}", "knapp zwei Fünfteln {of_them}", False
    ),
    "zwei Fünftel": Bent("zwei Fünftel {of_them}", "zwei Fünfteln {of_them}", False),
    "gut zwei Fünftel": Bent(
        "gut zwei Fünftel {of_them}", "gut zwei Fünfteln {of_them}", False
    ),
    "etwa die Hälfte": Bent(
        "etwa die Hälfte {of_them}", "etwa der Hälfte {of_them}", True
    ),
    "die Mehrheit": Bent("die Mehrheit {of_them}", "der Mehrheit {of_them}", True),
    "fast alle": Bent("fast alle {after_all}", "fast allen {dative}", False),
    "übereinstimmend": Bent("alle {after_all}", "allen {dative}", False),
}
ALL_OF_THEM, NOBODY = "übereinstimmend", "niemand"


def who(share: str, noun: Noun) -> str:
    """Say who it is: "gut ein Drittel der Befragten"."""
    return SHARES[share].nominative.format_map(vars(noun))


def in_whom(share: str, noun: Noun) -> str:
    return SHARES[share].dative.format_map(vars(noun))


def verb(share: str, one: str, many: str) -> str:
    return one if SHARES[share].one else many


def listed(names: Sequence[str], last: str = "und") -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def quoted(name: str) -> str:
    return f"„{name}“"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def day(moment: datetime, timezone: str) -> str:
    return format_date(local(moment, timezone), "long", locale="de")


def hour(moment: datetime, timezone: str) -> str:
    return format_time(local(moment, timezone), "short", locale="de")


def towns(sizes: Sequence[OrganisationSize], case: int) -> str:
    """Join towns as German does: "Klein-, Mittel- und Großstädte"."""
    stems = [STEMS[size] for size in OrganisationSize if size in sizes]
    if not stems:
        return ""
    heads = [f"{stem}-" for stem in stems[:-1]]
    return listed([*heads, f"{stems[-1]}{('städte', 'städten')[case]}"])


def groups_in(groups: Sequence[GroupOf], case: int = 0) -> str:
    """Name groups in the nominative (0) or the dative (1)."""
    sized = [it.org_size for it in groups if it.org_size]
    others = [
        PLACES[it.org_kind][case] for it in groups if it.org_kind and not it.org_size
    ]
    first = towns(sized, case)
    if not first:
        return listed(others)
    if not others:
        return first
    return f"{first} {'sowie' if len(sized) > 1 else 'und'} {listed(others)}"
