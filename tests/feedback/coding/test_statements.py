from datetime import datetime
from uuid import UUID, uuid4

import pytest
from tests.feedback.conftest import ACTOR, Answering, Surveys, holders
from tests.people import an_event, an_organiser

from werkraum_feedback.asking import queries, rounds
from werkraum_feedback.asking.rules import QuotingNotGiven, ResultsNotYet
from werkraum_feedback.coding import statements
from werkraum_feedback.coding.statements import Classed, Typed
from werkraum_feedback.coding.text_language import language_of
from werkraum_feedback.models import (
    AnswerRow,
    ResponseRow,
    Round,
    RoundKind,
    Signature,
)
from werkraum_feedback.statement_models import (
    Phase,
    Quoting,
    Statement,
    StatementKind,
    StatementSource,
    StatementState,
)
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry, Organiser
from werkraum_foundation.outbox.worker import drain
from werkraum_foundation.refusals import NotFound
from werkraum_registration.models import OrganisationKind
from werkraum_server import reactions


async def closed(organiser: Organiser, asked: Round, now: datetime) -> None:
    await rounds.close(organiser.id, asked.id, at_once=True, actor=ACTOR, now=now)


async def gather(asked: Round, now: datetime) -> int:
    return await statements.gather(asked.organiser_id, asked.id, actor=ACTOR, now=now)


async def texts() -> list[str]:
    return sorted(it.text for it in await Statement.all())


async def test_a_closed_round_gives_its_texts_once(
    olgas_office: Organiser, surveys: Surveys, answering: Answering, now: datetime
) -> None:
    asked = await surveys(olgas_office, people=6)
    await answering(asked, 6)
    await closed(olgas_office, asked, now)

    first, second = await gather(asked, now), await gather(asked, now)

    assert (first, second) == (6, 0)
    assert await texts() == [f"Voice {number:02}" for number in range(6)]
    one = await Statement.all().first()
    assert one is not None
    assert (one.source, one.phase) == (StatementSource.ANSWER, Phase.SURVEY)
    assert one.text_hash == statements.hash_of(one.text)


async def test_nothing_tells_who_wrote_or_when(
    olgas_office: Organiser, surveys: Surveys, answering: Answering, now: datetime
) -> None:
    asked = await surveys(olgas_office, people=6)
    await answering(asked, 6)
    await closed(olgas_office, asked, now)
    await gather(asked, now)

    for each in await Statement.all():
        assert each.created_at is None and each.registration_id is None
        assert each.created_by == "" and each.quoting is Quoting.NO
        assert each.id.version == 4


async def test_fewer_than_five_texts_stay_where_they_are(
    olgas_office: Organiser, surveys: Surveys, answering: Answering, now: datetime
) -> None:
    asked = await surveys(olgas_office, people=6)
    await answering(asked, 4)
    await closed(olgas_office, asked, now)

    assert await gather(asked, now) == 0


async def test_who_signed_is_read_also_among_few(
    olgas_office: Organiser, surveys: Surveys, answering: Answering, now: datetime
) -> None:
    asked = await surveys(olgas_office, people=6)
    await answering(asked, 4)
    anna = (await holders(asked))[0]
    answer = await AnswerRow.get(text="Voice 00")
    await ResponseRow.filter(id=answer.response_id).update(quotable=True)
    await Signature.create(response_id=answer.response_id, registration_id=anna)
    await closed(olgas_office, asked, now)

    await gather(asked, now)

    [only] = await Statement.all()
    assert (only.text, only.registration_id) == ("Voice 00", anna)
    # They have agreed to be quoted without a name.
    assert only.quoting is Quoting.UNNAMED


async def test_an_open_round_gives_nothing(
    olgas_office: Organiser, surveys: Surveys, answering: Answering, now: datetime
) -> None:
    asked = await surveys(olgas_office, people=6)
    await answering(asked, 6)

    with pytest.raises(ResultsNotYet):
        await gather(asked, now)


async def test_closing_gathers_by_itself(
    olgas_office: Organiser, surveys: Surveys, answering: Answering
) -> None:
    reactions.registered()
    now = clock.now()
    asked = await surveys(olgas_office, people=6, at=now)
    await Round.filter(id=asked.id).update(kind=RoundKind.CLOSING)
    await answering(asked, 6, at=now)
    await closed(olgas_office, asked, now)

    await drain()

    assert {it.phase for it in await Statement.all()} == {Phase.CLOSING}
    assert len(await texts()) == 6


async def test_otto_gathers_nothing_of_olgas(
    olgas_office: Organiser, surveys: Surveys, answering: Answering, now: datetime
) -> None:
    asked = await surveys(olgas_office, people=6)
    await answering(asked, 6)
    await closed(olgas_office, asked, now)
    otto = await an_organiser("Another office")

    with pytest.raises(NotFound):
        await statements.gather(otto.id, asked.id, actor=ACTOR, now=now)


