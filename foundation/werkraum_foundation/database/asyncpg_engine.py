"""Tortoise's asyncpg client: no connection is ever lost, no needless round trip.

The module name must contain "asyncpg": Tortoise chooses the schema editor by it.
"""

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections


class QuietConnection(asyncpg.Connection):  # type: ignore[misc]
    """Goes back to the pool without `RESET ALL …`.

    Allowed because no query leaves session state behind: no SET, no LISTEN,
    no session-level advisory lock.
    """

    def get_reset_query(self) -> str:
        return ""


class SafeContext(TransactionContextPooled):
    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        pool = self.client._parent._pool
        self.client._connection = await pool.acquire()
        try:
            await self.client.begin()
        except BaseException:
            # asyncpg rolls back or drops the connection on release.
            await pool.release(self.client._connection)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client


class SafeClient(AsyncpgDBClient):
    connection_class = QuietConnection

    def _in_transaction(self) -> TransactionContext:
        return SafeContext(TransactionWrapper(self), self._pool_init_lock)


client_class = SafeClient
