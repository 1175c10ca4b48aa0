"""The grammar behind the English of a report: groups, shares, lists, dates."""

from collections.abc import Sequence
from datetime import datetime

from babel.dates import format_date, format_time

from werkraum_events.models import Kind
from werkraum_feedback.coding.speaker_groups import GroupOf
from werkraum_feedback.follow_up_models import PledgeForm
from werkraum_foundation.local_times import local
from werkraum_registration.models import OrganisationKind, OrganisationSize

NUMBERS = dict(
    enumerate(
        "two three four five six seven eight nine ten eleven twelve".split(), start=2
    )
)
KINDS = {Kind.FORUM: "forum", Kind.WORKSHOP: "workshop", Kind.TALK: "talk"}
SIZES = {
    OrganisationSize.SMALL: "small",
    OrganisationSize.MEDIUM: "medium-sized",
    OrganisationSize.LARGE: "large",
}
PLACES = {
    OrganisationKind.MUNICIPALITY: ("towns", "a town"),
    OrganisationKind.DISTRICT: ("districts", "a district"),
    OrganisationKind.ASSOCIATION: ("associations", "an association"),
    OrganisationKind.SCHOOL: ("schools", "a school"),
    OrganisationKind.YOUTH_CENTRE: ("youth centres", "a youth centre"),
    OrganisationKind.OTHER: ("other organisations", "another organisation"),
}
FORMS = {
    PledgeForm.GROUP: "in a working group",
    PledgeForm.TALK: "with a contribution",
    PledgeForm.EXAMPLE: "with an example of their own",
    PledgeForm.TRYING: "in trying out what is new",
    PledgeForm.OTHER: "in another way",
}
ALL_OF_THEM, NOBODY = "unanimously", "nobody"
# The words of shares.py, as they stand before "the statements" or "the respondents".
SHARES = {
    "nobody": "none of {}",
    "a few individuals": "a few of {}",
    "several people": "several of {}",
    "some of them": "some of {}",
    "about a third": "about a third of {}",
    "just over a third": "just over a third of {}",
    "just under two fifths": "just under two fifths of {}",
    "two fifths": "two fifths of {}",
    "just over two fifths": "just over two fifths of {}",
    "about half": "about half of {}",
    "the majority": "the majority of {}",
    "almost all": "almost all of {}",
    "unanimously": "all of {}",
}
VOICES, ASKED = "the statements", "the respondents"


def who(share: str, noun: str) -> str:
    return SHARES[share].format(noun)


def listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def quoted(name: str) -> str:
    return f"“{name}”"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def day(moment: datetime, timezone: str) -> str:
    return format_date(local(moment, timezone), "long", locale="en_GB")


def hour(moment: datetime, timezone: str) -> str:
    return format_time(local(moment, timezone), "short", locale="en_GB")


def groups_in(groups: Sequence[GroupOf]) -> str:
    """Name groups: "small and large towns as well as associations"."""
    sizes = [it.org_size for it in groups if it.org_size]
    sized = [SIZES[size] for size in OrganisationSize if size in sizes]
    others = [
        PLACES[it.org_kind][0] for it in groups if it.org_kind and not it.org_size
    ]
    if not sized:
        return listed(others)
    towns = f"{listed(sized)} towns"
    if not others:
        return towns
    return f"{towns} {'as well as' if len(sized) > 1 else 'and'} {listed(others)}"
