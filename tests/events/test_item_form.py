"""The form of a programme item: everything that is wrong, in one answer."""

import re

import httpx
import pytest
from tests.people import an_event, olga_signed_in

Typed = dict[str, str]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"ends_at": "30 February"}, ["title", "starts_at", "ends_at"]),
        ({"title_de": "  ", "starts_at": "soon"}, ["title", "starts_at", "ends_at"]),
        ({"title_de": "Ankommen"}, ["starts_at", "ends_at"]),
        (
            {"starts_at": "2026-01-01T10:00", "ends_at": "2026-01-01T11:00"},
            ["title", "starts_at"],
        ),
    ],
    ids=["nothing right", "blank title", "no times", "outside the event"],
)
async def test_all_that_is_wrong_with_an_item_is_said_at_once(
    client: httpx.AsyncClient, typed: Typed, wrong: list[str]
) -> None:
    event = await an_event(await olga_signed_in(client))

    answer = await client.post(f"/desk/events/{event.id}/programme", data=typed)

    said = re.findall(r'id="(\w+)-fault"', answer.text)
    assert (answer.status_code, said) == (422, wrong)
