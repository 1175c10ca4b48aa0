"""Erasing somebody wholly: registration, lists they stand in, letters as files."""

import asyncio
from datetime import datetime
from uuid import UUID

from werkraum_feedback.asking import invitees
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.letters.folder import burn
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.settings import settings
from werkraum_registration import erasing, traces
from werkraum_registration.models import Registration


async def erase(registration_id: UUID, *, now: datetime, farewell: bool = True) -> None:
    """Erase somebody from every part; harmless the second time.

    Letters kept as files go when nothing names them any more. Raises `NotFound`.
    """
    addresses = await _erase(registration_id, now=now, farewell=farewell)
    folder = settings().data_dir / "letters"
    await asyncio.to_thread(burn, folder, addresses)


@unit_of_work
async def _erase(registration_id: UUID, *, now: datetime, farewell: bool) -> set[str]:
    addresses = await _addresses(registration_id)
    await erasing.erase(registration_id, now=now, farewell=farewell)
    return addresses


async def _addresses(registration_id: UUID) -> set[str]:
    """Name the addresses of somebody, and take them off the lists of rounds."""
    asked = await Registration.get_or_none(id=registration_id).select_related("event")
    if asked is None or not asked.email:
        return set()
    addresses = await traces.addresses_of(asked)
    keys = {normalised(it) for it in addresses}
    await invitees.forget(asked.event.organiser_id, keys)
    return addresses
