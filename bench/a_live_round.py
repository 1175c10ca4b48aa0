"""Start a live round of an event: `a_live_round.py EVENT_ID VOICES`.

Prints its code, the question that is on, and a key for each voice.
"""

import asyncio
import json
import sys
from uuid import UUID

from werkraum_events.models import Event
from werkraum_feedback.asking import rounds
from werkraum_feedback.live_rounds import live, live_keys
from werkraum_feedback.models import RoundKind
from werkraum_foundation import clock
from werkraum_foundation.settings import settings
from werkraum_server.database import opened


async def main(event_id: UUID, voices: int) -> None:
    async with opened(settings().database_url):
        event, now = await Event.get(id=event_id), clock.now()
        made = await rounds.create(
            event.organiser_id, event.id, kind=RoundKind.PULSE, actor="bench", now=now
        )
        pulse = await live.start(event.organiser_id, made.id, actor="bench", now=now)
        assert pulse.live_question_id
        print(
            json.dumps(
                {
                    "code": pulse.live_code,
                    "question": f"q-{pulse.live_question_id.hex}",
                    "keys": [live_keys.device_key(pulse.id) for _ in range(voices)],
                }
            )
        )


if __name__ == "__main__":
    asyncio.run(main(UUID(sys.argv[1]), int(sys.argv[2])))
