"""When a draft opens by itself, at the desk."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.asking import planned, queries, rules
from werkraum_feedback.asking.plan_form import (
    AN_HOUR,
    PlanFields,
    plan_model,
    typed_plan,
)
from werkraum_feedback.asking.round_pages import home_of, own_round, round_page
from werkraum_feedback.models import Round
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER
from werkraum_foundation.faults import Fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext


async def show_plan(request: Request) -> Response:
    draft = await own_round(request)
    rules.must_be_draft(draft)
    end = await planned.end_of(draft)
    return _plan_page(request, draft, Form(typed_plan(draft, end)), end)


async def save_plan(request: Request) -> Response:
    draft, grant, now = await own_round(request), granted(request), clock.now()
    rules.must_be_draft(draft)
    end = await planned.end_of(draft)
    form = await read_form(request, plan_model(queries.timezone_of(draft)))
    if form.value is None:
        return _plan_page(request, draft, form, end, status=422)
    wish = form.value.wish(end)
    if wish.opens_at and wish.opens_at <= now:
        field = "at" if form.value.at else "when"
        fault = Fault(field, "past", gettext("This time is over already."))
        again = Form[PlanFields](form.typed, (fault,))
        return _plan_page(request, draft, again, end, status=422)
    await planned.plan(grant.organiser_id, draft.id, wish, actor=grant.actor, now=now)
    return home_of(draft, "planned" if wish.opens_at else "unplanned")


def _plan_page(
    request: Request,
    draft: Round,
    form: Form[PlanFields],
    end: datetime | None,
    status: int = 200,
) -> Response:
    return round_page(
        request,
        draft,
        "feedback/plan.html",
        status=status,
        form=form,
        end=end,
        afterwards=end + AN_HOUR if end else None,
    )


ROUND = "/desk/rounds/{id:uuid}"

routes = [
    route(f"{ROUND}/plan", show_plan, access=MANAGER, name="desk:round_plan"),
    route(
        f"{ROUND}/plan",
        save_plan,
        access=MANAGER,
        name="desk:save_round_plan",
        methods=["POST"],
    ),
]
