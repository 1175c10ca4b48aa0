"""Gathering the facts of a report: two dozen queries, however much there is."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.expressions import Q

from werkraum_events.models import Event, Material, Status
from werkraum_events.queries import sessions_of, topics_of
from werkraum_feedback.asking.queries import questions_of
from werkraum_feedback.coding.quoted_names import quotable_names
from werkraum_feedback.coding.speaker_groups import (
    GroupOf,
    group_of,
    named_groups,
    shown,
)
from werkraum_feedback.coding.theme_counts import (
    ThemeCount,
    codings_of,
    counts_among,
    statements_by_id,
)
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
from werkraum_feedback.models import Round, RoundKind, RoundState
from werkraum_feedback.report.report_facts import (
    Answered,
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
from werkraum_feedback.results.round_results import results_of
from werkraum_feedback.statement_models import (
    Coding,
    Phase,
    Quoting,
    Statement,
    StatementKind,
)
from werkraum_foundation.language import in_language, pick
from werkraum_foundation.links import address_of
from werkraum_registration.headcount import headcount_of

MOST_VOICES = 3
MOST_NEXT = 5
# A survey of the whole network that ended so shortly before is reported with it.
NETWORK_SURVEY = timedelta(days=90)


async def facts_of(event: Event, language: str, *, now: datetime) -> Facts:
    """Gather what there is to report; `event` comes with its organiser."""
    with in_language(language):
        spoken, named = await statements_by_id(event.id), await named_groups(event.id)
        codings = await codings_of(event.id)
        counts = await counts_among(spoken, named, codings)
        return Facts(
            language=language,
            at=now,
            occasion=await _occasion(event),
            office=_office(event),
            crowd=await _crowd(event.id),
            items=[
                Item(it.id, pick(it.title)[0], tuple(it.speakers))
                for it in await sessions_of(event.id)
            ],
            spoken=_spoken(spoken, named),
            themes=_themes(
                counts, spoken, named, await _voices(codings, spoken, named)
            ),
            rounds=await _rounds(event, counts, spoken, now=now),
            practices=await _practices(event.id),
            ties=await _ties(event.id),
            pledged=await _pledged(event.id),
            closing_themes=_closing_themes(counts, spoken),
            answered=await _answered(event.id),
            papers=await _papers(event.id),
            next=await _next(event, now=now),
        )


async def _occasion(event: Event) -> Occasion:
    return Occasion(
        event_id=event.id,
        title=pick(event.title)[0],
        summary=pick(event.summary)[0],
        kind=event.kind,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        timezone=event.timezone,
        place=event.place_name,
        modes=event.modes,
        topics=tuple(pick(it.name)[0] for it in await topics_of(event.id)),
        address=address_of("events:event", slug=event.slug),
    )


def _office(event: Event) -> Office:
    organiser = event.organiser
    imprint, privacy = (
        address_of(f"legal:{page}", organiser=organiser.slug)
        for page in ("imprint", "privacy")
    )
    return Office(organiser.name, organiser.contact, imprint, privacy)


async def _crowd(event_id: UUID) -> Crowd:
    head = await headcount_of(event_id)
    noted = head.attended > 0
    groups: Counter[GroupOf] = Counter()
    for count in head.counts:
        people = count.attended if noted else count.registered
        groups[GroupOf.of(count.kind, count.size)] += people
    people = head.attended if noted else head.registered
    return Crowd(people, head.organisations, noted, tuple(groups.items()))


def _spoken(found: dict[UUID, Statement], named: frozenset[GroupOf]) -> Spoken:
    phases = Counter(it.phase for it in found.values())
    return Spoken(
        statements=len(found),
        introduction=phases[Phase.INTRODUCTION],
        closing=phases[Phase.CLOSING],
        named=tuple(sorted(named, key=lambda it: it.code)),
    )


def _themes(
    counts: list[ThemeCount],
    spoken: dict[UUID, Statement],
    named: frozenset[GroupOf],
    voices: dict[UUID, list[Voice]],
) -> list[Talked]:
    whole = Counter(shown(group_of(it), named) for it in spoken.values())
    return [
        Talked(
            theme_id=count.theme.id,
            name=pick(count.theme.name)[0],
            definition=pick(count.theme.definition)[0],
            statements=count.statements,
            groups=tuple(
                GroupShare(group, count.by_group.get(group, 0), whole[group])
                for group in sorted(named, key=lambda it: it.code)
            ),
            kinds=_kinds(count, spoken),
            voices=_mixed(voices.get(count.theme.id, [])),
        )
        for count in counts
    ]


def _kinds(
    count: ThemeCount, spoken: dict[UUID, Statement]
) -> tuple[tuple[StatementKind, int], ...]:
    found = (spoken[it].kind for it in count.statement_ids)
    return tuple(sorted(Counter(kind for kind in found if kind).items()))


def _mixed(voices: list[Voice]) -> tuple[Voice, ...]:
    """Choose a few, of different groups as far as there are."""
    firsts = {voice.group: voice for voice in reversed(voices)}
    others = [it for it in voices if it not in firsts.values()]
    return (*firsts.values(), *others)[:MOST_VOICES]


async def _voices(
    codings: list[Coding], spoken: dict[UUID, Statement], named: frozenset[GroupOf]
) -> dict[UUID, list[Voice]]:
    """Choose, by theme, what was marked as worth quoting and may be quoted.

    One query for the names of those who are quoted by name.
    """
    voices: dict[UUID, dict[str, Voice]] = {}
    marked = [it for it in codings if it.good_quote]
    names = await quotable_names(spoken[it.statement_id] for it in marked)
    for coding in sorted(marked, key=lambda it: it.statement_id):
        said = spoken[coding.statement_id]
        text = said.text[coding.start : coding.end].strip()
        if said.quoting is Quoting.NO or not text:
            continue
        group = shown(group_of(said), named)
        voice = Voice(said.id, text, said.language, group, names.get(said.id, ""))
        voices.setdefault(coding.theme_id, {}).setdefault(text, voice)
    return {theme: list(found.values()) for theme, found in voices.items()}


async def _rounds(
    event: Event,
    counts: list[ThemeCount],
    spoken: dict[UUID, Statement],
    *,
    now: datetime,
) -> list[Asked]:
    """Read the closed rounds of an event, and the network's survey of its time."""
    of_network = Q(
        event_id__isnull=True,
        kind=RoundKind.SURVEY,
        closed_at__gte=event.starts_at - NETWORK_SURVEY,
        closed_at__lte=max(now, event.ends_at),
    )
    found = Round.filter(
        Q(event_id=event.id) | of_network,
        organiser_id=event.organiser_id,
        state=RoundState.CLOSED,
    )
    return [
        Asked(
            round_id=it.id,
            kind=it.kind,
            title=pick(it.title)[0],
            of_network=it.event_id is None,
            opened_at=it.opened_at,
            ended_at=it.ended_at,
            questions=await questions_of(it.id),
            results=await results_of(it),
            themes=_themes_of(it.id, counts, spoken),
        )
        for it in await found.order_by("id")
    ]


