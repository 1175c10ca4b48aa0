"""Signing in by a link: once, for a short time, bound to a browser."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from werkraum_foundation.access import Caller, Grant
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.language import gettext
from werkraum_foundation.models import (
    ApiKey,
    LinkOrigin,
    Membership,
    Role,
    SignIn,
    SignInLink,
)
from werkraum_foundation.refusals import Refused
from werkraum_foundation.tokens import hashed, keyed_hash, new_token

LINK_LIFE = {
    LinkOrigin.LETTER: timedelta(minutes=10),
    LinkOrigin.COMMAND: timedelta(hours=24),
}
IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
# How often a sign-in's last use is written down.
SEEN_EVERY = timedelta(minutes=5)
CODE_TRIES = 5


class LinkUsed(Refused):
    """Used, too old, or never there: all sound the same."""

    status = 410
    code = "link_used"

    def message(self) -> str:
        return gettext(
            "This sign-in link has been used or is too old. Please get a new one."
        )


class OtherBrowser(Refused):
    """The link was asked for in another browser, which proves itself by the code."""

    status = 409
    code = "other_browser"

    def message(self) -> str:
        return gettext(
            "You asked for this link in another browser. "
            "Please type the 6 digits from the letter."
        )


class WrongCode(Refused):
    status = 422
    code = "wrong_code"

    def message(self) -> str:
        return gettext("These are not the digits from the letter.")


@dataclass(frozen=True)
class NewLink:
    """What goes into the letter, or to the one who called the command."""

    token: str
    code: str


@unit_of_work
async def make_link(
    person_id: UUID, origin: LinkOrigin, *, browser_hash: str | None, now: datetime
) -> NewLink:
    """Make a link for a person, bound to the browser whose secret has this hash."""
    made = NewLink(token=new_token(), code=f"{secrets.randbelow(1_000_000):06}")
    await SignInLink.create(
        person_id=person_id,
        origin=origin,
        token_hash=hashed(made.token),
        code_hash=keyed_hash("sign-in-code", made.token + made.code),
        browser_hash=browser_hash,
        expires_at=now + LINK_LIFE[origin],
    )
    return made


async def must_be_open(token: str, *, now: datetime) -> SignInLink:
    """Find an unused link; raises `LinkUsed`."""
    link = await SignInLink.get_or_none(token_hash=hashed(token))
    if link is None or link.used_at or link.expires_at <= now:
        raise LinkUsed
    return link


@unit_of_work
async def sign_in(
    token: str, *, browser: str | None, code: str | None, now: datetime
) -> str:
    """Use the link up and hand out the secret of the sign-in's cookie.

    A link of a letter belongs to the browser that asked for it; another one needs
    the code. A link printed by a command belongs to whoever presses its button
    first. Raises `LinkUsed`, `OtherBrowser`.
    """
    # Locks the row: of two clicks one signs in.
    used = await changed(
        "UPDATE sign_in_link SET used_at = :now"
        " WHERE token_hash = :hash AND used_at IS NULL AND expires_at > :now",
        now=now,
        hash=hashed(token),
    )
    if not used:
        raise LinkUsed
    link = await SignInLink.get(token_hash=hashed(token))
    same = bool(browser) and link.browser_hash == hashed(browser or "")
    if link.origin is LinkOrigin.LETTER and not same and not _right(link, token, code):
        raise OtherBrowser
    secret = new_token()
    await SignIn.create(
        person_id=link.person_id,
        token_hash=hashed(secret),
        created_at=now,
        seen_at=now,
    )
    return secret


def _right(link: SignInLink, token: str, code: str | None) -> bool:
    return code is not None and secrets.compare_digest(
        link.code_hash or "", keyed_hash("sign-in-code", token + code)
    )


@unit_of_work
async def count_wrong_code(token: str) -> int:
    """Note a wrong code and say how many there were; the fifth burns the link."""
    found = await rows(
        "UPDATE sign_in_link SET tries = tries + 1,"
        " used_at = CASE WHEN tries + 1 >= :most THEN expires_at ELSE used_at END"
        " WHERE token_hash = :hash RETURNING tries",
        most=CODE_TRIES,
        hash=hashed(token),
    )
    return int(found[0]["tries"]) if found else CODE_TRIES


@unit_of_work
async def sign_out(sign_in_id: UUID) -> None:
    await SignIn.filter(id=sign_in_id).delete()


@unit_of_work
async def work_for(sign_in_id: UUID, person_id: UUID, organiser_id: UUID) -> None:
    """Choose for which of the person's organisers the desk opens."""
    if await Membership.exists(person_id=person_id, organiser_id=organiser_id):
        await SignIn.filter(id=sign_in_id).update(organiser_id=organiser_id)


@unit_of_work
async def _seen(sign_in_id: UUID, now: datetime) -> None:
    await SignIn.filter(id=sign_in_id).update(seen_at=now)


async def grant_of_sign_in(secret: str, *, now: datetime) -> Grant | None:
    """Find what a signed-in browser may touch; None if it is not signed in."""
    found = await SignIn.get_or_none(token_hash=hashed(secret)).select_related("person")
    if found is None or found.seen_at < now - IDLE or found.created_at < now - ABSOLUTE:
        return None
    if found.seen_at < now - SEEN_EVERY:
        await _seen(found.id, now)
    memberships = (
        await Membership.filter(person_id=found.person_id)
        .select_related("organiser")
        .order_by("organiser__name")
    )
    if not memberships:
        return None
    chosen = next(
        (m for m in memberships if m.organiser_id == found.organiser_id),
        memberships[0],
    )
    person = found.person
    return Grant(
        organiser_id=chosen.organiser_id,
        organiser_name=chosen.organiser.name,
        role=chosen.role,
        actor=f"person:{person.id}",
        person=Caller(person.id, person.name, person.language),
        sign_in_id=found.id,
    )


async def grant_of_key(key: str, *, now: datetime) -> Grant | None:
    """Find what an API key may touch: what a manager of its organiser may."""
    found = await ApiKey.get_or_none(key_hash=hashed(key)).select_related("organiser")
    if found is None or found.revoked_at or found.expires_at <= now:
        return None
    return Grant(
        organiser_id=found.organiser_id,
        organiser_name=found.organiser.name,
        role=Role.MANAGER,
        actor=f"key:{found.id}",
    )
