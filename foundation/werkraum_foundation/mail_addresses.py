"""E-mail addresses: what we accept, and when two of them are one person."""

import unicodedata
from functools import lru_cache
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError, PydanticKnownError

# The longest possible address (RFC 3696, erratum 1690).
MAX_LENGTH = 254


# One request reads the same address several times.
@lru_cache(maxsize=1000)
def mail_address(typed: str) -> str:
    """Return the address in the form that every mail server takes.

    Full-width letters are folded (NFKC), a domain with other letters becomes
    punycode; upper case and plus tags before the @ are kept. Nobody is asked
    whether the domain exists. Refused: more than one address, display names,
    quotes, comments, IP addresses, names without a dot, more than 64 characters
    before the @ (RFC 5321 4.5.3.1.1), letters outside ASCII before the @, since
    SMTPUTF8 (RFC 6531) cannot be relied on along the way.
    """
    if len(typed) > 2 * MAX_LENGTH:
        raise PydanticKnownError("string_too_long", {"max_length": MAX_LENGTH})
    address = unicodedata.normalize("NFKC", typed).strip(" ")
    if not address:
        raise PydanticKnownError("missing")
    if any(unicodedata.category(character)[0] == "C" for character in address):
        raise PydanticKnownError("string_unicode")
    if not address.partition("@")[0].isascii():
        raise PydanticCustomError(
            "mail_address_letters",
            "Only letters without accents are possible before the @ sign. "
            "Please use another address.",
        )
    return _deliverable(address)


def _deliverable(address: str) -> str:
    try:
        read = validate_email(
            address, check_deliverability=False, strict=True, allow_smtputf8=False
        )
    # The library's sentence repeats what was typed, and is English only.
    except EmailNotValidError:
        read = None
    if read is None or read.ascii_email is None:
        raise PydanticCustomError(
            "mail_address",
            "Please enter one complete e-mail address, such as name@example.org.",
        )
    return read.ascii_email


MailAddress = Annotated[str, AfterValidator(mail_address)]


def normalised(address: str) -> str:
    """Return what is the same for all spellings of one person's address.

    Upper and lower case are one, and both spellings of a domain; plus tags tell
    people apart. For comparing and unique columns only: letters go to the
    address as typed. Raises as `mail_address` does.
    """
    return mail_address(address).casefold()
