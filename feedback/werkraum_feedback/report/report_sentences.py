"""From facts to the sentences of each section; what the facts do not carry stays out.

Every sentence comes with its evidence. Shares are worded by shares.py alone.
"""

from collections.abc import Iterator, Sequence

from werkraum_feedback.coding.speaker_groups import NO_GROUP, GroupOf
from werkraum_feedback.models import RoundKind
from werkraum_feedback.report import report_evidence as evidence
from werkraum_feedback.report.report_drafts import Drafted
from werkraum_feedback.report.report_facts import Crowd, Facts, GroupShare, Talked
from werkraum_feedback.report.report_prose import Prose
from werkraum_feedback.report.report_sections import Section, of_theme
from werkraum_feedback.report.report_words import plainly
from werkraum_feedback.report_models import PassageKind
from werkraum_feedback.results.shares import FEWEST, share_in_words
from werkraum_feedback.statement_models import Phase, StatementKind

ASKING = (StatementKind.CONCERN, StatementKind.QUESTION)
DOING = (StatementKind.EXPERIENCE, StatementKind.OFFER)
# From three on "several" say it, and it is more than somebody's own.
SEVERAL = 3


def head(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    occasion, section = facts.occasion, Section.HEAD
    event = [evidence.of_row("event", occasion.event_id, occasion.title)]
    crowd = [*event, evidence.of_crowd(occasion.event_id, facts.crowd)]
    text = prose.opening(occasion, plainly(occasion.title))
    yield Drafted(section, "head.opening", text, event)
    lines = prose.head(occasion, facts.office, facts.crowd)
    for number, line in enumerate(lines):
        carried = crowd if number == 3 else event
        key = f"head.{number}"
        yield Drafted(section, key, line, carried, PassageKind.ITEM)
    yield from people(facts, prose)


def people(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    """Say where people came from: kinds in words, numbers from five people on."""
    named = told_groups(facts.crowd)
    carried = [evidence.of_crowd(facts.occasion.event_id, facts.crowd)]
    there = [it for it, count in facts.crowd.groups if count >= FEWEST]
    there = sorted((it for it in there if it != NO_GROUP), key=order)
    if there:
        text = prose.represented(there)
        yield Drafted(Section.HEAD, "head.represented", text, carried)
    if len(named) > 1:
        rest = facts.crowd.people - sum(count for _, count in named)
        rows = [[prose.group(it), str(count)] for it, count in named]
        if rest:
            rows.append([prose.others(), str(rest)])
        caption, *heads = prose.people_heads()
        yield Drafted(
            Section.HEAD,
            "head.people",
            caption,
            carried,
            PassageKind.TABLE,
            {"head": heads, "rows": rows},
        )


def told_groups(crowd: Crowd) -> list[tuple[GroupOf, int]]:
    """Choose the groups that are counted: what is left is none or five people."""
    known = [(group, count) for group, count in crowd.groups if group != NO_GROUP]
    told = sorted((it for it in known if it[1] >= FEWEST), key=lambda it: it[1])
    rest = crowd.people - sum(count for _, count in told)
    while told and 0 < rest < FEWEST:
        rest += told.pop(0)[1]
    return sorted(told, key=lambda it: order(it[0]))


def order(group: GroupOf) -> str:
    sizes = {"small": "1", "medium": "2", "large": "3"}
    return f"{0 if group.org_size else 1}{sizes.get(group.org_size or '', '')}" + (
        group.code
    )


def aim(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    occasion = facts.occasion
    event = [evidence.of_row("event", occasion.event_id, occasion.title)]
    if occasion.summary:
        yield Drafted(Section.AIM, "aim.summary", plainly(occasion.summary), event)
    if occasion.topics:
        text = prose.topics([plainly(it) for it in occasion.topics])
        yield Drafted(Section.AIM, "aim.topics", text, event)
    asked = [it for it in facts.asked(RoundKind.NEEDS) if it.results.detail]
    if asked:
        carried = [evidence.of_round(it) for it in asked]
        yield Drafted(Section.AIM, "aim.needs", prose.needs(), carried)


def course(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    if facts.items:
        carried = [evidence.of_row("session", it.id, it.title) for it in facts.items]
        text = prose.course(facts.items)
        yield Drafted(Section.COURSE, "course.items", text, carried)


def introduction(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    event_id, spoken = facts.occasion.event_id, facts.spoken
    if not spoken.may_be_told:
        return
    section, share = Section.INTRODUCTION, None
    if spoken.introduction:
        share = share_in_words(spoken.introduction, spoken.statements)
    if share:
        carried = evidence.of_said(
            event_id, spoken.introduction, spoken.statements, Phase.INTRODUCTION
        )
        text = prose.introduction(share)
        yield Drafted(section, "introduction.round", text, [carried])
    if not facts.themes:
        return
    connecting = facts.connecting
    themes = [evidence.of_theme(event_id, it, spoken.statements) for it in facts.told]
    names = [plainly(it.name) for it in facts.told]
    if not connecting:
        text = prose.most_named(names)
        yield Drafted(section, "introduction.most", text, themes)
        return
    groups = {it.group for talked in connecting for it in talked.groups if it.part}
    text = prose.common(sorted(groups, key=order))
    yield Drafted(section, "introduction.common", text, themes)
    text = prose.connecting(names)
    yield Drafted(section, "introduction.connecting", text, themes)


def themes(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    for number, talked in enumerate(facts.told, start=1):
        for it in theme(facts, prose, talked, number):
            it.data["heading"] = talked.name
            yield it


def theme(facts: Facts, prose: Prose, talked: Talked, number: int) -> Iterator[Drafted]:
    section, whole = of_theme(number), facts.spoken.statements
    base = f"theme.{talked.theme_id}"
    carried = [evidence.of_theme(facts.occasion.event_id, talked, whole)]
    share = share_in_words(talked.statements, whole)
    if share:
        text = prose.theme(number - 1, plainly(talked.name), share)
        if talked.connects:
            shared = [it.group for it in talked.groups if it.part]
            text += " " + prose.shared_by(number - 1, sorted(shared, key=order))
        yield Drafted(section, f"{base}.share", text, carried)
    if said := _differing(talked, prose, number - 1):
        yield Drafted(section, f"{base}.groups", said, carried)
    if said := _stances(talked, prose, number - 1):
        yield Drafted(section, f"{base}.stances", said, carried)
    for voice in talked.voices:
        yield Drafted(
            section,
            f"{base}.voice.{voice.statement_id}",
            plainly(voice.text),
            [evidence.of_statements([voice.statement_id])],
            PassageKind.QUOTE,
            {
                "from": voice.name or prose.voice_from(voice.group),
                "language": voice.language,
                **({"named": True} if voice.name else {}),
            },
        )
    yield from _approaches(facts, prose, talked, number)


def _differing(talked: Talked, prose: Prose, turn: int) -> str | None:
    """Tell two groups apart, where words can: few or many of their statements."""
    groups = sorted(talked.groups, key=lambda it: -it.part * 1000 // it.whole)
    if len(groups) < 2:
        return None
    most, least = groups[0], groups[-1]
    high, low = _share(most), _share(least)
    # "Some" beside "several" tells nothing apart.
    apart = most.part * least.whole - least.part * most.whole
    if not high or not low or high == low or 5 * apart < most.whole * least.whole:
        return None
    return prose.differing(turn, most.group, high, least.group, low)


def _share(found: GroupShare) -> str | None:
    return share_in_words(found.part, found.whole)


def _stances(talked: Talked, prose: Prose, turn: int) -> str | None:
    """Say that people stand at different points, where several stand at each."""
    asking = talked.count_of(*ASKING)
    wishing = talked.count_of(StatementKind.WISH)
    doing = talked.count_of(*DOING)
    whole = asking + wishing + doing
    if whole < FEWEST:
        return None
    said = [count >= SEVERAL for count in (asking, wishing, doing)]
    if sum(said) > 1:
        return prose.stances(turn, *said)
    if 100 * max(asking, wishing, doing) > 80 * whole:
        return prose.mainly(asking=said[0], wishing=said[1])
    return None


def _approaches(
    facts: Facts, prose: Prose, talked: Talked, number: int
) -> Iterator[Drafted]:
    event_id, section = facts.occasion.event_id, of_theme(number)
    whole, base = talked.statements, f"theme.{talked.theme_id}"
    experiences = talked.count_of(StatementKind.EXPERIENCE)
    offers = talked.count_of(StatementKind.OFFER)
    told = [share_in_words(it, whole) if it else "" for it in (experiences, offers)]
    if any(told):
        text = prose.approaches(number - 1, told[0] or "", told[1] or "")
        carried = evidence.of_theme(event_id, talked, facts.spoken.statements)
        counts = {"experiences": experiences, "offers": offers}
        yield Drafted(section, f"{base}.approaches", text, [carried | counts])
    practices = [it for it in facts.practices if it.theme_id == talked.theme_id]
    if practices:
        rows = [evidence.of_row("practice", it.id, it.title) for it in practices]
        yield Drafted(section, f"{base}.examples", prose.examples(practices), rows)


def practices(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    found, section = facts.practices, Section.PRACTICES
    if not found:
        return
    carried = [evidence.of_row("practice", it.id, it.title) for it in found]
    text = prose.practices(len(found))
    yield Drafted(section, "practices.intro", text, carried)
    rows = [[it.title, it.place, it.what, it.took] for it in found]
    caption, *heads = prose.practice_heads()
    kept = [n for n in range(4) if n == 0 or any(row[n] for row in rows)]
    yield Drafted(
        section,
        "practices.table",
        caption,
        carried,
        PassageKind.TABLE,
        {
            "head": [heads[n] for n in kept],
            "rows": [[row[n] for n in kept] for row in rows],
        },
    )


def closing(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    event_id, spoken = facts.occasion.event_id, facts.spoken
    if spoken.may_be_told and spoken.closing:
        names = _closing_themes(facts)
        carried = evidence.of_said(
            event_id, spoken.closing, spoken.statements, Phase.CLOSING
        )
        text = prose.closing([plainly(it) for it in names])
        yield Drafted(Section.CLOSING, "closing.round", text, [carried])
    if facts.ties.agreed:
        ties = facts.ties
        counted = evidence.of_count("contacts", event_id, ties.agreed, talks=ties.talks)
        yield Drafted(Section.CLOSING, "closing.ties", prose.ties(ties), [counted])


def _closing_themes(facts: Facts) -> Sequence[str]:
    told = {it.name for it in facts.told}
    found = (name for name, count in facts.closing_themes if name in told and count > 1)
    return list(found)[:3]


def development(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    event_id, section = facts.occasion.event_id, Section.DEVELOPMENT
    wished = sorted(
        (it for it in facts.told if it.count_of(StatementKind.WISH) >= SEVERAL),
        key=lambda it: -it.count_of(StatementKind.WISH),
    )[:3]
    if wished:
        text = prose.wishes([plainly(it.name) for it in wished])
        whole = facts.spoken.statements
        carried = [
            evidence.of_theme(event_id, it, whole)
            | {"wishes": it.count_of(StatementKind.WISH)}
            for it in wished
        ]
        yield Drafted(section, "development.wishes", text, carried)
    if facts.pledged.people:
        counted = evidence.of_count("pledges", event_id, facts.pledged.people)
        text = prose.pledged(facts.pledged)
        yield Drafted(section, "development.pledged", text, [counted])
    for answer in facts.answered:
        text = prose.answered(plainly(answer.theme), plainly(answer.did))
        row = evidence.of_row("reply", answer.reply_id, answer.theme)
        key = f"development.answered.{answer.reply_id}"
        yield Drafted(section, key, text, [row], PassageKind.ITEM)


def outlook(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    if facts.papers:
        rows = [
            evidence.of_row("material", it.id, it.title) | {"version": it.version}
            for it in facts.papers
        ]
        text = prose.papers(facts.papers)
        yield Drafted(Section.OUTLOOK, "outlook.papers", text, rows)
    if facts.next:
        rows = [
            evidence.of_row("event", it.id, it.title)
            | {"starts_at": it.starts_at.isoformat()}
            for it in facts.next
        ]
        yield Drafted(Section.OUTLOOK, "outlook.next", prose.next(facts.next), rows)


def about(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    occasion = facts.occasion
    event = [evidence.of_row("event", occasion.event_id, occasion.title)]
    text = prose.about(facts.office)
    yield Drafted(Section.ABOUT, "about.office", text, event)
    if facts.office.contact:
        text = prose.contact(facts.office)
        yield Drafted(Section.ABOUT, "about.contact", text, event)
