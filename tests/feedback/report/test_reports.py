from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.conftest import the_app
from tests.events.statements import counted
from tests.feedback.report_office import (
    a_bare_event,
    add_answers,
    an_event_to_report,
    answered,
    spoke,
)
from tests.people import a_member, an_organiser

from werkraum_events.models import Event
from werkraum_feedback.follow_up_models import Practice, PracticeState
from werkraum_feedback.models import QuestionRow, Round
from werkraum_feedback.report import passages, report_rules, reports
from werkraum_feedback.report.passages import PassageChanged
from werkraum_feedback.report.report_consents import without_consent
from werkraum_feedback.report.report_drafts import Drafted
from werkraum_feedback.report.report_freshness import (
    draft_today,
    fresh_for,
    stale_among,
)
from werkraum_feedback.report.report_queries import passages_of, report_of
from werkraum_feedback.report.report_rules import ConsentMissing, state_of_text
from werkraum_feedback.report.report_sections import Section
from werkraum_feedback.report_models import Passage, PassageKind, Report, ReportState
from werkraum_feedback.statement_models import Quoting, Statement
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry, Organiser
from werkraum_foundation.refusals import ChangedMeanwhile, NotFound
from werkraum_server import retention

OLGA, INA = "person:olga", "person:ina"
PARAGRAPH = PassageKind.PARAGRAPH


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
async def office(database: str) -> Organiser:
    """An office of two."""
    # Addresses are written by the program's routes.
    the_app()
    made = await an_organiser()
    await a_member(made)
    await a_member(made, "Ina", "ina@network.example")
    return made


@pytest.fixture
async def event(office: Organiser) -> Event:
    return await a_bare_event(office)


async def drafted(office: Organiser, event: Event, language: str = "de") -> Report:
    return await reports.write_draft(
        office.id, event.id, language, actor=OLGA, now=clock.now()
    )


async def in_review(office: Organiser, event: Event) -> Report:
    report = await drafted(office, event)
    await reports.hand_over(office.id, report.id, actor=OLGA, now=clock.now())
    return report


async def published(office: Organiser, event: Event, actor: str = INA) -> Report:
    report = await in_review(office, event)
    return await publish(office, report.id, actor)


async def publish(
    office: Organiser, report_id: UUID, actor: str, again: bool = False, note: str = ""
) -> Report:
    return await reports.publish(
        office.id,
        report_id,
        note,
        version=(await Report.get(id=report_id)).version,
        looked_again=again,
        actor=actor,
        now=clock.now(),
    )


async def first(report: Report) -> Passage:
    return (await passages_of(report.id))[0]


async def write(office: Organiser, passage: Passage, text: str, seen: str = "") -> None:
    await passages.write(
        office.id,
        passage,
        text,
        PARAGRAPH,
        seen=seen or state_of_text(passage),
        actor=OLGA,
        now=clock.now(),
    )


async def test_a_draft_holds_what_the_event_carries(office: Organiser) -> None:
    event = await an_event_to_report(office)

    report = await drafted(office, event)

    found = await passages_of(report.id)
    said = "\n".join(it.text for it in found)
    assert report.state is ReportState.DRAFT
    assert report.title == "Bericht: Weiterentwicklung"
    assert "Gut ein Drittel der Befragten wäre bereit" in said
    assert "Die drei verbindenden Themen waren „Generationenwechsel“" in said
    assert "Teilgenommen: 32 Personen aus 32 Organisationen" in said
    assert "Sechs Personen haben zugesagt" in said
    assert "Anna" not in said
    [joining] = [it for it in found if "einzubringen" in it.text]
    [carried] = joining.evidence
    assert (carried["part"], carried["whole"]) == (41, 121)


async def test_a_draft_asks_no_more_often_however_much_was_said(
    office: Organiser, now: datetime
) -> None:
    event = await an_event_to_report(office)
    report = await report_of(office.id, (await drafted(office, event)).id)
    with counted() as before:
        await draft_today(report, report.event, now=now)
    await spoke(office, event)
    with counted() as after:
        await draft_today(report, report.event, now=now)

    assert len(before) == len(after) < 25


async def test_only_what_may_be_quoted_is(office: Organiser) -> None:
    event = await an_event_to_report(office)
    report = await drafted(office, event)

    quotes = [it for it in await passages_of(report.id) if it.kind is PassageKind.QUOTE]

    # Every third statement of the office may not.
    numbers = [int(it.text.split()[1].rstrip(":")) for it in quotes]
    assert quotes and not [number for number in numbers if number % 3 == 0]


async def test_an_example_is_told_once_everybody_sees_it(office: Organiser) -> None:
    event = await an_event_to_report(office)
    await Practice.all().update(state=PracticeState.AGREED)

    agreed = await passages_of((await drafted(office, event, "de")).id)
    await Practice.all().update(state=PracticeState.PUBLISHED)
    published = await passages_of((await drafted(office, event, "en")).id)

    assert "Café" not in " ".join(str((it.text, it.data)) for it in agreed)
    [table] = [it for it in published if it.data["key"] == "practices.table"]
    assert table.data["rows"][0][0] == "Café der Partnerstädte"


