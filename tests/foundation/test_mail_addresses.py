"""Bad inputs B02-B08: which addresses are taken, and who is the same person."""

import pytest
from pydantic import TypeAdapter, ValidationError

from werkraum_foundation.faults import faults_of
from werkraum_foundation.mail_addresses import MailAddress, normalised

ADDRESS: TypeAdapter[str] = TypeAdapter(MailAddress)

TAKEN = {
    "plain": ("anna@example.org", "anna@example.org"),
    "B04 spaces": (" a@x.org ", "a@x.org"),
    "B04 no-break space": ("\u00a0a@x.org\u00a0", "a@x.org"),
    "B05 upper case": ("Anna@X.ORG", "Anna@x.org"),
    "B06 plus tag": ("a+tag@x.org", "a+tag@x.org"),
    "B07 64 before the @": ("a" * 64 + "@x.org", "a" * 64 + "@x.org"),
    "B08 umlaut domain": ("a@müller.de", "a@xn--mller-kva.de"),
    "B08 Cyrillic domain": ("a@аррӏе.com", "a@xn--80ak6aa92e.com"),
    "B08 punycode": ("a@xn--80ak6aa92e.com", "a@xn--80ak6aa92e.com"),
    "B08 full width": ("ａ＠x.org", "a@x.org"),
    "town": ("o'brien_1@stadt.neuss.example", "o'brien_1@stadt.neuss.example"),
}


@pytest.mark.parametrize(("typed", "kept"), TAKEN.values(), ids=TAKEN)
def test_an_address_is_taken(typed: str, kept: str) -> None:
    assert ADDRESS.validate_python(typed) == kept


REFUSED = {
    "empty": ("", "missing"),
    "spaces": ("  ", "missing"),
    "B02 no dot": ("a@b", "mail_address"),
    "B02 localhost": ("a@localhost", "mail_address"),
    "B02 number": ("a@127.0.0.1", "mail_address"),
    "B02 bracketed number": ("a@[127.0.0.1]", "mail_address"),
    "B03 header": ("a@b.c\r\nBcc: x@y", "unprintable"),
    "B03 two": ("a@x.org,b@x.org", "mail_address"),
    "B03 two, full-width comma": ("a@x.org，b@x.org", "mail_address"),
    "B03 angles": ("<a@x.org>", "mail_address"),
    "B03 display name": ("Anna <a@x.org>", "mail_address"),
    "B03 quoted": ('"a b"@x.org', "mail_address"),
    "B03 comment": ("a(b)@x.org", "mail_address"),
    "B04 zero width": ("a@x.org\u200b", "unprintable"),
    "B07 65 before the @": ("a" * 65 + "@x.org", "mail_address"),
    "B07 255 altogether": ("a@" + ("b" * 62 + ".") * 4 + "c", "mail_address"),
    "B07 1 MB": ("a" * 1_000_000 + "@x.org", "too_long"),
    "B08 umlaut before the @": ("jürgen@x.org", "mail_address_letters"),
    "B08 Cyrillic before the @": ("а@x.org", "mail_address_letters"),
    "B10 NUL": ("a\x00@x.org", "unprintable"),
    "B11 surrogate": ("a\ud800@x.org", "unprintable"),
    "B12 override": ("a\u202e@x.org", "unprintable"),
    "B39 number": (5, "wrong_type"),
    "B39 list": (["a@x.org"], "wrong_type"),
    "no @": ("anna", "mail_address"),
    "two @": ("a@b@x.org", "mail_address"),
    "encoded": ("a@x%2eorg", "mail_address"),
}


@pytest.mark.parametrize(("typed", "code"), REFUSED.values(), ids=REFUSED)
def test_an_address_is_refused(typed: object, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ADDRESS.validate_python(typed)
    (fault,) = faults_of(refused.value)
    assert fault.code == code


SAME = {
    "B05 case": ("A@X.ORG", "a@x.org"),
    "B08 both spellings": ("a@аррӏе.com", "A@XN--80AK6AA92E.com"),
    "B08 full width": ("ａ@x.org", "a@x.org"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_two_spellings_are_one_person(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


def test_a_plus_tag_is_an_address_of_its_own() -> None:
    assert normalised("a+tag@x.org") != normalised("a@x.org")


def test_a_domain_that_only_looks_the_same_is_somebody_else() -> None:
    assert normalised("a@аррӏе.com") != normalised("a@apple.com")
