"""How a live round stands, in one query: what its streams tell, and no more."""

import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from uuid import UUID

from werkraum_foundation.database import rows
from werkraum_foundation.refusals import NotFound

# Both counts are bounded by the round's own voices, through their indexes.
GLANCE = """
SELECT r.state, r.live_question_id, q.revealed,
 (SELECT count(*) FROM response p JOIN answer a ON a.response_id = p.id
   WHERE p.round_id = r.id AND a.question_id = r.live_question_id) AS answers,
 (SELECT count(*) FROM statement s
   WHERE s.round_id = r.id AND s.question_id = r.live_question_id) AS cards,
 (SELECT count(*) FROM statement s WHERE s.round_id = r.id
   AND s.question_id = r.live_question_id AND s.state = 'shown') AS shown,
 (SELECT count(*) FROM statement s WHERE s.round_id = r.id
   AND s.question_id = r.live_question_id AND s.state = 'hidden') AS hidden,
 (SELECT count(DISTINCT v.voter_hash) FROM statement_vote v
   JOIN statement s ON s.id = v.statement_id WHERE s.round_id = r.id
   AND s.question_id = r.live_question_id) AS voters
FROM round r LEFT JOIN question q ON q.id = r.live_question_id WHERE r.id = :round
"""


@dataclass(frozen=True)
class Glance:
    """A live round as everybody may know it: aggregates only.

    `page` changes whenever a page shows something else than numbers: then it is
    loaded again.
    """

    state: str
    question_id: UUID | None
    revealed: bool
    answers: int
    cards: int
    shown: int
    hidden: int
    voters: int

    @property
    def over(self) -> bool:
        return self.state == "closed"

    @property
    def voices(self) -> int:
        """How many have answered the question, or sent a card to it."""
        return self.answers + self.cards

    @property
    def pending(self) -> int:
        return self.cards - self.shown - self.hidden

    @cached_property
    def page(self) -> str:
        told = (self.state, self.question_id, self.revealed, self.shown, self.hidden)
        return sha256(repr(told).encode()).hexdigest()[:12]

    @cached_property
    def id(self) -> str:
        return f"{self.page}.{self.answers}.{self.cards}.{self.voters}"

    @cached_property
    def for_all(self) -> bytes:
        return _event(self.id, page=self.page, voices=self.voices, voters=self.voters)

    @cached_property
    def for_desk(self) -> bytes:
        """The same, and how many cards wait: they make the moderator look."""
        return _event(
            self.id,
            page=self.page,
            voices=self.voices,
            voters=self.voters,
            pending=self.pending,
        )


def _event(identifier: str, **told: object) -> bytes:
    data = json.dumps(told, separators=(",", ":"))
    return f"id: {identifier}\nevent: now\ndata: {data}\n\n".encode()


async def glance_at(round_id: UUID) -> Glance:
    """Look at a round; raises `NotFound`."""
    found = await rows(GLANCE, round=round_id)
    if not found:
        raise NotFound
    row = found[0]
    question = row["live_question_id"]
    return Glance(
        state=row["state"],
        question_id=UUID(str(question)) if question else None,
        revealed=bool(row["revealed"]),
        answers=row["answers"],
        cards=row["cards"],
        shown=row["shown"],
        hidden=row["hidden"],
        voters=row["voters"],
    )
