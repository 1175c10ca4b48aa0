"""The figures an office owes to its funders: of a period, each with its definition."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tortoise.expressions import Q

from werkraum_events.models import Event, EventTopic, Kind, Status
from werkraum_feedback.follow_up_models import (
    Contact,
    ContactState,
    Pledge,
    PledgeState,
    Practice,
    PracticeState,
    Reply,
    ReplyState,
)
from werkraum_feedback.models import ResponseRow, Round, RoundState
from werkraum_feedback.report_models import Report, ReportState
from werkraum_foundation.database import rows
from werkraum_foundation.language import gettext, noop
from werkraum_foundation.local_times import local
from werkraum_registration.models import OrganisationKind
from werkraum_registration.words import kind_words, size_words
from werkraum_server.funder_rules import Figure, K, told

IN_LETTERS = str.maketrans("0123456789", "abcdefghij")
KINDS = {
    Kind.FORUM: noop("Forums"),
    Kind.WORKSHOP: noop("Workshops"),
    Kind.TALK: noop("Talks"),
}


@dataclass(frozen=True)
class Period:
    """Which events count: those that begin from one day to another, of a topic."""

    first: date
    last: date
    topic: str = ""

    def query(self) -> dict[str, str]:
        return {
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "topic": self.topic,
        }


async def figures_of(
    organiser_id: UUID, period: Period, *, now: datetime
) -> list[Figure]:
    """Count everything about the events of a period; a fixed number of queries."""
    events = await _events(organiser_id, period)
    held = [it for it in events if it.status is Status.PUBLISHED]
    ids = [it.id for it in held]
    return [
        *_of_events(events, held),
        *await _of_people([it.id for it in held if it.ends_at <= now], ids),
        *await _of_groups(ids),
        *await _of_feedback(ids),
        *await _of_what_followed(ids),
    ]


async def _events(organiser_id: UUID, period: Period) -> list[Event]:
    shown = (Status.PUBLISHED, Status.CANCELLED)
    found = Event.filter(organiser_id=organiser_id, status__in=shown)
    if period.topic:
        tied = EventTopic.filter(topic__slug=period.topic)
        found = found.filter(id__in=[it.event_id for it in await tied])
    return [it for it in await found.order_by("starts_at") if _falls_in(it, period)]


def _falls_in(event: Event, period: Period) -> bool:
    day = local(event.starts_at, event.timezone).date()
    return period.first <= day <= period.last


def _of_events(events: Sequence[Event], held: Sequence[Event]) -> Iterable[Figure]:
    begins = gettext("Public events that begin in the period and were not called off.")
    yield Figure("events", gettext("Events"), begins, len(held))
    kinds = Counter(it.kind for it in held)
    for kind, name in KINDS.items():
        defined = gettext("Of these, by the kind the organiser chose.")
        yield Figure(f"events.{kind.value}", gettext(name), defined, kinds[kind])
    both = sum(it.onsite and it.online for it in held)
    onsite = sum(it.onsite and not it.online for it in held)
    defined = gettext("Of these, by the ways to take part that were offered.")
    yield Figure("events.onsite", gettext("On site only"), defined, onsite)
    online = sum(it.online and not it.onsite for it in held)
    yield Figure("events.online", gettext("Online only"), defined, online)
    yield Figure("events.hybrid", gettext("On site and online"), defined, both)
    off = gettext("Public events of the period that were called off; counted nowhere.")
    name = gettext("Events called off")
    yield Figure("events.off", name, off, len(events) - len(held))


async def _of_people(over: list[UUID], ids: list[UUID]) -> Iterable[Figure]:
    registered = await _sum(ids)
    noted = await _noted(over)
    attended = await _sum(noted, there=True)
    missing = await _sum(noted) - attended
    return [
        Figure(
            "people.registered",
            gettext("Registrations"),
            gettext("Seats that are confirmed, a party with all of its seats."),
            registered,
        ),
        Figure(
            "people.attended",
            gettext("Attended"),
            gettext(
                "Of these, seats whose people were checked in, by whatever way, at "
                "events that are over."
            ),
            attended,
        ),
        Figure(
            "people.missing",
            gettext("Did not come"),
            gettext(
                "Confirmed seats without check-in, at events that are over and where "
                "anybody was checked in at all."
            ),
            missing,
        ),
        Figure(
            "events.noted",
            gettext("Events with check-in"),
            gettext("Events that are over where anybody was checked in."),
            len(noted),
        ),
    ]


PRESENT = (
    "EXISTS (SELECT 1 FROM attendance a WHERE a.registration_id = r.id"
    " AND a.undone_at IS NULL AND a.session_id IS NULL)"
)


async def _sum(ids: list[UUID], *, there: bool = False) -> int:
    if not ids:
        return 0
    listed, values = _in(ids)
    [found] = await rows(
        "SELECT coalesce(sum(r.seats), 0) AS n FROM registration r"
        f" WHERE r.event_id IN {listed} AND r.state = 'confirmed'"
        f"{f' AND {PRESENT}' if there else ''}",
        **values,
    )
    return int(found["n"])


async def _noted(ids: list[UUID]) -> list[UUID]:
    if not ids:
        return []
    listed, values = _in(ids)
    found = await rows(
        "SELECT DISTINCT event_id FROM attendance WHERE undone_at IS NULL"
        f" AND session_id IS NULL AND event_id IN {listed}",
        **values,
    )
    return [UUID(str(it["event_id"])) for it in found]


async def _of_groups(ids: list[UUID]) -> Iterable[Figure]:
    """Count registered people by kind and size; small groups stand together."""
    groups = await _groups(ids)
    known = {group: n for group, n in groups.items() if group != ("", "")}
    shown, rest = told(groups)
    defined = gettext(
        "Confirmed seats by kind and size of the organisation, at the time of "
        "counting. Groups of fewer than %(number)s stand together.",
        number=K,
    )
    figures = [
        Figure(f"people.{kind}.{size}".rstrip("."), _group(kind, size), defined, n)
        for (kind, size), n in sorted(shown.items())
    ]
    if rest:
        name = gettext("All other groups together")
        figures.append(Figure("people.rest", name, defined, rest))
    named = gettext("Organisations named at least once, doubles merged; 0 if unknown.")
    count = await _organisations(ids) if known else 0
    figures.append(Figure("organisations", gettext("Organisations"), named, count))
    return figures


def _group(kind: str, size: str) -> str:
    if not kind:
        return gettext("People without an organisation, or of unknown kind")
    words = [kind_words(OrganisationKind(kind)), size_words(size)]
    return ", ".join(filter(None, words))


OF_ORGANISATIONS = (
    " FROM registration r LEFT JOIN organisation d ON d.id = r.organisation_id"
    " LEFT JOIN organisation o ON o.id = coalesce(d.merged_into_id, d.id)"
)


async def _groups(ids: list[UUID]) -> dict[tuple[str, str], int]:
    if not ids:
        return {}
    listed, values = _in(ids)
    found = await rows(
        "SELECT o.kind, o.size, sum(r.seats) AS n"
        f"{OF_ORGANISATIONS} WHERE r.event_id IN {listed}"
        " AND r.state = 'confirmed' GROUP BY o.kind, o.size",
        **values,
    )
    counted: Counter[tuple[str, str]] = Counter()
    for it in found:
        # Without a kind a size says nothing.
        size = it["size"] or "" if it["kind"] else ""
        counted[it["kind"] or "", size] += int(it["n"])
    return dict(counted)


async def _organisations(ids: list[UUID]) -> int:
    listed, values = _in(ids)
    [found] = await rows(
        f"SELECT count(DISTINCT o.id) AS n{OF_ORGANISATIONS}"
        f" WHERE r.event_id IN {listed} AND r.state = 'confirmed'",
        **values,
    )
    return int(found["n"])


async def _of_feedback(ids: list[UUID]) -> Iterable[Figure]:
    closed = await Round.filter(event_id__in=ids, state=RoundState.CLOSED)
    answered = ResponseRow.filter(round_id__in=[it.id for it in closed])
    answers, invited = await answered.count(), sum(it.invited for it in closed)
    told_rate = answers >= K and invited > 0
    rate = min(100, round(100 * answers / invited)) if told_rate else None
    reports = Report.filter(event_id__in=ids, state=ReportState.PUBLISHED)
    return [
        Figure(
            "rounds",
            gettext("Feedback rounds"),
            gettext("Rounds of these events that are closed."),
            len(closed),
        ),
        Figure(
            "rounds.answers",
            gettext("Answers"),
            gettext("Forms sent in these rounds, told from %(number)s on.", number=K),
            answers if answers >= K or not answers else None,
        ),
        Figure(
            "rounds.rate",
            gettext("Response rate in per cent"),
            gettext("Answers in 100 people asked, over all these rounds."),
            rate,
        ),
        Figure(
            "reports",
            gettext("Reports published"),
            gettext("Events of the period with at least one published report."),
            len({it.event_id for it in await reports.only("id", "event_id")}),
        ),
    ]


async def _of_what_followed(ids: list[UUID]) -> Iterable[Figure]:
    pairs = Contact.filter(event_id__in=ids)
    agreed = pairs.filter(state=ContactState.AGREED)
    standing = Pledge.filter(event_id__in=ids).exclude(state=PledgeState.WITHDRAWN)
    kept = standing.filter(state=PledgeState.DONE)
    published = await Practice.filter(
        Q(event_id__in=ids), state=PracticeState.PUBLISHED
    )
    countries = {code for it in published for code in it.countries}
    sent = Reply.filter(event_id__in=ids, state=ReplyState.SENT)
    of_events = gettext("Of these events, at the time of counting.")
    return [
        Figure(
            "contacts.suggested",
            gettext("Contacts suggested"),
            gettext("Pairs of participants that were suggested to each other."),
            await pairs.count(),
        ),
        Figure(
            "contacts.agreed",
            gettext("Contacts made"),
            gettext("Of these, pairs in which both said yes."),
            await agreed.count(),
        ),
        Figure(
            "contacts.talks",
            gettext("Talks agreed on"),
            gettext("Of these, pairs that set a time to talk."),
            await agreed.filter(talk_at__isnull=False).count(),
        ),
        Figure(
            "pledges",
            gettext("Pledges to join in"),
            gettext("Offers that were not taken back; kept for a year."),
            await standing.count(),
        ),
        Figure("pledges.kept", gettext("Pledges kept"), of_events, await kept.count()),
        Figure(
            "practices", gettext("Best practices published"), of_events, len(published)
        ),
        Figure(
            "practices.countries",
            gettext("Countries in best practices"),
            gettext("Different countries that these cards name."),
            len(countries),
        ),
        Figure(
            "replies",
            gettext("Themes answered"),
            gettext("Themes of which people were told what became of them."),
            await sent.count(),
        ),
    ]


def _in(ids: list[UUID]) -> tuple[str, dict[str, object]]:
    values: dict[str, object] = {_name(n): it for n, it in enumerate(ids)}
    return f"({', '.join(f':{name}' for name in values)})", values


def _name(number: int) -> str:
    """Name a value of a statement: letters alone are taken for names."""
    return "event_" + str(number).translate(IN_LETTERS)
