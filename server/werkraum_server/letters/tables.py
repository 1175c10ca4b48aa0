"""The letter about a breakout table somebody did not choose themselves."""

from uuid import UUID

from werkraum_foundation import clock
from werkraum_foundation.language import in_language, pick
from werkraum_foundation.letters import Link, OrganiserText, deliver
from werkraum_foundation.outbox import job
from werkraum_registration.links import personal_token
from werkraum_registration.models import State
from werkraum_rooms.tables import table_queries, table_rules
from werkraum_server.letters.recipients import is_ahead, letter_to, recipient
from werkraum_server.table_guests import may_sit


@job("letter:table", keeps=["before"])
async def table(registration_id: str, before: str | None) -> None:
    """Tell somebody at which table they sit now, or that they have none any more.

    Not where it is as it was, where they agree by now, and not when it is over.
    """
    to, now = await recipient(registration_id, State.CONFIRMED), clock.now()
    if to is None or not may_sit(to) or not is_ahead(to.event, now):
        return
    place = await table_queries.place_of(to.id)
    plan = await table_queries.plan_of(to.event_id)
    times = table_rules.times_of(plan, to.event)
    if now >= times.ends_at or (place and place.chosen):
        return
    if (place.table_id if place else None) == (UUID(before) if before else None):
        return
    with in_language(to.language):
        title = OrganiserText(pick(place.table.title)[0]) if place else None
        page = Link.to("personal:tables", token=personal_token(to))
    letter = letter_to(
        to,
        "table",
        table=title,
        times=times,
        chosen=plan is None or plan.chosen,
        page=page,
    )
    await deliver(letter)