async def test_a_no_after_the_draft_keeps_the_report_from_being_published(
    office: Organiser, now: datetime
) -> None:
    report = await in_review(office, await an_event_to_report(office))
    await Practice.all().update(state=PracticeState.REFUSED)
    await Statement.all().update(quoting=Quoting.NO)

    unagreed = await without_consent(await passages_of(report.id))
    for each in unagreed:
        with pytest.raises(ConsentMissing):
            await publish(office, report.id, INA)
        await passages.remove(office.id, each, actor=OLGA, now=now)
    told = await publish(office, report.id, INA)

    assert told.state is ReportState.PUBLISHED
    assert {it.kind for it in unagreed} == {
        PassageKind.QUOTE,
        PassageKind.PARAGRAPH,
        PassageKind.TABLE,
    }


async def test_words_without_consent_are_not_kept_either(
    office: Organiser, now: datetime
) -> None:
    report = await drafted(office, await an_event_to_report(office))
    found = await passages_of(report.id)
    [table] = [it for it in found if it.data["key"] == "practices.table"]
    await Practice.all().update(state=PracticeState.REFUSED)
    fresh = Drafted("practices", "practices.table", "Other words", [])

    with pytest.raises(ConsentMissing):
        await passages.keep(office.id, table, fresh, actor=OLGA, now=now)


async def test_one_version_at_a_time_in_each_language(
    office: Organiser, event: Event
) -> None:
    await drafted(office, event, "de")
    await drafted(office, event, "en")

    with pytest.raises(report_rules.ReportUnderWay):
        await drafted(office, event, "de")


async def test_whoever_wrote_it_does_not_publish_it(
    office: Organiser, event: Event
) -> None:
    report = await in_review(office, event)

    with pytest.raises(report_rules.OwnReport):
        await publish(office, report.id, OLGA, again=True)
    made = await publish(office, report.id, INA)

    assert made.state is ReportState.PUBLISHED
    assert (made.written_by, made.checked_by) == (OLGA, INA)


async def test_whoever_changes_it_in_review_has_written_it(
    office: Organiser, event: Event
) -> None:
    report = await in_review(office, event)
    passage = await first(report)
    await passages.write(
        office.id,
        passage,
        "Neu",
        PARAGRAPH,
        seen=state_of_text(passage),
        actor=INA,
        now=clock.now(),
    )

    with pytest.raises(report_rules.OwnReport):
        await publish(office, report.id, INA)


async def test_what_has_changed_since_it_was_read_is_not_published(
    office: Organiser, event: Event, now: datetime
) -> None:
    report = await in_review(office, event)
    await write(office, await first(report), "Schnell noch etwas")

    with pytest.raises(ChangedMeanwhile):
        await reports.publish(
            office.id, report.id, "", version=report.version, actor=INA, now=now
        )


async def test_a_draft_is_not_published_unread(office: Organiser, event: Event) -> None:
    report = await drafted(office, event)

    with pytest.raises(report_rules.NotInReview):
        await publish(office, report.id, INA)


async def test_who_works_alone_looks_again_and_the_appendix_says_so(
    database: str,
) -> None:
    the_app()
    office = await an_organiser()
    await a_member(office)
    report = await in_review(office, await a_bare_event(office))

    with pytest.raises(report_rules.SecondLookNeeded):
        await publish(office, report.id, OLGA)
    await publish(office, report.id, OLGA, again=True)

    [told] = [
        it for it in await passages_of(report.id) if it.section == Section.APPENDIX
    ]
    assert "von derselben Person geschrieben" in told.text
    noted = await AuditEntry.get(action="report.publish")
    assert noted.changes["alone"] == [None, True]


async def test_what_is_published_stays_as_it_is(
    office: Organiser, event: Event, now: datetime
) -> None:
    report = await published(office, event)
    passage = await first(report)

    for deed in (
        write(office, passage, "Anders"),
        passages.remove(office.id, passage, actor=OLGA, now=now),
        passages.move(office.id, passage, up=False, actor=OLGA, now=now),
        reports.throw_away(office.id, report.id, actor=OLGA, now=now),
        reports.hand_back(office.id, report.id, actor=OLGA, now=now),
    ):
        with pytest.raises(report_rules.ReportPublished):
            await deed

    same = await passages_of(report.id)
    found = await report_of(office.id, report.id)
    assert reports.content_hash(found, same) == found.content_hash


async def test_the_next_version_begins_with_the_words_of_the_last(
    office: Organiser, event: Event, now: datetime
) -> None:
    before = await published(office, event)

    made = await reports.write_next(office.id, before.id, actor=OLGA, now=now)

    assert (made.number, made.state) == (2, ReportState.DRAFT)
    assert [it.text for it in await passages_of(made.id)] == [
        it.text for it in await passages_of(before.id)
    ]


