"""Hold the seats of all rushes against their rows: `rush_seats.py URL PEOPLE SEATS`."""

import asyncio
import sys

from werkraum_foundation.database import rows
from werkraum_server.database import opened

POOLS = """
SELECT e.slug, p.mode, p.seats, p.taken, p.demand,
 (SELECT coalesce(sum(r.seats), 0) FROM registration r
   WHERE r.holds_seat AND (r.pool_id = p.id
   OR (p.mode IS NULL AND r.event_id = p.event_id))) AS held,
 (SELECT coalesce(sum(w.seats), 0) FROM wish w WHERE w.pool_id = p.id) AS waiting
FROM seat_pool p JOIN event e ON e.id = p.event_id WHERE e.slug LIKE 'bench-rush%'
"""
EVENTS = """
SELECT e.slug, count(*) AS people, count(DISTINCT r.email_key) AS addresses,
 sum(CASE WHEN r.holds_seat THEN 1 ELSE 0 END) AS seated,
 sum(CASE WHEN r.state = 'waitlisted' THEN 1 ELSE 0 END) AS waiting
FROM event e JOIN registration r ON r.event_id = e.id
WHERE e.slug LIKE 'bench-rush%' GROUP BY e.slug
"""


async def check(url: str, people: int, seats: int) -> None:
    async with opened(url):
        for pool in await rows(POOLS):
            assert pool["taken"] == pool["held"] <= pool["seats"], pool
            assert pool["demand"] == pool["held"] + pool["waiting"], pool
        for event in await rows(EVENTS):
            assert event["people"] == event["addresses"] == people, event
            assert event["seated"] == seats, event
            assert event["waiting"] == people - seats, event


asyncio.run(check(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
