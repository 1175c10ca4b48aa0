"""Which migrations the program brings, and which the open database has."""

from functools import cache
from importlib.resources import files

from tortoise.exceptions import OperationalError

from werkraum_foundation.database import rows


@cache
def shipped() -> tuple[str, ...]:
    """Name the migrations of this version, in order."""
    folder = files("werkraum_server") / "migrations"
    names = (file.name for file in folder.iterdir())
    return tuple(
        sorted(name[:-3] for name in names if name[0].isdigit() and name[-3:] == ".py")
    )


async def applied() -> tuple[str, ...]:
    """Name the migrations the database has, in order; none where it is empty."""
    try:
        found = await rows(
            "SELECT name FROM tortoise_migrations WHERE app = 'werkraum' ORDER BY name"
        )
    except OperationalError:
        return ()
    return tuple(row["name"] for row in found)


async def missing() -> tuple[str, ...]:
    """Name the migrations the database still lacks."""
    there = set(await applied())
    return tuple(name for name in shipped() if name not in there)


async def unknown() -> tuple[str, ...]:
    """Name the migrations that only a newer version of the program knows."""
    return tuple(name for name in await applied() if name not in shipped())
