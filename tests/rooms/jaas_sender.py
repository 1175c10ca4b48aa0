"""8x8's webhooks, played: signed as its documentation says."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

JSON = "application/json"
# Any: JSON, here and below.
Told = dict[str, Any]


def signature(secret: str, moment: int | str, body: bytes) -> str:
    text = f"{moment}.".encode() + body
    made = hmac.new(secret.encode(), text, hashlib.sha256).digest()
    return base64.b64encode(made).decode()


@dataclass(frozen=True)
class JaasSender:
    """Sends what happens in the rooms of this tenant."""

    client: httpx.AsyncClient
    app_id: str
    secret: str

    def told(
        self, kind: str, slug: str, *, seconds_ago: float = 0, **data: Any
    ) -> Told:
        """Write an event as the documentation shows it, person and all."""
        customer = self.app_id.removeprefix("vpaas-magic-cookie-")
        return {
            "idempotencyKey": str(uuid4()),
            "customerId": customer,
            "appId": self.app_id,
            "eventType": kind,
            "sessionId": "c3348153-1027-4382-afad-5ae91b433c26",
            "timestamp": int((time.time() - seconds_ago) * 1000),
            "fqn": f"{self.app_id}/{slug}",
            "data": {
                "conference": f"{slug}@conference.{self.app_id}.8x8.vc",
                "isBreakout": False,
                **data,
            },
        }

    async def send(
        self,
        told: Told | bytes,
        *,
        secret: str = "",
        seconds_ago: int = 0,
        kind: str = JSON,
    ) -> httpx.Response:
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        moment = int(time.time()) - seconds_ago
        made = signature(secret or self.secret, moment, body)
        return await self.send_as(body, f"t={moment},v1={made}", kind=kind)

    async def send_as(
        self, body: bytes, header: str | None, *, kind: str = JSON
    ) -> httpx.Response:
        signed = {"x-jaas-signature": header} if header is not None else {}
        return await self.client.post(
            "/jaas/events", content=body, headers={"content-type": kind, **signed}
        )


def of_anna(ref: str, device: str = "1a2b3c4d") -> Told:
    """What is told about a person: more than we want to know."""
    return {
        "moderator": False,
        "name": "Anna Wintermantel",
        "email": "anna@example.org",
        "group": "town",
        "avatar": "https://example.org/anna.png",
        "id": ref,
        "participantId": device,
        "participantJid": "5f7ec5ee-0000-4000-8000-000000000000@8x8.vc",
    }