def _themes_of(
    round_id: UUID, counts: list[ThemeCount], spoken: dict[UUID, Statement]
) -> tuple[str, ...]:
    """Name what the texts of a round are about, most spoken of first."""
    of_round = {it.id for it in spoken.values() if it.round_id == round_id}
    found = [
        (len(of_round & set(count.statement_ids)), pick(count.theme.name)[0])
        for count in counts
    ]
    # One voice is no theme of a survey.
    told = sorted((it for it in found if it[0] > 1), key=lambda it: -it[0])
    return tuple(name for _, name in told)


def _closing_themes(
    counts: list[ThemeCount], spoken: dict[UUID, Statement]
) -> list[tuple[str, int]]:
    closing = {it.id for it in spoken.values() if it.phase is Phase.CLOSING}
    found = [
        (pick(it.theme.name)[0], len(closing & set(it.statement_ids))) for it in counts
    ]
    return sorted(found, key=lambda it: -it[1])


async def _practices(event_id: UUID) -> list[PracticeCard]:
    """Read the cards that everybody sees: a yes alone makes none of them public."""
    found = Practice.filter(event_id=event_id, state=PracticeState.PUBLISHED)
    return [
        PracticeCard(
            it.id,
            it.theme_id,
            pick(it.title)[0],
            it.place,
            pick(it.what)[0],
            pick(it.took)[0],
            it.link,
        )
        for it in await found.order_by("id")
    ]


async def _ties(event_id: UUID) -> Ties:
    agreed = Contact.filter(event_id=event_id, state=ContactState.AGREED)
    talks = await agreed.filter(talk_at__isnull=False).count()
    return Ties(await agreed.count(), talks)


async def _pledged(event_id: UUID) -> Pledged:
    standing = Pledge.filter(event_id=event_id).exclude(state=PledgeState.WITHDRAWN)
    found = await standing.only("id", "registration_id", "form")
    forms = Counter(form for form, _ in {(it.form, it.registration_id) for it in found})
    return Pledged(
        len({it.registration_id for it in found}), tuple(sorted(forms.items()))
    )


async def _answered(event_id: UUID) -> list[Answered]:
    found = Reply.filter(event_id=event_id, state=ReplyState.SENT)
    return [
        Answered(it.id, pick(it.theme.name)[0], pick(it.did)[0])
        for it in await found.select_related("theme").order_by("id")
    ]


async def _papers(event_id: UUID) -> list[Paper]:
    found = Material.filter(event_id=event_id, public=True).order_by("position")
    return [Paper(it.id, pick(it.title)[0], it.link, it.version) for it in await found]


async def _next(event: Event, *, now: datetime) -> list[Next]:
    found = Event.filter(
        organiser_id=event.organiser_id, status=Status.PUBLISHED, starts_at__gt=now
    ).exclude(id=event.id)
    return [
        Next(
            it.id,
            pick(it.title)[0],
            it.starts_at,
            it.timezone,
            address_of("events:event", slug=it.slug),
        )
        for it in await found.order_by("starts_at", "id").limit(MOST_NEXT)
    ]
