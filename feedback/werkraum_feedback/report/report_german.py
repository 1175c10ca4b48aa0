"""German of a report, as a good clerk writes it."""

from collections.abc import Sequence

from werkraum_events.models import Mode
from werkraum_feedback.coding.speaker_groups import GroupOf
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
from werkraum_feedback.report.report_german_survey import GermanSurvey
from werkraum_feedback.report.report_german_words import (
    FORMS,
    KINDS,
    NOBODY,
    NUMBERS,
    PLACES,
    STEMS,
    VOICES,
    capital,
    day,
    groups_in,
    hour,
    in_whom,
    listed,
    quoted,
    verb,
    who,
)
from werkraum_feedback.report.report_words import linked, plainly
from werkraum_feedback.results.shares import FEWEST


class German(GermanSurvey):
    def title(self, occasion: Occasion) -> str:
        return f"Bericht: {occasion.title}"

    def head(self, occasion: Occasion, office: Office, crowd: Crowd) -> Sequence[str]:
        begin, end, zone = occasion.starts_at, occasion.ends_at, occasion.timezone
        when = f"Datum: {day(begin, zone)}, {hour(begin, zone)} "
        if day(begin, zone) == day(end, zone):
            when += f"bis {hour(end, zone)} Uhr"
        else:
            when += f"Uhr bis {day(end, zone)}, {hour(end, zone)} Uhr"
        found = [
            when,
            f"Format: {self._format(occasion)}",
            f"Veranstalter: {plainly(office.name)}",
        ]
        if crowd.people >= FEWEST:
            found.append(f"{'Teilgenommen' if crowd.noted else 'Angemeldet'}: ")
            found[-1] += self._people(crowd)
        return found

    def _people(self, crowd: Crowd) -> str:
        if crowd.organisations < 2:
            return f"{crowd.people} Personen"
        return f"{crowd.people} Personen aus {crowd.organisations} Organisationen"

    def _format(self, occasion: Occasion) -> str:
        place = f" ({plainly(occasion.place)})" if occasion.place else ""
        words = {Mode.ONSITE: f"vor Ort{place}", Mode.ONLINE: "online"}
        return " und ".join(words[mode] for mode in occasion.modes)

    def opening(self, occasion: Occasion, title: str) -> str:
        article, noun = KINDS[occasion.kind]
        where = self._format(occasion)
        date = day(occasion.starts_at, occasion.timezone)
        return f"{article} {noun} {quoted(title)} fand am {date} {where} statt."

    def represented(self, groups: Sequence[GroupOf]) -> str:
        return f"Vertreten waren {groups_in(groups)}."

    def people_heads(self) -> tuple[str, str, str]:
        return "Wer teilgenommen hat", "Herkunft", "Personen"

    def group(self, group: GroupOf) -> str:
        return capital(groups_in([group]))

    def others(self) -> str:
        return "Übrige und ohne Angabe"

    def topics(self, names: Sequence[str]) -> str:
        if len(names) == 1:
            return f"Im Mittelpunkt stand das Thema {quoted(names[0])}."
        return f"Im Mittelpunkt standen {listed([quoted(it) for it in names])}."

    def needs(self) -> str:
        return "Was die Teilnehmenden erwarten und wünschen, war vorab erfragt worden."

    def course(self, items: Sequence[Item]) -> str:
        middle = ("Es folgte {}.", "Daran schloss sich {} an.", "Danach ging es um {}.")
        said = [f"Den Auftakt machte {self._item(items[0])}."]
        said += [
            middle[number % len(middle)].format(self._item(item))
            for number, item in enumerate(items[1:-1])
        ]
        if len(items) > 1:
            said.append(f"Den Abschluss bildete {self._item(items[-1])}.")
        return " ".join(said)

    def _item(self, item: Item) -> str:
        by = f" mit {listed([plainly(it) for it in item.speakers])}"
        return quoted(plainly(item.title)) + (by if item.speakers else "")

    def introduction(self, how_many: str) -> str:
        return (
            "Zunächst kamen die Teilnehmenden in einer Vorstellungsrunde zu Wort; "
            f"{who(how_many, VOICES)} zu dieser Veranstaltung "
            f"{verb(how_many, 'stammt', 'stammen')} daraus."
        )

    def common(self, groups: Sequence[GroupOf]) -> str:
        return (
            f"Dabei wurde deutlich, dass {groups_in(groups)} gemeinsame Anliegen haben."
        )

    def connecting(self, names: Sequence[str]) -> str:
        if len(names) == 1:
            return f"Das verbindende Thema war {quoted(names[0])}."
        count = NUMBERS.get(len(names), str(len(names)))
        joined = listed([quoted(it) for it in names], last="sowie")
        return f"Die {count} verbindenden Themen waren {joined}."

    def most_named(self, names: Sequence[str]) -> str:
        if len(names) == 1:
            return f"Am häufigsten ging es um {quoted(names[0])}."
        rest = listed([quoted(it) for it in names[1:]])
        return f"Am häufigsten ging es um {quoted(names[0])}, gefolgt von {rest}."

    def theme(self, turn: int, name: str, share: str) -> str:
        match turn % 3:
            case 0:
                return f"Um {quoted(name)} ging es in {in_whom(share, VOICES)}."
            case 1:
                said = verb(share, "berührt", "berühren")
                return f"{capital(who(share, VOICES))} {said} {quoted(name)}."
            case _:
                said = verb(share, "gilt", "gelten")
                whom = f"dem Thema {quoted(name)}"
                return f"{capital(who(share, VOICES))} {said} {whom}."

    def shared_by(self, turn: int, groups: Sequence[GroupOf]) -> str:
        match turn % 3:
            case 0:
                return f"Das Thema verbindet {groups_in(groups)}."
            case 1:
                return f"Zur Sprache brachten es {groups_in(groups)}."
            case _:
                return f"Darin treffen sich {groups_in(groups)}."

    def differing(
        self,
        turn: int,
        most: GroupOf,
        most_share: str,
        least: GroupOf,
        least_share: str,
    ) -> str:
        often = in_whom(most_share, VOICES)
        if least_share == NOBODY:
            seldom = "gar nicht"
        else:
            seldom = f"nur in {in_whom(least_share, VOICES)}"
        high, low = groups_in([most], 1), groups_in([least], 1)
        match turn % 3:
            case 0:
                return (
                    f"Die Gewichte liegen verschieden: Bei {high} kam es in {often} "
                    f"vor, bei {low} {seldom}."
                )
            case 1:
                return (
                    f"Besonders oft war davon bei {high} die Rede, nämlich in {often}; "
                    f"bei {low} {seldom}."
                )
            case _:
                return (
                    f"In {often} von {high} kam es zur Sprache, bei {low} dagegen "
                    f"{seldom}."
                )

    def stances(self, turn: int, asking: bool, wishing: bool, doing: bool) -> str:
        parts = [
            words
            for there, words in (
                (asking, "Sorgen und offene Fragen nennen"),
                (wishing, "sich Unterstützung wünschen"),
                (doing, "bereits aus eigener Erfahrung berichten oder Hilfe anbieten"),
            )
            if there
        ]
        opening = (
            "Dabei stehen die Beteiligten an unterschiedlichen Stellen",
            "Auch hier sind nicht alle gleich weit",
            "Die Ausgangslagen unterscheiden sich",
        )[turn % 3]
        if len(parts) == 2:
            return (
                f"{opening}: Es gibt die einen, die {parts[0]}, und andere, die "
                f"{parts[1]}."
            )
        return (
            f"{opening}: Während die einen {parts[0]}, gibt es andere, die {parts[1]}, "
            f"und wieder andere, die {parts[2]}."
        )

    def mainly(self, asking: bool, wishing: bool) -> str:
        if asking:
            return "Vor allem Sorgen und offene Fragen kamen dazu auf."
        if wishing:
            return "Vor allem Wünsche wurden dazu geäußert."
        return "Vor allem eigene Erfahrungen und Angebote kamen dazu zur Sprache."

    def approaches(self, turn: int, experiences: str, offers: str) -> str:
        said = ""
        tail = (
            "daran lässt sich anknüpfen",
            "auch hier liegt also schon etwas vor",
            "darauf kann die weitere Arbeit aufbauen",
        )[turn % 3]
        if experiences:
            report = verb(experiences, "berichtet", "berichten")
            said = f"{capital(who(experiences, VOICES))} dazu {report} von eigenen "
            said += "Erfahrungen"
        if not offers:
            return f"{said}; {tail}."
        if said:
            holds = verb(offers, "enthält", "enthalten")
            return f"{said}, {who(offers, VOICES)} {holds} ein Angebot an andere."
        holds = verb(offers, "enthält", "enthalten")
        return f"{capital(who(offers, VOICES))} dazu {holds} ein Angebot an andere."

    def examples(self, practices: Sequence[PracticeCard]) -> str:
        names = [self._practice(it) for it in practices]
        if len(names) == 1:
            return f"Wie es gehen kann, zeigt {names[0]}."
        return f"Wie es gehen kann, zeigen {listed(names)}."

    def _practice(self, it: PracticeCard) -> str:
        place = f" ({plainly(it.place)})" if it.place else ""
        return quoted(plainly(it.title)) + place

    def voice_from(self, group: GroupOf) -> str:
        if group.org_size:
            return f"Stimme aus einer {STEMS[group.org_size]}stadt"
        if group.org_kind:
            return f"Stimme {PLACES[group.org_kind][2]}"
        return ""

    def practices(self, count: int) -> str:
        if count == 1:
            return "Ein Beispiel aus der Praxis ist hier festgehalten."
        number = NUMBERS.get(count, str(count))
        return (
            "Unter den Teilnehmenden wurden Beispiele aus der Praxis ausgetauscht; "
            f"{number} davon sind hier festgehalten."
        )

    def practice_heads(self) -> tuple[str, str, str, str, str]:
        caption = "Die Beispiele im Überblick"
        return caption, "Beispiel", "Wo", "Was getan wird", "Was es braucht"

    def closing(self, names: Sequence[str]) -> str:
        if not names:
            return "In einer Feedbackrunde am Ende kamen alle noch einmal zu Wort."
        were = "wurden" if len(names) > 1 else "wurde"
        return (
            f"In der Feedbackrunde am Ende {were} noch einmal "
            f"{listed([quoted(it) for it in names])} aufgegriffen."
        )

    def ties(self, ties: Ties) -> str:
        said = (
            f"Zwischen den Teilnehmenden ergaben sich {self._ties(ties.agreed)}, die "
            "sich für künftigen Austausch nutzen lassen"
        )
        if not ties.talks:
            return f"{said}."
        met = self._few(ties.talks, "bilaterales Gespräch", "bilaterale Gespräche")
        agreed = "vereinbart" if ties.talks > 1 else "verabredet"
        return f"{said}; {met} {'sind' if ties.talks > 1 else 'ist'} schon {agreed}."

    def _ties(self, count: int) -> str:
        if count >= 2 * FEWEST:
            return f"zahlreiche Anknüpfungspunkte, {count} an der Zahl"
        return self._few(count, "erster Anknüpfungspunkt", "Anknüpfungspunkte")

    def _few(self, count: int, one: str, many: str) -> str:
        if count == 1:
            return f"ein {one}"
        if count < FEWEST:
            return f"{'mehrere' if count > 2 else 'einzelne'} {many}"
        return f"{NUMBERS.get(count, str(count))} {many}"

    def pledged(self, pledged: Pledged) -> str:
        forms = listed([FORMS[form] for form, _ in pledged.forms])
        if pledged.people < FEWEST:
            number = "Einzelne" if pledged.people < 3 else "Mehrere"
            return f"{number} haben zugesagt, mitzuwirken: {forms}."
        number = capital(NUMBERS.get(pledged.people, str(pledged.people)))
        return f"{number} Personen haben zugesagt, mitzuwirken: {forms}."

    def wishes(self, names: Sequence[str]) -> str:
        return (
            "Wünsche an die weitere Arbeit betreffen vor allem "
            f"{listed([quoted(it) for it in names])}."
        )

    def answered(self, theme: str, did: str) -> str:
        return f"Zu {quoted(theme)}: {did}"

    def papers(self, papers: Sequence[Paper]) -> str:
        names = listed([linked(it.title, it.link) for it in papers])
        stand = "stehen" if len(papers) > 1 else "steht"
        return f"Zum Nachlesen {stand} bereit: {names}."

    def next(self, events: Sequence[Next]) -> str:
        titles = [quoted(linked(it.title, it.address)) for it in events]
        days = [day(it.starts_at, it.timezone) for it in events]
        names = [f"{title} am {on}" for title, on in zip(titles, days, strict=True)]
        if len(names) == 1:
            return f"Weiter geht es mit {names[0]}."
        return f"Die nächsten Veranstaltungen sind {listed(names)}."

    def about(self, office: Office) -> str:
        pages = f"{linked('Impressum', office.imprint)} und "
        pages += linked("Datenschutz", office.privacy)
        return f"Diesen Bericht gibt heraus: {plainly(office.name)}; {pages}."

    def contact(self, office: Office) -> str:
        return f"Kontakt: {linked(office.contact, f'mailto:{office.contact}')}"

    def one_person(self) -> str:
        return (
            "Dieser Bericht wurde von derselben Person geschrieben und, nach einem "
            "zweiten Lesen, veröffentlicht."
        )
