"""The team of an organiser and the keys of its programs, at the desk."""

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock, people
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import OWNER, READER
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.mail_addresses import MailAddress
from werkraum_foundation.models import Role
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.people import NewKey
from werkraum_foundation.plain_text import PersonName
from werkraum_foundation.settings import settings
from werkraum_foundation.sign_in import work_for
from werkraum_server.desk.own_events import own_footer
from werkraum_server.desk.returned import returned_of


class NewMember(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: PersonName
    email: MailAddress
    role: Role


class NewRole(BaseModel):
    model_config = ConfigDict(extra="forbid")
    role: Role


async def show_team(request: Request) -> Response:
    form = Form[NewMember].showing({"role": Role.MANAGER.value})
    return await _page(request, form)


async def _page(
    request: Request,
    form: Form[NewMember],
    *,
    made: NewKey | None = None,
    status: int = 200,
) -> Response:
    grant = granted(request)
    members = await people.members_of(grant.organiser_id)
    return page(
        request,
        "desk/team.html",
        status=status,
        form=form,
        members=members,
        timezone=settings().timezone.key,
        returned=await returned_of(
            grant.organiser_id, {member.person_id: None for member in members}
        ),
        keys=await people.keys_of(grant.organiser_id, now=clock.now()),
        made=made,
        is_owner=grant.role is Role.OWNER,
        me=grant.person.id if grant.person else None,
        organiser=await own_footer(request),
    )


async def add_member(request: Request) -> Response:
    grant = granted(request)
    form = await read_form(request, NewMember)
    if form.value is None:
        return await _page(request, form, status=422)
    await people.add_member(
        grant.organiser_id,
        form.value.name,
        form.value.email,
        form.value.role,
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:team")


async def change_role(request: Request) -> Response:
    grant = granted(request)
    form = await read_form(request, NewRole)
    if form.value is None:
        raise InvalidInput(form.faults)
    await people.change_role(
        grant.organiser_id,
        path_id(request),
        form.value.role,
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:team")


async def remove_member(request: Request) -> Response:
    grant = granted(request)
    await people.remove_member(
        grant.organiser_id, path_id(request), actor=grant.actor, now=clock.now()
    )
    return see_other(request, "desk:team")


async def make_key(request: Request) -> Response:
    """Show a new key, this once; so the answer is a page and no redirect."""
    grant = granted(request)
    made = await people.make_api_key(
        grant.organiser_id, actor=grant.actor, now=clock.now()
    )
    form = Form[NewMember].showing({"role": Role.MANAGER.value})
    return await _page(request, form, made=made)


async def revoke_key(request: Request) -> Response:
    grant = granted(request)
    await people.revoke_api_key(
        grant.organiser_id, path_id(request), actor=grant.actor, now=clock.now()
    )
    return see_other(request, "desk:team")


async def work_for_another(request: Request) -> Response:
    """Go on for another organiser the person belongs to."""
    grant = granted(request)
    assert grant.person and grant.sign_in_id
    await work_for(grant.sign_in_id, grant.person.id, path_id(request))
    return see_other(request, "desk:home")


TEAM = "/desk/organiser/team"

routes = [
    route(TEAM, show_team, access=READER, name="desk:team"),
    route(TEAM, add_member, access=OWNER, name="desk:add_member", methods=["POST"]),
    route(
        TEAM + "/{id}/role",
        change_role,
        access=OWNER,
        name="desk:change_role",
        methods=["POST"],
    ),
    route(
        TEAM + "/{id}/remove",
        remove_member,
        access=OWNER,
        name="desk:remove_member",
        methods=["POST"],
    ),
    route(
        "/desk/organiser/keys",
        make_key,
        access=OWNER,
        name="desk:make_key",
        methods=["POST"],
    ),
    route(
        "/desk/organiser/keys/{id}/revoke",
        revoke_key,
        access=OWNER,
        name="desk:revoke_key",
        methods=["POST"],
    ),
    route(
        "/desk/work-for/{id}",
        work_for_another,
        access=READER,
        name="desk:work_for",
        methods=["POST"],
    ),
]
