"""Organisers, the people who work for them, and the keys of their programs.

Pages and commands check the role of whoever asks before they call these.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.language import gettext
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.models import (
    ApiKey,
    Membership,
    Organiser,
    Person,
    Role,
    SignIn,
    SignInLink,
    Texts,
)
from werkraum_foundation.outbox import enqueue
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_foundation.slugs import slug_of
from werkraum_foundation.tokens import hashed, new_token

KEY_LIFE = timedelta(days=365)
# Tells people and secret scanners what it is when it turns up somewhere.
KEY_PREFIX = "wkr_"


class AlreadyMember(Refused):
    code = "already_member"

    def message(self) -> str:
        return gettext("This person is a member of the team already.")


class LastOwner(Refused):
    """Without an owner nobody could add people any more."""

    code = "last_owner"

    def message(self) -> str:
        return gettext(
            "A team needs an owner. Please make somebody else the owner first."
        )


@dataclass(frozen=True)
class LegalTexts:
    """What the law wants on every page of an organiser; Markdown per language."""

    imprint: Texts
    privacy: Texts
    accessibility: Texts


@dataclass(frozen=True)
class NewKey:
    """A key as it is shown, once; only its hash is stored."""

    id: UUID
    key: str
    expires_at: datetime


@unit_of_work
async def add_organiser(
    name: str, contact: str, legal: LegalTexts, *, actor: str, now: datetime
) -> Organiser:
    """Add an organiser; `contact` is the address that attendees write to."""
    organiser = await Organiser.create(
        slug=await _free_slug(name),
        name=name,
        contact=contact,
        imprint=legal.imprint,
        privacy=legal.privacy,
        accessibility=legal.accessibility,
        created_at=now,
    )
    await audit.record(
        organiser.id, "organiser.add", organiser.id, actor=actor, now=now
    )
    return organiser


async def _free_slug(name: str) -> str:
    slug = slug_of(name, longest=50) or "organiser"
    taken = {other.slug for other in await Organiser.filter(slug__startswith=slug)}
    number = 1
    while (tried := slug if number == 1 else f"{slug}-{number}") in taken:
        number += 1
    return tried


@unit_of_work
async def add_member(
    organiser_id: UUID, name: str, email: str, role: Role, *, actor: str, now: datetime
) -> Person:
    """Let a person work for an organiser; raises `AlreadyMember`.

    Somebody who works for another organiser of this installation stays one
    person, under the name that is known already.
    """
    await _enter(organiser_id)
    key = normalised(email)
    person = await Person.get_or_none(email_key=key)
    if person is None:
        person = await Person.create(
            name=name, email=email, email_key=key, created_at=now
        )
    if await Membership.exists(organiser_id=organiser_id, person_id=person.id):
        raise AlreadyMember
    await Membership.create(organiser_id=organiser_id, person_id=person.id, role=role)
    await audit.record(
        organiser_id,
        "member.add",
        person.id,
        actor=actor,
        now=now,
        changes={"role": [None, role.value]},
    )
    await enqueue(
        "letter:welcome",
        {
            "organiser_id": str(organiser_id),
            "person_id": str(person.id),
            "actor": actor,
        },
        organiser_id=organiser_id,
    )
    return person


@unit_of_work
async def change_role(
    organiser_id: UUID, person_id: UUID, role: Role, *, actor: str, now: datetime
) -> None:
    """Give a member another role; raises `LastOwner`, `NotFound`."""
    await _enter(organiser_id)
    member = await _member(organiser_id, person_id)
    before = member.role
    if role is before:
        return
    if before is Role.OWNER:
        await _must_not_be_last(organiser_id)
    member.role = role
    await member.save(update_fields=["role"])
    await audit.record(
        organiser_id,
        "member.change_role",
        person_id,
        actor=actor,
        now=now,
        changes={"role": [before.value, role.value]},
    )


@unit_of_work
async def remove_member(
    organiser_id: UUID, person_id: UUID, *, actor: str, now: datetime
) -> None:
    """Take a person out of the team, at once; raises `LastOwner`, `NotFound`.

    Whoever works for nobody any more is deleted with all their sign-ins.
    """
    await _enter(organiser_id)
    member = await _member(organiser_id, person_id)
    if member.role is Role.OWNER:
        await _must_not_be_last(organiser_id)
    await member.delete()
    if not await Membership.exists(person_id=person_id):
        await SignIn.filter(person_id=person_id).delete()
        await SignInLink.filter(person_id=person_id).delete()
        await Person.filter(id=person_id).delete()
    await audit.record(organiser_id, "member.remove", person_id, actor=actor, now=now)


async def members_of(organiser_id: UUID) -> list[Membership]:
    """List the team with each one's `person`, by name; two queries at most."""
    return (
        await Membership.filter(organiser_id=organiser_id)
        .select_related("person")
        .order_by("person__name")
    )


async def person_by_address(email: str) -> Person:
    """Find who has this address; raises `NotFound`."""
    person = await Person.get_or_none(email_key=normalised(email))
    if person is None:
        raise NotFound
    return person


@unit_of_work
async def make_api_key(organiser_id: UUID, *, actor: str, now: datetime) -> NewKey:
    """Make a key for a program of the organiser; it may what a manager may."""
    key = KEY_PREFIX + new_token()
    made = await ApiKey.create(
        organiser_id=organiser_id,
        key_hash=hashed(key),
        last_four=key[-4:],
        created_at=now,
        expires_at=now + KEY_LIFE,
    )
    await audit.record(organiser_id, "api_key.make", made.id, actor=actor, now=now)
    return NewKey(made.id, key, made.expires_at)


@unit_of_work
async def revoke_api_key(
    organiser_id: UUID, key_id: UUID, *, actor: str, now: datetime
) -> None:
    """Make a key open nothing from now on; raises `NotFound`."""
    revoked = await changed(
        "UPDATE api_key SET revoked_at = :now WHERE id = :id"
        " AND organiser_id = :organiser AND revoked_at IS NULL",
        now=now,
        id=key_id,
        organiser=organiser_id,
    )
    if not revoked:
        raise NotFound
    await audit.record(organiser_id, "api_key.revoke", key_id, actor=actor, now=now)


async def keys_of(organiser_id: UUID, *, now: datetime) -> list[ApiKey]:
    """List the keys that still open something, the newest first."""
    return await ApiKey.filter(
        organiser_id=organiser_id, revoked_at=None, expires_at__gt=now
    ).order_by("-created_at")


async def _enter(organiser_id: UUID) -> None:
    """Lock the team: of two owners who remove each other one stays."""
    locked = await rows(
        "UPDATE organiser SET slug = slug WHERE id = :id RETURNING id", id=organiser_id
    )
    if not locked:
        raise NotFound


async def _member(organiser_id: UUID, person_id: UUID) -> Membership:
    member = await Membership.get_or_none(
        organiser_id=organiser_id, person_id=person_id
    )
    if member is None:
        raise NotFound
    return member


async def _must_not_be_last(organiser_id: UUID) -> None:
    owners = await Membership.filter(organiser_id=organiser_id, role=Role.OWNER).count()
    if owners == 1:
        raise LastOwner
