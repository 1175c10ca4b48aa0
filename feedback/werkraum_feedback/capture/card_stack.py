"""The cards of an introduction round: what people wrote beforehand, in their order.

A card is what one person answered, or one that was added on the spot. Whoever put
their name to it is named; a card without a name is shown once the round is closed,
and if at least five people wrote without a name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from werkraum_feedback.coding.statements import allowed_by
from werkraum_feedback.models import (
    AnswerRow,
    Naming,
    ResponseRow,
    Round,
    RoundKind,
    RoundState,
    Signature,
)
from werkraum_feedback.results.shares import FEWEST
from werkraum_feedback.statement_models import Quoting, Statement, StatementSource
from werkraum_registration.models import (
    ENDED,
    OrganisationKind,
    OrganisationSize,
    Registration,
)
from werkraum_registration.organisation_queries import names_of


@dataclass(frozen=True)
class Line:
    """One text of a card; its statement is there once something was done with it."""

    text: str
    answer: AnswerRow | None = None
    statement: Statement | None = None


@dataclass(frozen=True)
class Card:
    """What one person says of themselves; `id` names it in forms."""

    id: str
    lines: tuple[Line, ...]
    round_id: UUID | None = None
    # Whether its round is: then its texts are statements, spoken about or not.
    closed: bool = False
    name: str = ""
    registration_id: UUID | None = None
    registered_at: datetime | None = None
    organisation_id: UUID | None = None
    organisation: str = ""
    org_kind: OrganisationKind | None = None
    org_size: OrganisationSize | None = None
    # Whether so many are of this kind and size that it points at nobody.
    shows_group: bool = True
    quoting: Quoting = Quoting.NO

    @property
    def statements(self) -> list[Statement]:
        return [it.statement for it in self.lines if it.statement]

    @property
    def spoken_at(self) -> datetime | None:
        return next((it.spoken_at for it in self.statements if it.spoken_at), None)

    @property
    def position(self) -> int | None:
        places = [it.position for it in self.statements if it.position is not None]
        return min(places, default=None)

    @property
    def unnamed(self) -> bool:
        """Whether it was written by somebody who put no name to it."""
        return self.round_id is not None and self.registration_id is None

    @property
    def mark(self) -> str:
        """Tell these texts from any other, for a form that comes back later."""
        texts = "\0".join(it.text for it in self.lines)
        return sha256(texts.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Stack:
    """The cards in their order; `withheld` without a name are not shown yet."""

    cards: tuple[Card, ...]
    withheld: int = 0

    @property
    def spoken(self) -> int:
        return sum(1 for it in self.cards if it.spoken_at)

    @property
    def mark(self) -> str:
        """Tell these cards, their order and who has spoken from any other."""
        told = [f"{it.id} {it.mark} {bool(it.spoken_at)}" for it in self.cards]
        return sha256("\n".join(told).encode()).hexdigest()[:16]

    @property
    def next(self) -> Card | None:
        return next((it for it in self.cards if not it.spoken_at), None)


@dataclass(frozen=True)
class _Read:
    """What the rows of some responses say."""

    answers: Mapping[UUID, list[AnswerRow]]
    signers: Mapping[UUID, Registration]
    signatures: Mapping[UUID, Signature]
    statements: Mapping[UUID, Statement]
    names: Mapping[UUID, str] = field(default_factory=dict)


async def stack_of(event_id: UUID) -> Stack:
    """Lay out the cards of an event; seven queries at most, however many."""
    rounds = await introductions_of(event_id)
    responses = await ResponseRow.filter(round_id__in=[it.id for it in rounds])
    read = await _read(responses)
    cards: list[Card] = []
    withheld = 0
    for each in rounds:
        made = [_card(each, it, read) for it in responses if it.round_id == each.id]
        made = [it for it in made if it.lines]
        named = [it for it in made if not it.unnamed]
        unnamed = _shuffled((it for it in made if it.unnamed), each.salt)
        if not may_show_unnamed(each, len(unnamed)):
            withheld += len(unnamed)
            unnamed = []
        cards += [*named, *_without_small_groups(unnamed, made)]
    cards += await _added_on_the_spot(event_id)
    return Stack(tuple(sorted(cards, key=_place)), withheld)


async def introductions_of(event_id: UUID) -> list[Round]:
    """List the rounds whose answers are cards, the first first."""
    found = Round.filter(
        event_id=event_id, kind=RoundKind.INTRODUCTION, naming=Naming.CHOSEN
    )
    return await found.order_by("id")


def may_show_unnamed(asked: Round, unnamed: int) -> bool:
    """Whether texts without a name point at nobody, before one came and after."""
    return asked.state is RoundState.CLOSED and unnamed >= FEWEST


async def _read(responses: Sequence[ResponseRow]) -> _Read:
    ids = [it.id for it in responses]
    found = AnswerRow.filter(response_id__in=ids, text__not_isnull=True)
    rows = await found.select_related("question")
    answers: dict[UUID, list[AnswerRow]] = {}
    for row in sorted(rows, key=lambda it: it.question.position):
        answers.setdefault(row.response_id, []).append(row)
    signed = await Signature.filter(response_id__in=ids).select_related(
        "registration__organisation"
    )
    signers = {it.response_id: it.registration for it in signed}
    signatures = {it.response_id: it for it in signed}
    made = await Statement.filter(answer_id__in=[it.id for it in rows])
    named = [it.organisation_id for it in signers.values() if it.organisation_id]
    return _Read(
        answers,
        signers,
        signatures,
        {it.answer_id: it for it in made if it.answer_id},
        await names_of(named) if named else {},
    )


def _card(asked: Round, response: ResponseRow, read: _Read) -> Card:
    lines = tuple(
        _line(it, read.statements.get(it.id))
        for it in read.answers.get(response.id, ())
    )
    card = Card(
        f"r-{response.id}",
        lines,
        asked.id,
        asked.state is RoundState.CLOSED,
        org_kind=response.org_kind,
        org_size=response.org_size,
        quoting=allowed_by(response, read.signatures.get(response.id)),
    )
    person = read.signers.get(response.id)
    # Whoever was erased is named by nothing any more; who is not coming is no card.
    if person is None or not person.name:
        return card
    return _signed(card, person, read.names) if person.state not in ENDED else _none()


def _none() -> Card:
    return Card("", ())


def _line(answer: AnswerRow, statement: Statement | None) -> Line:
    text = statement.text if statement else answer.text or ""
    return Line(text, answer, statement)


def _signed(card: Card, person: Registration, names: Mapping[UUID, str]) -> Card:
    where = person.organisation
    return replace(
        card,
        name=person.name,
        registration_id=person.id,
        registered_at=person.created_at,
        organisation_id=where.id if where else None,
        organisation=names.get(where.id, "") if where else "",
        org_kind=card.org_kind or (where.kind if where else None),
        org_size=card.org_size or (where.size if where else None),
    )


def _shuffled(cards: Iterable[Card], salt: str) -> list[Card]:
    """Put cards without a name in an order that tells nothing of theirs."""
    return sorted(cards, key=lambda it: sha256(f"{salt}{it.id}".encode()).digest())


def _without_small_groups(unnamed: list[Card], all_cards: list[Card]) -> list[Card]:
    """Say beside a card without a name only what is true of five people or more."""
    groups = [(it.org_kind, it.org_size) for it in all_cards]
    return [
        replace(it, shows_group=groups.count((it.org_kind, it.org_size)) >= FEWEST)
        for it in unnamed
    ]


async def _added_on_the_spot(event_id: UUID) -> list[Card]:
    found = await Statement.filter(
        event_id=event_id, source=StatementSource.CARD, answer_id=None
    ).order_by("created_at", "id")
    named = [it.organisation_id for it in found if it.organisation_id]
    names = await names_of(named) if named else {}
    return [
        Card(
            f"s-{it.id}",
            (Line(it.text, statement=it),),
            registered_at=it.created_at,
            organisation_id=it.organisation_id,
            organisation=_named(it, names),
            org_kind=it.org_kind,
            org_size=it.org_size,
            quoting=it.quoting,
        )
        for it in found
    ]


def _named(statement: Statement, names: Mapping[UUID, str]) -> str:
    where = statement.organisation_id
    return names.get(where, "") if where else ""


def _place(card: Card) -> tuple[int, int, str]:
    """Order by hand first; the rest by the time of registering, the unnamed last."""
    if card.position is not None:
        return 0, card.position, ""
    if card.unnamed or card.registered_at is None:
        return 2, 0, ""
    return 1, 0, card.registered_at.isoformat()


def by_kind(cards: Sequence[Card]) -> list[Card]:
    """Bring kinds of organisations together: towns by size, then the others."""
    kinds, sizes = list(OrganisationKind), list(OrganisationSize)
    return sorted(
        cards,
        key=lambda it: (
            kinds.index(it.org_kind) if it.org_kind else len(kinds),
            sizes.index(it.org_size) if it.org_size else len(sizes),
        ),
    )


def by_registering(cards: Sequence[Card]) -> list[Card]:
    """Who registered first comes first; cards without a name say nothing of it."""
    return sorted(
        cards,
        key=lambda it: (
            it.registered_at is None,
            it.registered_at.isoformat() if it.registered_at else "",
        ),
    )


def moved(cards: Sequence[Card], card_id: str, by: int) -> list[Card]:
    """Move a card up (-1) or down (1) in the line; at its end it stays."""
    line = list(cards)
    at = next(n for n, it in enumerate(line) if it.id == card_id)
    to = min(max(at + by, 0), len(line) - 1)
    line.insert(to, line.pop(at))
    return line
