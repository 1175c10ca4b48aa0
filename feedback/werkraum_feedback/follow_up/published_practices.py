"""The cards everybody sees: searched by words, theme and country."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode
from uuid import UUID

from werkraum_events.slugs import is_slug
from werkraum_feedback.coding.word_rules import folded
from werkraum_feedback.follow_up import countries
from werkraum_feedback.follow_up import practice_rules as rules
from werkraum_feedback.follow_up.pledge_list import PAGE_NUMBER, identifier
from werkraum_feedback.follow_up_models import Practice, PracticeState
from werkraum_feedback.statement_models import Theme
from werkraum_foundation.refusals import NotFound
from werkraum_registration.models import Registration

LONGEST_SEARCH = 200


@dataclass(frozen=True)
class PracticeSieve:
    """Filters that all have to fit; what we do not know filters nothing."""

    q: str = ""
    theme: UUID | None = None
    country: str = ""
    number: int = 1

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        country = asked.get("country", "")[:2]
        number = asked.get("page", "")
        return cls(
            asked.get("q", "")[:LONGEST_SEARCH].strip(),
            identifier(asked.get("theme", "")),
            country if countries.CODE.fullmatch(country) else "",
            int(number) if PAGE_NUMBER.fullmatch(number) else 1,
        )

    @property
    def empty(self) -> bool:
        return not (self.q or self.theme or self.country)

    def query(self, number: int = 1) -> str:
        """Write it as it stands in an address."""
        wishes = {
            "q": self.q,
            "theme": self.theme,
            "country": self.country,
            "page": number if number > 1 else "",
        }
        return urlencode({name: str(value) for name, value in wishes.items() if value})

    def holds(self, practice: Practice) -> bool:
        if self.theme and practice.theme_id != self.theme:
            return False
        if self.country and self.country not in practice.countries:
            return False
        text = _searched(practice)
        return all(word in text for word in folded(self.q).split())


def _searched(practice: Practice) -> str:
    texts = (practice.title, practice.what, practice.how, practice.took)
    words = [said for each in texts for said in each.values()]
    abroad = countries.names_of(practice.countries)
    more = (*practice.partner_towns, *abroad, practice.place, practice.funding)
    return folded("\n".join([*words, *more]))


@dataclass(frozen=True)
class Person:
    """Whom to ask about a card: somebody who agreed to be named."""

    name: str
    email: str


async def published() -> list[Practice]:
    """List all cards, the latest first, theme and organiser with them; one query."""
    found = Practice.filter(state=PracticeState.PUBLISHED)
    there = found.select_related("theme", "organiser")
    return await there.order_by("-published_at", "id")


async def published_practice(slug: str) -> Practice:
    """Find a card; raises `NotFound`, and `PracticeGone` where there was one."""
    # Tortoise raises where a word is longer than its column.
    if not is_slug(slug):
        raise NotFound
    found = Practice.filter(slug=slug).select_related("theme", "organiser", "event")
    practice = await found.first()
    if practice is None:
        raise NotFound
    if rules.is_gone(practice):
        raise rules.PracticeGone
    if practice.state is not PracticeState.PUBLISHED:
        raise NotFound
    return practice


async def contact_of(practice: Practice) -> Person | None:
    """Name whom to ask, where they agreed to be named and have not been forgotten."""
    if not practice.shows_contact or practice.registration_id is None:
        return None
    person = await Registration.get_or_none(id=practice.registration_id)
    return Person(person.name, person.email) if person and person.email else None


def themes_among(practices: Iterable[Practice]) -> list[Theme]:
    """List the themes of cards, each once."""
    return list({it.theme.id: it.theme for it in practices if it.theme}.values())


def countries_among(practices: Iterable[Practice]) -> list[tuple[str, str]]:
    """List the countries of cards as (code, name), by name."""
    codes = {code for it in practices for code in it.countries}
    named = [(code, countries.name_of(code)) for code in codes]
    return sorted(named, key=lambda it: folded(it[1]))
