import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from tests.feedback.conftest import ACTOR
from tests.feedback.pulses import (
    a_pulse,
    a_voice,
    ends,
    on,
    reveals,
    says,
)

from werkraum_feedback.asking import rules as round_rules
from werkraum_feedback.coding import statements
from werkraum_feedback.live_rounds import (
    live,
    live_cards,
    live_keys,
    live_rules,
    live_voices,
)
from werkraum_feedback.live_rounds.live_glance import glance_at
from werkraum_feedback.live_rounds.live_view import live_now, round_with_code
from werkraum_feedback.models import (
    AnswerRow,
    Channel,
    QuestionRow,
    RedeemedToken,
    ResponseRow,
    Round,
    RoundState,
)
from werkraum_feedback.questions import QuestionKind
from werkraum_feedback.results.round_results import results_of
from werkraum_feedback.results.tallies import Detail
from werkraum_feedback.statement_models import (
    Statement,
    StatementSource,
    StatementState,
    StatementVote,
)
from werkraum_foundation.models import Job, Organiser
from werkraum_foundation.refusals import NotFound


async def only_question(pulse: Round) -> QuestionRow:
    return await QuestionRow.get(round_id=pulse.id)


async def test_a_pulse_starts_with_a_code_and_without_letters(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(olgas_office, now)

    assert pulse.state is RoundState.OPEN
    assert pulse.live_code and len(pulse.live_code) == 6
    assert (await round_with_code(pulse.live_code)).id == pulse.id
    assert not await Job.filter(name="letter:ballot")


async def test_a_pulse_starts_once(olgas_office: Organiser, now: datetime) -> None:
    pulse = await a_pulse(olgas_office, now)

    with pytest.raises(round_rules.RoundFrozen):
        await live.start(olgas_office.id, pulse.id, actor=ACTOR, now=now)


async def test_two_pulses_have_two_codes(
    olgas_office: Organiser, now: datetime
) -> None:
    made = [await a_pulse(olgas_office, now, start=False) for _ in range(4)]

    started = await asyncio.gather(
        *(live.start(olgas_office.id, it.id, actor=ACTOR, now=now) for it in made)
    )

    assert len({it.live_code for it in started}) == 4


async def test_a_key_has_one_voice_for_each_question(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(olgas_office, now)
    row, key = await only_question(pulse), live_keys.device_key(pulse.id)

    told = await asyncio.gather(*(says(pulse, row, it, now, key) for it in (1, 2, 3)))

    assert sorted(told) == [False, False, True]
    assert await AnswerRow.all().count() == 1


async def test_a_personal_key_is_the_same_on_every_device(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse, anna = await a_pulse(olgas_office, now), uuid4()
    row = await only_question(pulse)
    keys = [live_keys.personal_key(pulse.id, anna) for _ in range(2)]

    assert [await says(pulse, row, 4, now, key) for key in keys] == [True, False]
    assert all(live_keys.is_key_of(pulse.id, key) for key in keys)


@pytest.mark.parametrize("key", ["", "d" * 45, "x" * 44, "ä" * 45, "d" + "A" * 22])
def test_a_key_that_somebody_made_up_is_none(key: str) -> None:
    assert not live_keys.is_key_of(uuid4(), key)


def test_a_key_belongs_to_one_round() -> None:
    assert not live_keys.is_key_of(uuid4(), live_keys.device_key(uuid4()))


async def test_two_answers_of_a_device_have_nothing_in_common(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(olgas_office, now, QuestionKind.CHOICE)
    key = live_keys.device_key(pulse.id)
    both: list[int | str] = [3, "one"]
    for number, said in enumerate(both):
        row = await on(pulse, number, now)
        await says(pulse, row, said, now, key)

    answers = await AnswerRow.all()
    assert len({it.response_id for it in answers}) == 2


async def test_a_result_that_is_shown_takes_no_more_voices(
    olgas_office: Organiser, now: datetime
) -> None:
    """Else whoever looks before and after one voice sees it by difference."""
    pulse = await a_pulse(olgas_office, now)
    row = await only_question(pulse)
    for _ in range(10):
        await says(pulse, row, 4, now)
    await reveals(pulse, row, now)
    shown = (await live_now(pulse)).result

    with pytest.raises(live_rules.QuestionOver):
        await says(pulse, row, 1, now)

    await on(pulse, 0, now)
    assert (await live_now(pulse)).result == shown
    assert shown and [it.count for it in shown.tallies] == [0, 0, 0, 10, 0]


@pytest.mark.parametrize("voices", [0, 4])
async def test_nothing_is_shown_of_fewer_than_five(
    olgas_office: Organiser, now: datetime, voices: int
) -> None:
    pulse = await a_pulse(olgas_office, now)
    row = await only_question(pulse)
    for _ in range(voices):
        await says(pulse, row, 4, now)

    with pytest.raises(live_rules.TooFewVoices):
        await reveals(pulse, row, now)

    assert (await live_now(pulse)).result is None


async def test_five_voices_are_told_in_words_only(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(olgas_office, now)
    row = await only_question(pulse)
    for _ in range(5):
        await says(pulse, row, 4, now)
    await reveals(pulse, row, now)

    result = (await live_now(pulse)).result

    assert result and result.is_shown and not result.with_numbers
    assert {it.count for it in result.tallies} == {None}


async def test_a_question_that_is_not_on_takes_no_voice(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(olgas_office, now, QuestionKind.CHOICE)
    second = (await QuestionRow.filter(round_id=pulse.id).order_by("position"))[1]

    with pytest.raises(live_rules.QuestionOver):
        await says(pulse, second, "one", now)

    assert not await RedeemedToken.all().count()
    await live.ask(pulse.organiser_id, pulse.id, None, actor=ACTOR, now=now)
    assert (await live_now(pulse)).question is None


async def test_a_question_of_another_round_is_not_found(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse, other = [await a_pulse(olgas_office, now) for _ in range(2)]
    foreign = await only_question(other)

    for deed in (
        says(pulse, foreign, 4, now),
        live.ask(olgas_office.id, pulse.id, foreign.id, actor=ACTOR, now=now),
        reveals(pulse, foreign, now),
    ):
        with pytest.raises(NotFound):
            await deed


async def test_a_pulse_nobody_ends_is_over_after_twelve_hours(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(olgas_office, now)
    row = await only_question(pulse)

    with pytest.raises(live_rules.LiveOver):
        await says(pulse, row, 4, now + timedelta(hours=12))


async def test_voices_from_phone_and_paper_count_once_per_form(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(olgas_office, now)
    voice = a_voice(await only_question(pulse), 5)

    told = [
        await live_voices.enter(
            olgas_office.id,
            pulse.id,
            voice,
            Channel.PAPER,
            count=7,
            actor=ACTOR,
            now=now,
        )
        for _ in range(2)
    ]

    assert told == [True, False]
    assert await ResponseRow.filter(channel=Channel.PAPER).count() == 7


async def test_a_card_waits_until_the_moderator_has_read_it(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(olgas_office, now, QuestionKind.STATEMENT)
    row = await on(pulse, 1, now)
    await says(pulse, row, "Wir brauchen mehr Zeit für die Jugend.", now)
    card = await Statement.get()
    assert (await live_now(pulse)).wall == ()

    await live_cards.decide(
        olgas_office.id, pulse.id, card.id, StatementState.SHOWN, actor=ACTOR, now=now
    )

    assert [it.text for it in (await live_now(pulse)).wall] == [card.text]
    assert (card.source, card.language) == (StatementSource.LIVE, "de")
    assert (card.created_at, card.created_by, card.registration_id) == (None, "", None)


async def test_a_device_may_send_several_cards_each_once(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(olgas_office, now, QuestionKind.STATEMENT)
    row, key = await on(pulse, 1, now), live_keys.device_key(pulse.id)
    first, second = a_voice(row, "One"), a_voice(row, "Two")

    told = [
        await live_voices.cast(pulse.id, voice, key=key, now=now)
        for voice in (first, first, second)
    ]

    assert told == [True, False, True]


async def test_votes_count_once_and_are_told_from_five_people_on(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(olgas_office, now, QuestionKind.STATEMENT)
    row = await on(pulse, 1, now)
    await live_voices.enter(
        olgas_office.id,
        pulse.id,
        a_voice(row, "More time"),
        Channel.MODERATOR,
        actor=ACTOR,
        now=now,
    )
    card = await Statement.get()
    for number in range(5):
        with pytest.raises(live_rules.TooFewVoices):
            await reveals(pulse, row, now)
        key = live_keys.device_key(pulse.id)
        told = [
            await live_cards.vote(pulse.id, card.id, key=key, now=now) for _ in range(2)
        ]
        assert told == [True, False], number
        assert [it.votes for it in (await live_now(pulse)).wall] == [None]

    await reveals(pulse, row, now)

    [told_of] = (await live_now(pulse)).wall
    assert (told_of.share, told_of.votes) == ("unanimously", None)
    with pytest.raises(live_rules.QuestionOver):
        await live_cards.vote(
            pulse.id, card.id, key=live_keys.device_key(pulse.id), now=now
        )


async def test_votes_of_ten_people_are_told_in_numbers(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(olgas_office, now, QuestionKind.STATEMENT)
    row = await on(pulse, 1, now)
    for text in ("More time", "More money"):
        await says(pulse, row, text, now)
    await Statement.all().update(state=StatementState.SHOWN)
    wanted = await Statement.get(text="More time")
    for _ in range(10):
        key = live_keys.device_key(pulse.id)
        await live_cards.vote(pulse.id, wanted.id, key=key, now=now)

    await reveals(pulse, row, now)

    found = [(it.text, it.share, it.votes) for it in (await live_now(pulse)).wall]
    assert found == [("More time", "unanimously", 10), ("More money", "", 0)]


async def types_in(
    pulse: Round, row: QuestionRow, said: int | str, count: int, now: datetime
) -> None:
    await live_voices.enter(
        pulse.organiser_id,
        pulse.id,
        a_voice(row, said),
        Channel.PAPER,
        count=count,
        actor=ACTOR,
        now=now,
    )


@pytest.mark.parametrize(
    ("themselves", "typed_in", "told"),
    [
        (0, 4, Detail.NOTHING),
        (0, 5, Detail.WORDS),
        (1, 9, Detail.NOTHING),
        (4, 99, Detail.NOTHING),
        (5, 5, Detail.WORDS),
        (9, 99, Detail.WORDS),
        (10, 1, Detail.NUMBERS_WITH_NOTICE),
    ],
)
async def test_who_types_in_voices_cannot_take_them_off_to_see_the_rest(
    olgas_office: Organiser,
    now: datetime,
    themselves: int,
    typed_in: int,
    told: Detail,
) -> None:
    pulse = await a_pulse(olgas_office, now)
    row = await only_question(pulse)
    await types_in(pulse, row, 2, typed_in, now)
    for _ in range(themselves):
        await says(pulse, row, 4, now)

    if told is Detail.NOTHING:
        with pytest.raises(live_rules.TooFewVoices):
            await reveals(pulse, row, now)
    else:
        await reveals(pulse, row, now)
        result = (await live_now(pulse)).result
        assert result and result.detail is told

    await ends(pulse, now)
    await pulse.refresh_from_db()
    [afterwards] = (await results_of(pulse)).questions
    assert afterwards.detail is told


@pytest.mark.parametrize(
    ("on_paper", "kept"),
    [
        (2, {StatementSource.ANSWER}),
        (5, {StatementSource.ANSWER, StatementSource.PAPER}),
    ],
)
async def test_what_few_wrote_on_paper_is_not_told_from_the_rest(
    olgas_office: Organiser, now: datetime, on_paper: int, kept: set[StatementSource]
) -> None:
    """Who had no device, everybody in the hall has seen."""
    pulse = await a_pulse(olgas_office, now, QuestionKind.TEXT)
    row = await on(pulse, 1, now)
    for number in range(6):
        await says(pulse, row, f"Voice {number}", now)
    for number in range(on_paper):
        await types_in(pulse, row, f"Paper {number}", 1, now)

    await ends(pulse, now)
    await statements.gather(olgas_office.id, pulse.id, actor=ACTOR, now=now)

    assert {it.source for it in await Statement.all()} == kept
    assert len({it.channel for it in await ResponseRow.all()}) == len(kept)


async def test_the_end_leaves_no_trace_of_who_and_when(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(olgas_office, now, QuestionKind.STATEMENT)
    row, key = await on(pulse, 1, now), live_keys.device_key(pulse.id)
    for number in range(12):
        await says(pulse, row, f"Card {number:02}", now, key)
    cards = await Statement.all()
    await Statement.all().update(state=StatementState.SHOWN)
    await live_cards.vote(pulse.id, cards[0].id, key=key, now=now)
    voter = (await StatementVote.get()).voter_hash

    await ends(pulse, now)

    assert not await RedeemedToken.all().count()
    assert (await StatementVote.get()).voter_hash != voter
    assert {it.id for it in await Statement.all()} == {it.id for it in cards}
    texts = [it.text for it in await Statement.all()]
    assert len(texts) == 12 and texts != sorted(texts)
    assert (await glance_at(pulse.id)).over


async def test_cards_of_another_office_stay_as_they_are(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(olgas_office, now, QuestionKind.STATEMENT)
    await says(pulse, await on(pulse, 1, now), "Mine", now)
    card = await Statement.get()

    for organiser, round_id in ((uuid4(), pulse.id), (olgas_office.id, uuid4())):
        with pytest.raises(NotFound):
            await live_cards.decide(
                organiser,
                round_id,
                card.id,
                StatementState.SHOWN,
                actor=ACTOR,
                now=now,
            )
