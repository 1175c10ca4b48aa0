"""All routes of the program, and the order in which they are tried."""

from starlette.routing import BaseRoute

from werkraum_feedback import desk_pages as feedback_desk
from werkraum_feedback import pages as feedback
from werkraum_feedback import result_pages
from werkraum_rooms import keys
from werkraum_server import health, own_command, static_files
from werkraum_server.api import endpoints, openapi
from werkraum_server.desk import (
    check_in,
    check_in_code,
    check_in_sheets,
    check_in_sync,
    event_editing,
    failed_jobs,
    form_preview,
    guests,
    hall,
    home,
    on_behalf,
    needs,
    organisation_doubles,
    organisations,
    organiser,
    questions,
    registrations,
    reminders,
    room,
    series,
    sessions,
    sign_in,
    team,
    terms,
    walk_ins,
)
from werkraum_server.desk import consents as desk_consents
from werkraum_server.desk import events as desk_events
from werkraum_server.public import (
    address_pages,
    calendar_pages,
    change_page,
    confirm_page,
    consents,
    data_pages,
    door,
    entrance_code,
    event_page,
    feeds,
    guest_page,
    here,
    legal,
    links_page,
    personal_deeds,
    personal_page,
    programme,
    register,
    series_page,
    sitemap,
)


def all_routes() -> list[BaseRoute]:
    """List every address we answer; each route says who may call it."""
    return [
        # First what many ask for: routes are tried one after the other.
        *event_page.routes,
        *register.routes,
        *confirm_page.routes,
        *personal_page.routes,
        *personal_deeds.routes,
        *change_page.routes,
        *address_pages.routes,
        *data_pages.routes,
        *consents.routes,
        *door.routes,
        *here.routes,
        *entrance_code.routes,
        *feedback.routes,
        *calendar_pages.routes,
        *programme.routes,
        *series_page.routes,
        *guest_page.routes,
        *static_files.routes,
        *links_page.routes,
        *feeds.routes,
        *legal.routes,
        *sitemap.routes,
        *endpoints.routes,
        *openapi.routes,
        *health.routes,
        *own_command.routes,
        *keys.routes,
        *sign_in.routes,
        *home.routes,
        # Before the pages of an event: one of its words could be an event's id.
        *check_in_sync.routes,
        *event_editing.routes,
        *desk_events.routes,
        *sessions.routes,
        *terms.routes,
        *guests.routes,
        *series.routes,
        *questions.routes,
        *form_preview.routes,
        *needs.routes,
        *on_behalf.routes,
        *registrations.routes,
        *reminders.routes,
        *desk_consents.routes,
        *room.routes,
        # First: "doubles" and "merge" stand where the other has an id.
        *organisation_doubles.routes,
        *organisations.routes,
        *organiser.routes,
        *team.routes,
        *check_in.routes,
        *check_in_code.routes,
        *check_in_sheets.routes,
        *hall.routes,
        *walk_ins.routes,
        *failed_jobs.routes,
        *feedback_desk.routes,
        *result_pages.routes,
    ]
