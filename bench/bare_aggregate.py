"""The measure of a page of results: one statement that counts the same answers.

`bare_aggregate.py DATABASE ROUND_ID TIMES`, on the program's own engine; prints the
median of its milliseconds.
"""

import asyncio
import statistics
import sys
import time

from werkraum_foundation.database import rows
from werkraum_server.database import opened

COUNT = (
    "SELECT answer.question_id, answer.number, answer.codes, count(*) AS people"
    " FROM response JOIN answer ON answer.response_id = response.id"
    " WHERE response.round_id = :round"
    " GROUP BY answer.question_id, answer.number, answer.codes"
)


async def measure(url: str, round_id: str, times: int) -> float:
    waits = []
    async with opened(url):
        for _ in range(times):
            begun = time.perf_counter()
            assert await rows(COUNT, round=round_id)
            waits.append(time.perf_counter() - begun)
    return statistics.median(waits) * 1000


if __name__ == "__main__":
    print(asyncio.run(measure(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
