"""English of a report."""

from collections.abc import Sequence

from werkraum_events.models import Mode
from werkraum_feedback.coding.speaker_groups import GroupOf
from werkraum_feedback.report.report_english_survey import EnglishSurvey
from werkraum_feedback.report.report_english_words import (
    FORMS,
    KINDS,
    NUMBERS,
    PLACES,
    SIZES,
    VOICES,
    capital,
    day,
    groups_in,
    hour,
    listed,
    quoted,
    who,
)
from werkraum_feedback.report.report_facts import (
    Crowd,
    Item,
    Next,
    Occasion,
    Office,
    Paper,
    Pledged,
    PracticeCard,
    Ties,
)
from werkraum_feedback.report.report_words import linked, plainly
from werkraum_feedback.results.shares import FEWEST


class English(EnglishSurvey):
    def title(self, occasion: Occasion) -> str:
        return f"Report: {occasion.title}"

    def head(self, occasion: Occasion, office: Office, crowd: Crowd) -> Sequence[str]:
        begin, end, zone = occasion.starts_at, occasion.ends_at, occasion.timezone
        until = hour(end, zone)
        if day(begin, zone) != day(end, zone):
            until = f"{day(end, zone)}, {until}"
        found = [
            f"Date: {day(begin, zone)}, {hour(begin, zone)} to {until}",
            f"Format: {self._format(occasion)}",
            f"Organiser: {plainly(office.name)}",
        ]
        if crowd.people >= FEWEST:
            found.append(f"{'Attended' if crowd.noted else 'Registered'}: ")
            found[-1] += self._people(crowd)
        return found

    def _people(self, crowd: Crowd) -> str:
        if crowd.organisations < 2:
            return f"{crowd.people} people"
        return f"{crowd.people} people from {crowd.organisations} organisations"

    def _format(self, occasion: Occasion) -> str:
        place = f" ({plainly(occasion.place)})" if occasion.place else ""
        words = {Mode.ONSITE: f"on site{place}", Mode.ONLINE: "online"}
        return " and ".join(words[mode] for mode in occasion.modes)

    def opening(self, occasion: Occasion, title: str) -> str:
        date = day(occasion.starts_at, occasion.timezone)
        where = self._format(occasion)
        return (
            f"The {KINDS[occasion.kind]} {quoted(title)} took place {where} on {date}."
        )

    def represented(self, groups: Sequence[GroupOf]) -> str:
        return f"People came from {groups_in(groups)}."

    def people_heads(self) -> tuple[str, str, str]:
        return "Who took part", "From", "People"

    def group(self, group: GroupOf) -> str:
        return capital(groups_in([group]))

    def others(self) -> str:
        return "Others, and those who did not say"

    def topics(self, names: Sequence[str]) -> str:
        joined = listed([quoted(it) for it in names])
        return f"It was about {joined}."

    def needs(self) -> str:
        return "What people expected and wished for had been asked beforehand."

    def course(self, items: Sequence[Item]) -> str:
        middle = ("{} followed.", "Then came {}.", "After that there was {}.")
        said = [f"The event began with {self._item(items[0])}."]
        said += [
            middle[number % len(middle)].format(self._item(item))
            for number, item in enumerate(items[1:-1])
        ]
        if len(items) > 1:
            said.append(f"It closed with {self._item(items[-1])}.")
        return " ".join(said)

    def _item(self, item: Item) -> str:
        by = f" with {listed([plainly(it) for it in item.speakers])}"
        return quoted(plainly(item.title)) + (by if item.speakers else "")

    def introduction(self, how_many: str) -> str:
        return (
            "First everybody had a say in an introduction round; "
            f"{who(how_many, VOICES)} of this event come from it."
        )

    def common(self, groups: Sequence[GroupOf]) -> str:
        return f"It soon became clear that {groups_in(groups)} share concerns."

    def connecting(self, names: Sequence[str]) -> str:
        if len(names) == 1:
            return f"The theme that connects them is {quoted(names[0])}."
        count = NUMBERS.get(len(names), str(len(names)))
        joined = listed([quoted(it) for it in names])
        return f"The {count} themes that connect them are {joined}."

    def most_named(self, names: Sequence[str]) -> str:
        if len(names) == 1:
            return f"Most was said about {quoted(names[0])}."
        rest = listed([quoted(it) for it in names[1:]])
        return f"Most was said about {quoted(names[0])}, followed by {rest}."

    def theme(self, turn: int, name: str, share: str) -> str:
        verb = ("are about", "touch on", "deal with")[turn % 3]
        return f"{capital(who(share, VOICES))} {verb} {quoted(name)}."

    def shared_by(self, turn: int, groups: Sequence[GroupOf]) -> str:
        match turn % 3:
            case 0:
                return f"The theme connects {groups_in(groups)}."
            case 1:
                return f"It was raised by {groups_in(groups)}."
            case _:
                return f"Here {groups_in(groups)} meet."

    def differing(
        self,
        turn: int,
        most: GroupOf,
        most_share: str,
        least: GroupOf,
        least_share: str,
    ) -> str:
        high = f"among {groups_in([most])}, {who(most_share, VOICES)} are about it"
        low = f"among {groups_in([least])}, {who(least_share, 'them')}"
        match turn % 3:
            case 0:
                return f"It weighs differently: {high}; {low}."
            case 1:
                return f"{capital(high)}, but {low}."
            case _:
                return f"Not everywhere alike: {high}; {low}."

    def stances(self, turn: int, asking: bool, wishing: bool, doing: bool) -> str:
        parts = [
            words
            for there, words in (
                (asking, "name worries and open questions"),
                (wishing, "wish for support"),
                (doing, "speak from experience already or offer help"),
            )
            if there
        ]
        opening = (
            "People stand at different points",
            "Here, too, not everybody is equally far",
            "Where people start from differs",
        )[turn % 3]
        if len(parts) == 2:
            return f"{opening}: some {parts[0]}, others {parts[1]}."
        return (
            f"{opening}: while some {parts[0]}, others {parts[1]}, and others again "
            f"{parts[2]}."
        )

    def mainly(self, asking: bool, wishing: bool) -> str:
        if asking:
            return "Mainly worries and open questions were voiced."
        if wishing:
            return "Mainly wishes were voiced."
        return "Mainly experiences and offers were shared."

    def approaches(self, turn: int, experiences: str, offers: str) -> str:
        tail = (
            "which others can build on",
            "so there is something here already",
            "a ground for the work ahead",
        )[turn % 3]
        if not experiences:
            return f"{capital(who(offers, VOICES))} on it hold an offer to others."
        said = f"{capital(who(experiences, VOICES))} on it tell of experience"
        if not offers:
            return f"{said}, {tail}."
        return f"{said}, {who(offers, VOICES)} hold an offer to others."

    def examples(self, practices: Sequence[PracticeCard]) -> str:
        names = [self._practice(it) for it in practices]
        shows = "shows" if len(names) == 1 else "show"
        return f"How it can be done {shows} {listed(names)}."

    def _practice(self, it: PracticeCard) -> str:
        place = f" ({plainly(it.place)})" if it.place else ""
        return quoted(plainly(it.title)) + place

    def voice_from(self, group: GroupOf) -> str:
        if group.org_size:
            return f"A voice from a {SIZES[group.org_size]} town"
        if group.org_kind:
            return f"A voice from {PLACES[group.org_kind][1]}"
        return ""

    def practices(self, count: int) -> str:
        if count == 1:
            return "One example from practice is kept here."
        number = NUMBERS.get(count, str(count))
        return f"Examples from practice were exchanged; {number} of them are kept here."

    def practice_heads(self) -> tuple[str, str, str, str, str]:
        caption = "The examples at a glance"
        return caption, "Example", "Where", "What is done", "What it takes"

    def closing(self, names: Sequence[str]) -> str:
        if not names:
            return "In a closing round everybody had a say once more."
        return (
            "In the closing round "
            f"{listed([quoted(it) for it in names])} came up once more."
        )

    def ties(self, ties: Ties) -> str:
        said = f"{capital(self._ties(ties.agreed))} came about between people, to be "
        said += "used for future exchange"
        if not ties.talks:
            return f"{said}."
        talks = self._few(ties.talks, "bilateral talk", "bilateral talks")
        return f"{said}; {talks} {'is' if ties.talks == 1 else 'are'} agreed already."

    def _ties(self, count: int) -> str:
        if count >= 2 * FEWEST:
            return f"numerous contacts, {count} in all,"
        return self._few(count, "first contact", "contacts")

    def _few(self, count: int, one: str, many: str) -> str:
        if count == 1:
            return f"one {one}"
        if count < FEWEST:
            return f"{'several' if count > 2 else 'a few'} {many}"
        return f"{NUMBERS.get(count, str(count))} {many}"

    def pledged(self, pledged: Pledged) -> str:
        forms = listed([FORMS[form] for form, _ in pledged.forms])
        if pledged.people < FEWEST:
            number = "A few" if pledged.people < 3 else "Several"
        else:
            number = capital(NUMBERS.get(pledged.people, str(pledged.people)))
        return f"{number} people have promised to join in: {forms}."

    def wishes(self, names: Sequence[str]) -> str:
        joined = listed([quoted(it) for it in names])
        return f"Wishes for the work ahead are mainly about {joined}."

    def answered(self, theme: str, did: str) -> str:
        return f"On {quoted(theme)}: {did}"

    def papers(self, papers: Sequence[Paper]) -> str:
        names = listed([linked(it.title, it.link) for it in papers])
        return f"To read on: {names}."

    def next(self, events: Sequence[Next]) -> str:
        titles = [quoted(linked(it.title, it.address)) for it in events]
        days = [day(it.starts_at, it.timezone) for it in events]
        names = [f"{title} on {on}" for title, on in zip(titles, days, strict=True)]
        if len(names) == 1:
            return f"The next event is {names[0]}."
        return f"The next events are {listed(names)}."

    def about(self, office: Office) -> str:
        pages = f"{linked('legal notice', office.imprint)} and "
        pages += linked("privacy", office.privacy)
        return f"This report is published by {plainly(office.name)}; {pages}."

    def contact(self, office: Office) -> str:
        return f"Contact: {linked(office.contact, f'mailto:{office.contact}')}"

    def one_person(self) -> str:
        return (
            "This report was written and, after a second reading, published by the "
            "same person."
        )
