"""Addresses of other sites."""

import pytest
from pydantic import TypeAdapter, ValidationError

from werkraum_foundation.web_addresses import WebAddress

address = TypeAdapter(WebAddress)


@pytest.mark.parametrize(
    "typed",
    ["https://meet.example.org/r", "https://example.org:8443/a?b=c#d"],
)
def test_an_https_address_is_taken_as_it_is(typed: str) -> None:
    assert address.validate_python(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "http://example.org",
        "https://user:pw@example.org",
        "https://",
        "https://exa mple.org",
        "https://example.org:99999",
        "https://[::1",
        "//example.org",
        "https://example.org/" + "a" * 500,
        "https://example.org/\nx",
    ],
    ids=range(10),
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="https://"):
        address.validate_python(typed)
