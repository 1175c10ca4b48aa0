"""BigBlueButton, played: what its API answers, byte for byte where it matters.

Follows its documentation and bbb-web (GetChecksumValidator, calcGuestStatus). Knows
nothing of the code that calls it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

# By the length of the checksum, in hex digits.
HASHES = {40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}
Parameters = dict[str, str]


class Failed(Exception):
    """What `FAILED` says: a messageKey."""


@dataclass
class Meeting:
    """A run of a room, until it is ended or forgotten."""

    terms: Parameters
    created: int
    joined: list[Parameters] = field(default_factory=list)
    waiting: list[Parameters] = field(default_factory=list)
    ended: bool = False


@dataclass
class BigBlueButtonDouble:
    """A server with this secret; `asked` are the calls it has taken, in order."""

    secret: str
    accepts: frozenset[str] = frozenset(HASHES.values())
    meetings: dict[str, Meeting] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    # Milliseconds; goes on with each run.
    time: int = 1_795_358_567_000

    def app(self) -> Starlette:
        base = "/bigbluebutton/api"
        return Starlette(
            routes=[
                Route(base, self._version),
                Route(base + "/{call}", self._answer),
                Route("/html5client/join", lambda _: Response("in the room")),
            ]
        )

    def forget(self, meeting_id: str) -> None:
        """Let the minutes pass after which an empty or ended room is gone."""
        del self.meetings[meeting_id]

    async def _version(self, request: Request) -> Response:
        return _xml("SUCCESS", {"version": "2.0", "apiVersion": "2.0"})

    async def _answer(self, request: Request) -> Response:
        call = request.path_params["call"]
        self.asked.append(call)
        query = request.scope["query_string"].decode("ascii")
        try:
            self._must_be_signed(call, query)
            given = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True))
            if call == "join":
                return self._join(given)
            said = {
                "create": self._create,
                "getMeetingInfo": self._info,
                "isMeetingRunning": self._running,
                "end": self._end,
            }[call](given)
        except Failed as refusal:
            return _xml("FAILED", {"messageKey": str(refusal), "message": "No."})
        return _xml("SUCCESS", said)

    def _must_be_signed(self, call: str, query: str) -> None:
        """Compare with the hash over the query as it came, its checksum cut out."""
        parts = query.split("&")
        shown = [part[9:] for part in parts if part.startswith("checksum=")]
        rest = "&".join(part for part in parts if not part.startswith("checksum="))
        if len(shown) != 1 or HASHES.get(len(shown[0])) not in self.accepts:
            raise Failed("checksumError")
        right = hashlib.new(
            HASHES[len(shown[0])], f"{call}{rest}{self.secret}".encode()
        )
        if right.hexdigest() != shown[0].lower():
            raise Failed("checksumError")

    def _create(self, given: Parameters) -> Mapping[str, str]:
        if not 2 <= len(given.get("meetingID", "")) <= 256:
            raise Failed("missingParamMeetingID")
        if not 2 <= len(given.get("name", "")) <= 64:
            raise Failed("validationError")
        meeting = self.meetings.get(given["meetingID"])
        said = {}
        if meeting is None:
            self.time += 1000
            meeting = Meeting(given, self.time)
            self.meetings[given["meetingID"]] = meeting
        elif meeting.ended:
            raise Failed("meetingForciblyEnded")
        elif _passwords(meeting.terms) != _passwords(given):
            raise Failed("idNotUnique")
        else:
            said["messageKey"] = "duplicateWarning"
        return {
            "meetingID": given["meetingID"],
            "internalMeetingID": f"internal-{meeting.created}",
            "createTime": str(meeting.created),
            "voiceBridge": "70066",
            "hasBeenForciblyEnded": "false",
            **said,
        }

    def _join(self, given: Parameters) -> Response:
        """Take a browser that follows a link; it is led to the client, or told."""
        if not given.get("fullName"):
            raise Failed("missingParamFullName")
        meeting = self._meeting(given)
        if meeting.ended:
            raise Failed("meetingForciblyEnded")
        if "createTime" in given and given["createTime"] != str(meeting.created):
            raise Failed("mismatchCreateTimeParam")
        if given.get("role") not in ("MODERATOR", "VIEWER"):
            raise Failed("invalidPassword")
        most = int(meeting.terms.get("maxParticipants", 0))
        if most and len(meeting.joined) >= most:
            raise Failed("maxParticipantsReached")
        waits = (
            given["role"] != "MODERATOR"
            and meeting.terms.get("guestPolicy") == "ASK_MODERATOR"
            and given.get("guest") == "true"
        )
        (meeting.waiting if waits else meeting.joined).append(given)
        return RedirectResponse("/html5client/join?sessionToken=t", 302)

    def _info(self, given: Parameters) -> Mapping[str, str]:
        meeting = self._meeting(given)
        return {
            "participantCount": str(len(meeting.joined)),
            "hasBeenForciblyEnded": "true" if meeting.ended else "false",
        }

    def _running(self, given: Parameters) -> Mapping[str, str]:
        meeting = self.meetings.get(given["meetingID"])
        running = meeting and meeting.joined and not meeting.ended
        return {"running": "true" if running else "false"}

    def _end(self, given: Parameters) -> Mapping[str, str]:
        meeting = self._meeting(given)
        if given.get("password", "") not in ("", meeting.terms["moderatorPW"]):
            raise Failed("invalidPassword")
        meeting.ended = True
        return {"messageKey": "sentEndMeetingRequest"}

    def _meeting(self, given: Parameters) -> Meeting:
        try:
            return self.meetings[given["meetingID"]]
        except KeyError:
            raise Failed("notFound") from None


def _passwords(terms: Parameters) -> list[str | None]:
    return [terms.get(name) for name in ("attendeePW", "moderatorPW")]


def _xml(returncode: str, said: Mapping[str, str]) -> Response:
    fields = {"returncode": returncode, **said}
    inner = "".join(
        f"<{name}>{escape(value)}</{name}>" for name, value in fields.items()
    )
    return Response(f"<response>{inner}</response>", media_type="text/xml")
