"""What a page of the desk is about: one's own organiser, one's own event."""

from starlette.requests import Request

from werkraum_events import queries
from werkraum_events.models import Event
from werkraum_foundation.access import granted
from werkraum_foundation.footers import Footer, footer_of
from werkraum_foundation.models import Organiser
from werkraum_foundation.path_ids import path_id


async def own_event(request: Request) -> Event:
    """Find the event named in the path among the organiser's, or raise `NotFound`."""
    return await queries.event_of(granted(request).organiser_id, path_id(request))


async def own_footer(request: Request) -> Footer:
    """Say who works at this desk; one query."""
    return footer_of(await Organiser.get(id=granted(request).organiser_id))
