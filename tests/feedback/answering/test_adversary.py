"""Thirty people, their order and times known: the tables say nothing of whose is what.

What counts as more than chance, and how rarely chance does it, says `Tally`.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from io import StringIO
from uuid import UUID

import httpx
import pytest
from tests.conftest import ON_POSTGRES
from tests.feedback.conftest import ACTOR, confirmed
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
    RARE,
    Loot,
    StoredBallot,
    StoredText,
    Tally,
    at_least,
    found,
    neighbours_by_chance,
    right_by_chance,
)
from tests.people import an_event

from werkraum_feedback.answering import ballots, traces
from werkraum_feedback.answering.ballots import About
from werkraum_feedback.asking import queries, rounds
from werkraum_feedback.models import Round, RoundKind
from werkraum_feedback.questions import Answer, Answers, QuestionKind
from werkraum_foundation import clock
from werkraum_foundation.database import is_sqlite, rows, unit_of_work
from werkraum_foundation.models import Job, Organiser
from werkraum_registration.models import OrganisationKind, OrganisationSize
from werkraum_server.logs import requests

KINDS = list(OrganisationKind)


def origin(person: int) -> tuple[OrganisationKind | None, OrganisationSize | None]:
    """Let four people come from each kind, towns of each size; the rest says nothing.

    The list of participants tells them apart, so none of it may be kept.
    """
    if person >= 4 * len(KINDS):
        return None, None
    kind = KINDS[person % len(KINDS)]
    sizes = list(OrganisationSize)
    of_town = kind is OrganisationKind.MUNICIPALITY
    return kind, sizes[person % len(sizes)] if of_town else None


def group(person: int) -> str:
    kind, size = origin(person)
    return f"{kind}/{size}" if kind else ""


async def asked_all(organiser: Organiser, event_id: UUID, now: datetime) -> Round:
    made = await rounds.create(
        organiser.id, event_id, kind=RoundKind.PULSE, actor=ACTOR, now=now
    )
    await Round.filter(id=made.id).update(asks_group=True)
    rows_of_round = await queries.question_rows_of(made.id)
    rows_of_round[0].kind = QuestionKind.TEXT
    await rows_of_round[0].save(update_fields=["kind"])
    return await rounds.open(organiser.id, made.id, actor=ACTOR, now=now)


async def answered(
    asked: Round, people: Sequence[UUID], said: Sequence[str], now: datetime
) -> None:
    """Let people answer one after the other, a minute apart."""
    [question] = await queries.questions_of(asked.id)
    for person, (identifier, text) in enumerate(zip(people, said, strict=True)):
        kind, size = origin(person)
        await ballots.cast(
            ballots.hash_for(asked.id, identifier),
            Answers((Answer(question.id, text=text),)),
            about=About(kind, size),
            loaded=now,
            now=now + person * timedelta(minutes=1),
        )


async def taken(
    asked: Round, people: Sequence[UUID], letters: Sequence[int], logged: Sequence[int]
) -> Loot:
    """Take what lies in the database, as rows and as bytes."""
    kept = await rows(
        "SELECT a.text, a.id AS answer_id, r.id AS response_id, r.org_kind, r.org_size,"
        f" {version_of('a')} AS version, {version_of('r')} AS r_version,"
        f" rank() OVER (ORDER BY {place_of('a')}) AS place,"
        f" rank() OVER (ORDER BY {place_of('r')}) AS r_place"
        " FROM answer a JOIN response r ON r.id = a.response_id"
        " WHERE r.round_id = :round",
        round=asked.id,
    )
    used = await rows(
        f"SELECT token_hash, {version_of('ballot')} AS version,"
        f" rank() OVER (ORDER BY {place_of('ballot')}) AS place FROM ballot"
        " WHERE round_id = :round",
        round=asked.id,
    )
    owners = {ballots.hash_for(asked.id, it): n for n, it in enumerate(people)}
    raw = bytes_of_files()
    return Loot(
        texts=[
            StoredText(
                text=it["text"],
                place=it["place"],
                answer_id=str(it["answer_id"]),
                response_id=str(it["response_id"]),
                response_place=it["r_place"],
                version=it["version"],
                response_version=it["r_version"],
                group=f"{it['org_kind']}/{it['org_size']}" if it["org_kind"] else "",
                offset=raw.rfind(it["text"].encode()),
            )
            for it in kept
        ],
        ballots=[
            StoredBallot(
                owners[it["token_hash"]], it["place"], it["version"], it["token_hash"]
            )
            for it in used
        ],
        groups=[group(person) for person in range(PEOPLE)],
        letters=letters,
        logged=logged,
    )


async def letters_of(asked: Round, people: Sequence[UUID]) -> list[int]:
    """Say in which order the letters with the ballots are sent."""
    await rounds.send_ballots(asked.organiser_id, asked.id, now=asked.created_at)
    sent = await Job.filter(name="letter:ballot").order_by("id")
    order = {str(it): n for n, it in enumerate(people)}
    await Job.all().delete()
    return [order[it.args["registration_id"]] for it in sent]


async def test_no_matcher_finds_more_than_chance_once_a_round_is_closed(
    olgas_office: Organiser, now: datetime
) -> None:
    event = await an_event(olgas_office, now=now)
    people = await confirmed(event, PEOPLE)
    tally = Tally(MATCHERS)

    for number in range(ROUNDS):
        asked, said = await asked_all(olgas_office, event.id, now), texts(number)
        letters = await letters_of(asked, people)
        await answered(asked, people, said, now)
        await rounds.close(
            olgas_office.id, asked.id, at_once=True, actor=ACTOR, now=now
        )
        await traces.wipe()
        # Of what the log has beside the time nothing hangs on the text.
        loot = await taken(asked, people, letters, logged=range(PEOPLE))
        assert {it.group for it in loot.texts} == {""}
        tally.add(loot, said)

    assert tally.more_than_chance() == {}


async def test_nothing_is_left_in_the_files_where_it_was_first_written(
    olgas_office: Organiser, now: datetime
) -> None:
    if ON_POSTGRES:
        pytest.skip("the bytes of PostgreSQL are its own")
    event = await an_event(olgas_office, now=now)
    people, said = await confirmed(event, PEOPLE), texts(1)
    asked = await asked_all(olgas_office, event.id, now)
    await answered(asked, people, said, now)
    await rounds.close(olgas_office.id, asked.id, at_once=True, actor=ACTOR, now=now)

    await traces.wipe()

    raw = bytes_of_files()
    assert [raw.count(text.encode()) for text in said] == [1] * PEOPLE


async def test_while_a_round_is_open_the_same_matchers_find_everybody(
    olgas_office: Organiser, now: datetime
) -> None:
    """It is said on the form; and it shows that the matchers can see."""
    event = await an_event(olgas_office, now=now)
    people, said = await confirmed(event, PEOPLE), texts(1)
    asked = await asked_all(olgas_office, event.id, now)

    await answered(asked, people, said, now)

    loot = await taken(asked, people, range(PEOPLE), logged=range(PEOPLE))
    assert found(MATCHERS["order of answers"], loot, said) == PEOPLE
    assert found(MATCHERS["order of responses"], loot, said) == PEOPLE
    if ON_POSTGRES:
        assert found(MATCHERS["same transaction"], loot, said) == PEOPLE


async def test_the_log_says_of_an_answer_neither_whose_it_is_nor_how_long(
    client: httpx.AsyncClient, olgas_office: Organiser
) -> None:
    now, log = clock.now(), StringIO()
    event = await an_event(olgas_office, now=now)
    people = await confirmed(event, PEOPLE)
    asked = await asked_all(olgas_office, event.id, now)
    [question] = await queries.questions_of(asked.id)
    paths = [f"/en/feedback/{ballots.token_for(asked.id, it)}" for it in people[:3]]

    requests.open(log)
    try:
        for path, size in zip(paths, (20, 200, 2_000), strict=True):
            await client.post(path, data={question.id: "x" * size})
    finally:
        requests.close()

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line.pop("status") for line in lines] == [303] * 3
    assert {line["path"] for line in lines} == {"/en/feedback/…"}
    known = {"at", "level", "event", "id", "method", "path", "ms"}
    assert all(set(line) == known for line in lines)
    assert not any(path.rpartition("/")[2] in log.getvalue() for path in paths)


def test_how_probable_what_chance_finds_is_is_counted_out() -> None:
    """Of the six orders of three people two leave nobody in place, and one all."""
    assert right_by_chance(3) == [2 / 6, 3 / 6, 0.0, 1 / 6]
    assert neighbours_by_chance(3) == [3 / 6, 2 / 6, 1 / 6]
    right, beside = right_by_chance(PEOPLE), neighbours_by_chance(PEOPLE)
    assert at_least(48, right, ROUNDS) < RARE < at_least(47, right, ROUNDS)
    assert at_least(47, beside, ROUNDS) < RARE < at_least(46, beside, ROUNDS)


@pytest.mark.parametrize("turn", [0, 1, 7, 15])
def test_an_order_that_is_only_turned_is_noticed(turn: int) -> None:
    """One place off and not one guess is right; yet everything is told."""
    tally = Tally({"order": MATCHERS["order of answers"]})
    for number in range(ROUNDS):
        said = texts(number)
        kept = [
            StoredText(text, (place + turn) % PEOPLE, "", "", 0)
            for place, text in enumerate(said)
        ]
        tally.add(Loot(kept, (), ()), said)

    assert set(tally.more_than_chance()) == {"order"}


NAIVE = (
    "CREATE TABLE naive_ballot (token_hash text PRIMARY KEY, used_at text)",
    "CREATE TABLE naive_answer (id text, said_at text, origin text, text text)",
)


@unit_of_work
async def _answer_naively(person: int, identifier: UUID, text: str, at: str) -> None:
    await rows(
        "UPDATE naive_ballot SET used_at = :at WHERE token_hash = :hash"
        " RETURNING token_hash",
        at=at,
        hash=f"{person:04}",
    )
    await rows(
        "INSERT INTO naive_answer VALUES (:id, :at, :origin, :text) RETURNING id",
        id=f"{person:04}",
        at=at,
        origin=group(person),
        text=text,
    )


@unit_of_work
async def _make_naive_tables() -> None:
    for statement in NAIVE:
        await rows(statement)
    for person in range(PEOPLE):
        await rows(
            "INSERT INTO naive_ballot VALUES (:hash, NULL) RETURNING token_hash",
            hash=f"{person:04}",
        )


async def _taken_naively(said: Sequence[str]) -> Loot:
    row = "rowid" if is_sqlite() else "ctid"
    version = f"{'0' if is_sqlite() else 'xmin::text::bigint'} AS version"
    kept = await rows(
        f"SELECT *, rank() OVER (ORDER BY {row}) AS place, {version} FROM naive_answer"
    )
    used = await rows(
        f"SELECT *, rank() OVER (ORDER BY {row}) AS place, {version} FROM naive_ballot"
    )
    return Loot(
        texts=[
            StoredText(
                text=it["text"],
                place=it["place"],
                answer_id=it["id"],
                response_id=it["id"],
                response_place=it["place"],
                version=it["version"],
                response_version=it["version"] or it["place"],
                group=it["origin"],
                at=it["said_at"],
                offset=it["place"],
            )
            for it in kept
        ],
        ballots=[
            StoredBallot(
                int(it["token_hash"]),
                it["place"],
                it["version"] or it["place"],
                it["token_hash"],
            )
            for it in used
        ],
        groups=[group(person) for person in range(PEOPLE)],
        letters=range(PEOPLE),
        logged=[len(text) for text in said],
    )


async def test_in_a_naive_table_each_matcher_finds_everybody(
    database: str, now: datetime
) -> None:
    said = texts(1)
    await _make_naive_tables()
    try:
        for person, text in enumerate(said):
            at = (now + person * timedelta(minutes=1)).isoformat()
            await _answer_naively(person, UUID(int=person), text, at)

        loot = await _taken_naively(said)
        hits = {name: found(each, loot, said) for name, each in MATCHERS.items()}
        assert hits == dict.fromkeys(MATCHERS, PEOPLE)
    finally:
        for table in ("naive_ballot", "naive_answer"):
            await rows(f"DROP TABLE {table}")
