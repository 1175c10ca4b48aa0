"""Say one statement to a PostgreSQL server: `on_postgres.py URL STATEMENT`."""

import asyncio
import sys

import asyncpg


async def main() -> None:
    try:
        server = await asyncpg.connect(sys.argv[1], timeout=5)
    except OSError:
        sys.exit(1)
    await server.execute(sys.argv[2])
    await server.close()


asyncio.run(main())
