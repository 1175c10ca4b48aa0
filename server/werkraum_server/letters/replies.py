"""The letter that tells what became of what somebody said."""

from dataclasses import replace

from werkraum_feedback.follow_up.replies import WRITABLE
from werkraum_feedback.follow_up_models import Reply, ReplyState
from werkraum_foundation.language import in_language, pick
from werkraum_foundation.letters import OrganiserText, deliver, message_id
from werkraum_foundation.models import Texts
from werkraum_foundation.outbox import job
from werkraum_server.letters.recipients import letter_to, recipient


@job("letter:reply")
async def tell_what_became(reply_id: str, registration_id: str) -> None:
    """Tell somebody what was done, once, under the same name at every try."""
    found = Reply.filter(id=reply_id, state=ReplyState.SENT)
    reply = await found.select_related("theme").first()
    to = await recipient(registration_id, *WRITABLE)
    if reply is None or to is None:
        return
    with in_language(to.language):
        theme = OrganiserText(pick(reply.theme.name)[0])
        said, did = _paragraphs(reply.said), _paragraphs(reply.did)
    letter = letter_to(to, "reply", theme=theme, said=said, did=did)
    name = message_id(f"{reply.id}.{to.id}")
    await deliver(replace(letter, message_id=name))


def _paragraphs(texts: Texts) -> list[OrganiserText]:
    text = pick(texts)[0]
    return [OrganiserText(it.strip()) for it in text.split("\n\n") if it.strip()]
