"""What an installation may decide, read once from the environment.

`docs/settings.md` explains each setting; a test holds the two together. Faults
are named all at once, before anything is opened.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import localedata

from werkraum_foundation.environment import BadSettings, SettingFault, Variables
from werkraum_foundation.mailboxes import Mailbox
from werkraum_foundation.secret_strength import own_secret
from werkraum_foundation.setting_addresses import (
    database_url,
    file_of,
    redis_url,
    web_origin,
)
from werkraum_foundation.setting_imap import ImapMailbox, gateway_token, imap_mailbox
from werkraum_foundation.setting_mail import SmtpServer, mail_from, smtp_server
from werkraum_foundation.setting_rooms import (
    RoomServer,
    calls_url,
    meeting_hosts,
    room_servers,
)

__all__ = [
    "BadSettings",
    "Environment",
    "ImapMailbox",
    "SettingFault",
    "Settings",
    "SmtpServer",
    "settings",
]


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


@dataclass(frozen=True)
class Settings:
    """The settings of this process. What is secret stays out of the repr."""

    env: Environment
    base_url: str
    secret_key: bytes = field(repr=False)
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    smtp: SmtpServer | None
    mail_from: Mailbox
    imap: ImapMailbox | None
    mail_gateway_token: str | None = field(repr=False)
    timezone: ZoneInfo
    languages: tuple[str, ...]
    data_dir: Path
    limits: bool
    room_servers: tuple[RoomServer, ...]
    calls_url: str
    meeting_hosts: tuple[str, ...]

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Read and check everything; raises BadSettings with all that is wrong.

        In development it makes a secret under the data folder the first time.
        """
        given = Variables(environ)
        given.refuse_unknown()
        env = _env(given)
        strict = env is Environment.PRODUCTION
        data_dir = Path(given.text("WERKRAUM_DATA_DIR")).absolute()
        base_url = _base_url(given, strict)
        smtp = smtp_server(given, strict)
        found = cls(
            env=env,
            base_url=base_url,
            secret_key=_secret_key(given, strict, data_dir).encode(),
            database_url=database_url(given, data_dir),
            redis_url=redis_url(given, strict),
            smtp=smtp,
            mail_from=mail_from(given, base_url, needed=strict and smtp is not None),
            imap=imap_mailbox(given, strict),
            mail_gateway_token=gateway_token(given, strict),
            timezone=_timezone(given),
            languages=_languages(given),
            data_dir=data_dir,
            limits=_limits(given, strict),
            room_servers=room_servers(given, strict),
            calls_url=calls_url(given, base_url),
            meeting_hosts=meeting_hosts(given),
        )
        if given.faults:
            raise BadSettings(given.faults)
        return found

    @property
    def secure(self) -> bool:
        """Browsers reach us by https: cookies say Secure, HSTS is sent."""
        return self.base_url.startswith("https:")

    @property
    def host(self) -> str:
        """The Host header that belongs to us, with the port unless it is usual."""
        return urlsplit(self.base_url).netloc

    @property
    def mail_domain(self) -> str:
        """What stands behind the @ of every address and Message-ID we make."""
        return self.mail_from.domain

    @property
    def takes_mail(self) -> bool:
        """Mail to the addresses we make reaches us."""
        return self.imap is not None or self.mail_gateway_token is not None

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite:")

    @property
    def sqlite_path(self) -> Path:
        """The database file, absolute; only where `sqlite` is true."""
        return file_of(self.database_url)


@cache
def settings() -> Settings:
    """The settings of this process, read once from its environment."""
    return Settings.read(os.environ)


def _env(given: Variables) -> Environment:
    written = given.text("WERKRAUM_ENV")
    if written not in list(Environment):
        given.fault("WERKRAUM_ENV", "is either development or production.")
        # Whoever wrote something meant something: hold them to the stricter one.
        return Environment.PRODUCTION
    return Environment(written)


def _secret_key(given: Variables, strict: bool, data_dir: Path) -> str:
    name = "WERKRAUM_SECRET_KEY"
    secret = given.secret(name)
    if secret or given.blames(name):
        if strict:
            given.refuse_weak(name, secret)
        return secret
    if strict:
        given.fault(
            name,
            "is missing. Make one with "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'.",
        )
        return ""
    try:
        return own_secret(data_dir)
    except (OSError, ValueError) as trouble:
        given.fault(
            "WERKRAUM_DATA_DIR",
            f"cannot hold the secret made for development: {trouble}.",
        )
        return ""


def _base_url(given: Variables, strict: bool) -> str:
    name = "WERKRAUM_BASE_URL"
    if strict and not given.has(name):
        given.fault(name, "is missing. It is the address people type: https://….")
        return ""
    return web_origin(given, name, given.text(name), strict)


def _timezone(given: Variables) -> ZoneInfo:
    if not _zones_are_right():
        given.fault(
            "WERKRAUM_TIMEZONE",
            "cannot be honoured: the time zone database of this machine is broken.",
        )
    name = given.text("WERKRAUM_TIMEZONE")
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        # ZoneInfoNotFoundError is a KeyError; a folder ("Europe") an OSError.
        given.fault("WERKRAUM_TIMEZONE", "is no time zone such as Europe/Berlin.")
        return ZoneInfo("UTC")


def _zones_are_right() -> bool:
    """Ask for what is known: Berlin is one hour ahead in January, two in July."""
    try:
        berlin = ZoneInfo("Europe/Berlin")
    except (OSError, ValueError, LookupError):
        return False
    return [
        datetime(2026, month, 1, tzinfo=berlin).utcoffset() for month in (1, 7)
    ] == [timedelta(hours=1), timedelta(hours=2)]


def _languages(given: Variables) -> tuple[str, ...]:
    name = "WERKRAUM_LANGUAGES"
    codes = [code.strip() for code in given.text(name).split(",")]
    for code in codes:
        if not re.fullmatch("[a-z]{2,3}", code) or not localedata.exists(code):
            given.fault(name, f"names “{code}”, which is no language; de is one.")
    return tuple(dict.fromkeys(codes))


def _limits(given: Variables, strict: bool) -> bool:
    name = "WERKRAUM_LIMITS"
    written = given.text(name)
    if written not in ("on", "off"):
        given.fault(name, "is either on or off.")
    elif strict and written == "off":
        given.fault(name, "must be on in production; off is for load tests.")
    return written != "off"