async def test_each_undo_takes_back_one_change(
    office: Organiser, event: Event, now: datetime
) -> None:
    report = await drafted(office, event)
    original = await first(report)
    for text in ("Eins", "Zwei"):
        await write(office, await first(report), text)

    seen = []
    for _ in range(2):
        await passages.undo(office.id, original, actor=OLGA, now=now)
        seen.append((await first(report)).text)

    assert seen == ["Eins", original.text]
    with pytest.raises(report_rules.NothingToUndo):
        await passages.undo(office.id, original, actor=OLGA, now=now)


async def test_what_stood_there_is_forgotten_after_ninety_days(
    office: Organiser, event: Event, now: datetime
) -> None:
    report = await drafted(office, event)
    await write(office, await first(report), "Neu")

    await retention.purge(now + timedelta(days=89))
    assert (await AuditEntry.get(action="passage.write")).changes
    await retention.purge(now + timedelta(days=91))

    assert (await AuditEntry.get(action="passage.write")).changes == {}
    with pytest.raises(report_rules.NothingToUndo):
        await passages.undo(office.id, await first(report), actor=OLGA, now=now)
    assert (await first(report)).text == "Neu"


async def test_who_is_second_keeps_both_texts(office: Organiser, event: Event) -> None:
    report = await drafted(office, event)
    loaded = await first(report)
    await write(office, loaded, "Schneller")

    with pytest.raises(PassageChanged) as refused:
        await write(office, loaded, "Langsamer", seen=state_of_text(loaded))

    assert (refused.value.theirs, refused.value.mine) == ("Schneller", "Langsamer")
    assert (await first(report)).text == "Schneller"


async def test_the_same_text_sent_twice_is_no_conflict(
    office: Organiser, event: Event
) -> None:
    report = await drafted(office, event)
    loaded = await first(report)
    await write(office, loaded, "Einmal")

    await write(office, loaded, "Einmal")

    assert await AuditEntry.filter(action="passage.write").count() == 1


async def test_a_removed_passage_comes_back_to_its_place(
    office: Organiser, event: Event, now: datetime
) -> None:
    report = await drafted(office, event)
    before = [it.id for it in await passages_of(report.id)]
    passage = (await passages_of(report.id))[1]

    await passages.remove(office.id, passage, actor=OLGA, now=now)
    gone = [it.id for it in await passages_of(report.id)]
    await passages.put_back(office.id, report.id, passage.id, actor=OLGA, now=now)

    assert passage.id not in gone
    assert [it.id for it in await passages_of(report.id)] == before


async def test_passages_change_places_within_their_section(
    office: Organiser, event: Event, now: datetime
) -> None:
    report = await drafted(office, event)
    one, two, *_ = await passages_of(report.id)

    await passages.move(office.id, one, up=False, actor=OLGA, now=now)
    after = await passages_of(report.id)
    await passages.move(office.id, one, up=True, actor=OLGA, now=now)
    await passages.move(office.id, one, up=True, actor=OLGA, now=now)

    assert [it.id for it in after[:2]] == [two.id, one.id]
    assert (await first(report)).id == one.id


async def test_a_new_passage_stands_behind_the_one_it_was_added_to(
    office: Organiser, event: Event, now: datetime
) -> None:
    report = await drafted(office, event)
    one, two, *_ = await passages_of(report.id)

    made = await passages.add_after(
        office.id, report.id, "", one.id, "Neu", PARAGRAPH, actor=OLGA, now=now
    )

    ids = [it.id for it in await passages_of(report.id)]
    assert ids[:3] == [one.id, made.id, two.id]
    assert made.evidence == [] and made.drafted == ""


async def test_figures_that_have_changed_are_told_and_taken_or_not(
    office: Organiser, event: Event, now: datetime
) -> None:
    asked = await answered(office, event, yes=41, people=121)
    report = await report_of(office.id, (await drafted(office, event)).id)
    await add_answers(
        await Round.get(id=asked.id),
        await QuestionRow.get(round_id=asked.id),
        yes=4,
        people=4,
    )

    today = await draft_today(report, report.event, now=now)
    found = await passages_of(report.id)
    stale = stale_among(found, today)
    [joining] = [it for it in found if "einzubringen" in it.text]
    told = stale[joining.id]
    assert (told.then, told.now) == ("41 of 121", "45 of 125")
    fresh = fresh_for(joining, today)
    assert fresh is not None
    await passages.keep(office.id, joining, fresh, actor=OLGA, now=now)
    kept = await Passage.get(id=joining.id)
    await passages.renew(office.id, joining, fresh, actor=OLGA, now=now)

    assert kept.text == joining.text
    assert joining.id not in stale_among([kept], today)
    assert (await Passage.get(id=joining.id)).evidence[0]["part"] == 45


async def test_otto_reaches_no_report_of_olgas(
    office: Organiser, event: Event, now: datetime
) -> None:
    report = await drafted(office, event)
    other = await an_organiser("Another office")

    for deed in (
        reports.write_draft(other.id, event.id, "de", actor=OLGA, now=now),
        reports.hand_over(other.id, report.id, actor=OLGA, now=now),
        passages.undo(other.id, await first(report), actor=OLGA, now=now),
        reports.throw_away(other.id, report.id, actor=OLGA, now=now),
    ):
        with pytest.raises(NotFound):
            await deed
