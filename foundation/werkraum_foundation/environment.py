"""The variables a setting is read from, and everything found wrong on the way."""

import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from werkraum_foundation.secret_strength import weakness

PREFIX = "WERKRAUM_"
# Read by the tests alone; a program they start inherits them.
TEST_PREFIX = "WERKRAUM_TEST_"

# Every setting and what it is when nobody says anything ("" = nothing).
DEFAULTS = {
    "WERKRAUM_ENV": "development",
    "WERKRAUM_BASE_URL": "http://127.0.0.1:8000",
    "WERKRAUM_SECRET_KEY": "",
    "WERKRAUM_DATA_DIR": "var",
    "WERKRAUM_DATABASE_URL": "",
    "WERKRAUM_REDIS_URL": "",
    "WERKRAUM_SMTP_URL": "",
    "WERKRAUM_MAIL_FROM": "",
    "WERKRAUM_IMAP_URL": "",
    "WERKRAUM_MAIL_GATEWAY_TOKEN": "",
    "WERKRAUM_TIMEZONE": "Europe/Berlin",
    "WERKRAUM_LANGUAGES": "de,en",
    "WERKRAUM_LIMITS": "on",
    "WERKRAUM_JITSI_URL": "",
    "WERKRAUM_JITSI_APP_ID": "",
    "WERKRAUM_JITSI_APP_SECRET": "",
    "WERKRAUM_JITSI_PRIVATE_KEY": "",
    "WERKRAUM_JITSI_API_TOKEN": "",
    "WERKRAUM_JITSI_DOMAIN": "",
    "WERKRAUM_JITSI_INTERNAL_URL": "",
    "WERKRAUM_JITSI_SYSTEM_KEY": "",
    "WERKRAUM_JITSI_CALLS_URL": "",
    "WERKRAUM_ROOM_SERVERS": "",
    "WERKRAUM_MEETING_HOSTS": "",
}
# These may come from a file: WERKRAUM_SECRET_KEY_FILE and so on.
SECRETS = (
    "WERKRAUM_SECRET_KEY",
    "WERKRAUM_DATABASE_URL",
    "WERKRAUM_REDIS_URL",
    "WERKRAUM_SMTP_URL",
    "WERKRAUM_IMAP_URL",
    "WERKRAUM_MAIL_GATEWAY_TOKEN",
    "WERKRAUM_JITSI_APP_SECRET",
    "WERKRAUM_JITSI_PRIVATE_KEY",
    "WERKRAUM_JITSI_API_TOKEN",
    "WERKRAUM_JITSI_SYSTEM_KEY",
    "WERKRAUM_ROOM_SERVERS",
)


@dataclass(frozen=True)
class SettingFault:
    """What is wrong with a setting, in a sentence that repeats no secret."""

    name: str
    sentence: str


class BadSettings(Exception):
    """The program must not start; names every fault at once."""

    def __init__(self, faults: list[SettingFault]) -> None:
        self.faults = faults
        lines = [f"  {fault.name}: {fault.sentence}" for fault in faults]
        super().__init__("\n".join(["The settings are not right:", *lines]))


class Variables:
    """Settings as somebody wrote them. An empty one counts as not given.

    Nothing here raises: faults are collected, so that one start names them all.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.faults: list[SettingFault] = []

    def fault(self, name: str, sentence: str) -> None:
        self.faults.append(SettingFault(name, sentence))

    def blames(self, name: str) -> bool:
        """Tell whether this setting, or the file it comes from, has a fault."""
        return any(f.name in (name, f"{name}_FILE") for f in self.faults)

    def has(self, name: str) -> bool:
        return bool(self._environ.get(name, "").strip(" "))

    def text(self, name: str) -> str:
        """Read one line of text; the default where it is missing or broken."""
        default = DEFAULTS.get(name, "")
        value = self._environ.get(name, "").strip(" ")
        if _is_no_line(value):
            self.fault(name, "holds a line break or another invisible character.")
            return default
        return value or default

    def secret(self, name: str, *, lines: bool = False) -> str:
        """Read a secret from the variable or the file that `NAME_FILE` names.

        `lines` allows line breaks, as a key in PEM form has them.
        """
        path = self.text(f"{name}_FILE")
        if not path:
            value = self._environ.get(name, "").strip()
        elif self.has(name):
            self.fault(name, f"is given twice: here and as {name}_FILE. Keep one.")
            return ""
        else:
            value = self._file(f"{name}_FILE", path)
        if _is_no_line(value.replace("\r", "").replace("\n", "") if lines else value):
            self.fault(name, "holds a line break or another invisible character.")
            return ""
        return value

    def _file(self, name: str, path: str) -> str:
        try:
            value = Path(path).read_text("utf-8").strip()
        except (OSError, ValueError) as trouble:
            reason = getattr(trouble, "strerror", None) or "it is not UTF-8 text"
            self.fault(name, f"cannot be read from {path}: {reason}.")
            return ""
        if not value:
            self.fault(name, f"points to {path}, and that file is empty.")
        return value

    def refuse_weak(self, name: str, secret: str) -> None:
        if secret and (reason := weakness(secret)):
            self.fault(name, reason)

    def refuse_unknown(self) -> None:
        """Name what nobody reads: a misspelt setting is a setting that is missing."""
        known = [*DEFAULTS, *(f"{name}_FILE" for name in SECRETS)]
        for name in sorted(self._environ):
            if not name.startswith(PREFIX) or name.startswith(TEST_PREFIX):
                continue
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f" Did you mean {near[0]}?" if near else ""
                self.fault(name, f"is not a setting of Werkraum.{hint}")


def _is_no_line(value: str) -> bool:
    """Tell control characters, and bytes that were no UTF-8 (surrogates)."""
    return any(unicodedata.category(character) in ("Cc", "Cs") for character in value)
