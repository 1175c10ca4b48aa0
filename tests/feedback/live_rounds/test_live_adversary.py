"""Thirty people speak in a hall, each seen when they tap: afterwards nobody knows who.

Whoever sits in the hall knows the order and the times of all voices, cards and votes,
and may even know the keys of the personal links. They take the database, its files
and the logs, after the end of the live round.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from io import StringIO
from uuid import UUID, uuid4

import httpx
from tests.conftest import ON_POSTGRES
from tests.feedback.conftest import ACTOR
from tests.feedback.loot import (
    PEOPLE,
    ROUNDS,
    bytes_of_files,
    place_of,
    texts,
    version_of,
)
from tests.feedback.matchers import (
    MATCHERS,
    Loot,
    StoredBallot,
    StoredText,
    Tally,
    found,
)
from tests.feedback.pulses import a_pulse, ends, fields_of, on, says

from werkraum_feedback.answering import traces
from werkraum_feedback.coding import statements
from werkraum_feedback.live_rounds import live_cards, live_keys
from werkraum_feedback.models import QuestionRow, RedeemedToken, Round
from werkraum_feedback.questions import QuestionKind
from werkraum_feedback.statement_models import Statement, StatementState, StatementVote
from werkraum_foundation import clock
from werkraum_foundation.database import rows
from werkraum_foundation.models import Organiser
from werkraum_server.logs import requests

# What goes by ballots, letters and where people come from: a live round has none.
OF_BALLOTS = {
    "ballots beside responses",
    "hashes beside ids",
    "same transaction",
    "letters",
    "group",
}
LIVE = {name: it for name, it in MATCHERS.items() if name not in OF_BALLOTS}

ANSWERS = (
    "SELECT a.text, a.id, r.id AS other_id, {version_a} AS version,"
    " {version_r} AS other_version, rank() OVER (ORDER BY {place_a}) AS place,"
    " rank() OVER (ORDER BY {place_r}) AS other_place"
    " FROM answer a JOIN response r ON r.id = a.response_id WHERE r.round_id = :round"
)
CARDS = (
    "SELECT a.text, a.id, a.id AS other_id, {version_a} AS version,"
    " {version_a} AS other_version, rank() OVER (ORDER BY {place_a}) AS place,"
    " rank() OVER (ORDER BY {place_a}) AS other_place"
    " FROM statement a WHERE a.round_id = :round AND a.answer_id IS {answered} NULL"
)
# Each person has voted for one card, so that its text names the person.
VOTES = (
    "SELECT r.text, a.id, a.voter_hash AS other_id, {version_a} AS version,"
    " {version_r} AS other_version, rank() OVER (ORDER BY {place_a}) AS place,"
    " rank() OVER (ORDER BY {place_r}) AS other_place"
    " FROM statement_vote a JOIN statement r ON r.id = a.statement_id"
    " WHERE r.round_id = :round"
)
KINDS = {
    "answers": ANSWERS,
    "cards": CARDS.replace("{answered}", ""),
    "answers as statements": CARDS.replace("{answered}", "NOT"),
    "votes": VOTES,
}
TOKENS = (
    "SELECT a.token_hash, {version_a} AS version,"
    " rank() OVER (ORDER BY {place_a}) AS place"
    " FROM redeemed_token a WHERE a.round_id = :round"
)


def query(sql: str) -> str:
    return sql.format(
        version_a=version_of("a"),
        version_r=version_of("r"),
        place_a=place_of("a"),
        place_r=place_of("r"),
    )


class Hall:
    """A live round, thirty personal links, and what each of these people did."""

    def __init__(self, pulse: Round, number: int) -> None:
        self.pulse = pulse
        self.keys = [live_keys.personal_key(pulse.id, uuid4()) for _ in range(PEOPLE)]
        self.said = {
            "answers": texts(3 * number),
            "cards": texts(3 * number + 1),
        }
        self.said["answers as statements"] = self.said["answers"]
        # Each votes for the card of another: seven people further on.
        cards = self.said["cards"]
        self.said["votes"] = [*cards[7:], *cards[:7]]

    async def answers(self, now: datetime) -> QuestionRow:
        """Let one after the other answer, a second apart."""
        row = await on(self.pulse, 1, now)
        for turn, key in enumerate(self.keys):
            at = now + timedelta(seconds=turn)
            await says(self.pulse, row, self.said["answers"][turn], at, key)
        return row

    async def send_cards(self, now: datetime) -> None:
        """Send cards, each shown as soon as it comes, and vote for them."""
        row = await on(self.pulse, 2, now)
        cards = {}
        for text, key in zip(self.said["cards"], self.keys, strict=True):
            await says(self.pulse, row, text, now, key)
            card = await Statement.get(round_id=self.pulse.id, text=text)
            await live_cards.decide(
                self.pulse.organiser_id,
                self.pulse.id,
                card.id,
                StatementState.SHOWN,
                actor=ACTOR,
                now=now,
            )
            cards[text] = card.id
        for text, key in zip(self.said["votes"], self.keys, strict=True):
            await live_cards.vote(self.pulse.id, cards[text], key=key, now=now)

    async def end(self, now: datetime) -> None:
        """End it, and do what follows by itself."""
        await ends(self.pulse, now)
        await statements.gather(
            self.pulse.organiser_id, self.pulse.id, actor=ACTOR, now=now
        )
        await traces.wipe()

    async def loot(
        self, kind: str, raw: bytes, ballots: Sequence[StoredBallot] = ()
    ) -> Loot:
        """Take what lies in the database, as rows and as bytes."""
        kept = await rows(query(KINDS[kind]), round=self.pulse.id)
        return Loot(
            texts=[
                StoredText(
                    text=it["text"],
                    place=it["place"],
                    answer_id=str(it["id"]),
                    response_id=str(it["other_id"]),
                    response_place=it["other_place"],
                    version=it["version"],
                    response_version=it["other_version"],
                    offset=raw.rfind(it["text"].encode()),
                )
                for it in kept
            ],
            ballots=ballots,
            groups=(),
            # Of what the log has beside the time nothing hangs on the text.
            logged=range(PEOPLE),
        )

    async def tokens(self, question_id: UUID) -> list[StoredBallot]:
        """Find whose the redeemed tokens are, with our secret."""
        owners = {
            live_keys.voice_hash(key, question_id): person
            for person, key in enumerate(self.keys)
        }
        return [
            StoredBallot(
                owners[it["token_hash"]], it["place"], it["version"], it["token_hash"]
            )
            for it in await rows(query(TOKENS), round=self.pulse.id)
        ]


async def a_hall(organiser: Organiser, now: datetime, number: int = 1) -> Hall:
    kinds = QuestionKind.TEXT, QuestionKind.STATEMENT
    return Hall(await a_pulse(organiser, now, *kinds), number)


async def test_no_matcher_finds_more_than_chance_once_a_live_round_is_over(
    olgas_office: Organiser, now: datetime
) -> None:
    tallies = {kind: Tally(LIVE) for kind in KINDS}

    for number in range(ROUNDS):
        hall = await a_hall(olgas_office, now, number)
        await hall.answers(now)
        await hall.send_cards(now)
        await hall.end(now)
        raw = bytes_of_files()
        for kind, tally in tallies.items():
            tally.add(await hall.loot(kind, raw), hall.said[kind])
        if raw:
            # Once, and not where it was first written.
            assert {raw.count(it.encode()) for it in hall.said["cards"]} == {1}

    assert {kind: it.more_than_chance() for kind, it in tallies.items()} == {
        kind: {} for kind in KINDS
    }


async def test_while_it_is_on_the_same_matchers_find_everybody(
    olgas_office: Organiser, now: datetime
) -> None:
    """It is said on the page; and it shows that the matchers can see."""
    hall = await a_hall(olgas_office, now)

    row = await hall.answers(now)

    tokens = await hall.tokens(row.id)
    loot, said = await hall.loot("answers", b"", tokens), hall.said["answers"]
    names = ["order of answers", "order of responses", "ballots beside responses"]
    names += ["same transaction"] if ON_POSTGRES else []
    assert [found(MATCHERS[name], loot, said) for name in names] == (
        [PEOPLE] * len(names)
    )
    await hall.send_cards(now)
    loot, said = await hall.loot("votes", b""), hall.said["votes"]
    assert found(MATCHERS["order of answers"], loot, said) == PEOPLE


async def test_afterwards_no_key_opens_anything_in_the_tables_or_the_files(
    olgas_office: Organiser, now: datetime
) -> None:
    hall = await a_hall(olgas_office, now)
    row = await hall.answers(now)
    await hall.send_cards(now)
    on_cards = await QuestionRow.get(round_id=hall.pulse.id, position=3)
    voters = [live_keys.voter_hash(key, on_cards.id) for key in hall.keys]
    tokens = [live_keys.voice_hash(key, row.id) for key in hall.keys]
    assert {it.voter_hash for it in await StatementVote.all()} == set(voters)

    await ends(hall.pulse, now)
    await traces.wipe()

    assert not await RedeemedToken.all().count()
    left = {it.voter_hash for it in await StatementVote.all()}
    assert len(left) == PEOPLE and not left & set(voters)
    raw = bytes_of_files()
    assert not any(it.encode() in raw for it in (*voters, *tokens))


async def test_the_log_says_of_a_voice_neither_whose_it_is_nor_what_it_says(
    client: httpx.AsyncClient, olgas_office: Organiser
) -> None:
    now, log = clock.now(), StringIO()
    hall = await a_hall(olgas_office, now)
    await on(hall.pulse, 1, now)
    code = hall.pulse.live_code
    requests.open(log)
    try:
        for key, size in zip(hall.keys, (20, 200, 400), strict=False):
            page = (await client.get(f"/en/live/{code}/{key}")).text
            fields = fields_of(page)
            data = fields | {fields["question"]: "x" * size}
            await client.post(f"/en/live/{code}/{key}", data=data)
    finally:
        requests.close()

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["status"] for line in lines] == [200, 303] * 3
    assert {line["path"] for line in lines} == {"/en/live/…/…"}
    known = {"at", "level", "event", "id", "method", "path", "ms", "status"}
    assert all(set(line) == known for line in lines)
