"""Where people come from, as organisers see it."""

import httpx
from tests.people import an_event, olga_signed_in, otto_signed_in
from tests.registration.people_by_hand import takes_part

from werkraum_foundation import clock
from werkraum_registration import organisations
from werkraum_registration.models import OrganisationKind


async def test_olga_sees_small_numbers_and_otto_none(client: httpx.AsyncClient) -> None:
    event = await an_event(await olga_signed_in(client))
    path = f"/desk/events/{event.id}/headcount"
    assert "Nobody has named an organisation." in (await client.get(path)).text
    school = await organisations.typed(
        event.organiser_id,
        "Gymnasium",
        kind=OrganisationKind.SCHOOL,
        now=clock.now(),
    )
    await takes_part(event, seats=24, organisation_id=school)
    shown = (await client.get(path)).text
    assert "School" in shown and ">24<" in shown
    assert "People who were there" not in shown
    listed = await client.get(f"/desk/events/{event.id}/registrations")
    assert path in listed.text
    client.cookies.clear()
    await otto_signed_in(client)
    assert (await client.get(path)).status_code == 404
