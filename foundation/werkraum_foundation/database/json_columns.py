"""JSON in columns: one encoder for all tables, named in the migrations for ever."""

import json
from typing import Any


def encode(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def decode(value: str | bytes) -> Any:  # Any: JSON has the type it has
    return json.loads(value)
