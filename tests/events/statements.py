"""The statements that a piece of a test sends to the database."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.statements: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.statements.append(record.getMessage())


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements inside the block, as Tortoise logs them."""
    log, collector = logging.getLogger("tortoise.db_client"), Collector()
    level = log.level
    log.addHandler(collector)
    log.setLevel(logging.DEBUG)
    try:
        yield collector.statements
    finally:
        log.removeHandler(collector)
        log.setLevel(level)
