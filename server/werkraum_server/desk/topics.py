"""Topics at the desk: which there are, and what each is called in each language."""

from functools import cache

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events import topics
from werkraum_events.models import Topic
from werkraum_events.queries import events_with_topic, topics_of_organiser
from werkraum_events.wishes import Title
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.models import Texts
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_server.desk.own_events import own_footer
from werkraum_server.desk.text_fields import texts_of, typed_texts, with_texts


class TopicFields(BaseModel):
    """The name, in each language."""

    model_config = ConfigDict(extra="forbid")

    @property
    def name(self) -> Texts:
        return texts_of(self, "name")


TopicForm = Form[TopicFields]


@cache
def topic_model() -> type[TopicFields]:
    return with_texts(TopicFields, {"name": Title})


async def list_topics(request: Request) -> Response:
    organiser_id = granted(request).organiser_id
    return page(
        request,
        "desk/topics.html",
        topics=await topics_of_organiser(organiser_id),
        organiser=await own_footer(request),
    )


async def show_topic(request: Request) -> Response:
    topic = await _own(request)
    form = TopicForm.showing(typed_texts("name", topic.name))
    return await _page(request, topic, form)


async def rename(request: Request) -> Response:
    grant, topic = granted(request), await _own(request)
    form: TopicForm = await read_form(request, topic_model())
    if form.value is None:
        return await _page(request, topic, form, status=422)
    try:
        await topics.rename(
            grant.organiser_id,
            topic.id,
            form.value.name,
            actor=grant.actor,
            now=clock.now(),
        )
    except InvalidInput as refusal:
        again = TopicForm(form.typed, refusal.faults)
        return await _page(request, topic, again, status=422)
    return see_other(request, "desk:topics")


async def _own(request: Request) -> Topic:
    organiser_id = granted(request).organiser_id
    return await topics.topic_of(organiser_id, path_id(request, "topic"))


async def _page(
    request: Request, topic: Topic, form: TopicForm, status: int = 200
) -> Response:
    return page(
        request,
        "desk/topic.html",
        status=status,
        topic=topic,
        form=form,
        events=await events_with_topic(topic.id),
        organiser=await own_footer(request),
    )


ALL = "/desk/topics"
ONE = ALL + "/{topic}"
routes = [
    route(ALL, list_topics, access=READER, name="desk:topics"),
    route(ONE, show_topic, access=READER, name="desk:topic"),
    route(ONE, rename, access=MANAGER, name="desk:rename_topic", methods=["POST"]),
]
