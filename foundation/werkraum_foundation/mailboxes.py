"""A mail address with the name in front of it, safe in mail and in calendars."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from urllib.parse import quote

from email_validator import EmailNotValidError, validate_email

from werkraum_foundation.plain_text import one_line

# Python 3.11 folds a longer name in quotes so that its commas part it into several
# addresses (CPython gh-100884): one To would become two.
LONGEST_NAME = 60


@dataclass(frozen=True)
class Mailbox:
    """One address; its domain becomes punycode, its name one line of 60 characters.

    Refuses with ValueError what is not exactly one address: lists, line breaks,
    quotes, comments, letters outside ASCII before the @ (SMTPUTF8 is not relied on).
    Test domains are possible here; what a form takes is decided by `mail_addresses`.
    """

    address: str = field(repr=False)
    name: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", _ascii(self.address))
        object.__setattr__(self, "name", _shortened(one_line(self.name)))

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    @property
    def mailto(self) -> str:
        """Write the address as a URI (RFC 6068 2)."""
        local, _, domain = self.address.rpartition("@")
        return "mailto:" + quote(local, safe="!$'*+") + "@" + domain

    def header(self) -> Address:
        return Address(self.name, addr_spec=self.address)


def _ascii(address: str) -> str:
    try:
        read = validate_email(
            address,
            check_deliverability=False,
            allow_smtputf8=False,
            test_environment=True,
        )
    # The library's sentence repeats the address, and errors end in the log.
    except EmailNotValidError:
        read = None
    if read is None or read.ascii_email is None:
        raise ValueError("this is not one mail address")
    return read.ascii_email


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    return name[: LONGEST_NAME - 1].rstrip() + "…"
