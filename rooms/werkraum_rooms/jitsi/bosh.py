"""Signing in at a Jitsi server as a browser does: XMPP in HTTP requests (XEP-0124).

Only as far as the login: no room is entered, none comes to be.
"""

import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from werkraum_rooms.servers.provider_calls import Answer, ProviderCalls, must_be_fine
from werkraum_rooms.servers.provider_errors import ProviderError, ProviderProtocolError

PATIENCE = 5.0  # seconds for each request

_BODY = "{http://jabber.org/protocol/httpbind}body"
_SASL = "{urn:ietf:params:xml:ns:xmpp-sasl}"
_LONGEST_REASON = 200


@dataclass(frozen=True)
class Login:
    """What became of a login: `stream` whether there was a conversation at all.

    `accepted` is None where the server said neither yes nor no.
    """

    stream: bool
    accepted: bool | None = None
    # What the server said, or a code of ours where it said nothing of the login.
    reason: str = ""


async def log_in(
    calls: ProviderCalls, *, domain: str, room: str, token: str | None
) -> Login:
    """Open a stream, sign in with the token, and leave.

    The token stands in the query, as browsers send it: web servers log it, so it must
    be one that opens nothing.
    """
    query = {"room": room} | ({"token": token} if token else {})
    talk = _Talk(calls, f"/http-bind?{urlencode(query)}")
    try:
        opened = await talk.say(
            f"to='{domain}' xml:lang='en' wait='2' hold='1' ver='1.6'"
            " content='text/xml; charset=utf-8' xmpp:version='1.0'"
            " xmlns:xmpp='urn:xmpp:xbosh'"
        )
    except ProviderError as trouble:
        return Login(False, reason=trouble.code)
    sid = opened.get("sid", "")
    if opened.get("type") == "terminate" or not re.fullmatch(r"[\w.:-]{1,128}", sid):
        return Login(False, reason=opened.get("condition") or "unreadable")
    try:
        return await _signed_in(talk, sid)
    except ProviderError as trouble:
        return Login(True, reason=trouble.code)
    finally:
        await talk.leave(sid)


async def _signed_in(talk: "_Talk", sid: str) -> Login:
    wish = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>"
    found = _verdict(await talk.say(f"sid='{sid}'", wish))
    if found is None:
        # What it had to say first came instead; its verdict follows.
        found = _verdict(await talk.say(f"sid='{sid}'"))
    return found or Login(True, reason="silent")


class _Talk:
    """One conversation: each request has the number after the one before."""

    def __init__(self, calls: ProviderCalls, place: str) -> None:
        self._calls, self._place = calls, place
        self._number = secrets.randbelow(2**31) + 1

    async def say(self, attributes: str, inside: str = "") -> Element:
        self._number += 1
        body = (
            f"<body rid='{self._number}' {attributes}"
            f" xmlns='http://jabber.org/protocol/httpbind'>{inside}</body>"
        )
        return _read(
            must_be_fine(
                await self._calls.call(
                    "POST",
                    self._place,
                    content=body.encode(),
                    headers={"content-type": "text/xml; charset=utf-8"},
                    patience=PATIENCE,
                )
            )
        )

    async def leave(self, sid: str) -> None:
        try:
            await self.say(f"sid='{sid}' type='terminate'")
        except ProviderError:
            # It ends by itself a minute later.
            pass


def _read(answer: Answer) -> Element:
    try:
        found: Element = fromstring(answer.body)
    except (ParseError, DefusedXmlException, ValueError):
        raise ProviderProtocolError("no XML") from None
    if found.tag != _BODY:
        raise ProviderProtocolError("no BOSH")
    return found


def _verdict(answer: Element) -> Login | None:
    """Read what it says of the login; None where it says nothing of it yet."""
    if answer.find(f"{_SASL}success") is not None:
        return Login(True, accepted=True)
    failure = answer.find(f"{_SASL}failure")
    if failure is None:
        ended = answer.get("type") == "terminate"
        return Login(True, reason=answer.get("condition") or "ended") if ended else None
    said = failure.findtext(f"{_SASL}text") or ""
    kinds = [part.tag.removeprefix(_SASL) for part in failure]
    reason = said or next((kind for kind in kinds if kind != "text"), "failure")
    return Login(True, accepted=False, reason=reason[:_LONGEST_REASON])