async def entered(organiser: Organiser, now: datetime, **more: object) -> Statement:
    event = await an_event(organiser, now=now)
    typed = Typed("Wir wünschen uns mehr Austausch.", Phase.INTRODUCTION, **more)  # type: ignore[arg-type]
    return await statements.enter(organiser.id, event.id, typed, actor=ACTOR, now=now)


async def test_a_note_on_paper_is_taken_down(
    olgas_office: Organiser, now: datetime
) -> None:
    made = await entered(olgas_office, now, org_kind=OrganisationKind.ASSOCIATION)

    kept = await Statement.get(id=made.id)
    assert (kept.source, kept.language) == (StatementSource.PAPER, "de")
    assert kept.org_kind is OrganisationKind.ASSOCIATION
    assert (kept.created_by, kept.created_at) == (ACTOR, now)


async def test_kind_and_consent_are_put_right_and_the_words_stay(
    olgas_office: Organiser, now: datetime
) -> None:
    made = await entered(olgas_office, now)
    classed = Classed(StatementKind.WISH, Quoting.UNNAMED)

    for _ in range(2):
        await statements.change(olgas_office.id, made.id, classed, actor=ACTOR, now=now)

    kept = await Statement.get(id=made.id)
    assert (kept.kind, kept.quoting) == (StatementKind.WISH, Quoting.UNNAMED)
    assert kept.text_hash == made.text_hash
    [entry] = await AuditEntry.filter(action="statement.change")
    assert entry.changes == {"kind": [None, "wish"], "quoting": ["no", "unnamed"]}


async def test_the_consent_of_an_answer_is_not_widened(
    olgas_office: Organiser, surveys: Surveys, answering: Answering, now: datetime
) -> None:
    asked = await surveys(olgas_office, people=6)
    await answering(asked, 6)
    await closed(olgas_office, asked, now)
    await gather(asked, now)
    one = await Statement.all().first()
    assert one is not None

    with pytest.raises(QuotingNotGiven):
        await statements.change(
            olgas_office.id,
            one.id,
            Classed(None, Quoting.UNNAMED),
            actor=ACTOR,
            now=now,
        )


async def test_nobody_is_named_who_is_not_known(
    olgas_office: Organiser, now: datetime
) -> None:
    made = await entered(olgas_office, now)

    with pytest.raises(QuotingNotGiven):
        await statements.change(
            olgas_office.id, made.id, Classed(None, Quoting.NAMED), actor=ACTOR, now=now
        )


async def test_hiding_notes_the_reason_and_is_taken_back(
    olgas_office: Organiser, now: datetime
) -> None:
    made = await entered(olgas_office, now)

    await statements.hide(
        olgas_office.id, made.id, "names a person", actor=ACTOR, now=now
    )
    assert (await Statement.get(id=made.id)).state is StatementState.HIDDEN
    await statements.show(olgas_office.id, made.id, actor=ACTOR, now=now)

    assert (await Statement.get(id=made.id)).state is StatementState.SHOWN
    [entry] = await AuditEntry.filter(action="statement.hide")
    assert entry.changes["reason"] == [None, "names a person"]


@pytest.mark.parametrize("foreign", [True, False], ids=["ottos", "nobodys"])
async def test_foreign_statements_are_not_there(
    olgas_office: Organiser, now: datetime, foreign: bool
) -> None:
    made = await entered(olgas_office, now)
    owner = (await an_organiser("Another office")).id if foreign else olgas_office.id
    wanted: UUID = made.id if foreign else uuid4()

    with pytest.raises(NotFound):
        await statements.hide(owner, wanted, "why", actor=ACTOR, now=now)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wir brauchen mehr Geld für die Jugend.", "de"),
        ("We need more money for young people.", "en"),
        ("Nous avons besoin de plus de soutien pour les jeunes.", "fr"),
        ("Potrzebujemy więcej pieniędzy dla młodzieży i na wymianę.", "pl"),
        ("Több pénz kell a fiataloknak, és ez nem könnyű.", "hu"),
        ("👍👍👍", "de"),
        ("", "de"),
    ],
)
def test_small_words_tell_the_language(text: str, language: str) -> None:
    assert language_of(text, default="de") == language


async def test_questions_are_read_as_they_were_asked(
    olgas_office: Organiser, surveys: Surveys, answering: Answering, now: datetime
) -> None:
    asked = await surveys(olgas_office, people=6)
    await answering(asked, 6)
    await closed(olgas_office, asked, now)
    await gather(asked, now)

    [question] = [it for it in await queries.questions_of(asked.id) if it.code == "F03"]
    asked_ids = {it.question_id for it in await Statement.all()}
    assert {f"q-{it.hex}" for it in asked_ids if it} == {question.id}
