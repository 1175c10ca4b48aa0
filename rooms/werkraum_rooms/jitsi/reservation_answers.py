"""What the room server is answered when it asks whether a room may open.

Fact sheet of the rooms, 4.3. A value of the wrong type or a null would make Prosody
raise inside, and the room would hang for everybody until it is started again. So all
answers are written here, of these types, and what is missing is left out.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

SHORTEST = 60  # seconds


@dataclass(frozen=True)
class Granted:
    """The room opens now and is over at `closes_at`.

    `name` and `mail_owner` are what was asked, letter by letter. `id` is the text of
    a UUID: a number would come back as 123.0.
    """

    id: str
    name: str
    mail_owner: str
    now: datetime
    closes_at: datetime
    most_people: int | None = None
    lobby: bool = False

    status = 200

    def body(self) -> bytes:
        left = int((self.closes_at - self.now).total_seconds())
        answer: dict[str, str | int | bool] = {
            "id": str(self.id),
            "name": str(self.name),
            "mail_owner": str(self.mail_owner),
            "start_time": self.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "duration": max(SHORTEST, left),
        }
        if self.most_people is not None and self.most_people >= 1:
            answer["max_occupants"] = self.most_people
        if self.lobby:
            answer["lobby"] = True
        return _json(answer)


@dataclass(frozen=True)
class Refusal:
    """The room stays shut. `message` is shown to whoever wanted in; never empty."""

    status: int
    message: str

    def body(self) -> bytes:
        return _json({"message": self.message or "-"})


def _json(answer: dict[str, str | int | bool] | dict[str, str]) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()
